using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>MIR types as LLVM types of one context. Unit has none: it becomes void as a result and nothing elsewhere.</summary>
internal sealed unsafe class TypeMap
{
    private readonly MirProgram _program;
    private readonly LLVMTypeRef[] _aggregates;
    private readonly int[][] _fieldIndices;

    public readonly LLVMContextRef Context;
    public readonly LLVMTypeRef I1, I8, I16, I32, I64, F16, F32, F64, Pointer, Void, Exception;

    public TypeMap(LLVMContextRef context, MirProgram program)
    {
        (Context, _program) = (context, program);
        _aggregates = new LLVMTypeRef[program.Aggregates.Length];
        _fieldIndices = new int[program.Aggregates.Length][];
        I1 = Native.LLVMIntTypeInContext(context, 1);
        I8 = Native.LLVMIntTypeInContext(context, 8);
        I16 = Native.LLVMIntTypeInContext(context, 16);
        I32 = Native.LLVMIntTypeInContext(context, 32);
        I64 = Native.LLVMIntTypeInContext(context, 64);
        F16 = Native.LLVMHalfTypeInContext(context);
        F32 = Native.LLVMFloatTypeInContext(context);
        F64 = Native.LLVMDoubleTypeInContext(context);
        Pointer = Native.LLVMPointerTypeInContext(context, 0);
        Void = Native.LLVMVoidTypeInContext(context);
        Exception = Struct([Pointer, I32]);
    }

    public LLVMTypeRef Of(MirType type) => type switch
    {
        MirType.Int(8) => I8,
        MirType.Int(16) => I16,
        MirType.Int(32) => I32,
        MirType.Int(64) => I64,
        MirType.Int(var bits) => throw new InvalidOperationException($"No integer has {bits} bits."),
        MirType.Bool => I1,
        MirType.Float(16) => F16,
        MirType.Float(32) => F32,
        MirType.Float => F64,
        MirType.Pointer or MirType.Reference or MirType.Token => Pointer,
        MirType.Unit => Void,
        MirType.Aggregate(var id) => OfAggregate(id),
    };

    /// <summary>Whether a value of the type exists at all at run time.</summary>
    public bool HasValue(MirType type) => type switch
    {
        MirType.Unit => false,
        MirType.Aggregate(var id) => HasFields(id),
        MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Reference or MirType.Token => true,
    };

    /// <summary>The index of an aggregate's field in the LLVM struct, or -1 for a unit field.</summary>
    public int FieldIndex(AggregateId id, int field)
    {
        OfAggregate(id);
        return _fieldIndices[id.Index][field];
    }

    public LLVMTypeRef Struct(ReadOnlySpan<LLVMTypeRef> elements)
    {
        fixed (LLVMTypeRef* first = elements)
            return Native.LLVMStructTypeInContext(Context, first, (uint)elements.Length, 0);
    }

    public static LLVMTypeRef Function(LLVMTypeRef result, ReadOnlySpan<LLVMTypeRef> parameters)
    {
        fixed (LLVMTypeRef* first = parameters)
            return Native.LLVMFunctionType(result, first, (uint)parameters.Length, 0);
    }

    public LLVMValueRef Const(LLVMTypeRef type, long value) => Native.LLVMConstInt(type, (ulong)value, 1);
    public LLVMValueRef Const64(long value) => Native.LLVMConstInt(I64, (ulong)value, 1);

    private bool HasFields(AggregateId id)
    {
        OfAggregate(id);
        foreach (var index in _fieldIndices[id.Index]) if (index >= 0) return true;
        return false;
    }

    private LLVMTypeRef OfAggregate(AggregateId id)
    {
        if (_aggregates[id.Index].Handle != 0) return _aggregates[id.Index];
        var fields = _program.Aggregates[id.Index].Fields;
        var indices = new int[fields.Length];
        var types = new List<LLVMTypeRef>(fields.Length);
        for (var i = 0; i < fields.Length; i++)
        {
            indices[i] = HasValue(fields[i]) ? types.Count : -1;
            if (indices[i] >= 0) types.Add(Of(fields[i]));
        }
        _fieldIndices[id.Index] = indices;
        return _aggregates[id.Index] = types.Count == 0 ? Void : Struct([.. types]);
    }
}
