using Kea.Source;

namespace Kea.Syntax;

internal ref partial struct Lexer
{
    private TokenKind ScanString()
    {
        var start = _position;
        var extent = StringExtent.Of(_text, start);
        _position = extent.End;
        switch (extent.Fault)
        {
            case StringFault.None: break;
            case StringFault.Unterminated:
                _messages.UnterminatedString(new TextSpan(start, start + extent.QuoteLength));
                return TokenKind.Error;
            case StringFault.UnterminatedHole:
                _messages.UnterminatedInterpolation(TextSpan.Empty(extent.FaultAt) with { End = extent.FaultAt + 1 });
                return TokenKind.Error;
            case StringFault.TooDeep:
                _messages.NestedTooDeeply(new TextSpan(start, start + 1), "string interpolation", StringExtent.DepthMax);
                return TokenKind.Error;
        }
        var newLine = _text[start.._position].LastIndexOf('\n');
        if (newLine >= 0) _lineStart = start + newLine + 1;
        return extent.HasHoles ? TokenKind.InterpolatedString : TokenKind.String;
    }

    /// <summary>One scalar value or escape between single quotes (1.10).</summary>
    private TokenKind ScanChar()
    {
        var start = _position++;
        if (Current == '\'')
        {
            _position++;
            _messages.EmptyCharacter(new TextSpan(start, _position));
            return TokenKind.Error;
        }
        var end = CharLiterals.End(_text, start);
        if (end >= 0)
        {
            _position = end;
            return TokenKind.Char;
        }
        while (_position < _text.Length && IsWordPart(_text[_position])) _position++;
        if (Current == '\'') _position++;
        _messages.UnterminatedCharacter(new TextSpan(start, _position));
        return TokenKind.Error;
    }
}
