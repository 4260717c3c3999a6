using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Instructions that make values and take them apart, by the shapes that one <see cref="Representation"/> decides.</summary>
internal readonly struct DataAccess(FunctionBuilder b, Representation shapes)
{
    public ValueId ProductField(ValueId product, ClosedType type, int index)
    {
        type = shapes.Unwrap(type);
        var field = shapes.Of(shapes.FieldsOf(type).Types[index]);
        return shapes.ProductOf(type) switch
        {
            ProductShape.Empty => b.Unit(),
            ProductShape.Boxed(var layout, var positions) => b.Emit(field, new Inst.Project(product, layout, positions[index])),
            ProductShape.Unboxed => b.Emit(field, new Inst.Extract(product, index)),
        };
    }

    /// <param name="fields">In declaration order.</param>
    public ValueId MakeProduct(ClosedType type, ReadOnlySpan<ValueId> fields)
    {
        switch (shapes.ProductOf(type))
        {
            case ProductShape.Boxed(var layout, var positions):
                var placed = new ValueId[fields.Length];
                for (var i = 0; i < fields.Length; i++) placed[positions[i]] = fields[i];
                return b.Emit(MirType.Ref, new Inst.Alloc(layout, [.. placed]));
            case ProductShape.Unboxed(var aggregate): return b.Aggregate(aggregate, fields);
            default: return b.Unit();
        }
    }

    public ValueId VariantField(ValueId value, ClosedType.Nominal type, int variant, int index)
    {
        var field = shapes.Of(shapes.VariantFieldsOf(type)[variant][index]);
        return shapes.SumOf(type) switch
        {
            SumShape.Boxed boxed => b.Emit(field, new Inst.Project(value, boxed.Layouts[variant]!.Value, boxed.Positions[variant][index])),
            SumShape.Nullable => b.Emit(field, new Inst.Cast(CastOp.Reinterpret, value)),
            SumShape.Tagged tagged => b.Emit(field, new Inst.Extract(value, tagged.Fields[variant] + index)),
            SumShape.Index => throw new InvalidOperationException("lowering: a variant without fields"),
        };
    }

    public ValueId MakeVariant(ClosedType.Nominal type, int variant, ReadOnlySpan<ValueId> fields)
    {
        var of = shapes.Of(type);
        switch (shapes.SumOf(type))
        {
            case SumShape.Index(var index): return b.Const(index, variant);
            case SumShape.Nullable: return fields.IsEmpty ? b.Emit(of, new Inst.Null()) : b.Emit(of, new Inst.Cast(CastOp.Reinterpret, fields[0]));
            case SumShape.Tagged tagged:
                var parts = new ValueId[shapes.Session[tagged.Aggregate].Fields.Length];
                parts[0] = b.Const(MirType.I8, variant);
                for (var i = 1; i < parts.Length; i++)
                {
                    var field = i - tagged.Fields[variant];
                    parts[i] = field >= 0 && field < fields.Length ? fields[field] : Zero(shapes.Session[tagged.Aggregate].Fields[i]);
                }
                return b.Aggregate(tagged.Aggregate, parts);
            case SumShape.Boxed boxed:
                if (boxed.Layouts[variant] is not { } layout) return b.Emit(of, new Inst.Immediate(variant));
                var placed = new ValueId[fields.Length];
                for (var i = 0; i < fields.Length; i++) placed[boxed.Positions[variant][i]] = fields[i];
                return b.Emit(of, new Inst.Alloc(layout, [.. placed]));
            default: throw new InvalidOperationException("a closed family");
        }
    }

    /// <summary>Ends the block: goes to the block given for the value's variant; null for a variant that cannot occur here.</summary>
    public void SwitchOnVariant(ValueId value, ClosedType.Nominal type, IReadOnlyList<BlockBuilder?> targets)
    {
        switch (shapes.SumOf(type))
        {
            case SumShape.Nullable(var some, _):
                b.Branch(b.Emit(MirType.Boolean, new Inst.IsNull(value)), targets[1 - some]!, targets[some]!);
                break;
            case SumShape.Boxed boxed:
                b.End(new Terminator.SwitchVariant(value, boxed.Enum, [.. Cases(targets).Select(c => ((int)c.Value, c.Target))], null));
                break;
            case SumShape.Index: b.End(new Terminator.SwitchInt(value, Cases(targets), null)); break;
            case SumShape.Tagged: b.End(new Terminator.SwitchInt(b.Emit(MirType.I8, new Inst.Extract(value, 0)), Cases(targets), null)); break;
        }
    }

    /// <summary>What stands for an absent part of a sum.</summary>
    public ValueId Zero(MirType type) => type switch
    {
        MirType.Int or MirType.Bool => b.Const(type, 0),
        MirType.Float => b.Emit(type, new Inst.FloatConst(0)),
        MirType.Pointer or MirType.Reference or MirType.Token => b.Emit(type, new Inst.Null()),
        MirType.Unit => b.Unit(),
        MirType.Aggregate(var id) => b.Emit(type, new Inst.MakeAggregate(id, ZerosOf(id))),
    };

    private ImmutableArray<ValueId> ZerosOf(AggregateId id)
    {
        var zeros = ImmutableArray.CreateBuilder<ValueId>();
        foreach (var field in shapes.Session[id].Fields) zeros.Add(Zero(field));
        return zeros.ToImmutable();
    }

    private static ImmutableArray<(long Value, Edge Target)> Cases(IReadOnlyList<BlockBuilder?> targets)
    {
        var cases = ImmutableArray.CreateBuilder<(long, Edge)>(targets.Count);
        for (var i = 0; i < targets.Count; i++) if (targets[i] is { } block) cases.Add((i, new Edge(block.Id, [])));
        return cases.ToImmutable();
    }
}
