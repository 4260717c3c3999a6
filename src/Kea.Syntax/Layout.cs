using Kea.Source;

namespace Kea.Syntax;

/// <summary>
/// Raw tokens to tokens with blocks (1.5): inserts Indent and Dedent, and drops the line ends that a continuation
/// rule skips (they become trivia). Rule C5 is the parser's.
/// </summary>
/// <remarks>
/// A lambda whose header ends a line inside brackets gets a frame of its own (1.5.3): in it brackets are counted afresh,
/// and it ends at the first line that is not deeper than the header's, at the closing bracket, or at the comma after the body.
/// </remarks>
internal sealed class Layout
{
    private readonly string _text;
    private readonly TokenBuffer _raw;
    private readonly TokenBuffer _output;
    private readonly SyntaxMessages _messages;
    private readonly LambdaHeaders _headers;

    /// <summary>Columns of open blocks; the lowest is never closed.</summary>
    private readonly List<int> _columns;
    private readonly Stack<Frame> _frames = new();
    /// <summary>Brackets open in the current frame.</summary>
    private int _depth;
    /// <summary>Column of the first token of the current line.</summary>
    private int _lineColumn;
    /// <summary>The first raw token of the current line.</summary>
    private int _lineFirst;
    /// <summary>A column that was reported as inconsistent and now counts as that of the innermost block.</summary>
    private int _toleratedColumn = -1;
    private int _pendingTrivia = -1;
    /// <summary>The line end at hand opens a lambda's frame.</summary>
    private bool _beginsFrame;

    /// <param name="Depth">Open brackets around the lambda.</param>
    /// <param name="Columns">Open blocks around the lambda.</param>
    /// <param name="HeaderColumn">The body's lines are deeper than this.</param>
    private readonly record struct Frame(int Depth, int Columns, int HeaderColumn);

    private Layout(string text, TokenBuffer raw, TokenBuffer output, SyntaxMessages messages, int depth, int baseColumn)
    {
        _columns = [baseColumn];
        _lineColumn = baseColumn;
        (_text, _raw, _output, _messages, _depth) = (text, raw, output, messages, depth);
        _headers = new LambdaHeaders(raw);
    }

    /// <param name="baseColumn">Of the lines outside all blocks: 0, but in a hole that of the line on which it begins.</param>
    /// <param name="insideBrackets">Ignore line ends as inside brackets; for the holes of interpolated strings.</param>
    public static void Apply(
        string text, TokenBuffer raw, TokenBuffer output, SyntaxMessages messages,
        bool insideBrackets = false, int baseColumn = 0) =>
        new Layout(text, raw, output, messages, insideBrackets ? 1 : 0, baseColumn).Run();

    private void Run()
    {
        for (var i = 0; i < _raw.Count; i++)
        {
            ref readonly var token = ref _raw[i];
            if (token.Kind == TokenKind.NewLine) EndLine(i);
            else if (token.Kind == TokenKind.EndOfFile) EndFile(token);
            else Pass(i, token);
        }
    }

    private void EndFile(in Token end)
    {
        while (_columns.Count > 1) Close(end.TriviaStart);
        Emit(end);
    }

    private void Pass(int index, in Token token)
    {
        if (TokenFacts.IsOpener(token.Kind))
        {
            _depth++;
            _headers.Open();
        }
        else if (TokenFacts.IsCloser(token.Kind))
        {
            if (_depth == 0 && _frames.Count > 0) EndFrame(token.TriviaStart);
            if (_depth > 0)
            {
                _depth--;
                _headers.Close();
            }
        }
        else if (token.Kind == TokenKind.Comma) EndFrameAtComma(index);
        else if (token.Kind == TokenKind.Bar) _headers.Bar(index);
        Emit(token);
    }

    /// <summary>A comma directly in a lambda's block separates the arguments around the lambda.</summary>
    private void EndFrameAtComma(int comma)
    {
        if (_depth > 0 || _frames.Count == 0 || _columns.Count != _frames.Peek().Columns + 1) return;
        if (_headers.IsInParameters) return;
        for (var i = comma; i >= _lineFirst; i--)
            if (_raw[i].Kind is TokenKind.AssertionWord or TokenKind.Where or TokenKind.Forall) return;
        EndFrame(_raw[comma].TriviaStart);
    }

    private void EndLine(int index)
    {
        ref readonly var newLine = ref _raw[index];
        ref readonly var next = ref _raw[index + 1];
        if (next.Kind == TokenKind.EndOfFile)
        {
            Emit(newLine);
            return;
        }
        var column = ColumnOf(next);
        if (_depth == 0 && _frames.Count > 0 && TokenFacts.IsCloser(next.Kind)) EndFrame(newLine.TriviaStart);
        if (BeginsDeclarationInBrackets(index + 1)) LeaveBrackets();
        else if (_depth > 0 ? !BeginsLambdaBody(index, column) : Continues(index, column))
        {
            Skip(newLine);
            StartLine(index + 1, column);
            return;
        }
        EndDeepFrames(newLine, column);
        if (_depth > 0) Skip(newLine);
        else BreakLine(newLine, next, column);
        StartLine(index + 1, column);
    }

    /// <summary>Rule 1.5.3. Opens the frame when the line that ends here is a lambda's header.</summary>
    private bool BeginsLambdaBody(int newLine, int column)
    {
        if (column <= _lineColumn || !_headers.EndsAt(newLine, _lineFirst)) return false;
        // None of these begins a body: the `fn` was a type.
        var next = _raw[newLine + 1].Kind;
        if (TokenFacts.IsCloser(next) || next is TokenKind.Comma or TokenKind.Equal) return false;
        _frames.Push(new Frame(_depth, _columns.Count, _lineColumn));
        _depth = 0;
        _headers.Open();
        _beginsFrame = true;
        return true;
    }

    private void EndDeepFrames(in Token newLine, int column)
    {
        if (_beginsFrame) return;
        while (_depth == 0 && _frames.Count > 0 && column <= _frames.Peek().HeaderColumn)
            EndFrame(newLine.TriviaStart);
    }

    private void BreakLine(in Token newLine, in Token next, int column)
    {
        Emit(newLine);
        var isNewFrame = _beginsFrame;
        _beginsFrame = false;
        if (isNewFrame || column > _columns[^1])
        {
            if (!isNewFrame && column == _toleratedColumn) return;
            Open(newLine.Span.End, column);
            return;
        }
        var floor = _frames.Count > 0 ? _frames.Peek().Columns + 1 : 1;
        // A column between two blocks counts as that of the deeper one, so that the blocks around stay open.
        // A branch word belongs to a statement further out, so all deeper blocks end before it.
        var isBranch = next.Kind is TokenKind.Else or TokenKind.Then;
        while (_columns.Count > floor && column < _columns[^1] && (isBranch || column <= _columns[^2])) Close(newLine.Span.End);
        if (column == _columns[^1] || column == _toleratedColumn) return;
        _messages.InconsistentIndentation(next.Span);
        if (!isBranch) _toleratedColumn = column;
    }

    /// <summary>Rules C2 to C4 of 1.5.2.</summary>
    /// <remarks>A comma at the end of a block's last line belongs to that line: it does not join a line less deep.</remarks>
    private bool Continues(int newLine, int column)
    {
        var last = _raw[newLine - 1].Kind;
        if (last == TokenKind.Comma && (column < _columns[^1] || column <= FrameColumn)) return false;
        if (TokenFacts.IsTrailingOpen(last)) return true;
        ref readonly var next = ref _raw[newLine + 1];
        return next.Kind switch
        {
            TokenKind.Dot or TokenKind.Arrow or TokenKind.Where => true,
            TokenKind.Minus => _raw[newLine + 2] is { Kind: TokenKind.OpenBracket } bracket
                && bracket.Span.Start == next.Span.End,
            _ => false,
        };
    }

    private int FrameColumn => _frames.Count > 0 ? _frames.Peek().HeaderColumn : -1;

    /// <summary>An unclosed bracket must not swallow the declarations that follow it.</summary>
    private bool BeginsDeclarationInBrackets(int index)
    {
        if (_depth == 0 && _frames.Count == 0) return false;
        var kind = _raw[index].Kind;
        if (TokenFacts.StartsOnlyDeclarations(kind)) return true;
        return kind is TokenKind.Fn or TokenKind.Expr && TokenFacts.IsLower(_raw[index + 1].Kind);
    }

    private void LeaveBrackets()
    {
        _depth = 0;
        _frames.Clear();
        _headers.Reset();
    }

    private void EndFrame(int at)
    {
        var frame = _frames.Pop();
        while (_columns.Count > frame.Columns) Close(at);
        _depth = frame.Depth;
        _headers.Close();
    }

    private void Open(int at, int column)
    {
        _columns.Add(column);
        _toleratedColumn = -1;
        _output.Add(new Token(TokenKind.Indent, TextSpan.Empty(at), at));
    }

    private void Close(int at)
    {
        _columns.RemoveAt(_columns.Count - 1);
        _toleratedColumn = -1;
        _output.Add(new Token(TokenKind.Dedent, TextSpan.Empty(at), at));
    }

    private void StartLine(int first, int column) => (_lineFirst, _lineColumn) = (first, column);

    private void Skip(in Token newLine)
    {
        if (_pendingTrivia < 0) _pendingTrivia = newLine.TriviaStart;
    }

    private void Emit(in Token token)
    {
        if (_pendingTrivia < 0) _output.Add(token);
        else
        {
            _output.Add(token with { TriviaStart = _pendingTrivia });
            _pendingTrivia = -1;
        }
    }

    /// <summary>Spaces before the first token of a line; a tab, which has been reported, counts like one.</summary>
    private int ColumnOf(in Token token)
    {
        var start = token.Span.Start;
        var at = start;
        while (at > token.TriviaStart && _text[at - 1] is not '\n') at--;
        return start - at;
    }
}
