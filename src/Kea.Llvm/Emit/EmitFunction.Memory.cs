using System.Collections.Immutable;
using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// Objects, aggregates and vectors. An aggregate goes to memory part by part, so that every access is a plain scalar one.
internal sealed unsafe partial class EmitFunction
{
    private const int CountOne = 1;

    private LLVMValueRef MakeAggregate(AggregateId id, ImmutableArray<ValueId> fields)
    {
        var type = new MirType.Aggregate(id);
        if (!_types.HasValue(type)) return default;
        var value = Native.LLVMGetPoison(_types.Of(type));
        for (var i = 0; i < fields.Length; i++)
        {
            var index = _types.FieldIndex(id, i);
            if (index >= 0) value = _builder.InsertValue(value, Value(fields[i]), index);
        }
        return value;
    }

    private LLVMValueRef Extract(ValueId aggregate, int field)
    {
        var index = _types.FieldIndex(((MirType.Aggregate)TypeOf(aggregate)).Id, field);
        return index < 0 ? default : _builder.ExtractValue(Value(aggregate), index);
    }

    private LLVMValueRef Alloc(LayoutId layout, ImmutableArray<ValueId> fields)
    {
        var memory = NewMemory(layout);
        Fill(memory, layout, fields);
        return memory;
    }

    private LLVMValueRef AllocReuse(ValueId token, LayoutId layout, ImmutableArray<ValueId> fields)
    {
        var old = Value(token);
        var (fresh, join) = (NewBlock(), NewBlock());
        var before = _builder.InsertBlock;
        _builder.CondBr(_builder.ICmp(LLVMIntPredicate.EQ, old, Native.LLVMConstNull(_types.Pointer)), fresh, join);
        _builder.PositionAtEnd(fresh);
        var allocated = NewMemory(layout);
        _builder.Br(join);
        _builder.PositionAtEnd(join);
        var memory = _builder.Phi(_types.Pointer);
        LLVMPhi.AddIncoming(memory, old, before);
        LLVMPhi.AddIncoming(memory, allocated, fresh);
        Fill(memory, layout, fields);
        return memory;
    }

    private LLVMValueRef MakeClosure(FunctionId function, LayoutId layout, ImmutableArray<ValueId> captures)
    {
        var memory = NewMemory(layout);
        Fill(memory, layout, captures);
        var code = _linkage.ClosureCode(this, function);
        _module.Facts.Access(_builder.Store(code, AtOffset(memory, ObjectShapes.ClosureCodeOffset)), AliasClass.Code);
        return memory;
    }

    private LLVMValueRef NewMemory(LayoutId layout) =>
        CallHelper(_module.Runtime.Alloc, [Context, _types.Const64(_module.Shapes.Of(layout).Size)]);

    /// <summary>Header (one store: count one, layout, tag) and fields.</summary>
    private void Fill(LLVMValueRef memory, LayoutId id, ImmutableArray<ValueId> fields)
    {
        var layout = _module.Program.Layouts[id.Index];
        var header = CountOne | (long)_linkage.LayoutNumber(id) << 32 | (long)layout.Tag << 48;
        _module.Facts.Access(_builder.Store(_types.Const64(header), memory), AliasClass.Header);
        var offsets = _module.Shapes.Of(id).Offsets;
        for (var i = 0; i < fields.Length; i++)
            StoreParts(TypeOf(fields[i]), Value(fields[i]), memory, AliasClass.Field, offsets[i]);
    }

    private LLVMValueRef Project(ValueId from, LayoutId layout, int field)
    {
        var type = _module.Program.Layouts[layout.Index].Fields[field];
        return LoadParts(type, Value(from), AliasClass.Field, _module.Shapes.Of(layout).Offsets[field]);
    }

    private LLVMValueRef StoreField(ValueId into, LayoutId layout, int field, ValueId value) =>
        StoreParts(TypeOf(value), Value(value), Value(into), AliasClass.Field, _module.Shapes.Of(layout).Offsets[field]);

    private LLVMValueRef Length(ValueId from)
    {
        var load = _builder.Load(_types.I64, AtOffset(Value(from), ObjectShapes.LengthOffset));
        _module.Facts.Access(load, AliasClass.Length);
        return _module.Facts.Range(load, _types.I64, 0, long.MaxValue);
    }

    private LLVMValueRef StringByte(ValueId text, ValueId index)
    {
        var bytes = AtOffset(Value(text), ObjectShapes.StringBytesOffset);
        var load = _builder.Load(_types.I8, _builder.InBoundsGEP(_types.I8, bytes, Value(index)));
        return _builder.ZExt(_module.Facts.Access(load, AliasClass.Bytes), _types.I64);
    }

    private LLVMValueRef VectorGet(ValueId vector, LayoutId layout, ValueId index)
    {
        var element = _module.Program.Layouts[layout.Index].Fields[0];
        return _types.HasValue(element) ? LoadParts(element, ElementAddress(vector, element, index), alias: null, isElement: true) : default;
    }

    private LLVMValueRef VectorStore(ValueId vector, LayoutId layout, ValueId index, ValueId value)
    {
        var element = _module.Program.Layouts[layout.Index].Fields[0];
        if (!_types.HasValue(element)) return default;
        return StoreParts(element, Value(value), ElementAddress(vector, element, index), alias: null, isElement: true);
    }

    private LLVMValueRef VectorSetLength(ValueId vector, ValueId length)
    {
        var address = AtOffset(Value(vector), ObjectShapes.LengthOffset);
        return _module.Facts.Access(_builder.Store(Value(length), address), AliasClass.Length);
    }

    private LLVMValueRef VectorCapacity(ValueId vector)
    {
        var load = _builder.Load(_types.I64, AtOffset(Value(vector), ObjectShapes.CapacityOffset));
        _module.Facts.Access(load, AliasClass.Length);
        return _module.Facts.Range(load, _types.I64, 0, long.MaxValue);
    }

    private LLVMValueRef VectorNew(LayoutId layout, ValueId capacity) =>
        CallHelper(_module.Runtime.VectorNew, [Context, _types.Const64(_linkage.LayoutNumber(layout)), Value(capacity)]);

    /// <summary>In line as <see cref="VectorUnique"/>: nothing happens to a unique vector that has the room.</summary>
    private LLVMValueRef VectorReserve(ValueId vector, ValueId needed)
    {
        var old = Value(vector);
        var isShared = _builder.ICmp(LLVMIntPredicate.NE, LoadCount(old), _types.Const(_types.I32, CountOne));
        var isFull = _builder.ICmp(LLVMIntPredicate.SLT, VectorCapacity(vector), Value(needed));
        return Unless(_builder.Or(isShared, isFull), old, _module.Runtime.VectorReserve, [Context, old, Value(needed)]);
    }

    /// <summary>The fast path is in line: a loop over a unique vector then only tests its count.</summary>
    private LLVMValueRef VectorUnique(ValueId vector)
    {
        var old = Value(vector);
        var isShared = _builder.ICmp(LLVMIntPredicate.NE, LoadCount(old), _types.Const(_types.I32, CountOne));
        return Unless(isShared, old, _module.Runtime.VectorUnique, [Context, old]);
    }

    /// <summary>A pointer as it is, or what a helper makes of it where a condition holds, which is rare.</summary>
    private LLVMValueRef Unless(
        LLVMValueRef condition, LLVMValueRef value, (LLVMTypeRef, LLVMValueRef) helper, ReadOnlySpan<LLVMValueRef> arguments)
    {
        var (slow, join) = (NewBlock(), NewBlock());
        var before = _builder.InsertBlock;
        _module.Facts.Unlikely(_builder.CondBr(condition, slow, join));
        _builder.PositionAtEnd(slow);
        var made = CallHelper(helper, arguments);
        _builder.Br(join);
        _builder.PositionAtEnd(join);
        var result = _builder.Phi(_types.Pointer);
        LLVMPhi.AddIncoming(result, value, before);
        LLVMPhi.AddIncoming(result, made, slow);
        return result;
    }

    private LLVMValueRef ElementAddress(ValueId vector, MirType element, ValueId index)
    {
        var elements = AtOffset(Value(vector), ObjectShapes.VectorElementsOffset);
        return element is MirType.Aggregate or MirType.Bool
            ? _builder.InBoundsGEP(_types.I8, elements, Scaled(Value(index), _module.Shapes.SizeOf(element)))
            : _builder.InBoundsGEP(_types.Of(element), elements, Value(index));
    }

    private LLVMValueRef PointerAdd(ValueId address, ValueId index, MirType element) =>
        _builder.GEP(_types.I8, Value(address), Scaled(Value(index), _module.Shapes.SizeOf(element)));

    private LLVMValueRef Scaled(LLVMValueRef index, int size) =>
        size == 1 ? index : _builder.Mul(index, _types.Const64(size));

    private LLVMValueRef AtOffset(LLVMValueRef address, int offset) =>
        offset == 0 ? address : _builder.InBoundsGEP(_types.I8, address, _types.Const64(offset));

    private LLVMValueRef LoadCount(LLVMValueRef from) =>
        _module.Facts.Access(_builder.Load(_types.I32, from), AliasClass.Header);

    private LLVMValueRef LoadTag(LLVMValueRef from, int variants)
    {
        var load = _builder.Load(_types.I16, AtOffset(from, ObjectShapes.TagOffset));
        _module.Facts.Access(load, AliasClass.Header);
        return variants < short.MaxValue ? _module.Facts.Range(load, _types.I16, 0, variants) : load;
    }

    /// <summary>A reference in raw memory stays there; the one that was read is another.</summary>
    private LLVMValueRef LoadShared(MirType type, LLVMValueRef address)
    {
        var value = LoadParts(type, address, alias: null);
        Dup(value, type);
        return value;
    }

    /// <summary>Reads a value of any type. With <paramref name="isElement"/> each part has the alias class of its own type.</summary>
    private LLVMValueRef LoadParts(MirType type, LLVMValueRef address, AliasClass? alias, int offset = 0, bool isElement = false)
    {
        if (!_types.HasValue(type)) return default;
        if (type is MirType.Aggregate(var id))
        {
            var (shape, fields) = (_module.Shapes.Of(id), _module.Program.Aggregates[id.Index].Fields);
            var whole = Native.LLVMGetPoison(_types.Of(type));
            for (var i = 0; i < fields.Length; i++)
            {
                if (_types.FieldIndex(id, i) is var index && index < 0) continue;
                whole = _builder.InsertValue(whole, LoadParts(fields[i], address, alias, offset + shape.Offsets[i], isElement), index);
            }
            return whole;
        }
        if (type is not MirType.Bool) return Tag(_builder.Load(_types.Of(type), AtOffset(address, offset)), type, alias, isElement);
        var stored = Tag(_builder.Load(_types.I8, AtOffset(address, offset)), type, alias, isElement);
        return _builder.Trunc(_module.Facts.Range(stored, _types.I8, 0, 2), _types.I1);
    }

    private LLVMValueRef StoreParts(
        MirType type, LLVMValueRef value, LLVMValueRef address, AliasClass? alias, int offset = 0, bool isElement = false)
    {
        if (!_types.HasValue(type)) return default;
        if (type is MirType.Aggregate(var id))
        {
            var (shape, fields) = (_module.Shapes.Of(id), _module.Program.Aggregates[id.Index].Fields);
            for (var i = 0; i < fields.Length; i++)
            {
                if (_types.FieldIndex(id, i) is var index && index < 0) continue;
                StoreParts(fields[i], _builder.ExtractValue(value, index), address, alias, offset + shape.Offsets[i], isElement);
            }
            return default;
        }
        var stored = type is MirType.Bool ? _builder.ZExt(value, _types.I8) : value;
        return Tag(_builder.Store(stored, AtOffset(address, offset)), type, alias, isElement);
    }

    private LLVMValueRef Tag(LLVMValueRef access, MirType type, AliasClass? alias, bool isElement)
    {
        if (isElement) return _module.Facts.Access(access, ElementClass(type));
        return alias is { } known ? _module.Facts.Access(access, known) : access;
    }

    private static AliasClass ElementClass(MirType type) => type switch
    {
        MirType.Int(8) or MirType.Bool => AliasClass.ElementInt8,
        MirType.Int(16) => AliasClass.ElementInt16,
        MirType.Int(32) => AliasClass.ElementInt32,
        MirType.Int => AliasClass.ElementInt64,
        MirType.Float => AliasClass.ElementFloat,
        MirType.Pointer or MirType.Reference or MirType.Token => AliasClass.ElementReference,
        MirType.Unit or MirType.Aggregate => throw new InvalidOperationException($"{type} is not a scalar."),
    };
}
