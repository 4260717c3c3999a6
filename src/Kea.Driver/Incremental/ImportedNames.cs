using System.Collections.Immutable;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Driver.Incremental;

/// <summary>Which names a module's imports give a meaning (2.2).</summary>
internal static class ImportedNames
{
    /// <summary>The names of those imports that only one of two texts of a module has.</summary>
    /// <param name="had">All modules of the program with the first text.</param>
    /// <param name="has">All modules of the program with the second.</param>
    public static HashSet<string> Between(ModuleOutline before, ModuleOutline after, ImmutableArray<ModuleSymbol> had, ImmutableArray<ModuleSymbol> has)
    {
        var (old, now) = (Uses(before), Uses(after));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (text, use) in old)
            if (!now.ContainsKey(text)) Add(use, had, names);
        foreach (var (text, use) in now)
            if (!old.ContainsKey(text)) Add(use, has, names);
        return names;
    }

    private static Dictionary<string, Declaration.Use> Uses(ModuleOutline outline)
    {
        var uses = new Dictionary<string, Declaration.Use>(StringComparer.Ordinal);
        foreach (var use in outline.Tree.Declarations.OfType<Declaration.Use>()) uses.TryAdd(TextOf(use), use);
        return uses;
    }

    private static string TextOf(Declaration.Use use) =>
        $"{use.Path}.{(use.Names is { } names ? string.Join(',', names.Select(n => n.Text)) : "*")} as {use.AsName?.Text}";

    private static void Add(Declaration.Use use, ImmutableArray<ModuleSymbol> modules, HashSet<string> names)
    {
        names.UnionWith(use.Path.Parts.Select(p => p.Text));
        names.UnionWith(use.Names?.Select(n => n.Text) ?? []);
        if (use.AsName is { } alias) names.Add(alias.Text);
        // The longest beginning of the path is the module, but one that is not meant adds no more than a few names.
        var path = use.Path.ToString();
        foreach (var module in modules)
            if (path == module.Name || path == $"Kea.{module.Name}" || path.StartsWith(module.Name + ".", StringComparison.Ordinal) || path.StartsWith($"Kea.{module.Name}.", StringComparison.Ordinal))
                Add(module, names);
    }

    /// <summary>What needs no qualifier once a module is imported.</summary>
    private static void Add(ModuleSymbol module, HashSet<string> names)
    {
        foreach (var type in module.Types.Values) Add(type, names);
        foreach (var declaration in module.Tree.Declarations)
            if (declaration is Declaration.Alias { Name.Text: var alias }) names.Add(alias);
        foreach (var trait in module.Traits.Values)
        {
            names.Add(trait.Name);
            names.UnionWith(trait.Methods.Keys);
        }
        foreach (var effect in module.Effects.Values)
        {
            names.Add(effect.Name);
            names.UnionWith(effect.Operations.Keys);
        }
    }

    private static void Add(TypeSymbol type, HashSet<string> names)
    {
        names.UnionWith(type.Name.Split('.'));
        names.UnionWith(type.Variants.Select(v => v.Name));
        foreach (var nested in type.NestedTypes.Values) Add(nested, names);
    }
}
