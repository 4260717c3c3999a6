using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>How the values of a product type (struct, record, tuple) are kept.</summary>
internal abstract record ProductShape
{
    private ProductShape() { }

    /// <summary>No fields, so no bits.</summary>
    public sealed record Empty : ProductShape;
    /// <summary>A heap object; field i of the type lies at Positions[i].</summary>
    public sealed record Boxed(LayoutId Layout, ImmutableArray<int> Positions) : ProductShape;
    /// <summary>Side by side in registers, in declaration order.</summary>
    public sealed record Unboxed(AggregateId Aggregate) : ProductShape;
}

/// <summary>How the values of an enum are kept.</summary>
internal abstract record SumShape
{
    private SumShape() { }

    /// <summary>No variant has fields: the variant's index.</summary>
    public sealed record Index(MirType Type) : SumShape;
    /// <summary>Objects and immediates. Field j of variant i lies at Positions[i][j].</summary>
    public sealed record Boxed(EnumId Enum, ImmutableArray<LayoutId?> Layouts, ImmutableArray<ImmutableArray<int>> Positions) : SumShape;
    /// <summary>An Option of a reference: null is None.</summary>
    public sealed record Nullable(int SomeIndex, MirType Payload) : SumShape;
    /// <summary>Option and Result: a tag and all payloads. Field j of variant i is field Fields[i] + j of the aggregate.</summary>
    public sealed record Tagged(AggregateId Aggregate, ImmutableArray<int> Fields) : SumShape;
}

/// <summary>The fields of a product type by label ("0", "1", … for tuples), in declaration order (records: by label).</summary>
internal sealed record ProductFields(ImmutableArray<string> Labels, ImmutableArray<ClosedType> Types)
{
    public int IndexOf(string label)
    {
        for (var i = 0; i < Labels.Length; i++) if (Labels[i] == label) return i;
        throw new InvalidOperationException($"lowering: no field {label}");
    }
}

/// <summary>What has been found out about one closed type.</summary>
internal sealed class RepresentationCache
{
    public MirType? Type;
    public ProductShape? Product;
    public SumShape? Sum;
    public ProductFields? Fields;
    public ImmutableArray<ImmutableArray<ClosedType>> VariantFields;
    public AggregateId? Range;
    public LayoutId? Vector;
}

/// <summary>Decides, in this one place, what a Kea type is at run time.</summary>
internal sealed class Representation(LoweringSession session, ClosedTypes types)
{
    /// <summary>A tuple of more scalars than this is a heap object.</summary>
    private const int tupleWordsMax = 4;
    private static readonly MirType _immediate = new MirType.Reference(true, false), _nullable = new MirType.Reference(false, true), _nullableImmediate = new MirType.Reference(true, true);

    public LoweringSession Session { get; } = session;
    public ClosedTypes Types { get; } = types;

    public MirType Of(ClosedType type) => type.Cache.Type ??= type switch
    {
        ClosedType.Nominal nominal => OfNominal(nominal),
        ClosedType.Tuple or ClosedType.Record => OfProduct(type),
        ClosedType.Function => MirType.Ref,
        ClosedType.Row => MirType.Nothing,
        _ => throw new InvalidOperationException("a closed family"),
    };

    /// <summary>What a call returns: the result, or with a failure what Result(T, E) is.</summary>
    public MirType OfResult(ClosedType result, ClosedType? failure) =>
        failure is null ? Of(result) : new MirType.Aggregate(ResultAggregate(result, failure));

    /// <summary>Tag 0 with the value in field 1, or tag 1 with the error in field 2.</summary>
    public AggregateId ResultAggregate(ClosedType ok, ClosedType error) =>
        Session.Aggregate($"Result({ok.Name}, {error.Name})", [MirType.I8, Of(ok), Of(error)]);

    public AggregateId RangeAggregate(ClosedType range)
    {
        if (range.Cache.Range is { } known) return known;
        var bound = Of(((ClosedType.Nominal)range).Arguments[0]);
        var made = Session.Aggregate(range.Name, [bound, bound, MirType.Boolean]);
        range.Cache.Range = made;
        return made;
    }

    public LayoutId VectorLayout(ClosedType vector)
    {
        if (vector.Cache.Vector is { } known) return known;
        var made = Session.Layout(vector.Name, LayoutKind.Vector, 0, [Of(((ClosedType.Nominal)vector).Arguments[0])]);
        vector.Cache.Vector = made;
        return made;
    }

    public LayoutId ClosureLayout(ImmutableArray<MirType> captures) => Session.Layout("closure", LayoutKind.Closure, 0, captures);

    public bool IsProduct(ClosedType type) => type is ClosedType.Tuple or ClosedType.Record or ClosedType.Nominal { Symbol.Kind: TypeKind.Struct, Builtin: not BuiltinType.Vector and not BuiltinType.Range };

    /// <summary>What an opaque or Unique type wraps, all the way down; other types as they are.</summary>
    public ClosedType Unwrap(ClosedType type)
    {
        while (true)
        {
            var inner = UnwrapOnce(type);
            if (ReferenceEquals(inner, type)) return type;
            type = inner;
        }
    }

    public ClosedType UnwrapOnce(ClosedType type) => type switch
    {
        ClosedType.Nominal { Builtin: BuiltinType.Unique } unique => unique.Arguments[0],
        ClosedType.Nominal { Symbol.Kind: TypeKind.Opaque, Builtin: not BuiltinType.Vector, Symbol.Representation: { } inner } opaque => Types.Close(inner, Arguments(opaque)),
        _ => type,
    };

    public ProductFields FieldsOf(ClosedType type) => type.Cache.Fields ??= type switch
    {
        ClosedType.Tuple { Elements: var elements } => new ProductFields([.. Enumerable.Range(0, elements.Length).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))], elements),
        ClosedType.Record record => new ProductFields(record.Labels, record.Types),
        ClosedType.Nominal nominal => StructFields(nominal),
        _ => throw new InvalidOperationException($"lowering: {type.Name} has no fields"),
    };

    /// <summary>The field types of an enum's variants.</summary>
    public ImmutableArray<ImmutableArray<ClosedType>> VariantFieldsOf(ClosedType.Nominal type)
    {
        if (!type.Cache.VariantFields.IsDefault) return type.Cache.VariantFields;
        var arguments = Arguments(type);
        var all = ImmutableArray.CreateBuilder<ImmutableArray<ClosedType>>(type.Symbol.Variants.Length);
        foreach (var variant in type.Symbol.Variants)
        {
            var fields = ImmutableArray.CreateBuilder<ClosedType>(variant.Fields.Length);
            foreach (var field in variant.Fields) fields.Add(Types.Close(field.Type, arguments));
            all.Add(fields.MoveToImmutable());
        }
        return type.Cache.VariantFields = all.MoveToImmutable();
    }

    public ProductShape ProductOf(ClosedType type)
    {
        if (type.Cache.Product is { } known) return known;
        var fields = FieldsOf(type);
        return type.Cache.Product = Of(type) switch
        {
            MirType.Unit => new ProductShape.Empty(),
            MirType.Aggregate(var id) => new ProductShape.Unboxed(id),
            _ => Boxed(type, fields),
        };
    }

    public SumShape SumOf(ClosedType.Nominal type)
    {
        if (type.Cache.Sum is { } known) return known;
        return type.Cache.Sum = (type.Builtin, Of(type)) switch
        {
            (_, MirType.Int index) => new SumShape.Index(index),
            (_, MirType.Aggregate(var id)) => Tagged(type, id),
            (BuiltinType.Option, _) => new SumShape.Nullable(SomeIndex(type.Symbol), Of(type.Arguments[0])),
            _ => BoxedSum(type),
        };
    }

    public static MirType IntegerOf(BuiltinType type) => type switch
    {
        BuiltinType.Int8 or BuiltinType.UInt8 => MirType.I8,
        BuiltinType.Int16 or BuiltinType.UInt16 => MirType.I16,
        BuiltinType.Int32 or BuiltinType.UInt32 => MirType.I32,
        _ => MirType.I64,
    };

    public static bool IsInteger(BuiltinType type) => type is >= BuiltinType.Int and <= BuiltinType.UInt64;
    public static bool IsFloat(BuiltinType type) => type is >= BuiltinType.Float and <= BuiltinType.Float64;
    public static bool IsSigned(BuiltinType type) => type is >= BuiltinType.Int and <= BuiltinType.Int64;

    public (int Size, int Alignment) SizeOf(MirType type) => type switch
    {
        MirType.Int(var bits) => (bits / 8, bits / 8),
        MirType.Bool => (1, 1),
        MirType.Float(var bits) => (bits / 8, bits / 8),
        MirType.Unit => (0, 1),
        MirType.Pointer or MirType.Reference or MirType.Token => (8, 8),
        MirType.Aggregate(var id) => SizeOfFields(Session[id].Fields),
    };

    private (int Size, int Alignment) SizeOfFields(ImmutableArray<MirType> fields)
    {
        var (offset, alignment) = (0, 1);
        foreach (var field in fields)
        {
            var (size, align) = SizeOf(field);
            offset = (offset + align - 1) / align * align + size;
            alignment = Math.Max(alignment, align);
        }
        return ((offset + alignment - 1) / alignment * alignment, alignment);
    }

    private MirType OfNominal(ClosedType.Nominal type) => type.Builtin switch
    {
        BuiltinType.Bool => MirType.Boolean,
        BuiltinType.Char => MirType.I32,
        BuiltinType.Unit or BuiltinType.Never or BuiltinType.TypeValue => MirType.Nothing,
        BuiltinType.String or BuiltinType.Atom or BuiltinType.Bytes or BuiltinType.Vector => MirType.Ref,
        BuiltinType.Ptr => MirType.Raw,
        BuiltinType.Float or BuiltinType.Float64 => MirType.F64,
        BuiltinType.Float32 => MirType.F32,
        BuiltinType.Float16 => new MirType.Float(16),
        BuiltinType.Range => new MirType.Aggregate(RangeAggregate(type)),
        BuiltinType.Option => OfOption(type),
        BuiltinType.Result => new MirType.Aggregate(ResultAggregate(type.Arguments[0], type.Arguments[1])),
        BuiltinType.Unique => Of(type.Arguments[0]),
        var builtin when IsInteger(builtin) => IntegerOf(builtin),
        _ => OfDeclared(type),
    };

    private MirType OfDeclared(ClosedType.Nominal type) => type.Symbol.Kind switch
    {
        TypeKind.Struct => OfProduct(type),
        TypeKind.Opaque => Of(Types.Close(type.Symbol.Representation!, Arguments(type))),
        TypeKind.Enum when type.Symbol.Variants.All(v => v.Fields.IsEmpty) => type.Symbol.Variants.Length <= 256 ? MirType.I8 : MirType.I16,
        TypeKind.Enum => type.Symbol.Variants.Any(v => v.Fields.IsEmpty) ? _immediate : MirType.Ref,
        TypeKind.Primitive => throw new InvalidOperationException($"lowering: no representation for {type.Name}"),
    };

    private MirType OfOption(ClosedType.Nominal type)
    {
        var payload = Of(type.Arguments[0]);
        return payload is MirType.Reference { MayBeNull: false, MayBeImmediate: var immediate }
            ? immediate ? _nullableImmediate : _nullable
            : new MirType.Aggregate(Session.Aggregate(type.Name, [MirType.I8, payload]));
    }

    private MirType OfProduct(ClosedType type)
    {
        var fields = FieldsOf(type);
        if (fields.Labels.IsEmpty) return MirType.Nothing;
        var isUnboxed = type is ClosedType.Nominal { Symbol.IsUnboxed: true };
        if (type is not ClosedType.Tuple && !isUnboxed) return MirType.Ref;
        var lowered = fields.Types.Select(Of).ToImmutableArray();
        if (!isUnboxed && lowered.Sum(Words) > tupleWordsMax) return MirType.Ref;
        return new MirType.Aggregate(Session.Aggregate(type.Name, lowered));
    }

    private int Words(MirType type) => type switch
    {
        MirType.Unit => 0,
        MirType.Aggregate(var id) => Session[id].Fields.Sum(Words),
        MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Reference or MirType.Token => 1,
    };

    // Structs and records with the same labels are laid out alike, so that seeing a struct as a record costs nothing.
    private ProductShape Boxed(ClosedType type, ProductFields fields)
    {
        var lowered = fields.Types.Select(Of).ToImmutableArray();
        var order = Enumerable.Range(0, lowered.Length).ToArray();
        Array.Sort(order, (a, b) => (SizeOf(lowered[b]).Size - SizeOf(lowered[a]).Size) is var bySize and not 0 ? bySize : string.CompareOrdinal(fields.Labels[a], fields.Labels[b]));
        return new ProductShape.Boxed(Session.Layout(type.Name, LayoutKind.Fields, 0, [.. order.Select(i => lowered[i])]), Inverse(order));
    }

    private SumShape BoxedSum(ClosedType.Nominal type)
    {
        var fields = VariantFieldsOf(type);
        var layouts = ImmutableArray.CreateBuilder<LayoutId?>(fields.Length);
        var positions = ImmutableArray.CreateBuilder<ImmutableArray<int>>(fields.Length);
        for (var i = 0; i < fields.Length; i++)
        {
            var lowered = fields[i].Select(Of).ToImmutableArray();
            // Large fields first: no holes. The sort is stable, so that fields of one size keep their order.
            var order = Enumerable.Range(0, lowered.Length).OrderByDescending(f => SizeOf(lowered[f]).Size).ToArray();
            positions.Add(Inverse(order));
            layouts.Add(lowered.IsEmpty ? null : Session.Layout($"{type.Name}.{type.Symbol.Variants[i].Name}", LayoutKind.Fields, i, [.. order.Select(f => lowered[f])]));
        }
        var all = layouts.MoveToImmutable();
        return new SumShape.Boxed(Session.Enum(type.Name, all), all, positions.MoveToImmutable());
    }

    private SumShape.Tagged Tagged(ClosedType.Nominal type, AggregateId aggregate)
    {
        var starts = ImmutableArray.CreateBuilder<int>(type.Symbol.Variants.Length);
        var next = 1;
        foreach (var variant in type.Symbol.Variants) { starts.Add(next); next += variant.Fields.Length; }
        return new SumShape.Tagged(aggregate, starts.MoveToImmutable());
    }

    private ProductFields StructFields(ClosedType.Nominal type)
    {
        var arguments = Arguments(type);
        var labels = ImmutableArray.CreateBuilder<string>(type.Symbol.Fields.Length);
        var closed = ImmutableArray.CreateBuilder<ClosedType>(type.Symbol.Fields.Length);
        foreach (var field in type.Symbol.Fields) { labels.Add(field.Name); closed.Add(Types.Close(field.Type, arguments)); }
        return new ProductFields(labels.MoveToImmutable(), closed.MoveToImmutable());
    }

    private static TypeSubstitution Arguments(ClosedType.Nominal type) =>
        type.Arguments.IsEmpty ? TypeSubstitution.Empty : new TypeSubstitution(type.Symbol.Parameters, type.Arguments, null);

    private static int SomeIndex(TypeSymbol option) => option.Variants[0].Fields.IsEmpty ? 1 : 0;

    private static ImmutableArray<int> Inverse(int[] order)
    {
        var positions = new int[order.Length];
        for (var i = 0; i < order.Length; i++) positions[order[i]] = i;
        return ImmutableArray.Create(positions);
    }
}
