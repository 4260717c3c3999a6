using System.Collections.Immutable;
using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// Terminators and the variants of enums.
internal sealed unsafe partial class EmitFunction
{
    private void Emit(Terminator terminator)
    {
        switch (terminator)
        {
            case Terminator.Jump(var target):
                _builder.Br(Way(target));
                break;
            case Terminator.Branch(var condition, var then, var otherwise):
                var (first, second) = (Way(then), Way(otherwise, then));
                _builder.CondBr(Value(condition), first, second);
                break;
            case Terminator.SwitchInt(var value, var cases, var rest):
                SwitchInt(value, cases, rest);
                break;
            case Terminator.SwitchVariant(var from, var id, var cases, var rest):
                SwitchVariant(Value(from), _module.Program.Enums[id.Index], cases, rest);
                break;
            case Terminator.Return(var value):
                _exits.Add(_types.HasValue(TypeOf(value)) ? _builder.Ret(Value(value)) : _builder.RetVoid());
                break;
            case Terminator.Panic(var kind, var message):
                _owned.Consume(terminator);
                EmitPanic(kind, message);
                break;
            case Terminator.Unreachable:
                _builder.Unreachable();
                break;
        }
    }

    private void SwitchInt(ValueId value, ImmutableArray<(long Value, Edge Target)> cases, Edge? rest)
    {
        var targets = new List<(LLVMValueRef, Edge)>(cases.Length);
        var type = _types.Of(TypeOf(value));
        foreach (var (constant, target) in cases) targets.Add((_types.Const(type, constant), target));
        Switch(Value(value), targets, rest);
    }

    /// <summary>The block to branch to for an edge. Its arguments flow from where the builder stands.</summary>
    /// <remarks>Two edges of one terminator to one block with parameters need a block in between for one of them.</remarks>
    private LLVMBasicBlockRef Way(Edge edge, params ReadOnlySpan<Edge> earlier)
    {
        var index = edge.Target.Index;
        _owned.Follow(edge);
        var from = _builder.InsertBlock;
        var repeated = false;
        if (edge.Arguments.Length > 0)
            foreach (var other in earlier) repeated |= other.Target == edge.Target;
        var way = repeated ? NewBlock() : _blocks[index];
        var parameters = _function.Blocks[index].Parameters;
        for (var i = 0; i < parameters.Length; i++)
            if (!Value(parameters[i]).IsNull) LLVMPhi.AddIncoming(Value(parameters[i]), Value(edge.Arguments[i]), repeated ? way : from);
        if (!repeated) return way;
        _builder.PositionAtEnd(way);
        _builder.Br(_blocks[index]);
        _builder.PositionAtEnd(from);
        return way;
    }

    /// <summary>Without a rest, the cases are all that can occur.</summary>
    private void Switch(LLVMValueRef value, List<(LLVMValueRef Value, Edge Target)> cases, Edge? rest)
    {
        var ways = new List<Edge>(cases.Count + 1);
        var last = rest ?? cases[^1].Target;
        var compared = rest is null ? cases.Count - 1 : cases.Count;
        var otherwise = Way(last);
        ways.Add(last);
        if (compared == 0)
        {
            _builder.Br(otherwise);
            return;
        }
        var targets = new LLVMBasicBlockRef[compared];
        for (var i = 0; i < compared; i++)
        {
            targets[i] = Way(cases[i].Target, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ways));
            ways.Add(cases[i].Target);
        }
        if (compared == 1)
        {
            _builder.CondBr(_builder.ICmp(LLVMIntPredicate.EQ, value, cases[0].Value), targets[0], otherwise);
            return;
        }
        var instruction = _builder.Switch(value, otherwise, compared);
        for (var i = 0; i < compared; i++) Native.LLVMAddCase(instruction, cases[i].Value, targets[i]);
    }

    /// <summary>
    /// Variants without payload are odd words, the others objects with a tag. Only what can still differ is looked at: one
    /// bit where there is one variant of a kind, the word or the tag where there are more.
    /// </summary>
    private void SwitchVariant(LLVMValueRef value, EnumLayout layout, ImmutableArray<(int Variant, Edge Target)> cases, Edge? rest)
    {
        var (objects, immediates) = (new List<(LLVMValueRef, Edge)>(), new List<(LLVMValueRef, Edge)>());
        var (allObjects, allImmediates) = (0, 0);
        foreach (var variant in layout.Variants)
            if (variant is null) allImmediates++;
            else allObjects++;
        foreach (var (variant, target) in cases)
        {
            if (layout.Variants[variant] is null) immediates.Add((_types.Const64(2L * variant + 1), target));
            else objects.Add((_types.Const(_types.I16, variant), target));
        }
        var objectRest = objects.Count < allObjects ? rest : null;
        var immediateRest = immediates.Count < allImmediates ? rest : null;
        var hasObjects = objects.Count > 0 || objectRest is not null;
        var hasImmediates = immediates.Count > 0 || immediateRest is not null;
        if (!hasImmediates) SwitchTag(value, objects, objectRest, layout);
        else if (!hasObjects) Switch(Word(value), immediates, immediateRest);
        else
        {
            var isOdd = _builder.Trunc(Word(value), _types.I1);
            var onlyImmediate = OnlyTarget(immediates, immediateRest);
            var onlyObject = OnlyTarget(objects, objectRest);
            var odd = onlyImmediate is null ? NewBlock() : Way(onlyImmediate);
            var even = onlyObject is null ? NewBlock() : onlyImmediate is null ? Way(onlyObject) : Way(onlyObject, onlyImmediate);
            _builder.CondBr(isOdd, odd, even);
            if (onlyImmediate is null)
            {
                _builder.PositionAtEnd(odd);
                Switch(Word(value), immediates, immediateRest);
            }
            if (onlyObject is null)
            {
                _builder.PositionAtEnd(even);
                SwitchTag(value, objects, objectRest, layout);
            }
        }
    }

    private void SwitchTag(LLVMValueRef value, List<(LLVMValueRef, Edge)> cases, Edge? rest, EnumLayout layout)
    {
        if (OnlyTarget(cases, rest) is { } only) _builder.Br(Way(only));
        else Switch(LoadTag(value, layout.Variants.Length), cases, rest);
    }

    private static Edge? OnlyTarget(List<(LLVMValueRef Value, Edge Target)> cases, Edge? rest) =>
        cases.Count == 0 ? rest : cases.Count == 1 && rest is null ? cases[0].Target : null;

    private LLVMValueRef Word(LLVMValueRef reference) => _builder.PtrToInt(reference, _types.I64);

    /// <summary>The variant's index as i32.</summary>
    private LLVMValueRef Variant(ValueId fromId, EnumId id)
    {
        var (value, variants) = (Value(fromId), _module.Program.Enums[id.Index].Variants);
        var (objects, single) = (0, -1);
        for (var i = 0; i < variants.Length; i++)
        {
            if (variants[i] is null) continue;
            objects++;
            single = i;
        }
        if (objects == variants.Length)
        {
            return objects == 1
                ? _types.Const(_types.I32, single)
                : _builder.ZExt(LoadTag(value, variants.Length), _types.I32);
        }
        var word = Word(value);
        var ofImmediate = _builder.Trunc(_builder.LShr(word, _types.Const64(1)), _types.I32);
        if (objects == 0) return ofImmediate;
        var isOdd = _builder.Trunc(word, _types.I1);
        if (objects == 1) return _builder.Select(isOdd, ofImmediate, _types.Const(_types.I32, single));
        var (load, join) = (NewBlock(), NewBlock());
        var before = _builder.InsertBlock;
        _builder.CondBr(isOdd, join, load);
        _builder.PositionAtEnd(load);
        var ofObject = _builder.ZExt(LoadTag(value, variants.Length), _types.I32);
        _builder.Br(join);
        _builder.PositionAtEnd(join);
        var index = _builder.Phi(_types.I32);
        LLVMPhi.AddIncoming(index, ofImmediate, before);
        LLVMPhi.AddIncoming(index, ofObject, load);
        return index;
    }
}
