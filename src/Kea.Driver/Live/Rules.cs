using System.Collections.Immutable;
using System.Globalization;
using Kea.Live;
using Kea.Source;

namespace Kea.Driver.Live;

/// <summary>How a rule is reported (13.3).</summary>
public enum RuleSeverity { Note, Warning, Error }

/// <summary>Which reload rules (13.3) apply to a change.</summary>
public static class Rules
{
    public static readonly AppliedRule NoReloadPoint =
        new("L007", "main", "main has no reload point in its effects: the program starts anew", "let main run its work in Live.loop to change it while it runs");

    public static readonly AppliedRule OnlyComments = new("L009", "", "only comments or layout of the text changed", "");

    public static AppliedRule RefusedBySmoke(string function, string why) =>
        new("L017", function, $"@smoke function {function} {why}", "see what it checks, and correct the code that it refused");

    /// <summary>A migration that was tried before the version would have been published.</summary>
    public static AppliedRule MigrationFails(TriedState state, string why) =>
        new("L016", state.Holder, $"the migration of '{state.Type}' failed when it was tried on the state that {state.Holder} holds: {why}",
            "correct its `code_change`, or change the state before; nothing has been loaded, and a new save is tried again");

    public static IEnumerable<AppliedRule> Of(ImmutableArray<TrialNote> notes)
    {
        foreach (var note in notes)
            if (note is TrialNote.NoWayBack(var state, var why))
                yield return new("L016", state.Holder, $"the way back from the migration of '{state.Type}', held by {state.Holder}, {(why.Length == 0 ? "gave another state" : "failed")} when it was tried{(why.Length == 0 ? "" : $": {why}")}; rolling back will take the state from before the reload", "");
        foreach (var same in notes.OfType<TrialNote.NotTried>().GroupBy(n => (Type: n.State.Type, n.Reason)))
        {
            var holders = string.Join(", ", same.Select(n => n.State.Holder).Distinct());
            var because = same.Key.Reason switch
            {
                NotTriedReason.NoReloadPoint => string.Create(CultureInfo.InvariantCulture, $"no reload point came within {LiveProgram.TrialPatience.TotalMilliseconds:0} ms"),
                NotTriedReason.TooLarge => $"what is tried is at most {LiveProgram.TriedBytesMax >> 20} MB",
            };
            yield return new("L011", same.Key.Type, $"the migration of '{same.Key.Type}', held by {holders}, was not tried before: {because}", "");
        }
    }

    public static AppliedRule OldClosuresHeld(OldClosures held)
    {
        var by = held.Through.IsEmpty ? "frames of the program" : string.Join(", ", held.Through);
        if (!held.IsLambda)
            return new("L020", held.Function, $"{held.Function} is gone from the sources and held as a value by {by}; it runs the code from before", "let the program put another function in its place");
        var (closures, verb, pronoun) = held.Count == 1 ? ("1 closure", "is", "it runs") : ($"{held.Count} closures", "are", "they run");
        return new("L020", held.Function, $"{closures} of a lambda in {held.Function} {verb} held by {by}; {pronoun} the code from before",
            $"let the program make {(held.Count == 1 ? "it" : "them")} anew, or hold a named function, which is bound late");
    }

    /// <param name="loop">Null where main itself goes on after its loop.</param>
    /// <param name="wayToEnd">How the user can have it ended.</param>
    public static AppliedRule StaysInOldWorld(StayingLoop? loop, TimeSpan grace, string wayToEnd)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{grace.TotalSeconds:0.#} s");
        return loop is null
            ? new("L022", "main", $"main has gone on in its old world for {time}, after its loop has ended", "start the program anew to run the new code")
            : new("L022", CodeNames.StepOf(loop.Step), $"{CodeNames.LoopWith(loop.Step)} (state {loop.StateType}) has stayed in its old world for {time}: iteration {loop.Turns + 1} has not come to its end",
                $"{wayToEnd} ends the iteration, and the loop goes on in the new code with the state from before it; without that it gets the new code when the iteration ends by itself");
    }

    public static AppliedRule Errors(ImmutableArray<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Count(d => d.Severity == Severity.Error);
        return new("L001", "", $"{errors} error{(errors == 1 ? "" : "s")}", "correct the source; the last good code keeps running");
    }

    /// <summary>How a rule is reported; the same rule may refuse one change and only be told of with another.</summary>
    public static RuleSeverity SeverityOf(AppliedRule rule, Verdict verdict) => rule.Id switch
    {
        "L001" or "L003" or "L005" or "L006" or "L013" or "L014" or "L015" or "L017" => RuleSeverity.Error,
        "L012" or "L016" => verdict == Verdict.Rejected ? RuleSeverity.Error : RuleSeverity.Warning,
        "L004" or "L007" or "L018" or "L022" => RuleSeverity.Warning,
        _ => RuleSeverity.Note,
    };

    public static string NameOf(RuleSeverity severity) => severity switch
    {
        RuleSeverity.Note => "note",
        RuleSeverity.Warning => "warning",
        RuleSeverity.Error => "error",
    };

    internal static ImmutableArray<AppliedRule> Of(ImmutableArray<FunctionChange> functions, StatePlanner states)
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
