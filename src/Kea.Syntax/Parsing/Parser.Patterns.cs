using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

internal sealed partial class Parser
{
    private readonly Scratch<Pattern> _patterns = new();
    private readonly Scratch<ArgumentPattern> _argumentPatterns = new();
    private readonly Scratch<FieldPattern> _fieldPatterns = new();

    /// <summary>A whole pattern: alternatives, aliases, <c>::</c>.</summary>
    private Pattern ParsePattern()
    {
        if (!Enter())
        {
            Leave();
            return new Pattern.Error(SpanOfCurrent());
        }
        var start = Start;
        var outer = _height;
        _height = 0;
        var first = ParseAliasedPattern();
        if (Kind == TokenKind.Bar)
        {
            var mark = _patterns.Mark;
            _patterns.Add(first);
            while (Accept(TokenKind.Bar)) _patterns.Add(ParseAliasedPattern());
            first = new Pattern.Or(_patterns.Take(mark), SpanFrom(start));
        }
        Leave();
        if (++_height > HeightMax)
        {
            GiveUp(HeightMax);
            _height = 0;
            first = new Pattern.Error(SpanFrom(start));
        }
        _height = Math.Max(outer, _height);
        return first;
    }

    private Pattern ParseAliasedPattern()
    {
        var start = Start;
        var pattern = ParseConsPattern();
        if (Kind != TokenKind.As) return pattern;
        Advance();
        if (AtLower) return new Pattern.As(pattern, TakeName(), SpanFrom(start));
        Expected("expected pattern: a name follows `as`");
        return pattern;
    }

    /// <summary><c>a :: b :: rest</c>, to the right; collected in a loop, so that its length costs no stack here.</summary>
    private Pattern ParseConsPattern()
    {
        var head = ParsePatternAtom();
        if (Kind != TokenKind.ColonColon) return head;
        var mark = _patterns.Mark;
        _patterns.Add(head);
        while (Accept(TokenKind.ColonColon)) _patterns.Add(ParsePatternAtom());
        var parts = _patterns.Take(mark);
        _height += parts.Length;
        if (_height > HeightMax) return new Pattern.Error(SpanFrom(parts[0].Span.Start));
        var rest = parts[^1];
        for (var i = parts.Length - 2; i >= 0; i--)
            rest = new Pattern.List([parts[i]], rest, true, parts[i].Span.Until(rest.Span));
        return rest;
    }

    private Pattern ParsePatternAtom()
    {
        var start = Start;
        switch (Kind)
        {
            case TokenKind.Underscore:
                Advance();
                return new Pattern.Wildcard(SpanFrom(start));
            case TokenKind.Integer or TokenKind.Float or TokenKind.Char or TokenKind.True or TokenKind.False:
            case TokenKind.String:
                return new Pattern.Literal(TakeLiteral(), false, SpanFrom(start));
            case TokenKind.Minus when PeekKind(1) is TokenKind.Integer or TokenKind.Float:
                Advance();
                return new Pattern.Literal(TakeLiteral(), true, SpanFrom(start));
            case TokenKind.OpenParen: return ParseBracketedPattern();
            case TokenKind.OpenBracket: return ParseListPattern();
            case TokenKind.HashBrace or TokenKind.OpenBrace: return ParseRecordPattern(null, start);
            case TokenKind.Upper or TokenKind.None: return ParsePathPattern();
            case TokenKind.Error:
                Advance();
                return new Pattern.Error(SpanFrom(start));
        }
        if (AtLower)
        {
            var name = TakeName();
            return new Pattern.Variable(name, name.Span);
        }
        return ParseWrongPattern(start);
    }

    private Pattern.Error ParseWrongPattern(int start)
    {
        switch (Kind)
        {
            case TokenKind.Nil:
                Expected("expected pattern: `nil` is not supported; use `None`");
                break;
            case TokenKind.InterpolatedString:
                Expected("expected pattern: an interpolated string is not a pattern", "write `{{` for a brace, or use a guard");
                break;
            default:
                Expected("expected pattern");
                break;
        }
        // A single wrong token in the place of a binder is read as one, so that what follows is still checked.
        if (TokenFacts.IsReserved(Kind) && PeekKind(1) is TokenKind.Equal or TokenKind.Colon or TokenKind.Comma
            or TokenKind.CloseParen or TokenKind.Bar or TokenKind.Arrow || Kind == TokenKind.InterpolatedString) Advance();
        return new Pattern.Error(SpanFrom(start));
    }

    private Pattern ParseBracketedPattern()
    {
        var start = Start;
        Advance();
        var elements = ParsePatternList(TokenKind.CloseParen, out var trailingComma);
        CloseBracketed(TokenKind.CloseParen, "expected ) in pattern");
        return elements.Length switch
        {
            0 => new Pattern.Unit(SpanFrom(start)),
            1 when !trailingComma => elements[0],
            1 => OneElementTuple(start),
            _ => new Pattern.Tuple(elements, SpanFrom(start)),
        };
    }

    private Pattern.Error OneElementTuple(int start)
    {
        _messages.Error(SpanFrom(start), "expected pattern: a tuple has two or more elements");
        return new Pattern.Error(SpanFrom(start));
    }

    private ImmutableArray<Pattern> ParsePatternList(TokenKind close, out bool trailingComma)
    {
        var mark = _patterns.Mark;
        trailingComma = false;
        while (Kind != close && !AtEnd)
        {
            _patterns.Add(ParsePattern());
            trailingComma = Accept(TokenKind.Comma);
            if (!trailingComma) break;
        }
        return _patterns.Take(mark);
    }

    private Pattern.List ParseListPattern()
    {
        var start = Start;
        Advance();
        var mark = _patterns.Mark;
        Pattern? rest = null;
        while (Kind != TokenKind.CloseBracket && !AtEnd)
        {
            if (Kind == TokenKind.DotDot)
            {
                rest = ParseRest();
                break;
            }
            _patterns.Add(ParsePattern());
            if (!Accept(TokenKind.Comma)) break;
        }
        var elements = _patterns.Take(mark);
        CloseBracketed(TokenKind.CloseBracket, rest is null ? "expected ] in list pattern" : "expected ]: `..` must be the last item");
        return new Pattern.List(elements, rest, false, SpanFrom(start));
    }

    private Pattern ParseRest()
    {
        Advance();
        var start = Start;
        if (Accept(TokenKind.Underscore)) return new Pattern.Wildcard(SpanFrom(start));
        if (AtLower)
        {
            var name = TakeName();
            return new Pattern.Variable(name, name.Span);
        }
        Expected("expected pattern: a name or _ follows .. in a list pattern");
        return new Pattern.Error(SpanFrom(start));
    }

    /// <summary>What an Upper name begins: a constructor, a struct pattern, or with a lower name at the end a const.</summary>
    private Pattern ParsePathPattern()
    {
        var start = Start;
        var mark = _nameList.Mark;
        _nameList.Add(TakeName());
        while (Kind == TokenKind.Dot && PeekKind(1) is TokenKind.Upper or TokenKind.None)
        {
            Advance();
            _nameList.Add(TakeName());
        }
        var path = new PathName(_nameList.Take(mark), SpanFrom(start));
        switch (Kind)
        {
            case TokenKind.Dot:
                Advance();
                if (AtLower) return new Pattern.Const(path, TakeName(), SpanFrom(start));
                Expected("expected pattern: a name follows the dot");
                return new Pattern.Error(SpanFrom(start));
            case TokenKind.OpenParen when !OnNewLine: return ParseConstructorPattern(path, start);
            case TokenKind.OpenBrace when !OnNewLine: return ParseRecordPattern(path, start);
            default: return new Pattern.Constructor(path, [], false, false, SpanFrom(start));
        }
    }

    private Pattern.Constructor ParseConstructorPattern(PathName path, int start)
    {
        Advance();
        var mark = _argumentPatterns.Mark;
        var hasRest = false;
        while (Kind != TokenKind.CloseParen && !AtEnd)
        {
            if (Kind == TokenKind.DotDot)
            {
                hasRest = true;
                Advance();
                Accept(TokenKind.Comma);
                if (Kind != TokenKind.CloseParen) Expected("`..` must be the last item of a constructor pattern");
                break;
            }
            Name? label = null;
            if (AtLower && PeekKind(1) == TokenKind.Colon)
            {
                label = TakeName();
                Advance();
            }
            _argumentPatterns.Add(new ArgumentPattern(label, ParsePattern()));
            if (!Accept(TokenKind.Comma)) break;
        }
        var arguments = _argumentPatterns.Take(mark);
        CloseBracketed(TokenKind.CloseParen, "expected ) in constructor pattern");
        CheckNamedArguments(arguments, hasRest);
        return new Pattern.Constructor(path, arguments, hasRest, true, SpanFrom(start));
    }

    /// <summary>With one named argument, all are <c>field: pattern</c> or a bare name (4.4). `..` after positional
    /// patterns is the checker's, who knows the variant.</summary>
    private void CheckNamedArguments(ImmutableArray<ArgumentPattern> arguments, bool hasRest)
    {
        var isNamed = false;
        foreach (var argument in arguments) isNamed |= argument.Label is not null;
        if (!isNamed) return;
        foreach (var argument in arguments)
        {
            if (argument.Label is not null || argument.Pattern is Pattern.Variable or Pattern.Error) continue;
            _messages.Error(argument.Pattern.Span,
                "named constructor patterns require `field: pattern` or identifier punning");
            return;
        }
    }

    private Pattern.Record ParseRecordPattern(PathName? path, int start)
    {
        Advance();
        var mark = _fieldPatterns.Mark;
        var hasRest = false;
        while (Kind != TokenKind.CloseBrace && !AtEnd)
        {
            if (Accept(TokenKind.DotDot))
            {
                hasRest = true;
                Accept(TokenKind.Comma);
                if (Kind != TokenKind.CloseBrace) Expected("`..` must be the last item of a record pattern");
                break;
            }
            if (!AtLower)
            {
                Expected("expected field name");
                break;
            }
            _fieldPatterns.Add(ParseFieldPattern());
            if (!Accept(TokenKind.Comma)) break;
        }
        var fields = _fieldPatterns.Take(mark);
        CloseBracketed(TokenKind.CloseBrace, "expected } in record pattern");
        return new Pattern.Record(path, fields, hasRest, SpanFrom(start));
    }

    private FieldPattern ParseFieldPattern()
    {
        var name = TakeName();
        return Accept(TokenKind.Colon)
            ? new FieldPattern(name, ParsePattern(), false)
            : new FieldPattern(name, new Pattern.Variable(name, name.Span), true);
    }
}
