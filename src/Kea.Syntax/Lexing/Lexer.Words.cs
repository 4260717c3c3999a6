using Kea.Source;

namespace Kea.Syntax;

internal ref partial struct Lexer
{
    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private ReadOnlySpan<char> ScanWord()
    {
        var start = _position++;
        while (_position < _text.Length && IsWordPart(_text[_position])) _position++;
        return _text[start.._position];
    }

    private TokenKind ScanUpper() => Keywords.OfUpper(ScanWord());

    private TokenKind ScanUnderscore() =>
        ScanWord().Length == 1 ? TokenKind.Underscore : TokenKind.Lower;

    private TokenKind ScanLower()
    {
        var start = _position;
        var word = ScanWord();
        var kind = Keywords.OfLower(word);
        switch (kind)
        {
            case TokenKind.Doc:
                ScanDoc(start);
                return TokenKind.Doc;
            case TokenKind.Sql or TokenKind.Html or TokenKind.Markdown when BraceFollows():
                _messages.ForeignBlock(new TextSpan(start, _position), word);
                SkipForeignBlock();
                return TokenKind.Error;
            case TokenKind.Lower when word is "frame" && BraceFollows():
                _messages.FrameLiteral(new TextSpan(start, _position));
                SkipForeignBlock();
                return TokenKind.Error;
            default:
                return kind;
        }
    }

    private readonly bool BraceFollows()
    {
        var at = _position;
        while (at < _text.Length && _text[at] == ' ') at++;
        return at < _text.Length && _text[at] == '{';
    }

    /// <summary>Skips to the brace that closes the block, or to the line end when none does.</summary>
    private void SkipForeignBlock()
    {
        var depth = 0;
        for (var at = _position; at < _text.Length; at++)
        {
            if (_text[at] == '{') depth++;
            if (_text[at] != '}' || --depth > 0) continue;
            _position = at + 1;
            _lineStart = _text[.._position].LastIndexOf('\n') + 1;
            return;
        }
        _position = LineEnd(_position);
    }

    /// <summary>
    /// The raw text of a doc block (1.4.1): the rest of the line, or every following line that is blank or at least as
    /// deep as the first. The token ends before the line end of its last line.
    /// </summary>
    private void ScanDoc(int start)
    {
        var column = start - _lineStart;
        var end = TrimmedLineEnd(_position);
        if (!_text[_position..end].IsWhiteSpace())
        {
            _position = end;
            return;
        }
        var line = NextLine(LineEnd(_position));
        var depth = Indentation(line);
        if (IsBlankLine(line) || depth <= column) return;
        var last = _position;
        while (line < _text.Length && (IsBlankLine(line) || Indentation(line) >= depth))
        {
            if (!IsBlankLine(line))
            {
                last = TrimmedLineEnd(line);
                _lineStart = line;
            }
            line = NextLine(LineEnd(line));
        }
        _position = last;
    }

    private readonly int NextLine(int lineEnd) => Math.Min(lineEnd + 1, _text.Length);

    private readonly int TrimmedLineEnd(int from)
    {
        var end = LineEnd(from);
        return end > from && end < _text.Length && _text[end - 1] == '\r' ? end - 1 : end;
    }

    private readonly int Indentation(int line)
    {
        var spaces = _text[line..].IndexOfAnyExcept(' ');
        return spaces < 0 ? _text.Length - line : spaces;
    }

    private readonly bool IsBlankLine(int line) => _text[line..LineEnd(line)].IsWhiteSpace();
}
