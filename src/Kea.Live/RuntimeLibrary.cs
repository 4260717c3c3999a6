using System.Runtime.InteropServices;
using Kea.Llvm;

namespace Kea.Live;

/// <summary><c>kea_run_options</c> of the runtime's header, field for field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RunOptionsRaw
{
    public nint Entry;
    public nint Layouts;
    public long LayoutCount;
    public nint World;
    public long ArgumentCount;
    public byte** Arguments;
    public int InFd, OutFd, ErrorFd;
    public int Flags;
    public delegate* unmanaged<nint, nint, void> Started;
    public nint User;
    public nint Live;
    public long WorldNumber;
    public delegate* unmanaged<nint, nint, void> Ended;
}

/// <summary><c>kea_run_result</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RunResultRaw
{
    public const int MessageBytes = 512;
    public long Status;
    public long FailedChecks;
    public fixed byte Message[MessageBytes];
}

/// <summary>The runtime in this process. Loaded once and never unloaded: code of many runs refers to it.</summary>
public sealed unsafe class RuntimeLibrary
{
    private readonly delegate* unmanaged<RunOptionsRaw*, RunResultRaw*, long> _run;
    private readonly delegate* unmanaged<nint, nint, byte*, void> _register;
    private readonly delegate* unmanaged<nint, void> _unregister;
    private readonly delegate* unmanaged<nint, long, long> _hotTake;
    private readonly delegate* unmanaged<nint, long, void> _hotDone;
    private readonly delegate* unmanaged<nint, void> _hotWake;
    private readonly delegate* unmanaged<nint, void> _dup;
    private readonly delegate* unmanaged<nint, nint, void> _drop;
    private readonly delegate* unmanaged<nint, nint, long, void> _enterWorld;
    private readonly delegate* unmanaged<nint, nint, long, long*, byte> _attempt;
    private readonly delegate* unmanaged<nint, nint, nint, long*, byte> _convert;
    private readonly delegate* unmanaged<nint, nint> _message;
    private readonly delegate* unmanaged<nint, KeptRaw*> _firstKept;
    private readonly delegate* unmanaged<nint, void> _flush;
    private readonly delegate* unmanaged<nint, KeptRaw*, void> _forget;
    private readonly delegate* unmanaged<nint, long, void> _hotMark;
    private readonly delegate* unmanaged<nint, int, byte> _interrupt;
    private readonly delegate* unmanaged<nint, void> _interruptNot;
    private readonly delegate* unmanaged<nint, ScanRaw*, void> _scan;
    private readonly delegate* unmanaged<nint, nint, nint, nint, long, int> _compare;
    private readonly delegate* unmanaged<nint, nint, long, long> _weigh;

    /// <param name="files">Where the shared library is.</param>
    public RuntimeLibrary(RuntimeFiles files)
    {
        (Files, Path) = (files, files.SharedLibrary);
        var library = NativeLibrary.Load(Path);
        _run = (delegate* unmanaged<RunOptionsRaw*, RunResultRaw*, long>)NativeLibrary.GetExport(library, "kea_run");
        _register = (delegate* unmanaged<nint, nint, byte*, void>)NativeLibrary.GetExport(library, "kea_code_register");
        _unregister = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "kea_code_unregister");
        _hotTake = (delegate* unmanaged<nint, long, long>)NativeLibrary.GetExport(library, "kea_hot_take");
        _hotDone = (delegate* unmanaged<nint, long, void>)NativeLibrary.GetExport(library, "kea_hot_done");
        _hotWake = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "kea_hot_wake");
        _dup = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "kea_live_dup");
        _drop = (delegate* unmanaged<nint, nint, void>)NativeLibrary.GetExport(library, "kea_live_drop");
        _enterWorld = (delegate* unmanaged<nint, nint, long, void>)NativeLibrary.GetExport(library, "kea_live_enter");
        _attempt = (delegate* unmanaged<nint, nint, long, long*, byte>)NativeLibrary.GetExport(library, "kea_live_attempt");
        _convert = (delegate* unmanaged<nint, nint, nint, long*, byte>)NativeLibrary.GetExport(library, "kea_live_convert");
        _message = (delegate* unmanaged<nint, nint>)NativeLibrary.GetExport(library, "kea_live_message");
        _firstKept = (delegate* unmanaged<nint, KeptRaw*>)NativeLibrary.GetExport(library, "kea_live_first_kept");
        _flush = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "kea_live_flush");
        _forget = (delegate* unmanaged<nint, KeptRaw*, void>)NativeLibrary.GetExport(library, "kea_live_forget");
        _hotMark = (delegate* unmanaged<nint, long, void>)NativeLibrary.GetExport(library, "kea_hot_mark");
        _interrupt = (delegate* unmanaged<nint, int, byte>)NativeLibrary.GetExport(library, "kea_interrupt");
        _interruptNot = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "kea_interrupt_not");
        _scan = (delegate* unmanaged<nint, ScanRaw*, void>)NativeLibrary.GetExport(library, "kea_live_scan");
        _compare = (delegate* unmanaged<nint, nint, nint, nint, long, int>)NativeLibrary.GetExport(library, "kea_live_compare");
        _weigh = (delegate* unmanaged<nint, nint, long, long>)NativeLibrary.GetExport(library, "kea_live_weigh");
    }

    public RuntimeFiles Files { get; }
    public string Path { get; }

    internal long Run(RunOptionsRaw* options, RunResultRaw* result) => _run(options, result);

    /// <summary>Names machine code for the runtime's backtraces.</summary>
    internal void RegisterCode(nint start, ulong bytes, string name)
    {
        var text = Marshal.StringToCoTaskMemUTF8(name);
        _register(start, start + (nint)bytes, (byte*)text);
        Marshal.FreeCoTaskMem(text);
    }

    internal long HotTake(nint queue, long milliseconds) => _hotTake(queue, milliseconds);
    internal void HotDone(nint queue, long slot) => _hotDone(queue, slot);
    internal void HotWake(nint queue) => _hotWake(queue);
    internal void HotMark(nint queue, long cells) => _hotMark(queue, cells);

    /// <summary>False when nothing is asked for any more.</summary>
    internal bool Interrupt(nint context, InterruptScope? what) => _interrupt(context, what is { } scope ? (int)scope : 0) != 0;

    internal void InterruptNot(nint context) => _interruptNot(context);

    internal void Dup(nint box) => _dup(box);
    internal void Drop(nint context, nint box) => _drop(context, box);
    internal void EnterWorld(nint context, nint table, long number) => _enterWorld(context, table, number);
    internal KeptRaw* FirstKept(nint context) => _firstKept(context);
    internal void Flush(nint context) => _flush(context);
    internal void Forget(nint context, KeptRaw* kept) => _forget(context, kept);
    internal void Scan(nint context, ScanRaw* scan) => _scan(context, scan);
    /// <param name="plain">See <see cref="LayoutTable.Plain"/>.</param>
    internal Comparison Compare(nint context, nint box, nint other, nint plain, long steps) => (Comparison)_compare(context, box, other, plain, steps);

    /// <summary>The bytes of a box with all that it refers to; -1 if they are more than <paramref name="most"/>.</summary>
    internal long Weigh(nint context, nint box, long most) => _weigh(context, box, most);

    internal string MessageOf(nint context) => Marshal.PtrToStringUTF8(_message(context)) ?? "";

    /// <summary>Calls Kea code that takes and returns a box, on a thread of the program; false if it panicked.</summary>
    internal bool Attempt(nint context, nint code, nint box, out nint result)
    {
        long made;
        var done = _attempt(context, code, box, &made) != 0;
        result = done ? (nint)made : 0;
        return done;
    }

    /// <summary>Runs a migration, on a thread of the program, also while locks are held; false if it panicked or returned null, or the run has ended by it.</summary>
    /// <param name="box">Consumed.</param>
    internal bool Convert(nint context, nint code, nint box, out nint made)
    {
        long result;
        var done = _convert(context, code, box, &result) != 0;
        made = done ? (nint)result : 0;
        return made != 0;
    }

    internal void UnregisterCode(nint start) => _unregister(start);
}
