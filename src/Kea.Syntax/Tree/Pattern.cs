using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>A pattern as written (language reference, part 4).</summary>
public abstract record Pattern
{
    private Pattern(TextSpan span) => Span = span;
    public TextSpan Span { get; }

    public sealed record Wildcard(TextSpan Span) : Pattern(Span);
    public sealed record Variable(Name Name, TextSpan Span) : Pattern(Span);

    /// <summary>A number, character, string or Boolean; negative numbers carry the sign in <paramref name="Negated"/>.</summary>
    public sealed record Literal(LiteralValue Value, bool Negated, TextSpan Span) : Pattern(Span);
    public sealed record Unit(TextSpan Span) : Pattern(Span);

    /// <summary><c>Ctor</c>, <c>Type.Ctor(p)</c>, <c>Ctor(f: p, ..)</c>.</summary>
    /// <param name="Arguments">In source order; a named or punned argument has a label.</param>
    /// <param name="HasRest">A <c>..</c> stands last.</param>
    /// <param name="HasParentheses">Brackets were written, even if empty.</param>
    public sealed record Constructor(PathName Path, ImmutableArray<ArgumentPattern> Arguments, bool HasRest, bool HasParentheses, TextSpan Span) : Pattern(Span);

    /// <summary><c>Type.name</c>: equal to that const.</summary>
    public sealed record Const(PathName Owner, Name Name, TextSpan Span) : Pattern(Span);

    /// <summary><c>Point { x, y: p, .. }</c>, or with a null path <c>#{ … }</c> and <c>{ … }</c>.</summary>
    public sealed record Record(PathName? Path, ImmutableArray<FieldPattern> Fields, bool HasRest, TextSpan Span) : Pattern(Span);
    public sealed record Tuple(ImmutableArray<Pattern> Elements, TextSpan Span) : Pattern(Span);

    /// <summary><c>[p, q]</c> has no rest; <c>[p, ..r]</c> and <c>p :: r</c> have one (a Variable or Wildcard, for <c>::</c> any pattern).</summary>
    public sealed record List(ImmutableArray<Pattern> Elements, Pattern? Rest, bool IsCons, TextSpan Span) : Pattern(Span);
    public sealed record As(Pattern Inner, Name Name, TextSpan Span) : Pattern(Span);

    /// <summary>Two or more alternatives.</summary>
    public sealed record Or(ImmutableArray<Pattern> Alternatives, TextSpan Span) : Pattern(Span);
    public sealed record Error(TextSpan Span) : Pattern(Span);
}

/// <summary>An argument of a constructor pattern.</summary>
/// <param name="Label">Null when positional. A bare lower name is positional here; in a named pattern it is punning, which the checker decides.</param>
public sealed record ArgumentPattern(Name? Label, Pattern Pattern);

/// <summary><c>f: p</c>, or <c>f</c> alone, whose pattern is then the variable <c>f</c>.</summary>
public sealed record FieldPattern(Name Name, Pattern Pattern, bool Punned);
