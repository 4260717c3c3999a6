using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

public enum BinaryOperator
{
    Or, And, In, NotIn, Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual,
    Range, RangeInclusive, Add, Subtract, Concat, Combine, Multiply, Divide, Remainder,
}

public enum UnaryOperator { Negate, Not }

/// <summary>The value of a literal token.</summary>
public abstract record LiteralValue
{
    private LiteralValue() { }

    /// <summary>Magnitude without sign, up to 2^64 - 1; the checker decides what fits.</summary>
    public sealed record Integer(ulong Value) : LiteralValue;
    public sealed record Float(double Value) : LiteralValue;
    public sealed record Char(int CodePoint) : LiteralValue;
    public sealed record String(string Value) : LiteralValue;
    public sealed record Bool(bool Value) : LiteralValue;
}

/// <summary>An expression as written (language reference, part 3).</summary>
public abstract record Expression
{
    private Expression(TextSpan span) => Span = span;
    public TextSpan Span { get; }

    public sealed record Literal(LiteralValue Value, TextSpan Span) : Expression(Span);
    public sealed record Unit(TextSpan Span) : Expression(Span);

    /// <summary><c>"a{e}b"</c>.</summary>
    public sealed record Interpolation(ImmutableArray<InterpolationPart> Parts, TextSpan Span) : Expression(Span);
    /// <summary><c>:name</c>.</summary>
    public sealed record Atom(Name Name, TextSpan Span) : Expression(Span);

    /// <summary>A lower name.</summary>
    public sealed record Variable(Name Name, TextSpan Span) : Expression(Span);
    /// <summary>An Upper name (or <c>None</c>): constructor, or the start of a qualified name when a Field follows.</summary>
    public sealed record Upper(Name Name, TextSpan Span) : Expression(Span);

    /// <summary><c>target.name</c>: field, tuple index (name is digits) or a step of a qualified name (Upper or lower).</summary>
    public sealed record Field(Expression Target, Name Name, TextSpan Span) : Expression(Span);

    /// <summary><c>callee(arguments)</c>. A Field callee makes it a method call or a qualified call.</summary>
    public sealed record Call(Expression Callee, ImmutableArray<Argument> Arguments, TextSpan Span) : Expression(Span)
    {
        /// <summary>The callee stood in brackets: <c>(r.handler)(req)</c> calls the function in a field (3.6).</summary>
        public bool IsBracketed { get; init; }
    }

    /// <summary><c>@tailrec f(x)</c>.</summary>
    public sealed record TailRecursive(Expression Invocation, TextSpan Span) : Expression(Span);
    /// <summary><c>e?</c>.</summary>
    public sealed record Try(Expression Operand, TextSpan Span) : Expression(Span);
    public sealed record Unary(UnaryOperator Operator, Expression Operand, TextSpan OperatorSpan, TextSpan Span) : Expression(Span);
    public sealed record Binary(BinaryOperator Operator, Expression Left, Expression Right, TextSpan OperatorSpan, TextSpan Span) : Expression(Span);
    /// <summary><c>e as T</c>.</summary>
    public sealed record Ascription(Expression Operand, TypeSyntax Type, TextSpan Span) : Expression(Span);
    /// <summary><c>e when c</c> as a statement.</summary>
    public sealed record When(Expression Body, Expression Condition, TextSpan Span) : Expression(Span);

    public sealed record Tuple(ImmutableArray<Expression> Elements, TextSpan Span) : Expression(Span);
    public sealed record List(ImmutableArray<Expression> Elements, TextSpan Span) : Expression(Span);
    public sealed record Map(ImmutableArray<(Expression Key, Expression Value)> Entries, TextSpan Span) : Expression(Span);

    /// <summary><c>Point { ..p, x: 1 }</c>, or with a null name <c>#{ x: 1 }</c>. The path is an Upper or a chain of Fields.</summary>
    public sealed record Record(Expression? Path, ImmutableArray<RecordItem> Items, TextSpan Span) : Expression(Span);
    /// <summary><c>base~{ x: 3 }</c>.</summary>
    public sealed record Update(Expression Base, ImmutableArray<RecordItem> Items, TextSpan Span) : Expression(Span);

    public sealed record Lambda(ImmutableArray<LambdaParameter> Parameters, Expression Body, TextSpan Span) : Expression(Span);
    /// <summary><c>fn(x: Int) -> Int body</c>.</summary>
    public sealed record AnonymousFunction(ImmutableArray<Parameter> Parameters, EffectRowSyntax Effects, TypeSyntax Result, Expression Body, TextSpan Span) : Expression(Span);

    /// <summary>Statements of an indented block, in order; at least one.</summary>
    public sealed record Block(ImmutableArray<Expression> Statements, TextSpan Span) : Expression(Span);
    public sealed record Let(Pattern Pattern, TypeSyntax? Type, Expression Value, TextSpan Span) : Expression(Span);
    /// <summary><c>with [p &lt;-] call</c> together with the rest of its block.</summary>
    public sealed record With(Pattern? Pattern, Expression Invocation, Expression Rest, TextSpan Span) : Expression(Span);
    /// <param name="Else">Null when left out.</param>
    public sealed record If(Expression Condition, Expression Then, Expression? Else, TextSpan Span) : Expression(Span);
    public sealed record Case(Expression Scrutinee, ImmutableArray<CaseArm> Arms, TextSpan Span) : Expression(Span);
    public sealed record Cond(ImmutableArray<CondArm> Arms, TextSpan Span) : Expression(Span);
    public sealed record For(Pattern Pattern, Expression Iterable, Expression Body, TextSpan Span) : Expression(Span);
    public sealed record While(Expression Condition, Expression Body, TextSpan Span) : Expression(Span);
    public sealed record Handle(Expression Body, ImmutableArray<HandlerClause> Clauses, ThenClause? Then, TextSpan Span) : Expression(Span);
    public sealed record Unsafe(Expression Body, TextSpan Span) : Expression(Span);
    public sealed record Resume(Expression Value, TextSpan Span) : Expression(Span);
    public sealed record Fail(Expression Value, TextSpan Span) : Expression(Span);
    public sealed record Catch(Expression Body, TextSpan Span) : Expression(Span);
    public sealed record Panic(Expression Message, TextSpan Span) : Expression(Span);
    /// <summary><c>size_of(T)</c>, or <c>align_of(T)</c>.</summary>
    public sealed record LayoutQuery(bool IsAlign, TypeSyntax Type, TextSpan Span) : Expression(Span);
    /// <summary><c>assert_eq a, b</c> without brackets.</summary>
    public sealed record Assertion(Name Word, ImmutableArray<Expression> Arguments, TextSpan Span) : Expression(Span);

    /// <summary>A type in an argument position that cannot be an expression: <c>List User</c>.</summary>
    public sealed record TypeArgument(TypeSyntax Type, TextSpan Span) : Expression(Span);
    /// <summary><c>$</c> or a bare <c>_</c> as an argument of a method call: the receiver goes here.</summary>
    public sealed record Placeholder(TextSpan Span) : Expression(Span);
    public sealed record Error(TextSpan Span) : Expression(Span);
}

/// <summary>A piece of an interpolated string: text, or an expression.</summary>
public abstract record InterpolationPart
{
    private InterpolationPart() { }
    public sealed record Text(string Value) : InterpolationPart;
    public sealed record Hole(Expression Expression) : InterpolationPart;
}

public sealed record Argument(Name? Label, Expression Value);

/// <summary><c>x: e</c>, or with a null name the spread <c>..e</c>.</summary>
public sealed record RecordItem(Name? Name, Expression Value, TextSpan Span);
public sealed record LambdaParameter(Pattern Pattern, TypeSyntax? Type);
public sealed record CaseArm(Pattern Pattern, Expression? Guard, Expression Body, TextSpan Span);
/// <param name="Condition">Null for the catch-all <c>_</c>.</param>
public sealed record CondArm(Expression? Condition, Expression Body, TextSpan Span);
public sealed record HandlerClause(PathName Effect, Name Operation, ImmutableArray<Pattern> Parameters, Name? Continuation, Expression Body, TextSpan Span);
/// <param name="Parameter">Null when the clause is any function value, in <paramref name="Body"/>; <c>then |v| e</c> is such a lambda.</param>
public sealed record ThenClause(Name? Parameter, Expression Body, TextSpan Span);
