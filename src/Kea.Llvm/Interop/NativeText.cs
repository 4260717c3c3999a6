using System.Runtime.InteropServices;
using System.Text;

namespace Kea.Llvm.Interop;

/// <summary>A string as UTF-8 with a NUL behind it, for the length of one call.</summary>
internal readonly unsafe ref struct NativeText
{
    public readonly byte* Pointer;
    public readonly int Length;

    public NativeText(string text)
    {
        Length = Encoding.UTF8.GetByteCount(text);
        Pointer = (byte*)NativeMemory.Alloc((nuint)Length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(Pointer, Length));
        Pointer[Length] = 0;
    }

    public void Dispose() => NativeMemory.Free(Pointer);

    /// <summary>LLVM's empty name: one byte that lies in the assembly's image and never moves.</summary>
    public static byte* Empty => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(
        ref MemoryMarshal.GetReference(Native.EmptyName));

    /// <summary>Copies a text that LLVM allocated and frees it; null gives the empty text.</summary>
    public static string TakeMessage(byte* message)
    {
        if (message == null) return "";
        var text = Marshal.PtrToStringUTF8((nint)message)!;
        Native.LLVMDisposeMessage(message);
        return text;
    }

    /// <summary>Turns LLVM's error value into an exception of ours.</summary>
    public static void Check(LLVMErrorRef error)
    {
        if (error.IsNull) return;
        var message = Native.LLVMGetErrorMessage(error);
        var text = Marshal.PtrToStringUTF8((nint)message)!;
        Native.LLVMDisposeErrorMessage(message);
        throw new LlvmException(text);
    }
}

/// <summary>LLVM refused something that correct input of ours never makes it refuse.</summary>
public sealed class LlvmException(string message) : Exception(message);
