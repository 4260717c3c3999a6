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

    /// <param name="files">Where the shared library is.</param>
    public RuntimeLibrary(RuntimeFiles files)
    {
        Path = files.SharedLibrary;
        var library = NativeLibrary.Load(Path);
        _run = (delegate* unmanaged<RunOptionsRaw*, RunResultRaw*, long>)NativeLibrary.GetExport(library, "kea_run");
        _register = (delegate* unmanaged<nint, nint, byte*, void>)NativeLibrary.GetExport(library, "kea_code_register");
        _unregister = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "kea_code_unregister");
    }

    public string Path { get; }

    internal long Run(RunOptionsRaw* options, RunResultRaw* result) => _run(options, result);

    /// <summary>Names machine code for the runtime's backtraces.</summary>
    internal void RegisterCode(nint start, ulong bytes, string name)
    {
        var text = Marshal.StringToCoTaskMemUTF8(name);
        _register(start, start + (nint)bytes, (byte*)text);
        Marshal.FreeCoTaskMem(text);
    }

    internal void UnregisterCode(nint start) => _unregister(start);
}
