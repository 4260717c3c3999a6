using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// What runs when a callee panics, in optimised code:
//
//     invoke … unwind label %pad      pad:    landingpad cleanup          rest:   drop v2
//                                             drop v7                             resume
//                                             br rest
//
// A pad drops the frame's owned values, topmost first; sets that share a rest share the code from there on.
internal sealed unsafe partial class EmitFunction
{
    private readonly Dictionary<OwnedSet, LLVMBasicBlockRef> _pads = [];
    private readonly Dictionary<OwnedSet, int> _users = [];
    private readonly Dictionary<OwnedSet, (LLVMBasicBlockRef Block, LLVMValueRef Exception)> _rests = [];
    private readonly List<(OwnedSet Set, Location At)> _pending = [];

    /// <summary>Whether the frame would leak something if it were left here.</summary>
    private bool NeedsPad => _module.Options.CleanUps == CleanUps.LandingPads && !_owned.Current.IsEmpty;

    /// <summary>The landing pad for the values that are owned here; filled at the end.</summary>
    private LLVMBasicBlockRef Pad()
    {
        if (_pads.TryGetValue(_owned.Current, out var pad)) return pad;
        pad = NewBlock();
        _pads.Add(_owned.Current, pad);
        _pending.Add((_owned.Current, _location));
        return pad;
    }

    private void EmitPads()
    {
        if (_pending.Count == 0) return;
        Native.LLVMSetPersonalityFn(Function, _linkage.Personality);
        foreach (var (set, _) in _pending) CountUsers(set);
        foreach (var (set, at) in _pending)
        {
            At(at);
            _builder.PositionAtEnd(_pads[set]);
            var exception = _builder.CleanupPad(_types.Exception);
            Release(set, _builder.ExtractValue(exception, 0));
        }
    }

    /// <summary>How many ways lead to the code that releases a set; the walk ends where another set has been before.</summary>
    private void CountUsers(OwnedSet set)
    {
        while (true)
        {
            var known = _users.TryGetValue(set, out var count);
            _users[set] = count + 1;
            if (known || set.IsEmpty) return;
            set = _owned.Split(set).Others;
        }
    }

    /// <summary>Drops a set's values and resumes unwinding; goes over to shared code where several sets meet.</summary>
    private void Release(OwnedSet set, LLVMValueRef exception)
    {
        while (true)
        {
            if (_users[set] > 1 && JoinShared(set, ref exception)) return;
            if (set.IsEmpty) break;
            var (value, rest) = _owned.Split(set);
            Drop(Value(value), TypeOf(value));
            set = rest;
        }
        var pair = _builder.InsertValue(Native.LLVMGetPoison(_types.Exception), exception, 0);
        _builder.Resume(_builder.InsertValue(pair, _types.Const(_types.I32, 0), 1));
    }

    /// <returns>True if the shared code exists; else it begins here and the caller goes on with it.</returns>
    private bool JoinShared(OwnedSet set, ref LLVMValueRef exception)
    {
        var from = _builder.InsertBlock;
        var exists = _rests.TryGetValue(set, out var shared);
        if (!exists) shared.Block = NewBlock();
        _builder.Br(shared.Block);
        if (!exists)
        {
            _builder.PositionAtEnd(shared.Block);
            shared.Exception = _builder.Phi(_types.Pointer);
            _rests.Add(set, shared);
        }
        LLVMPhi.AddIncoming(shared.Exception, exception, from);
        exception = shared.Exception;
        return exists;
    }
}
