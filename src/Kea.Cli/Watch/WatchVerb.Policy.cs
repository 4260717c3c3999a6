using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Cli.Watch;

/// <summary>What is said about a change that was refused because of state that cannot be carried over (L012), under each policy.</summary>
internal sealed partial class WatchVerb
{
    private void SayPolicy(ReloadPlan plan)
    {
        if (plan.Verdict != Verdict.Rejected || !plan.Rules.Any(r => r.Id == "L012")) return;
        switch (_settings.Policy)
        {
            case IncompatiblePolicy.Ask when _keys is { AreTaken: true }:
                _report.Reload("press r to start the program anew with the new code; without that it goes on as it is");
                break;
            case IncompatiblePolicy.Ask:
                _report.Reload("--on-incompatible ask: there is no terminal to ask on, so it stays refused");
                break;
            case IncompatiblePolicy.Migrate:
                _report.Reload("--on-incompatible migrate: there are no actors that could be restarted, and what Live.loop began with is a value of code that is running, so it stays refused");
                break;
            case IncompatiblePolicy.Refuse or IncompatiblePolicy.Restart: break;
        }
    }
}
