using System.Collections.Immutable;
using System.Text.Json;
using Kea.Live;
using Kea.Source;

namespace Kea.Driver;

/// <summary>Reads a plan that <see cref="PlanJson"/> has written, so that it can be shown somewhere else.</summary>
public static class PlanReader
{
    /// <param name="sources">The files that diagnostics point into, by the path that the plan has for them. One that is missing leaves a diagnostic without its place.</param>
    /// <exception cref="JsonException">It is not a plan.</exception>
    public static ReloadPlan Parse(JsonElement plan, IReadOnlyDictionary<string, SourceText> sources)
    {
        try
        {
            return new ReloadPlan(
                PlanJson.VerdictOf(Text(plan, "verdict")),
                Objects(plan, "functions", Function),
                Objects(plan, "types", t => new LayoutChange(Text(t, "name"), Strings(t, "differences"), Strings(t, "holders"))),
                Objects(plan, "rules", r => new AppliedRule(Text(r, "rule"), TextOrNull(r, "symbol") ?? "", Text(r, "message"), TextOrNull(r, "help") ?? "")),
                Objects(plan, "diagnostics", d => Diagnostic(d, sources)));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException("not a plan", e);
        }
    }

    private static FunctionChange Function(JsonElement function) => new(
        Text(function, "name"), PlanJson.KindOf(Text(function, "change")), TextOrNull(function, "old_signature"), TextOrNull(function, "new_signature"), Strings(function, "gained_effects"));

    private static Diagnostic Diagnostic(JsonElement diagnostic, IReadOnlyDictionary<string, SourceText> sources)
    {
        var place = Place(diagnostic, sources);
        var labels = Objects(diagnostic, "labels", l => (Place: Place(l, sources), Message: Text(l, "message")));
        // The primary label comes first and stands where the diagnostic does, if it says anything.
        var hasPrimary = !labels.IsEmpty && labels[0].Place == place;
        return new Diagnostic(
            Text(diagnostic, "code"), DiagnosticText.SeverityOf(Text(diagnostic, "severity")), Text(diagnostic, "message"),
            place is { } primary ? new Label(primary, hasPrimary ? labels[0].Message : "") : null,
            [.. labels.Skip(hasPrimary ? 1 : 0).Where(l => l.Place is not null).Select(l => new Label(l.Place!.Value, l.Message))],
            diagnostic.TryGetProperty("notes", out _) ? Strings(diagnostic, "notes") : [],
            TextOrNull(diagnostic, "help"),
            diagnostic.TryGetProperty("fix", out var fix) && Place(fix, sources) is { } at ? new TextEdit(at, Text(fix, "replacement")) : null);
    }

    private static SourceSpan? Place(JsonElement element, IReadOnlyDictionary<string, SourceText> sources)
    {
        if (TextOrNull(element, "file") is not { } file || !sources.TryGetValue(file, out var source)) return null;
        return new SourceSpan(source, new TextSpan(OffsetOf(source, element.GetProperty("start").GetInt32()), OffsetOf(source, element.GetProperty("end").GetInt32())));
    }

    /// <summary>The UTF-16 offset of a UTF-8 offset.</summary>
    private static int OffsetOf(SourceText source, int bytes)
    {
        var (at, length) = (0, 0);
        foreach (var rune in source.Text.EnumerateRunes())
        {
            if (length >= bytes) break;
            length += rune.Utf8SequenceLength;
            at += rune.Utf16SequenceLength;
        }
        return at;
    }

    private static string Text(JsonElement of, string name) => TextOrNull(of, name) ?? throw new FormatException(name);
    private static string? TextOrNull(JsonElement of, string name) => of.GetProperty(name).GetString();
    private static ImmutableArray<string> Strings(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(s => s.GetString() ?? throw new FormatException(name))];
    private static ImmutableArray<T> Objects<T>(JsonElement of, string name, Func<JsonElement, T> read) => [.. of.GetProperty(name).EnumerateArray().Select(read)];
}
