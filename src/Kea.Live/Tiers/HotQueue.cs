using Kea.Llvm.Emit;

namespace Kea.Live;

/// <summary>The runtime's list of hot slots with their counters (<c>kea/tier.h</c>), for all slots that there can be.</summary>
internal sealed unsafe class HotQueue : IDisposable
{
    private const int HeaderBytes = 16, CellBytes = 16;
    private const int NextOffset = 4, AskedOffset = 12;
    private const int AgainOffset = 8, AtOnceOffset = 12;
    private const int CountMax = 1 << 30, Mark = (1 << 30) + (1 << 29), MarkedBelow = -(1 << 28);
    private const nuint Bytes = HeaderBytes + SlotTable.Capacity * (nuint)CellBytes;

    private readonly RuntimeLibrary _runtime;
    private readonly TierOptions _options;
    private readonly nint _address = Native.Reserve(Bytes);
    private int _cells;

    public HotQueue(RuntimeLibrary runtime, TierOptions options)
    {
        (_runtime, _options) = (runtime, options);
        *(int*)(_address + AgainOffset) = options.Again;
        *(int*)(_address + AtOnceOffset) = options.AtOnce ? 1 : 0;
    }

    public HotCounter Counter(int slot, bool forwards)
    {
        for (var cells = _cells; slot >= cells && Interlocked.CompareExchange(ref _cells, slot + 1, cells) != cells; cells = _cells) { }
        return new(_address, slot, Cell(slot), forwards);
    }

    /// <summary>Counts from the beginning.</summary>
    public void Start(int slot)
    {
        *(int*)(Cell(slot) + AskedOffset) = 0;
        Volatile.Write(ref *(int*)Cell(slot), Math.Min(_options.Threshold, CountMax));
    }

    /// <summary>The next call asks.</summary>
    public void Hurry(int slot) => Volatile.Write(ref *(int*)Cell(slot), 0);

    /// <summary>Never asks again, or hardly ever.</summary>
    public void Stop(int slot) => Volatile.Write(ref *(int*)Cell(slot), CountMax);

    /// <summary>Calls so far; at least the threshold for what has asked.</summary>
    public int CountOf(int slot)
    {
        if (HasAsked(slot)) return int.MaxValue;
        var left = Volatile.Read(ref *(int*)Cell(slot));
        return Math.Min(_options.Threshold, CountMax) - (left < MarkedBelow ? left + Mark : left);
    }

    /// <summary>Lets all counters run out once, so that quick code looks whether it is interrupted. They go on from where they are.</summary>
    public void RunOut() => _runtime.HotMark(_address, Volatile.Read(ref _cells));

    public bool HasAsked(int slot) => Volatile.Read(ref *(int*)(Cell(slot) + AskedOffset)) != 0;

    /// <summary>Waits for requests. Each slot is to be given back by <see cref="Done"/>. One thread.</summary>
    /// <returns>Empty after a <see cref="Wake"/> or when the time is over.</returns>
    public List<int> Take(int milliseconds)
    {
        var slots = new List<int>();
        for (var at = _runtime.HotTake(_address, milliseconds); at != 0; at = *(int*)(Cell((int)at - 1) + NextOffset)) slots.Add((int)at - 1);
        return slots;
    }

    public void Done(int slot) => _runtime.HotDone(_address, slot);
    public void Wake() => _runtime.HotWake(_address);
    public void Dispose() => Native.Release(_address, Bytes);

    private nint Cell(int slot) => _address + HeaderBytes + slot * CellBytes;
}
