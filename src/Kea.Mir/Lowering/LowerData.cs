using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>Making values and taking them apart, by the shapes that <see cref="Representation"/> decides.</summary>
internal sealed partial class FunctionLowering
{
    private DataAccess Data => new(_b, Shapes);

    private ValueId ProductField(ValueId product, ClosedType type, int index) => Data.ProductField(product, type, index);
    private ValueId MakeProduct(ClosedType type, ReadOnlySpan<ValueId> fields) => Data.MakeProduct(type, fields);
    private ValueId VariantField(ValueId value, ClosedType.Nominal type, int variant, int index) => Data.VariantField(value, type, variant, index);
    private ValueId MakeVariant(ClosedType.Nominal type, int variant, ReadOnlySpan<ValueId> fields) => Data.MakeVariant(type, variant, fields);

    private ValueId LowerConstruct(TypedExpression.Construct construct)
    {
        var type = TypeOf(construct);
        var arguments = Values(construct.Arguments);
        At(construct);
        // A redeclared Unique is its content, as the library's is.
        return type.BuiltinOrNone == BuiltinType.Unique ? arguments[0] : MakeVariant((ClosedType.Nominal)type, construct.Variant.Index, arguments.AsSpan());
    }

    private ValueId LowerStruct(TypedExpression.Struct literal)
    {
        var type = TypeOf(literal);
        var fields = new ValueId?[Shapes.FieldsOf(type).Labels.Length];
        var spread = literal.Spread is not null && literal.SpreadFirst ? Value(literal.Spread) : default;
        foreach (var (field, value) in literal.Fields) fields[field] = Value(value);
        if (literal.Spread is not null && !literal.SpreadFirst) spread = Value(literal.Spread);
        At(literal);
        for (var i = 0; i < fields.Length; i++) fields[i] ??= ProductField(spread, type, i);
        return MakeProduct(type, [.. fields.Select(f => f!.Value)]);
    }

    private ValueId LowerRecord(TypedExpression.Record record)
    {
        var type = TypeOf(record);
        if (record.Base is null) return FromLabels(type, null, default, LabelValues(record.Fields), record);
        var from = TypeOf(record.Base);
        var whole = Value(record.Base);
        return FromLabels(type, from, whole, LabelValues(record.Fields), record);
    }

    private ValueId LowerUpdate(TypedExpression.Update update)
    {
        var from = TypeOf(update.Base);
        var whole = Value(update.Base);
        return FromLabels(TypeOf(update), from, whole, LabelValues(update.Fields), update);
    }

    private Dictionary<string, ValueId> LabelValues(ImmutableArray<(string Label, TypedExpression Value)> fields)
    {
        var values = new Dictionary<string, ValueId>(fields.Length);
        foreach (var (label, value) in fields) values[label] = Value(value);
        return values;
    }

    /// <summary>A product of given fields and, for the rest, those of another product.</summary>
    private ValueId FromLabels(ClosedType type, ClosedType? from, ValueId whole, Dictionary<string, ValueId> given, TypedExpression at)
    {
        var labels = Shapes.FieldsOf(Shapes.Unwrap(type)).Labels;
        var fields = new ValueId[labels.Length];
        for (var i = 0; i < labels.Length; i++)
            fields[i] = given.TryGetValue(labels[i], out var value) ? value : FieldByLabel(whole, from!, labels[i]);
        At(at);
        return MakeProduct(Shapes.Unwrap(type), fields);
    }

    private ValueId FieldByLabel(ValueId product, ClosedType type, string label)
    {
        type = Shapes.Unwrap(type);
        return ProductField(product, type, Shapes.FieldsOf(type).IndexOf(label));
    }

    private ValueId LowerField(TypedExpression.Field field)
    {
        var type = TypeOf(field.Target);
        return FieldByLabel(Value(field.Target), type, field.Label);
    }

    private ValueId LowerTuple(TypedExpression.Tuple tuple)
    {
        var elements = Values(tuple.Elements);
        At(tuple);
        return MakeProduct(TypeOf(tuple), elements.AsSpan());
    }

    private ValueId LowerTupleElement(TypedExpression.TupleElement element)
    {
        var type = TypeOf(element.Target);
        return ProductField(Value(element.Target), type, element.Index);
    }

    private ValueId LowerList(TypedExpression.List list)
    {
        var type = (ClosedType.Nominal)TypeOf(list);
        var elements = Values(list.Elements);
        At(list);
        var (nil, cons) = ListVariants(type);
        var value = MakeVariant(type, nil, []);
        for (var i = elements.Length - 1; i >= 0; i--) value = MakeVariant(type, cons, [elements[i], value]);
        return value;
    }

    private static (int Nil, int Cons) ListVariants(ClosedType.Nominal type) => type.Symbol.Variants[0].Fields.IsEmpty ? (0, 1) : (1, 0);

    private ValueId LowerRange(TypedExpression.Range range)
    {
        var type = TypeOf(range);
        var from = Value(range.From);
        var to = Value(range.To);
        return _b.Aggregate(Shapes.RangeAggregate(type), from, to, _b.Bool(range.Inclusive));
    }

    /// <summary>A struct as the record that a row type names: the same object, unless it lives in registers or hides some fields.</summary>
    private ValueId SeenAsRecord(ValueId value, ClosedType type, ClosedType record)
    {
        if (!ChangesAsRecord(type, record)) return value;
        var labels = Shapes.FieldsOf(record).Labels;
        var fields = new ValueId[labels.Length];
        for (var i = 0; i < labels.Length; i++) fields[i] = FieldByLabel(value, type, labels[i]);
        return MakeProduct(record, fields);
    }

    private bool ChangesAsRecord(ClosedType type, ClosedType record) =>
        Of(type) != Of(record) || Shapes.FieldsOf(Shapes.Unwrap(type)).Labels.Length != Shapes.FieldsOf(record).Labels.Length;
}
