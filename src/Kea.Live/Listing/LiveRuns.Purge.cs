using System.Collections.Immutable;
using System.Diagnostics;

namespace Kea.Live;

// Whether older code is still held, and ending the turns that hold it.
internal sealed unsafe partial class LiveRuns
{
    private readonly Lock _purging = new();
    /// <summary>While a purge waits for turns to end: those that have.</summary>
    private List<EndedTurn>? _endedByPurge;

    /// <summary>Loops that have not come to the newest version.</summary>
    public ImmutableArray<StayingLoop> Staying
    {
        get
        {
            lock (_gate)
                return [.. _loops.Where(l => l.Version < Timeline.Last.Index)
                    .Select(l => new StayingLoop(TextOf(l.Raw->Type), StepOf(l.Raw), l.Raw->Turns, (l.Entered ?? Around(l)).Number, l.Version, IsLeftBehind(l)))];
        }
    }

    /// <param name="endsTurns">Turns that stay in older code are ended; else they are only told of.</param>
    public PurgeReport Purge(TimeSpan patience, bool endsTurns)
    {
        lock (_purging)
        {
            var since = Stopwatch.StartNew();
            var before = List();
            var ended = new List<EndedTurn>();
            lock (_gate) _endedByPurge = ended;
            bool asks = false, hasLooked, goesOn;
            do
            {
                bool waits;
                lock (_gate)
                {
                    if (endsTurns) asks |= EndsStayingTurns();
                    waits = AsksForLook();
                }
                var left = patience - since.Elapsed;
                hasLooked = !waits || (left > TimeSpan.Zero && _looked.Wait(left));
                // A loop inside the one that is to end may have come to a reload point of its own before.
                goesOn = asks && waits && hasLooked && HasStaying();
            }
            while (goesOn);
            lock (_gate)
            {
                _endedByPurge = null;
                return Report(before, List(), hasLooked, [.. ended], isProgramEnded: asks && _base is null);
            }
        }
    }

    /// <summary>
    /// A loop is never in an older version than those around it: if several stay, so does the outermost. Nothing that came to a
    /// reload point since is ended, as no loop passes one while the lock is held.
    /// </summary>
    private bool EndsStayingTurns()
    {
        if (_waiting != 0 || _evaluating is not null || !HasStaying()) return false;
        _interruptions.Ask(_loops.Count == 1 ? InterruptScope.Innermost : InterruptScope.Outermost);
        return true;
    }

    private bool HasStaying()
    {
        lock (_gate) return _loops.Exists(l => l.Version < Timeline.Last.Index && !IsLeftBehind(l));
    }

    private PurgeReport Report(LiveListing before, LiveListing now, bool hasLooked, ImmutableArray<EndedTurn> ended, bool isProgramEnded)
    {
        var left = now.Units.Select(u => u.Id).ToHashSet();
        var freed = before.Units.Where(u => !left.Contains(u.Id)).ToArray();
        return new PurgeReport(
            hasLooked, ended, isProgramEnded, freed.Length, freed.Sum(u => u.CodeBytes), Staying,
            [.. now.Worlds.Where(w => !w.IsCurrent && !w.IsKept)], _oldClosures, [.. now.Units.Where(IsOnlyInFrames).SelectMany(u => u.Functions.Select(CodeNames.FunctionOf)).Distinct()]);
    }

    private static bool IsOnlyInFrames(UnitListing unit) =>
        unit.Holders.Any(h => h.Kind == UnitHolderKind.Frames) && unit.Holders.All(h => h.Kind == UnitHolderKind.Frames);
}
