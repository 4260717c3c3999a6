using System.Collections.Immutable;
using System.Diagnostics;
using Kea.Llvm;
using Kea.Llvm.Emit;
using Kea.Mir;

namespace Kea.Live;

// The second tier. Quick code counts; what has come to its threshold asks through the queue, is compiled here without the lock
// and put into every world that has the versions that went into it. Quick code stays: activations may be in it, closures hold
// it, and it is what a world falls back to.
internal sealed partial class Publisher
{
    private readonly HotQueue? _queue;
    private readonly TierThread? _tiers;
    /// <summary>By hot slot: who counts there. Such a slot has no definition, only code while there is a good one.</summary>
    private readonly Dictionary<int, Definition> _counting = [];
    /// <summary>Slots of functions that the plan under way has looked at.</summary>
    private readonly List<int> _heldForPlan = [];
    private ICodeSource? _source;
    private long _hotSlots;

    public int TierFailures { get; set; }

    /// <summary>Leads quick code to where it looks whether it is interrupted.</summary>
    public void RunCountersOut() => _queue?.RunOut();

    public bool IsOptimising => _tiers is { IsBusy: true };
    public TierCounts Counts { get; } = new();

    /// <summary>Compiles what asked, with what it calls, and puts it in place. Called by the tiers' thread alone.</summary>
    public void Improve(List<int> slots)
    {
        if (Plan(slots) is not { } plan)
        {
            ForgetPlan();
            return;
        }
        var watch = Stopwatch.StartNew();
        var environment = new Environment(this, plan.Source, plan.Versions);
        var machine = _engine.RentMachine(CodeLevel.Full);
        try
        {
            var program = Pipeline.Run(HotProgram.Of(plan.Source.Program, plan.Bodies, plan.Roots), PipelineSetting.Hot);
            foreach (var body in plan.Bodies) environment.SlotOf(body.Id);
            var unit = UnitWriter.CompileHot(program, environment, _engine.NextTable(), _engine.Processor, machine, _engine.Runtime.Files.InlineBitcode);
            var names = new string[program.Roots.Length];
            for (var i = 0; i < names.Length; i++) names[i] = program.Signatures[program.Roots[i].Index].Name;
            var code = _engine.Load(unit, names);
            var entries = new List<(int, nint)>();
            for (var i = 0; i < plan.Places.Length; i++)
                foreach (var slot in plan.Places[i]) entries.Add((slot, code.Addresses[i]));
            Counts.Add(1, plan.Bodies.Length, unit.CodeBytes, watch.Elapsed);
            Enter(new HotUnit(code, environment.Names, [.. entries], [.. plan.Versions.Values]));
        }
        catch (OutdatedException)
        {
            // Who has changed the program meanwhile has made its functions count again.
            environment.Abandon();
        }
        catch
        {
            environment.Abandon();
            throw;
        }
        finally
        {
            _engine.ReturnMachine(CodeLevel.Full, machine);
            ForgetPlan();
        }
    }

    /// <param name="Bodies">As lowered.</param>
    /// <param name="Places">By root: the slots that its code goes into.</param>
    private sealed record HotPlan(
        ICodeSource Source, ImmutableArray<MirFunction> Bodies, List<HotRoot> Roots, ImmutableArray<ImmutableArray<int>> Places,
        Dictionary<FunctionId, Definition> Versions);

    /// <summary>A version that is to be compiled in is no longer in any world.</summary>
    private sealed class OutdatedException : Exception;

    private HotPlan? Plan(List<int> slots)
    {
        lock (_gate)
        {
            if (_source is not { } source || _queue is not { } queue) return null;
            var asking = new Dictionary<FunctionId, HotCandidate>();
            foreach (var slot in slots)
            {
                var definition = _counting.GetValueOrDefault(slot) ?? _current[slot];
                if (definition is null || _current.Borrowed.Contains(definition.Slot) || _current[definition.Slot] != definition || IsImproved(slot, definition)) continue;
                if (Candidate(source, definition.Function) is { } candidate) asking.TryAdd(definition.Function, candidate);
            }
            if (asking.Count == 0) return null;
            if (!_options.Tiers!.AtOnce) Callers.AddTo(asking, Running(source));
            var known = new Dictionary<FunctionId, HotCandidate?>();
            var scope = HotScope.Of(asking.Values, id => known.TryGetValue(id, out var found) ? found : known[id] = Candidate(source, id), _options.Tiers.Warm);
            var roots = new List<HotRoot>();
            var places = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
            foreach (var (id, (definition, _, count)) in scope)
            {
                var isWanted = asking.ContainsKey(id);
                if (_options.Tiers.AtOnce || isWanted || count == int.MaxValue)
                {
                    if (PlacesOf(definition) is { IsEmpty: false } place)
                    {
                        roots.Add(new HotRoot.Whole(id));
                        places.Add(place);
                    }
                }
                for (var i = 0; i < definition.Rests.Length; i++)
                {
                    if (!_options.Tiers.AtOnce && queue.CountOf(definition.Rests[i]) < (isWanted ? 1 : _options.Tiers.Warm)) continue;
                    roots.Add(new HotRoot.Loop(id, i));
                    places.Add([definition.Rests[i]]);
                }
            }
            return new(source, [.. scope.Values.Select(c => c.Body)], roots, places.ToImmutable(),
                scope.ToDictionary(c => c.Key, c => c.Value.Definition));
        }
    }

    /// <summary>
    /// Objects of closures hold quick code, which goes on to the better code by itself; what their slots hold goes into new
    /// objects, which may outlive this set of versions.
    /// </summary>
    private static ImmutableArray<int> PlacesOf(Definition definition)
    {
        var isClosureCode = definition.Source.Program.Signatures[definition.Function.Index].IsClosureCode;
        if (definition.Forward < 0) return isClosureCode ? [] : [definition.Slot];
        return isClosureCode ? [definition.Forward] : [definition.Slot, definition.Forward];
    }

    private bool IsImproved(int slot, Definition definition) => slot == definition.Slot ? _current.EntryOf(slot) != definition.Code : _current.EntryOf(slot) != 0;

    /// <summary>A function's version in the current world, if its body is there in the tables of the current source.</summary>
    private HotCandidate? Candidate(ICodeSource source, FunctionId id)
    {
        var slot = _slots.Find(SlotKey.Of(source, id));
        if (slot < 0 || _current[slot] is null)
        {
            if (source.Lowered(id) is null) return null;
            slot = _slots.Hold(SlotKey.Of(source, id));
            Complete(_current, source, [(slot, id)], null, isBorrowed: false);
            _heldForPlan.Add(slot);
        }
        var definition = _current[slot]!;
        if (definition.Function != id || (definition.Source != source && !source.Continues(definition.Source))) return null;
        if (definition.Source.Lowered(id) is not { } body) return null;
        var count = definition.Address == 0 ? 0 : CountOf(definition);
        return new(definition, body, count);
    }

    /// <summary>What has been called in the current world.</summary>
    private IEnumerable<HotCandidate> Running(ICodeSource source)
    {
        foreach (var definition in _definitions.Values)
        {
            if (definition.Address == 0 || _current[definition.Slot] != definition) continue;
            var count = CountOf(definition);
            if (count == 0 || (definition.Source != source && !source.Continues(definition.Source))) continue;
            if (definition.Source.Lowered(definition.Function) is { } body) yield return new(definition, body, count);
        }
    }

    private int CountOf(Definition definition)
    {
        var count = _queue!.CountOf(definition.Forward >= 0 ? definition.Forward : definition.Slot);
        foreach (var rest in definition.Rests) count = Math.Max(count, _queue.CountOf(rest));
        return count;
    }

    private void ForgetPlan()
    {
        lock (_gate)
        {
            foreach (var slot in _heldForPlan) ReleaseSlot(slot);
            _heldForPlan.Clear();
        }
    }

    private void Enter(HotUnit unit)
    {
        lock (_gate)
        {
            foreach (var world in _worlds)
            {
                if (!unit.FitsInto(world)) continue;
                Complete(world, unit.Names.Source, unit.Names.Calls, null, isBorrowed: false);
                PutInto(world, unit);
            }
            if (unit.Worlds == 0) Retire(unit);
        }
    }

    private void PutInto(World world, HotUnit unit)
    {
        unit.Worlds++;
        world.Hot.Add(unit);
        foreach (var (slot, code) in unit.Entries)
        {
            world.Enter(slot, code);
            // Who looks for the code only when a counter has run out is to look now.
            if (_counting.ContainsKey(slot)) _queue!.Hurry(slot);
        }
    }

    /// <summary>A new world has the optimised code of the one before wherever nothing that went into it has changed.</summary>
    private void TakeOver(World from, World to)
    {
        foreach (var unit in from.Hot)
        {
            // It may have been entered there while the world was tried.
            if (!unit.IsUsedIn(from) || to.Hot.Contains(unit)) continue;
            if (unit.FitsInto(to)) PutInto(to, unit);
            // What lost its code asks for it again when it is called next.
            else foreach (var (slot, _) in unit.Entries) _queue!.Hurry(slot);
        }
    }

    private void LeaveHot(World world)
    {
        foreach (var unit in world.Hot)
            if (--unit.Worlds == 0) Retire(unit);
        world.Hot.Clear();
    }

    private void Retire(HotUnit unit)
    {
        unit.Code.Free();
        LetGo(unit.Names);
    }

    /// <summary>The version counts from now on.</summary>
    private void StartCounting(Definition definition, MirFunction function, Environment environment)
    {
        if (_queue is null) return;
        definition.Forward = environment.ForwardOf(function.Id);
        definition.Rests = [.. function.Rests.Select(rest => environment.RestOf(rest.Id))];
        _queue.Start(definition.Slot);
        foreach (var slot in definition.Rests.Add(definition.Forward))
        {
            if (slot < 0) continue;
            _counting[slot] = definition;
            _queue.Start(slot);
        }
    }

    /// <summary>What new closure objects hold: quick code, which stays as long as such an object may have it.</summary>
    private nint ClosureCodeOf(Definition version)
    {
        if (version.Worlds == 0) throw new OutdatedException();
        if (version.Address == 0) CompileModuleOf(version);
        return version.Address;
    }

    /// <summary>A slot for code that no other version may reach, whatever world calls it.</summary>
    private int NewHotSlot() => _slots.Hold(new SlotKey($"hot {++_hotSlots}", ""));
}
