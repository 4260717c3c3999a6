using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Driver.Incremental;

/// <summary>
/// A module's text as change detection sees it: pieces that can change one by one, each with a key that survives edits. Trivia
/// and doc blocks count for nothing, and neither does the order of pieces.
/// </summary>
internal sealed class ModuleOutline
{
    private readonly Lazy<ModuleMentions> _mentions;
    private readonly Lazy<Dictionary<string, ShellPiece>> _shells;

    public ModuleOutline(SyntaxTree tree)
    {
        Tree = tree;
        (Bodies, Shells) = CollectPieces.Of(tree);
        ByKey = Bodies.Select((piece, at) => (piece.Key, at)).ToImmutableDictionary(p => p.Key, p => p.at, StringComparer.Ordinal);
        _mentions = new(() => new ModuleMentions(this));
        _shells = new(() => Shells.ToDictionary(shell => shell.Key, StringComparer.Ordinal));
    }

    public SyntaxTree Tree { get; }
    public SourceText Source => Tree.Source;

    /// <summary>Whatever has a body of its own: functions, methods, tests.</summary>
    public ImmutableArray<BodyPiece> Bodies { get; }

    /// <summary>Everything else, and the text around the bodies that are inside it.</summary>
    public ImmutableArray<ShellPiece> Shells { get; }

    /// <summary>The shell of a key; null if there is none.</summary>
    public ShellPiece? ShellOf(string key) => _shells.Value.GetValueOrDefault(key);

    /// <summary>Indices of bodies.</summary>
    public ImmutableDictionary<string, int> ByKey { get; }

    /// <summary>Which names stand where; found out when first asked for.</summary>
    public ModuleMentions Mentions => _mentions.Value;

    /// <summary>A body's tokens, joined; what is equal here means the same.</summary>
    public string TextOf(int body)
    {
        var text = new System.Text.StringBuilder();
        for (var i = Bodies[body].Body.Start; i < Bodies[body].Body.End; i++)
        {
            var token = Tree.Tokens[i];
            if (token.Kind != TokenKind.Doc) text.Append((char)('a' + (int)token.Kind % 26)).Append(Source.Slice(token.Span)).Append(' ');
        }
        return text.ToString();
    }
}

/// <summary>Tokens from the first to one before the end.</summary>
internal readonly record struct TokenRange(int Start, int End);

/// <summary>Something with a body.</summary>
/// <param name="Key">Unique in the module; stays when the text changes.</param>
/// <param name="Owner">The types around it from the outermost, for a function that is one's own; empty at file scope; null for methods of traits and implementations and for tests, whose headers are part of a shell.</param>
/// <param name="Declaration">The function or test.</param>
/// <param name="Header">Up to the body.</param>
internal sealed record BodyPiece(string Key, ImmutableArray<string>? Owner, Declaration Declaration, Expression Written, TokenRange Header, TokenRange Body)
{
    public Declaration.Function? Function => Declaration as Declaration.Function;
}

/// <summary>A declaration without the bodies in it.</summary>
/// <param name="Ranges">In the order of the text.</param>
/// <param name="IsLineSensitive">Line ends and blocks matter; otherwise only those inside brackets do.</param>
internal sealed record ShellPiece(string Key, ImmutableArray<TokenRange> Ranges, bool IsLineSensitive)
{
    /// <summary>Null for what is not one declaration.</summary>
    public Declaration? Declaration { get; init; }
}
