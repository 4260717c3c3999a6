using Kea.Llvm;
using Kea.Llvm.Emit;
using Kea.Mir;

namespace Kea.Live;

// What only values of the running program can still lead to: closure objects hold code, and late-bound closures and texts are
// objects outside the heap. Nobody counts these references. Where code or an immortal object is named by nothing else any more,
// it waits until the program has been looked through at a reload point (docs/decisions/0020).
internal sealed partial class Publisher
{
    /// <summary>Fewer units than this are not worth looking for.</summary>
    private const int LeastWaiting = 32;
    /// <summary>A waiting unit takes some 16 KB with its mappings, a waiting text far less.</summary>
    private const int TextsPerUnit = 64;
    /// <summary>Memory that takes about as long to look through as a unit takes to compile.</summary>
    private const long BytesPerUnit = 1 << 20;
    private const int MostWaiting = 4096;

    private readonly HashSet<LoadedUnit> _retired = [];
    private readonly HashSet<LazyStub> _retiredStubs = [];
    private readonly HashSet<Immortal> _unheld = [];
    private int _runs, _due = LeastWaiting;
    /// <summary>While what has been found is acted on: what was not found then is not there.</summary>
    private bool _hasLooked;

    /// <summary>Units that only values may lead to, or nothing.</summary>
    public int Waiting { get { lock (_gate) return _retired.Count; } }

    /// <summary>How often the program has been looked through.</summary>
    public int Looks { get; private set; }

    /// <summary>So much is waiting that looking through the program is worth its time.</summary>
    public bool IsLookDue
    {
        get
        {
            lock (_gate)
            {
                var borrowed = 0;
                foreach (var world in _worlds) borrowed = Math.Max(borrowed, world.Borrowed.Count);
                return _retired.Count + _retiredStubs.Count + borrowed + _unheld.Count / TextsPerUnit >= _due;
            }
        }
    }

    public void RunBegins()
    {
        lock (_gate) _runs++;
    }

    /// <summary>Its heap is gone, and its stack.</summary>
    public void RunEnds()
    {
        lock (_gate)
        {
            if (--_runs > 0) return;
            foreach (var unit in _units) (unit.Closures, unit.Words) = (0, 0);
            foreach (var immortal in Constants.All) immortal.IsReferred = false;
            FreeWhatNothingLeadsTo(IsCandidate, []);
        }
    }

    /// <summary>
    /// Looks through a program that stands at a reload point, and frees what it does not refer to. With several runs of a program
    /// at once nothing is freed, since each has a heap of its own.
    /// </summary>
    /// <param name="occupied">Worlds that contexts are in or will go through.</param>
    public void LookThrough(nint context, HashSet<World> occupied)
    {
        lock (_gate)
        {
            if (_runs != 1) return;
            var pinned = _units.Where(u => u.IsPinned).ToArray();
            var immortals = Constants.All.ToArray();
            var stubs = _retiredStubs.ToArray();
            var forwarding = immortals.Where(i => i.Forward is not null).ToArray();
            var look = new HeapLook(pinned.Length + immortals.Length + stubs.Length + forwarding.Length);
            foreach (var unit in pinned) look.Ask(unit.Code.Start, unit.Code.End);
            foreach (var immortal in immortals) look.Ask(immortal.Address, immortal.Address + immortal.Bytes);
            foreach (var stub in stubs) look.Ask(stub.Address, stub.Address + LazyStubs.StubBytes);
            foreach (var immortal in forwarding) look.Ask(immortal.Forward!.Start, immortal.Forward.End);
            var bytes = look.Through(_engine.Runtime, context);
            Looks++;
            var at = 0;
            foreach (var unit in pinned) (unit.Closures, unit.Words) = look[at++];
            foreach (var immortal in immortals) immortal.IsReferred = look[at++] is not (0, 0);
            foreach (var stub in stubs)
            {
                var (closures, words) = look[at++];
                if (closures + words == 0)
                {
                    _retiredStubs.Remove(stub);
                    Free(stub);
                }
                else if (_byStub[stub.Index]?.Unit is { } unit) (unit.Closures, unit.Words) = (unit.Closures + closures, unit.Words + words);
            }
            // Its call may be under way, and the closure have been dropped.
            foreach (var immortal in forwarding) immortal.IsReferred |= look[at++] is not (0, 0);
            FreeWhatNothingLeadsTo(world => occupied.Contains(world) || IsCandidate(world), pinned);
            var found = _retired.Count + _retiredStubs.Count + _worlds.Max(w => w.Borrowed.Count);
            _due = Math.Max(LeastWaiting, 2 * found) + (int)Math.Min(bytes / BytesPerUnit, MostWaiting);
        }
    }

    /// <param name="pinned">Units that have been looked for.</param>
    private void FreeWhatNothingLeadsTo(Func<World, bool> isOccupied, LoadedUnit[] pinned)
    {
        _hasLooked = true;
        var moves = _units.Where(u => u.Versions > 0).SelectMany(SlotsOf).ToArray();
        var named = pinned.Where(u => u.IsReferred).SelectMany(SlotsOf).Concat(Constants.Closures.Where(c => c.IsReferred || c.Versions > 0).Select(c => c.Slot)).ToArray();
        foreach (var world in _worlds.ToArray())
            Prune(world, world.Hot, world != _current && !isOccupied(world) ? moves : moves.Concat(named).Concat(MadeOutside(world, isOccupied)));
        foreach (var unit in _retired.Where(u => !u.IsReferred).ToArray())
            if (_retired.Remove(unit)) Free(unit);
        foreach (var stub in _runs > 0 ? [] : _retiredStubs.ToArray())
        {
            _retiredStubs.Remove(stub);
            Free(stub);
        }
        foreach (var immortal in _unheld.Where(i => !i.IsReferred).ToArray())
            if (_unheld.Remove(immortal)) Free(immortal);
        _hasLooked = false;
    }

    /// <summary>What function values may name that code in other worlds makes from now on, and that come to a world.</summary>
    private IEnumerable<int> MadeOutside(World world, Func<World, bool> isOccupied)
    {
        var makers = new HashSet<LoadedUnit>();
        foreach (var other in _worlds)
        {
            if (other == world || (other != _current && !isOccupied(other))) continue;
            for (var slot = 0; slot < other.Length; slot++)
                if (other[slot]?.Unit is { } unit && MakesFunctionValues(unit)) makers.Add(unit);
        }
        return makers.SelectMany(SlotsOf);
    }

    /// <summary>All that function values may name, whether there are any or not.</summary>
    private IEnumerable<int> AllThatValuesMayName() =>
        _units.Where(u => MakesFunctionValues(u) || u.Versions > 0).SelectMany(SlotsOf).Concat(Constants.Closures.Select(c => c.Slot));

    private static bool MakesFunctionValues(LoadedUnit unit) => unit.IsPinned || unit.Names.MakesFunctionValues;
    private static IEnumerable<int> SlotsOf(LoadedUnit unit) => unit.Names.Calls.Select(c => c.Slot);

    /// <summary>Ends what a world has borrowed and neither its own code nor function values lead to any more.</summary>
    /// <param name="hot">Optimised code that is or will be used in the world, where it fits.</param>
    /// <param name="named">Slots that function values name.</param>
    private void Prune(World world, IReadOnlyList<HotUnit> hot, IEnumerable<int> named)
    {
        if (world.Borrowed.Count == 0) return;
        var seen = new bool[world.Length];
        var units = new HashSet<LoadedUnit>();
        var open = new Stack<int>(named);
        foreach (var unit in hot)
            if (unit.FitsInto(world)) Open(unit.Names);
        for (var slot = 0; slot < world.Length; slot++)
            if (world[slot] is not null && !world.Borrowed.Contains(slot)) open.Push(slot);
        while (open.TryPop(out var slot))
        {
            if (slot >= seen.Length || seen[slot]) continue;
            seen[slot] = true;
            if (world[slot]?.Unit is { } unit && units.Add(unit)) Open(unit.Names);
        }
        foreach (var slot in world.Borrowed.Where(s => s >= seen.Length || !seen[s]).ToArray())
        {
            world.Borrowed.Remove(slot);
            Set(world, slot, null);
        }

        void Open(UnitNames names)
        {
            foreach (var (slot, _) in names.Calls) open.Push(slot);
        }
    }

    /// <summary>Function values go from one world to an older one: what they may name means something there as well.</summary>
    public void Adopt(World from, World into)
    {
        lock (_gate) AdoptFrom(from, into);
    }

    private void AdoptFrom(World from, World into)
    {
        foreach (var unit in _units)
            if (MakesFunctionValues(unit)) Complete(into, unit.Names.Source, unit.Names.Calls, from, isBorrowed: true);
        foreach (var closure in Constants.Closures)
        {
            if (into[closure.Slot] is not null || from[closure.Slot] is not { } definition) continue;
            Set(into, closure.Slot, definition);
            into.Borrowed.Add(closure.Slot);
            if (definition.Unit is { } unit) Complete(into, unit.Names.Source, unit.Names.Calls, from, isBorrowed: true);
        }
    }

    // ---- immortal objects ----

    /// <summary>The late-bound closure object of a function, for the moves of a version. Held until it is unpinned.</summary>
    /// <param name="world">It is to have the function.</param>
    public nint PinClosure(ICodeSource source, FunctionId function, World? world)
    {
        lock (_gate)
        {
            var slot = _slots.Hold(SlotKey.Of(source, function));
            if (world is not null) Complete(world, source, [(slot, function)], null, isBorrowed: false);
            var closure = ClosureThrough(source, function, slot);
            Pin(closure, source);
            _slots.Release(slot);
            return closure.Address;
        }
    }

    /// <summary>The immortal string of a text, for the moves of a version. Held until it is unpinned.</summary>
    public nint PinText(ICodeSource source, string text)
    {
        lock (_gate)
        {
            var made = Constants.Text(text);
            Pin(made, source);
            return made.Address;
        }
    }

    /// <summary>Holds immortal objects and the units of code addresses for one version more.</summary>
    public void Pin(IEnumerable<nint> immortals, IEnumerable<nint> codes)
    {
        lock (_gate)
        {
            foreach (var address in immortals)
                if (Constants.At(address) is { } immortal) Pin(immortal, null);
            foreach (var code in codes) UnitOf(code).Versions++;
        }
    }

    public void Unpin(IEnumerable<nint> immortals, IEnumerable<nint> codes)
    {
        lock (_gate)
        {
            foreach (var code in codes)
            {
                var unit = UnitOf(code);
                if (--unit.Versions == 0 && unit.LiveDefinitions == 0) Retire(unit);
            }
            foreach (var address in immortals)
            {
                if (Constants.At(address) is not { } immortal) continue;
                immortal.Versions--;
                FreeUnlessNeeded(immortal);
            }
        }
    }

    private LoadedUnit UnitOf(nint code)
    {
        foreach (var unit in _units)
            if (code >= unit.Code.Start && code < unit.Code.End) return unit;
        throw new InvalidOperationException("code of a move that is not loaded");
    }

    /// <summary>The late-bound closure of a function; it keeps its slot.</summary>
    private Immortal ClosureThrough(ICodeSource source, FunctionId function, int slot)
    {
        if (Constants.FindClosure(slot) is { } known) return known;
        _slots.Hold(_slots.KeyOf(slot));
        var jumps = !_options.ChecksCalls && ResultPlace.IsInRegisters(source.Program, source.Program.Signatures[function.Index].Result);
        return Constants.Closure(slot, jumps ? null : CompileForward(source, function, slot));
    }

    private CodeUnit CompileForward(ICodeSource source, FunctionId function, int slot)
    {
        var machine = _engine.RentMachine(CodeLevel.Quick);
        try
        {
            return _engine.Load(UnitWriter.CompileForward(source.Program, function, slot, _engine.NextTable(), _engine.Processor, machine, _options.ChecksCalls), [source.Program.Signatures[function.Index].Name]);
        }
        finally
        {
            _engine.ReturnMachine(CodeLevel.Quick, machine);
        }
    }

    private void Hold(Immortal immortal, ICodeSource source)
    {
        NoteUse(immortal, source);
        immortal.Units++;
        _unheld.Remove(immortal);
    }

    private void Release(Immortal immortal)
    {
        immortal.Units--;
        FreeUnlessNeeded(immortal);
    }

    private void Pin(Immortal immortal, ICodeSource? source)
    {
        NoteUse(immortal, source);
        immortal.Versions++;
        _unheld.Remove(immortal);
    }

    private void FreeUnlessNeeded(Immortal immortal)
    {
        if (immortal.IsHeld) return;
        if (_runs > 0 && !IsWithdrawn(immortal) && !(_hasLooked && !immortal.IsReferred)) _unheld.Add(immortal);
        else Free(immortal);
    }

    private void Free(Immortal immortal)
    {
        Constants.Free(immortal);
        if (immortal.Slot >= 0) ReleaseSlot(immortal.Slot);
    }
}
