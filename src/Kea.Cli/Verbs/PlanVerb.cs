using Kea.Driver;
using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Cli;

/// <summary><c>kea plan OLD NEW</c> (14.3.2): the plan is the result, and a change that would be rejected fails the command.</summary>
internal static class PlanVerb
{
    public static int Execute(PlanOptions options, Terminal terminal)
    {
        var (plan, diagnostics) = VersionPlan.Between(ToolchainPaths.Find(), options.Old, options.New);
        Reporting.Fails(diagnostics, options, terminal);
        if (plan is null) return 1;
        if (options.Json) terminal.Output.WriteLine(PlanJson.Of(plan));
        else
        {
            Reporting.Fails(plan.Diagnostics, options, terminal);
            var text = new StyledText();
            PlanText.Render(text, plan);
            terminal.WriteResult(text);
        }
        return plan.Verdict == Verdict.Rejected ? 1 : 0;
    }
}
