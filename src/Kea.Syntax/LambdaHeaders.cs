namespace Kea.Syntax;

/// <summary>Recognises, from tokens alone, that a line inside brackets ends with the header of a lambda (1.5.3).</summary>
/// <remarks>
/// A <c>|</c> opens a parameter list where an operand is due, and the next <c>|</c> at the same bracket depth closes it;
/// any other <c>|</c> separates alternatives or a row's tail.
/// </remarks>
internal sealed class LambdaHeaders(TokenBuffer raw)
{
    /// <summary>How many tokens a result type may have to be recognised as the end of an anonymous fn's header.</summary>
    private const int LookBackMax = 256;

    /// <summary>For each open bracket, innermost last: does a parameter list stand open directly in it?</summary>
    private readonly List<bool> _open = [false];
    private int _lastClosingBar = -1;

    /// <summary>A parameter list stands open in the innermost bracket.</summary>
    public bool IsInParameters => _open[^1];

    public void Open() => _open.Add(false);

    public void Close()
    {
        if (_open.Count > 1) _open.RemoveAt(_open.Count - 1);
    }

    public void Reset()
    {
        _open.Clear();
        _open.Add(false);
    }

    public void Bar(int index)
    {
        if (_open[^1])
        {
            _open[^1] = false;
            _lastClosingBar = index;
        }
        else _open[^1] = index == 0 || !EndsOperand(raw[index - 1].Kind);
    }

    /// <summary>Does the line that ends here end with the bar that closes a lambda's parameters, or an arrow after it?</summary>
    private bool EndsWithBar(int newLine) =>
        newLine - 1 == _lastClosingBar && newLine > 0
        || newLine >= 2 && newLine - 2 == _lastClosingBar && raw[newLine - 1].Kind == TokenKind.Arrow;

    /// <summary>Is the token before this line end the last of a lambda's header?</summary>
    /// <param name="lineFirst">The first token of the line that ends here.</param>
    public bool EndsAt(int newLine, int lineFirst)
    {
        var last = newLine - 1;
        if (last < 0) return false;
        if (EndsWithBar(newLine)) return true;
        return IsTypePart(raw[last].Kind) && EndsWithAnonymousFn(last, lineFirst);
    }

    /// <summary>Looks back over the result type for <c>) -></c> or <c>) -[…]></c>, and from there for <c>fn (</c>.</summary>
    private bool EndsWithAnonymousFn(int last, int lineFirst)
    {
        var stop = Math.Max(lineFirst, last - LookBackMax);
        for (var i = last; i > stop; i--)
        {
            var kind = raw[i].Kind;
            if (TokenFacts.IsCloser(kind))
            {
                i = Opener(i, stop);
                if (i < 0) return false;
                continue;
            }
            if (TokenFacts.IsOpener(kind)) return false;
            var beforeArrow = BeforeArrow(i, stop);
            if (beforeArrow < 0)
            {
                if (!IsTypePart(kind) && kind != TokenKind.Fn) return false;
                continue;
            }
            if (IsParameterList(beforeArrow, stop)) return true;
            i = beforeArrow + 1;
        }
        return false;
    }

    /// <summary>The token before an arrow that ends here, or -1 when none does.</summary>
    private int BeforeArrow(int end, int stop)
    {
        if (raw[end].Kind == TokenKind.Arrow) return end - 1;
        if (raw[end].Kind != TokenKind.Greater) return -1;
        for (var i = end - 1; i > stop; i--)
        {
            var kind = raw[i].Kind;
            if (kind == TokenKind.Minus) return i - 1;
            if (TokenFacts.IsCloser(kind))
            {
                i = Opener(i, stop);
                if (i < 0) return -1;
            }
            else if (!IsTypePart(kind)) return -1;
        }
        return -1;
    }

    private bool IsParameterList(int close, int stop)
    {
        if (close < 0 || raw[close].Kind != TokenKind.CloseParen) return false;
        var open = Opener(close, Math.Max(0, Math.Min(stop, close - LookBackMax)));
        if (open <= 0 || raw[open - 1].Kind != TokenKind.Fn) return false;
        // After an arrow `fn` begins a type.
        return open < 2 || raw[open - 2].Kind is not (TokenKind.Arrow or TokenKind.Greater);
    }

    /// <summary>The bracket that this one closes, or -1 when it is not within reach.</summary>
    private int Opener(int close, int stop)
    {
        var depth = 0;
        for (var i = close; i >= stop; i--)
        {
            if (TokenFacts.IsCloser(raw[i].Kind)) depth++;
            else if (TokenFacts.IsOpener(raw[i].Kind) && --depth == 0) return i;
        }
        return -1;
    }

    private static bool IsTypePart(TokenKind kind) =>
        TokenFacts.IsLower(kind) || kind is TokenKind.Upper or TokenKind.Dot or TokenKind.Question or
            TokenKind.Underscore or TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace;

    private static bool EndsOperand(TokenKind kind) => kind switch
    {
        TokenKind.Then or TokenKind.Resume or TokenKind.Fail or TokenKind.Catch => false,
        TokenKind.Panic or TokenKind.Handle => false,
        TokenKind.Upper or TokenKind.Underscore or TokenKind.None or TokenKind.True or TokenKind.False => true,
        TokenKind.Integer or TokenKind.Float or TokenKind.Char or TokenKind.String => true,
        TokenKind.InterpolatedString or TokenKind.Error or TokenKind.Question or TokenKind.Dollar => true,
        _ => TokenFacts.IsLower(kind) || TokenFacts.IsCloser(kind),
    };
}
