using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// References: counting up and down. The helpers are the runtime's; its bitcode makes them a compare and an add at O2.
internal sealed unsafe partial class EmitFunction
{
    private LLVMValueRef Dup(LLVMValueRef value, MirType type, bool mayBeAbsent = false)
    {
        switch (type)
        {
            case MirType.Reference(var immediate, var isNull):
                CallHelper(immediate || isNull || mayBeAbsent ? _module.Runtime.DupAny : _module.Runtime.Dup, [value]);
                break;
            case MirType.Aggregate(var id):
                foreach (var (part, field) in CountedParts(value, id)) Dup(part, field, mayBeAbsent: true);
                break;
            case MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Unit or MirType.Token:
                break;
        }
        return default;
    }

    private LLVMValueRef Drop(LLVMValueRef value, MirType type, bool mayBeAbsent = false)
    {
        switch (type)
        {
            case MirType.Reference(var immediate, var isNull):
                CallHelper(immediate || isNull || mayBeAbsent ? _module.Runtime.DropAny : _module.Runtime.Drop, [Context, value]);
                break;
            case MirType.Aggregate(var id):
                foreach (var (part, field) in CountedParts(value, id)) Drop(part, field, mayBeAbsent: true);
                break;
            case MirType.Token:
                FreeIfAny(value);
                break;
            case MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Unit:
                break;
        }
        return default;
    }

    private LLVMValueRef Free(LLVMValueRef memory) => CallHelper(_module.Runtime.Free, [Context, memory]);

    private void FreeIfAny(LLVMValueRef token)
    {
        var (free, next) = (NewBlock(), NewBlock());
        _builder.CondBr(_builder.ICmp(LLVMIntPredicate.EQ, token, Native.LLVMConstNull(_types.Pointer)), next, free);
        _builder.PositionAtEnd(free);
        Free(token);
        _builder.Br(next);
        _builder.PositionAtEnd(next);
    }

    private LLVMValueRef IsUnique(ValueId from)
    {
        if (TypeOf(from) is not MirType.Reference(false, false)) return CallHelper(_module.Runtime.IsUniqueAny, [Value(from)]);
        return _builder.ICmp(LLVMIntPredicate.EQ, LoadCount(Value(from)), _types.Const(_types.I32, CountOne));
    }

    private LLVMValueRef DropReuse(ValueId from) => CallHelper(_module.Runtime.DropReuse, [Context, Value(from)]);

    private List<(LLVMValueRef Part, MirType Type)> CountedParts(LLVMValueRef value, AggregateId id)
    {
        var fields = _module.Program.Aggregates[id.Index].Fields;
        var parts = new List<(LLVMValueRef, MirType)>(2);
        for (var i = 0; i < fields.Length; i++)
            if (_module.Shapes.IsCounted(fields[i])) parts.Add((_builder.ExtractValue(value, _types.FieldIndex(id, i)), fields[i]));
        return parts;
    }
}
