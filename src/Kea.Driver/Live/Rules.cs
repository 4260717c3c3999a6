using System.Collections.Immutable;
using Kea.Live;
using Kea.Source;

namespace Kea.Driver.Live;

/// <summary>Which reload rules (13.3) apply to a change.</summary>
internal static class Rules
{
    public static readonly AppliedRule NoReloadPoint =
        new("L007", "main", "main has no reload point in its effects: the program starts anew", "let main run its work in Live.loop to change it while it runs");

    public static readonly AppliedRule OnlyComments = new("L009", "", "only comments or layout of the text changed", "");

    public static AppliedRule Errors(ImmutableArray<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Count(d => d.Severity == Severity.Error);
        return new("L001", "", $"{errors} error{(errors == 1 ? "" : "s")}", "correct the source; the last good code keeps running");
    }

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
