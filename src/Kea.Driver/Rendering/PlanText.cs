using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Driver;

/// <summary>A reload plan for people: the verdict, then a line for each thing that would happen.</summary>
public static class PlanText
{
    public static string Of(ReloadPlan plan)
    {
        var text = new StyledText();
        Render(text, plan);
        return text.ToString().TrimEnd('\n');
    }

    public static void Render(StyledText text, ReloadPlan plan)
    {
        text.Line(VerdictOf(plan.Verdict), plan.Verdict == Verdict.Rejected ? TextRole.Error : TextRole.Title);
        foreach (var function in plan.Functions) Function(text, function);
        foreach (var layout in plan.Layouts) Layout(text, layout);
        foreach (var rule in plan.Rules) Rule(text, rule, plan.Verdict);
    }

    private static void Function(StyledText text, FunctionChange function)
    {
        text.Add(function.Kind switch
        {
            ChangeKind.Changed => "  ~ ",
            ChangeKind.Added => "  + ",
            ChangeKind.Removed => "  - ",
        }, TextRole.Accent).Line(function.Name);
        if (function is not { OldSignature: { } old, NewSignature: { } now }) return;
        text.Add("      was ", TextRole.Muted).Line(old).Add("      now ", TextRole.Muted).Line(now);
    }

    private static void Layout(StyledText text, LayoutChange layout)
    {
        text.Add("  type ", TextRole.Accent).Add(layout.Type);
        if (!layout.Holders.IsEmpty) text.Add($", held by {string.Join(", ", layout.Holders)}", TextRole.Muted);
        text.Line();
        foreach (var difference in layout.Differences) text.Line($"      {difference}");
    }

    private static void Rule(StyledText text, AppliedRule rule, Verdict verdict)
    {
        var severity = Rules.SeverityOf(rule, verdict);
        var role = severity switch
        {
            RuleSeverity.Error => TextRole.Error,
            RuleSeverity.Warning => TextRole.Warning,
            RuleSeverity.Note => TextRole.Info,
        };
        text.Add($"  {Rules.NameOf(severity)}[{rule.Id}]", role).Line($": {rule.Message}");
        if (rule.WayOut.Length > 0) text.Add("    = help: ", TextRole.Muted).Line(rule.WayOut);
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
