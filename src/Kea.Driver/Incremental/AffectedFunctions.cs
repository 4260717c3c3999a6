using System.Collections.Immutable;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Driver.Incremental;

/// <summary>
/// Which functions an edit of functions and of the shapes of types concerns, of a program whose declarations are bound anew. All
/// others mean what they meant: they name nothing that means another thing now, and meet no type that looks different or leads to
/// one that does.
/// </summary>
/// <param name="Edited">Qualified names of functions whose text is another one, new ones and removed ones included.</param>
/// <param name="Replaced">Those of them that others see differently: by their headers, or because they are gone.</param>
/// <param name="Dependent">Of those that say the same and may mean another thing.</param>
internal sealed record AffectedFunctions(ImmutableHashSet<string> Edited, ImmutableHashSet<string> Replaced, ImmutableHashSet<string> Dependent)
{
    public bool Contains(string function) => Edited.Contains(function) || Dependent.Contains(function);

    public bool Contains(FunctionSymbol function) =>
        Contains(function.QualifiedName)
        // Few, and not looked through for what they mention.
        || function.Origin is FunctionOrigin.ParameterDefault or FunctionOrigin.TraitDefault or FunctionOrigin.Test;

    /// <param name="before">A program without errors.</param>
    /// <param name="met">The types met in each of its functions, by qualified name.</param>
    /// <param name="texts">All modules of the project as they are now, by full path.</param>
    /// <param name="after">The new declarations.</param>
    /// <returns>Null when declarations of other kinds differ, or it cannot be told from names and types.</returns>
    public static AffectedFunctions? Of(ProgramVersion before, ImmutableDictionary<string, ImmutableHashSet<string>> met, IReadOnlyDictionary<string, ModuleOutline> texts, ImmutableArray<ModuleSymbol> after)
    {
        if (texts.Count != before.Modules.Count) return null;
        var (edited, replaced) = (ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal), ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal));
        var (names, types) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (path, outline) in texts)
        {
            if (!before.Modules.TryGetValue(path, out var module)) return null;
            if (!ReferenceEquals(module.Outline, outline) && !Collect(module, outline, edited, replaced, names, types)) return null;
        }
        if (names.Any(name => EditFunctions.IsOfTrait(name, after))) return null;
        TypeReach.Extend(types, [.. before.Program.Modules, .. after]);
        var dependent = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (function, seen) in met)
            if (seen.Overlaps(types)) dependent.Add(function);
        foreach (var (path, outline) in texts)
        {
            var module = before.Modules[path];
            foreach (var name in names)
                foreach (var at in outline.Mentions.Bodies(name))
                    if (module.Outline.ByKey.TryGetValue(outline.Bodies[at].Key, out var was) && module.Functions[was] is { } function) dependent.Add(function.QualifiedName);
        }
        return new AffectedFunctions(edited.ToImmutable(), replaced.ToImmutable(), dependent.ToImmutable());
    }

    private static bool Collect(ModuleVersion module, ModuleOutline outline, ImmutableHashSet<string>.Builder edited, ImmutableHashSet<string>.Builder replaced, HashSet<string> names, HashSet<string> types)
    {
        var changes = OutlineChanges.Between(module.Outline, outline);
        foreach (var key in changes.Shells)
        {
            if (!key.StartsWith(CollectPieces.TypeKey, StringComparison.Ordinal)) return false;
            types.Add($"{module.Name}.{key[CollectPieces.TypeKey.Length..]}");
            foreach (var side in (ModuleOutline[])[module.Outline, outline])
                foreach (var shell in side.Shells)
                    if (shell.Key == key) names.UnionWith(NamesOf(shell.Declaration));
        }
        foreach (var (was, at) in changes.Bodies.Concat(changes.Headers))
        {
            if (module.Functions[was] is not { } function) return false;
            edited.Add(function.QualifiedName);
        }
        foreach (var (was, _) in changes.Headers)
        {
            replaced.Add(module.Functions[was]!.QualifiedName);
            names.Add(module.Functions[was]!.Name);
        }
        foreach (var was in changes.Removed)
        {
            if (module.Functions[was] is not { } function) return false;
            edited.Add(function.QualifiedName);
            replaced.Add(function.QualifiedName);
            names.Add(function.Name);
        }
        foreach (var at in changes.Added)
        {
            var piece = outline.Bodies[at];
            edited.Add(string.Join('.', [module.Name, .. piece.Owner!.Value, piece.Function!.Name.Text]));
            names.Add(piece.Function.Name.Text);
        }
        return true;
    }

    /// <summary>What a type's declaration makes known: its own name, those of its fields and of its constructors.</summary>
    private static IEnumerable<string> NamesOf(Declaration? declaration) => declaration switch
    {
        Declaration.Struct type => type.Fields.Select(f => f.Name.Text).Append(type.Name.Text),
        Declaration.Enum type => type.Variants.Select(v => v.Name.Text).Append(type.Name.Text),
        _ => [],
    };
}
