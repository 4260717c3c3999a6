using System.Diagnostics;
using Kea.Llvm;
using Kea.Mir;

namespace Kea.Live;

// From bodies to code in slots, and what becomes of it when no world leads to it any more.
internal sealed partial class Publisher
{
    private void CompileModuleOf(Definition definition)
    {
        var (source, id) = (definition.Source, definition.Function);
        if (!_definitions.TryAdd((source, id), definition) && _definitions[(source, id)] is var other && other != definition)
        {
            // It was forgotten, a closure still leads to its stub, and the same version has come back meanwhile.
            if (other.Address == 0) CompileModuleOf(other);
            (definition.Address, definition.Unit) = (other.Address, other.Unit);
            definition.Stub?.Resolve(definition.Address);
            return;
        }
        var functions = new List<MirFunction>();
        foreach (var function in source.Unit(source.Program.Signatures[id.Index].Module))
            if (!_definitions.TryGetValue((source, function.Id), out var known) || known.Address == 0) functions.Add(function);
        Compile(source, functions);
        if (definition.Address == 0)
            throw new InvalidOperationException($"there is no body of {source.Program.Signatures[id.Index].Name}");
        if (definition.Worlds > 0) return;
        // Nothing but a closure leads to it, in whatever world.
        foreach (var world in _worlds) Complete(world, source, definition.Unit!.Names.Calls, null, isBorrowed: true);
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
        catch
        {
            environment.Abandon();
            throw;
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
        var unit = new LoadedUnit(code, environment.Names, functions.Any(f => source.Program.Signatures[f.Id.Index].IsClosureCode));
        _units.Add(unit);
        for (var i = 0; i < functions.Count; i++)
        {
            if (!_definitions.TryGetValue((source, functions[i].Id), out var definition))
                _definitions.Add((source, functions[i].Id), definition = new Definition(source, functions[i].Id, slots[i]));
            definition.Address = code.Addresses[i];
            definition.Unit = unit;
            unit.Definitions.Add(definition);
            StartCounting(definition, functions[i], environment);
            if (definition.Worlds > 0) unit.LiveDefinitions++;
            definition.Stub?.Resolve(definition.Address);
        }
        if (unit.LiveDefinitions == 0) return;
        foreach (var world in _worlds)
        {
            var (leads, isBorrowed) = (false, true);
            foreach (var definition in unit.Definitions)
            {
                if (world[definition.Slot] != definition) continue;
                world.Refresh(definition.Slot);
                leads = true;
                isBorrowed &= world.Borrowed.Contains(definition.Slot);
            }
            if (!leads) continue;
            Complete(world, source, unit.Names.Calls, null, isBorrowed);
            // Closure code is called through objects, and optimised through its slot.
            foreach (var definition in unit.Definitions)
            {
                if (world[definition.Slot] is not null) continue;
                Set(world, definition.Slot, definition);
                if (isBorrowed) world.Borrowed.Add(definition.Slot);
            }
        }
    }

    /// <summary>
    /// Lets slots that code names mean something in a world, as that code's source says, where they do not yet; and so on for the
    /// slots that this code names.
    /// </summary>
    /// <param name="like">A world whose meanings are taken instead, where it has one.</param>
    /// <param name="isBorrowed">The code is not the world's own.</param>
    private void Complete(World world, ICodeSource source, (int Slot, FunctionId Function)[] calls, World? like, bool isBorrowed)
    {
        var open = new Stack<(ICodeSource, (int, FunctionId)[])>();
        open.Push((source, calls));
        while (open.TryPop(out var next))
        {
            var (from, named) = next;
            foreach (var (slot, function) in named)
            {
                if (world[slot] is not null) continue;
                var definition = like?[slot] ?? DefinitionOf(from, function, slot);
                Set(world, slot, definition);
                if (isBorrowed) world.Borrowed.Add(slot);
                if (definition.Unit is { } unit) open.Push((unit.Names.Source, unit.Names.Calls));
            }
        }
    }

    /// <summary>The source's version of a function, compiled when it is called.</summary>
    private Definition DefinitionOf(ICodeSource source, FunctionId function, int slot)
    {
        if (!_definitions.TryGetValue((source, function), out var definition))
            _definitions.Add((source, function), definition = new Definition(source, function, slot));
        if (definition.Address == 0) definition.Stub ??= NewStub(definition);
        return definition;
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
        if (definition is not null && definition.Worlds++ == 0 && definition.Unit is { } unit && unit.LiveDefinitions++ == 0) _retired.Remove(unit);
        if (old is null) return;
        // Optimised code that the old version went on to was good for a world with that version.
        if (old.Forward >= 0) world.Enter(old.Forward, 0);
        foreach (var rest in old.Rests) world.Enter(rest, 0);
        Forget(old);
    }

    /// <summary>One world less holds the definition.</summary>
    private void Forget(Definition definition)
    {
        if (--definition.Worlds > 0) return;
        _definitions.Remove((definition.Source, definition.Function));
        if (definition.Stub is { } stub)
        {
            if (_runs > 0 && !IsWithdrawn(definition.Source) && IsClosureCode(definition)) _retiredStubs.Add(stub);
            else Free(stub);
        }
        if (definition.Unit is { } unit && --unit.LiveDefinitions == 0) Retire(unit);
    }

    private static bool IsClosureCode(Definition definition) => definition.Source.Program.Signatures[definition.Function.Index].IsClosureCode;

    /// <summary>No context is in a world that leads to the unit, so the only frames that may be in it are those of closures.</summary>
    private void Retire(LoadedUnit unit)
    {
        if (unit.Versions > 0) return;
        if (_runs > 0 && unit.IsPinned && !IsWithdrawn(unit.Names.Source) && !(_hasLooked && !unit.IsReferred)) _retired.Add(unit);
        else Free(unit);
    }

    private void Free(LoadedUnit unit)
    {
        if (!_units.Remove(unit)) return;
        unit.Code.Free();
        foreach (var definition in unit.Definitions)
            if (definition.Worlds == 0 && _definitions.GetValueOrDefault((definition.Source, definition.Function)) == definition)
                _definitions.Remove((definition.Source, definition.Function));
        foreach (var slot in unit.Names.Slots) _counting.Remove(slot);
        LetGo(unit.Names);
    }

    private void Free(LazyStub stub)
    {
        _byStub[stub.Index] = null;
        _stubs.Free(stub);
    }

    private void LetGo(UnitNames names)
    {
        foreach (var slot in names.Slots) ReleaseSlot(slot);
        foreach (var immortal in names.Immortals) Release(immortal);
    }

    private void ReleaseSlot(int slot)
    {
        if (!_slots.Release(slot)) return;
        foreach (var world in _worlds)
        {
            Set(world, slot, null);
            world.Borrowed.Remove(slot);
        }
    }
}
