using Kea.Source;
using Kea.Syntax;

namespace Kea.Driver.Incremental;

/// <summary>
/// Where a module's text mentions which names. A body that does not mention a function's name does not use it, does not fail to
/// find it, and does not prefer it to another: whatever becomes of that function, the body means what it meant.
/// </summary>
internal sealed class ModuleMentions
{
    private readonly Dictionary<string, List<int>> _bodies = new(StringComparer.Ordinal);
    private readonly HashSet<string> _elsewhere = new(StringComparer.Ordinal), _imports = new(StringComparer.Ordinal), _headers = new(StringComparer.Ordinal);
    private readonly ModuleOutline _outline;

    public ModuleMentions(ModuleOutline outline)
    {
        _outline = outline;
        var bodies = _bodies.GetAlternateLookup<ReadOnlySpan<char>>();
        var elsewhere = _elsewhere.GetAlternateLookup<ReadOnlySpan<char>>();
        var headers = _headers.GetAlternateLookup<ReadOnlySpan<char>>();
        var imports = _imports.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < outline.Bodies.Length; at++)
        {
            var piece = outline.Bodies[at];
            var body = at;
            In(piece.Body, name =>
            {
                if (!bodies.TryGetValue(name, out var mentioning)) bodies[name] = mentioning = [];
                if (mentioning.Count == 0 || mentioning[^1] != body) mentioning.Add(body);
            });
            if (piece.Owner is not null) In(piece.Header, name => headers.Add(name));
            // Headers name parameters and types; only what is computed in them can mention a function.
            foreach (var parameter in piece.Function?.Signature.Parameters ?? [])
                if (parameter.Default is { } value) In(value.Span, name => elsewhere.Add(name));
        }
        foreach (var shell in outline.Shells)
            foreach (var range in shell.Ranges)
                In(range, name => (shell.Key == CollectPieces.UseKey ? imports : elsewhere).Add(name));
    }

    private delegate void Found(ReadOnlySpan<char> name);

    /// <summary>Indices of the bodies that mention a name.</summary>
    public IReadOnlyList<int> Bodies(string name) => _bodies.TryGetValue(name, out var found) ? found : [];

    /// <summary>Whether something that is not a body does: an initialiser, a default, a trait, the name of a field.</summary>
    public bool IsElsewhere(string name) => _elsewhere.Contains(name);

    public bool IsImported(string name) => _imports.Contains(name);

    /// <summary>Whether declarations, bodies left out, mention one of some names.</summary>
    public bool AreDeclaredWith(IReadOnlySet<string> names) => names.Any(name => _elsewhere.Contains(name) || _headers.Contains(name));

    /// <summary>Declarations without their bodies that mention one of some names; imports are none. Goes through all of them.</summary>
    public IEnumerable<ShellPiece> Shells(IReadOnlySet<string> names) => _outline.Shells.Where(shell => shell.Key != CollectPieces.UseKey && shell.Ranges.Any(range => Mentions(range, names)));

    /// <summary>Indices of the functions at file scope or of a type whose headers do. Goes through all of them.</summary>
    public IEnumerable<int> Headers(IReadOnlySet<string> names) => Enumerable.Range(0, _outline.Bodies.Length).Where(at => _outline.Bodies[at].Owner is not null && Mentions(_outline.Bodies[at].Header, names));

    private bool Mentions(TokenRange range, IReadOnlySet<string> names)
    {
        var isThere = false;
        In(range, name => isThere = isThere || names.Contains(name.ToString()));
        return isThere;
    }

    private void In(TextSpan span, Found found)
    {
        // Defaults are few and short, so their tokens are looked for one by one.
        foreach (var token in _outline.Tree.Tokens)
            if (token.Span.Start >= span.Start && token.Span.End <= span.End) In(token, found);
    }

    private void In(TokenRange range, Found found)
    {
        for (var at = range.Start; at < range.End; at++)
            if (!IsLabel(at)) In(_outline.Tree.Tokens[at], found);
    }

    /// <summary>The name of a field or of an argument, as in <c>price: 3</c>.</summary>
    private bool IsLabel(int token) => token + 1 < _outline.Tree.Tokens.Length && _outline.Tree.Tokens[token + 1].Kind == TokenKind.Colon;

    private void In(Token token, Found found)
    {
        var text = _outline.Source.Slice(token.Span);
        if (token.Kind is >= TokenKind.Lower and <= TokenKind.Upper) found(text);
        else if (token.Kind == TokenKind.InterpolatedString) InString(text, found);
    }

    /// <summary>Holes have no tokens of their own; every word may be in one.</summary>
    private static void InString(ReadOnlySpan<char> text, Found found)
    {
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_')) at++;
            if (at > start) found(text[start..at]);
            else at++;
        }
    }
}
