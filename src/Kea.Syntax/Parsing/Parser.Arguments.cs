using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

internal sealed partial class Parser
{
    private readonly Scratch<Argument> _arguments = new();
    private readonly Scratch<RecordItem> _recordItems = new();

    /// <summary>Inside brackets neither an arrow nor a line end means what it means outside.</summary>
    private (bool ArrowEnds, bool InArms) EnterBrackets()
    {
        var outer = (_arrowEnds, _inArms);
        (_arrowEnds, _inArms) = (false, false);
        return outer;
    }

    /// <summary>A bracketed argument list, with its brackets.</summary>
    /// <param name="takesReceiver">It may hold one placeholder (3.6.4).</param>
    /// <param name="isConstructor">Mixing labels and positions is then the checker's to report (3.5.2).</param>
    private ImmutableArray<Argument> ParseArguments(bool takesReceiver, bool isConstructor = false)
    {
        var outer = EnterBrackets();
        Advance();
        var mark = _arguments.Mark;
        var placeholders = 0;
        while (Kind != TokenKind.CloseParen && !AtEnd)
        {
            var argument = ParseArgument(takesReceiver);
            if (argument.Value is Expression.Placeholder placeholder && ++placeholders == 2)
                _messages.Error(placeholder.Span, "multiple `_` receiver placeholders in one call");
            _arguments.Add(argument);
            if (!Accept(TokenKind.Comma)) break;
        }
        var arguments = _arguments.Take(mark);
        CloseBracketed(TokenKind.CloseParen, "expected , or ) after argument");
        (_arrowEnds, _inArms) = outer;
        if (!isConstructor) CheckArgumentOrder(arguments);
        return arguments;
    }

    private void CheckArgumentOrder(ImmutableArray<Argument> arguments)
    {
        var seenLabel = false;
        foreach (var argument in arguments)
        {
            if (argument.Label is not null) seenLabel = true;
            else if (seenLabel)
            {
                _messages.Error(argument.Value.Span, "positional arguments must come before labeled arguments");
                return;
            }
        }
    }

    private Argument ParseArgument(bool takesReceiver)
    {
        Name? label = null;
        if (AtLower && PeekKind(1) == TokenKind.Colon && !AtPrefixedAtom)
        {
            label = TakeName();
            Advance();
        }
        var isPlaceholder = Kind == TokenKind.Dollar
            || Kind == TokenKind.Underscore && PeekKind(1) is TokenKind.Comma or TokenKind.CloseParen;
        if (isPlaceholder) return new Argument(label, ParsePlaceholder(takesReceiver && label is null));
        if (AtTypeArgumentOfCall) return new Argument(label, ParseTypeArgument());
        return new Argument(label, ParseExpression());
    }

    /// <summary><c>fail :gone</c>, as against the label in <c>fail: gone</c>.</summary>
    private bool AtPrefixedAtom
    {
        get
        {
            if (Kind is not (TokenKind.Fail or TokenKind.Resume or TokenKind.Catch or TokenKind.Panic)) return false;
            var colon = _tokens[_position + 1].Span;
            ref readonly var name = ref _tokens[_position + 2];
            return colon.Start > Current.Span.End && name.Span.Start == colon.End && TokenFacts.IsLower(name.Kind);
        }
    }

    private Expression ParsePlaceholder(bool isAllowed)
    {
        var span = Current.Span;
        if (!isAllowed)
            Expected($"expected expression: `{Text}` marks the receiver's place in a method call's own arguments, without label");
        Advance();
        return isAllowed ? new Expression.Placeholder(span) : new Expression.Error(span);
    }

    /// <summary>An Upper name followed on its line by a name is a type application (3.22), except <c>Unique x</c> (3.23).</summary>
    private bool AtTypeArgumentOfCall
    {
        get
        {
            if (Kind != TokenKind.Upper) return false;
            var at = _position + 1;
            while (_tokens[at].Kind == TokenKind.Dot && _tokens[at + 1].Kind == TokenKind.Upper) at += 2;
            ref readonly var next = ref _tokens[at];
            var isName = next.Kind == TokenKind.Upper || TokenFacts.IsLower(next.Kind) && next.Kind != TokenKind.As;
            if (!isName || HasLineEndBefore(next)) return false;
            return next.Kind == TokenKind.Upper || Text is not "Unique";
        }
    }

    private bool HasLineEndBefore(in Token token) =>
        _text.AsSpan(token.TriviaStart, token.Span.Start - token.TriviaStart).Contains('\n');

    private Expression.TypeArgument ParseTypeArgument()
    {
        var start = Start;
        return new Expression.TypeArgument(ParseTypeApplication(), SpanFrom(start));
    }

    /// <summary>Fields up to and with the closing brace.</summary>
    private ImmutableArray<RecordItem> ParseRecordItems(bool allowSpread)
    {
        var outer = EnterBrackets();
        var mark = _recordItems.Mark;
        while (Kind != TokenKind.CloseBrace && !AtEnd)
        {
            var start = Start;
            if (Kind == TokenKind.DotDot)
            {
                if (!allowSpread) Expected("expected field name: `..` is not allowed in an update");
                Advance();
                var spread = ParseExpression();
                _recordItems.Add(new RecordItem(null, spread, SpanFrom(start)));
            }
            else if (AtLower)
            {
                var name = TakeName();
                if (!Accept(TokenKind.Colon)) Expected("expected : and a value after field name",
                    "fields without value stand in patterns only");
                else _recordItems.Add(new RecordItem(name, ParseExpression(), SpanFrom(start)));
            }
            else
            {
                Expected("expected field name");
                break;
            }
            if (!Accept(TokenKind.Comma)) break;
        }
        var items = _recordItems.Take(mark);
        CloseBracketed(TokenKind.CloseBrace, "expected , or } after field");
        CheckSpreads(items, allowSpread);
        (_arrowEnds, _inArms) = outer;
        return items;
    }

    /// <summary>The spread stands first or last, once (3.10).</summary>
    private void CheckSpreads(ImmutableArray<RecordItem> items, bool allowSpread)
    {
        if (!allowSpread) return;
        var seen = false;
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Name is not null) continue;
            if (seen) _messages.Error(items[i].Span, "expected field name: a record literal has at most one spread");
            else if (i > 0 && i < items.Length - 1)
                _messages.Error(items[i].Span, "expected field name: the spread stands first or last");
            seen = true;
        }
    }
}
