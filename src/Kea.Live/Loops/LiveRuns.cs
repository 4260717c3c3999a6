using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Kea.Live;

/// <summary>
/// The runtime's loops and kept values seen from here: moves them to new versions at their reload points, and back when new
/// code panics within its probation.
/// </summary>
/// <remarks>
/// The hooks run on threads of the program, between two iterations; publishing and rolling back come from other threads. One lock
/// orders them. While a migration runs, which is code of the program, the lock is held: a migration is pure and reaches no hook.
/// </remarks>
internal sealed unsafe partial class LiveRuns : IDisposable
{
    private const int TagOffset = 6, HaltTag = 1;

    private readonly Lock _gate = new();
    private readonly Publisher _publisher;
    private readonly RuntimeLibrary _runtime;
    private readonly LiveOptions _options;
    private readonly Interruptions _interruptions;
    private readonly GCHandle _self;
    private readonly HooksRaw* _hooks;
    private readonly List<Loop> _loops = [];
    private readonly Dictionary<nint, (string Name, string Type)> _kept = [];
    private readonly HashSet<nint> _forgotten = [];
    private readonly Timer _probationEnd;
    private World? _base;
    private int _startVersion, _keptVersion;
    private volatile int _stopStatus = -1;

    public LiveRuns(Publisher publisher, RuntimeLibrary runtime, Interruptions interruptions, LiveOptions options)
    {
        (_publisher, _runtime, _interruptions, _options) = (publisher, runtime, interruptions, options);
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _hooks = (HooksRaw*)NativeMemory.AllocZeroed((nuint)sizeof(HooksRaw));
        *_hooks = new HooksRaw { User = GCHandle.ToIntPtr(_self), ReloadPoint = &OnReloadPoint, Panicked = &OnPanicked, Ended = &OnEnded, Kept = &OnKept, Reads = &OnReads, SafeNanos = (long)(options.SafeStates.TotalMilliseconds * 1e6) };
        _probationEnd = new Timer(_ => Signal());
        Timeline = new Timeline(publisher.Enter(), options.KeptVersions);
    }

    public nint Hooks => (nint)_hooks;
    public Timeline Timeline { get; }

    /// <summary>Set before a program runs.</summary>
    public Action<LoopEvent>? Listener { get; set; }

    /// <summary>
    /// Called between any two turns of the outermost loop, before it moves, and with what the program has printed written: whoever
    /// feeds a program its work lets it wait here. Set before a program runs.
    /// </summary>
    public Action? BetweenTurns { get; set; }

    /// <summary>Called before a run first reads standard input; returns what was typed for it before. Set before a program runs.</summary>
    public Func<byte[]>? InputTaken { get; set; }

    public int CurrentContent { get { lock (_gate) return Timeline.Last.Content.Index; } }
    public ImmutableHashSet<int> HeldVersions { get { lock (_gate) return Timeline.Contents; } }
    public int CurrentVersion { get { lock (_gate) return Timeline.Last.Index; } }

    public ImmutableArray<RunningLoop> Running
    {
        get { lock (_gate) return [.. _loops.Select(Newest)]; }
    }

    /// <summary>The world has been published; loops go there at their next reload points.</summary>
    public int Append(World world, LoadedMoves moves, LoadedHooks hooks, Action<int> published)
    {
        lock (_gate)
        {
            var version = Timeline.Append(world, moves, hooks);
            _publisher.Pin([], version.Codes);
            published(version.Index);
            Settle();
            Signal();
            return version.Index;
        }
    }

    /// <returns>The index of the new version, which is an older one again; null when there is none to go back to.</returns>
    public int? RollBack()
    {
        lock (_gate)
        {
            if (AppendRollback() is not { } version) return null;
            Settle();
            Signal();
            return version.Index;
        }
    }

    /// <summary>Ends programs at their next reload points.</summary>
    /// <remarks>Without the lock, which an endless migration may hold.</remarks>
    public void Stop(int status)
    {
        _stopStatus = status;
        Signal();
    }

    /// <summary>A run that did not come back through its loops, such as by an exit, is over: nothing of it is left.</summary>
    public void RunEnded()
    {
        lock (_gate)
        {
            EndEvaluations();
            EndTrial();
            ForgetReplaced();
            foreach (var loop in _loops) Leave(loop);
            _loops.Clear();
            _kept.Clear();
            _forgotten.Clear();
            _keptPast.Clear();
            (_stopStatus, _base, _asked, _waiting) = (-1, null, null, 0);
            _oldClosures = [];
            _looked.Set();
            _publisher.RunEnds();
            Settle();
        }
    }

    public void Dispose()
    {
        _probationEnd.Dispose();
        _looked.Dispose();
        NativeMemory.Free(_hooks);
        _self.Free();
    }

    private sealed class Loop(LoopRaw* raw, int version, int outerVersion, string outerType)
    {
        public LoopRaw* Raw { get; } = raw;
        public int Version { get; set; } = version;

        /// <summary>The version of the frames around it.</summary>
        public int OuterVersion { get; } = outerVersion;

        /// <summary>What they take the state to be.</summary>
        public string OuterType { get; } = outerType;

        public bool IsToldToStay { get; set; }

        /// <summary>The world that it has entered by itself.</summary>
        public World? Entered { get; set; }
        public DateTime ProbationEnd { get; set; }

        /// <summary>What is told of its last move when the hooks after it have run.</summary>
        public LoopEvent? Arrived { get; set; }

        /// <summary>Boxes from before migrations, by the version that migrated; owned.</summary>
        public List<(int Version, nint Box, long Turns)> Past { get; } = [];
    }

    /// <summary>A loop as it will be when it has gone through all versions that there are.</summary>
    private RunningLoop Newest(Loop loop)
    {
        var code = NewestCode(loop);
        return new RunningLoop(TextOf(code.Type), _publisher.KeyOfClosure(code.Step));
    }

    private LoopCode NewestCode(Loop loop)
    {
        var code = new LoopCode(loop.Raw->Step, loop.Raw->Turn, loop.Raw->Type);
        foreach (var version in IsLeftBehind(loop) ? [] : Timeline.After(loop.Version))
            if (version.Loops.FirstOrDefault(m => m.From.Step == code.Step) is { } move) code = move.To;
        return code;
    }

    /// <param name="hooks">Instead of all those of the way back.</param>
    private LiveVersion? AppendRollback(LoadedHooks? hooks = null)
    {
        if (Timeline.AppendRollback(_publisher.Restore, hooks) is not { } version) return null;
        _publisher.Pin(version.Immortals, version.Codes);
        return version;
    }

    /// <summary>Worlds in which contexts are, and those that loops will go through on their way to the newest.</summary>
    private HashSet<World> Occupied()
    {
        var worlds = new HashSet<World>();
        if (_base is { } bottom) worlds.Add(bottom);
        if (_evaluating is { } evaluating) worlds.Add(evaluating.World);
        foreach (var evaluation in _evaluations) worlds.Add(evaluation.World);
        foreach (var loop in _loops)
        {
            worlds.Add(loop.Entered ?? Around(loop));
            foreach (var version in Timeline.After(loop.Version)) worlds.Add(version.World);
        }
        return worlds;
    }

    private void Signal() => Interlocked.Increment(ref _hooks->Signal);

    /// <summary>Lets go of versions that nobody needs.</summary>
    private void Settle()
    {
        var oldest = _base is null ? Timeline.Last.Index : _startVersion;
        foreach (var loop in _loops) oldest = Math.Min(oldest, Math.Min(loop.Version, loop.OuterVersion));
        foreach (var version in Timeline.Trim(oldest))
        {
            _publisher.Leave(version.World);
            _publisher.Unpin(version.Immortals, version.Codes);
        }
    }

    private long ReloadPoint(nint context, LoopRaw* raw)
    {
        var status = Follow(context, raw);
        if (status < 0 && raw->Hook == 0) Evaluate(context, raw);
        return status;
    }

    /// <summary>Lets a loop go to the newest version.</summary>
    /// <returns>The status that the program is to end with; less than zero when it goes on.</returns>
    private long Follow(nint context, LoopRaw* raw)
    {
        var waits = BetweenTurns is not null && raw->Answer == (long)HookAnswer.None && IsOutermost(raw);
        if (waits)
        {
            _runtime.Flush(context);
            _interruptions.End(context);
            lock (_gate)
            {
                _waiting = context;
                EndTrial();
            }
            BetweenTurns!();
            lock (_gate) _waiting = 0;
            _interruptions.Begin(context);
        }
        lock (_gate)
        {
            var signal = Volatile.Read(ref _hooks->Signal);
            if (_stopStatus >= 0) return _stopStatus;
            LetGo(context);
            var loop = Find(raw);
            if (raw->Answer != (long)HookAnswer.None) HookAnswered(context, loop);
            var before = loop.Version;
            var goesOn = IsInsideHook(raw) || MoveOn(context, loop);
            // What was kept may have another type.
            if (loop.Version != before) ForgetSafe(context, raw);
            if (!goesOn) return -1;
            TryIfAsked(context, loop);
            if (_stopStatus >= 0) return _stopStatus;
            var onProbation = DateTime.UtcNow < loop.ProbationEnd;
            raw->KeepsSafe = onProbation ? 1 : 0;
            if (!onProbation && _hooks->SafeNanos == 0) ForgetSafe(context, raw);
            LookIfWanted(context, raw);
            // Another number than the signal has: the loop comes back after its next turn.
            raw->Seen = AwaitsOldClosures(context, raw, hasMoved: loop.Version != before) || waits ? signal - 1 : signal;
            return -1;
        }
    }

    private void ForgetSafe(nint context, LoopRaw* raw)
    {
        if (raw->Safe != 0) _runtime.Drop(context, raw->Safe);
        (raw->Safe, raw->SafeDue) = (0, 0);
    }

    /// <summary>To the newest version, one by one.</summary>
    /// <returns>False if a hook is to run first; the loop then comes again.</returns>
    private bool MoveOn(nint context, Loop loop)
    {
        while (true)
        {
            if (AsksAfter(loop.Raw, loop)) return false;
            if (loop.Arrived is { } arrived) Tell(arrived);
            if (loop.Arrived is LoopEvent.Moved(var moved, _)) GatherReplaced(moved);
            loop.Arrived = null;
            if (IsLeftBehind(loop))
            {
                Stay(loop);
                return true;
            }
            if (Timeline.After(loop.Version).FirstOrDefault() is not { } to) return true;
            if (to.GivenUpFor is not null) PassOver(context, loop, to);
            else if (AsksBefore(loop.Raw, to)) return false;
            else if (!Move(context, loop, to) && to.GivenUpFor is null) return true;
        }
    }

    /// <summary>What its state would have to go through is forgotten.</summary>
    private bool IsLeftBehind(Loop loop) => loop.Version < Timeline.Cut;

    private void Stay(Loop loop)
    {
        if (loop.IsToldToStay) return;
        loop.IsToldToStay = true;
        Tell(new LoopEvent.MigrationFailed(Timeline.Last.Index,
            $"states have changed more than {Timeline.MovesMax} times since the code that began this loop, which stays in that code until the program is started anew"));
    }

    private bool IsOutermost(LoopRaw* raw)
    {
        lock (_gate) return _loops.Count == 0 || _loops[0].Raw == raw;
    }

    private Loop Find(LoopRaw* raw)
    {
        for (var i = _loops.Count - 1; i >= 0; i--)
            if (_loops[i].Raw == raw) return _loops[i];
        var version = _loops.Count > 0 ? _loops[^1].Version : _startVersion;
        var made = new Loop(raw, version, version, TextOf(raw->Type));
        _loops.Add(made);
        return made;
    }

    /// <summary>A run begins in the newest world, and holds it until it ends.</summary>
    public void RunStarts(World world)
    {
        _publisher.RunBegins();
        lock (_gate)
        {
            (_base, _startVersion, _keptVersion) = (world, Timeline.Last.Index, Timeline.Last.Index);
            HooksStart();
        }
    }

    /// <summary>The world of the frames around a loop.</summary>
    private World Around(Loop loop)
    {
        for (var i = _loops.IndexOf(loop) - 1; i >= 0; i--)
            if (_loops[i].Entered is { } entered) return entered;
        return _base!;
    }

    /// <param name="interrupted">Why the turn ended, if that was asked for.</param>
    private bool Panicked(nint context, LoopRaw* raw, InterruptScope? interrupted)
    {
        lock (_gate)
        {
            // It ends at the reload point that it comes to now.
            if (_stopStatus >= 0) return true;
            var loop = Find(raw);
            if (interrupted is { } scope) return GoOn(raw, scope);
            if (DateTime.UtcNow >= loop.ProbationEnd || raw->Safe == 0 || Timeline.At(loop.Version) is not { } version) return false;
            if (version.GivenUpFor is not null || !Retract(version, version.Hooks.AfterBack)) return false;
            (raw->State, raw->Safe) = (raw->Safe, 0);
            raw->KeepsSafe = 0;
            Tell(new LoopEvent.RolledBack(version.Index, _runtime.MessageOf(context)));
            return true;
        }
    }

    /// <summary>Puts a loop whose turn was ended back to a state from before, in the code that it was in.</summary>
    private bool GoOn(LoopRaw* raw, InterruptScope scope)
    {
        if (raw->Safe == 0 || (scope == InterruptScope.Outermost && raw->Outer != null)) return false;
        (raw->State, raw->Safe, raw->SafeDue) = (raw->Safe, 0, 0);
        var lost = raw->Turns - raw->SafeTurns;
        raw->Turns = raw->SafeTurns;
        _endedByPurge?.Add(new EndedTurn(TextOf(raw->Type), StepOf(raw), lost));
        Tell(new LoopEvent.Interrupted(scope, lost));
        return true;
    }

    /// <returns>The box, as the frames around the loop know its type; zero when there is no way back to it.</returns>
    private nint Ended(nint context, LoopRaw* raw, nint box)
    {
        lock (_gate)
        {
            var loop = Find(raw);
            if (box != 0 && TagOf(box) == HaltTag && TextOf(raw->Type) != loop.OuterType) box = Back(context, loop, box);
            foreach (var (_, past, _) in loop.Past) _runtime.Drop(context, past);
            var outer = Around(loop);
            if (loop.Entered is { } entered && entered != outer) _publisher.Adopt(entered, outer);
            _loops.Remove(loop);
            LeaveTrial(loop);
            if (_arrivedLast == raw) ForgetReplaced();
            if (_loops.Count == 0) DropPastOfKept(context);
            Leave(loop);
            _runtime.EnterWorld(context, outer.Table, outer.Number);
            Settle();
            return box;
        }
    }

    private static ref ushort TagOf(nint box) => ref *(ushort*)(box + TagOffset);

    private void Leave(Loop loop)
    {
        if (loop.Entered is { } world) _publisher.Leave(world);
        loop.Entered = null;
    }

    private void Tell(LoopEvent what) => Listener?.Invoke(what);

    private static string TextOf(nint text) => text == 0 ? "" : Encoding.UTF8.GetString((byte*)(text + 16), (int)*(long*)(text + 8));

    private static LiveRuns Of(nint user) => (LiveRuns)GCHandle.FromIntPtr(user).Target!;

    [UnmanagedCallersOnly]
    private static long OnReloadPoint(nint user, nint context, LoopRaw* loop) => Guarded(() => Of(user).ReloadPoint(context, loop));

    [UnmanagedCallersOnly]
    private static long OnPanicked(nint user, nint context, LoopRaw* loop, long interrupted) =>
        Guarded(() => Of(user).Panicked(context, loop, interrupted == 0 ? null : (InterruptScope)interrupted) ? 1 : 0);

    [UnmanagedCallersOnly]
    private static nint OnEnded(nint user, nint context, LoopRaw* loop, nint box) => (nint)Guarded(() => Of(user).Ended(context, loop, box));

    [UnmanagedCallersOnly]
    private static void OnKept(nint user, nint context, KeptRaw* kept) => Guarded(() =>
    {
        var runs = Of(user);
        lock (runs._gate) runs._kept[kept->Name] = (TextOf(kept->Name), TextOf(kept->Type));
        return 0;
    });

    [UnmanagedCallersOnly]
    private static long OnReads(nint user, byte* into, long room) => Guarded(() =>
    {
        var typed = Of(user).InputTaken?.Invoke() ?? [];
        var fitting = typed.AsSpan(0, (int)Math.Min(typed.Length, room));
        fitting.CopyTo(new Span<byte>(into, fitting.Length));
        return fitting.Length;
    });

    /// <summary>No exception may pass through frames of the program.</summary>
    private static long Guarded(Func<long> work)
    {
        try
        {
            return work();
        }
        catch (Exception e)
        {
            System.Environment.FailFast($"kea: a fault of the live loader, not of the program: {e.Message}", e);
            return 0;
        }
    }
}
