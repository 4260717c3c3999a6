using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>A module that a file needs.</summary>
/// <param name="Candidates">
/// Names that it may have, the best first: <c>use Shapes.Shape</c> may mean the module <c>Shapes.Shape</c> or a type of <c>Shapes</c>.
/// Load the first that exists; the entry file itself does not count, so that <c>use Map</c> in <c>map.kea</c> finds the library's.
/// <see cref="Binder"/> reports a reference for which none was loaded.
/// </param>
/// <param name="Span">The path as written; null where the need is not written as an import.</param>
public sealed record ModuleReference(ImmutableArray<string> Candidates, TextSpan? Span)
{
    /// <summary>Named as <c>Kea.X</c>, or needed by a literal or derived code: the standard module, even where the project has one of that name.</summary>
    public bool StandardOnly { get; init; }
}

/// <summary>Which modules a file needs, so that a driver can load a program from its entry file.</summary>
public static class ModuleReferences
{
    /// <summary>The prelude, which literals, operators and generated code refer to.</summary>
    internal static readonly ImmutableArray<string> Always = ["Prelude", "Eq", "Ord", "Order", "Show", "Option", "Result", "List"];

    /// <summary>Modules whose functions are inherent methods of primitives, so that <c>x.abs()</c> works without an import (2.1.7).</summary>
    private static readonly ImmutableArray<string> OfPrimitives = ["Int", "Float", "Char"];

    /// <summary>
    /// Names under which a module of the project replaces what the prelude re-exports, even if no file imports it (2.1.2). A driver looks
    /// these up in a project's <c>src</c>; not in the folder of a file that is run on its own, where files stand side by side by chance.
    /// </summary>
    public static ImmutableArray<string> Replaceable => Always;

    /// <summary>The modules of <c>use</c> in the order of the file, then those that are needed without being named. No duplicates.</summary>
    public static ImmutableArray<ModuleReference> Of(SyntaxTree tree)
    {
        var references = ImmutableArray.CreateBuilder<ModuleReference>();
        foreach (var declaration in tree.Declarations)
            if (declaration is Declaration.Use { Path.Parts: { IsEmpty: false } parts } use && !parts.Any(p => p.IsMissing)) references.Add(Written(use.Path));
        foreach (var name in Always) Add(references, name, true);
        foreach (var name in OfPrimitives) Add(references, name, true);
        var needs = Needs.None;
        foreach (var token in tree.Tokens) needs |= NeedsOf(token, tree.Source);
        if (needs.HasFlag(Needs.Map)) Add(references, "Map", true);
        if (needs.HasFlag(Needs.Set)) Add(references, "Set", true);
        if (needs.HasFlag(Needs.Hash)) Add(references, "Hash", true);
        return references.DrainToImmutable();
    }

    /// <summary>Whether two files need the same modules, named in the same way.</summary>
    public static bool AreSame(SyntaxTree a, SyntaxTree b)
    {
        var (one, other) = (Of(a), Of(b));
        if (one.Length != other.Length) return false;
        for (var i = 0; i < one.Length; i++)
            if (one[i].StandardOnly != other[i].StandardOnly || !one[i].Candidates.SequenceEqual(other[i].Candidates)) return false;
        return true;
    }

    [Flags]
    private enum Needs { None = 0, Map = 1, Set = 2, Hash = 4 }

    private static ModuleReference Written(PathName path)
    {
        var whole = path.ToString();
        var standardOnly = whole.StartsWith(ModuleTable.StandardPrefix, StringComparison.Ordinal);
        if (standardOnly) whole = whole[ModuleTable.StandardPrefix.Length..];
        var candidates = ImmutableArray.CreateBuilder<string>();
        for (var name = whole; ; name = name[..name.LastIndexOf('.')])
        {
            candidates.Add(name);
            if (!name.Contains('.')) break;
        }
        return new ModuleReference(candidates.DrainToImmutable(), path.Span) { StandardOnly = standardOnly };
    }

    private static void Add(ImmutableArray<ModuleReference>.Builder references, string name, bool standardOnly)
    {
        foreach (var reference in references)
            if (reference.Candidates is [var only] && only == name && reference.StandardOnly == standardOnly) return;
        references.Add(new ModuleReference([name], null) { StandardOnly = standardOnly });
    }

    /// <summary>Map literals, the library types that need no import (2.14.3), and deriving, all of which show in the tokens.</summary>
    private static Needs NeedsOf(in Token token, SourceText source)
    {
        switch (token.Kind)
        {
            case TokenKind.PercentBrace:
                return Needs.Map | Needs.Hash;
            case TokenKind.InterpolatedString:
                // The holes have streams of their own; a literal there shows by its opening.
                return source.Slice(token.Span).Contains("%{", StringComparison.Ordinal) ? Needs.Map | Needs.Hash : Needs.None;
            case TokenKind.Upper:
                var name = source.Slice(token.Span);
                if (name is "Map") return Needs.Map | Needs.Hash;
                if (name is "Set") return Needs.Set | Needs.Hash;
                return name is "Hash" ? Needs.Hash : Needs.None;
            default:
                return Needs.None;
        }
    }
}
