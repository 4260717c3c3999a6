using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// Ends of a computation. Each check has a cold block of its own, at the end of the function, so that what is not cold falls
// through from check to check.
internal sealed unsafe partial class EmitFunction
{
    /// <summary>Goes on where the condition does not hold.</summary>
    private void PanicIf(LLVMValueRef condition, PanicKind kind)
    {
        var (cold, next, state) = (NewBlock(), NewBlock(), _state);
        if (!_module.Options.Facts) Native.LLVMMoveBasicBlockAfter(next, _builder.InsertBlock);
        _module.Facts.Unlikely(_builder.CondBr(condition, cold, next));
        _builder.PositionAtEnd(cold);
        EmitPanic(kind, Site());
        _builder.PositionAtEnd(next);
        _state = state;
    }

    private LLVMValueRef Site() => _module.Site(_function, _location);

    /// <summary>A terminator's panic. Its message, if any, has been consumed.</summary>
    private void EmitPanic(PanicKind kind, ValueId? message)
    {
        var text = message is { } given ? Value(given) : Native.LLVMConstNull(_types.Pointer);
        if (kind is PanicKind.Message) EmitPanic(kind, Site(), text);
        else EmitPanic(kind, kind is PanicKind.UnhandledFail ? text : Site());
    }

    /// <summary>Unwinds from here; the block ends.</summary>
    private void EmitPanic(PanicKind kind, params ReadOnlySpan<LLVMValueRef> details)
    {
        var (type, function) = _module.Runtime.Panic(kind);
        CallOrInvoke(type, function, [Context, .. details], LLVMCallConv.C, mayPanic: true);
        _builder.Unreachable();
    }
}
