using System.Diagnostics;
using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Cli.Watch;

/// <summary>
/// Tells what becomes of published versions, on the threads of the program itself: so it stands before what the new code says, and
/// behind the panic that it is about.
/// </summary>
internal sealed class MoveReports(WatchReporter report, TimeSpan probation)
{
    private readonly Lock _gate = new();
    private readonly Queue<(ReloadPlan Plan, int Version, Stopwatch Since)> _onTheirWay = [];

    /// <summary>A version is in force; that it runs is told when a loop has come to it.</summary>
    public void Expect(ReloadPlan plan, int version, Stopwatch since)
    {
        lock (_gate) _onTheirWay.Enqueue((plan, version, since));
    }

    /// <summary>Whether the program has not come to a version yet.</summary>
    public bool IsOnItsWay(int version)
    {
        lock (_gate) return _onTheirWay.Any(r => r.Version == version);
    }

    /// <summary>No loop is under way that could come to a version: whatever starts next runs it.</summary>
    public void Arrived(int version) => Tell(version, default);

    /// <summary>A program has ended, and takes with it what was on its way to it.</summary>
    public void Forget()
    {
        lock (_gate) _onTheirWay.Clear();
    }

    public void Take(LoopEvent what)
    {
        switch (what)
        {
            case LoopEvent.Moved(var version, var migrated) moved: Tell(version, new(migrated, moved.BegunAnew)); break;
            case LoopEvent.MigrationFailed(var version, var message):
                GiveUp(version);
                report.Reload($"L016: the migration of the state failed: {message}; running code and state kept");
                break;
            case LoopEvent.Refused(var version, var message):
                GiveUp(version);
                report.Reload($"L017: {message}");
                report.Reload("rejected: running code and state kept; it is tried again when its source changes");
                break;
            case LoopEvent.HookFailed(_, var message): report.Reload($"L017: {message}"); break;
            case LoopEvent.RolledBack(var version, var message, var isHook):
                GiveUp(version);
                report.Reload(isHook ? $"L018: {message}" : $"L018: the new code panicked within {probation.TotalSeconds:0.#} s: {message}");
                report.Reload("rolled back to the code and state before; it is tried again when its source changes");
                break;
            case LoopEvent.Interrupted(_, var lost):
                report.Reload(lost > 0 ? $"the iteration was ended; the state is the one from {lost} iterations before it" : "the iteration was ended and begins anew");
                break;
            case LoopEvent.OldClosuresHeld(_, var closures):
                foreach (var held in closures) report.Rule(Rules.OldClosuresHeld(held));
                break;
            case LoopEvent.Restored(_, var lost):
                report.Reload(lost > 0 ? $"rolled back; the state is the one from before the reload, without the {lost} iteration{(lost == 1 ? "" : "s")} since" : "rolled back");
                break;
        }
    }

    /// <summary>What came before it has been passed through or over, and is told with it.</summary>
    private void Tell(int version, MovedStates states)
    {
        lock (_gate)
            while (_onTheirWay.TryPeek(out var next) && next.Version <= version)
            {
                _onTheirWay.Dequeue();
                report.Updated(next.Plan, next.Version == version ? states : default, next.Since.Elapsed.TotalMilliseconds);
            }
    }

    /// <summary>What was built on it goes with it.</summary>
    private void GiveUp(int version)
    {
        Tell(version - 1, default);
        Forget();
    }
}
