using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>What a purge has done, and what of older code is held after it. Plain data.</summary>
/// <param name="HasLooked">The program has come to a reload point in time. If not, what is said of closures is from the time before.</param>
/// <param name="Ended">Turns that it has ended, with the loops that were under way in them.</param>
/// <param name="IsProgramEnded">There was no state from before such a turn, so the program has ended with it.</param>
/// <param name="FreedUnits">Units of code that nothing led to.</param>
/// <param name="Loops">Those that have not come to the newest version.</param>
/// <param name="Worlds">Worlds that are neither current nor kept for rolling back. One without holders is on the way that states take between two versions, or was rolled back from.</param>
/// <param name="Frames">Functions of code that no world leads to, and that words of the program's stack lead to: closures that are under way.</param>
public sealed record PurgeReport(
    bool HasLooked, ImmutableArray<EndedTurn> Ended, bool IsProgramEnded, int FreedUnits, long FreedBytes,
    ImmutableArray<StayingLoop> Loops, ImmutableArray<WorldListing> Worlds, ImmutableArray<OldClosures> Closures, ImmutableArray<string> Frames)
{
    /// <summary>Somebody runs in older code, or may come to it.</summary>
    public bool IsHeld => !Loops.IsEmpty || !Closures.IsEmpty || !Frames.IsEmpty || Worlds.Any(w => !w.Holders.IsEmpty);
}

/// <param name="LostTurns">Earlier iterations whose effect on the state is gone too.</param>
public sealed record EndedTurn(string StateType, string? Step, long LostTurns);

/// <summary>A loop in older code.</summary>
/// <param name="Step">The name of its step; null for a lambda.</param>
/// <param name="Turns">Done so far.</param>
/// <param name="IsForGood">It cannot leave this code: what its state would have to go through is forgotten.</param>
public sealed record StayingLoop(string StateType, string? Step, long Turns, int World, int Version, bool IsForGood);
