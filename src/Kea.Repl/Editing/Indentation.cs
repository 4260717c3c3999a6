namespace Kea.Repl.Editing;

/// <summary>Where the next line of an input begins.</summary>
internal static class Indentation
{
    public const string Step = "  ";

    private static readonly HashSet<string> Headers = new(StringComparer.Ordinal)
    {
        "fn", "expr", "pub", "struct", "enum", "trait", "effect", "case", "cond", "if", "else", "for", "while", "handle", "unsafe", "test", "with",
    };

    /// <summary>A bracket that closes, at the beginning of a line, which stands where the line that opened it does.</summary>
    public static bool IsClosing(string typed, ReadOnlySpan<char> line) => typed is ")" or "]" or "}" && line.Length >= Step.Length && line.Trim(' ').IsEmpty;

    /// <summary>As far in as the line before; further after what opens a block or a bracket.</summary>
    public static string After(string text, IInputLanguage language)
    {
        var line = text[(text.LastIndexOf('\n') + 1)..];
        var words = line.AsSpan().Trim();
        var indentation = line[..(line.Length - line.AsSpan().TrimStart(' ').Length)];
        var end = words.IndexOf(' ') is var at and >= 0 ? at : words.Length;
        var opens = words is [.., '(' or '[' or '{' or '=' or '|'] || words.EndsWith("->") || words.EndsWith("]>") || Headers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(words[..end])
            || (words.Contains(" as ", StringComparison.Ordinal) && char.IsAsciiLetterUpper(words[0])) || words.EndsWith(" then") || words.Contains("= case", StringComparison.Ordinal);
        return opens && language.GoesOn(text, whole: false) ? indentation + Step : indentation;
    }
}
