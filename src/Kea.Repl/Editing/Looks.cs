using Kea.Source;
using Kea.Syntax;

namespace Kea.Repl.Editing;

/// <summary>Colours of an input, by its tokens.</summary>
public static class Looks
{
    public static Look[] Of(string text)
    {
        var looks = new Look[text.Length];
        if (text.AsSpan().TrimStart().StartsWith(":"))
        {
            var end = text.AsSpan().TrimStart().IndexOfAny(' ', '\n') is var at and >= 0 ? at + text.Length - text.AsSpan().TrimStart().Length : text.Length;
            looks.AsSpan(0, end).Fill(Look.Command);
            return looks;
        }
        foreach (var token in SyntaxParser.Parse(new SourceText("input", text)).Value.Tokens)
        {
            var trivia = text.AsSpan(token.TriviaStart, token.Span.Start - token.TriviaStart);
            if (trivia.IndexOf("--") is var comment and >= 0) looks.AsSpan(token.TriviaStart + comment, trivia.Length - comment).Fill(Look.Comment);
            looks.AsSpan(token.Span.Start, token.Span.End - token.Span.Start).Fill(Of(token.Kind));
        }
        return looks;
    }

    private static Look Of(TokenKind kind) => kind switch
    {
        TokenKind.Integer or TokenKind.Float => Look.Number,
        TokenKind.Char or TokenKind.String or TokenKind.InterpolatedString => Look.String,
        TokenKind.Doc => Look.Comment,
        TokenKind.Upper or TokenKind.True or TokenKind.False or TokenKind.None => Look.Name,
        >= TokenKind.Nil and <= TokenKind.Markdown => Look.Keyword,
        TokenKind.Handle or TokenKind.Resume or TokenKind.Fail or TokenKind.Catch or TokenKind.For or TokenKind.While or TokenKind.Then or TokenKind.As => Look.Keyword,
        _ => Look.Plain,
    };
}
