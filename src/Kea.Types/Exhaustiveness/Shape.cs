using System.Collections.Immutable;

namespace Kea.Types.Exhaustiveness;

/// <summary>A pattern reduced to what decides which values it matches: no names, no spans, sugar removed.</summary>
internal abstract record Shape
{
    private Shape() { }

    /// <summary>Matches everything.</summary>
    public sealed record Any : Shape;
    public sealed record Constructor(Head Head, ImmutableArray<Shape> Arguments) : Shape;
    /// <summary>A struct or record by some of its labels; the others match anything.</summary>
    public sealed record Fields(ImmutableArray<(string Label, Shape Shape)> Given) : Shape;
    public sealed record Or(ImmutableArray<Shape> Alternatives) : Shape;

    public static readonly Shape Wildcard = new Any();

    /// <remarks>A pattern too deep for the stack becomes one that covers nothing, so that no value is taken for covered.</remarks>
    public static Shape Of(TypedPattern pattern) =>
        System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack() ? Reduce(pattern) : new Constructor(new Head(HeadKind.Literal, pattern, 0), []);

    private static Shape Reduce(TypedPattern pattern) => pattern switch
    {
        TypedPattern.Wildcard => Wildcard,
        TypedPattern.Binding => Wildcard,
        TypedPattern.Error => Wildcard,
        TypedPattern.Integer integer => new Constructor(new Head(HeadKind.Literal, integer.Value, 0), []),
        TypedPattern.Float number => new Constructor(new Head(HeadKind.Literal, number.Value, 0), []),
        TypedPattern.Char character => new Constructor(new Head(HeadKind.Literal, character.CodePoint, 0), []),
        TypedPattern.String text => new Constructor(new Head(HeadKind.Literal, text.Value, 0), []),
        // A const is some value that is not looked at, so it covers nothing.
        TypedPattern.Const constant => new Constructor(new Head(HeadKind.Literal, constant.Symbol, 0), []),
        TypedPattern.Bool flag => new Constructor(Head.Bool(flag.Value), []),
        TypedPattern.Constructor constructor => new Constructor(Head.Variant(constructor.Variant), All(constructor.Fields)),
        TypedPattern.Record record => new Fields([.. record.Fields.Select(f => (f.Label, Of(f.Pattern)))]),
        TypedPattern.Tuple tuple => new Constructor(Head.Tuple(tuple.Elements.Length), All(tuple.Elements)),
        TypedPattern.Rewrap rewrap => new Constructor(Head.Wrapper, [Of(rewrap.Inner)]),
        TypedPattern.As named => Of(named.Inner),
        TypedPattern.Or or => new Or(All(or.Alternatives)),
    };

    private static ImmutableArray<Shape> All(ImmutableArray<TypedPattern> patterns)
    {
        var shapes = ImmutableArray.CreateBuilder<Shape>(patterns.Length);
        foreach (var pattern in patterns) shapes.Add(Of(pattern));
        return shapes.MoveToImmutable();
    }
}

internal enum HeadKind { Variant, Bool, Tuple, Record, Wrapper, Literal }

/// <summary>The outermost constructor of a value.</summary>
/// <param name="Key">What tells it from others of its type: the variant, the literal's value, for a record its labels in order.</param>
internal readonly record struct Head(HeadKind Kind, object Key, int Arity)
{
    public static Head Variant(VariantSymbol variant) => new(HeadKind.Variant, variant, variant.Fields.Length);
    public static Head Bool(bool value) => new(HeadKind.Bool, value, 0);
    public static Head Tuple(int length) => new(HeadKind.Tuple, length, length);
    public static Head Record(ImmutableArray<string> labels) => new(HeadKind.Record, labels, labels.Length);
    public static readonly Head Wrapper = new(HeadKind.Wrapper, "", 1);
}
