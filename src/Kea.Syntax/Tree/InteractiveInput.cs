using Kea.Source;

namespace Kea.Syntax;

/// <summary>One input of the interactive prompt (5.7): nothing, a declaration, or a statement.</summary>
/// <param name="IsIncomplete">It ends in an open bracket, a token that continues, or a header without block: more lines belong to it.</param>
public sealed record InteractiveInput(SourceText Source, Declaration? Declaration, Expression? Statement, bool IsIncomplete);
