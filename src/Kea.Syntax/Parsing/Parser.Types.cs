using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

internal sealed partial class Parser
{
    private readonly Scratch<TypeSyntax> _types = new();
    private readonly Scratch<FieldTypeSyntax> _fieldTypes = new();
    private readonly Scratch<EffectItemSyntax> _effectItems = new();
    private readonly Scratch<Name> _nameList = new();
    private readonly Scratch<(Name, TypeSyntax)> _equations = new();

    private TypeSyntax ParseType()
    {
        if (!Enter())
        {
            Leave();
            return new TypeSyntax.Error(SpanOfCurrent());
        }
        var type = ParseTypeHere();
        Leave();
        return type;
    }

    private TypeSyntax ParseTypeHere()
    {
        switch (Kind)
        {
            case TokenKind.Forall: return ParseForall();
            case TokenKind.Any when PeekKind(1) is TokenKind.Upper or TokenKind.OpenParen: return ParseAny();
            case TokenKind.Impl: return ParseImplType();
            case TokenKind.OpenParen: return ParseBracketedType(allowArrow: true);
            case TokenKind.Fn: return ParseFunctionType();
        }
        var start = Start;
        var type = ParseTypeApplication();
        if (!AtArrow) return type;
        var (effects, result) = ParseArrowAndResult();
        return new TypeSyntax.Function([type], effects, result, SpanFrom(start));
    }

    private TypeSyntax ParseForall()
    {
        var start = Start;
        Advance();
        var mark = _nameList.Mark;
        do
        {
            if (AtLower) _nameList.Add(TakeName());
            else Expected("expected type variable");
        }
        while (Accept(TokenKind.Comma));
        Expect(TokenKind.Dot, "expected . after the variables of forall");
        var names = _nameList.Take(mark);
        return new TypeSyntax.Forall(names, ParseType(), SpanFrom(start));
    }

    private TypeSyntax ParseAny()
    {
        var start = Start;
        Advance();
        var mark = _nameList.Mark;
        if (Accept(TokenKind.OpenParen))
        {
            do
            {
                if (Kind == TokenKind.CloseParen) break;
                if (Kind == TokenKind.Upper) _nameList.Add(TakeName());
                else Expected("expected trait name");
            }
            while (Accept(TokenKind.Comma));
            Expect(TokenKind.CloseParen, "expected ) after the traits of any");
        }
        else _nameList.Add(TakeName());
        var traits = _nameList.Take(mark);
        var equations = _equations.Mark;
        // In a signature `where` may belong to the function: only `Item = …` is the type's own.
        if (Kind == TokenKind.Where && PeekKind(1) == TokenKind.Upper && PeekKind(2) == TokenKind.Equal)
        {
            Advance();
            do
            {
                var member = TakeName();
                Expect(TokenKind.Equal, "expected = after associated type");
                _equations.Add((member, ParseType()));
            }
            while (Kind == TokenKind.Comma && PeekKind(1) == TokenKind.Upper && PeekKind(2) == TokenKind.Equal && Accept(TokenKind.Comma));
        }
        return new TypeSyntax.Any(traits, _equations.Take(equations), SpanFrom(start));
    }

    private TypeSyntax ParseImplType()
    {
        var start = Start;
        Advance();
        if (Kind == TokenKind.Upper) return new TypeSyntax.Impl(TakeName(), SpanFrom(start));
        Expected("expected trait name after impl");
        return new TypeSyntax.Error(SpanFrom(start));
    }

    /// <summary><c>fn(A, B) -> C</c>.</summary>
    private TypeSyntax ParseFunctionType()
    {
        var start = Start;
        Advance();
        if (!Expect(TokenKind.OpenParen, "expected ( after fn in a type")) return new TypeSyntax.Error(SpanFrom(start));
        var parameters = ParseTypeList(TokenKind.CloseParen);
        Expect(TokenKind.CloseParen, "expected ) after parameter types");
        if (AtArrow)
        {
            var (effects, result) = ParseArrowAndResult();
            return new TypeSyntax.Function(parameters, effects, result, SpanFrom(start));
        }
        Expected("expected -> and a result type");
        return new TypeSyntax.Error(SpanFrom(start));
    }

    /// <summary>Unit, a grouped type, a tuple, or with an arrow behind it a parameter list.</summary>
    private TypeSyntax ParseBracketedType(bool allowArrow)
    {
        var start = Start;
        Advance();
        var elements = ParseTypeList(TokenKind.CloseParen, out var trailingComma);
        Expect(TokenKind.CloseParen, "expected ) in type");
        if (allowArrow && AtArrow)
        {
            var (effects, result) = ParseArrowAndResult();
            return new TypeSyntax.Function(elements, effects, result, SpanFrom(start));
        }
        if (elements.Length == 1 && trailingComma)
            _messages.Error(SpanFrom(start), "expected type: a tuple has two or more elements");
        return elements.Length switch
        {
            0 => new TypeSyntax.Unit(SpanFrom(start)),
            1 => elements[0],
            _ => new TypeSyntax.Tuple(elements, SpanFrom(start)),
        };
    }

    private ImmutableArray<TypeSyntax> ParseTypeList(TokenKind close) => ParseTypeList(close, out _);

    private ImmutableArray<TypeSyntax> ParseTypeList(TokenKind close, out bool trailingComma)
    {
        var mark = _types.Mark;
        trailingComma = false;
        while (Kind != close && !AtEnd)
        {
            _types.Add(ParseType());
            trailingComma = Accept(TokenKind.Comma);
            if (!trailingComma) break;
        }
        return _types.Take(mark);
    }

    /// <summary>A head with arguments beside it on the same line, or one atom.</summary>
    private TypeSyntax ParseTypeApplication()
    {
        if (Kind != TokenKind.Upper && !AtLower) return ParseTypeAtom();
        var start = Start;
        var head = ParseTypeAtom();
        if (!AtTypeArgument) return head;
        if (head is TypeSyntax.Optional || head is TypeSyntax.Named { Arguments.IsEmpty: false }) return head;
        var mark = _types.Mark;
        while (AtTypeArgument) _types.Add(ParseTypeAtom());
        var arguments = _types.Take(mark);
        var span = SpanFrom(start);
        return head switch
        {
            TypeSyntax.Named named => new TypeSyntax.Named(named.Path, arguments, true, span),
            TypeSyntax.Variable variable => new TypeSyntax.Variable(variable.Name, arguments, span),
            TypeSyntax.Projection projection =>
                new TypeSyntax.Projection(projection.Base, projection.Trait, projection.Member, span) { Arguments = arguments },
            _ => head,
        };
    }

    /// <summary>A type atom that stands beside a head, on its line. Words that go on after a type are none.</summary>
    private bool AtTypeArgument
    {
        get
        {
            switch (Kind)
            {
                case TokenKind.Upper or TokenKind.OpenParen or TokenKind.OpenBrace or TokenKind.OpenBracket:
                case TokenKind.Underscore or TokenKind.Integer or TokenKind.None:
                    return !OnNewLine;
                case TokenKind.Then or TokenKind.As or TokenKind.Lacks or TokenKind.For or TokenKind.Deriving:
                    return false;
                case TokenKind.Fn:
                    return PeekKind(1) == TokenKind.OpenParen && !OnNewLine;
                default:
                    return AtLower && !OnNewLine;
            }
        }
    }

    private TypeSyntax ParseTypeAtom()
    {
        var start = Start;
        switch (Kind)
        {
            case TokenKind.Upper or TokenKind.None: return ParseNamedAtom();
            case TokenKind.OpenParen or TokenKind.OpenBracket: return ParseNestedAtom();
            case TokenKind.OpenBrace: return ParseRowType();
            case TokenKind.Fn: return ParseFunctionType();
            case TokenKind.Underscore:
                Advance();
                return new TypeSyntax.Hole(SpanFrom(start));
            case TokenKind.Integer: return ParseIntegerType();
        }
        if (AtLower) return ParseVariableAtom();
        Expected("expected type");
        return new TypeSyntax.Error(TextSpan.Empty(_lastEnd));
    }

    private TypeSyntax ParseNestedAtom()
    {
        if (!Enter())
        {
            Leave();
            return new TypeSyntax.Error(SpanOfCurrent());
        }
        var type = Kind == TokenKind.OpenBracket ? ParseEffectList() : ParseBracketedType(allowArrow: false);
        Leave();
        return type;
    }

    private TypeSyntax ParseIntegerType()
    {
        var span = Current.Span;
        if (!Numbers.TryInteger(Text, out var value) || value > long.MaxValue)
        {
            _messages.IntegerTooLarge(span);
            value = 0;
        }
        Advance();
        return new TypeSyntax.Integer((long)value, span);
    }

    private TypeSyntax ParseNamedAtom()
    {
        var start = Start;
        var path = ParseTypePath();
        TypeSyntax type;
        var arguments = ParseTightArguments();
        if (path.Parts is [{ Text: "Self" } self, var member, ..] && arguments.IsEmpty)
            type = ProjectionOf(new TypeSyntax.Named(new PathName([self], self.Span), [], false, self.Span), path.Parts, 1, start);
        else type = new TypeSyntax.Named(path, arguments, false, SpanFrom(start));
        if (!arguments.IsEmpty) type = ParseProjection(type, start);
        return ParseOptional(type, start);
    }

    private TypeSyntax.Projection ProjectionOf(TypeSyntax @base, ImmutableArray<Name> parts, int first, int start)
    {
        Name? traitName = parts.Length - first > 1 ? parts[first] : null;
        return new TypeSyntax.Projection(@base, traitName, parts[^1], SpanFrom(start));
    }

    private TypeSyntax ParseVariableAtom()
    {
        var start = Start;
        var name = TakeName();
        var arguments = ParseTightArguments();
        TypeSyntax type = new TypeSyntax.Variable(name, arguments, SpanFrom(start));
        return ParseOptional(ParseProjection(type, start), start);
    }

    /// <summary><c>.Item</c>, or <c>.Trait.Item</c>, tight after the type.</summary>
    private TypeSyntax ParseProjection(TypeSyntax type, int start)
    {
        if (Kind != TokenKind.Dot || !IsTight || PeekKind(1) != TokenKind.Upper) return type;
        var mark = _nameList.Mark;
        while (Kind == TokenKind.Dot && IsTight && PeekKind(1) == TokenKind.Upper)
        {
            Advance();
            _nameList.Add(TakeName());
        }
        return ProjectionOf(type, _nameList.Take(mark), 0, start);
    }

    private TypeSyntax ParseOptional(TypeSyntax type, int start)
    {
        if (Kind != TokenKind.Question || !IsTight) return type;
        Advance();
        return new TypeSyntax.Optional(type, SpanFrom(start));
    }

    private ImmutableArray<TypeSyntax> ParseTightArguments()
    {
        if (Kind != TokenKind.OpenParen || !IsTight) return [];
        if (!Enter())
        {
            Leave();
            return [];
        }
        Advance();
        if (Kind == TokenKind.CloseParen) Expected("expected type between ( and )");
        var arguments = ParseTypeList(TokenKind.CloseParen);
        Expect(TokenKind.CloseParen, "expected ) after type arguments");
        Leave();
        return arguments;
    }

    /// <summary>Upper names with dots between them; a dot that no Upper name follows is left alone.</summary>
    private PathName ParseTypePath()
    {
        var start = Start;
        var mark = _nameList.Mark;
        _nameList.Add(TakeName());
        while (Kind == TokenKind.Dot && PeekKind(1) == TokenKind.Upper)
        {
            Advance();
            _nameList.Add(TakeName());
        }
        return new PathName(_nameList.Take(mark), SpanFrom(start));
    }

    private TypeSyntax ParseRowType()
    {
        var start = Start;
        Advance();
        var mark = _fieldTypes.Mark;
        while (AtLower)
        {
            var name = TakeName();
            Expect(TokenKind.Colon, "expected : after field name");
            _fieldTypes.Add(new FieldTypeSyntax(name, ParseType()));
            if (!Accept(TokenKind.Comma)) break;
        }
        var fields = _fieldTypes.Take(mark);
        Name? tail = null;
        if (Accept(TokenKind.Bar))
        {
            if (AtLower || Kind == TokenKind.Underscore) tail = TakeName();
            else Expected("expected row variable after |");
        }
        Expect(TokenKind.CloseBrace, TokenFacts.IsReserved(Kind) || fields.IsEmpty && tail is null ? "expected field name" : "expected } in row type");
        return new TypeSyntax.Record(fields, tail, SpanFrom(start));
    }
}
