using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>
/// The definitions that were current together, as a table from slot to code that contexts read. What a slot means in a world
/// never changes; an entry only goes from "not compiled yet" to the code, or is filled when a slot is used for the first time.
/// </summary>
internal sealed unsafe class World
{
    private const nuint TableBytes = SlotTable.Capacity * 8;

    private Definition?[] _definitions;
    private nint* _table;

    public World(int number, World? previous, int length)
    {
        Number = number;
        _table = (nint*)Native.Reserve(TableBytes);
        _definitions = new Definition?[length];
        Length = length;
        if (previous is null) return;
        Borrowed.UnionWith(previous.Borrowed);
        for (var slot = 0; slot < previous.Length; slot++) this[slot] = previous[slot];
    }

    public int Number { get; }

    /// <summary>How many contexts run in it, plus one while it is the current one.</summary>
    public int Holders { get; set; }

    /// <summary>The version of the program that it was made for.</summary>
    public ICodeSource? Source { get; set; }

    /// <summary>What contexts point to.</summary>
    public nint Table => (nint)_table;

    /// <summary>Optimised code that is good here; where two units have code for a slot, the later one's counts.</summary>
    public List<HotUnit> Hot { get; } = [];

    /// <summary>
    /// Slots that nothing in the version's text leads to: they mean something because function values of other versions may
    /// come here, and only for as long.
    /// </summary>
    public HashSet<int> Borrowed { get; } = [];

    /// <summary>Closure code that the world before had and this one does not, until somebody has told who still holds closures of it.</summary>
    public ImmutableArray<Definition> Replaced { get; set; } = [];

    public int Length { get; private set; }
    public bool IsGone => _table == null;

    /// <summary>What a slot means here; setting it also fills the table.</summary>
    public Definition? this[int slot]
    {
        get => slot < _definitions.Length ? _definitions[slot] : null;
        set
        {
            if (slot >= _definitions.Length) Array.Resize(ref _definitions, Math.Max(slot + 1, _definitions.Length * 2));
            _definitions[slot] = value;
            Length = Math.Max(Length, slot + 1);
            Volatile.Write(ref _table[slot], value?.Code ?? 0);
        }
    }

    /// <summary>What contexts find at a slot.</summary>
    public nint EntryOf(int slot) => Volatile.Read(ref _table[slot]);

    /// <summary>Puts optimised code with the meaning that the slot has here.</summary>
    public void Enter(int slot, nint code) => Volatile.Write(ref _table[slot], code);

    /// <summary>The entry follows its definition, which has been compiled; unless it has better code already.</summary>
    public void Refresh(int slot)
    {
        if (EntryOf(slot) == (_definitions[slot]?.Stub?.Address ?? 0)) Volatile.Write(ref _table[slot], _definitions[slot]?.Code ?? 0);
    }

    public void Free()
    {
        Native.Release((nint)_table, TableBytes);
        _table = null;
    }
}
