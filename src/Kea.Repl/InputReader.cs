using System.Text;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Repl;

/// <summary>From lines to inputs (5.7).</summary>
/// <param name="readLine">The next line, asked for with or without the prompt of a continuation; null at the end.</param>
public sealed class InputReader(Func<bool, string?> readLine)
{
    private string? _next;

    /// <summary>The next input, or null at the end.</summary>
    public string? Read()
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = _next ?? readLine(text.Length > 0);
            _next = null;
            if (line is null) return text.Length > 0 ? text.ToString() : null;
            line = line.TrimEnd('\r', '\n');
            if (text.Length == 0)
            {
                if (line.AsSpan().Trim().IsEmpty) continue;
                text.Append(line).Append('\n');
                if (!MayGoOn(text.ToString())) return text.ToString();
                continue;
            }
            if (line.Length == 0) return text.ToString();
            if (!IsIncomplete(text.ToString()) && !Continues(line))
            {
                _next = line;
                return text.ToString();
            }
            text.Append(line).Append('\n');
            if (!MayGoOn(text.ToString())) return text.ToString();
        }
    }

    /// <summary>More lines must follow, or can: a block goes on until an empty line or one that is not part of it.</summary>
    private static bool MayGoOn(string text) => IsIncomplete(text) || (LastLine(text) is [' ' or '\t', ..] && text.TrimEnd('\n').Contains('\n', StringComparison.Ordinal));

    private static bool IsIncomplete(string text)
    {
        if (text.StartsWith(':')) return false;
        if (LastLine(text) is ['@', ..] last && (last.EndsWith(')') || !last.Contains(' ', StringComparison.Ordinal))) return true;
        if (text.StartsWith("doc", StringComparison.Ordinal) && text.Split('\n').All(l => l.Length == 0 || l[0] is ' ' || l.StartsWith("doc", StringComparison.Ordinal))) return true;
        return SyntaxParser.ParseInput(new SourceText("input", text)).Value.IsIncomplete;
    }

    private static bool Continues(string line) => line[0] is ' ' or '\t' or ')' or ']' or '}' || line.StartsWith("else", StringComparison.Ordinal) || line.StartsWith("then", StringComparison.Ordinal);

    private static string LastLine(string text) => text.TrimEnd('\n').Split('\n')[^1];
}
