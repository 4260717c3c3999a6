using System.Collections.Immutable;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

internal sealed partial class TreeGenerator
{
    private Expression.Block Block(int depth) => new(Statements(depth), Span);

    private ImmutableArray<Expression> Statements(int depth)
    {
        var statements = Many(1, 3, () => Statement(depth));
        if (depth == 0 || !Chance(6)) return statements;
        var pattern = Chance(2) ? Pattern(1) : null;
        return [.. statements, new Expression.With(pattern, Inline(1), Block(depth - 1), Span)];
    }

    /// <summary>An expression that may have blocks, because it stands outside brackets.</summary>
    private Expression Statement(int depth)
    {
        if (depth == 0) return Inline(1);
        return Pick(12) switch
        {
            0 or 1 => new Expression.Let(Pattern(1), Chance(3) ? Type(1) : null, Value(depth - 1), Span),
            2 => new Expression.Assertion(new Name(OneOf("assert", "assert_eq"), Span), [new Expression.Variable(Plain(), Span), .. Many(0, 1, () => Inline(1))], Span),
            3 => new Expression.When(Inline(1), Inline(1), Span),
            4 => new Expression.For(Pattern(1), Inline(1), Block(depth - 1), Span),
            5 => new Expression.While(Inline(1), Block(depth - 1), Span),
            6 or 7 or 8 => Value(depth),
            _ => Inline(depth),
        };
    }

    /// <summary>What may follow <c>let x =</c>: a form with blocks, or an inline expression.</summary>
    private Expression Value(int depth)
    {
        if (depth == 0) return Inline(1);
        return Pick(10) switch
        {
            0 => If(depth),
            1 or 2 => new Expression.Case(Inline(1), Many(1, 3, () => CaseArm(depth - 1)), Span),
            3 => new Expression.Cond(Many(1, 3, () => new CondArm(Chance(4) ? null : Inline(1), ArmBody(depth - 1), Span)), Span),
            4 => Handle(depth),
            5 => new Expression.Unsafe(Block(depth - 1), Span),
            6 => new Expression.Lambda(Many(0, 2, LambdaParameter), Block(depth - 1), Span),
            7 => new Expression.Catch(Value(depth - 1), Span),
            8 => new Expression.Binary(BinaryOperator.Add, Inline(0), new Expression.Case(Inline(0), Many(1, 2, () => CaseArm(0)), Span), Span, Span),
            _ => Inline(depth),
        };
    }

    private Expression.If If(int depth) => Pick(4) switch
    {
        0 => new Expression.If(Inline(1), Block(depth - 1), null, Span),
        1 => new Expression.If(Inline(1), Block(depth - 1), Block(depth - 1), Span),
        2 => new Expression.If(Inline(1), Block(depth - 1), new Expression.If(Inline(1), Block(depth - 1), null, Span), Span),
        _ => new Expression.If(Inline(1), Block(depth - 1), Inline(1), Span),
    };

    private CaseArm CaseArm(int depth) => new(Pattern(2), Chance(4) ? Inline(1) : null, ArmBody(depth), Span);

    private Expression ArmBody(int depth) => Chance(2) ? Block(depth) : Value(depth);

    private Expression.Handle Handle(int depth)
    {
        var then = Chance(2) ? new ThenClause(Chance(2) ? Plain() : null, Inline(1), Span) : null;
        return new Expression.Handle(Inline(1), Many(1, 2, () => new HandlerClause(
            Path(), Lower(), Many(0, 2, SimplePattern), Chance(4) ? Plain() : null, ArmBody(depth - 1), Span)), then, Span);
    }

    /// <summary>An expression that can stand in brackets: blocks only as bodies of lambdas.</summary>
    private Expression Inline(int depth)
    {
        if (depth == 0) return Atom(0);
        return Pick(19) switch
        {
            0 or 1 or 2 => new Expression.Binary(OneOf(System.Enum.GetValues<BinaryOperator>()), Inline(depth - 1), Inline(depth - 1), Span, Span),
            3 => new Expression.Unary(OneOf(UnaryOperator.Negate, UnaryOperator.Not), Inline(depth - 1), Span, Span),
            4 => new Expression.If(Inline(depth - 1), Inline(depth - 1), Inline(depth - 1), Span),
            5 => new Expression.Lambda(Many(0, 2, LambdaParameter), Chance(3) ? Block(depth - 1) : Inline(depth - 1), Span),
            6 => new Expression.Resume(Inline(depth - 1), Span),
            7 => new Expression.Fail(Inline(depth - 1), Span),
            8 => new Expression.Unsafe(Inline(depth - 1), Span),
            9 => new Expression.Panic(Inline(depth - 1), Span),
            10 => new Expression.Ascription(Inline(depth - 1), Type(1), Span),
            11 => new Expression.Let(Pattern(1), null, Inline(depth - 1), Span),
            12 => AnonymousFunction(depth - 1),
            13 => new Expression.Catch(Inline(depth - 1), Span),
            _ => Atom(depth),
        };
    }

    private Expression.AnonymousFunction AnonymousFunction(int depth) => new(
        Many(0, 2, () => Parameter(ParameterMode.Plain)), Row(), Type(1), Chance(3) ? Block(depth) : Inline(depth), Span);

    private LambdaParameter LambdaParameter() => new(
        Chance(4) ? new Pattern.As(SimplePattern(), Plain(), Span) : Pattern(1), Chance(4) ? Type(1) : null);

    /// <summary>Something that takes postfixes without brackets around it.</summary>
    private Expression Atom(int depth)
    {
        if (depth == 0) return Leaf();
        return Pick(14) switch
        {
            0 => new Expression.Tuple(Many(2, 3, () => Inline(depth - 1)), Span),
            1 => new Expression.List(Many(0, 3, () => Inline(depth - 1)), Span),
            2 => new Expression.Map(Many(0, 2, () => (Inline(depth - 1), Inline(depth - 1))), Span),
            3 => new Expression.Record(Chance(2) ? new Expression.Upper(Upper(), Span) : null, Items(depth - 1, isUpdate: false), Span),
            4 => new Expression.Update(Inline(depth - 1), Items(depth - 1, isUpdate: true), Span),
            5 => new Expression.Field(Inline(depth - 1), Chance(4) ? new Name("0", Span) : Lower(), Span),
            6 or 7 => new Expression.Call(Callee(depth - 1), Arguments(depth - 1), Span),
            8 => new Expression.Call(Inline(depth - 1), Arguments(depth - 1), Span) { IsBracketed = true },
            9 => MethodCall(depth - 1),
            10 => new Expression.Try(Inline(depth - 1), Span),
            11 => new Expression.TailRecursive(new Expression.Call(new Expression.Variable(Plain(), Span), Arguments(depth - 1), Span), Span),
            12 => Interpolation(depth - 1),
            _ => new Expression.LayoutQuery(Chance(2), Type(1), Span),
        };
    }

    private Expression Callee(int depth) => Pick(3) switch
    {
        0 => new Expression.Variable(Plain(), Span),
        1 => new Expression.Upper(Upper(), Span),
        _ => new Expression.Field(Inline(depth), Lower(), Span),
    };

    private ImmutableArray<Argument> Arguments(int depth)
    {
        var positional = Many(0, 2, () => new Argument(null, Chance(8) ? TypeArgument() : Inline(depth)));
        return [.. positional, .. Many(0, 1, () => new Argument(Lower(), Inline(depth)))];
    }

    private Expression.TypeArgument TypeArgument() =>
        new(new TypeSyntax.Named(Path(), [Type(0), .. Many(0, 1, () => Type(1))], true, Span), Span);

    private Expression.Call MethodCall(int depth) => new(
        new Expression.Field(Inline(depth), Plain(), Span),
        [new Argument(null, Inline(depth)), new Argument(null, new Expression.Placeholder(Span))], Span);

    private ImmutableArray<RecordItem> Items(int depth, bool isUpdate)
    {
        var items = Many(0, 2, () => new RecordItem(Lower(), Inline(depth), Span));
        return isUpdate || !Chance(3) ? items : [new RecordItem(null, Inline(depth), Span), .. items];
    }

    private Expression.Interpolation Interpolation(int depth)
    {
        var parts = ImmutableArray.CreateBuilder<InterpolationPart>();
        for (var count = _random.Next(1, 3); count > 0; count--)
        {
            if (Chance(2)) parts.Add(new InterpolationPart.Text(NonEmptyText()));
            parts.Add(new InterpolationPart.Hole(Inline(depth)));
        }
        return new Expression.Interpolation(parts.ToImmutable(), Span);
    }

    private Expression Leaf() => Pick(6) switch
    {
        0 => new Expression.Literal(Literal(), Span),
        1 => new Expression.Unit(Span),
        2 => new Expression.Atom(Lower(), Span),
        3 => new Expression.Upper(new Name(OneOf<string>(UpperNames), Span), Span),
        _ => new Expression.Variable(Plain(), Span),
    };

    private LiteralValue Literal() => Pick(4) switch
    {
        0 => Number(),
        1 => new LiteralValue.Char(OneOf('a', '\'', '"', '\\', '\n', '\0', '{', 'é', 0x1F600, 0x7F, 0x1B)),
        2 => new LiteralValue.String(Text()),
        _ => new LiteralValue.Bool(Chance(2)),
    };

    private LiteralValue Number() => Chance(2)
        ? new LiteralValue.Integer(OneOf(0UL, 7UL, 1_000_000UL, ulong.MaxValue))
        : new LiteralValue.Float(OneOf(0.0, 1.5, 1e300, 5e-324, 0.1, 123456789.125, 1e15));

    private string Text() => Chance(4) ? "" : NonEmptyText();

    private string NonEmptyText() => OneOf("plain", "{", "}", "{}", "\"quoted\"", "a\nb", "\t\\n", "é😀", "-- no comment", "'", "}}{{", "{x}");
}
