using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// Ends of a computation. An optimiser gets one cold block per check, which tells it most; for T0, where every block and every
// invoke costs compile time, checks of one kind that would release the same values share a block that is told the place.
internal sealed unsafe partial class EmitFunction
{
    private readonly Dictionary<(PanicKind Kind, OwnedSet Owned), (LLVMBasicBlockRef Block, LLVMValueRef Site, Location At)> _sharedPanics = [];

    /// <summary>Goes on where the condition does not hold.</summary>
    private void PanicIf(LLVMValueRef condition, PanicKind kind)
    {
        var next = _module.Options.Facts ? default : NewBlock();
        if (!next.IsNull)
        {
            _builder.CondBr(condition, SharedPanic(kind), next);
            _builder.PositionAtEnd(next);
            return;
        }
        var cold = NewBlock();
        next = NewBlock();
        _module.Facts.Unlikely(_builder.CondBr(condition, cold, next));
        _builder.PositionAtEnd(cold);
        EmitPanic(kind, Site());
        _builder.PositionAtEnd(next);
    }

    private LLVMBasicBlockRef SharedPanic(PanicKind kind)
    {
        var from = _builder.InsertBlock;
        var key = (kind, _owned.Current);
        if (!_sharedPanics.TryGetValue(key, out var shared))
        {
            shared.Block = NewBlock();
            _builder.PositionAtEnd(shared.Block);
            shared.Site = _builder.Phi(_types.Pointer);
            shared.At = _location;
            _sharedPanics.Add(key, shared);
            _builder.PositionAtEnd(from);
        }
        LLVMPhi.AddIncoming(shared.Site, Site(), from);
        return shared.Block;
    }

    private void EmitSharedPanics()
    {
        foreach (var (key, shared) in _sharedPanics)
        {
            _owned.Rewind(key.Owned);
            _state = UnknownState;
            At(shared.At);
            _builder.PositionAtEnd(shared.Block);
            EmitPanic(key.Kind, shared.Site);
        }
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
