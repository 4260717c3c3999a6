using System.Text;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>The text of documentation without what only places it (1.4).</summary>
internal static class DocText
{
    /// <summary>The body of a <c>doc</c> token: the rest of its line, or the lines below without their base indentation.</summary>
    public static string Of(string text, TextSpan token)
    {
        var body = text.AsSpan(token.Start + "doc".Length, token.Length - "doc".Length);
        var lineEnd = body.IndexOf('\n');
        if (lineEnd < 0) return body.TrimStart(" \t").ToString();
        var lines = body[(lineEnd + 1)..];
        var @base = Indentation(lines);
        var result = new StringBuilder(lines.Length);
        foreach (var line in lines.EnumerateLines())
        {
            if (result.Length > 0 || !IsFirst(lines, line)) result.Append('\n');
            if (!line.IsWhiteSpace()) result.Append(line[Math.Min(@base, Indentation(line))..]);
        }
        return result.ToString();
    }

    private static bool IsFirst(ReadOnlySpan<char> lines, ReadOnlySpan<char> line) =>
        System.Runtime.CompilerServices.Unsafe.AreSame(
            in System.Runtime.InteropServices.MemoryMarshal.GetReference(lines),
            in System.Runtime.InteropServices.MemoryMarshal.GetReference(line));

    private static int Indentation(ReadOnlySpan<char> line)
    {
        var spaces = line.IndexOfAnyExcept(' ');
        return spaces < 0 ? line.Length : spaces;
    }

    /// <summary>Is there an empty line among these blanks and comments?</summary>
    public static bool HasBlankLine(ReadOnlySpan<char> trivia)
    {
        var seenLineEnd = false;
        foreach (var c in trivia)
        {
            if (c == '\n' && seenLineEnd) return true;
            if (c == '\n') seenLineEnd = true;
            else if (c is not (' ' or '\t' or '\r')) seenLineEnd = false;
        }
        return false;
    }

    /// <summary>The lines of <c>--|</c> comments that end directly above the end of the trivia; null when there are none.</summary>
    public static DocBlock? OfComments(string text, TextSpan trivia)
    {
        var lines = new List<string>();
        var end = trivia.Start + text.AsSpan(trivia.Start, trivia.Length).LastIndexOf('\n');
        var first = end;
        while (end >= trivia.Start)
        {
            var start = end == trivia.Start ? trivia.Start : text.LastIndexOf('\n', end - 1, end - trivia.Start) + 1;
            if (start < trivia.Start) start = trivia.Start;
            var line = text.AsSpan(start, end - start).Trim(" \t\r");
            if (!line.StartsWith("--|")) break;
            line = line[3..];
            lines.Add((line.StartsWith(" ") ? line[1..] : line).ToString());
            first = start;
            end = start - 1;
        }
        if (lines.Count == 0) return null;
        lines.Reverse();
        var last = text.AsSpan(trivia.Start, trivia.Length).LastIndexOf('\n') + trivia.Start;
        return new DocBlock(string.Join('\n', lines), new TextSpan(first, last));
    }
}
