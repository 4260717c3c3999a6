using System.Runtime.InteropServices;

namespace Kea.Live;

/// <summary>The few calls on the operating system: memory whose protection and reservation matter.</summary>
public static unsafe partial class Native
{
    private const string Library = "libc";
    private const int PrivateAnonymousNoReserve = 0x2 | 0x20 | 0x4000;

    internal const int ReadWrite = 1 | 2;
    internal const int ReadExecute = 1 | 4;

    [LibraryImport(Library, SetLastError = true)] private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);
    [LibraryImport(Library, SetLastError = true)] private static partial int mprotect(nint address, nuint length, int protection);
    [LibraryImport(Library, SetLastError = true)] private static partial int munmap(nint address, nuint length);

    /// <summary>Ends the process as it is: no thread is waited for, no destructor runs.</summary>
    [LibraryImport(Library)] public static partial void _exit(int status);

    [LibraryImport(Library)] private static partial int kill(int process, int signal);

    /// <summary>Asks a process to end, as a terminal's or a supervisor's SIGTERM does.</summary>
    public static void Terminate(int process) => _ = kill(process, 15);

    /// <summary>Zeroed address space that costs memory only where it is touched.</summary>
    internal static nint Reserve(nuint bytes)
    {
        var at = mmap(0, bytes, ReadWrite, PrivateAnonymousNoReserve, -1, 0);
        return at != -1 ? at : throw new OutOfMemoryException($"mmap of {bytes} bytes failed: error {Marshal.GetLastPInvokeError()}");
    }

    internal static void Protect(nint at, nuint bytes, int protection)
    {
        if (mprotect(at, bytes, protection) != 0)
            throw new InvalidOperationException($"mprotect failed: error {Marshal.GetLastPInvokeError()}");
    }

    internal static void Release(nint at, nuint bytes)
    {
        if (munmap(at, bytes) != 0)
            throw new InvalidOperationException($"munmap failed: error {Marshal.GetLastPInvokeError()}");
    }
}
