using System.Runtime.InteropServices;

namespace Kea.Live;

/// <summary>Questions about memory outside the heap, answered by looking through a program once (<c>kea/scan.h</c>).</summary>
internal sealed unsafe class HeapLook(int count)
{
    private readonly ScanRangeRaw[] _ranges = new ScanRangeRaw[count];
    private readonly int[] _places = new int[count];
    private int _asked;
    private nint[] _closures = [];

    /// <summary>Closure objects with code in one of the ranges, if they have been asked for; not more than that.</summary>
    public ReadOnlySpan<nint> Closures => _closures;

    /// <summary>Is it referred to? Ranges must not overlap.</summary>
    public void Ask(nint start, nint end) => _ranges[_asked++] = new ScanRangeRaw { Start = start, End = end, Layout = -1 };

    /// <summary>References of values and words of the stack that lead into a range, by the order in which they were asked for.</summary>
    public (long Values, long Words) this[int question] => (_ranges[_places[question]].Values, _ranges[_places[question]].Words);

    /// <summary>The number of the layout of some object that refers into a range; -1 if no object does.</summary>
    public long HolderOf(int question) => _ranges[_places[question]].Layout;

    /// <param name="context">Of a program at a reload point.</param>
    /// <param name="closuresMax">How many closure objects are noted.</param>
    /// <returns>Bytes looked at.</returns>
    public long Through(RuntimeLibrary runtime, nint context, int closuresMax = 0)
    {
        var starts = new nint[_asked];
        var order = new int[_asked];
        for (var i = 0; i < _asked; i++) (starts[i], order[i]) = (_ranges[i].Start, i);
        Array.Sort(starts, order);
        var sorted = new ScanRangeRaw[_asked];
        for (var i = 0; i < _asked; i++) (sorted[i], _places[order[i]]) = (_ranges[order[i]], i);
        sorted.CopyTo(_ranges, 0);
        var closures = new nint[closuresMax];
        fixed (ScanRangeRaw* ranges = _ranges)
        fixed (nint* room = closures)
        {
            var scan = new ScanRaw { Ranges = ranges, Count = _asked, Closures = room, ClosureRoom = closuresMax };
            runtime.Scan(context, &scan);
            _closures = closures[..(int)Math.Min(scan.ClosureCount, closuresMax)];
            return scan.Bytes;
        }
    }
}

/// <summary><c>kea_scan_range</c> of the runtime's header, field for field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ScanRangeRaw
{
    public nint Start, End;
    public long Values, Words, Layout;
}

/// <summary><c>kea_scan</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ScanRaw
{
    public ScanRangeRaw* Ranges;
    public long Count;
    public byte* Layouts;
    public nint* Closures;
    public long ClosureRoom, ClosureCount;
    public long Bytes;
}
