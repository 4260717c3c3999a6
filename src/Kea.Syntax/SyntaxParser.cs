using Kea.Source;

namespace Kea.Syntax;

/// <summary>The front door of this project: text to syntax tree.</summary>
/// <remarks>Total: every text has a tree, and what is wrong with it is in the diagnostics, sorted by place.</remarks>
public static class SyntaxParser
{
    /// <summary>A file (5.1).</summary>
    public static Phase<SyntaxTree> Parse(SourceText source) => Parser.ParseFile(source);

    /// <summary>What is typed at a prompt: one declaration or statement (5.7).</summary>
    public static Phase<InteractiveInput> ParseInput(SourceText source) => Parser.ParseInteractive(source);
}
