using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Kea.Llvm.Emit;

namespace Kea.Live;

// Which function values run code that is not current any more, and what refers to them: for people to look at. A closure object
// holds the address of its code, so what is found is exact; what holds it is named by the layouts of objects.
internal sealed partial class Publisher
{
    /// <summary>Of so many closures it is found out what holds them; the others are counted.</summary>
    private const int ClosuresNamed = 4096;

    /// <summary>Finds out what holds the closures of all units, for the listing.</summary>
    /// <param name="context">Of a program at a reload point that has just been looked through.</param>
    /// <param name="steps">Closures that loops hold as their steps.</param>
    /// <returns>Those whose code is not current any more.</returns>
    public ImmutableArray<OldClosures> NameHolders(nint context, IReadOnlySet<nint> steps)
    {
        lock (_gate)
        {
            var referred = _units.Where(u => u.Closures > 0).ToArray();
            var values = Constants.Closures.Where(c => c.IsReferred && _current.Borrowed.Contains(c.Slot)).Select(c => _current[c.Slot]).OfType<Definition>();
            var held = Held(context, [.. referred.SelectMany(u => u.Definitions).Where(IsClosureCode).Concat(values).Distinct()], steps);
            foreach (var unit in referred)
            {
                unit.HolderTypes.Clear();
                foreach (var closures in held)
                    if (closures.Of.Unit == unit) unit.HolderTypes.UnionWith(closures.Through);
            }
            return Gathered(held);
        }
    }

    /// <summary>What is held of the closures that were made from some code, as far as it is not current any more.</summary>
    /// <param name="made">Closure code that was current once.</param>
    public ImmutableArray<OldClosures> OldClosuresOf(IReadOnlyCollection<Definition> made, nint context, IReadOnlySet<nint> steps)
    {
        lock (_gate) return Gathered(Held(context, [.. made.Where(IsOld)], steps));
    }

    /// <summary>Closure code of an older version: the current one does not have it, or only for those who hold it.</summary>
    private bool IsOld(Definition definition) => _current[definition.Slot] != definition || _current.Borrowed.Contains(definition.Slot);

    /// <summary>The closure code that a world had and the next one does not have any more.</summary>
    /// <param name="slots">Where they may differ; less than zero for none.</param>
    private static ImmutableArray<Definition> ReplacedBy(World next, World before, HashSet<int> slots)
    {
        var replaced = ImmutableArray.CreateBuilder<Definition>();
        foreach (var slot in slots)
        {
            if (slot < 0 || before[slot] is not { } definition || before.Borrowed.Contains(slot) || !IsClosureCode(definition)) continue;
            if (next[slot] != definition || next.Borrowed.Contains(slot)) replaced.Add(definition);
        }
        return replaced.DrainToImmutable();
    }

    /// <summary>Function values found, by the closure code that they run.</summary>
    private readonly record struct HeldClosures(Definition Of, long Count, SortedSet<string> Through);

    private unsafe List<HeldClosures> Held(nint context, Definition[] definitions, IReadOnlySet<nint> steps)
    {
        var found = new List<HeldClosures>();
        if (_runs != 1 || definitions.Length == 0) return found;
        var places = new List<(Definition Of, nint Start, nint End, bool IsValue)>();
        foreach (var definition in definitions)
        {
            if (definition.Unit is { } unit && _units.Contains(unit)) places.Add((definition, definition.Address, definition.Address + 1, false));
            if (definition.Stub is { } stub && _byStub[stub.Index] == definition) places.Add((definition, stub.Address, stub.Address + 1, false));
            if (_current.Borrowed.Contains(definition.Slot) && Constants.FindClosure(definition.Slot) is { } value) places.Add((definition, value.Address, value.Address + 1, true));
        }
        // Equal places are those of a stub that two definitions have come to share.
        places = [.. places.DistinctBy(p => p.Start)];
        var look = new HeapLook(places.Count);
        foreach (var (_, start, end, _) in places) look.Ask(start, end);
        look.Through(_engine.Runtime, context, ClosuresNamed);
        var byDefinition = new Dictionary<Definition, HeldClosures>();
        for (var i = 0; i < places.Count; i++)
        {
            var (definition, _, _, isValue) = places[i];
            if (look[i].Values == 0) continue;
            ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(byDefinition, definition, out var isKnown);
            held = new(definition, held.Count + look[i].Values, isKnown ? held.Through : new(StringComparer.Ordinal));
            if (isValue && look.HolderOf(i) is var layout and >= 0) held.Through.Add(Layouts.NameOf((int)layout));
        }
        if (byDefinition.Count == 0) return found;
        NameHoldersOf(look.Closures, places.ToDictionary(p => p.Start, p => p.Of), byDefinition, context, steps);
        found.AddRange(byDefinition.Values);
        return found;
    }

    private unsafe void NameHoldersOf(ReadOnlySpan<nint> closures, Dictionary<nint, Definition> byCode, Dictionary<Definition, HeldClosures> held, nint context, IReadOnlySet<nint> steps)
    {
        var look = new HeapLook(closures.Length);
        foreach (var closure in closures) look.Ask(closure, closure + 1);
        look.Through(_engine.Runtime, context);
        for (var i = 0; i < closures.Length; i++)
        {
            if (!byCode.TryGetValue(*(nint*)(closures[i] + ObjectShapes.ClosureCodeOffset), out var definition) || !held.TryGetValue(definition, out var of)) continue;
            if (look.HolderOf(i) is var layout and >= 0) of.Through.Add(Layouts.NameOf((int)layout));
            if (steps.Contains(closures[i])) of.Through.Add("Live.loop as its step");
        }
    }

    /// <summary>By the functions that people know, without what is current.</summary>
    private ImmutableArray<OldClosures> Gathered(List<HeldClosures> held) =>
    [
        .. held.Where(h => IsOld(h.Of)).GroupBy(h => NameOf(h.Of) is var name ? (Function: CodeNames.FunctionOf(name), IsLambda: CodeNames.IsLambda(name)) : default)
            .OrderBy(g => g.Key.Function, StringComparer.Ordinal)
            .Select(g => new OldClosures(g.Key.Function, g.Key.IsLambda, g.Sum(h => h.Count), [.. g.SelectMany(h => h.Through).Distinct().Order(StringComparer.Ordinal)])),
    ];

    private static string NameOf(Definition definition) => definition.Source.Program.Signatures[definition.Function.Index].Name;
}
