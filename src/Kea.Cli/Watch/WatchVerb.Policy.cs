using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Cli.Watch;

/// <summary>What is said about a change that meets state that cannot be carried over (L012), under each policy.</summary>
internal sealed partial class WatchVerb
{
    private void SayPolicy(LiveSession session, ReloadPlan plan)
    {
        if (!plan.Rules.Any(r => r.Id == "L012")) return;
        switch (_settings.Policy)
        {
            case IncompatiblePolicy.Ask when plan.Verdict == Verdict.Rejected && _keys is { AreTaken: true }:
                _report.Reload("press r to start the program anew with the new code; without that it goes on as it is");
                break;
            case IncompatiblePolicy.Ask when plan.Verdict == Verdict.Rejected:
                _report.Reload("--on-incompatible ask: there is no terminal to ask on, so it stays refused");
                break;
            case IncompatiblePolicy.Migrate when plan.Verdict == Verdict.Restart:
                var kept = session.Program.Kept.SelectMany(k => k.Names).Order(StringComparer.Ordinal).Select(n => $"\"{n}\"").ToArray();
                _report.Reload("--on-incompatible migrate: what a loop begins with is made by main, so the program starts anew"
                    + (kept.Length > 0 ? $", and what Live.keep keeps is lost: {string.Join(", ", kept)}" : ""));
                break;
            case IncompatiblePolicy.Ask or IncompatiblePolicy.Migrate or IncompatiblePolicy.Refuse or IncompatiblePolicy.Restart: break;
        }
    }
}
