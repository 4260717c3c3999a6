using System.Collections.Immutable;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

internal sealed partial class TreeGenerator
{
    private Declaration Declaration() => Pick(11) switch
    {
        0 => Use(),
        1 or 2 or 3 => Function(Header(true), withBody: true, allowWhere: true),
        4 => Struct(),
        5 => Enum(),
        6 => new Declaration.Alias(Header(true, false), Upper(), TypeParameters(), Type(2), Span),
        7 => new Declaration.Opaque(Header(true, false), Upper(), TypeParameters(), Type(2), Span),
        8 => Trait(),
        9 => Chance(2) ? Implementation() : Effect(),
        _ => Chance(2) ? Test() : Const(),
    };

    private Declaration.Use Use() => new(
        new Header(null, [], false), Path(),
        Chance(2) ? Many(0, 3, () => Chance(2) ? Lower() : Upper()) : null,
        Chance(3) ? Upper() : null, Span);

    private Declaration.Const Const() => new(Header(true), Lower(), Type(2), Inline(2), Span);

    private Declaration.Function Function(Header header, bool withBody, bool allowWhere) =>
        new(header, false, Lower(), Signature(allowWhere), withBody ? Block(3) : null, Span);

    private Signature Signature(bool allowWhere)
    {
        var positional = Many(0, 1, () => Parameter(ParameterMode.Positional));
        var others = Many(0, 2, () => Parameter(OneOf(ParameterMode.Plain, ParameterMode.Labelled)));
        return new Signature([.. positional, .. others], Row(), Type(2), allowWhere && Chance(3) ? Many(1, 3, WhereItem) : [], true, Span);
    }

    private Parameter Parameter(ParameterMode mode)
    {
        // After an annotation a pattern in brackets would be the annotation's arguments.
        var isAnnotated = Chance(6);
        return new Parameter(isAnnotated ? [new Annotation(new Name("with", Span), [], false, Span)] : [],
        Chance(6), mode,
        mode == ParameterMode.Labelled ? Lower() : null,
        mode == ParameterMode.Labelled || isAnnotated || Chance(2) ? new Pattern.Variable(Plain(), Span) : Pattern(2),
        mode == ParameterMode.Labelled || !Chance(5) ? Type(2) : null,
        null, Span);
    }

    private WhereItem WhereItem() => Pick(4) switch
    {
        0 => new WhereItem.Bound(Plain(), Path(), Many(0, 1, () => Type(1)), Span),
        1 => new WhereItem.RowBound(Plain(), RowType(1), Span),
        2 => new WhereItem.Equation(Plain(), Chance(3) ? Upper() : null, Upper(), Type(1), Span),
        _ => new WhereItem.Lacks(Plain(), Lower(), Span),
    };

    private ImmutableArray<TypeParameter> TypeParameters() =>
        Many(0, 2, () => new TypeParameter(Chance(2) ? Plain() : Upper(), Chance(3) ? OneOf("*", "Eff") : null));

    private Declaration.Struct Struct()
    {
        var members = Many(0, 2, Member);
        return new Declaration.Struct(Header(true), Upper(), TypeParameters(),
            Many(members.IsEmpty ? 1 : 0, 3, () => new FieldDeclaration(Header(true), Lower(), Type(2), Span)), members, Span);
    }

    private Declaration Member() => Pick(4) switch
    {
        0 => Const(),
        1 => new Declaration.Alias(Header(true, false), Upper(), [], Type(1), Span),
        _ => Function(Header(true), withBody: true, allowWhere: true),
    };

    private Declaration.Enum Enum()
    {
        var members = Many(0, 1, Declaration () => Function(Header(true), true, true));
        return new Declaration.Enum(Header(true), Upper(), TypeParameters(), Many(1, 4, Variant), members, Span);
    }

    private Variant Variant()
    {
        var isNamed = Chance(2);
        var fields = Many(0, 3, () => isNamed
            ? new VariantField(Chance(4) ? [Annotation()] : [], Lower(), Type(2))
            : new VariantField([], null, Type(2)));
        return new Variant(Header(false), Upper(), fields, Chance(4) ? Type(1) : null,
            Chance(5) ? Many(1, 2, () => (Plain(), Type(1))) : [], Span);
    }

    private Declaration.Trait Trait()
    {
        var types = Many(0, 2, () => new AssociatedType(Doc(), Upper(), Chance(4), Chance(3) ? Many(1, 2, Upper) : [], Chance(3) ? Type(1) : null, Span));
        var methods = Many(types.IsEmpty ? 1 : 0, 2, () => Function(Header(false, false), Chance(2), true));
        return new Declaration.Trait(Header(true, false), Upper(), TypeParameters(), Many(0, 2, Upper),
            Chance(4) ? Many(1, 2, WhereItem) : [],
            Chance(4) ? Many(1, 2, () => new FunctionalDependency(Many(1, 2, Plain), Many(1, 2, Plain), Span)) : [],
            types, methods, Span);
    }

    private Declaration.Implementation Implementation() => new(Header(false, false), Path(), Many(0, 2, Plain), Path(),
        Many(0, 1, () => Type(1)), Chance(3) ? Many(1, 2, WhereItem) : [],
        Many(0, 2, () => Function(Header(true, false), true, true)), Span);

    private Declaration.Effect Effect() => new(Header(true, false), Upper(), TypeParameters(),
        Many(1, 3, () => Function(Header(false, false), false, false)), Span);

    private Declaration.Test Test() => new(new Header(null, [], false), Chance(3), Chance(3) ? _random.Next(1, 500) : null,
        Text(), Span, Many(0, 2, Lower), Block(3), Span);
}
