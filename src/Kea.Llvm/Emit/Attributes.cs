using Kea.Llvm.Interop;

namespace Kea.Llvm.Emit;

/// <summary>The attributes that functions, parameters and results of ours carry, made once per module.</summary>
internal sealed unsafe class Attributes(LLVMContextRef context)
{
    public readonly LLVMAttributeRef NoUnwind = Enum(context, "nounwind"u8);
    public readonly LLVMAttributeRef NoReturn = Enum(context, "noreturn"u8);
    public readonly LLVMAttributeRef Cold = Enum(context, "cold"u8);
    public readonly LLVMAttributeRef NoInline = Enum(context, "noinline"u8);
    public readonly LLVMAttributeRef WillReturn = Enum(context, "willreturn"u8);
    public readonly LLVMAttributeRef NoAlias = Enum(context, "noalias"u8);
    public readonly LLVMAttributeRef NonNull = Enum(context, "nonnull"u8);
    public readonly LLVMAttributeRef NoUndef = Enum(context, "noundef"u8);
    public readonly LLVMAttributeRef ZeroExtend = Enum(context, "zeroext"u8);
    public readonly LLVMAttributeRef SignExtend = Enum(context, "signext"u8);
    /// <summary>Unwind tables for every instruction: a panic passes through frames at any place.</summary>
    public readonly LLVMAttributeRef UnwindTable = Enum(context, "uwtable"u8, 2);
    public readonly LLVMAttributeRef Align8 = Enum(context, "align"u8, 8);
    /// <summary>The context: its first 48 bytes are always there.</summary>
    public readonly LLVMAttributeRef ContextBytes = Enum(context, "dereferenceable"u8, 48);

    public void OfFunction(LLVMValueRef function, LLVMAttributeRef attribute) =>
        Native.LLVMAddAttributeAtIndex(function, LLVMAttributeIndex.Function, attribute);

    public void OfResult(LLVMValueRef function, LLVMAttributeRef attribute) =>
        Native.LLVMAddAttributeAtIndex(function, LLVMAttributeIndex.Return, attribute);

    public void OfParameter(LLVMValueRef function, int index, LLVMAttributeRef attribute) =>
        Native.LLVMAddAttributeAtIndex(function, (uint)index + 1, attribute);

    public void OfText(LLVMValueRef function, string key, string value)
    {
        using var k = new NativeText(key);
        using var v = new NativeText(value);
        var attribute = Native.LLVMCreateStringAttribute(context, k.Pointer, (uint)k.Length, v.Pointer, (uint)v.Length);
        OfFunction(function, attribute);
    }

    private static LLVMAttributeRef Enum(LLVMContextRef context, ReadOnlySpan<byte> name, ulong value = 0)
    {
        fixed (byte* first = name)
        {
            var kind = Native.LLVMGetEnumAttributeKindForName(first, (nuint)name.Length);
            return Native.LLVMCreateEnumAttribute(context, kind, value);
        }
    }
}
