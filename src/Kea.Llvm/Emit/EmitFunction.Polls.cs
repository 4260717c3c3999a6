using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// Ending what runs because somebody wants it (`kea_interrupt`). Who has seen the request is in this frame, so it drops what the
// frame owns itself, by the way, and neither a landing pad nor a record is needed for it:
//
//     poll:   branch context.preempt == 0, next, stop        stop:   drop v7; drop v2
//     next:   …                                                      kea_interrupted(context, site)
internal sealed unsafe partial class EmitFunction
{
    private const int PreemptOffset = 32;

    private LLVMValueRef Poll()
    {
        var request = _builder.Load(_types.I32, AtOffset(Context, PreemptOffset));
        // Another thread writes it: a loop must load it in every round.
        Native.LLVMSetOrdering(request, LLVMAtomicOrdering.Monotonic);
        StopIf(_builder.ICmp(LLVMIntPredicate.NE, request, _types.Const(_types.I32, 0)));
        return default;
    }

    /// <summary>Goes on where the condition does not hold.</summary>
    private void StopIf(LLVMValueRef condition)
    {
        var (stop, next, owned, state) = (NewBlock(), NewBlock(), _owned.Current, _state);
        if (!_module.Options.Facts) Native.LLVMMoveBasicBlockAfter(next, _builder.InsertBlock);
        _module.Facts.Unlikely(_builder.CondBr(condition, stop, next));
        _builder.PositionAtEnd(stop);
        for (var left = owned; !left.IsEmpty;)
        {
            (var value, left) = _owned.Split(left);
            Drop(Value(value), TypeOf(value));
        }
        _owned.Rewind(OwnedSet.Empty);
        var (type, function) = _module.Runtime.Interrupted;
        // A loop may consist of nothing that is written anywhere.
        var site = _module.Site(_function, _location.Line > 0 ? _location : _function.Location);
        CallOrInvoke(type, function, [Context, site], LLVMCallConv.C, mayPanic: true);
        _builder.Unreachable();
        _builder.PositionAtEnd(next);
        _owned.Rewind(owned);
        _state = state;
    }
}
