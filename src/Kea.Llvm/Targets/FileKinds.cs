using System.Runtime.InteropServices;
using Kea.Llvm.Interop;

namespace Kea.Llvm;

/// <summary>What a name stands for. The framework calls devices and pipes ordinary files, and renaming over one destroys it.</summary>
internal static unsafe partial class FileKinds
{
    // struct stat of x86-64 Linux.
    private const int StatBytes = 144;
    private const int ModeOffset = 24;
    private const uint KindMask = 0xF000;
    private const uint OrdinaryKind = 0x8000;

    /// <summary>True for devices, pipes and sockets; false for files and for what is not there.</summary>
    public static bool IsSpecial(string path)
    {
        var buffer = stackalloc byte[StatBytes];
        using var name = new NativeText(path);
        return Stat(name.Pointer, buffer) == 0 && (*(uint*)(buffer + ModeOffset) & KindMask) != OrdinaryKind;
    }

    [LibraryImport("libc", EntryPoint = "stat")]
    private static partial int Stat(byte* path, byte* buffer);
}
