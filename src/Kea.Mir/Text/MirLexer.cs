using Kea.Source;

namespace Kea.Mir;

internal enum MirTokenKind { Word, Number, String, Mark, End }

/// <summary>A word (<c>v7</c>, <c>add.u</c>, <c>ref~?</c>), number, string, or single mark of the text form.</summary>
internal readonly record struct MirToken(MirTokenKind Kind, TextSpan Span);

/// <summary>Splits the text form into tokens; white space, commas and comments separate and are dropped.</summary>
internal ref struct MirLexer(string text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at = 0;

    public MirToken Next()
    {
        Skip();
        var start = _at;
        if (_at >= _text.Length) return new(MirTokenKind.End, TextSpan.Empty(_at));
        var c = _text[_at];
        if (c == '"') return new(MirTokenKind.String, QuotedFrom(start));
        if (c == '@' || c == '_' || char.IsAsciiLetter(c))
        {
            _at++;
            while (_at < _text.Length && IsWordPart(_text[_at])) _at++;
            return new(MirTokenKind.Word, new(start, _at));
        }
        if (char.IsAsciiDigit(c) || (c == '-' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
        {
            _at++;
            while (_at < _text.Length && IsNumberPart(_text, _at)) _at++;
            return new(MirTokenKind.Number, new(start, _at));
        }
        _at += c == '-' && _at + 1 < _text.Length && _text[_at + 1] == '>' ? 2 : 1;
        return new(MirTokenKind.Mark, new(start, _at));
    }

    private void Skip()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == ';') while (_at < _text.Length && _text[_at] != '\n') _at++;
            else if (char.IsWhiteSpace(c) || c == ',') _at++;
            else return;
        }
    }

    private TextSpan QuotedFrom(int start)
    {
        _at++;
        while (_at < _text.Length && _text[_at] != '"') _at += _text[_at] == '\\' ? 2 : 1;
        _at = Math.Min(_at + 1, _text.Length);
        return new(start, _at);
    }

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '~' or '?';

    private static bool IsNumberPart(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        return char.IsAsciiLetterOrDigit(c) || (c is '+' or '-' && text[at - 1] is 'e' or 'E')
            || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]));
    }
}
