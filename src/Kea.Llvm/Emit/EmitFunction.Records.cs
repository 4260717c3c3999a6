using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// What runs when a callee panics, in quickly compiled code: nothing of ours. The frame keeps a record (`kea_frame`), linked
// from the context, from which the runtime drops what the frame holds:
//
//     entry:  record.held = table;  record.previous = context.frames;  context.frames = record
//     v3 = …                        record.words[0] = v3                after the definition of what is ever held
//     call …                        record.state = 2                    before each call that may panic
//     return                        context.frames = record.previous
//
// Which values are held is known at the end only, so the record is sized and its stores are put in then.
internal sealed unsafe partial class EmitFunction
{
    private const int StateOfNothing = 0, UnknownState = -1;
    private const int FramesOffset = 56, HeldOffset = 8, PreviousOffset = 16, HeaderWords = 3;

    private readonly HeldTable _held;
    private readonly int[] _stateAtEnd;
    /// <summary>Where the record is given up: returns and tail calls.</summary>
    private readonly List<LLVMValueRef> _exits = [];
    private readonly List<LLVMValueRef> _stateStores = [];
    private LLVMValueRef _record;
    private int _state;

    private void OpenRecord()
    {
        _record = _builder.ArrayAlloca(_types.Pointer, _types.Const64(HeaderWords));
        _stateStores.Add(_builder.Store(_types.Const(_types.I32, StateOfNothing), _record));
    }

    /// <summary>The record says what the frame owns here.</summary>
    private void NoteState()
    {
        if (_record.IsNull || _held.StateOf(_owned.Current) is var state && state == _state) return;
        _stateStores.Add(_builder.Store(_types.Const(_types.I32, state), _record));
        _state = state;
    }

    /// <summary>Goes on with what the record says at the beginning of a block, as far as all ways into it agree.</summary>
    private void EnterState(int block)
    {
        _state = block == 0 ? StateOfNothing : UnknownState;
        var isFirst = block != 0;
        foreach (var from in _flow.Predecessors(block))
        {
            var state = _flow.PlaceOf(from) < _flow.PlaceOf(block) ? _stateAtEnd[from] : UnknownState;
            _state = isFirst || state == _state ? state : UnknownState;
            isFirst = false;
        }
    }

    private void CloseRecord()
    {
        if (_held.Words == 0)
        {
            foreach (var store in _stateStores) Native.LLVMInstructionEraseFromParent(store);
            Native.LLVMInstructionEraseFromParent(_record);
            return;
        }
        Native.LLVMSetOperand(_record, 0, _types.Const64(HeaderWords + _held.Words));
        var begin = Native.LLVMGetNextInstruction(_record);
        _builder.PositionBefore(begin);
        var bytes = _held.Bytes();
        fixed (byte* first = bytes)
        {
            var rows = Native.LLVMConstStringInContext2(_types.Context, first, (nuint)bytes.Length, 1);
            _builder.Store(_module.Constant(rows, 4), AtOffset(_record, HeldOffset));
        }
        var frames = AtOffset(Context, FramesOffset);
        _builder.Store(_builder.Load(_types.Pointer, frames), AtOffset(_record, PreviousOffset));
        _builder.Store(_record, frames);
        foreach (var (value, word) in _held.Values) StoreHeld(value, word, begin);
        foreach (var exit in _exits)
        {
            _builder.PositionBefore(exit);
            _builder.Store(_builder.Load(_types.Pointer, AtOffset(_record, PreviousOffset)), AtOffset(Context, FramesOffset));
        }
    }

    /// <summary>Puts a value into its words as soon as it is there: after its definition, or at the beginning.</summary>
    private void StoreHeld(ValueId id, int word, LLVMValueRef begin)
    {
        var value = Value(id);
        var at = begin;
        if (!Native.LLVMIsAInstruction(value).IsNull)
        {
            at = Native.LLVMGetNextInstruction(value);
            while (!Native.LLVMIsAPHINode(at).IsNull) at = Native.LLVMGetNextInstruction(at);
        }
        _builder.PositionBefore(at);
        StoreHeld(value, TypeOf(id), ref word);
    }

    private void StoreHeld(LLVMValueRef value, MirType type, ref int word)
    {
        switch (type)
        {
            case MirType.Reference or MirType.Token:
                _builder.Store(value, AtOffset(_record, (HeaderWords + word++) * sizeof(long)));
                break;
            case MirType.Aggregate(var id):
                var fields = _module.Program.Aggregates[id.Index].Fields;
                for (var i = 0; i < fields.Length; i++)
                    if (_module.Shapes.IsCounted(fields[i]))
                        StoreHeld(_builder.ExtractValue(value, _types.FieldIndex(id, i)), fields[i], ref word);
                break;
            case MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Unit:
                break;
        }
    }
}
