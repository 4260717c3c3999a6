using System.Text;
using Kea.Live;

namespace Kea.Driver;

/// <summary>A reload plan for people, a line for each thing that would happen.</summary>
public static class PlanText
{
    public static string Of(ReloadPlan plan)
    {
        var text = new StringBuilder(VerdictOf(plan.Verdict));
        foreach (var function in plan.Functions)
        {
            text.Append("\n  ").Append(function.Kind switch { ChangeKind.Added => "+ ", ChangeKind.Removed => "- ", _ => "~ " }).Append(function.Name);
            if (function.NewSignature is { } signature) text.Append(": ").Append(function.OldSignature).Append("  =>  ").Append(signature);
        }
        foreach (var layout in plan.Layouts)
        {
            text.Append("\n  type ").Append(layout.Type);
            if (!layout.Holders.IsEmpty) text.Append(", held by ").AppendJoin(", ", layout.Holders);
            foreach (var difference in layout.Differences) text.Append("\n    ").Append(difference);
        }
        foreach (var rule in plan.Rules)
        {
            text.Append("\n  ").Append(rule.Id).Append(": ").Append(rule.Message);
            if (rule.WayOut.Length > 0) text.Append("\n    = help: ").Append(rule.WayOut);
        }
        return text.ToString();
    }

    private static string VerdictOf(Verdict verdict) => verdict switch
    {
        Verdict.Nothing => "nothing to do",
        Verdict.Swap => "swap",
        Verdict.SwapWithMigration => "swap with migration",
        Verdict.Restart => "restart",
        Verdict.Rejected => "rejected",
    };
}
