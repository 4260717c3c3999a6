using System.Collections.Immutable;
using System.Text;
using Kea.Types.Inference;

namespace Kea.Types.Exhaustiveness;

/// <summary>Prints a missing value as a pattern that can be pasted.</summary>
internal static class Witness
{
    public static string Print(Shape shape, Type type) => shape switch
    {
        Shape.Any => "_",
        Shape.Constructor constructor => Constructor(constructor, type.Resolved),
        Shape.Fields => "_",
        Shape.Or => "_",
    };

    private static string Constructor(Shape.Constructor shape, Type type)
    {
        switch (shape.Head.Kind)
        {
            case HeadKind.Bool: return (bool)shape.Head.Key ? "true" : "false";
            case HeadKind.Variant:
                var variant = (VariantSymbol)shape.Head.Key;
                if (variant.Owner.Builtin == BuiltinType.List) return List(shape, type);
                return variant.Fields.IsEmpty ? variant.Name : $"{variant.Name}({Arguments(shape, Types(variant, type))})";
            case HeadKind.Tuple:
                return AllWild(shape) ? "_" : $"({Arguments(shape, type is Type.Tuple(var elements) ? elements : [])})";
            case HeadKind.Record: return AllWild(shape) ? "_" : Record(shape, type);
            case HeadKind.Wrapper:
                return AllWild(shape) || type is not Type.Named wrapped ? "_" : $"{wrapped.Symbol.Name}({Arguments(shape, [])})";
            case HeadKind.Literal: return "_";
        }
        return "_";
    }

    private static bool AllWild(Shape.Constructor shape) => shape.Arguments.All(a => a is Shape.Any);

    private static string Arguments(Shape.Constructor shape, ImmutableArray<Type> types) =>
        string.Join(", ", shape.Arguments.Select((a, i) => Print(a, i < types.Length ? types[i] : new Type.Error())));

    private static ImmutableArray<Type> Types(VariantSymbol variant, Type type) => type is Type.Named named && ReferenceEquals(named.Symbol, variant.Owner)
        ? [.. variant.Fields.Select(f => Substitute.In(f.Type, variant.Owner.Parameters, named.Arguments))]
        : [.. variant.Fields.Select(f => f.Type)];

    /// <summary><c>[]</c>, <c>[p, q]</c>, <c>[p, .._]</c>.</summary>
    private static string List(Shape.Constructor shape, Type type)
    {
        var element = type is Type.Named { Arguments: [var only] } ? only : new Type.Error();
        var text = new StringBuilder("[");
        Shape rest = shape;
        while (rest is Shape.Constructor { Arguments: [var head, var tail] })
        {
            if (text.Length > 1) text.Append(", ");
            text.Append(Print(head, element));
            rest = tail;
        }
        // The end of the chain is Nil, or whatever it may be.
        if (rest is not Shape.Constructor) text.Append(", .._");
        return text.Append(']').ToString();
    }

    private static string Record(Shape.Constructor shape, Type type)
    {
        var labels = (ImmutableArray<string>)shape.Head.Key;
        var fields = labels.Select((label, i) => (label, shape.Arguments[i])).Where(f => f.Item2 is not Shape.Any)
            .Select(f => $"{f.label}: {Print(f.Item2, FieldType(type, f.label))}");
        var name = type is Type.Named named ? named.Symbol.Name + " " : "#";
        return $"{name}{{ {string.Join(", ", fields)}, .. }}";
    }

    private static Type FieldType(Type type, string label) =>
        type is Type.Named named && named.Symbol.Fields.FirstOrDefault(f => f.Name == label) is { } field
            ? Substitute.In(field.Type, named.Symbol.Parameters, named.Arguments)
            : new Type.Error();
}
