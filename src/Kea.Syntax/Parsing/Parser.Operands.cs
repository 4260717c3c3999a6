using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

internal sealed partial class Parser
{
    private readonly Scratch<Expression> _expressions = new();
    private readonly Scratch<(Expression, Expression)> _entries = new();

    private Expression ParseOperand()
    {
        var start = Start;
        switch (Kind)
        {
            case TokenKind.Integer or TokenKind.Float or TokenKind.Char or TokenKind.String:
            case TokenKind.True or TokenKind.False:
                return new Expression.Literal(TakeLiteral(), SpanFrom(start));
            case TokenKind.InterpolatedString: return ParseInterpolation();
            case TokenKind.Lower: return ParseVariable();
            case TokenKind.Upper or TokenKind.None: return ParseUpper();
            case TokenKind.OpenParen: return ParseParenthesized();
            case TokenKind.OpenBracket: return ParseListLiteral();
            case TokenKind.HashBrace:
                Advance();
                return new Expression.Record(null, ParseRecordItems(allowSpread: true), SpanFrom(start));
            case TokenKind.PercentBrace: return ParseMapLiteral();
            case TokenKind.Colon: return ParseAtom();
            case TokenKind.At: return ParseTailRecursive();
            case TokenKind.Fn: return ParseAnonymousFunction();
            case TokenKind.AssertionWord: return ParseAssertion();
            case TokenKind.Error:
                Advance();
                return new Expression.Error(SpanFrom(start));
        }
        return ParseForm(start) ?? (AtLower ? ParseVariable() : ParseWrongOperand(start));
    }

    /// <summary>The forms that begin with a word.</summary>
    private Expression? ParseForm(int start)
    {
        switch (Kind)
        {
            case TokenKind.Let: return ParseLet();
            case TokenKind.If: return ParseIf();
            case TokenKind.Case: return ParseCase();
            case TokenKind.Cond: return ParseCond();
            case TokenKind.For: return ParseFor();
            case TokenKind.While: return ParseWhile();
            case TokenKind.Handle: return ParseHandle();
            case TokenKind.Unsafe:
                CheckExprBody();
                Advance();
                return new Expression.Unsafe(ParseBody(), SpanFrom(start));
            case TokenKind.Resume:
                Advance();
                return new Expression.Resume(ParseExpression(), SpanFrom(start));
            case TokenKind.Fail:
                Advance();
                return new Expression.Fail(ParseExpression(), SpanFrom(start));
            case TokenKind.Catch:
                Advance();
                return new Expression.Catch(ParseExpression(), SpanFrom(start));
            case TokenKind.Panic:
                Advance();
                return new Expression.Panic(ParseExpression(), SpanFrom(start));
            case TokenKind.SizeOf or TokenKind.AlignOf: return ParseLayoutQuery();
            default: return null;
        }
    }

    private Expression.Error ParseWrongOperand(int start)
    {
        switch (Kind)
        {
            case TokenKind.Nil:
                _messages.NilLiteral(Current.Span);
                Advance();
                break;
            case TokenKind.Underscore when PeekKind(1) == TokenKind.Arrow && !_arrowEnds:
                ParseForeignLambda(isParenthesized: false, start);
                break;
            case TokenKind.Underscore:
                Expected("expected expression: `_` is only valid as a cond catch-all arm condition, as a pattern, or as a receiver placeholder");
                Advance();
                break;
            case TokenKind.Dollar:
                Expected("expected expression: `$` marks the receiver's place in a method call's own arguments");
                Advance();
                break;
            case TokenKind.With:
                Expected("expected expression: `with` is allowed in blocks only");
                break;
            case TokenKind.Bar:
                Expected("expected expression: a lambda here needs brackets");
                break;
            case TokenKind.Star or TokenKind.Slash or TokenKind.Plus when PeekKind(1) != TokenKind.NewLine:
                Expected("expected expression");
                Advance();
                break;
            default:
                Expected("expected expression");
                break;
        }
        return new Expression.Error(SpanFrom(start));
    }

    private Expression ParseVariable()
    {
        var start = Start;
        if (PeekKind(1) == TokenKind.Arrow && !_arrowEnds) return ParseForeignLambda(isParenthesized: false, start);
        var name = TakeName();
        return new Expression.Variable(name, name.Span);
    }

    /// <summary><c>x -> e</c>; the body is read so that nothing is reported about it.</summary>
    private Expression.Error ParseForeignLambda(bool isParenthesized, int start)
    {
        if (!isParenthesized) Advance();
        if (isParenthesized) _messages.ParenthesizedLambda(SpanFrom(start));
        else _messages.BareLambda(SpanFrom(start));
        Accept(TokenKind.Arrow);
        ParseBody();
        return new Expression.Error(SpanFrom(start));
    }

    private Expression ParseUpper()
    {
        var start = Start;
        var isUnique = Text is "Unique";
        var name = TakeName();
        var upper = new Expression.Upper(name, name.Span);
        if (!isUnique || OnNewLine || !BeginsBareOperand) return upper;
        var operand = ParseNestedOperand();
        _height++;
        return new Expression.Call(upper, [new Argument(null, operand)], SpanFrom(start));
    }

    /// <summary>An operand that an operand begins with; counted, as it comes here without an expression between.</summary>
    private Expression ParseNestedOperand()
    {
        var operand = Enter() ? ParseOperand() : new Expression.Error(SpanOfCurrent());
        Leave();
        return operand;
    }

    /// <summary>An operand that nothing but <c>Unique x</c> and assertion words take without brackets.</summary>
    private bool BeginsBareOperand => Kind switch
    {
        TokenKind.Integer or TokenKind.Float or TokenKind.Char or TokenKind.String or TokenKind.InterpolatedString => true,
        TokenKind.True or TokenKind.False or TokenKind.None or TokenKind.Upper => true,
        TokenKind.OpenBracket or TokenKind.HashBrace or TokenKind.PercentBrace => true,
        TokenKind.As or TokenKind.Then => false,
        _ => AtLower,
    };

    /// <summary>Unit, a grouped expression or a tuple.</summary>
    private Expression ParseParenthesized()
    {
        var start = Start;
        var outer = EnterBrackets();
        Advance();
        var mark = _expressions.Mark;
        var trailingComma = false;
        while (Kind != TokenKind.CloseParen && !AtEnd)
        {
            _expressions.Add(ParseExpression());
            trailingComma = Accept(TokenKind.Comma);
            if (!trailingComma) break;
        }
        var elements = _expressions.Take(mark);
        var isTypedLambda = Kind == TokenKind.Colon && IsLambdaParameterList(elements);
        if (isTypedLambda) SkipToCloseParen();
        CloseBracketed(TokenKind.CloseParen, "expected , or ) after expression");
        (_arrowEnds, _inArms) = outer;
        if (Kind == TokenKind.Arrow && !_arrowEnds) return ParseForeignLambda(isParenthesized: true, start);
        if (elements is [_] && trailingComma)
            _messages.Error(SpanFrom(start), "expected expression: a tuple has two or more elements");
        return elements.Length switch
        {
            0 => new Expression.Unit(SpanFrom(start)),
            1 => elements[0],
            _ => new Expression.Tuple(elements, SpanFrom(start)),
        };
    }

    /// <summary>Names, and an arrow after the bracket: <c>(x: Int, y) -> …</c>.</summary>
    private bool IsLambdaParameterList(ImmutableArray<Expression> elements)
    {
        foreach (var element in elements) if (element is not Expression.Variable) return false;
        var close = CloseParenAhead();
        return close > 0 && _tokens[close + 1].Kind == TokenKind.Arrow;
    }

    private int CloseParenAhead()
    {
        var depth = 0;
        for (var i = _position; _tokens[i].Kind is not (TokenKind.NewLine or TokenKind.EndOfFile); i++)
        {
            if (TokenFacts.IsOpener(_tokens[i].Kind)) depth++;
            if (TokenFacts.IsCloser(_tokens[i].Kind) && depth-- == 0) return i;
        }
        return -1;
    }

    private void SkipToCloseParen()
    {
        var close = CloseParenAhead();
        while (_position < close) Advance();
    }

    private Expression.List ParseListLiteral()
    {
        var start = Start;
        var outer = EnterBrackets();
        Advance();
        var elements = ParseExpressionList(TokenKind.CloseBracket);
        CloseBracketed(TokenKind.CloseBracket, "expected , or ] after list element");
        (_arrowEnds, _inArms) = outer;
        return new Expression.List(elements, SpanFrom(start));
    }

    private ImmutableArray<Expression> ParseExpressionList(TokenKind close)
    {
        var mark = _expressions.Mark;
        while (Kind != close && !AtEnd)
        {
            _expressions.Add(ParseExpression());
            if (!Accept(TokenKind.Comma)) break;
        }
        return _expressions.Take(mark);
    }

    private Expression.Map ParseMapLiteral()
    {
        var start = Start;
        var outer = EnterBrackets();
        Advance();
        var mark = _entries.Mark;
        while (Kind != TokenKind.CloseBrace && !AtEnd)
        {
            var key = ParseExpression();
            if (!Expect(TokenKind.FatArrow, "expected => after map key")) break;
            _entries.Add((key, ParseExpression()));
            if (!Accept(TokenKind.Comma)) break;
        }
        var entries = _entries.Take(mark);
        CloseBracketed(TokenKind.CloseBrace, "expected , or } after map entry");
        (_arrowEnds, _inArms) = outer;
        return new Expression.Map(entries, SpanFrom(start));
    }

    /// <summary><c>:name</c>, without a space.</summary>
    private Expression ParseAtom()
    {
        var start = Start;
        if (!TokenFacts.IsLower(PeekKind(1)) || _tokens[_position + 1].Span.Start != Current.Span.End)
        {
            Expected("expected expression");
            return new Expression.Error(Current.Span);
        }
        Advance();
        return new Expression.Atom(TakeName(), SpanFrom(start));
    }

    private Expression ParseTailRecursive()
    {
        var start = Start;
        var isKnown = PeekKind(1) == TokenKind.Lower
            && _text.AsSpan(_tokens[_position + 1].Span.Start, _tokens[_position + 1].Span.Length) is "tailrec";
        if (!isKnown)
        {
            Expected("expected expression: of the annotations only `@tailrec` may stand before a call");
            Advance();
            if (AtLower || Kind == TokenKind.Upper) Advance();
        }
        else
        {
            Advance();
            Advance();
        }
        var invocation = Enter() ? ParsePostfix() : new Expression.Error(SpanOfCurrent());
        Leave();
        _height++;
        return isKnown ? new Expression.TailRecursive(invocation, SpanFrom(start)) : new Expression.Error(SpanFrom(start));
    }

    private Expression ParseLayoutQuery()
    {
        var start = Start;
        var isAlign = Kind == TokenKind.AlignOf;
        Advance();
        if (!Expect(TokenKind.OpenParen, "expected ( and a type")) return new Expression.Error(SpanFrom(start));
        var type = ParseType();
        CloseBracketed(TokenKind.CloseParen, "expected ) after type");
        return new Expression.LayoutQuery(isAlign, type, SpanFrom(start));
    }

    /// <summary><c>assert_eq a, b</c>; with a bracket or a dot after it the word is an ordinary name (3.21).</summary>
    private Expression ParseAssertion()
    {
        var start = Start;
        var next = PeekKind(1);
        if (next is TokenKind.OpenParen or TokenKind.Dot) return ParseVariable();
        var word = TakeName();
        if (OnNewLine || !BeginsBareOperand && !BeginsPrefixedOperand)
            return new Expression.Variable(word, word.Span);
        var mark = _expressions.Mark;
        do _expressions.Add(ParseExpression());
        while (Accept(TokenKind.Comma));
        return new Expression.Assertion(word, _expressions.Take(mark), SpanFrom(start));
    }

    private bool BeginsPrefixedOperand => Kind is
        TokenKind.Not or TokenKind.OpenParen or TokenKind.Colon or TokenKind.Case or TokenKind.If or
        TokenKind.Unsafe or TokenKind.At or TokenKind.Fn or TokenKind.Minus or TokenKind.Bar or
        TokenKind.Nil or TokenKind.Error or TokenKind.Underscore;
}
