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
    public int Append(World world, ImmutableArray<LoadedLoopMove> loops, ImmutableArray<LoadedKeptMove> kept, LoadedHooks hooks, Action<int>? published)
    {
        lock (_gate)
        {
            var version = Timeline.Append(world, loops, kept, hooks);
            published?.Invoke(version.Index);
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
            if (Timeline.AppendRollback(_publisher.Restore) is not { } version) return null;
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
            foreach (var loop in _loops) Leave(loop);
            _loops.Clear();
            _kept.Clear();
            _forgotten.Clear();
            _keptPast.Clear();
            (_stopStatus, _base, _asked) = (-1, null, null);
            Settle();
        }
    }

    public void Dispose()
    {
        _probationEnd.Dispose();
        NativeMemory.Free(_hooks);
        _self.Free();
    }

    private sealed class Loop(LoopRaw* raw, int version, int outerVersion)
    {
        public LoopRaw* Raw { get; } = raw;
        public int Version { get; set; } = version;

        /// <summary>The version of the frames around it.</summary>
        public int OuterVersion { get; } = outerVersion;

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
        var code = new LoopCode(loop.Raw->Step, loop.Raw->Turn, loop.Raw->Type);
        for (var at = Math.Max(loop.Version + 1, Timeline.First); at <= Timeline.Last.Index; at++)
            if (Timeline[at].Loops.FirstOrDefault(m => m.From.Step == code.Step) is { } move) code = move.To;
        return new RunningLoop(TextOf(code.Type), _publisher.KeyOfClosure(code.Step));
    }

    private void Signal() => Interlocked.Increment(ref _hooks->Signal);

    /// <summary>Lets go of versions that nobody needs.</summary>
    private void Settle()
    {
        var oldest = _base is null ? Timeline.Last.Index : _startVersion;
        foreach (var loop in _loops) oldest = Math.Min(oldest, Math.Min(loop.Version, loop.OuterVersion));
        foreach (var world in Timeline.Trim(oldest)) _publisher.Leave(world);
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
            BetweenTurns!();
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
            if (_stopStatus >= 0) return _stopStatus;
            var onProbation = DateTime.UtcNow < loop.ProbationEnd;
            raw->KeepsSafe = onProbation ? 1 : 0;
            if (!onProbation && _hooks->SafeNanos == 0) ForgetSafe(context, raw);
            // Another number than the signal has: the loop comes back after its next turn.
            raw->Seen = waits ? signal - 1 : signal;
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
        loop.Version = Math.Max(loop.Version, Timeline.First - 1);
        while (true)
        {
            if (AsksAfter(loop.Raw, loop)) return false;
            if (loop.Arrived is { } arrived) Tell(arrived);
            loop.Arrived = null;
            if (loop.Version >= Timeline.Last.Index) return true;
            var to = Timeline[loop.Version + 1];
            if (to.GivenUpFor is not null) PassOver(context, loop, to);
            else if (AsksBefore(loop.Raw, to)) return false;
            else if (!Move(context, loop, to) && to.GivenUpFor is null) return true;
        }
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
        var made = new Loop(raw, version, version);
        _loops.Add(made);
        return made;
    }

    /// <summary>A run begins in the newest world, and holds it until it ends.</summary>
    public void RunStarts(World world)
    {
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

    private bool Move(nint context, Loop loop, LiveVersion to)
    {
        var raw = loop.Raw;
        var move = to.Loops.FirstOrDefault(m => m.From.Step == raw->Step);
        var world = _publisher.Enter(to.World);
        _runtime.EnterWorld(context, world.Table, world.Number);
        var migrated = 0;
        nint box = 0;
        if (move is not null && !Migrate(context, loop, to, move, out box, out var problem))
        {
            GiveUp(context, loop, to, world, problem);
            return false;
        }
        if (box != 0) migrated++;
        if (_keptVersion < to.Index)
        {
            if (!MoveKept(context, to, out var count, out problem))
            {
                if (box != 0 && box != raw->State) _runtime.Drop(context, box);
                GiveUp(context, loop, to, world, problem);
                return false;
            }
            migrated += count;
            _keptVersion = to.Index;
        }
        var lost = 0L;
        if (move is not null)
        {
            lost = Replace(context, loop, to, move, box);
            (raw->Step, raw->Turn, raw->Type) = (move.To.Step, move.To.Turn, move.To.Type);
        }
        if (loop.Entered is { } before) _publisher.Leave(before);
        loop.Entered = world;
        loop.Version = to.Index;
        Settle();
        if (to.IsRollback)
        {
            loop.ProbationEnd = default;
            loop.Arrived = to.IsRetreat ? null : new LoopEvent.Restored(to.Index, lost);
            return true;
        }
        loop.ProbationEnd = DateTime.UtcNow + _options.Probation;
        if (_options.Probation > TimeSpan.Zero) _probationEnd.Change(_options.Probation + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        loop.Arrived = new LoopEvent.Moved(to.Index, migrated);
        return true;
    }

    /// <summary>The state in its new shape; the old box stays as it is. On a rollback without inverse: the box from before.</summary>
    private bool Migrate(nint context, Loop loop, LiveVersion to, LoadedLoopMove move, out nint box, out string problem)
    {
        (box, problem) = (0, "");
        if (move.IsSame) return true;
        if (move.Forward == 0)
        {
            var past = loop.Past.FindLastIndex(p => Timeline.Last.Index >= p.Version);
            if (past < 0)
            {
                problem = "there is no state from before the reload";
                return false;
            }
            box = loop.Past[past].Box;
            _runtime.Dup(box);
            return true;
        }
        return Convert(context, move.Forward, loop.Raw->State, out box, out problem);
    }

    /// <summary>Runs a migration on a box, which stays as it is.</summary>
    private bool Convert(nint context, nint code, nint old, out nint box, out string problem)
    {
        problem = "";
        _runtime.Dup(old);
        if (_runtime.Attempt(context, code, old, out box) && box != 0) return true;
        problem = _runtime.MessageOf(context);
        return false;
    }

    /// <summary>Puts the new box in, and keeps the old one for a rollback.</summary>
    private long Replace(nint context, Loop loop, LiveVersion to, LoadedLoopMove move, nint box)
    {
        var raw = loop.Raw;
        if (box == 0) return 0;
        var lost = 0L;
        if (to.IsRollback)
        {
            if (loop.Past.Count > 0)
            {
                var (_, old, turns) = loop.Past[^1];
                if (move.Forward == 0) lost = raw->Turns - turns;
                _runtime.Drop(context, old);
                loop.Past.RemoveAt(loop.Past.Count - 1);
            }
            _runtime.Drop(context, raw->State);
        }
        else
        {
            loop.Past.Add((to.Index, raw->State, raw->Turns));
            if (loop.Past.Count > _options.KeptVersions)
            {
                _runtime.Drop(context, loop.Past[0].Box);
                loop.Past.RemoveAt(0);
            }
        }
        raw->State = box;
        return lost;
    }

    /// <summary>The loop stays where it was, and the version is taken out of force for everyone.</summary>
    private void GiveUp(nint context, Loop loop, LiveVersion to, World entered, string problem)
    {
        var back = loop.Entered ?? Around(loop);
        _runtime.EnterWorld(context, back.Table, back.Number);
        _publisher.Leave(entered);
        Retract(to, to.Hooks.AfterBack);
        Tell(new LoopEvent.MigrationFailed(to.Index, problem));
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
            if (DateTime.UtcNow >= loop.ProbationEnd || raw->Safe == 0 || loop.Version < Timeline.First) return false;
            var version = Timeline[loop.Version];
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
        Tell(new LoopEvent.Interrupted(scope, lost));
        return true;
    }

    /// <returns>The box, as the frames around the loop know its type; zero when there is no way back to it.</returns>
    private nint Ended(nint context, LoopRaw* raw, nint box)
    {
        lock (_gate)
        {
            var loop = Find(raw);
            // Undo the moves of the state since the loop began, from the last to the first.
            for (var at = loop.Version; box != 0 && TagOf(box) == HaltTag && at > loop.OuterVersion; at--)
            {
                if (Timeline[at].Loops.FirstOrDefault(m => m.To.Type == raw->Type) is not { } move) continue;
                var halted = box;
                if (!move.IsSame)
                {
                    if (move.Backward == 0 || !Convert(context, move.Backward, halted, out box, out _)) box = 0;
                    _runtime.Drop(context, halted);
                    if (box == 0) break;
                    TagOf(box) = HaltTag;
                }
                raw->Type = move.From.Type;
            }
            foreach (var (_, past, _) in loop.Past) _runtime.Drop(context, past);
            var outer = Around(loop);
            _loops.Remove(loop);
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
