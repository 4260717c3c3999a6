using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>What happened to running loops, told on a thread of the program; whoever listens must be quick and may not throw.</summary>
public abstract record LoopEvent
{
    private LoopEvent() { }

    /// <summary>A loop runs in a version now.</summary>
    /// <param name="Migrated">Its own state and values of <c>Live.keep</c> that were migrated on the way.</param>
    public sealed record Moved(int Version, int Migrated) : LoopEvent
    {
        /// <summary>Values of <c>Live.keep</c> that are gone, and are made anew when they are asked for.</summary>
        public int BegunAnew { get; init; }
    }

    /// <summary>L016: a migration failed or panicked; the program is back in the version before.</summary>
    public sealed record MigrationFailed(int Version, string Message) : LoopEvent;

    /// <summary>L017: a hook that runs before the reload failed or panicked; the program stays in the version before.</summary>
    public sealed record Refused(int Version, string Message) : LoopEvent;

    /// <summary>A hook failed on a way back, which was gone all the same.</summary>
    public sealed record HookFailed(int Version, string Message) : LoopEvent;

    /// <summary>L018: new code, or a hook that runs after the reload, panicked within its probation; the program goes back to the version before.</summary>
    /// <param name="Message">What the panic said, or which hook did what.</param>
    public sealed record RolledBack(int Version, string Message, bool IsHook = false) : LoopEvent;

    /// <summary>A turn was ended by <see cref="LiveProgram.Interrupt"/>; the loop goes on with a state from before it.</summary>
    /// <param name="LostTurns">Earlier iterations whose effect on the state is gone too.</param>
    public sealed record Interrupted(InterruptScope Scope, long LostTurns) : LoopEvent;

    /// <summary>L020: closures of code that a reload has replaced are still held, after a turn in the new code.</summary>
    /// <param name="Version">The last one that has replaced some of it.</param>
    public sealed record OldClosuresHeld(int Version, ImmutableArray<OldClosures> Closures) : LoopEvent;

    /// <summary>A rollback that was asked for has been done, with the state as it was before the reload where there is no inverse.</summary>
    /// <param name="LostTurns">Iterations whose effect on the state is gone.</param>
    public sealed record Restored(int Version, long LostTurns) : LoopEvent;
}

/// <summary>A loop that is under way, as a reload plan needs to know it.</summary>
/// <param name="StateType">The name of the type that its state has, in the newest version.</param>
/// <param name="Step">The step's closure code there when it is a named function; null for a lambda.</param>
public sealed record RunningLoop(string StateType, SlotKey? Step);
