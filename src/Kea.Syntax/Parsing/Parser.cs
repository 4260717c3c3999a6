using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>
/// Tokens to syntax tree by recursive descent (language reference, part 5). This file holds the cursor, the reports
/// and the limits; the other files of the class follow the chapters of the grammar.
/// </summary>
/// <remarks>
/// Recovery: the first error of a statement or member is reported, the rest of its lines is skipped, blocks that belong
/// to it included. Nothing is reported twice at one place.
/// </remarks>
internal sealed partial class Parser
{
    /// <summary>How deep brackets, blocks, types and patterns may nest in each other.</summary>
    public const int DepthMax = 1000;
    /// <summary>How high a tree may become, the links of operator and call chains included.</summary>
    public const int HeightMax = 2000;

    private readonly SourceText _source;
    private readonly string _text;
    private SyntaxMessages _messages;
    private readonly NamePool _names;
    private Token[] _tokens;
    private int _position;
    /// <summary>End of the last token that was consumed.</summary>
    private int _lastEnd;
    private int _depth;
    private int _lastReported = -1;

    private Parser(SourceText source, SyntaxMessages messages, NamePool names, Token[] tokens, int depth)
    {
        (_source, _text, _messages, _names, _depth) = (source, source.Text, messages, names, depth);
        _tokens = tokens;
        _lastEnd = tokens[0].Span.Start;
    }

    private TokenKind Kind => _tokens[_position].Kind;
    private ref readonly Token Current => ref _tokens[_position];
    private int Start => _tokens[_position].Span.Start;
    private bool AtEnd => Kind == TokenKind.EndOfFile;
    private bool AtLower => TokenFacts.IsLower(Kind);

    /// <summary>The kind some tokens ahead; EndOfFile beyond the end.</summary>
    private TokenKind PeekKind(int ahead)
    {
        for (var i = 0; i < ahead; i++)
            if (_tokens[_position + i].Kind == TokenKind.EndOfFile) return TokenKind.EndOfFile;
        return _tokens[_position + ahead].Kind;
    }

    private void Advance()
    {
        ref readonly var token = ref _tokens[_position];
        if (token.Kind == TokenKind.EndOfFile) return;
        if (token.Kind < TokenKind.NewLine || token.Kind > TokenKind.Dedent) _lastEnd = token.Span.End;
        _position++;
    }

    private bool Accept(TokenKind kind)
    {
        if (Kind != kind) return false;
        Advance();
        return true;
    }

    private TextSpan SpanFrom(int start) => new(start, Math.Max(start, _lastEnd));

    /// <summary>Is there a line end between the last token and this one?</summary>
    private bool OnNewLine
    {
        get
        {
            if (_position > 0 && _tokens[_position - 1].Kind is TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent) return true;
            ref readonly var token = ref _tokens[_position];
            return token.TriviaStart < token.Span.Start
                && _text.AsSpan(token.TriviaStart, token.Span.Start - token.TriviaStart).Contains('\n');
        }
    }

    /// <summary>Does this token touch the one before?</summary>
    private bool IsTight => _tokens[_position].Span.Start == _lastEnd;

    private Name TakeName()
    {
        var span = Current.Span;
        var name = new Name(_names.Get(_text.AsSpan(span.Start, span.Length)), span);
        Advance();
        return name;
    }

    private Name MissingName() => new("", TextSpan.Empty(_lastEnd));

    /// <summary>Reports at the current token, unless that token has already been reported.</summary>
    private void Expected(string message, string? help = null)
    {
        if (Kind == TokenKind.Error || _lastReported == _position || _messages.IsMisplaced(Start)
            || _position > 0 && _tokens[_position - 1].Kind == TokenKind.Error)
        {
            _lastReported = _position;
            return;
        }
        _lastReported = _position;
        _messages.Error(SpanOfCurrent(), message, help, Found());
    }

    /// <summary>Layout tokens and the end are shown where the line that they end stops.</summary>
    private TextSpan SpanOfCurrent() => Kind is TokenKind.NewLine or TokenKind.Dedent or TokenKind.EndOfFile
        ? new TextSpan(_lastEnd, Math.Min(_lastEnd + 1, _text.Length))
        : Kind == TokenKind.Indent ? _tokens[_position + 1].Span : Current.Span;

    private string Found() => Kind switch
    {
        TokenKind.EndOfFile => "the file ends here",
        TokenKind.NewLine or TokenKind.Dedent => "the line ends here",
        TokenKind.Indent => "this line is indented deeper",
        TokenKind.Doc => "found a doc block",
        TokenKind.String or TokenKind.InterpolatedString => "found a string",
        _ when TokenFacts.IsReserved(Kind) => $"`{Text}` is a reserved word",
        _ => $"found `{Text}`",
    };

    private ReadOnlySpan<char> Text => _text.AsSpan(Start, Current.Span.Length);

    /// <summary>Consumes the token, or reports what was expected and stays.</summary>
    private bool Expect(TokenKind kind, string message)
    {
        if (Accept(kind)) return true;
        Expected(message);
        return false;
    }

    /// <summary>Enters a nested construct; false, with a report and the rest of the file given up, beyond the limit.</summary>
    private bool Enter()
    {
        if (++_depth <= DepthMax && RuntimeHelpers.TryEnsureSufficientExecutionStack()) return true;
        GiveUp(DepthMax);
        return false;
    }

    private void Leave() => _depth--;

    private void GiveUp(int limit)
    {
        _messages.NestedTooDeeply(SpanOfCurrent(), "this", limit);
        _messages.IsSilent = true;
        while (!AtEnd) _position++;
    }

    // Recovery.

    /// <summary>Skips to the NewLine, Dedent or end that closes the current line; blocks that hang on the line are skipped whole.</summary>
    private void SkipLine()
    {
        while (true)
        {
            switch (Kind)
            {
                case TokenKind.EndOfFile or TokenKind.Dedent:
                    return;
                case TokenKind.Indent:
                    SkipBlock();
                    if (Kind is not (TokenKind.Else or TokenKind.Then)) return;
                    break;
                case TokenKind.NewLine when PeekKind(1) != TokenKind.Indent:
                    return;
                default:
                    Advance();
                    break;
            }
        }
    }

    /// <summary>Skips from an Indent over its Dedent.</summary>
    private void SkipBlock()
    {
        var depth = 0;
        do
        {
            if (Kind == TokenKind.Indent) depth++;
            if (Kind == TokenKind.Dedent) depth--;
            Advance();
        }
        while (depth > 0 && !AtEnd);
    }

    private bool AtBlock => Kind == TokenKind.NewLine && PeekKind(1) == TokenKind.Indent;

    private bool PreviousIsDedent => _position > 0 && _tokens[_position - 1].Kind == TokenKind.Dedent;

    private void SkipNewLines()
    {
        while (Kind == TokenKind.NewLine) _position++;
    }

    /// <summary>Consumes the closing bracket; after a report, what stands before it on the line is skipped.</summary>
    private void CloseBracketed(TokenKind close, string message)
    {
        if (Accept(close)) return;
        Expected(message);
        var depth = 0;
        for (var i = _position; ; i++)
        {
            var kind = _tokens[i].Kind;
            if (kind is TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent or TokenKind.EndOfFile) return;
            if (TokenFacts.IsOpener(kind)) depth++;
            if (!TokenFacts.IsCloser(kind) || depth-- > 0) continue;
            if (kind != close) return;
            while (_position <= i) Advance();
            return;
        }
    }
}
