using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// Counting what is hot, in quickly compiled code. The usual way is a decrement and a branch; a counter that has run out asks
// the runtime, and goes on to better code if the world has some. The answer may also be that what runs is interrupted.
internal sealed unsafe partial class EmitFunction
{
    /// <summary>Counts a call. Ends where the function's own code is to begin.</summary>
    private void CountEntry(HotCounter counter)
    {
        var next = CountDown(counter);
        if (!counter.Forwards)
        {
            Ask(counter);
            _builder.Br(next);
            _builder.PositionAtEnd(next);
            return;
        }
        var go = NewBlock();
        _builder.CondBr(AskUnlessReady(counter), go, next);
        _builder.PositionAtEnd(go);
        // The counter stays where it is, so that the next call comes here at once.
        _builder.Store(_types.Const(_types.I32, 0), Left(counter));
        var parameters = new LLVMValueRef[Native.LLVMCountParams(Function)];
        for (var i = 0; i < parameters.Length; i++) parameters[i] = Native.LLVMGetParam(Function, (uint)i);
        var type = _module.FunctionType(_module.Program.Signatures[_function.Id.Index]);
        var call = _builder.Call(type, _linkage.CalleeAt(this, counter.Slot, _function.Id), parameters);
        _exits.Add(call);
        Native.LLVMSetInstructionCallConv(call, LLVMCallConv.Fast);
        Native.LLVMSetTailCallKind(call, ReturnsInRegisters(_function.Result) ? LLVMTailCallKind.MustTail : LLVMTailCallKind.Tail);
        if (_types.HasValue(_function.Result)) _builder.Ret(call);
        else _builder.RetVoid();
        _builder.PositionAtEnd(next);
    }

    /// <summary>Counts a round. True when the world has code for the rest of the function.</summary>
    private LLVMValueRef IsHot(FunctionId rest)
    {
        var counter = _linkage.RestCounter(rest);
        var usual = _builder.InsertBlock;
        var next = CountDown(counter);
        var isReady = AskUnlessReady(counter);
        var rare = _builder.InsertBlock;
        _builder.Br(next);
        _builder.PositionAtEnd(next);
        var isHot = _builder.Phi(_types.I1);
        LLVMPhi.AddIncoming(isHot, _types.Const(_types.I1, 0), usual);
        LLVMPhi.AddIncoming(isHot, isReady, rare);
        return isHot;
    }

    /// <summary>Goes on where the counter has run out; the block is where it has not.</summary>
    private LLVMBasicBlockRef CountDown(HotCounter counter)
    {
        var (rare, next) = (NewBlock(), NewBlock());
        var left = _builder.Sub(_builder.Load(_types.I32, Left(counter)), _types.Const(_types.I32, 1));
        _builder.Store(left, Left(counter));
        _builder.CondBr(_builder.ICmp(LLVMIntPredicate.SLT, left, _types.Const(_types.I32, 0)), rare, next);
        _builder.PositionAtEnd(rare);
        return next;
    }

    private LLVMValueRef AskUnlessReady(HotCounter counter)
    {
        var (ask, asked) = (NewBlock(), NewBlock());
        _builder.CondBr(IsReady(counter), asked, ask);
        _builder.PositionAtEnd(ask);
        Ask(counter);
        _builder.Br(asked);
        _builder.PositionAtEnd(asked);
        return IsReady(counter);
    }

    private LLVMValueRef IsReady(HotCounter counter) =>
        _builder.ICmp(LLVMIntPredicate.NE, ReloadableLinkage.LoadSlot(_module, Context, counter.Slot), Native.LLVMConstNull(_types.Pointer));

    private void Ask(HotCounter counter)
    {
        var stop = CallHelper(_module.Runtime.Hot, [Context, Address(counter.Queue), _types.Const64(counter.Slot)]);
        // What only makes a function a closure is written nowhere; the function that it calls can say where it is.
        if (!_function.IsClosureCode || _function.SourcePath.Length > 0) StopIf(stop);
    }

    private LLVMValueRef Left(HotCounter counter) => Address(counter.Left);
    private LLVMValueRef Address(nint at) => Native.LLVMConstIntToPtr(_types.Const64(at), _types.Pointer);
}
