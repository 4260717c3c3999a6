using System.Collections.Immutable;
using System.Text;
using Kea.Source;

namespace Kea.Syntax;

internal sealed partial class Parser
{
    private readonly Scratch<InterpolationPart> _parts = new();
    private readonly StringBuilder _builder = new();
    private bool _isNestedHole;

    /// <summary>The value of the literal token at hand, which is consumed.</summary>
    private LiteralValue TakeLiteral()
    {
        var span = Current.Span;
        LiteralValue value = Kind switch
        {
            TokenKind.Integer => IntegerValue(span),
            TokenKind.Float => FloatValue(span),
            TokenKind.Char => new LiteralValue.Char(CharValue(span)),
            TokenKind.True => new LiteralValue.Bool(true),
            TokenKind.False => new LiteralValue.Bool(false),
            _ => new LiteralValue.String(StringValue(span)),
        };
        Advance();
        return value;
    }

    private LiteralValue.Integer IntegerValue(TextSpan span)
    {
        if (Numbers.TryInteger(_text.AsSpan(span.Start, span.Length), out var value)) return new LiteralValue.Integer(value);
        _messages.IntegerTooLarge(span);
        return new LiteralValue.Integer(0);
    }

    private LiteralValue.Float FloatValue(TextSpan span)
    {
        if (Numbers.TryFloat(_text.AsSpan(span.Start, span.Length), out var value)) return new LiteralValue.Float(value);
        _messages.FloatTooLarge(span);
        return new LiteralValue.Float(0);
    }

    private int CharValue(TextSpan span)
    {
        var literal = _text.AsSpan(span.Start, span.Length);
        var value = CharLiterals.Decode(literal, out var fault);
        switch (fault)
        {
            case CharFault.None: break;
            case CharFault.UnknownEscape: _messages.UnknownEscape(span, literal[1..^1]); break;
            case CharFault.InvalidScalar: _messages.InvalidScalar(span); break;
            case CharFault.InvalidHex: _messages.InvalidHexEscape(span); break;
        }
        return value;
    }

    /// <summary>A string without holes.</summary>
    private string StringValue(TextSpan span)
    {
        var content = StringContent.Of(_text, span);
        var text = content.Text(_text);
        if (!content.IsTriple && text.IndexOfAny("\\{}") < 0) return text.ToString();
        var parts = DecodeString(content);
        return parts is [InterpolationPart.Text only] ? only.Value : "";
    }

    private Expression.Interpolation ParseInterpolation()
    {
        var span = Current.Span;
        var parts = DecodeString(StringContent.Of(_text, span));
        Advance();
        return new Expression.Interpolation(parts, span);
    }

    /// <summary>Texts and holes in turn; texts that came out empty are left out.</summary>
    private ImmutableArray<InterpolationPart> DecodeString(StringContent content)
    {
        var mark = _parts.Mark;
        var outerLength = _builder.Length;
        var at = content.Start;
        if (content.StripsFirstLine) at = content.SkipIndentation(_text, at);
        while (at < content.End)
        {
            if (_text[at] == '{' && !(at + 1 < content.End && _text[at + 1] == '{'))
            {
                FlushText(outerLength);
                var end = StringExtent.HoleEnd(_text, at);
                _parts.Add(new InterpolationPart.Hole(ParseHole(at + 1, end - 1)));
                at = end;
            }
            else at = DecodeCharacter(content, at);
        }
        FlushText(outerLength);
        return _parts.Take(mark);
    }

    private void FlushText(int outerLength)
    {
        var length = _builder.Length - outerLength;
        if (length == 0) return;
        _parts.Add(new InterpolationPart.Text(_builder.ToString(outerLength, length)));
        _builder.Length = outerLength;
    }

    /// <summary>Appends what stands at this offset and returns the next one.</summary>
    private int DecodeCharacter(StringContent content, int at)
    {
        var c = _text[at];
        var next = at + 1 < content.End ? _text[at + 1] : '\0';
        switch (c)
        {
            case '{' or '}' when next == c:
                _builder.Append(c);
                return at + 2;
            case '\\':
                return DecodeEscape(at, content.End);
            case '\r' when next == '\n':
                return at + 1;
            case '\n':
                _builder.Append('\n');
                return content.SkipIndentation(_text, at + 1);
            default:
                _builder.Append(c);
                return at + 1;
        }
    }

    private int DecodeEscape(int at, int end)
    {
        var escaped = at + 1 < end ? _text[at + 1] : '\0';
        switch (escaped)
        {
            case 'n': _builder.Append('\n'); break;
            case 't': _builder.Append('\t'); break;
            case '\\' or '"': _builder.Append(escaped); break;
            default:
                var length = at + 2 <= end ? 2 : 1;
                _messages.UnknownEscape(new TextSpan(at, at + length), _text.AsSpan(at, length));
                return at + length;
        }
        return at + 2;
    }

    /// <summary>The expression of a hole, from its own token stream (1.11.2).</summary>
    private Expression ParseHole(int start, int end)
    {
        var text = _text.AsSpan(start, end - start);
        if (IsPlainName(text))
        {
            var name = new Name(_names.Get(text), new TextSpan(start, end));
            return new Expression.Variable(name, name.Span);
        }
        if (!Enter())
        {
            Leave();
            return new Expression.Error(new TextSpan(start, end));
        }
        var found = new DiagnosticBag();
        var expression = ParseHole(start, end, found, insideBrackets: false);
        // A hole over several lines may be laid out as a block or broken anywhere; both readings are tried.
        if (found.HasErrors && !_isNestedHole && text.Contains('\n'))
        {
            var second = new DiagnosticBag();
            var other = ParseHole(start, end, second, insideBrackets: true);
            if (!second.HasErrors) (expression, found) = (other, second);
        }
        _messages.Take(found);
        Leave();
        return expression;
    }

    private int LineIndentation(int at)
    {
        var line = _text.LastIndexOf('\n', at - 1) + 1;
        var spaces = _text.AsSpan(line, at - line).IndexOfAnyExcept(' ');
        return Math.Max(spaces, 0);
    }

    private static bool IsPlainName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetterLower(text[0])) return false;
        foreach (var c in text) if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        return Keywords.OfLower(text) == TokenKind.Lower;
    }

    private Expression ParseHole(int start, int end, DiagnosticBag found, bool insideBrackets)
    {
        var outer = (_messages, _tokens, _position, _lastEnd, _lastReported, _isNestedHole, _arrowEnds, _inArms);
        _messages = new SyntaxMessages(_source, found) { IsSilent = outer._messages.IsSilent };
        _tokens = TokenStream.Of(_text, start, end, _messages, insideBrackets, LineIndentation(start));
        (_position, _lastEnd, _lastReported, _isNestedHole, _arrowEnds, _inArms) = (0, start, -1, true, false, false);
        var expression = ParseHoleTokens(start, end);
        (_messages, _tokens, _position, _lastEnd, _lastReported, _isNestedHole, _arrowEnds, _inArms) = outer;
        return expression;
    }

    private Expression ParseHoleTokens(int start, int end)
    {
        if (AtEnd)
        {
            _messages.EmptyInterpolation(new TextSpan(start - 1, end + 1));
            return new Expression.Error(new TextSpan(start, end));
        }
        var expression = ParseExpression();
        SkipNewLines();
        if (!AtEnd && Kind != TokenKind.Error && _lastReported != _position)
            _messages.LeftOverInterpolation(SpanOfCurrent());
        return expression;
    }
}
