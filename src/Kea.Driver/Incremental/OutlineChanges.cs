using System.Collections.Immutable;
using Kea.Syntax;

namespace Kea.Driver.Incremental;

/// <summary>What is another piece in one text of a module than in an earlier one.</summary>
/// <param name="Bodies">Pieces of both of which only the body says something else; indices before and after.</param>
/// <param name="Headers">Functions whose headers do, at file scope or of a type.</param>
/// <param name="Added">Functions at file scope or of a type; indices after.</param>
/// <param name="Removed">Indices before.</param>
/// <param name="Shells">Keys of whatever else is different, new or gone.</param>
internal sealed record OutlineChanges(
    ImmutableArray<(int Before, int After)> Bodies, ImmutableArray<(int Before, int After)> Headers, ImmutableArray<int> Added, ImmutableArray<int> Removed, ImmutableArray<string> Shells)
{
    public bool IsEmpty => Bodies.IsEmpty && Headers.IsEmpty && Added.IsEmpty && Removed.IsEmpty && Shells.IsEmpty;

    public static OutlineChanges Between(ModuleOutline before, ModuleOutline after)
    {
        var (bodies, headers) = (ImmutableArray.CreateBuilder<(int, int)>(), ImmutableArray.CreateBuilder<(int, int)>());
        var (added, removed, shells) = (ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<string>());
        for (var at = 0; at < after.Bodies.Length; at++)
        {
            var piece = after.Bodies[at];
            if (!before.ByKey.TryGetValue(piece.Key, out var was))
            {
                if (piece.Owner is not null) added.Add(at);
                else shells.Add(piece.Key);
                continue;
            }
            var old = before.Bodies[was];
            // What others see of methods of traits and implementations and of tests is in their shells.
            if (piece.Owner is not null && !Same(before, old.Header, after, piece.Header)) headers.Add((was, at));
            else if (!Same(before, old.Body, after, piece.Body)) bodies.Add((was, at));
        }
        for (var at = 0; at < before.Bodies.Length; at++)
        {
            var piece = before.Bodies[at];
            if (after.ByKey.ContainsKey(piece.Key)) continue;
            if (piece.Owner is not null) removed.Add(at);
            else shells.Add(piece.Key);
        }
        foreach (var shell in after.Shells)
            if (before.ShellOf(shell.Key) is not { } old || !Same(before, old, after, shell)) shells.Add(shell.Key);
        foreach (var shell in before.Shells)
            if (after.ShellOf(shell.Key) is null) shells.Add(shell.Key);
        return new(bodies.DrainToImmutable(), headers.DrainToImmutable(), added.DrainToImmutable(), removed.DrainToImmutable(), shells.DrainToImmutable());
    }

    private static bool Same(ModuleOutline a, TokenRange rangeA, ModuleOutline b, TokenRange rangeB) =>
        Same(new Cursor(a, [rangeA], isLineSensitive: true), new Cursor(b, [rangeB], isLineSensitive: true));

    private static bool Same(ModuleOutline a, ShellPiece pieceA, ModuleOutline b, ShellPiece pieceB) =>
        Same(new Cursor(a, pieceA.Ranges, pieceA.IsLineSensitive), new Cursor(b, pieceB.Ranges, pieceB.IsLineSensitive));

    private static bool Same(Cursor a, Cursor b)
    {
        while (true)
        {
            var (isThere, other) = (a.Next(), b.Next());
            if (!isThere || !other) return isThere == other;
            if (a.Current.Kind != b.Current.Kind || !a.Text.SequenceEqual(b.Text)) return false;
        }
    }

    /// <summary>Goes through the tokens of a piece that mean something.</summary>
    private sealed class Cursor(ModuleOutline outline, ImmutableArray<TokenRange> ranges, bool isLineSensitive)
    {
        private int _range = -1, _at, _end, _depth;

        public Token Current { get; private set; }
        public ReadOnlySpan<char> Text => IsLayout(Current.Kind) ? "" : outline.Source.Slice(Current.Span);

        public bool Next()
        {
            var tokens = outline.Tree.Tokens;
            while (true)
            {
                while (_at >= _end)
                {
                    if (++_range >= ranges.Length) return false;
                    (_at, _end) = (ranges[_range].Start, ranges[_range].End);
                }
                Current = tokens[_at++];
                if (Current.Kind is TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace or TokenKind.HashBrace or TokenKind.PercentBrace or TokenKind.HashBracket) _depth++;
                else if (Current.Kind is TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace) _depth--;
                // A doc block goes with the line end that follows it.
                if (Current.Kind == TokenKind.Doc || (Current.Kind == TokenKind.NewLine && _at > 1 && tokens[_at - 2].Kind == TokenKind.Doc)) continue;
                if (IsLayout(Current.Kind) && !isLineSensitive && _depth == 0) continue;
                return true;
            }
        }

        private static bool IsLayout(TokenKind kind) => kind is TokenKind.NewLine or TokenKind.Indent or TokenKind.Dedent;
    }
}
