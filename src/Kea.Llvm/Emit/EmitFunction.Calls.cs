using System.Collections.Immutable;
using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// Calls. One that may panic while the frame owns something is an invoke whose landing pad drops what it owns.
internal sealed unsafe partial class EmitFunction
{
    private LLVMValueRef Call(FunctionId callee, ImmutableArray<ValueId> arguments)
    {
        var signature = _module.Program.Signatures[callee.Index];
        var code = _linkage.Callee(this, callee);
        var mayPanic = !_linkage.IsDirect(_function.Id, callee) || _module.MayPanic[callee.Index];
        return CallKea(_module.FunctionType(signature), code, [Context], arguments, mayPanic);
    }

    private LLVMValueRef CallClosure(ValueId closure, ImmutableArray<ValueId> arguments, ValueId? result) =>
        CallKea(ClosureType(arguments, result), LoadClosureCode(closure), [Context, Value(closure)], arguments, mayPanic: true);

    private LLVMValueRef LoadClosureCode(ValueId closure)
    {
        var load = _builder.Load(_types.Pointer, AtOffset(Value(closure), ObjectShapes.ClosureCodeOffset));
        return _module.Facts.Access(load, AliasClass.Code);
    }

    private LLVMTypeRef ClosureType(ImmutableArray<ValueId> arguments, ValueId? result)
    {
        var types = new List<LLVMTypeRef>(arguments.Length + 2) { _types.Pointer, _types.Pointer };
        foreach (var argument in arguments) if (_types.HasValue(TypeOf(argument))) types.Add(_types.Of(TypeOf(argument)));
        return TypeMap.Function(result is { } value ? _types.Of(TypeOf(value)) : _types.Void, [.. types]);
    }

    private LLVMValueRef CallRuntime(RuntimeFunction function, ImmutableArray<ValueId> arguments)
    {
        var (type, symbol) = _module.Runtime.Service(function);
        var values = Values(function.TakesContext ? [Context] : [], arguments);
        return CallOrInvoke(type, symbol, values, LLVMCallConv.C, function.MayPanic);
    }

    private LLVMValueRef CallForeign(string symbol, ImmutableArray<ValueId> arguments, ValueId? result)
    {
        var types = new List<MirType>(arguments.Length);
        foreach (var argument in arguments) types.Add(TypeOf(argument));
        var (type, function) = _module.Runtime.Foreign(symbol, types, result is { } value ? TypeOf(value) : MirType.Nothing);
        return CallOrInvoke(type, function, Values([], arguments), LLVMCallConv.C, mayPanic: false);
    }

    private LLVMValueRef CallKea(
        LLVMTypeRef type, LLVMValueRef code, ReadOnlySpan<LLVMValueRef> first, ImmutableArray<ValueId> arguments, bool mayPanic) =>
        CallOrInvoke(type, code, Values(first, arguments), LLVMCallConv.Fast, mayPanic);

    private LLVMValueRef CallOrInvoke(LLVMTypeRef type, LLVMValueRef code, LLVMValueRef[] values, LLVMCallConv convention, bool mayPanic)
    {
        LLVMValueRef call;
        if (mayPanic) NoteState();
        if (mayPanic && NeedsPad)
        {
            var next = NewBlock();
            call = _builder.Invoke(type, code, values, next, Pad());
            _builder.PositionAtEnd(next);
        }
        else
        {
            call = _builder.Call(type, code, values);
            if (!mayPanic) Native.LLVMAddCallSiteAttribute(call, LLVMAttributeIndex.Function, _module.Attributes.NoUnwind);
        }
        if (convention != LLVMCallConv.C) Native.LLVMSetInstructionCallConv(call, convention);
        return call;
    }

    /// <summary>A small service of the runtime that never unwinds.</summary>
    private LLVMValueRef CallHelper((LLVMTypeRef Type, LLVMValueRef Function) helper, ReadOnlySpan<LLVMValueRef> arguments) =>
        _builder.Call(helper.Type, helper.Function, arguments);

    /// <summary>
    /// A call whose result is returned at once, in a frame that owns nothing, becomes a jump when caller and callee have the
    /// same type; else LLVM is told that it may become one.
    /// </summary>
    private bool TryTailCall(Instruction instruction, Terminator terminator)
    {
        if (terminator is not Terminator.Return(var returned)) return false;
        if (instruction.Result is { } result ? result != returned : _types.HasValue(TypeOf(returned))) return false;
        if (instruction.Operation is not (Inst.Call or Inst.CallClosure)) return false;
        var before = _owned.Current;
        _owned.Consume(instruction);
        if (!_owned.Current.IsEmpty)
        {
            _owned.Rewind(before);
            return false;
        }
        _state = StateOfNothing;
        var call = Emit(instruction.Operation, instruction.Result);
        _exits.Add(call);
        var type = instruction.Operation is Inst.Call(var callee, _)
            ? _module.FunctionType(_module.Program.Signatures[callee.Index])
            : ClosureType(((Inst.CallClosure)instruction.Operation).Arguments, instruction.Result);
        var sameType = ReturnsInRegisters(_function.Result) && type == _module.FunctionType(_module.Program.Signatures[_function.Id.Index]);
        Native.LLVMSetTailCallKind(call, sameType ? LLVMTailCallKind.MustTail : LLVMTailCallKind.Tail);
        if (_types.HasValue(TypeOf(returned))) _builder.Ret(call);
        else _builder.RetVoid();
        return true;
    }

    private bool ReturnsInRegisters(MirType result) => ResultPlace.IsInRegisters(_module.Program, result);

    private LLVMValueRef[] Values(ReadOnlySpan<LLVMValueRef> first, ImmutableArray<ValueId> arguments)
    {
        var count = first.Length;
        foreach (var argument in arguments) if (_types.HasValue(TypeOf(argument))) count++;
        var values = new LLVMValueRef[count];
        first.CopyTo(values);
        var at = first.Length;
        foreach (var argument in arguments) if (_types.HasValue(TypeOf(argument))) values[at++] = Value(argument);
        return values;
    }
}
