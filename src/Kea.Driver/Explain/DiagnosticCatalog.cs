using System.Collections.Frozen;
using System.Text;

namespace Kea.Driver;

/// <summary>A page of <c>kea explain</c>.</summary>
/// <param name="Category">Snake-case name, stable in JSON.</param>
public sealed record DiagnosticPage(string Code, string Severity, string Category, string Title, string Text, string Example, string Fix, string Related);

/// <summary>All codes with their pages, from the embedded text beside this file.</summary>
public static class DiagnosticCatalog
{
    private static readonly Lazy<FrozenDictionary<string, DiagnosticPage>> Pages = new(Read);

    public static IEnumerable<DiagnosticPage> All => Pages.Value.Values;

    /// <summary>The page of a code, whatever its letters' case; null for an unknown one.</summary>
    public static DiagnosticPage? Find(string code) => Pages.Value.GetValueOrDefault(code.ToUpperInvariant());

    public static string CategoryOf(string code) => Find(code)?.Category ?? "other";

    /// <summary>The page as <c>kea explain</c> prints it (13.5), paragraphs wrapped at 80 columns.</summary>
    public static string Render(DiagnosticPage page)
    {
        var text = new StringBuilder();
        text.Append(page.Severity).Append('[').Append(page.Code).Append("]: ").Append(page.Title).Append("\n\n");
        Wrap(text, page.Text);
        if (page.Example.Length > 0) text.Append("\nExample:\n\n").Append(page.Example).Append('\n');
        if (page.Fix.Length > 0)
        {
            text.Append('\n');
            Wrap(text, "Fix: " + page.Fix);
        }
        if (page.Related.Length > 0) text.Append("\nRelated: ").Append(page.Related).Append('\n');
        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string paragraph)
    {
        const int columnsMax = 80;
        var column = 0;
        foreach (var word in paragraph.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > columnsMax)
            {
                text.Append('\n');
                column = 0;
            }
            if (column > 0)
            {
                text.Append(' ');
                column++;
            }
            text.Append(word);
            column += word.Length;
        }
        text.Append('\n');
    }

    // "# severity CODE category: Title", then the text, then optional "Example:" with indented lines, "Fix: …", "Related: …".
    private static FrozenDictionary<string, DiagnosticPage> Read()
    {
        using var stream = typeof(DiagnosticCatalog).Assembly.GetManifestResourceStream("Kea.Driver.Explain.pages.txt")!;
        using var reader = new StreamReader(stream);
        var pages = new Dictionary<string, DiagnosticPage>();
        foreach (var section in ("\n" + reader.ReadToEnd()).Split("\n# ", StringSplitOptions.RemoveEmptyEntries))
        {
            var page = Parse(section.TrimEnd().Split('\n'));
            pages.Add(page.Code, page);
        }
        return pages.ToFrozenDictionary();
    }

    private static DiagnosticPage Parse(string[] lines)
    {
        var colon = lines[0].IndexOf(": ", StringComparison.Ordinal);
        var head = lines[0][..colon].Split(' ');
        string text = "", fix = "", related = "";
        var example = new List<string>();
        foreach (var line in lines.Skip(1))
        {
            if (line.StartsWith("Fix: ", StringComparison.Ordinal)) fix = line[5..];
            else if (line.StartsWith("Related: ", StringComparison.Ordinal)) related = line[9..];
            else if (line.StartsWith("    ", StringComparison.Ordinal) || (line.Length == 0 && example.Count > 0)) example.Add(line);
            else if (line != "Example:") text = text.Length == 0 ? line : $"{text} {line}";
        }
        return new DiagnosticPage(head[1], head[0], head[2], lines[0][(colon + 2)..], text, string.Join('\n', example).TrimEnd(), fix, related);
    }
}
