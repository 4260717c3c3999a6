using Kea.Types.Exhaustiveness;

namespace Kea.Types.Inference;

/// <summary>Exhaustiveness and reachability of matches (4.13), once all types are known.</summary>
internal sealed partial class BodyChecker
{
    private void CheckCoverage()
    {
        foreach (var (typed, syntax) in _matches)
        {
            var arms = ImmutableArray.CreateRange(typed.Arms, a => new MatchArm(a.Pattern, a.Guard is not null));
            var coverage = Exhaustive.Check(typed.Scrutinee.Type, arms);
            if (!coverage.IsExhaustive)
                Error("E0007", new TextSpan(syntax.Span.Start, syntax.Scrutinee.Span.End), $"non-exhaustive case expression, missing: {coverage.MissingText}", "",
                    "add arms for these values, or `_`");
            foreach (var unreachable in coverage.Unreachable)
                _bag.Warning("W1002", At(unreachable.Span), unreachable.Reason switch
                {
                    UnreachableReason.Covered => unreachable.IsAlternative ? "unreachable case arm: this alternative can never match" : "unreachable case arm",
                    UnreachableReason.Contradiction => "unreachable constructor arm",
                }, unreachable.Reason == UnreachableReason.Covered ? "earlier arms match all of it" : "the value cannot be this constructor");
        }
    }
}
