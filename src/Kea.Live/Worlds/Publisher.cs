using System.Diagnostics;
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

    /// <summary>Functions that a version does not reach stay: values that only the running program knows of may lead to them.</summary>
    public bool KeepsUnreached { get; init; }

    /// <summary>
    /// A turn of a loop can be ended and the loop go on, in a state that is about so old at most; it is older where copying a large
    /// state would cost more than a twentieth of the time. Zero where no such state is kept.
    /// </summary>
    public TimeSpan SafeStates { get; init; }

    /// <summary>How many reloads can be undone.</summary>
    public int KeptVersions { get; init; } = 8;

    public static readonly LiveOptions T0 = new(CodeLevel.Quick, EmitOptions.T0);
    public static readonly LiveOptions Optimised = new(CodeLevel.Full, EmitOptions.Optimised);
}

/// <summary>
/// The worlds of one running program. Functions begin as stubs; the first call of one compiles its module as a unit. Publishing
/// compiles what has changed, copies the table, changes the entries and stores one pointer; contexts go over when they next
/// enter a world. What no world holds any more is freed at once: definitions, stubs, units, slots.
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

    /// <summary>Makes what was current in a world current again, in a new world. Kept for the caller until it is left.</summary>
    public World Restore(World old)
    {
        lock (_gate)
        {
            var next = Successor(old);
            if (_queue is not null) _source = old.Source;
            next.Source = old.Source;
            TakeOver(old, next);
            Replace(next);
            next.Holders++;
            return next;
        }
    }

    /// <summary>The function that an immortal closure object leads to; null for any other closure.</summary>
    public SlotKey? KeyOfClosure(nint closure)
    {
        lock (_gate) return Constants.SlotOf(closure) is var slot and >= 0 ? _slots.KeyOf(slot) : null;
    }

    public void Leave(World world)
    {
        lock (_gate) Release(world);
    }

    /// <summary>A slot for a function, held by the caller; its entries exist in every world.</summary>
    public int Hold(ICodeSource source, FunctionId function)
    {
        lock (_gate)
        {
            var slot = _slots.Hold(SlotKey.Of(source, function));
            FillEntries(source, function, slot);
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
            if (changed.Count > 0) Compile(source, changed);
            var next = Successor(_current);
            foreach (var function in changed)
            {
                var definition = _definitions[(source, function.Id)];
                Set(next, definition.Slot, definition);
            }
            var needed = removed is { Count: > 0 } ? NeededByValues() : [];
            foreach (var key in removed ?? [])
                if (_slots.Find(key) is var slot and >= 0 && !needed.Contains(slot)) Set(next, slot, null);
            if (_queue is not null) _source = source;
            next.Source = source;
            TakeOver(_current, next);
            Replace(next);
            next.Holders++;
            return next;
        }
    }

    /// <summary>
    /// Slots that function values may still lead to, whatever the program's text says: those of late-bound closures, those that code
    /// with closures of its own names, and what these name in turn.
    /// </summary>
    private HashSet<int> NeededByValues()
    {
        var needed = new HashSet<int>();
        var open = new Stack<int>(Constants.ClosureSlots);
        foreach (var unit in _units)
            if (unit.IsPinned)
                foreach (var slot in unit.Slots) open.Push(slot);
        while (open.TryPop(out var next))
        {
            if (!needed.Add(next) || _current[next]?.Unit is not { } unit) continue;
            foreach (var slot in unit.Slots) open.Push(slot);
        }
        return needed;
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

    /// <summary>The code that a function has in the current world; zero if it has not been compiled.</summary>
    public nint CodeOf(SlotKey key)
    {
        lock (_gate) return _slots.Find(key) is var slot and >= 0 ? _current[slot]?.Address ?? 0 : 0;
    }

    /// <summary>The late-bound closure object of a function, as code of that source refers to it.</summary>
    public nint ClosureOf(ICodeSource source, FunctionId function)
    {
        lock (_gate) return new Environment(this, source).ClosureObject(function);
    }

    /// <summary>The immortal string of a text, one for each text.</summary>
    public nint Text(string text)
    {
        lock (_gate) return Constants.Text(text);
    }

    /// <summary>Ends a caller's hold on a slot.</summary>
    public void Unhold(int slot)
    {
        lock (_gate) ReleaseSlot(slot);
    }

    private void CompileModuleOf(Definition definition)
    {
        var (source, id) = (definition.Source, definition.Function);
        var functions = new List<MirFunction>();
        foreach (var function in source.Unit(source.Program.Signatures[id.Index].Module))
            if (!_definitions.TryGetValue((source, function.Id), out var known) || known.Address == 0) functions.Add(function);
        Compile(source, functions);
        if (definition.Address == 0)
            throw new InvalidOperationException($"there is no body of {source.Program.Signatures[id.Index].Name}");
    }

    private void Compile(ICodeSource source, IReadOnlyList<MirFunction> functions)
    {
        var environment = new Environment(this, source);
        var machine = _engine.RentMachine(_options.Level);
        var watch = Stopwatch.StartNew();
        try
        {
            var unit = UnitWriter.Compile(
                LoopRests.Declare(source.Program, functions), functions, environment, _engine.NextTable(), _engine.Processor, machine, _options.Level, _options.Emit);
            var names = new string[functions.Count];
            for (var i = 0; i < names.Length; i++) names[i] = functions[i].Name;
            Define(source, functions, environment, _engine.Load(unit, names));
            Counts.Add(0, functions.Count, unit.CodeBytes, watch.Elapsed);
        }
        finally
        {
            _engine.ReturnMachine(_options.Level, machine);
        }
    }

    /// <summary>The unit's functions are what their definitions mean from now on; waiting stubs lead to them.</summary>
    private void Define(ICodeSource source, IReadOnlyList<MirFunction> functions, Environment environment, CodeUnit code)
    {
        var slots = new int[functions.Count];
        for (var i = 0; i < slots.Length; i++) slots[i] = environment.HoldOnce(functions[i].Id);
        var unit = new LoadedUnit(code, [.. environment.Slots], environment.IsPinned);
        _units.Add(unit);
        for (var i = 0; i < functions.Count; i++)
        {
            if (!_definitions.TryGetValue((source, functions[i].Id), out var definition))
                _definitions.Add((source, functions[i].Id), definition = new Definition(source, functions[i].Id, slots[i]));
            definition.Address = code.Addresses[i];
            definition.Unit = unit;
            StartCounting(definition, functions[i], environment);
            if (definition.Worlds > 0) unit.LiveDefinitions++;
            definition.Stub?.Resolve(definition.Address);
            foreach (var world in _worlds)
            {
                if (world[slots[i]] is null) Set(world, slots[i], definition);
                else if (world[slots[i]] == definition) world.Refresh(slots[i]);
            }
        }
    }

    /// <summary>In worlds where a slot has no meaning yet, it means this source's function, compiled when it is called.</summary>
    private void FillEntries(ICodeSource source, FunctionId function, int slot)
    {
        foreach (var world in _worlds)
        {
            if (world[slot] is not null) continue;
            if (!_definitions.TryGetValue((source, function), out var definition))
                _definitions.Add((source, function), definition = new Definition(source, function, slot));
            if (definition.Address == 0) definition.Stub ??= NewStub(definition);
            Set(world, slot, definition);
        }
    }

    private LazyStub NewStub(Definition definition)
    {
        var stub = _stubs.New();
        while (_byStub.Count <= stub.Index) _byStub.Add(null);
        _byStub[stub.Index] = definition;
        return stub;
    }

    private void Set(World world, int slot, Definition? definition)
    {
        var old = world[slot];
        if (old == definition) return;
        world[slot] = definition;
        if (definition is not null && definition.Worlds++ == 0 && definition.Unit is { } unit) unit.LiveDefinitions++;
        if (old is not null) Forget(old);
    }

    /// <summary>One world less holds the definition.</summary>
    private void Forget(Definition definition)
    {
        if (--definition.Worlds > 0) return;
        _definitions.Remove((definition.Source, definition.Function));
        if (definition.Stub is { } stub)
        {
            _byStub[stub.Index] = null;
            _stubs.Free(stub);
        }
        if (definition.Unit is { } unit && --unit.LiveDefinitions == 0) Retire(unit);
    }

    /// <summary>No context is in a world that holds the unit, so no frame is in it.</summary>
    private void Retire(LoadedUnit unit)
    {
        if (unit.IsPinned || !_units.Remove(unit)) return;
        unit.Code.Free();
        foreach (var slot in unit.Slots)
        {
            _counting.Remove(slot);
            ReleaseSlot(slot);
        }
    }

    private void ReleaseSlot(int slot)
    {
        if (!_slots.Release(slot)) return;
        foreach (var world in _worlds) Set(world, slot, null);
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
