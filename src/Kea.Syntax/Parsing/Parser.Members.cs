using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>Declarations with members (5.3).</summary>
internal sealed partial class Parser
{
    private readonly Scratch<FieldDeclaration> _fields = new();
    private readonly Scratch<Variant> _variants = new();
    private readonly Scratch<VariantField> _variantFields = new();
    private readonly Scratch<AssociatedType> _associatedTypes = new();
    private readonly Scratch<Declaration.Function> _functions = new();
    private readonly Scratch<FunctionalDependency> _dependencies = new();

    /// <summary>An indented block of members, one per line; the item parses what follows the member's header.</summary>
    private void ParseMembers(Action<Header, int> item)
    {
        Advance();
        Advance();
        while (true)
        {
            SkipNewLines();
            if (Kind is TokenKind.Dedent or TokenKind.EndOfFile) break;
            var before = _position;
            if (Kind == TokenKind.Indent)
            {
                Expected("unexpected indentation");
                SkipBlock();
                continue;
            }
            ParseMember(item);
            if (_position == before) Advance();
        }
        Accept(TokenKind.Dedent);
    }

    private void ParseMember(Action<Header, int> item)
    {
        var start = Start;
        var header = ParseHeader();
        if (Kind is TokenKind.Dedent or TokenKind.NewLine or TokenKind.EndOfFile)
        {
            ReportHeaderWithoutDeclaration(header, start);
            return;
        }
        item(header, start);
        if (!Accept(TokenKind.Comma) || !OnNewLine) EndStatement("unexpected token after member");
    }

    private Declaration ParseStruct(Header header, int start)
    {
        Advance();
        if (!ParseDeclaredType(out var name, out var parameters)) return Abandon(header, start);
        if (!AtBlock)
        {
            Expected("expected struct body block after struct name");
            return Abandon(header, start);
        }
        if (!Enter())
        {
            Leave();
            return new Declaration.Error(header, SpanFrom(start));
        }
        var fields = _fields.Mark;
        var members = _declarations.Mark;
        ParseMembers(ParseStructItem);
        Leave();
        return new Declaration.Struct(header, name, parameters, _fields.Take(fields), _declarations.Take(members), SpanFrom(start));
    }

    private void ParseStructItem(Header header, int start)
    {
        switch (Kind)
        {
            case var word when TokenFacts.IsReserved(word) && PeekKind(1) == TokenKind.Colon:
                Expected("expected field name");
                SkipLine();
                return;
            case TokenKind.Fn or TokenKind.Expr:
                _declarations.Add(ParseFunction(header, start, FunctionPlace.Member));
                return;
            case TokenKind.Const or TokenKind.Struct or TokenKind.Enum or TokenKind.Type or TokenKind.Alias:
            case TokenKind.Opaque or TokenKind.Effect:
                _declarations.Add(ParseDeclarationAfter(header, start));
                return;
        }
        if (!AtLower || PeekKind(1) != TokenKind.Colon)
        {
            Expected(AtLower ? "expected : and a type after field name" : "expected field name");
            SkipLine();
            return;
        }
        var name = TakeName();
        Advance();
        _fields.Add(new FieldDeclaration(header, name, ParseType(), SpanFrom(start)));
    }

    private Declaration ParseEnum(Header header, int start)
    {
        Advance();
        if (!ParseDeclaredType(out var name, out var parameters)) return Abandon(header, start);
        if (!AtBlock)
        {
            Expected(Kind == TokenKind.Deriving
                ? "expected enum body block after enum name: there is no `deriving`; write `@derive(…)` above the enum"
                : "expected enum body block after enum name");
            return Abandon(header, start);
        }
        var variants = _variants.Mark;
        var members = _declarations.Mark;
        ParseMembers(ParseEnumItem);
        return new Declaration.Enum(header, name, parameters, _variants.Take(variants), _declarations.Take(members), SpanFrom(start));
    }

    private void ParseEnumItem(Header header, int start)
    {
        if (Kind == TokenKind.Fn)
        {
            _declarations.Add(ParseFunction(header, start, FunctionPlace.Member));
            return;
        }
        NotPublic(header, "variants");
        Accept(TokenKind.Bar);
        if (Kind is not (TokenKind.Upper or TokenKind.None))
        {
            Expected("expected variant name");
            SkipLine();
            return;
        }
        var name = TakeName();
        var fields = Kind == TokenKind.OpenParen && !OnNewLine ? ParseVariantFields() : [];
        var result = Accept(TokenKind.Colon) ? ParseType() : null;
        var equations = Kind == TokenKind.Where ? ParseVariantEquations() : [];
        _variants.Add(new Variant(header, name, fields, result, equations, SpanFrom(start)));
    }

    private ImmutableArray<VariantField> ParseVariantFields()
    {
        var start = Start;
        Advance();
        var mark = _variantFields.Mark;
        var named = 0;
        while (Kind != TokenKind.CloseParen && !AtEnd)
        {
            var fieldStart = Start;
            var annotations = ParseAnnotations();
            Name? name = null;
            if (AtLower && PeekKind(1) == TokenKind.Colon)
            {
                name = TakeName();
                Advance();
                named++;
            }
            else if (!annotations.IsEmpty)
                _messages.Error(annotations[0].Span, "annotations are not supported on positional variant fields");
            else if (TokenFacts.IsReserved(Kind) && PeekKind(1) == TokenKind.Colon) Expected("expected field name");
            _variantFields.Add(new VariantField(annotations, name, ParseType()));
            if (!Accept(TokenKind.Comma)) break;
        }
        var fields = _variantFields.Take(mark);
        CloseBracketed(TokenKind.CloseParen, "expected , or ) after variant field");
        if (named > 0 && named < fields.Length)
            _messages.Error(SpanFrom(start), "cannot mix named and positional fields in one variant");
        return fields;
    }

    private ImmutableArray<(Name, TypeSyntax)> ParseVariantEquations()
    {
        Advance();
        var mark = _equations.Mark;
        do
        {
            if (!AtLower && Kind != TokenKind.Upper)
            {
                Expected("expected type parameter");
                break;
            }
            var name = TakeName();
            if (!Expect(TokenKind.Equal, "expected = after type parameter")) break;
            _equations.Add((name, ParseType()));
        }
        while (Accept(TokenKind.Comma));
        return _equations.Take(mark);
    }

    private Declaration ParseTrait(Header header, int start)
    {
        NoAnnotations(header, "trait declarations");
        Advance();
        if (!ParseDeclaredType(out var name, out var parameters)) return Abandon(header, start);
        var dependencies = _dependencies.Mark;
        ParseDependencies();
        var supertraits = _nameList.Mark;
        if (Accept(TokenKind.Colon)) ParseSupertraits();
        var super = _nameList.Take(supertraits);
        var where = Kind == TokenKind.Where ? ParseWhere() : [];
        ParseDependencies();
        var taken = _dependencies.Take(dependencies);
        if (!AtBlock)
        {
            Expected("expected trait body block after trait name");
            return Abandon(header, start);
        }
        var types = _associatedTypes.Mark;
        var methods = _functions.Mark;
        ParseMembers(ParseTraitItem);
        return new Declaration.Trait(header, name, parameters, super, where, taken,
            _associatedTypes.Take(types), _functions.Take(methods), SpanFrom(start));
    }

    private void ParseSupertraits()
    {
        do
        {
            if (Kind == TokenKind.Upper) _nameList.Add(TakeName());
            else Expected("expected trait name");
        }
        while (Accept(TokenKind.Plus));
    }

    /// <summary><c>| C -> E, (A, B) -> D</c>.</summary>
    private void ParseDependencies()
    {
        if (!Accept(TokenKind.Bar)) return;
        do
        {
            var start = Start;
            var from = ParseDependencySide();
            if (!Expect(TokenKind.Arrow, "expected -> in functional dependency")) return;
            _dependencies.Add(new FunctionalDependency(from, ParseDependencySide(), SpanFrom(start)));
        }
        while (Accept(TokenKind.Comma));
    }

    private ImmutableArray<Name> ParseDependencySide()
    {
        var mark = _nameList.Mark;
        var isBracketed = Accept(TokenKind.OpenParen);
        do
        {
            if (AtLower || Kind == TokenKind.Upper) _nameList.Add(TakeName());
            else
            {
                Expected("expected type parameter");
                break;
            }
        }
        while (isBracketed && Accept(TokenKind.Comma));
        if (isBracketed) CloseBracketed(TokenKind.CloseParen, "expected ) in functional dependency");
        return _nameList.Take(mark);
    }

    private void ParseTraitItem(Header header, int start)
    {
        NoAnnotations(header, "trait members");
        NotPublic(header, "trait members");
        switch (Kind)
        {
            case TokenKind.Fn:
                if (ParseFunction(header, start, FunctionPlace.Trait) is Declaration.Function function) _functions.Add(function);
                return;
            case TokenKind.Type:
                ParseAssociatedType(header, start);
                return;
            default:
                Expected("expected `fn` or `type` in trait body");
                SkipLine();
                return;
        }
    }

    private void ParseAssociatedType(Header header, int start)
    {
        Advance();
        if (Kind != TokenKind.Upper)
        {
            Expected("expected associated type name");
            SkipLine();
            return;
        }
        var name = TakeName();
        var hasParameter = Accept(TokenKind.Underscore);
        var bounds = _nameList.Mark;
        if (Accept(TokenKind.Where)) ParseAssociatedBounds(name);
        var taken = _nameList.Take(bounds);
        var @default = Accept(TokenKind.Equal) ? ParseType() : null;
        _associatedTypes.Add(new AssociatedType(header.Doc, name, hasParameter, taken, @default, SpanFrom(start)));
    }

    private void ParseAssociatedBounds(Name owner)
    {
        do
        {
            if (Kind != TokenKind.Upper || PeekKind(1) != TokenKind.Colon || PeekKind(2) != TokenKind.Upper)
            {
                Expected("expected a bound such as `Item: Eq`");
                return;
            }
            if (!Text.SequenceEqual(owner.Text)) Expected($"expected a bound on `{owner.Text}`, the type declared here");
            Advance();
            Advance();
            _nameList.Add(TakeName());
        }
        while (Accept(TokenKind.Comma));
    }

    private Declaration ParseEffect(Header header, int start)
    {
        NoAnnotations(header, "effect declarations");
        Advance();
        if (!ParseDeclaredType(out var name, out var parameters)) return Abandon(header, start);
        if (!AtBlock)
        {
            Expected("expected effect body block after effect name");
            return Abandon(header, start);
        }
        var operations = _functions.Mark;
        ParseMembers(ParseOperation);
        return new Declaration.Effect(header, name, parameters, _functions.Take(operations), SpanFrom(start));
    }

    private void ParseOperation(Header header, int start)
    {
        NotPublic(header, "effect operations");
        foreach (var annotation in header.Annotations)
        {
            if (annotation.Name.Text == "deferred" && !annotation.HasParentheses) continue;
            _messages.Error(annotation.Span, annotation.Name.Text == "deferred"
                ? "`@deferred` does not accept arguments"
                : "annotations are not supported on effect operations, except `@deferred`");
        }
        if (Kind == TokenKind.Fn)
        {
            if (ParseFunction(header, start, FunctionPlace.Effect) is Declaration.Function operation) _functions.Add(operation);
            return;
        }
        Expected("expected operation: `fn name(…) -> Type`");
        SkipLine();
    }

    /// <summary><c>Type params as Trait args where …</c>, or <c>impl Trait for Type …</c>.</summary>
    private Declaration ParseImplementation(Header header, int start)
    {
        NoAnnotations(header, "implementations");
        NotPublic(header, "implementations");
        var isImpl = Accept(TokenKind.Impl);
        if (Kind != TokenKind.Upper)
        {
            Expected("expected trait name after impl");
            return Abandon(header, start);
        }
        var type = ParseTypePath();
        PathName traitPath = type;
        ImmutableArray<Name> parameters;
        ImmutableArray<TypeSyntax> arguments = [];
        if (isImpl)
        {
            if (!Accept(TokenKind.For) || Kind != TokenKind.Upper)
            {
                Expected("expected declaration: `impl Trait for Type`; methods of a type stand in its body");
                return Abandon(header, start);
            }
            type = ParseTypePath();
            parameters = ParseImplementationParameters();
        }
        else
        {
            parameters = ParseImplementationParameters();
            if (!Accept(TokenKind.As) || Kind != TokenKind.Upper)
            {
                Expected("expected declaration: an implementation reads `Type as Trait`");
                return Abandon(header, start);
            }
            traitPath = ParseTypePath();
            arguments = Kind == TokenKind.OpenParen && IsTight ? ParseTightArguments() : ParseTypeAtoms();
        }
        var where = Kind == TokenKind.Where ? ParseWhere() : [];
        var methods = _functions.Mark;
        if (AtBlock) ParseMembers(ParseImplementationItem);
        return new Declaration.Implementation(header, type, parameters, traitPath, arguments, where,
            _functions.Take(methods), SpanFrom(start));
    }

    private ImmutableArray<Name> ParseImplementationParameters()
    {
        var mark = _nameList.Mark;
        if (Kind == TokenKind.OpenParen && !OnNewLine)
        {
            Advance();
            while (AtLower || Kind == TokenKind.Upper)
            {
                _nameList.Add(TakeName());
                if (!Accept(TokenKind.Comma)) break;
            }
            CloseBracketed(TokenKind.CloseParen, "expected type variable or )");
        }
        else
        {
            while ((AtLower || Kind == TokenKind.Upper) && Kind != TokenKind.As && !OnNewLine) _nameList.Add(TakeName());
        }
        return _nameList.Take(mark);
    }

    private void ParseImplementationItem(Header header, int start)
    {
        NoAnnotations(header, "methods of an implementation");
        if (Kind == TokenKind.Fn)
        {
            if (ParseFunction(header, start, FunctionPlace.Implementation) is Declaration.Function method) _functions.Add(method);
            return;
        }
        Expected(Kind == TokenKind.Type
            ? "expected `fn`: associated types are assigned in the where clause of the header"
            : "expected `fn` in implementation");
        SkipLine();
    }
}
