using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

internal sealed partial class Parser
{
    private readonly Scratch<HandlerClause> _clauses = new();

    /// <summary><c>handle e</c>, its clauses, and <c>then</c> among them or after the block (3.17.1).</summary>
    private Expression.Handle ParseHandle()
    {
        var start = Start;
        CheckExprBody();
        Advance();
        var body = ParseExpression();
        var mark = _clauses.Mark;
        ThenClause? then = null;
        if (AtBlock) ParseArms("", () => ParseClauseOrThen(ref then));
        if (then is null && AtContinuation(TokenKind.Then))
        {
            if (Kind == TokenKind.NewLine) Advance();
            TakeThen(ref then);
        }
        var clauses = _clauses.Take(mark);
        if (clauses.IsEmpty && _lastReported != _position && Kind != TokenKind.Error)
            _messages.Error(SpanFrom(start), "handle expression requires at least one operation clause");
        return new Expression.Handle(body, clauses, then, SpanFrom(start));
    }

    private void ParseClauseOrThen(ref ThenClause? then)
    {
        if (Kind == TokenKind.Then) TakeThen(ref then);
        else if (ParseClause() is { } clause) _clauses.Add(clause);
    }

    private void TakeThen(ref ThenClause? then)
    {
        if (then is not null) _messages.Error(Current.Span, "unexpected second `then` clause");
        then = ParseThen();
    }

    private HandlerClause? ParseClause()
    {
        var start = Start;
        if (Kind != TokenKind.Upper)
        {
            Expected("expected handler clause `Effect.operation(…) -> …`");
            SkipLine();
            return null;
        }
        var path = ParseTypePath();
        if (!Accept(TokenKind.Dot) || !AtLower)
        {
            Expected("expected operation name in handler clause");
            SkipLine();
            return null;
        }
        var operation = TakeName();
        ImmutableArray<Pattern> parameters = [];
        if (Expect(TokenKind.OpenParen, "expected ( after operation name"))
        {
            parameters = ParsePatternList(TokenKind.CloseParen, out _);
            CloseBracketed(TokenKind.CloseParen, "expected ) in handler clause");
        }
        Name? continuation = null;
        if (Accept(TokenKind.With))
        {
            if (AtLower) continuation = TakeName();
            else Expected("expected a name for the continuation after `with`");
        }
        var body = ParseArmBody("expected -> after handler clause");
        return new HandlerClause(path, operation, parameters, continuation, body, SpanFrom(start));
    }

    private ThenClause ParseThen()
    {
        var start = Start;
        Advance();
        if ((AtLower || Kind == TokenKind.Underscore) && PeekKind(1) == TokenKind.Arrow)
        {
            var parameter = TakeName();
            return new ThenClause(parameter, ParseArmBody("expected ->"), SpanFrom(start));
        }
        return new ThenClause(null, ParseBody(), SpanFrom(start));
    }
}
