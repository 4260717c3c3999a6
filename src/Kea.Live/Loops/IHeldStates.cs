using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>The states that a change has to carry over: those of a running program, or all that its code could hold.</summary>
public interface IHeldStates
{
    ImmutableArray<RunningLoop> RunningLoops { get; }

    /// <summary>What <c>Live.keep</c> keeps, each type once.</summary>
    ImmutableArray<KeptState> Kept { get; }

    /// <summary>Names of functions whose code is loaded, in whatever version.</summary>
    IEnumerable<string> LoadedFunctions { get; }
}

/// <param name="Type">How the runtime names it.</param>
/// <param name="Names">Under which values of the type are kept; empty where that is not known.</param>
public sealed record KeptState(string Type, ImmutableArray<string> Names);
