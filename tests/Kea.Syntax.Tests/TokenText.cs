using System.Text;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>Token streams as text for golden files, one token a line with its place.</summary>
internal static class TokenText
{
    public static string Of(SyntaxTree tree)
    {
        var text = new StringBuilder();
        foreach (var token in tree.Tokens)
        {
            var at = token.Span.Start;
            var place = $"{tree.Source.Lines.LineOf(at) + 1}:{tree.Source.Lines.ColumnOf(at) + 1}";
            text.Append($"{place,-8}{token.Kind}");
            if (token.Span.Length > 0 && token.Kind != TokenKind.NewLine) text.Append(' ').Append(Visible(tree.Source.Slice(token.Span)));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Trivia and token of every token, joined.</summary>
    public static string Joined(SyntaxTree tree)
    {
        var text = new StringBuilder();
        foreach (var token in tree.Tokens)
            text.Append(tree.Source.Text, token.TriviaStart, token.Span.End - token.TriviaStart);
        return text.ToString();
    }

    private static string Visible(ReadOnlySpan<char> text) =>
        text.ToString().Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r");
}
