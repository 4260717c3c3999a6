using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Kea.Llvm;
using Kea.Mir;

namespace Kea.Live;

/// <summary>What a run is given. File descriptors stay the caller's.</summary>
/// <param name="CheckLeaks">End with status 102 when objects are left over.</param>
/// <param name="RecordChecks">Failed checks of tests are counted instead of ending the run.</param>
public sealed record RunOptions(IReadOnlyList<string> Arguments, bool CheckLeaks = false, bool RecordChecks = false)
{
    /// <summary>SIGINT and SIGTERM write out what the program has printed before they end the process. One run of a process at a time.</summary>
    public bool OwnsProcess { get; init; }

    public int InFd { get; init; }
    public int OutFd { get; init; } = 1;
    public int ErrorFd { get; init; } = 2;

    /// <summary>Called on the Kea thread with the run's context before anything else.</summary>
    public Action<nint>? Started { get; init; }
}

/// <param name="Message">Of the panic or unhandled failure that ended the run, or empty.</param>
public sealed record RunResult(int Status, long FailedChecks, string Message);

/// <summary>A program in this process that can be changed while it runs.</summary>
public sealed unsafe class LiveProgram : IHeldStates, IDisposable
{
    private const int CheckLeaksFlag = 1, RecordChecksFlag = 2, OwnsProcessFlag = 4;
    private const int InternalErrorStatus = 1;

    private readonly JitEngine _engine;
    private readonly GCHandle _self;
    private readonly bool _checksCalls;
    private readonly CompileThread _compiler = new();
    private readonly Dictionary<SlotKey, (CodeUnit Code, int Slot)> _entries = [];
    private readonly Interruptions _interruptions;

    public LiveProgram(JitEngine engine, ICodeSource source, LiveOptions? options = null)
    {
        (_engine, Source) = (engine, source);
        options ??= LiveOptions.T0;
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        var resolver = (nint)(delegate* unmanaged<nint, long, nint>)&ResolveStub;
        _checksCalls = options.ChecksCalls;
        Publisher = new Publisher(engine, options, source, resolver, GCHandle.ToIntPtr(_self));
        _interruptions = new Interruptions(engine.Runtime, Publisher);
        Runs = new LiveRuns(Publisher, engine.Runtime, _interruptions, options);
    }

    /// <summary>The version that was current last.</summary>
    public ICodeSource Source { get; private set; }

    internal Publisher Publisher { get; }
    internal LiveRuns Runs { get; }

    public LiveStats Stats => new(
        Publisher.Counts[0], Publisher.Counts[1], Publisher.TierFailures, _engine.LiveUnits, Publisher.LiveWorlds, Publisher.LiveSlots, Publisher.LiveStubs);

    /// <summary>How often the program has been looked through for what its values lead to.</summary>
    public int Looks => Publisher.Looks;

    /// <summary>Which code is loaded, and what keeps it, as far as that is known. Any thread; changes nothing.</summary>
    public LiveListing List() => Runs.List();

    /// <summary>Has the program looked through for closures of old code at its next reload point, and frees what none refers to.</summary>
    /// <returns>False if it has not come to one in time.</returns>
    public bool Look(TimeSpan patience) => Runs.Look(patience);

    /// <summary>Loops that have not come to the newest version. Any thread.</summary>
    public ImmutableArray<StayingLoop> StayingLoops => Runs.Staying;

    /// <summary>
    /// Frees what nothing leads to, and says what of older code is still held. With <paramref name="endsTurns"/>, turns of loops
    /// that stay in older code are ended before, as by <see cref="Interrupt"/>: the loop goes on in the new code with its state from
    /// before; if there is none, the program ends with status 101.
    /// </summary>
    /// <param name="patience">How long it waits for the program's next reload point.</param>
    public PurgeReport Purge(TimeSpan patience, bool endsTurns) => Runs.Purge(patience, endsTurns);

    /// <summary>How long a reload waits for the program to come to a point where its migrations can be tried.</summary>
    public static TimeSpan TrialPatience => LiveRuns.TrialPatience;

    /// <summary>Migrations of larger states are not tried.</summary>
    public static long TriedBytesMax => LiveRuns.TriedBytesMax;

    /// <summary>Runs a function without parameters on a Kea thread in the current world and waits for its end.</summary>
    public RunResult Run(FunctionId entry, RunOptions options)
    {
        var code = EntryOf(entry);
        var world = Publisher.Enter();
        Runs.RunStarts(world);
        var arguments = new nint[options.Arguments.Count];
        var run = GCHandle.Alloc((_interruptions, options.Started));
        for (var i = 0; i < arguments.Length; i++) arguments[i] = Marshal.StringToCoTaskMemUTF8(options.Arguments[i]);
        try
        {
            fixed (nint* texts = arguments)
            {
                var raw = new RunOptionsRaw
                {
                    Entry = code, Layouts = Publisher.Layouts.Address, LayoutCount = Publisher.Layouts.Capacity, World = world.Table,
                    ArgumentCount = arguments.Length, Arguments = (byte**)texts,
                    InFd = options.InFd, OutFd = options.OutFd, ErrorFd = options.ErrorFd,
                    Live = Runs.Hooks, WorldNumber = world.Number,
                    Flags = (options.CheckLeaks ? CheckLeaksFlag : 0) | (options.RecordChecks ? RecordChecksFlag : 0) | (options.OwnsProcess ? OwnsProcessFlag : 0),
                    Started = &TellStarted, Ended = &TellEnded, User = GCHandle.ToIntPtr(run),
                };
                RunResultRaw result;
                _engine.Runtime.Run(&raw, &result);
                return new((int)result.Status, result.FailedChecks, Marshal.PtrToStringUTF8((nint)result.Message)!);
            }
        }
        finally
        {
            foreach (var argument in arguments) Marshal.FreeCoTaskMem(argument);
            run.Free();
            Runs.RunEnded();
            Publisher.Leave(world);
        }
    }

    /// <summary>What loops do between iterations: moves, migrations, rollbacks.</summary>
    public Action<LoopEvent>? LoopListener { get => Runs.Listener; set => Runs.Listener = value; }

    /// <summary>Called on a thread of the program between any two turns of its outermost loop; the program waits for it.</summary>
    public Action? BetweenTurns { get => Runs.BetweenTurns; set => Runs.BetweenTurns = value; }

    /// <summary>Called on a thread of the program before it first reads standard input; returns what was typed for it before.</summary>
    public Func<byte[]>? InputTaken { get => Runs.InputTaken; set => Runs.InputTaken = value; }

    public ImmutableArray<RunningLoop> RunningLoops => Runs.Running;

    /// <summary>What <c>Live.keep</c> keeps now.</summary>
    public ImmutableArray<KeptState> Kept => Runs.Kept;

    /// <summary>Lets go of kept values, at the next reload point; no code may ask for these names any more.</summary>
    public void Forget(IReadOnlySet<string> names) => Runs.Forget(names);

    /// <summary>The number of the world that whoever enters one enters.</summary>
    public int CurrentWorld => Publisher.CurrentNumber;

    public IEnumerable<string> LoadedFunctions => Publisher.FunctionNames;

    public int CurrentVersion => Runs.CurrentVersion;

    /// <summary>Versions that are in force, can be rolled back to, or are on their way.</summary>
    public ImmutableHashSet<int> HeldVersions => Runs.HeldVersions;

    /// <summary>The version that was taken out of force last because it failed, with what was built on it; 0 for none.</summary>
    public int GivenUp => Runs.GivenUp;

    /// <summary>The version whose code is in force: the current one, or the older one that it has put into force again.</summary>
    public int CurrentContent => Runs.CurrentContent;

    /// <summary>
    /// Makes changed functions current for whoever enters a world from now on, and for loops at their next reload points. What states need
    /// for that is tried before, on those that are held, in the program itself at its next reload point: see <see cref="LiveRuns.Try"/>.
    /// </summary>
    /// <param name="moves">What states need to get from the version before to this one. Its functions are among the changed.</param>
    /// <param name="hooks">What runs around the moves. Those of the version before have been prepared.</param>
    /// <param name="published">Told the version, and what trying its moves has found, before any loop can go there; must be quick.</param>
    public PublishOutcome Publish(
        ICodeSource source, IReadOnlyList<MirFunction> changed, IReadOnlyList<SlotKey>? removed = null, StateMoves? moves = null, ReloadHooks? hooks = null,
        Action<int, ImmutableArray<TrialNote>>? published = null)
    {
        (moves, hooks) = (moves ?? StateMoves.None, hooks ?? ReloadHooks.None);
        var (oldBefore, oldAfter) = (Loaded(hooks.OldBefore), Loaded(hooks.OldAfter));
        var world = Publisher.Prepare(source, changed, removed);
        var loaded = Load(moves, source, world);
        var trial = Runs.Try(world, loaded);
        if (trial.Failure is not null || !Publisher.Publish(world))
        {
            Publisher.Withdraw(world, loaded.Immortals);
            return trial.Failure is var (state, why) ? new PublishOutcome.MigrationFailed(state, why) : new PublishOutcome.Overtaken();
        }
        Source = source;
        var loadedHooks = new LoadedHooks(oldBefore, Loaded(hooks.NewAfter), Loaded(hooks.NewBefore), oldAfter);
        var version = Runs.Append(world, loaded.Without(trial.NoWayBack), loadedHooks, at => published?.Invoke(at, trial.Notes));
        return new PublishOutcome.Published(world.Number, version, trial.Notes);
    }

    /// <summary>The moves as the runtime can make them; what they name is pinned.</summary>
    private LoadedMoves Load(StateMoves moves, ICodeSource source, World world)
    {
        nint CodeOf(FunctionId? function) => function is { } id ? Publisher.CodeOf(SlotKey.Of(source, id), world) : 0;
        nint Closure(ICodeSource of, FunctionId function) => Publisher.PinClosure(of, function, of == source ? world : null);
        LoopCode LoopCodeOf(ICodeSource of, FunctionId step, FunctionId turn, string type) => new(Closure(of, step), Closure(of, turn), Publisher.PinText(of, type));
        return new LoadedMoves(
            [.. moves.Loops.Select(m => new LoadedLoopMove(LoopCodeOf(Source, m.FromStep, m.FromTurn, m.FromType), LoopCodeOf(source, m.ToStep, m.ToTurn, m.ToType), CodeOf(m.Forward), CodeOf(m.Backward), m.Forward is null))],
            [.. moves.Kept.Select(m => new LoadedKeptMove(Publisher.PinText(Source, m.FromType), Publisher.PinText(source, m.ToType), CodeOf(m.Forward), CodeOf(m.Backward), m is { Forward: null, BeginsAnew: false }, m.BeginsAnew))]);
    }

    /// <summary>Loads functions that belong to no version, in a world that only a call of them enters.</summary>
    /// <param name="removed">Functions that were loaded so before and are not needed any more.</param>
    /// <param name="entry">One of them, from one word to one word.</param>
    /// <returns>Has the program call the entry with zero at the next reload point of its outermost loop, until somebody interrupts that; to be asked once.</returns>
    public Func<CancellationToken, Task<EvaluationEnd>> LoadBeside(ICodeSource source, IReadOnlyList<MirFunction> functions, FunctionId entry, IReadOnlyList<SlotKey> removed)
    {
        var world = Publisher.Publish(source, functions, removed);
        Source = source;
        var code = Publisher.CodeOf(SlotKey.Of(source, entry));
        return interrupt => Runs.Evaluate(world, code, interrupt);
    }

    /// <summary>Functions of the current version that may be called around later reloads get their slots now, so that worlds hold what they mean in this one.</summary>
    public void Prepare(IEnumerable<FunctionId> hooks)
    {
        foreach (var hook in hooks) EntryOf(hook);
    }

    private ImmutableArray<LoadedHook> Loaded(ImmutableArray<ReloadHook> hooks) => [.. hooks.Select(h => new LoadedHook(h.Name, h.Module, EntryOf(h.Entry)))];

    /// <summary>Puts the version before the current one into force again.</summary>
    /// <returns>The index of the version that it is now; null when nothing older is kept.</returns>
    public int? RollBack() => Runs.RollBack();

    /// <summary>Ends the program at the next reload point of a loop.</summary>
    public void StopAtReloadPoint(int status) => Runs.Stop(status);

    /// <summary>
    /// Ends what the program is doing, wherever it is: it says where that is and gives back what its frames hold, as in a panic.
    /// A loop that has a state from before (<see cref="LoopEvent.Interrupted"/>) goes on from there, or ends if the program is to
    /// end at a reload point; without such a loop the run ends with status 101. Nothing happens when nothing runs, and nothing that
    /// begins later is ended. Any thread but the program's own; does not wait.
    /// </summary>
    /// <remarks>Where a program is not optimised (<see cref="LiveOptions.Tiers"/>), only calls that block are ended.</remarks>
    public void Interrupt(InterruptScope scope = InterruptScope.Outermost) => _interruptions.Ask(scope);

    /// <summary>
    /// A reload point: calls a function as fresh frames in the world that is current now, on a context that is inside an older
    /// one, and puts the context back. For C functions that Kea code has called; the function must not panic, for its caller
    /// here is managed.
    /// </summary>
    internal long CallInCurrentWorld(nint context, FunctionId entry)
    {
        var code = (delegate* unmanaged<nint, long>)EntryOf(entry);
        var world = Publisher.Enter();
        var outer = *(nint*)context;
        *(nint*)context = world.Table;
        var result = code(context);
        *(nint*)context = outer;
        Publisher.Leave(world);
        return result;
    }

    /// <summary>
    /// Ends the process, if waiting for a compilation would hold it up: nobody will run what is being compiled. Does nothing otherwise.
    /// </summary>
    public void EndProcessIfOptimising(int status)
    {
        if (!Publisher.IsOptimising) return;
        Console.Out.Flush();
        Console.Error.Flush();
        Native._exit(status);
    }

    /// <summary>No run may be under way.</summary>
    public void Dispose()
    {
        _compiler.Dispose();
        _interruptions.Dispose();
        foreach (var (code, _) in _entries.Values) code.Free();
        Runs.Dispose();
        Publisher.Dispose();
        _self.Free();
    }

    /// <summary>The C function that calls what the entry's slot holds.</summary>
    private nint EntryOf(FunctionId entry)
    {
        lock (_entries)
        {
            var key = SlotKey.Of(Source, entry);
            if (_entries.TryGetValue(key, out var made)) return made.Code.Addresses[0];
            var slot = Publisher.Hold(Source, entry);
            var machine = _engine.RentMachine(CodeLevel.Quick);
            var unit = UnitWriter.CompileEntry(Source.Program, entry, slot, _engine.NextTable(), _engine.Processor, machine, _checksCalls);
            _engine.ReturnMachine(CodeLevel.Quick, machine);
            made = (_engine.Load(unit, ["kea.entry"]), slot);
            _entries.Add(key, made);
            return made.Code.Addresses[0];
        }
    }

    [UnmanagedCallersOnly]
    private static void TellStarted(nint context, nint user)
    {
        var (interruptions, started) = ((Interruptions, Action<nint>?))GCHandle.FromIntPtr(user).Target!;
        interruptions.Begin(context);
        started?.Invoke(context);
    }

    [UnmanagedCallersOnly]
    private static void TellEnded(nint context, nint user) => (((Interruptions, Action<nint>?))GCHandle.FromIntPtr(user).Target!).Item1.End(context);

    /// <summary>Called by a stub, on the thread of the Kea code that made the first call. No exception may leave it.</summary>
    [UnmanagedCallersOnly]
    private static nint ResolveStub(nint user, long stub)
    {
        try
        {
            var program = (LiveProgram)GCHandle.FromIntPtr(user).Target!;
            var index = (int)stub;
            return program.Publisher.IsResolved(index)
                ? program.Publisher.Resolve(index)
                : program._compiler.Run(() => program.Publisher.Resolve(index));
        }
        catch (Exception e)
        {
            Console.Error.WriteLine("kea: sorry, this is a fault of the compiler and not of your program: compiling a function at its first call failed "
                + $"({e.Message.Split('\n')[0]}); please report it together with the program, and with what is printed when KEA_DEBUG=1 is set");
            if (System.Environment.GetEnvironmentVariable("KEA_DEBUG") == "1") Console.Error.WriteLine(e);
            System.Environment.Exit(InternalErrorStatus);
            return 0;
        }
    }
}
