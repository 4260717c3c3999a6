using Kea.Source;

namespace Kea.Driver;

/// <summary>Diagnostics as people read them (language reference 13.1): source lines, carets, labels, notes, help.</summary>
public static class DiagnosticText
{
    /// <summary>At most this many are shown in one run.</summary>
    public const int ShownMax = 50;

    /// <summary>Renders in the order of file and position, and ends with the counts when anything was shown.</summary>
    public static void Render(StyledText output, IEnumerable<Diagnostic> diagnostics)
    {
        var sorted = Sorted(diagnostics);
        foreach (var diagnostic in sorted.Take(ShownMax))
        {
            One(output, diagnostic);
            output.Line();
        }
        if (sorted.Count == 0) return;
        var errors = sorted.Count(d => d.Severity == Severity.Error);
        var warnings = sorted.Count(d => d.Severity == Severity.Warning);
        if (sorted.Count > ShownMax) output.Line($"{sorted.Count - ShownMax} more not shown", TextRole.Muted);
        output.Line($"{Count(errors, "error")}, {Count(warnings, "warning")}");
    }

    /// <summary>By file, then position, then code; exact repetitions are dropped.</summary>
    public static List<Diagnostic> Sorted(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics
            .DistinctBy(d => (d.Code, d.Message, d.Primary?.Span))
            .OrderBy(d => d.Primary?.Span.Source.Path ?? "", StringComparer.Ordinal)
            .ThenBy(d => d.Primary?.Span.Span.Start ?? 0)
            .ThenBy(d => d.Code, StringComparer.Ordinal)];

    public static void One(StyledText output, Diagnostic diagnostic)
    {
        var role = RoleOf(diagnostic.Severity);
        output.Add($"{NameOf(diagnostic.Severity)}[{diagnostic.Code}]", role).Line($": {diagnostic.Message}", TextRole.Title);
        var width = 1;
        if (diagnostic.Primary is { } primary)
        {
            var labels = diagnostic.Others.Insert(0, primary);
            width = labels.Max(l => (Line(l) + 1).ToString().Length);
            Snippet(output, primary, labels, width, role);
        }
        if (diagnostic.Notes.IsEmpty && diagnostic.Help is null) return;
        if (diagnostic.Primary is not null) output.Line(new string(' ', width + 1) + "|", TextRole.Accent);
        foreach (var note in diagnostic.Notes) Footer(output, width, "note", note);
        if (diagnostic.Help is { } help) Footer(output, width, "help", help);
    }

    /// <exception cref="FormatException">No severity has this name.</exception>
    internal static Severity SeverityOf(string name) => Enum.GetValues<Severity>().Where(s => NameOf(s) == name).Select(s => (Severity?)s).FirstOrDefault() ?? throw new FormatException(name);

    public static string NameOf(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Info => "info",
    };

    private static TextRole RoleOf(Severity severity) => severity switch
    {
        Severity.Error => TextRole.Error,
        Severity.Warning => TextRole.Warning,
        Severity.Info => TextRole.Info,
    };

    private static void Snippet(StyledText output, Label primary, IReadOnlyList<Label> labels, int width, TextRole role)
    {
        output.Add(new string(' ', width) + "--> ", TextRole.Accent).Line(primary.Span.ToString());
        File(output, labels.Where(l => l.Span.Source == primary.Span.Source), primary, width, role);
        foreach (var other in labels.Where(l => l.Span.Source != primary.Span.Source).GroupBy(l => l.Span.Source))
        {
            output.Add(new string(' ', width) + "::: ", TextRole.Accent).Line(other.First().Span.ToString());
            File(output, other, primary, width, role);
        }
    }

    private static void File(StyledText output, IEnumerable<Label> labels, Label primary, int width, TextRole role)
    {
        var blank = new string(' ', width + 1) + "|";
        output.Line(blank, TextRole.Accent);
        var before = -1;
        foreach (var line in labels.GroupBy(Line).OrderBy(g => g.Key))
        {
            if (before >= 0 && line.Key > before + 1) output.Line("...", TextRole.Accent);
            before = line.Key;
            var source = line.First().Span.Source;
            var text = source.Lines.LineText(line.Key).ToString();
            output.Add($"{(line.Key + 1).ToString().PadLeft(width)} | ", TextRole.Accent).Line(text);
            // Rightmost first, so that no label's text is crossed by the underline of another.
            foreach (var label in line.OrderByDescending(l => l.Span.Span.Start).ThenByDescending(l => ReferenceEquals(l, primary)))
            {
                var isPrimary = ReferenceEquals(label, primary);
                var labelRole = isPrimary ? role : TextRole.Accent;
                output.Add(blank + " ", TextRole.Accent).Line(Underline(label, text, isPrimary ? '^' : '-'), labelRole);
            }
        }
    }

    private static string Underline(Label label, string text, char mark)
    {
        var lines = label.Span.Source.Lines;
        var start = Math.Min(label.Span.Span.Start - lines.LineStart(lines.LineOf(label.Span.Span.Start)), text.Length);
        var end = Math.Clamp(start + label.Span.Span.Length, start, text.Length);
        var marks = new string(mark, Math.Max(1, LineMap.CodePoints(text.AsSpan(start, end - start))));
        var underline = Padding(text.AsSpan(0, start)) + marks;
        return label.Message.Length == 0 ? underline : $"{underline} {label.Message}";
    }

    // Tabs stay tabs, so that the caret stands under its text whatever a tab's width is.
    private static string Padding(ReadOnlySpan<char> before)
    {
        var padding = new System.Text.StringBuilder();
        foreach (var c in before) if (!char.IsLowSurrogate(c)) padding.Append(c == '\t' ? '\t' : ' ');
        return padding.ToString();
    }

    private static void Footer(StyledText output, int width, string kind, string text)
    {
        var indent = new string(' ', width + 1);
        var lines = text.Split('\n');
        output.Add($"{indent}= ", TextRole.Accent).Add(kind, TextRole.Title).Line($": {lines[0]}");
        foreach (var line in lines.Skip(1)) output.Line($"{indent}        {line}");
    }

    private static int Line(Label label) => label.Span.Source.Lines.LineOf(label.Span.Span.Start);
    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
