using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Driver.Incremental;

/// <summary>
/// A module's text as change detection sees it: the functions that have bodies, in order, and everything around them. Trivia
/// and doc blocks count for nothing.
/// </summary>
internal sealed class ModuleOutline
{
    private readonly SyntaxTree _tree;

    /// <summary>Token ranges of the bodies: from the first token of each to one past its last.</summary>
    private readonly ImmutableArray<(int Start, int End)> _ranges;

    public ModuleOutline(SyntaxTree tree)
    {
        _tree = tree;
        var bodies = ImmutableArray.CreateBuilder<Declaration.Function>();
        Collect(tree.Declarations, bodies);
        bodies.Sort((a, b) => a.Body!.Span.Start.CompareTo(b.Body!.Span.Start));
        Functions = bodies.DrainToImmutable();
        _ranges = Ranges(tree.Tokens, Functions);
    }

    /// <summary>Functions as written that have a body, in the order of their bodies.</summary>
    public ImmutableArray<Declaration.Function> Functions { get; }

    public SourceText Source => _tree.Source;

    /// <summary>
    /// The indices of the functions whose bodies say something else, if nothing but bodies does; null when something around
    /// them changed.
    /// </summary>
    public static ImmutableArray<int>? ChangedBodies(ModuleOutline before, ModuleOutline after)
    {
        if (before.Functions.Length != after.Functions.Length) return null;
        var changed = ImmutableArray.CreateBuilder<int>();
        var (a, b) = (0, 0);
        for (var i = 0; i <= before.Functions.Length; i++)
        {
            var last = i == before.Functions.Length;
            var (endA, endB) = last ? (before._tree.Tokens.Length, after._tree.Tokens.Length) : (before._ranges[i].Start, after._ranges[i].Start);
            if (!SameTokens(before, a, endA, after, b, endB)) return null;
            if (last) break;
            if (!SameTokens(before, endA, before._ranges[i].End, after, endB, after._ranges[i].End)) changed.Add(i);
            (a, b) = (before._ranges[i].End, after._ranges[i].End);
        }
        return changed.DrainToImmutable();
    }

    /// <summary>A body's tokens, joined; what is equal here means the same.</summary>
    public string TextOf(int function)
    {
        var text = new System.Text.StringBuilder();
        for (var i = _ranges[function].Start; i < _ranges[function].End; i++)
        {
            var token = _tree.Tokens[i];
            if (token.Kind != TokenKind.Doc) text.Append((char)('a' + (int)token.Kind % 26)).Append(Source.Slice(token.Span)).Append(' ');
        }
        return text.ToString();
    }

    private static void Collect(ImmutableArray<Declaration> declarations, ImmutableArray<Declaration.Function>.Builder to)
    {
        foreach (var declaration in declarations) Collect(declaration, to);
    }

    private static void Collect(Declaration declaration, ImmutableArray<Declaration.Function>.Builder to)
    {
        switch (declaration)
        {
            case Declaration.Function { Body: not null } function: to.Add(function); break;
            case Declaration.Struct type: Collect(type.Members, to); break;
            case Declaration.Enum type: Collect(type.Members, to); break;
            case Declaration.Implementation implementation:
                foreach (var method in implementation.Methods) Collect(method, to);
                break;
            // A trait's default is copied to those who do not override it, so it counts as part of the trait.
            default: break;
        }
    }

    private static ImmutableArray<(int, int)> Ranges(ImmutableArray<Token> tokens, ImmutableArray<Declaration.Function> functions)
    {
        var ranges = ImmutableArray.CreateBuilder<(int, int)>(functions.Length);
        var at = 0;
        foreach (var function in functions)
        {
            var span = function.Body!.Span;
            while (at < tokens.Length && tokens[at].Span.Start < span.Start) at++;
            var start = at;
            while (at < tokens.Length && tokens[at].Span.Start < span.End) at++;
            ranges.Add((start, at));
        }
        return ranges.MoveToImmutable();
    }

    private static bool SameTokens(ModuleOutline a, int fromA, int toA, ModuleOutline b, int fromB, int toB)
    {
        var (tokensA, tokensB) = (a._tree.Tokens, b._tree.Tokens);
        while (true)
        {
            while (fromA < toA && IsSilent(tokensA, fromA)) fromA++;
            while (fromB < toB && IsSilent(tokensB, fromB)) fromB++;
            if (fromA >= toA || fromB >= toB) return fromA >= toA && fromB >= toB;
            var (tokenA, tokenB) = (tokensA[fromA++], tokensB[fromB++]);
            if (tokenA.Kind != tokenB.Kind) return false;
            if (tokenA.Kind is TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent) continue;
            if (!a.Source.Slice(tokenA.Span).SequenceEqual(b.Source.Slice(tokenB.Span))) return false;
        }
    }

    /// <summary>Doc blocks, and the line end that follows each.</summary>
    private static bool IsSilent(ImmutableArray<Token> tokens, int at) =>
        tokens[at].Kind == TokenKind.Doc || (tokens[at].Kind == TokenKind.NewLine && at > 0 && tokens[at - 1].Kind == TokenKind.Doc);
}
