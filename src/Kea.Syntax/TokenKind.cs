namespace Kea.Syntax;

/// <summary>The tokens of language reference 01.</summary>
public enum TokenKind
{
    EndOfFile,
}
