using Kea.Source;

namespace Kea.Syntax;

internal sealed partial class Parser
{
    /// <summary>An arrow: <c>-></c>, <c>-[…]></c> or, tight before an Upper name, <c>-Effects></c>.</summary>
    private bool AtArrow => Kind switch
    {
        TokenKind.Arrow => true,
        TokenKind.Minus => PeekKind(1) == TokenKind.OpenBracket || AtAliasArrow,
        _ => false,
    };

    private bool AtAliasArrow =>
        PeekKind(1) == TokenKind.Upper && _tokens[_position + 1].Span.Start == Current.Span.End;

    private (EffectRowSyntax Effects, TypeSyntax Result) ParseArrowAndResult()
    {
        var effects = ParseArrow();
        return (effects, ParseType());
    }

    private EffectRowSyntax ParseArrow()
    {
        var start = Start;
        if (Accept(TokenKind.Arrow)) return new EffectRowSyntax(false, [], null, false, SpanFrom(start));
        Advance();
        if (Kind != TokenKind.OpenBracket) return ParseAliasArrow(start);
        Advance();
        var row = ParseEffectRow(start, "expected effect after -[");
        if (Expect(TokenKind.CloseBracket, "expected ] in effect arrow"))
            Expect(TokenKind.Greater, "expected > to complete effect arrow");
        else SkipBrokenArrow();
        return row with { Span = SpanFrom(start) };
    }

    /// <summary>Goes on behind the arrow's end when that stands on the same line, so that the result type is still read.</summary>
    private void SkipBrokenArrow()
    {
        for (var i = _position; _tokens[i].Kind is not (TokenKind.NewLine or TokenKind.EndOfFile); i++)
        {
            if (_tokens[i].Kind is not (TokenKind.Greater or TokenKind.Arrow)) continue;
            while (_position <= i) Advance();
            return;
        }
    }

    private EffectRowSyntax ParseAliasArrow(int start)
    {
        var item = ParseEffectItem();
        Expect(TokenKind.Greater, "expected > to complete effect arrow");
        return new EffectRowSyntax(true, [item], null, true, SpanFrom(start));
    }

    private TypeSyntax ParseEffectList()
    {
        var start = Start;
        Advance();
        var row = Kind == TokenKind.CloseBracket
            ? new EffectRowSyntax(true, [], null, false, SpanFrom(start))
            : ParseEffectRow(start, "expected effect after [");
        Expect(TokenKind.CloseBracket, "expected ] in effect list");
        return new TypeSyntax.EffectList(row with { Span = SpanFrom(start) }, SpanFrom(start));
    }

    private EffectRowSyntax ParseEffectRow(int start, string message)
    {
        var mark = _effectItems.Mark;
        if (Kind != TokenKind.Bar)
        {
            do
            {
                if (Kind == TokenKind.CloseBracket && _effectItems.CountSince(mark) > 0) break;
                if (Kind != TokenKind.Upper && !AtLower)
                {
                    Expected(message);
                    break;
                }
                _effectItems.Add(ParseEffectItem());
            }
            while (Accept(TokenKind.Comma));
        }
        Name? tail = null;
        if (Accept(TokenKind.Bar))
        {
            if (AtLower) tail = TakeName();
            else Expected("expected effect variable after |");
        }
        var row = new EffectRowSyntax(true, _effectItems.Take(mark), tail, false, SpanFrom(start));
        CheckTail(row);
        return row;
    }

    /// <summary>A lower name is the row's tail and so comes last (2.4.2).</summary>
    private void CheckTail(EffectRowSyntax row)
    {
        for (var i = 0; i < row.Items.Length; i++)
        {
            var name = row.Items[i].Path.Last;
            if (name.IsMissing || !char.IsAsciiLetterLower(name.Text[0])) continue;
            if (i < row.Items.Length - 1 || row.Tail is not null)
                _messages.Error(name.Span, $"effect variable `{name.Text}` must come last in an effect row");
        }
    }

    private EffectItemSyntax ParseEffectItem()
    {
        var start = Start;
        var path = Kind == TokenKind.Upper ? ParseTypePath() : LowerPath();
        var mark = _types.Mark;
        while (AtTypeArgument) _types.Add(ParseTypeAtom());
        return new EffectItemSyntax(path, _types.Take(mark), SpanFrom(start));
    }

    private PathName LowerPath()
    {
        var name = TakeName();
        return new PathName([name], name.Span);
    }
}
