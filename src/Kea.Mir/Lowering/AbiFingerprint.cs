using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Kea.Types;

namespace Kea.Mir;

/// <summary>
/// What code may rely on about the values of a type, as a short text: names, order and representation of everything that
/// such a value reaches. Equal fingerprints, also from two versions of a program, mean that one's code can use the other's values.
/// </summary>
/// <remarks>
/// Types are numbered in the order in which they are met, and refer to their parts by number, so recursive types end and
/// the text does not depend on anything but the declarations. The order of a boxed struct's fields in the source, which
/// changes nothing in memory, changes nothing here.
/// </remarks>
internal sealed class AbiFingerprint(Representation shapes)
{
    // A type that contains itself at ever larger arguments has no end; beyond this only its name counts. By then every
    // declaration that takes part in the growth has been described.
    private const int typeSizeMax = 500, typeDepthMax = 40;

    /// <summary>32 hexadecimal digits.</summary>
    public string Of(ClosedType type) =>
        type.Cache.Fingerprint ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Describe(type))).AsSpan(0, 16));

    /// <summary>The text behind the fingerprint: a line for each type that is reached.</summary>
    public string Describe(ClosedType type)
    {
        var text = new StringBuilder();
        var met = new Numbering();
        met.NumberOf(type);
        for (var i = 0; i < met.Types.Count; i++)
        {
            text.Append('#').Append(i).Append(' ');
            Define(met.Types[i], met, text);
            text.Append('\n');
        }
        return text.ToString();
    }

    private void Define(ClosedType type, Numbering met, StringBuilder text)
    {
        if (type.Size > typeSizeMax || type.Depth > typeDepthMax)
        {
            text.Append(type.Name);
            return;
        }
        switch (type)
        {
            case ClosedType.Nominal nominal: Define(nominal, met, text); break;
            case ClosedType.Tuple tuple: Parts("tuple", tuple.Elements, met, text); break;
            case ClosedType.Record record: Fields("record", record.Labels, record.Types, met, text); break;
            case ClosedType.Row row:
                Fields("row", row.Labels, row.Types, met, text);
                if (row.Failure is { } fails) text.Append(" fail #").Append(met.NumberOf(fails));
                break;
            case ClosedType.Function function:
                Parts("fn", function.Parameters, met, text);
                if (function.Failure is { } failure) text.Append(" fail #").Append(met.NumberOf(failure));
                text.Append(" to #").Append(met.NumberOf(function.Result));
                break;
        }
    }

    private void Define(ClosedType.Nominal type, Numbering met, StringBuilder text)
    {
        var symbol = type.Symbol;
        if (symbol.Module is { } module) text.Append(module.Origin == ModuleOrigin.Standard ? "Kea." : "").Append(module.Name).Append('.');
        Parts(symbol.Name, type.Arguments, met, text);
        switch (symbol.Kind)
        {
            case TypeKind.Primitive: break;
            case TypeKind.Opaque:
                text.Append(" wraps #").Append(ReferenceEquals(shapes.UnwrapOnce(type), type) ? "" : met.NumberOf(shapes.UnwrapOnce(type)));
                break;
            case TypeKind.Struct when !shapes.IsProduct(type): break;
            case TypeKind.Struct:
                var fields = shapes.FieldsOf(type);
                var order = Enumerable.Range(0, fields.Labels.Length);
                if (!symbol.IsUnboxed) order = order.OrderBy(i => fields.Labels[i], StringComparer.Ordinal);
                Fields(symbol.IsUnboxed ? " unboxed" : " struct", [.. order.Select(i => fields.Labels[i])], [.. order.Select(i => fields.Types[i])], met, text);
                break;
            case TypeKind.Enum:
                var variants = shapes.VariantFieldsOf(type);
                for (var i = 0; i < variants.Length; i++)
                {
                    var names = symbol.Variants[i].Fields.Select(f => f.Name ?? "");
                    Fields($" {symbol.Variants[i].Name}", [.. names], variants[i], met, text);
                }
                break;
        }
    }

    private static void Parts(string head, ImmutableArray<ClosedType> parts, Numbering met, StringBuilder text)
    {
        text.Append(head).Append('(');
        foreach (var part in parts) text.Append('#').Append(met.NumberOf(part)).Append(' ');
        text.Append(')');
    }

    private static void Fields(string head, ImmutableArray<string> labels, ImmutableArray<ClosedType> types, Numbering met, StringBuilder text)
    {
        text.Append(head).Append('{');
        for (var i = 0; i < types.Length; i++) text.Append(labels[i]).Append(": #").Append(met.NumberOf(types[i])).Append(' ');
        text.Append('}');
    }

    private sealed class Numbering
    {
        private readonly Dictionary<ClosedType, int> _numbers = new(ReferenceEqualityComparer.Instance);

        public List<ClosedType> Types { get; } = [];

        public int NumberOf(ClosedType type)
        {
            if (_numbers.TryGetValue(type, out var number)) return number;
            _numbers.Add(type, number = Types.Count);
            Types.Add(type);
            return number;
        }
    }
}
