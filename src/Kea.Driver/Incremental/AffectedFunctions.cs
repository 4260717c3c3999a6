using System.Collections.Immutable;
using Kea.Types;
using Kea.Types.Binding;

namespace Kea.Driver.Incremental;

/// <summary>
/// Which functions an edit concerns, of a program whose declarations are bound anew. All others mean what they meant: they name nothing that means another thing now, and meet no type that looks different,
/// is implemented differently, or leads to one that does or is.
/// </summary>
/// <param name="Edited">Qualified names of functions whose text is another one, new ones and removed ones included.</param>
/// <param name="Replaced">Those of them that others see differently: by their headers, or because they are gone.</param>
/// <param name="Dependent">Of those that say the same and may mean another thing.</param>
internal sealed record AffectedFunctions(ImmutableHashSet<string> Edited, ImmutableHashSet<string> Replaced, ImmutableHashSet<string> Dependent)
{
    /// <summary>Qualified names of consts that have another value, or one that is computed by others.</summary>
    public ImmutableHashSet<string> Consts { get; init; } = [];

    /// <summary>Whose calls may lead elsewhere: traits and the types that implement them otherwise than before, or did or do.</summary>
    public ImmutableHashSet<ImplementationKey> Implementations { get; init; } = [];

    public bool Contains(string function) => Edited.Contains(function) || Dependent.Contains(function);

    public bool Contains(FunctionSymbol function) =>
        Contains(function.QualifiedName)
        // Few, and not looked through for what they mention.
        || function.Origin is FunctionOrigin.ParameterDefault or FunctionOrigin.Test;

    /// <param name="before">A program without errors.</param>
    /// <param name="replaced">Those of its modules that are bound anew or gone. All others mean what they meant, and use none of these.</param>
    /// <param name="met">The types met in each of their functions, by qualified name.</param>
    /// <param name="texts">The modules of the project that are bound anew as they are now, by full path.</param>
    /// <param name="after">The new declarations.</param>
    /// <returns>Null when it cannot be told from names and types.</returns>
    public static AffectedFunctions? Of(
        ProgramVersion before, IReadOnlySet<ModuleSymbol> replaced, IEnumerable<KeyValuePair<string, ImmutableHashSet<string>>> met, IReadOnlyDictionary<string, ModuleOutline> texts, IBoundProgram after)
    {
        if (CollectChanges.Of(before, replaced, texts, after) is not { } changes) return null;
        var dependent = changes.Dependent.ToImmutableHashSet(StringComparer.Ordinal).ToBuilder();
        foreach (var (function, seen) in met)
            if (seen.Overlaps(changes.Types)) dependent.Add(function);
        foreach (var (path, outline) in texts)
        {
            if (!before.Modules.TryGetValue(path, out var module)) continue;
            foreach (var name in changes.NamesIn(path))
                foreach (var at in outline.Mentions.Bodies(name))
                    if (module.Outline.ByKey.TryGetValue(outline.Bodies[at].Key, out var was) && module.Functions[was] is { } function) dependent.Add(function.QualifiedName);
        }
        return new AffectedFunctions(changes.Edited.ToImmutableHashSet(StringComparer.Ordinal), changes.Replaced.ToImmutableHashSet(StringComparer.Ordinal), dependent.ToImmutable())
        {
            Consts = changes.Consts.ToImmutableHashSet(StringComparer.Ordinal), Implementations = [.. changes.Implementations],
        };
    }
}
