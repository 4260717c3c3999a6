using Kea.Source;

namespace Kea.Syntax;

/// <summary>
/// Text to raw tokens (language reference, part 1): every character belongs to one token or to the trivia before one.
/// One NewLine stands for a maximal run of line ends after a token; layout comes after.
/// </summary>
/// <remarks>Works on a range of the text, so that the holes of interpolated strings are lexed in place.</remarks>
internal ref partial struct Lexer
{
    private readonly ReadOnlySpan<char> _text;
    private readonly SyntaxMessages _messages;
    private readonly TokenBuffer _tokens;
    private int _position;
    /// <summary>Offset of the first character of the current line.</summary>
    private int _lineStart;
    /// <summary>The line whose first token has been seen.</summary>
    private int _checkedLine = -1;
    private bool _tabsReported;

    private Lexer(ReadOnlySpan<char> text, int start, SyntaxMessages messages, TokenBuffer tokens)
    {
        _text = text;
        _messages = messages;
        _tokens = tokens;
        _position = start;
        _lineStart = start == 0 ? 0 : text[..start].LastIndexOf('\n') + 1;
    }

    /// <summary>Appends the raw tokens of <c>text[start..end]</c>, ending with EndOfFile.</summary>
    public static void Scan(string text, int start, int end, SyntaxMessages messages, TokenBuffer tokens)
    {
        var lexer = new Lexer(text.AsSpan(0, end), start, messages, tokens);
        lexer.Run();
    }

    private char Current => _position < _text.Length ? _text[_position] : '\0';

    private readonly char Peek(int ahead)
    {
        var at = _position + ahead;
        return at < _text.Length ? _text[at] : '\0';
    }

    private void Run()
    {
        var trivia = _position;
        if (_position == 0) SkipFileStart();
        while (true)
        {
            if (SkipTrivia(ref trivia)) continue;
            if (_position >= _text.Length) break;
            var start = _position;
            CheckTabs(start);
            var kind = ScanToken();
            if (kind is { } known)
            {
                _tokens.Add(new Token(known, new TextSpan(start, _position), trivia));
                trivia = _position;
            }
        }
        _tokens.Add(new Token(TokenKind.EndOfFile, TextSpan.Empty(_position), trivia));
    }

    /// <summary>A byte order mark, and a shebang in the very first two characters (1.2).</summary>
    private void SkipFileStart()
    {
        if (_text.StartsWith("#!")) _position = LineEnd(0);
        else if (Current == '\uFEFF') _lineStart = _position = 1;
    }

    /// <summary>Skips blanks and comments; emits a NewLine and returns true when one is due.</summary>
    private bool SkipTrivia(ref int trivia)
    {
        while (_position < _text.Length)
        {
            switch (_text[_position])
            {
                case ' ' or '\t':
                    _position++;
                    continue;
                case '\r' when Peek(1) != '\n':
                    _position++;
                    continue;
                case '\r' or '\n':
                    var start = _position;
                    _position += _text[start] == '\r' ? 2 : 1;
                    _lineStart = _position;
                    if (!NewLineIsDue) continue;
                    _tokens.Add(new Token(TokenKind.NewLine, new TextSpan(start, _position), trivia));
                    trivia = _position;
                    return true;
                case '-' when Peek(1) == '-':
                case '/' when Peek(1) == '/':
                    _position = LineEnd(_position);
                    continue;
                default:
                    return false;
            }
        }
        return false;
    }

    private readonly bool NewLineIsDue =>
        _tokens.Count > 0 && _tokens.Last.Kind != TokenKind.NewLine;

    private readonly int LineEnd(int from)
    {
        var length = _text[from..].IndexOf('\n');
        return length < 0 ? _text.Length : from + length;
    }

    /// <summary>Tabs never indent a line (1.5.1). Said once: a file that does it does it everywhere.</summary>
    private void CheckTabs(int start)
    {
        if (_checkedLine == _lineStart) return;
        _checkedLine = _lineStart;
        if (_tabsReported || start == _lineStart) return;
        var blanks = _text[_lineStart..start];
        var tab = blanks.IndexOf('\t');
        if (tab < 0 || blanks.IndexOfAnyExcept(' ', '\t') >= 0) return;
        _tabsReported = true;
        _messages.TabInIndentation(new TextSpan(_lineStart + tab, _lineStart + tab + 1));
    }

    /// <summary>The token that starts here; null when the text was reported and becomes trivia.</summary>
    private TokenKind? ScanToken()
    {
        var c = _text[_position];
        if (char.IsAsciiLetterLower(c)) return ScanLower();
        if (char.IsAsciiLetterUpper(c)) return ScanUpper();
        if (c == '_') return ScanUnderscore();
        if (char.IsAsciiDigit(c)) return ScanNumber();
        switch (c)
        {
            case '"': return ScanString();
            case '\'': return ScanChar();
            case '(': return Take(1, TokenKind.OpenParen);
            case ')': return Take(1, TokenKind.CloseParen);
            case '[': return Take(1, TokenKind.OpenBracket);
            case ']': return Take(1, TokenKind.CloseBracket);
            case '{': return Take(1, TokenKind.OpenBrace);
            case '}': return Take(1, TokenKind.CloseBrace);
            case ',': return Take(1, TokenKind.Comma);
            case ':': return Peek(1) == ':' ? Take(2, TokenKind.ColonColon) : Take(1, TokenKind.Colon);
            case '.': return ScanDots();
            case '=': return ScanEqual();
            case '-': return Peek(1) == '>' ? Take(2, TokenKind.Arrow) : Take(1, TokenKind.Minus);
            case '+': return Peek(1) == '+' ? Take(2, TokenKind.PlusPlus) : Take(1, TokenKind.Plus);
            case '*': return Take(1, TokenKind.Star);
            case '/': return Take(1, TokenKind.Slash);
            case '%': return Peek(1) == '{' ? Take(2, TokenKind.PercentBrace) : Take(1, TokenKind.Percent);
            case '~': return Take(1, TokenKind.Tilde);
            case '<': return ScanLess();
            case '>': return Peek(1) == '=' ? Take(2, TokenKind.GreaterEqual) : Take(1, TokenKind.Greater);
            case '?': return Take(1, TokenKind.Question);
            case '|': return Take(1, TokenKind.Bar);
            case '@': return Take(1, TokenKind.At);
            case '$': return Take(1, TokenKind.Dollar);
            case '#': return ScanHash();
            case '!': return ScanBang();
            case '&': return ScanAmpersand();
            default: return ScanUnknown();
        }
    }

    private TokenKind Take(int length, TokenKind kind)
    {
        _position += length;
        return kind;
    }

    private TokenKind ScanDots()
    {
        if (Peek(1) != '.') return Take(1, TokenKind.Dot);
        return Peek(2) == '=' ? Take(3, TokenKind.DotDotEqual) : Take(2, TokenKind.DotDot);
    }

    private TokenKind ScanEqual() => Peek(1) switch
    {
        '=' => Take(2, TokenKind.EqualEqual),
        '>' => Take(2, TokenKind.FatArrow),
        _ => Take(1, TokenKind.Equal),
    };

    private TokenKind ScanLess() => Peek(1) switch
    {
        '=' => Take(2, TokenKind.LessEqual),
        '-' => Take(2, TokenKind.BackArrow),
        '>' => Take(2, TokenKind.LessGreater),
        _ => Take(1, TokenKind.Less),
    };

    private TokenKind? ScanHash()
    {
        if (Peek(1) == '{') return Take(2, TokenKind.HashBrace);
        if (Peek(1) == '[') return Take(2, TokenKind.HashBracket);
        return ScanUnknown();
    }

    /// <summary><c>!x</c> is read as <c>not x</c> after the report, so that nothing follows from it.</summary>
    private TokenKind ScanBang()
    {
        if (Peek(1) == '=') return Take(2, TokenKind.NotEqual);
        _messages.BangOperator(new TextSpan(_position, _position + 1));
        return Take(1, TokenKind.Not);
    }

    private TokenKind ScanAmpersand()
    {
        var isDouble = Peek(1) == '&';
        var length = isDouble ? 2 : 1;
        _messages.AmpersandOperator(new TextSpan(_position, _position + length), isDouble);
        return Take(length, TokenKind.And);
    }

    private TokenKind? ScanUnknown()
    {
        var start = _position;
        if (_text[start] == '#') _position += Peek(1) == '!' ? 2 : 1;
        else while (_position < _text.Length && IsUnknown(_text[_position])) _position++;
        if (_position == start) _position++;
        _messages.UnexpectedCharacter(new TextSpan(start, _position), FirstScalar(start));
        return TokenKind.Error;
    }

    /// <summary>A run of such characters gets one report.</summary>
    private static bool IsUnknown(char c) =>
        c >= 127 || (c < ' ' && c is not ('\t' or '\r' or '\n')) || c is ';' or '^' or '`' or '\\';

    private readonly string FirstScalar(int at)
    {
        var length = char.IsHighSurrogate(_text[at]) && at + 1 < _text.Length
            && char.IsLowSurrogate(_text[at + 1]) ? 2 : 1;
        return _text.Slice(at, length).ToString();
    }
}
