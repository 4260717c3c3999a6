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

    internal void UnregisterCode(nint start) => _unregister(start);
}
