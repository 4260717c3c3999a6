using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>What came of comparing two states; <c>KEA_COMPARE_…</c> of <c>kea/compare.h</c>.</summary>
internal enum Comparison { Equal, Different, GivenUp }

/// <summary>Who holds a state that a version migrates.</summary>
/// <param name="Name">The step of a loop, null for a lambda; or the name under which <c>Live.keep</c> keeps a value.</param>
/// <param name="FromType">What the state is, and what it is to become.</param>
public sealed record TriedState(bool IsKept, string? Name, string FromType, string ToType)
{
    /// <summary>To stand in a sentence.</summary>
    public string Holder => IsKept ? $"Live.keep(\"{Name}\")" : CodeNames.LoopWith(Name);

    /// <summary>What the state is, as people call it.</summary>
    public string Type => CodeNames.TypeOf(FromType);
}

/// <summary>A finding of a trial that does not keep the version from being published.</summary>
public abstract record TrialNote
{
    private TrialNote(TriedState state) => State = state;
    public TriedState State { get; }

    /// <summary>The inverse did not lead back to the state: rolling back takes the state from before instead.</summary>
    /// <param name="Why">What it said, or empty if it gave another state.</param>
    public sealed record NoWayBack(TriedState State, string Why) : TrialNote(State);

    public sealed record NotTried(TriedState State, NotTriedReason Reason) : TrialNote(State);
}

public enum NotTriedReason
{
    /// <summary>The loop did not come to a reload point in time, or is around another one that runs on.</summary>
    NoReloadPoint,
    /// <summary>A copy of the state would take too much time and memory.</summary>
    TooLarge,
}

/// <summary>What came of publishing a version.</summary>
public abstract record PublishOutcome
{
    private PublishOutcome() { }

    /// <param name="World">The number of the new world.</param>
    /// <param name="Version">The index of the version.</param>
    public sealed record Published(int World, int Version, ImmutableArray<TrialNote> Notes) : PublishOutcome;

    /// <summary>A migration failed on a state that is held. Nothing has been published, and nothing has changed.</summary>
    /// <param name="Why">What it said.</param>
    public sealed record MigrationFailed(TriedState State, string Why) : PublishOutcome;

    /// <summary>The program has gone back from the version that this one was made for. Nothing has been published.</summary>
    public sealed record Overtaken : PublishOutcome;
}
