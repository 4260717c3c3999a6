using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Syntax;

/// <summary>An identifier as written, with its place. An empty text marks a name the parser had to make up.</summary>
public readonly record struct Name(string Text, TextSpan Span)
{
    public bool IsMissing => Text.Length == 0;
    public override string ToString() => Text;
}

/// <summary>A dotted path of Upper names: <c>Geometry.Solid</c>.</summary>
public sealed record PathName(ImmutableArray<Name> Parts, TextSpan Span)
{
    public Name Last => Parts[^1];
    public override string ToString() => string.Join('.', Parts.Select(p => p.Text));
}

/// <summary><c>@name(arguments)</c>.</summary>
public sealed record Annotation(Name Name, ImmutableArray<Argument> Arguments, bool HasParentheses, TextSpan Span);

/// <summary>The text of a doc block, base indentation removed.</summary>
public sealed record DocBlock(string Text, TextSpan Span);

/// <summary>The parsed file. Always complete: what could not be read is in the diagnostics and, where a node was needed, an Error node.</summary>
/// <param name="Tokens">Every token with its trivia; their full texts joined are the source text.</param>
public sealed record SyntaxTree(
    SourceText Source,
    ImmutableArray<Token> Tokens,
    ImmutableArray<Annotation> FileAnnotations,
    DocBlock? ModuleDoc,
    ImmutableArray<Declaration> Declarations);
