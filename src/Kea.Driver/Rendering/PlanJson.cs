using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Driver;

/// <summary>A reload plan for tools, as one object on one line. Fields are only ever added.</summary>
public static class PlanJson
{
    /// <param name="withSources">Whether the texts that diagnostics point into come with it, by path, for those who cannot read the files as they were.</param>
    public static string Of(ReloadPlan plan, bool withSources = false)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("verdict", NameOf(plan.Verdict));
            Objects(writer, "functions", plan.Functions, Function);
            Objects(writer, "types", plan.Layouts, Layout);
            Objects(writer, "rules", plan.Rules, rule => Rule(writer, rule, plan.Verdict));
            writer.WriteStartArray("diagnostics");
            foreach (var diagnostic in DiagnosticText.Sorted(plan.Diagnostics)) writer.WriteRawValue(DiagnosticJson.One(diagnostic));
            writer.WriteEndArray();
            if (withSources) Sources(writer, plan);
            writer.WriteEndObject();

            void Function(FunctionChange function)
            {
                writer.WriteString("name", function.Name);
                writer.WriteString("change", NameOf(function.Kind));
                writer.WriteString("old_signature", function.OldSignature);
                writer.WriteString("new_signature", function.NewSignature);
                Strings(writer, "gained_effects", function.GainedEffects);
            }

            void Layout(LayoutChange layout)
            {
                writer.WriteString("name", layout.Type);
                Strings(writer, "differences", layout.Differences);
                Strings(writer, "holders", layout.Holders);
            }
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Sources(Utf8JsonWriter writer, ReloadPlan plan)
    {
        writer.WriteStartObject("sources");
        var spans = plan.Diagnostics.SelectMany(d => d.Others.Select(l => l.Span).Append(d.Primary?.Span ?? default).Append(d.Fix?.Span ?? default));
        foreach (var source in spans.Select(s => s.Source).Where(s => s is not null).DistinctBy(s => s.Path)) writer.WriteString(source.Path, source.Text);
        writer.WriteEndObject();
    }

    internal static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Nothing => "nothing",
        Verdict.Swap => "swap",
        Verdict.SwapWithMigration => "swap_with_migration",
        Verdict.Restart => "restart",
        Verdict.Rejected => "rejected",
    };

    /// <exception cref="FormatException">No verdict has this name.</exception>
    internal static Verdict VerdictOf(string name) => Enum.GetValues<Verdict>().Where(v => NameOf(v) == name).Select(v => (Verdict?)v).FirstOrDefault() ?? throw new FormatException(name);

    /// <exception cref="FormatException">No kind has this name.</exception>
    internal static ChangeKind KindOf(string name) => Enum.GetValues<ChangeKind>().Where(k => NameOf(k) == name).Select(k => (ChangeKind?)k).FirstOrDefault() ?? throw new FormatException(name);

    private static string NameOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Changed => "changed",
        ChangeKind.Added => "added",
        ChangeKind.Removed => "removed",
    };

    private static void Rule(Utf8JsonWriter writer, AppliedRule rule, Verdict verdict)
    {
        writer.WriteString("rule", rule.Id);
        writer.WriteString("severity", Rules.NameOf(Rules.SeverityOf(rule, verdict)));
        writer.WriteString("symbol", rule.Symbol.Length > 0 ? rule.Symbol : null);
        writer.WriteString("message", rule.Message);
        writer.WriteString("help", rule.WayOut.Length > 0 ? rule.WayOut : null);
    }

    private static void Objects<T>(Utf8JsonWriter writer, string name, ImmutableArray<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(item);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
