using System.Globalization;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Driver.Status;
using Kea.Live;
using Kea.Source;

namespace Kea.Cli.Watch;

/// <summary>How many states have come to a version, and how.</summary>
internal readonly record struct MovedStates(int Migrated, int BegunAnew);

/// <summary>The lines of watch mode on standard error (14.3.1), or with <c>--json</c> one object for each.</summary>
internal sealed class WatchReporter(CommonOptions options, Terminal terminal)
{
    // The program's own threads tell about its moves.
    private readonly Lock _gate = new();

    public void Watching(string file, int modules) => Watch($"{file} ({modules} module{(modules == 1 ? "" : "s")})");

    public void Watch(string text)
    {
        if (!options.Quiet) Line("watch", text);
    }

    public void Changed(IReadOnlyCollection<string> shown)
    {
        if (!options.Quiet && shown.Count > 0) Line("reload", $"{string.Join(", ", shown)} changed, recompiling...");
    }

    public void Diagnostics(IReadOnlyCollection<Diagnostic> diagnostics)
    {
        lock (_gate) Reporting.Fails(diagnostics, options, terminal);
    }

    public void Reload(string text) => Line("reload", text);

    public void Fault(Exception e)
    {
        Line("reload", CompilerFault.Apology(e, "the reload"));
        if (Environment.GetEnvironmentVariable("KEA_DEBUG") == "1") Line("reload", e.ToString());
    }

    /// <summary>All but a success, which is told when loops have moved.</summary>
    public void Plan(ReloadPlan plan)
    {
        if (plan.Verdict == Verdict.Rejected) Diagnostics(plan.Diagnostics);
        foreach (var rule in plan.Rules)
        {
            if (rule.Id is "L001" or "L010" || (options.Quiet && rule.WayOut.Length == 0)) continue;
            Rule(rule, plan.Verdict, withHelp: plan.Verdict == Verdict.Rejected);
        }
        if (plan.Verdict != Verdict.Rejected) return;
        var errors = plan.Diagnostics.Count(d => d.Severity == Severity.Error);
        Line("reload", errors > 0 ? $"rejected: {errors} error{(errors == 1 ? "" : "s")}, running code kept" : "rejected: running code and state kept");
    }

    /// <summary>A rule that has come to apply by itself.</summary>
    public void Rule(AppliedRule rule)
    {
        if (!options.Quiet || Rules.SeverityOf(rule, Verdict.Swap) != RuleSeverity.Note) Rule(rule, Verdict.Swap, withHelp: true);
    }

    private void Rule(AppliedRule rule, Verdict verdict, bool withHelp)
    {
        Line("reload", $"{rule.Id}: {rule.Message}", RuleStatus.Of(rule, verdict));
        if (rule.WayOut.Length > 0 && withHelp) Line("reload", $"  = help: {rule.WayOut}");
    }

    public void Updated(ReloadPlan plan, MovedStates states, double milliseconds)
    {
        var (changed, added, removed) = (plan.Count(ChangeKind.Changed), plan.Count(ChangeKind.Added), plan.Count(ChangeKind.Removed));
        var parts = new List<string>();
        if (changed > 0 || (added == 0 && removed == 0)) parts.Add($"{changed} function{(changed == 1 ? "" : "s")} updated");
        if (added > 0) parts.Add($"{added} added");
        if (removed > 0) parts.Add($"{removed} removed");
        if (states.Migrated > 0) parts.Add($"{states.Migrated} state{(states.Migrated == 1 ? "" : "s")} migrated");
        if (states.BegunAnew > 0) parts.Add($"{states.BegunAnew} state{(states.BegunAnew == 1 ? "" : "s")} begun anew");
        Line("reload", string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", parts)} ({milliseconds:0.#} ms)"));
    }

    private void Line(string tag, string text, RuleStatus? rule = null)
    {
        using var alone = _gate.EnterScope();
        if (options.Json)
        {
            var line = new Dictionary<string, string?> { ["event"] = tag, ["text"] = text };
            if (rule is not null) (line["rule"], line["severity"], line["symbol"], line["help"]) = (rule.Rule, rule.Severity, rule.Symbol, rule.Help);
            terminal.Error.WriteLine(System.Text.Json.JsonSerializer.Serialize(line));
        }
        else
        {
            var styled = new StyledText();
            styled.Add($"[{tag}]", TextRole.Accent);
            styled.Add($" {text}\n");
            terminal.Write(styled);
        }
        terminal.Error.Flush();
    }
}
