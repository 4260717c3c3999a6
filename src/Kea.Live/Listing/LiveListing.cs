using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>What a running program consists of at one moment: which code is loaded, and what keeps it. Plain data.</summary>
/// <param name="Worlds">The oldest first.</param>
/// <param name="Units">In the order in which they were loaded.</param>
/// <param name="CodeBytes">Machine code of all units.</param>
public sealed record LiveListing(ImmutableArray<WorldListing> Worlds, ImmutableArray<UnitListing> Units, SlotUse Slots, long CodeBytes);

/// <param name="Versions">Versions of the program that are this world, by index; none once they are forgotten.</param>
/// <param name="IsCurrent">Whoever enters a world enters this one.</param>
/// <param name="IsKept">Rolling back can lead to it.</param>
/// <param name="Functions">Slots that mean something in it.</param>
/// <param name="Holders">Who runs in it, outermost first; empty when only the program itself keeps it.</param>
public sealed record WorldListing(
    int Number, ImmutableArray<int> Versions, bool IsCurrent, bool IsKept, int Functions, ImmutableArray<WorldHolder> Holders);

public enum WorldHolderKind
{
    /// <summary>The frames of the program's entry.</summary>
    Base,
    /// <summary>A <c>Live.loop</c>, in the turn under way or the next one.</summary>
    Loop,
    /// <summary>What was typed at a prompt, under way or waiting for its turn.</summary>
    Evaluation,
}

/// <param name="StateType">Of a loop's state.</param>
/// <param name="Step">The name of a loop's step; null for a lambda.</param>
/// <param name="Turns">Of a loop, done so far.</param>
public sealed record WorldHolder(WorldHolderKind Kind, string? StateType = null, string? Step = null, long Turns = 0);

/// <param name="Id">Never given twice while the program lives.</param>
/// <param name="Tier">0: compiled quickly; 1: optimised.</param>
/// <param name="Functions">Those that the unit can be entered by.</param>
public sealed record UnitListing(int Id, int Tier, ImmutableArray<string> Functions, long CodeBytes, ImmutableArray<UnitHolder> Holders);

public enum UnitHolderKind
{
    /// <summary>The table of a world leads to it.</summary>
    World,
    /// <summary>Frames of it are on the program's stack, in whatever world.</summary>
    Frames,
    /// <summary>Closure objects refer to its code.</summary>
    Closures,
    /// <summary>It converts states between two versions that somebody may still have to go through.</summary>
    Moves,
    /// <summary>No world leads to it; closures may, and nobody has looked yet.</summary>
    Unknown,
}

/// <param name="World">The number of a world.</param>
/// <param name="Count">How many closures, words of the stack or moves, when the program was last looked through.</param>
/// <param name="Through">What holds the closures: names of the types of objects that refer to them, if somebody has asked.</param>
public sealed record UnitHolder(UnitHolderKind Kind, int? World = null, long Count = 0, string? Through = null);

/// <param name="Used">Slots that code or values name.</param>
/// <param name="Free">Numbers that are given out again.</param>
public sealed record SlotUse(int Used, int Free);
