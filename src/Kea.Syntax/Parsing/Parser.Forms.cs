using Kea.Source;

namespace Kea.Syntax;

/// <summary>Expressions with words, blocks and bodies (5.5).</summary>
internal sealed partial class Parser
{
    private readonly Scratch<LambdaParameter> _lambdaParameters = new();
    private readonly Scratch<CaseArm> _caseArms = new();
    private readonly Scratch<CondArm> _condArms = new();
    private bool _inExprBody;

    /// <summary>One expression, or after a line end an indented block.</summary>
    private Expression ParseBody() => AtBlock ? ParseBlock("") : ParseExpression();

    /// <summary>An indented block; reports and returns an error node when there is none.</summary>
    private Expression ParseBlock(string message)
    {
        if (!AtBlock)
        {
            Expected(message);
            return new Expression.Error(TextSpan.Empty(_lastEnd));
        }
        var outer = (_arrowEnds, _inArms);
        (_arrowEnds, _inArms) = (false, false);
        Advance();
        Advance();
        var start = Start;
        var statements = ParseStatements();
        Accept(TokenKind.Dedent);
        (_arrowEnds, _inArms) = outer;
        return statements.IsEmpty
            ? new Expression.Error(SpanFrom(start))
            : new Expression.Block(statements, SpanFrom(start));
    }

    private System.Collections.Immutable.ImmutableArray<Expression> ParseStatements()
    {
        var mark = _expressions.Mark;
        var onlyBindings = true;
        while (true)
        {
            SkipNewLines();
            if (Kind is TokenKind.Dedent or TokenKind.EndOfFile) break;
            if (Kind == TokenKind.With)
            {
                if (!onlyBindings) _messages.WithOrder(Current.Span);
                _expressions.Add(ParseWith());
                break;
            }
            var before = _position;
            var statement = ParseStatement();
            onlyBindings &= statement is Expression.Let or Expression.Error;
            _expressions.Add(statement);
            EndStatement("unexpected token after expression");
            // What begins no expression, directly after a block, is on no line that could be skipped.
            if (_position == before) Advance();
        }
        return _expressions.Take(mark);
    }

    private Expression ParseStatement()
    {
        if (Kind == TokenKind.Doc)
        {
            var span = Current.Span;
            Expected("doc comments can only be attached to declarations and their members");
            Advance();
            return new Expression.Error(span);
        }
        if (Kind == TokenKind.Indent)
        {
            Expected("unexpected indentation");
            SkipBlock();
            return new Expression.Error(TextSpan.Empty(_lastEnd));
        }
        return ParseExpression();
    }

    /// <summary>A statement ends at the line end or with the block that ended it; anything else is reported and skipped.</summary>
    private void EndStatement(string message)
    {
        switch (Kind)
        {
            case TokenKind.NewLine when PeekKind(1) == TokenKind.Indent:
                ReportDeeperLine(message);
                SkipLine();
                return;
            case TokenKind.NewLine or TokenKind.Dedent or TokenKind.EndOfFile:
                return;
        }
        if (PreviousIsDedent) return;
        Expected(message, Kind == TokenKind.Equal ? "there is no assignment; bind a new name with `let`" : null);
        SkipLine();
    }

    private void ReportDeeperLine(string message)
    {
        if (_lastReported == _position) return;
        _lastReported = _position;
        ref readonly var first = ref _tokens[_position + 2];
        ref readonly var second = ref _tokens[Math.Min(_position + 3, _tokens.Length - 1)];
        if (first.Kind == TokenKind.Bar && second.Kind == TokenKind.Greater) _messages.PipeOperator(first.Span);
        else if (first.Kind != TokenKind.Error)
            _messages.Error(first.Span, $"{message}: this line is indented deeper",
                "end the line above with the operator, or align this line with it");
    }

    /// <summary><c>with</c> takes the rest of its block (3.16).</summary>
    private Expression ParseWith()
    {
        var start = Start;
        if (!Enter())
        {
            Leave();
            return new Expression.Error(TextSpan.Empty(start));
        }
        var outer = _height;
        Advance();
        Pattern? pattern = null;
        if (IsBindingAhead())
        {
            pattern = ParsePattern();
            Expect(TokenKind.BackArrow, "expected <- after pattern");
        }
        var invocation = ParseExpression();
        EndStatement("unexpected token after expression");
        SkipNewLines();
        var restStart = Start;
        if (Kind is TokenKind.Dedent or TokenKind.EndOfFile)
            _messages.Error(SpanFrom(start), "`with` must be followed by a body expression");
        var rest = ParseStatements();
        Leave();
        _height = Math.Max(outer, _height + 1);
        Expression body = rest.IsEmpty
            ? new Expression.Error(TextSpan.Empty(_lastEnd))
            : new Expression.Block(rest, SpanFrom(restStart));
        return new Expression.With(pattern, invocation, body, SpanFrom(start));
    }

    /// <summary>Does a <c>&lt;-</c> stand outside brackets on this line?</summary>
    private bool IsBindingAhead()
    {
        var depth = 0;
        for (var i = _position; ; i++)
        {
            var kind = _tokens[i].Kind;
            if (kind is TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent or TokenKind.EndOfFile) return false;
            if (kind == TokenKind.BackArrow && depth == 0) return true;
            if (TokenFacts.IsOpener(kind)) depth++;
            if (TokenFacts.IsCloser(kind)) depth--;
        }
    }

    private Expression.Let ParseLet()
    {
        var start = Start;
        Advance();
        var pattern = ParsePattern();
        var type = Accept(TokenKind.Colon) ? ParseType() : null;
        var value = Expect(TokenKind.Equal, "expected = after pattern")
            ? ParseExpression()
            : new Expression.Error(TextSpan.Empty(_lastEnd));
        return new Expression.Let(pattern, type, value, SpanFrom(start));
    }

    private Expression.Lambda ParseLambda()
    {
        var start = Start;
        Advance();
        var mark = _lambdaParameters.Mark;
        while (Kind != TokenKind.Bar && !AtEnd)
        {
            _lambdaParameters.Add(ParseLambdaParameter());
            if (!Accept(TokenKind.Comma)) break;
        }
        var parameters = _lambdaParameters.Take(mark);
        Expect(TokenKind.Bar, "expected | after lambda parameters");
        Accept(TokenKind.Arrow);
        return new Expression.Lambda(parameters, ParseBody(), SpanFrom(start));
    }

    private LambdaParameter ParseLambdaParameter()
    {
        var start = Start;
        var pattern = ParsePatternAtom();
        if (Kind == TokenKind.As && TokenFacts.IsLower(PeekKind(1)))
        {
            Advance();
            pattern = new Pattern.As(pattern, TakeName(), SpanFrom(start));
        }
        return new LambdaParameter(pattern, Accept(TokenKind.Colon) ? ParseType() : null);
    }

    private Expression ParseIf()
    {
        var start = Start;
        Advance();
        var condition = ParseExpression();
        if (Accept(TokenKind.Then)) return ParseInlineIf(condition, start);
        if (!AtBlock)
        {
            Expected("expected `then` or an indented block after the condition of `if`");
            return new Expression.If(condition, new Expression.Error(TextSpan.Empty(_lastEnd)), null, SpanFrom(start));
        }
        var then = ParseBlock("");
        Expression? otherwise = null;
        if (AtContinuation(TokenKind.Else))
        {
            TakeContinuation();
            otherwise = Kind == TokenKind.If ? ParseElseIf() : ParseBlock("expected an indented block after `else`");
        }
        return new Expression.If(condition, then, otherwise, SpanFrom(start));
    }

    private Expression ParseElseIf()
    {
        if (!Enter())
        {
            Leave();
            return new Expression.Error(SpanOfCurrent());
        }
        var result = ParseIf();
        _height++;
        Leave();
        return result;
    }

    private Expression.If ParseInlineIf(Expression condition, int start)
    {
        var then = ParseBody();
        if (!AtContinuation(TokenKind.Else))
        {
            Expected("expected `else`: an inline `if` requires an `else` branch");
            return new Expression.If(condition, then, new Expression.Error(TextSpan.Empty(_lastEnd)), SpanFrom(start));
        }
        TakeContinuation();
        return new Expression.If(condition, then, ParseBody(), SpanFrom(start));
    }

    private Expression.Case ParseCase()
    {
        var start = Start;
        Advance();
        var scrutinee = ParseExpression();
        var mark = _caseArms.Mark;
        ParseArms("expected block after case scrutinee", () => _caseArms.Add(ParseCaseArm()));
        return new Expression.Case(scrutinee, _caseArms.Take(mark), SpanFrom(start));
    }

    /// <summary>An indented block of arms; a comma may end an arm.</summary>
    private void ParseArms(string message, Action arm)
    {
        if (!AtBlock)
        {
            Expected(message);
            return;
        }
        Advance();
        Advance();
        while (true)
        {
            SkipNewLines();
            if (Kind is TokenKind.Dedent or TokenKind.EndOfFile) break;
            var before = _position;
            arm();
            if (!Accept(TokenKind.Comma) || !OnNewLine) EndStatement("unexpected token after expression");
            if (_position == before) Advance();
        }
        Accept(TokenKind.Dedent);
    }

    private CaseArm ParseCaseArm()
    {
        var start = Start;
        var pattern = ParsePattern();
        var guard = Accept(TokenKind.When) ? ParseCondition() : null;
        var body = ParseArmBody("expected -> after pattern");
        return new CaseArm(pattern, guard, body, SpanFrom(start));
    }

    private Expression ParseArmBody(string message)
    {
        if (!Expect(TokenKind.Arrow, message)) return new Expression.Error(TextSpan.Empty(_lastEnd));
        var outer = (_arrowEnds, _inArms);
        (_arrowEnds, _inArms) = (false, true);
        var body = ParseBody();
        (_arrowEnds, _inArms) = outer;
        return body;
    }

    private Expression.Cond ParseCond()
    {
        var start = Start;
        Advance();
        var mark = _condArms.Mark;
        ParseArms("expected block after cond", () => _condArms.Add(ParseCondArm()));
        return new Expression.Cond(_condArms.Take(mark), SpanFrom(start));
    }

    private CondArm ParseCondArm()
    {
        var start = Start;
        Expression? condition = null;
        if (Kind == TokenKind.Underscore && PeekKind(1) == TokenKind.Arrow) Advance();
        else condition = ParseCondition();
        var body = ParseArmBody("expected -> after condition");
        return new CondArm(condition, body, SpanFrom(start));
    }

    private Expression.For ParseFor()
    {
        var start = Start;
        CheckExprBody();
        Advance();
        var pattern = ParsePattern();
        Expect(TokenKind.In, "expected `in` after the pattern of `for`");
        var iterable = ParseExpression();
        return new Expression.For(pattern, iterable, ParseBlock("expected block after `for`"), SpanFrom(start));
    }

    private Expression.While ParseWhile()
    {
        var start = Start;
        CheckExprBody();
        Advance();
        var condition = ParseExpression();
        return new Expression.While(condition, ParseBlock("expected block after the condition of `while`"), SpanFrom(start));
    }

    /// <summary><c>expr</c> bodies are for other back ends too and lack these forms (2.4.4).</summary>
    private void CheckExprBody()
    {
        if (_inExprBody) _messages.Rule(Current.Span, $"`{Text}` is not allowed in the body of an `expr`");
    }
}
