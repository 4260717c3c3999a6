namespace Kea.Syntax;

internal enum StringFault { None, Unterminated, UnterminatedHole, TooDeep }

/// <summary>Where a string literal ends, found without tokenising what its holes contain (1.11).</summary>
/// <param name="End">After the closing quotes; for a faulty one, where lexing goes on.</param>
/// <param name="FaultAt">The brace of the hole that does not close.</param>
internal readonly record struct StringExtent(int End, int QuoteLength, bool HasHoles, StringFault Fault, int FaultAt)
{
    /// <summary>How many strings may be open inside each other's holes.</summary>
    public const int DepthMax = 64;

    /// <summary>A literal that is open while its extent is searched.</summary>
    /// <param name="Hole">The brace of its open hole, or -1 while its text is read.</param>
    /// <param name="Braces">Braces open in that hole, its own included.</param>
    private record struct Open(bool IsTriple, int Hole, int Braces);

    public static StringExtent Of(ReadOnlySpan<char> text, int start)
    {
        Span<Open> open = stackalloc Open[DepthMax];
        var depth = 0;
        var hasHoles = false;
        var at = start;
        Enter(text, ref at, open, ref depth);
        var quoteLength = at - start;
        while (depth > 0)
        {
            ref var top = ref open[depth - 1];
            if (at >= text.Length || (text[at] == '\n' && top is { IsTriple: false, Hole: < 0 }))
                return Faulty(text, start, quoteLength, open[..depth]);
            if (top.Hole < 0) ReadText(text, ref at, ref top, ref depth);
            else if (text[at] == '"')
            {
                if (depth == DepthMax) return new StringExtent(LineEnd(text, start), quoteLength, true, StringFault.TooDeep, start);
                Enter(text, ref at, open, ref depth);
            }
            else ReadHole(text, ref at, ref top);
            hasHoles |= depth > 0 && open[0].Hole >= 0;
        }
        return new StringExtent(at, quoteLength, hasHoles, StringFault.None, 0);
    }

    /// <summary>The offset after the brace that closes the hole at <paramref name="brace"/>, in a string that has an end.</summary>
    public static int HoleEnd(ReadOnlySpan<char> text, int brace)
    {
        Span<Open> open = stackalloc Open[DepthMax + 1];
        open[0] = new Open(true, brace, 1);
        var depth = 1;
        var at = brace + 1;
        while (at < text.Length && open[0].Hole >= 0)
        {
            ref var top = ref open[depth - 1];
            if (top.Hole < 0) ReadText(text, ref at, ref top, ref depth);
            else if (text[at] == '"') Enter(text, ref at, open, ref depth);
            else ReadHole(text, ref at, ref top);
        }
        return at;
    }

    private static void Enter(ReadOnlySpan<char> text, ref int at, Span<Open> open, ref int depth)
    {
        var isTriple = text[at..].StartsWith("\"\"\"");
        open[depth++] = new Open(isTriple, -1, 0);
        at += isTriple ? 3 : 1;
    }

    private static void ReadText(ReadOnlySpan<char> text, ref int at, ref Open top, ref int depth)
    {
        var next = text[at..].IndexOfAny("\"{\\\n");
        at = next < 0 ? text.Length : at + next;
        if (next < 0) return;
        switch (text[at])
        {
            case '\\':
                at += at + 1 < text.Length && text[at + 1] != '\n' ? 2 : 1;
                break;
            case '{' when at + 1 < text.Length && text[at + 1] == '{':
                at += 2;
                break;
            case '{':
                top.Hole = at++;
                top.Braces = 1;
                break;
            case '\n' when top.IsTriple:
                at++;
                break;
            case '"' when !top.IsTriple:
                at++;
                depth--;
                break;
            case '"':
                var closes = text[at..].StartsWith("\"\"\"");
                at += closes ? 3 : 1;
                if (closes) depth--;
                break;
        }
    }

    private static void ReadHole(ReadOnlySpan<char> text, ref int at, ref Open top)
    {
        switch (text[at])
        {
            case '{':
                top.Braces++;
                at++;
                break;
            case '}':
                if (--top.Braces == 0) top.Hole = -1;
                at++;
                break;
            case '\'':
                var end = CharLiterals.End(text, at);
                at = end < 0 ? at + 1 : end;
                break;
            default:
                at++;
                break;
        }
    }

    /// <summary>
    /// Blames the outermost hole if one is open, else the string. A single-line string gives up the rest of its line
    /// only, so that the next line is read as usual.
    /// </summary>
    private static StringExtent Faulty(ReadOnlySpan<char> text, int start, int quoteLength, Span<Open> open)
    {
        var end = open[0].IsTriple ? text.Length : LineEnd(text, start);
        return open[0].Hole >= 0
            ? new StringExtent(end, quoteLength, true, StringFault.UnterminatedHole, open[0].Hole)
            : new StringExtent(end, quoteLength, false, StringFault.Unterminated, start);
    }

    private static int LineEnd(ReadOnlySpan<char> text, int from)
    {
        var length = text[from..].IndexOf('\n');
        if (length < 0) return text.Length;
        return length > 0 && text[from + length - 1] == '\r' ? from + length - 1 : from + length;
    }
}
