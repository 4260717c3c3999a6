namespace Kea.Syntax;

/// <summary>Questions about token kinds that lexer, layout, parser and printers share.</summary>
internal static class TokenFacts
{
    /// <summary>A lower identifier, contextual and assertion words included (grammar: LOWER).</summary>
    public static bool IsLower(TokenKind kind) =>
        kind is >= TokenKind.Lower and <= TokenKind.AssertionWord;

    public static bool IsReserved(TokenKind kind) =>
        kind is >= TokenKind.True and <= TokenKind.Markdown or TokenKind.Doc;

    /// <summary>Rule C2 of 1.5.2: at a line end these join the next line.</summary>
    public static bool IsTrailingOpen(TokenKind kind) => kind is
        TokenKind.Plus or TokenKind.PlusPlus or TokenKind.Minus or TokenKind.Star or
        TokenKind.Slash or TokenKind.Percent or TokenKind.EqualEqual or TokenKind.NotEqual or
        TokenKind.Less or TokenKind.LessEqual or TokenKind.Greater or TokenKind.GreaterEqual or
        TokenKind.LessGreater or TokenKind.And or TokenKind.Or or TokenKind.In or
        TokenKind.DotDot or TokenKind.DotDotEqual or TokenKind.Equal or TokenKind.BackArrow or
        TokenKind.Comma or TokenKind.Colon or TokenKind.ColonColon or TokenKind.Dot;

    public static bool IsOpener(TokenKind kind) => kind is
        TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace or
        TokenKind.HashBrace or TokenKind.PercentBrace or TokenKind.HashBracket;

    public static bool IsCloser(TokenKind kind) => kind is
        TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace;

    /// <summary>Words that begin a declaration and can stand nowhere inside brackets.</summary>
    public static bool StartsOnlyDeclarations(TokenKind kind) => kind is
        TokenKind.Struct or TokenKind.Enum or TokenKind.Trait or TokenKind.Effect or
        TokenKind.Test or TokenKind.Type or TokenKind.Alias or TokenKind.Opaque or
        TokenKind.Use or TokenKind.Import or TokenKind.Pub or TokenKind.Doc or TokenKind.Const;

    /// <summary>How an operator binds (1.14); level 0 means the token is no binary operator.</summary>
    public static (int Level, BinaryOperator Operator) Binary(TokenKind kind) => kind switch
    {
        TokenKind.Or => (3, BinaryOperator.Or),
        TokenKind.And => (4, BinaryOperator.And),
        TokenKind.In => (5, BinaryOperator.In),
        TokenKind.EqualEqual => (6, BinaryOperator.Equal),
        TokenKind.NotEqual => (6, BinaryOperator.NotEqual),
        TokenKind.Less => (7, BinaryOperator.Less),
        TokenKind.LessEqual => (7, BinaryOperator.LessOrEqual),
        TokenKind.Greater => (7, BinaryOperator.Greater),
        TokenKind.GreaterEqual => (7, BinaryOperator.GreaterOrEqual),
        TokenKind.DotDot => (8, BinaryOperator.Range),
        TokenKind.DotDotEqual => (8, BinaryOperator.RangeInclusive),
        TokenKind.Plus => (9, BinaryOperator.Add),
        TokenKind.Minus => (9, BinaryOperator.Subtract),
        TokenKind.PlusPlus => (9, BinaryOperator.Concat),
        TokenKind.LessGreater => (9, BinaryOperator.Combine),
        TokenKind.Star => (11, BinaryOperator.Multiply),
        TokenKind.Slash => (11, BinaryOperator.Divide),
        TokenKind.Percent => (11, BinaryOperator.Remainder),
        _ => (0, default),
    };
}
