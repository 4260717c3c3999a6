using System.Text;
using Kea.Llvm.Interop;

namespace Kea.Llvm.Emit;

/// <summary>
/// What memory an access touches. Accesses of different classes never overlap while both are meaningful. All fields are one
/// class whatever their type, because a dead cell's memory is used again for another layout inside one function.
/// </summary>
internal enum AliasClass { Header, Field, Length, Code, Bytes, ElementInt8, ElementInt16, ElementInt32, ElementInt64, ElementFloat, ElementReference }

/// <summary>Metadata that only an optimiser reads, made once per module. Without facts every method does nothing.</summary>
internal sealed unsafe class Facts
{
    private static readonly string[] ClassNames =
        ["kea header", "kea field", "kea length", "kea code", "kea bytes", "kea i8", "kea i16", "kea i32", "kea i64", "kea float", "kea reference"];

    private readonly LLVMContextRef _context;
    private readonly bool _enabled;
    private readonly LLVMValueRef[] _classes = new LLVMValueRef[ClassNames.Length];
    private readonly Dictionary<(LLVMTypeRef, long, long), LLVMValueRef> _ranges = [];
    private readonly LLVMMetadataRef _root;
    private LLVMValueRef _unlikely, _empty;
    private readonly TypeMap _types;

    public Facts(TypeMap types, bool enabled)
    {
        (_context, _enabled, _types) = (types.Context, enabled, types);
        if (enabled) _root = Node([Text("kea memory")]);
    }

    /// <summary>The access touches memory of this class only.</summary>
    public LLVMValueRef Access(LLVMValueRef loadOrStore, AliasClass of)
    {
        if (!_enabled) return loadOrStore;
        ref var tag = ref _classes[(int)of];
        if (tag.IsNull)
        {
            var zero = Native.LLVMValueAsMetadata(_types.Const64(0));
            var type = Node([Text(ClassNames[(int)of]), _root, zero]);
            tag = Value(Node([type, type, zero]));
        }
        Native.LLVMSetMetadata(loadOrStore, MetadataKinds.Tbaa, tag);
        return loadOrStore;
    }

    /// <summary>The integer loaded lies in <c>[low, high)</c>.</summary>
    public LLVMValueRef Range(LLVMValueRef load, LLVMTypeRef type, long low, long high)
    {
        if (!_enabled) return load;
        if (!_ranges.TryGetValue((type, low, high), out var range))
        {
            var from = Native.LLVMValueAsMetadata(_types.Const(type, low));
            var to = Native.LLVMValueAsMetadata(_types.Const(type, high));
            _ranges.Add((type, low, high), range = Value(Node([from, to])));
        }
        Native.LLVMSetMetadata(load, MetadataKinds.Range, range);
        return load;
    }

    /// <summary>The branch hardly ever takes its first way.</summary>
    public void Unlikely(LLVMValueRef branch)
    {
        if (!_enabled) return;
        if (_unlikely.IsNull)
        {
            var cold = Native.LLVMValueAsMetadata(_types.Const(_types.I32, 1));
            var hot = Native.LLVMValueAsMetadata(_types.Const(_types.I32, 1 << 20));
            _unlikely = Value(Node([Text("branch_weights"), cold, hot]));
        }
        Native.LLVMSetMetadata(branch, MetadataKinds.Profile, _unlikely);
    }

    /// <summary>The same address always holds the same value; the load may move over calls and out of loops.</summary>
    public LLVMValueRef Invariant(LLVMValueRef load)
    {
        if (!_enabled) return load;
        if (_empty.IsNull) _empty = Value(Node([]));
        Native.LLVMSetMetadata(load, MetadataKinds.InvariantLoad, _empty);
        return load;
    }

    private LLVMMetadataRef Text(string text)
    {
        Span<byte> bytes = stackalloc byte[64];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        fixed (byte* first = bytes) return Native.LLVMMDStringInContext2(_context, first, (nuint)length);
    }

    private LLVMMetadataRef Node(ReadOnlySpan<LLVMMetadataRef> parts)
    {
        fixed (LLVMMetadataRef* first = parts) return Native.LLVMMDNodeInContext2(_context, first, (nuint)parts.Length);
    }

    private LLVMValueRef Value(LLVMMetadataRef node) => Native.LLVMMetadataAsValue(_context, node);
}

/// <summary>The numbers that LLVM gives to the metadata kinds it knows itself (LLVMContext.h, FixedMetadataKinds.def).</summary>
internal static class MetadataKinds
{
    public const uint Tbaa = 1, Profile = 2, Range = 4, InvariantLoad = 6;
}
