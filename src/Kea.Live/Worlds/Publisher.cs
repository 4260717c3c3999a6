using Kea.Llvm;
using Kea.Llvm.Emit;
using Kea.Mir;

namespace Kea.Live;

/// <summary>How code is made for a running program.</summary>
/// <param name="Tiers">When functions are optimised while the program runs; null for never.</param>
public sealed record LiveOptions(CodeLevel Level, EmitOptions Emit, TierOptions? Tiers = null)
{
    /// <summary>For so long after a loop has moved to new code, a panic leads back to the code before.</summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A turn of a loop can be ended and the loop go on, in a state that is about so old at most; it is older where copying a large
    /// state would cost more than a twentieth of the time. Zero where no such state is kept.
    /// </summary>
    public TimeSpan SafeStates { get; init; }

    /// <summary>
    /// Every call through a slot checks that it comes to the function that its caller was compiled against; the run ends where one does
    /// not. Slow; to find faults of the compiler. On where <c>KEA_CHECK_ABI</c> is 1.
    /// </summary>
    public bool ChecksCalls { get; init; } = System.Environment.GetEnvironmentVariable("KEA_CHECK_ABI") == "1";

    /// <summary>
    /// Closures that a reload has made old, and that are held when a loop has made a turn in the new code, are told with their
    /// holders (<see cref="LoopEvent.OldClosuresHeld"/>). Where a reload changes lambdas, the program's memory is looked through once.
    /// </summary>
    public bool TellsOldClosures { get; init; }

    /// <summary>How many reloads can be undone.</summary>
    public int KeptVersions { get; init; } = 8;

    public static readonly LiveOptions T0 = new(CodeLevel.Quick, EmitOptions.T0);
    public static readonly LiveOptions Optimised = new(CodeLevel.Full, EmitOptions.Optimised);
}

/// <summary>
/// The worlds of one running program. Functions begin as stubs; the first call of one compiles its module as a unit. Publishing
/// compiles what has changed, copies the table, changes the entries and stores one pointer; contexts go over when they next
/// enter a world. What no world holds any more is freed at once: definitions, stubs, units, slots. What function values may
/// still lead to is freed when the program has been looked through for them (<c>Publisher.Values.cs</c>).
/// </summary>
/// <remarks>
/// One lock guards everything here. Compiled code never takes it: contexts only read the tables, whose words are written whole.
/// </remarks>
internal sealed partial class Publisher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly JitEngine _engine;
    private readonly LiveOptions _options;
    private readonly LazyStubs _stubs;
    private readonly SlotTable _slots = new();
    private readonly List<World> _worlds = [];
    private readonly HashSet<LoadedUnit> _units = [];
    private readonly Dictionary<(ICodeSource, FunctionId), Definition> _definitions = [];
    private readonly List<Definition?> _byStub = [];
    private World _current;

    /// <param name="resolver">See <see cref="LazyStubs"/>; it is to call <see cref="Resolve"/>.</param>
    public Publisher(JitEngine engine, LiveOptions options, ICodeSource source, nint resolver, nint user)
    {
        (_engine, _options) = (engine, options);
        _stubs = new LazyStubs(resolver, user);
        _current = new World(1, null, 0) { Holders = 1, Source = source };
        _worlds.Add(_current);
        if (options.Tiers is not { } tiers) return;
        (_source, _queue) = (source, new HotQueue(engine.Runtime, tiers));
        _tiers = new TierThread(this, _queue, tiers);
    }

    public LayoutTable Layouts { get; } = new();
    public ConstantPool Constants { get; } = new();

    public int CurrentNumber => Volatile.Read(ref _current).Number;
    public int LiveWorlds { get { lock (_gate) return _worlds.Count; } }
    public int LiveUnits { get { lock (_gate) return _units.Count; } }
    public int LiveSlots { get { lock (_gate) return _slots.Count; } }
    public int LiveStubs { get { lock (_gate) return _stubs.Count; } }

    /// <summary>All functions that code or values name.</summary>
    public string[] FunctionNames { get { lock (_gate) return [.. _slots.Keys.Select(k => k.Name)]; } }

    /// <summary>The current world, kept until it is left.</summary>
    public World Enter()
    {
        lock (_gate)
        {
            _current.Holders++;
            return _current;
        }
    }

    /// <summary>A certain world, which somebody holds, kept until it is left.</summary>
    public World Enter(World world)
    {
        lock (_gate)
        {
            world.Holders++;
            return world;
        }
    }

    public void Leave(World world)
    {
        lock (_gate) Release(world);
    }

    /// <summary>Makes what was current in a world current again, in a new world. Kept for the caller until it is left.</summary>
    /// <param name="codes">Code that will run in it once.</param>
    public World Restore(World old, IEnumerable<nint> codes)
    {
        lock (_gate)
        {
            var next = Successor(old);
            if (_queue is not null) _source = old.Source;
            next.Source = old.Source;
            AdoptFrom(_current, next);
            foreach (var code in codes) Complete(next, UnitOf(code).Names.Source, UnitOf(code).Names.Calls, _current, isBorrowed: true);
            TakeOver(old, next);
            Replace(next);
            next.Holders++;
            return next;
        }
    }

    /// <summary>A slot for a function, held by the caller; the current world and those after it have an entry for it.</summary>
    public int Hold(ICodeSource source, FunctionId function)
    {
        lock (_gate)
        {
            var slot = _slots.Hold(SlotKey.Of(source, function));
            Complete(_current, source, [(slot, function)], null, isBorrowed: false);
            if (_candidate is { World: { } next }) Complete(next, source, [(slot, function)], null, isBorrowed: false);
            return slot;
        }
    }

    /// <summary>Makes changed functions current, all at once. Nothing happens to who runs in an older world.</summary>
    /// <param name="changed">Bodies, whole recursive groups; compiled as one unit before anything is published.</param>
    /// <param name="removed">Functions of an earlier version that the new one does not have.</param>
    /// <returns>The new world, kept for the caller until it is left.</returns>
    public World Publish(ICodeSource source, IReadOnlyList<MirFunction> changed, IReadOnlyList<SlotKey>? removed = null)
    {
        lock (_gate)
        {
            var next = Prepare(source, changed, removed);
            Publish(next);
            return next;
        }
    }

    /// <summary>The function that an immortal closure object leads to; null for any other closure.</summary>
    public SlotKey? KeyOfClosure(nint closure)
    {
        lock (_gate) return Constants.At(closure) is { Slot: >= 0 and var slot } ? _slots.KeyOf(slot) : null;
    }

    /// <summary>The code that a function has in a world, the current one if none is given; zero if it has not been compiled.</summary>
    public nint CodeOf(SlotKey key, World? world = null)
    {
        lock (_gate) return _slots.Find(key) is var slot and >= 0 ? (world ?? _current)[slot]?.Address ?? 0 : 0;
    }

    /// <summary>The code behind a stub, compiled if need be.</summary>
    public nint Resolve(int stub)
    {
        lock (_gate)
        {
            var definition = _byStub[stub]!;
            if (definition.Address == 0) CompileModuleOf(definition);
            return definition.Address;
        }
    }

    /// <summary>Whether a stub has been resolved; then <see cref="Resolve"/> costs nothing.</summary>
    public bool IsResolved(int stub)
    {
        lock (_gate) return _byStub[stub] is { Address: not 0 };
    }

    public void Dispose()
    {
        _tiers?.Dispose();
        lock (_gate)
        {
            foreach (var world in _worlds)
            {
                LeaveHot(world);
                world.Free();
            }
            _queue?.Dispose();
            foreach (var unit in _units) unit.Code.Free();
            _worlds.Clear();
            _units.Clear();
            _stubs.Dispose();
            Constants.Dispose();
            Layouts.Dispose();
        }
    }

    /// <summary>A new world with the entries of an older one; not yet current.</summary>
    private World Successor(World of)
    {
        var next = new World(_current.Number + 1, of, _slots.Length) { Holders = 1 };
        for (var slot = 0; slot < next.Length; slot++)
            if (next[slot] is { } kept) kept.Worlds++;
        _worlds.Add(next);
        return next;
    }

    private void Replace(World next)
    {
        var old = _current;
        Volatile.Write(ref _current, next);
        Release(old);
    }

    private void Release(World world)
    {
        if (--world.Holders > 0) return;
        _worlds.Remove(world);
        LeaveHot(world);
        for (var slot = 0; slot < world.Length; slot++)
            if (world[slot] is { } definition) Forget(definition);
        world.Free();
    }
}
