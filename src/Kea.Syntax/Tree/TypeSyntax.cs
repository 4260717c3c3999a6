using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>A type as written. Application by juxtaposition and by brackets give the same node.</summary>
public abstract record TypeSyntax
{
    private TypeSyntax(TextSpan span) => Span = span;
    public TextSpan Span { get; }

    /// <summary><c>Int</c>, <c>Geometry.Vec2</c>, <c>List a</c>, <c>Map(k, v)</c>.</summary>
    /// <param name="Juxtaposed">Arguments stood side by side, so <c>List Option Int</c> may still need regrouping by arity (2.14.1).</param>
    public sealed record Named(PathName Path, ImmutableArray<TypeSyntax> Arguments, bool Juxtaposed, TextSpan Span) : TypeSyntax(Span);

    /// <summary>A lower name: a type, row or effect variable; arguments only for <c>m t</c> (10.2).</summary>
    public sealed record Variable(Name Name, ImmutableArray<TypeSyntax> Arguments, TextSpan Span) : TypeSyntax(Span);

    /// <summary><c>a.Item</c>, <c>Self.Item</c>, <c>a.Foldable.Item</c>: an associated type of a variable.</summary>
    public sealed record Projection(TypeSyntax Base, Name? Trait, Name Member, TextSpan Span) : TypeSyntax(Span)
    {
        /// <summary>Only for an associated type with a parameter: <c>Self.Msg t</c> (10.3).</summary>
        public ImmutableArray<TypeSyntax> Arguments { get; init; } = [];
    }

    /// <summary>Two or more elements; <c>()</c> is <see cref="Unit"/>.</summary>
    public sealed record Tuple(ImmutableArray<TypeSyntax> Elements, TextSpan Span) : TypeSyntax(Span);
    public sealed record Unit(TextSpan Span) : TypeSyntax(Span);
    public sealed record Function(ImmutableArray<TypeSyntax> Parameters, EffectRowSyntax Effects, TypeSyntax Result, TextSpan Span) : TypeSyntax(Span);

    /// <summary><c>{ x: Int | r }</c>; the tail is null for a closed row, <c>_</c> for one to infer.</summary>
    public sealed record Record(ImmutableArray<FieldTypeSyntax> Fields, Name? Tail, TextSpan Span) : TypeSyntax(Span);

    /// <summary><c>[IO, Fail E]</c> as an argument or alias target.</summary>
    public sealed record EffectList(EffectRowSyntax Row, TextSpan Span) : TypeSyntax(Span);
    /// <summary><c>T?</c>.</summary>
    public sealed record Optional(TypeSyntax Inner, TextSpan Span) : TypeSyntax(Span);
    public sealed record Forall(ImmutableArray<Name> Variables, TypeSyntax Body, TextSpan Span) : TypeSyntax(Span);
    public sealed record Any(ImmutableArray<Name> Traits, ImmutableArray<(Name Member, TypeSyntax Type)> Where, TextSpan Span) : TypeSyntax(Span);
    public sealed record Impl(Name Trait, TextSpan Span) : TypeSyntax(Span);
    public sealed record Hole(TextSpan Span) : TypeSyntax(Span);
    public sealed record Integer(long Value, TextSpan Span) : TypeSyntax(Span);
    public sealed record Error(TextSpan Span) : TypeSyntax(Span);
}

public sealed record FieldTypeSyntax(Name Name, TypeSyntax Type);

/// <summary>What stands in an effect arrow or effect list. A pure arrow has no items and no tail.</summary>
/// <param name="Written">False for a plain <c>-></c>.</param>
/// <param name="Tail">The name after <c>|</c>; a lower name that comes last after a comma is an item and is settled when names are resolved.</param>
/// <param name="IsAlias"><c>-DbEffects></c>: the single item is an alias for the whole row.</param>
public sealed record EffectRowSyntax(bool Written, ImmutableArray<EffectItemSyntax> Items, Name? Tail, bool IsAlias, TextSpan Span);

/// <summary>One entry: <c>IO</c>, <c>Fail AppError</c>, or a lower name.</summary>
public sealed record EffectItemSyntax(PathName Path, ImmutableArray<TypeSyntax> Arguments, TextSpan Span);
