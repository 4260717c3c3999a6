using Kea.Source;

namespace Kea.Syntax;

/// <summary>The part of a string literal that has meaning, line rules of triple quotes applied (1.11.3).</summary>
/// <param name="Column">Of the closing quotes; so many spaces fall away at the start of each line.</param>
/// <param name="StripsFirstLine">The text begins on a line of its own.</param>
internal readonly record struct StringContent(int Start, int End, bool IsTriple, int Column, bool StripsFirstLine)
{
    public static StringContent Of(string text, TextSpan literal)
    {
        var isTriple = literal.Length >= 6 && text.AsSpan(literal.Start, 3).SequenceEqual("\"\"\"");
        if (!isTriple) return new StringContent(literal.Start + 1, literal.End - 1, false, 0, false);
        var start = literal.Start + 3;
        var end = literal.End - 3;
        var column = end - (text.LastIndexOf('\n', end - 1) + 1);
        var strips = false;
        if (start < end && text[start] is '\n' or '\r')
        {
            var length = text[start] == '\n' ? 1 : start + 1 < end && text[start + 1] == '\n' ? 2 : 0;
            start += length;
            strips = length > 0;
        }
        return new StringContent(start, CutLastLine(text, start, end), true, column, strips);
    }

    /// <summary>If only spaces stand before the closing quotes on their line, these and the line end are dropped.</summary>
    private static int CutLastLine(string text, int start, int end)
    {
        var at = end;
        while (at > start && text[at - 1] == ' ') at--;
        if (at == start && start > 0 && text[start - 1] == '\n') return start;
        if (at == start || text[at - 1] != '\n') return end;
        at--;
        return at > start && text[at - 1] == '\r' ? at - 1 : at;
    }

    public ReadOnlySpan<char> Text(string text) => text.AsSpan(Start, End - Start);

    public int SkipIndentation(string text, int at)
    {
        var stop = Math.Min(End, at + Column);
        while (at < stop && text[at] == ' ') at++;
        return at;
    }
}
