using Kea.Source;

namespace Kea.Syntax;

/// <summary>Lexer and layout in one: the token stream that the parser reads.</summary>
internal static class TokenStream
{
    /// <summary>About how many characters one token takes, trivia included; only sizes the first allocation.</summary>
    private const int CharactersPerToken = 3;

    public static Token[] Of(
        string text, int start, int end, SyntaxMessages messages, bool insideBrackets = false, int baseColumn = 0)
    {
        using var raw = new TokenBuffer((end - start) / CharactersPerToken + 2);
        Lexer.Scan(text, start, end, messages, raw);
        using var tokens = new TokenBuffer(raw.Count + raw.Count / 8);
        Layout.Apply(text, raw, tokens, messages, insideBrackets, baseColumn);
        return tokens.ToArray();
    }
}
