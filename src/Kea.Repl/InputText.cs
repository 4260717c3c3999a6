using System.Text.RegularExpressions;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Repl;

/// <summary>Where inputs end (5.7, 14.9.2).</summary>
public static partial class InputText
{
    /// <summary>More lines must follow.</summary>
    public static bool IsIncomplete(string text)
    {
        if (text.AsSpan().TrimStart() is [':', ..])
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            return space > 0 && text.AsSpan(0, space).Trim() is ":plan" or ":time" or ":type" or ":effects" && IsIncomplete(text[(space + 1)..]);
        }
        if (LastLine(text) is ['@', ..] last && (last.EndsWith(')') || !last.Contains(' ', StringComparison.Ordinal))) return true;
        if (text.StartsWith("doc", StringComparison.Ordinal) && text.Split('\n').All(l => l.Length == 0 || l[0] is ' ' || l.StartsWith("doc", StringComparison.Ordinal))) return true;
        return SyntaxParser.ParseInput(new SourceText("input", text)).Value.IsIncomplete;
    }

    /// <summary>More lines must follow, or can: a block goes on until an empty line or one that is not part of it.</summary>
    public static bool MayGoOn(string text) => IsIncomplete(text) || Implementation().IsMatch(text) || (LastLine(text) is [' ' or '\t', ..] && text.TrimEnd('\n').Contains('\n', StringComparison.Ordinal));

    /// <summary>
    /// The inputs of a text that was handed over as one. It is one where it can be: a statement, a declaration, or several
    /// declarations, which may need each other. Anything else is taken as it would be line by line.
    /// </summary>
    public static IEnumerable<string> Split(string text)
    {
        if (text.AsSpan().TrimStart() is [':', ..] || !SyntaxParser.ParseInput(new SourceText("input", text)).HasErrors || IsDeclarations(text)) return [text];
        var lines = new Queue<string>(text.Split('\n'));
        var reader = new InputReader(_ => lines.TryDequeue(out var line) ? line : null);
        var inputs = new List<string>();
        while (reader.Read() is { } input) inputs.Add(input);
        return inputs;
    }

    /// <summary>Two declarations or more, and nothing else.</summary>
    public static bool IsDeclarations(string text)
    {
        var parsed = SyntaxParser.Parse(new SourceText("input", text));
        return !parsed.HasErrors && parsed.Value.Declarations.Length > 1;
    }

    /// <summary><c>Till as Show</c> may be a header, and is an expression as well if nothing follows.</summary>
    [GeneratedRegex(@"^\s*[A-Z][\w.]*( +[\w(),]+)* +as +[A-Z][\w. ]*\n*$")]
    private static partial Regex Implementation();

    private static string LastLine(string text) => text.TrimEnd('\n').Split('\n')[^1];
}
