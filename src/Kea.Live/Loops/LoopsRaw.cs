using System.Runtime.InteropServices;

namespace Kea.Live;

/// <summary><c>kea_loop</c> of the runtime's header, field for field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LoopRaw
{
    public nint State, Step, Turn, Type, Safe;
    public long Seen, KeepsSafe, Turns;
    public LoopRaw* Outer;
    public long End, SafeTurns, SafeDue;
    public nint Hook;
    public long Answer;
}

/// <summary><c>kea_kept</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct KeptRaw
{
    public KeptRaw* Next;
    public nint Name, Box, Type;
}

/// <summary><c>kea_live_hooks</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HooksRaw
{
    public long Signal;
    public nint User;
    public delegate* unmanaged<nint, nint, LoopRaw*, long> ReloadPoint;
    public delegate* unmanaged<nint, nint, LoopRaw*, long, long> Panicked;
    public delegate* unmanaged<nint, nint, LoopRaw*, nint, nint> Ended;
    public delegate* unmanaged<nint, nint, KeptRaw*, void> Kept;
    public long SafeNanos;
    public delegate* unmanaged<nint, byte*, long, long> Reads;
}
