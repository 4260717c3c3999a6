using Kea.Source;

namespace Kea.Syntax;

internal ref partial struct Lexer
{
    /// <summary>An integer or float (1.8, 1.9). Malformed ones are reported and stay numbers.</summary>
    private TokenKind ScanNumber()
    {
        var start = _position;
        if (_text[start] == '0' && (Peek(1) | 0x20) is 'x' or 'b' or 'o') return ScanBased(start);
        var valid = ScanDigits();
        var kind = TokenKind.Integer;
        if (Current == '.' && char.IsAsciiDigit(Peek(1)) && !FollowsDot)
        {
            kind = TokenKind.Float;
            _position++;
            valid &= ScanDigits();
            valid &= ScanExponent();
        }
        valid &= !SkipWordTail();
        if (!valid) _messages.InvalidNumber(new TextSpan(start, _position), kind);
        return kind;
    }

    /// <summary>In <c>t.0.1</c> both indices are integers.</summary>
    private readonly bool FollowsDot => _tokens.Count > 0 && _tokens.Last.Kind == TokenKind.Dot;

    private TokenKind ScanBased(int start)
    {
        var radix = Numbers.Radix(_text[start + 1]);
        _position += 2;
        var digits = _position;
        SkipWordTail();
        if (!Numbers.AreDigits(_text[digits.._position], radix))
            _messages.InvalidNumber(new TextSpan(start, _position), TokenKind.Integer);
        return TokenKind.Integer;
    }

    /// <summary>Digits with single underscores between them; false when an underscore stands elsewhere.</summary>
    private bool ScanDigits()
    {
        var start = _position;
        while (char.IsAsciiDigit(Current) || Current == '_') _position++;
        return Numbers.AreDigits(_text[start.._position], 10);
    }

    private bool ScanExponent()
    {
        if ((Current | 0x20) != 'e') return true;
        var sign = Peek(1) is '+' or '-' ? 1 : 0;
        if (!char.IsAsciiDigit(Peek(1 + sign))) return true;
        _position += 1 + sign;
        while (char.IsAsciiDigit(Current)) _position++;
        return true;
    }

    /// <summary>There are no suffixes: letters glued to a number make it malformed.</summary>
    private bool SkipWordTail()
    {
        var start = _position;
        while (_position < _text.Length && IsWordPart(_text[_position])) _position++;
        return _position > start;
    }
}
