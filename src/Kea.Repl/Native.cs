using System.Runtime.InteropServices;

namespace Kea.Repl;

/// <summary>The few calls on the operating system: a terminal whose keys come one by one.</summary>
internal static unsafe partial class Native
{
    private const string Library = "libc";

    public const int Interrupted = 4, TryAgain = 11;
    public const short Readable = 1;
    public const nuint GetWindowSize = 0x5413;

    /// <summary>When new modes take effect: after what has been written.</summary>
    public const int AfterOutput = 1;

    /// <summary>Of <c>struct termios</c>, with room to spare; its output modes are the second word, its local modes the fourth.</summary>
    public const int TerminalModesBytes = 128, OutputModes = 4, LocalModes = 12;

    /// <summary>Local modes: what is typed comes line by line, and is shown.</summary>
    public const uint WholeLines = 2, Echo = 8;

    [StructLayout(LayoutKind.Sequential)]
    public struct Poll
    {
        public int File;
        public short Events, Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct WindowSize
    {
        public ushort Rows, Columns, Unused1, Unused2;
    }

    public const int ReadWrite = 2, NoControl = 0x100;

    [LibraryImport(Library, SetLastError = true)] public static partial int posix_openpt(int flags);
    [LibraryImport(Library)] public static partial int grantpt(int file);
    [LibraryImport(Library)] public static partial int unlockpt(int file);
    [LibraryImport(Library)] public static partial int ptsname_r(int file, byte* name, nuint bytes);
    [LibraryImport(Library, SetLastError = true)] public static partial int open(byte* name, int flags);
    [LibraryImport(Library)] public static partial int close(int file);
    [LibraryImport(Library)] public static partial int isatty(int file);
    [LibraryImport(Library)] public static partial int tcgetattr(int file, byte* modes);
    [LibraryImport(Library)] public static partial int tcsetattr(int file, int when, byte* modes);
    [LibraryImport(Library)] public static partial void cfmakeraw(byte* modes);
    [LibraryImport(Library)] public static partial int ioctl(int file, nuint request, WindowSize* size);
    [LibraryImport(Library, SetLastError = true)] public static partial int poll(Poll* files, nuint count, int waitsMs);
    [LibraryImport(Library, SetLastError = true)] public static partial nint read(int file, byte* bytes, nuint count);
    [LibraryImport(Library, SetLastError = true)] public static partial nint write(int file, byte* bytes, nuint count);
}
