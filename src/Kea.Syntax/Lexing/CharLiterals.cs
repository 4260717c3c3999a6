using System.Globalization;

namespace Kea.Syntax;

/// <summary>Where character literals end and what they stand for (1.10).</summary>
internal static class CharLiterals
{
    /// <summary>The offset after the closing quote, or -1 when no literal stands at <paramref name="start"/>.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        var at = start + 1;
        if (at >= text.Length || text[at] is '\'' or '\n') return -1;
        if (text[at] == '\\') return EscapeEnd(text, at + 1);
        at += char.IsHighSurrogate(text[at]) ? 2 : 1;
        return at < text.Length && text[at] == '\'' ? at + 1 : -1;
    }

    /// <summary>An escape may be wrong; it still ends at the next quote on the line.</summary>
    private static int EscapeEnd(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || text[at] == '\n') return -1;
        for (at++; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == '\'') return at + 1;
            if (!char.IsAsciiLetterOrDigit(text[at]) && text[at] is not ('{' or '}' or '_' or '-' or '+')) return -1;
        }
        return -1;
    }

    /// <summary>The value of a whole literal with its quotes; a fault says what is wrong with it.</summary>
    public static int Decode(ReadOnlySpan<char> literal, out CharFault fault)
    {
        fault = CharFault.None;
        var body = literal[1..^1];
        if (body[0] != '\\') return body.Length == 2 ? char.ConvertToUtf32(body[0], body[1]) : Scalar(body, ref fault);
        if (body[1] == 'u' && body.Length > 2) return Unicode(body[2..], ref fault);
        if (body.Length != 2) fault = CharFault.UnknownEscape;
        switch (body[1])
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case '0': return '\0';
            case '\\': return '\\';
            case '\'': return '\'';
            default:
                fault = CharFault.UnknownEscape;
                return 0;
        }
    }

    private static int Scalar(ReadOnlySpan<char> body, ref CharFault fault)
    {
        if (body.Length == 1 && !char.IsSurrogate(body[0])) return body[0];
        fault = CharFault.InvalidScalar;
        return 0;
    }

    private static int Unicode(ReadOnlySpan<char> braced, ref CharFault fault)
    {
        if (braced.Length < 3 || braced[0] != '{' || braced[^1] != '}' || !AreHexDigits(braced[1..^1]))
        {
            fault = CharFault.InvalidHex;
            return 0;
        }
        var digits = braced[1..^1].TrimStart('0');
        if (digits.Length == 0) return 0;
        if (digits.Length <= 6)
        {
            var value = int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (value is <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF)) return value;
        }
        fault = CharFault.InvalidScalar;
        return 0;
    }

    private static bool AreHexDigits(ReadOnlySpan<char> digits)
    {
        foreach (var c in digits) if (!char.IsAsciiHexDigit(c)) return false;
        return true;
    }
}

internal enum CharFault { None, UnknownEscape, InvalidScalar, InvalidHex }
