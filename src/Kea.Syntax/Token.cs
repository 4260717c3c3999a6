using Kea.Source;

namespace Kea.Syntax;

/// <summary>A token of the layout-processed stream.</summary>
/// <param name="Span">The token's own text; empty for Indent, Dedent and EndOfFile.</param>
/// <param name="TriviaStart">Where the white space and comments before it begin; trivia reach up to Span.Start.</param>
public readonly record struct Token(TokenKind Kind, TextSpan Span, int TriviaStart);
