using System.Globalization;

namespace Kea.Syntax;

/// <summary>The values of number literals.</summary>
internal static class Numbers
{
    public static int Radix(char letter) => (char)(letter | 0x20) switch
    {
        'x' => 16,
        'b' => 2,
        'o' => 8,
        _ => 10,
    };

    /// <summary>At least one digit, and underscores only between two digits.</summary>
    public static bool AreDigits(ReadOnlySpan<char> text, int radix)
    {
        var afterDigit = false;
        foreach (var c in text)
        {
            if (c == '_')
            {
                if (!afterDigit) return false;
                afterDigit = false;
                continue;
            }
            if (Digit(c) >= radix) return false;
            afterDigit = true;
        }
        return afterDigit;
    }

    /// <summary>The magnitude; false when it exceeds 2^64 - 1. What is malformed has been reported and counts as 0.</summary>
    public static bool TryInteger(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        var radix = text.Length > 2 && text[0] == '0' ? Radix(text[1]) : 10;
        foreach (var c in radix == 10 ? text : text[2..])
        {
            if (c == '_') continue;
            var digit = (ulong)Digit(c);
            if (digit >= (ulong)radix)
            {
                value = 0;
                return true;
            }
            var next = unchecked(value * (ulong)radix + digit);
            if (value > (ulong.MaxValue - digit) / (ulong)radix) return false;
            value = next;
        }
        return true;
    }

    /// <summary>The nearest double; false when it is too large for one.</summary>
    public static bool TryFloat(ReadOnlySpan<char> text, out double value)
    {
        var digits = text.Length <= 64 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var c in text) if (c != '_') digits[length++] = c;
        if (!double.TryParse(digits[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value)) value = 0;
        return double.IsFinite(value);
    }

    private static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => int.MaxValue,
    };
}
