using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Live;

/// <summary>A function of the program that runs around a reload (10.10).</summary>
/// <param name="Name">As the source has it, with its module.</param>
/// <param name="Entry">Without parameters; returns 0, or 1 after a failure with its text in the run's message.</param>
public sealed record ReloadHook(string Name, string Module, FunctionId Entry);

/// <summary>
/// The hooks of the modules that a batch replaces, in the order in which they run: what takes down with users first, what puts
/// up with what is used first.
/// </summary>
/// <param name="OldBefore">Run before the move to the new version, in the old one.</param>
/// <param name="NewAfter">Run after it, in the new one.</param>
/// <param name="NewBefore">Run before going back from the new version, in it.</param>
/// <param name="OldAfter">Run when the old version has come back.</param>
public sealed record ReloadHooks(
    ImmutableArray<ReloadHook> OldBefore, ImmutableArray<ReloadHook> NewAfter, ImmutableArray<ReloadHook> NewBefore, ImmutableArray<ReloadHook> OldAfter)
{
    public static readonly ReloadHooks None = new([], [], [], []);
}

/// <summary>A hook as the runtime can call it.</summary>
internal sealed record LoadedHook(string Name, string Module, nint Code);

internal sealed record LoadedHooks(ImmutableArray<LoadedHook> Before, ImmutableArray<LoadedHook> After, ImmutableArray<LoadedHook> BeforeBack, ImmutableArray<LoadedHook> AfterBack)
{
    public static readonly LoadedHooks None = new([], [], [], []);

    public bool IsEmpty => Before.IsEmpty && After.IsEmpty;

    /// <summary>Those of the way back.</summary>
    public LoadedHooks Reversed => new(BeforeBack, AfterBack, Before, After);
}
