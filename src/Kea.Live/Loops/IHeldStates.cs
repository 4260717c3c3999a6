using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>The states that a change has to carry over: those of a running program, or all that its code could hold.</summary>
public interface IHeldStates
{
    ImmutableArray<RunningLoop> RunningLoops { get; }

    /// <summary>Types of values that <c>Live.keep</c> keeps.</summary>
    ImmutableArray<string> KeptTypes { get; }
}
