using System.Collections.Immutable;
using Kea.Live;
using Kea.Source;

namespace Kea.Driver.Live;

/// <summary>How a rule is reported (13.3).</summary>
internal enum RuleSeverity { Note, Warning, Error }

/// <summary>Which reload rules (13.3) apply to a change.</summary>
internal static class Rules
{
    public static readonly AppliedRule NoReloadPoint =
        new("L007", "main", "main has no reload point in its effects: the program starts anew", "let main run its work in Live.loop to change it while it runs");

    public static readonly AppliedRule OnlyComments = new("L009", "", "only comments or layout of the text changed", "");

    public static AppliedRule RefusedBySmoke(string function, string why) =>
        new("L017", function, $"@smoke function {function} {why}", "see what it checks, and correct the code that it refused");

    public static AppliedRule Errors(ImmutableArray<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Count(d => d.Severity == Severity.Error);
        return new("L001", "", $"{errors} error{(errors == 1 ? "" : "s")}", "correct the source; the last good code keeps running");
    }

    /// <summary>How a rule is reported; the same rule may refuse one change and only be told of with another.</summary>
    public static RuleSeverity SeverityOf(AppliedRule rule, Verdict verdict) => rule.Id switch
    {
        "L001" or "L003" or "L005" or "L006" or "L013" or "L014" or "L015" or "L017" => RuleSeverity.Error,
        "L012" => verdict == Verdict.Rejected ? RuleSeverity.Error : RuleSeverity.Warning,
        "L004" or "L007" or "L016" or "L018" or "L022" => RuleSeverity.Warning,
        _ => RuleSeverity.Note,
    };

    public static string NameOf(RuleSeverity severity) => severity switch
    {
        RuleSeverity.Note => "note",
        RuleSeverity.Warning => "warning",
        RuleSeverity.Error => "error",
    };

    public static ImmutableArray<AppliedRule> Of(ImmutableArray<FunctionChange> functions, StatePlanner states)
    {
        var rules = ImmutableArray.CreateBuilder<AppliedRule>();
        foreach (var function in functions)
        {
            if (function.NewSignature is null) continue;
            if (!function.GainedEffects.IsEmpty)
                rules.Add(new("L004", function.Name, $"{function.Name} now also performs {string.Join(", ", function.GainedEffects)}; its callers allow it", ""));
            else rules.Add(new("L002", function.Name, $"the signature of {function.Name} changed from {function.OldSignature} to {function.NewSignature}; all callers fit", ""));
        }
        rules.AddRange(states.StateRules);
        return rules.DrainToImmutable();
    }
}
