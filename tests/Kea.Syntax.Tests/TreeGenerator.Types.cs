using System.Collections.Immutable;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

internal sealed partial class TreeGenerator
{
    private TypeSyntax Type(int depth)
    {
        if (depth == 0) return Chance(2) ? new TypeSyntax.Named(Path(), [], false, Span) : new TypeSyntax.Variable(Plain(), [], Span);
        return Pick(15) switch
        {
            0 => new TypeSyntax.Named(Path(), Many(1, 2, () => Type(depth - 1)), false, Span),
            1 or 2 => new TypeSyntax.Named(Path(), Many(1, 2, () => Type(depth - 1)), true, Span),
            3 => new TypeSyntax.Variable(Plain(), Many(1, 2, () => Type(depth - 1)), Span),
            4 => Projection(depth),
            5 => new TypeSyntax.Tuple(Many(2, 3, () => Type(depth - 1)), Span),
            6 => new TypeSyntax.Unit(Span),
            7 => new TypeSyntax.Function(Many(0, 2, () => Type(depth - 1)), Row(), Type(depth - 1), Span),
            8 => RowType(depth - 1),
            9 => new TypeSyntax.EffectList(Chance(4) ? new EffectRowSyntax(true, [], null, false, Span) : WrittenRow(), Span),
            10 => new TypeSyntax.Optional(new TypeSyntax.Named(Path(), [], false, Span), Span),
            11 => new TypeSyntax.Forall(Many(1, 2, Plain), Type(depth - 1), Span),
            12 => new TypeSyntax.Any(Many(1, 2, Upper), [], Span),
            13 => new TypeSyntax.Hole(Span),
            _ => Type(0),
        };
    }

    private TypeSyntax.Projection Projection(int depth)
    {
        TypeSyntax target = Pick(3) switch
        {
            0 => new TypeSyntax.Named(new PathName([new Name("Self", Span)], Span), [], false, Span),
            1 => new TypeSyntax.Variable(Plain(), Many(0, 1, () => Type(0)), Span),
            _ => new TypeSyntax.Named(Path(), Many(1, 2, () => Type(0)), false, Span),
        };
        return new TypeSyntax.Projection(target, Chance(4) ? Upper() : null, Upper(), Span)
        {
            Arguments = Many(0, 1, () => Type(depth - 1)),
        };
    }

    private TypeSyntax.Record RowType(int depth) => new(
        Many(0, 2, () => new FieldTypeSyntax(Lower(), Type(depth))),
        Chance(2) ? Chance(3) ? new Name("_", Span) : Plain() : null, Span);

    private EffectRowSyntax Row() => Pick(4) switch
    {
        0 => WrittenRow(),
        1 => new EffectRowSyntax(true, [EffectItem()], null, true, Span),
        _ => new EffectRowSyntax(false, [], null, false, Span),
    };

    private EffectRowSyntax WrittenRow()
    {
        Name? tail = Chance(3) ? Plain() : null;
        return new EffectRowSyntax(true, Many(tail is null ? 1 : 0, 2, EffectItem), tail, false, Span);
    }

    private EffectItemSyntax EffectItem() => new(Path(), Many(0, 1, () => Type(1)), Span);

    private Pattern Pattern(int depth)
    {
        if (depth == 0) return SimplePattern();
        return Pick(11) switch
        {
            0 => new Pattern.Constructor(Path(), Many(0, 2, () => new ArgumentPattern(null, Pattern(depth - 1))), false, true, Span),
            1 => new Pattern.Constructor(Path(), Many(0, 2, () => new ArgumentPattern(Lower(), Pattern(depth - 1))), Chance(2), true, Span),
            2 => new Pattern.Const(Path(), Lower(), Span),
            3 => new Pattern.Record(Chance(2) ? Path() : null, Many(0, 2, () => FieldPattern(depth - 1)), Chance(2), Span),
            4 => new Pattern.Tuple(Many(2, 3, () => Pattern(depth - 1)), Span),
            5 => new Pattern.List(Many(0, 2, () => Pattern(depth - 1)), null, false, Span),
            6 => new Pattern.List(Many(0, 2, () => Pattern(depth - 1)), new Pattern.Variable(Plain(), Span), false, Span),
            7 => new Pattern.List([Pattern(depth - 1)], Pattern(depth - 1), true, Span),
            8 => new Pattern.As(Pattern(depth - 1), Plain(), Span),
            9 => new Pattern.Or(Many(2, 3, () => Pattern(depth - 1)), Span),
            _ => SimplePattern(),
        };
    }

    private FieldPattern FieldPattern(int depth)
    {
        var name = Lower();
        return Chance(2) ? new FieldPattern(name, new Pattern.Variable(name, Span), true) : new FieldPattern(name, Pattern(depth), false);
    }

    private Pattern SimplePattern() => Pick(6) switch
    {
        0 => new Pattern.Wildcard(Span),
        1 => new Pattern.Literal(Literal(), false, Span),
        2 => new Pattern.Literal(Number(), true, Span),
        3 => new Pattern.Unit(Span),
        4 => new Pattern.Constructor(new PathName([new Name(OneOf<string>(UpperNames), Span)], Span), [], false, false, Span),
        _ => new Pattern.Variable(Plain(), Span),
    };
}
