using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>What the runtime has found about a hook; <c>KEA_HOOK_…</c> of its header.</summary>
internal enum HookAnswer { None, Done, Failed, Panicked }

/// <summary>
/// Hooks (10.10): the runtime calls them at the reload point of the first loop that comes to a version, as frames of the program
/// with no managed frame below, so that a hook may do what any function may. For each it leaves this side and comes back.
/// </summary>
/// <remarks>
/// before hooks of the old code → the loop and kept values move → after hooks of the new code. While a hook runs nothing is
/// locked, and loops that it begins itself stay in the world that it was called in.
/// </remarks>
internal sealed unsafe partial class LiveRuns
{
    /// <summary>How far the hooks of one direction have run: those of a version, up to the next one.</summary>
    private record struct Progress(int Version, int Next);

    private sealed record Asked(nint Loop, LiveVersion Version, LoadedHook Hook, bool IsBefore);

    /// <summary>The version that was taken out of force last because it failed; 0 for none.</summary>
    public int GivenUp { get; private set; }

    private Progress _before, _after;
    private Asked? _asked;

    private void HooksStart() => (_before, _after, _asked) = (new Progress(Timeline.Last.Index, 0), new Progress(Timeline.Last.Index, int.MaxValue), null);

    /// <summary>A loop that a hook has begun.</summary>
    private bool IsInsideHook(LoopRaw* raw) => _asked is { } asked && asked.Loop != (nint)raw;

    /// <summary>Hands the runtime a hook that is to run before the loop goes on; false if there is none.</summary>
    private bool AsksBefore(LoopRaw* raw, LiveVersion to) => Asks(raw, to, ref _before, to.Hooks.Before, isBefore: true);

    private bool AsksAfter(LoopRaw* raw, Loop loop) =>
        Timeline.At(loop.Version) is { } at && Asks(raw, at, ref _after, at.Hooks.After, isBefore: false);

    private bool Asks(LoopRaw* raw, LiveVersion version, ref Progress progress, ImmutableArray<LoadedHook> hooks, bool isBefore)
    {
        if (progress.Version < version.Index) progress = new Progress(version.Index, 0);
        if (progress.Version > version.Index || progress.Next >= hooks.Length) return false;
        var hook = hooks[progress.Next++];
        _asked = new Asked((nint)raw, version, hook, isBefore);
        raw->Hook = hook.Code;
        return true;
    }

    /// <summary>A hook has run for this loop.</summary>
    private void HookAnswered(nint context, Loop loop)
    {
        var (asked, answer) = (_asked!, (HookAnswer)loop.Raw->Answer);
        (_asked, loop.Raw->Answer) = (null, (long)HookAnswer.None);
        if (answer == HookAnswer.Done) return;
        var (hook, version) = ($"@{(asked.IsBefore ? "before_reload" : "after_reload")} function {asked.Hook.Name}", asked.Version);
        var why = $"{(answer == HookAnswer.Panicked ? "panicked" : "failed")}{(_runtime.MessageOf(context) is { Length: > 0 } text ? $": {text}" : "")}";
        // Who goes back has a reason to, which a hook does not change.
        if (version.IsRollback) Tell(new LoopEvent.HookFailed(version.Index, $"{hook} {why}"));
        else if (asked.IsBefore)
        {
            // What other modules have taken down by then, they put up again.
            var done = version.Hooks.Before.Take(_before.Next - 1).Select(h => h.Module).ToHashSet(StringComparer.Ordinal);
            Retract(version, [.. version.Hooks.AfterBack.Where(h => done.Contains(h.Module))]);
            Tell(new LoopEvent.Refused(version.Index, $"{hook} {why}"));
        }
        else
        {
            if (loop.Arrived is { } arrived) Tell(arrived);
            loop.Arrived = null;
            Tell(Retract(version, version.Hooks.AfterBack) ? new LoopEvent.RolledBack(version.Index, $"{hook} {why}", IsHook: true) : new LoopEvent.HookFailed(version.Index, $"{hook} {why}"));
        }
    }

    /// <summary>
    /// Takes a version out of force, and all that was built on it. Loops that have not come to it pass over it; those that have go
    /// back from it at their next reload points.
    /// </summary>
    /// <param name="after">The hooks that run where the version before has come back.</param>
    /// <remarks>Whoever asks next for the version in force is told which one it was.</remarks>
    /// <returns>False, and it stays, if the version before is not known any more.</returns>
    private bool Retract(LiveVersion version, ImmutableArray<LoadedHook> after)
    {
        if (version.IsRollback || version.Before?.Content is not { } before) return false;
        var built = Timeline.After(version.Index - 1).Where(v => !v.IsRollback && IsBuiltOn(v, version)).ToArray();
        while (IsBuiltOn(Timeline.Last.Content, version))
        {
            var hooks = Timeline.Last.Content == version ? LoadedHooks.None with { After = after } : LoadedHooks.None;
            if (AppendRollback(hooks) is not { } back) return false;
            back.IsRetreat = true;
        }
        foreach (var gone in built)
            gone.GivenUpFor ??= Timeline.After(gone.Index).FirstOrDefault(v => v.IsRollback && v.Content == gone.Before?.Content);
        GivenUp = version.Index;
        Signal();
        return version.GivenUpFor is not null;
    }

    private static bool IsBuiltOn(LiveVersion content, LiveVersion version)
    {
        for (var at = content; at is not null; at = at.Before?.Content)
            if (at == version) return true;
        return false;
    }

    /// <summary>From before a version that was given up to where its time has passed: the same code and types again.</summary>
    private void PassOver(nint context, Loop loop, LiveVersion gone)
    {
        var to = gone.GivenUpFor!;
        var world = _publisher.Enter(to.World);
        _runtime.EnterWorld(context, world.Table, world.Number);
        Leave(loop);
        (loop.Entered, loop.Version) = (world, to.Index);
        if (_keptVersion < gone.Index) _keptVersion = to.Index;
        Settle();
    }
}
