using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Live;

// What there is and what keeps it, for people to look at.
internal sealed partial class Publisher
{
    /// <param name="worlds">What is known of each world besides its code: versions and holders.</param>
    public LiveListing List(Func<World, (ImmutableArray<int> Versions, bool IsKept, ImmutableArray<WorldHolder> Holders)> worlds)
    {
        lock (_gate)
        {
            var listed = ImmutableArray.CreateBuilder<WorldListing>(_worlds.Count);
            foreach (var world in _worlds)
            {
                var (versions, isKept, holders) = worlds(world);
                listed.Add(new WorldListing(world.Number, versions, world == _current, isKept, FunctionsOf(world), holders));
            }
            var units = ListUnits();
            return new LiveListing(listed.MoveToImmutable(), units, new SlotUse(_slots.Count, _slots.Free), units.Sum(u => u.CodeBytes));
        }
    }

    private ImmutableArray<UnitListing> ListUnits()
    {
        var worldsOf = new Dictionary<LoadedUnit, SortedSet<int>>();
        var hot = new Dictionary<HotUnit, SortedSet<int>>();
        foreach (var world in _worlds)
        {
            for (var slot = 0; slot < world.Length; slot++)
                if (world[slot]?.Unit is { } unit) Add(worldsOf, unit, world.Number);
            foreach (var unit in world.Hot) Add(hot, unit, world.Number);
        }
        var listed = new List<UnitListing>(_units.Count + hot.Count);
        foreach (var unit in _units)
        {
            var holders = worldsOf.GetValueOrDefault(unit) is { } worlds ? In(worlds) : [];
            listed.Add(new UnitListing(unit.Code.Id, 0, unit.Code.Names, unit.Code.CodeBytes, holders.AddRange(ByValues(unit, holders.IsEmpty))));
        }
        foreach (var (unit, worlds) in hot)
            listed.Add(new UnitListing(unit.Code.Id, 1, unit.Code.Names, unit.Code.CodeBytes, In(worlds)));
        return [.. listed.OrderBy(u => u.Id)];

        static void Add<T>(Dictionary<T, SortedSet<int>> to, T unit, int world) where T : notnull
        {
            if (!to.TryGetValue(unit, out var numbers)) to.Add(unit, numbers = []);
            numbers.Add(world);
        }

        static ImmutableArray<UnitHolder> In(SortedSet<int> worlds) => [.. worlds.Select(number => new UnitHolder(UnitHolderKind.World, number))];
    }

    private static IEnumerable<UnitHolder> ByValues(LoadedUnit unit, bool isRetired)
    {
        if (unit.Versions > 0) yield return new UnitHolder(UnitHolderKind.Moves, Count: unit.Versions);
        if (unit.Words > 0) yield return new UnitHolder(UnitHolderKind.Frames, Count: unit.Words);
        if (unit.Closures > 0) yield return new UnitHolder(UnitHolderKind.Closures, Count: unit.Closures, Through: unit.HolderTypes.Count > 0 ? string.Join(", ", unit.HolderTypes) : null);
        else if (isRetired && unit.Versions == 0 && unit.Words == 0) yield return new UnitHolder(UnitHolderKind.Unknown);
    }

    private static int FunctionsOf(World world)
    {
        var count = 0;
        for (var slot = 0; slot < world.Length; slot++)
            if (world[slot] is not null) count++;
        return count;
    }
}
