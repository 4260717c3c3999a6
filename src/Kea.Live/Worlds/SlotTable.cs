using Kea.Mir;

namespace Kea.Live;

/// <summary>A function's stable name with the fingerprint of how it is called. A slot never changes either.</summary>
public readonly record struct SlotKey(string Name, string Abi)
{
    public static SlotKey Of(ICodeSource source, FunctionId function) => new(source.Program.Signatures[function.Index].Name, CallAbi.Of(source.Program, function));
}

/// <summary>
/// Numbers slots. Units hold the slots that their code loads or fills; a number whose last holder is gone is given out again,
/// so tables do not grow with the number of reloads.
/// </summary>
internal sealed class SlotTable
{
    public const int Capacity = 1 << 17;

    private readonly Dictionary<SlotKey, int> _slots = [];
    private readonly List<(SlotKey Key, int Holders)> _rows = [];
    private readonly Stack<int> _unused = [];

    /// <summary>One more than the highest number ever given out.</summary>
    public int Length => _rows.Count;

    /// <summary>Slots in use.</summary>
    public int Count => _slots.Count;

    /// <summary>Numbers that are given out again.</summary>
    public int Free => _unused.Count;

    /// <summary>Of the slots in use.</summary>
    public IEnumerable<SlotKey> Keys => _slots.Keys;

    public SlotKey KeyOf(int slot) => _rows[slot].Key;
    public int Find(SlotKey key) => _slots.GetValueOrDefault(key, -1);

    /// <summary>The slot of a key, with one more holder.</summary>
    public int Hold(SlotKey key)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            _rows[slot] = (key, _rows[slot].Holders + 1);
            return slot;
        }
        if (!_unused.TryPop(out slot))
        {
            slot = _rows.Count;
            if (slot == Capacity) throw new InvalidOperationException($"a program has at most {Capacity} live functions");
            _rows.Add(default);
        }
        _rows[slot] = (key, 1);
        _slots.Add(key, slot);
        return slot;
    }

    /// <returns>True if that was the last holder; the number is free again.</returns>
    public bool Release(int slot)
    {
        var (key, holders) = _rows[slot];
        _rows[slot] = (key, holders - 1);
        if (holders > 1) return false;
        _slots.Remove(key);
        _unused.Push(slot);
        return true;
    }
}
