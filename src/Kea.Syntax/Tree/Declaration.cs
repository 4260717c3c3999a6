using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>What may stand before any declaration or member.</summary>
public sealed record Header(DocBlock? Doc, ImmutableArray<Annotation> Annotations, bool IsPublic)
{
    public static readonly Header None = new(null, [], false);
}

/// <summary>A declaration, at file scope or as a member (language reference, part 2).</summary>
public abstract record Declaration
{
    private Declaration(Header header, TextSpan span) => (Header, Span) = (header, span);
    public Header Header { get; }
    /// <summary>From the doc block or first annotation to the end of the body.</summary>
    public TextSpan Span { get; }

    /// <param name="Names">Null for <c>use M</c>; an empty list for <c>use M.{}</c>.</param>
    public sealed record Use(Header Header, PathName Path, ImmutableArray<Name>? Names, Name? AsName, TextSpan Span) : Declaration(Header, Span);

    /// <summary><c>fn</c>, or with <paramref name="IsExpr"/> <c>expr</c>; also operations and trait methods.</summary>
    /// <param name="Body">Null for a signature.</param>
    public sealed record Function(Header Header, bool IsExpr, Name Name, Signature Signature, Expression? Body, TextSpan Span) : Declaration(Header, Span);
    public sealed record Const(Header Header, Name Name, TypeSyntax Type, Expression Value, TextSpan Span) : Declaration(Header, Span);
    public sealed record Struct(Header Header, Name Name, ImmutableArray<TypeParameter> Parameters, ImmutableArray<FieldDeclaration> Fields, ImmutableArray<Declaration> Members, TextSpan Span) : Declaration(Header, Span);
    public sealed record Enum(Header Header, Name Name, ImmutableArray<TypeParameter> Parameters, ImmutableArray<Variant> Variants, ImmutableArray<Declaration> Members, TextSpan Span) : Declaration(Header, Span);
    /// <summary><c>type N = T</c>, <c>alias N = T</c>.</summary>
    public sealed record Alias(Header Header, Name Name, ImmutableArray<TypeParameter> Parameters, TypeSyntax Target, TextSpan Span) : Declaration(Header, Span);
    public sealed record Opaque(Header Header, Name Name, ImmutableArray<TypeParameter> Parameters, TypeSyntax Target, TextSpan Span) : Declaration(Header, Span);
    public sealed record Trait(Header Header, Name Name, ImmutableArray<TypeParameter> Parameters, ImmutableArray<Name> Supertraits, ImmutableArray<WhereItem> Where, ImmutableArray<FunctionalDependency> Dependencies, ImmutableArray<AssociatedType> Types, ImmutableArray<Function> Methods, TextSpan Span) : Declaration(Header, Span);
    /// <summary><c>Type params as Trait args where …</c>.</summary>
    public sealed record Implementation(Header Header, PathName Type, ImmutableArray<Name> Parameters, PathName TraitPath, ImmutableArray<TypeSyntax> TraitArguments, ImmutableArray<WhereItem> Where, ImmutableArray<Function> Methods, TextSpan Span) : Declaration(Header, Span);
    public sealed record Effect(Header Header, Name Name, ImmutableArray<TypeParameter> Parameters, ImmutableArray<Function> Operations, TextSpan Span) : Declaration(Header, Span);
    /// <param name="Iterations">Null unless written.</param>
    public sealed record Test(Header Header, bool IsProperty, long? Iterations, string Title, TextSpan TitleSpan, ImmutableArray<Name> Tags, Expression Body, TextSpan Span) : Declaration(Header, Span);
    public sealed record Error(Header Header, TextSpan Span) : Declaration(Header, Span);
}

/// <param name="HasArrow">False when the arrow and result type are missing, which has been reported.</param>
public sealed record Signature(ImmutableArray<Parameter> Parameters, EffectRowSyntax Effects, TypeSyntax Result, ImmutableArray<WhereItem> Where, bool HasArrow, TextSpan Span);

/// <summary>How a parameter may be passed.</summary>
public enum ParameterMode
{
    /// <summary><c>x: T</c>: by position or by its own name.</summary>
    Plain,
    /// <summary><c>_ x: T</c>: by position only.</summary>
    Positional,
    /// <summary><c>lab x: T</c>: by position or by the label.</summary>
    Labelled,
}

/// <param name="Label">The label for <see cref="ParameterMode.Labelled"/>, else null.</param>
/// <param name="Type">Null when left out.</param>
public sealed record Parameter(ImmutableArray<Annotation> Annotations, bool IsBorrow, ParameterMode Mode, Name? Label, Pattern Pattern, TypeSyntax? Type, Expression? Default, TextSpan Span);

/// <param name="Kind">Null, <c>*</c> or <c>Eff</c>.</param>
public sealed record TypeParameter(Name Name, string? Kind);

public sealed record FieldDeclaration(Header Header, Name Name, TypeSyntax Type, TextSpan Span);

/// <param name="Fields">Positional fields have no name.</param>
/// <param name="Result">The stated result type of a GADT variant.</param>
public sealed record Variant(Header Header, Name Name, ImmutableArray<VariantField> Fields, TypeSyntax? Result, ImmutableArray<(Name Parameter, TypeSyntax Type)> Equations, TextSpan Span);
public sealed record VariantField(ImmutableArray<Annotation> Annotations, Name? Name, TypeSyntax Type);

/// <summary><c>type Item where Item: Eq = Int</c> in a trait.</summary>
public sealed record AssociatedType(DocBlock? Doc, Name Name, bool HasParameter, ImmutableArray<Name> Bounds, TypeSyntax? Default, TextSpan Span);
public sealed record FunctionalDependency(ImmutableArray<Name> From, ImmutableArray<Name> To, TextSpan Span);

/// <summary>One item of a <c>where</c>.</summary>
public abstract record WhereItem
{
    private WhereItem(TextSpan span) => Span = span;
    public TextSpan Span { get; }
    /// <summary><c>a: Ord</c>, with an argument for parameterised traits.</summary>
    public sealed record Bound(Name Variable, PathName Trait, ImmutableArray<TypeSyntax> Arguments, TextSpan Span) : WhereItem(Span);
    /// <summary><c>a: { name: String | _ }</c>.</summary>
    public sealed record RowBound(Name Variable, TypeSyntax Row, TextSpan Span) : WhereItem(Span);
    /// <summary><c>c.Item = Int</c>, <c>c.Foldable.Item = Int</c>, and in implementations <c>Item = Int</c> (no variable).</summary>
    public sealed record Equation(Name? Variable, Name? Trait, Name Member, TypeSyntax Type, TextSpan Span) : WhereItem(Span);
    public sealed record Lacks(Name Row, Name Label, TextSpan Span) : WhereItem(Span);
}
