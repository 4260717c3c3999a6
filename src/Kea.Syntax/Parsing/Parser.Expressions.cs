using Kea.Source;

namespace Kea.Syntax;

internal sealed partial class Parser
{
    private const int LoosestLevel = 3;
    private const int PrefixLevel = 10;
    private const int TightestLevel = 11;

    private readonly Scratch<(UnaryOperator Operator, TextSpan Span)> _prefixes = new();

    /// <summary>Height of the tree under construction, counted generously: each link of a chain adds one to all before it.</summary>
    private int _height;
    /// <summary>An arrow after an operand ends the expression: in guards and `cond` conditions.</summary>
    private bool _arrowEnds;
    /// <summary>The expression is the body of a `case` arm, on the arm's own lines.</summary>
    private bool _inArms;

    private Expression ParseExpression()
    {
        var start = Start;
        var outer = _height;
        _height = 0;
        if (!Enter())
        {
            Leave();
            _height = outer;
            return new Expression.Error(new TextSpan(start, start));
        }
        var expression = Kind == TokenKind.Bar ? ParseLambda() : ParseWhenAndAs();
        Leave();
        if (++_height > HeightMax)
        {
            GiveUp(HeightMax);
            expression = new Expression.Error(SpanFrom(start));
            _height = 0;
        }
        _height = Math.Max(outer, _height);
        return expression;
    }

    /// <summary>An expression that ends at `->`.</summary>
    private Expression ParseCondition()
    {
        var outer = _arrowEnds;
        _arrowEnds = true;
        var condition = ParseExpression();
        _arrowEnds = outer;
        return condition;
    }

    private Expression ParseWhenAndAs()
    {
        var start = Start;
        var expression = ParseBinary(LoosestLevel);
        while (AtContinuation(TokenKind.When) && !_arrowEnds)
        {
            TakeContinuation();
            expression = new Expression.When(expression, ParseBinary(LoosestLevel), SpanFrom(start));
            _height++;
        }
        while (AtContinuation(TokenKind.As))
        {
            TakeContinuation();
            expression = new Expression.Ascription(expression, ParseType(), SpanFrom(start));
            _height++;
        }
        return expression;
    }

    /// <summary>The token stands here, or in the same column on the next line (rule C5).</summary>
    private bool AtContinuation(TokenKind kind) =>
        Kind == kind || Kind == TokenKind.NewLine && PeekKind(1) == kind;

    private void TakeContinuation()
    {
        if (Kind == TokenKind.NewLine) Advance();
        Advance();
    }

    /// <summary>Operators of at least this level; all associate to the left, so a chain is a loop.</summary>
    private Expression ParseBinary(int levelMin)
    {
        var start = Start;
        var left = ParsePrefix();
        while (true)
        {
            var ahead = Kind == TokenKind.NewLine ? 1 : 0;
            var kind = PeekKind(ahead);
            var (level, @operator) = TokenFacts.Binary(kind);
            var isNotIn = kind == TokenKind.Not && PeekKind(ahead + 1) == TokenKind.In;
            if (isNotIn) (level, @operator) = (5, BinaryOperator.NotIn);
            if (level == 0 && ahead == 0 && levelMin == LoosestLevel && AtForeignOperator)
            {
                left = ParseForeignOperator(left, start);
                continue;
            }
            if (level == 0 || level < levelMin) return left;
            if (kind == TokenKind.Minus && (ahead == 1 || PreviousIsDedent) && AtNegativePattern(ahead)) return left;
            if (ahead == 1) Advance();
            var operatorSpan = isNotIn ? new TextSpan(Start, _tokens[_position + 1].Span.End) : Current.Span;
            Advance();
            if (isNotIn) Advance();
            var right = ParseBinary(level + 1);
            left = new Expression.Binary(@operator, left, right, operatorSpan, SpanFrom(start));
            if (++_height <= HeightMax) continue;
            GiveUp(HeightMax);
            _height = 0;
            return new Expression.Error(SpanFrom(start));
        }
    }

    /// <summary>A line that starts with `-1 ->` is the next arm, not a subtraction (4.1 against C5).</summary>
    private bool AtNegativePattern(int ahead)
    {
        if (PeekKind(ahead + 1) is not (TokenKind.Integer or TokenKind.Float)) return false;
        var next = PeekKind(ahead + 2);
        return next is TokenKind.Arrow or TokenKind.Bar or TokenKind.ColonColon
            || _inArms && next is TokenKind.When or TokenKind.As;
    }

    /// <summary>Operators of other languages, which are reported and read over (1.13).</summary>
    private bool AtForeignOperator
    {
        get
        {
            if (OnNewLine) return false;
            if (Kind == TokenKind.ColonColon) return true;
            if (Kind != TokenKind.Bar) return false;
            ref readonly var next = ref _tokens[_position + 1];
            return next.Kind is TokenKind.Greater or TokenKind.Bar && next.Span.Start == Current.Span.End;
        }
    }

    private Expression.Error ParseForeignOperator(Expression left, int start)
    {
        var isPath = Kind == TokenKind.ColonColon;
        var isPipe = !isPath && PeekKind(1) == TokenKind.Greater;
        var span = isPath ? Current.Span : Current.Span with { End = Current.Span.End + 1 };
        if (isPath) _messages.PathOperator(span);
        else if (isPipe) _messages.PipeOperator(span);
        else _messages.DoubleBar(span);
        Advance();
        if (!isPath) Advance();
        ParseBinary(LoosestLevel + 1);
        return new Expression.Error(SpanFrom(start));
    }

    /// <summary>Prefix operators bind looser than `*` and tighter than `+`: `-5 % 3` is `-(5 % 3)`.</summary>
    private Expression ParsePrefix()
    {
        if (Kind is not (TokenKind.Minus or TokenKind.Not)) return ParsePostfix();
        var mark = _prefixes.Mark;
        while (Kind is TokenKind.Minus or TokenKind.Not)
        {
            _prefixes.Add((Kind == TokenKind.Minus ? UnaryOperator.Negate : UnaryOperator.Not, Current.Span));
            Advance();
        }
        var operand = ParseBinary(TightestLevel);
        var prefixes = _prefixes.Take(mark);
        _height += prefixes.Length;
        if (_height > HeightMax)
        {
            GiveUp(HeightMax);
            _height = 0;
            return new Expression.Error(operand.Span);
        }
        for (var i = prefixes.Length - 1; i >= 0; i--)
        {
            var (@operator, span) = prefixes[i];
            operand = new Expression.Unary(@operator, operand, span, span.Until(operand.Span));
        }
        return operand;
    }

    private Expression ParsePostfix()
    {
        var start = Start;
        var isBracketed = Kind == TokenKind.OpenParen;
        var expression = ParseOperand();
        while (true)
        {
            var next = ParsePostfixOf(expression, start, isBracketed);
            if (next is null) return expression;
            expression = next;
            isBracketed = false;
            if (++_height <= HeightMax) continue;
            GiveUp(HeightMax);
            _height = 0;
            return new Expression.Error(SpanFrom(start));
        }
    }

    private Expression? ParsePostfixOf(Expression target, int start, bool isBracketed)
    {
        switch (Kind)
        {
            case TokenKind.Dot:
                return ParseField(target, start);
            case TokenKind.OpenParen when !OnNewLine:
                var takesReceiver = !isBracketed && target is Expression.Field { Name.Text: [>= 'a' or '_', ..] };
                return new Expression.Call(target, ParseArguments(takesReceiver, IsUpperPath(target)), SpanFrom(start))
                {
                    IsBracketed = isBracketed,
                };
            case TokenKind.OpenBrace when !OnNewLine && IsUpperPath(target):
                Advance();
                return new Expression.Record(target, ParseRecordItems(allowSpread: true), SpanFrom(start));
            case TokenKind.Tilde when PeekKind(1) == TokenKind.OpenBrace:
                Advance();
                Advance();
                return new Expression.Update(target, ParseRecordItems(allowSpread: false), SpanFrom(start));
            case TokenKind.Question:
                Advance();
                return new Expression.Try(target, SpanFrom(start));
            case TokenKind.NewLine when PeekKind(1) == TokenKind.Question:
                Advance();
                Advance();
                return new Expression.Try(target, SpanFrom(start));
            default:
                return null;
        }
    }

    private static bool IsUpperPath(Expression expression)
    {
        while (expression is Expression.Field { Name.Text: [>= 'A' and <= 'Z', ..] } field) expression = field.Target;
        return expression is Expression.Upper;
    }

    private Expression.Field ParseField(Expression target, int start)
    {
        Advance();
        if (AtLower || Kind is TokenKind.Upper or TokenKind.Integer or TokenKind.None)
            return new Expression.Field(target, TakeName(), SpanFrom(start));
        Expected("expected field name");
        var missing = MissingName();
        if (TokenFacts.IsReserved(Kind) && Kind != TokenKind.Doc && !OnNewLine) Advance();
        return new Expression.Field(target, missing, SpanFrom(start));
    }
}
