using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Items that <c>use M.{…}</c> names, by kind; two modules may give one name, which is then ambiguous where it is used.</summary>
internal sealed class NamedItems
{
    public Dictionary<string, ImmutableArray<FunctionSymbol>> Functions { get; } = [];
    public Dictionary<string, ImmutableArray<VariantSymbol>> Constructors { get; } = [];
    public Dictionary<string, ImmutableArray<TypeName>> Types { get; } = [];
    public Dictionary<string, ImmutableArray<TraitSymbol>> Traits { get; } = [];
    public Dictionary<string, ImmutableArray<EffectSymbol>> Effects { get; } = [];
    public Dictionary<string, ConstSymbol> Consts { get; } = [];

    public void Add(string name, FunctionSymbol item) => Add(Functions, name, item);
    public void Add(string name, VariantSymbol item) => Add(Constructors, name, item);
    public void Add(string name, TypeName item) => Add(Types, name, item);
    public void Add(string name, TraitSymbol item) => Add(Traits, name, item);
    public void Add(string name, EffectSymbol item) => Add(Effects, name, item);

    private static void Add<T>(Dictionary<string, ImmutableArray<T>> table, string name, T item)
    {
        var before = table.GetValueOrDefault(name, []);
        if (!before.Contains(item)) table[name] = before.Add(item);
    }
}

/// <summary>Finds the items of <c>use M.{a, B}</c> and of <c>use M.T.{f, C}</c>, where the path ends in a type.</summary>
internal static class NamedImports
{
    public static void Bind(ModuleContents own, Import import, NamedItems items)
    {
        if (import.Type is { } type) items.Add(type.Name[(type.Name.LastIndexOf('.') + 1)..], new TypeName(type, null));
        if (import.Syntax.Names is not { } names) return;
        foreach (var name in names)
        {
            if (name.IsMissing) continue;
            var isPublic = false;
            var found = import.Type is { } owner ? OfType(owner, name.Text, items, ref isPublic) : false;
            if (!found) found = OfModule(import.Module, name.Text, items, ref isPublic);
            var prefix = import.Syntax.Path.ToString();
            if (!found)
            {
                var closest = EditDistance.Closest(name.Text, import.Module.Symbol.Functions.Keys.Concat(import.Module.Constructors.Keys));
                own.Bag.Error("E0005", own.At(name.Span), $"module `{prefix}` has no function `{name.Text}`", "not declared there", closest is null ? null : $"did you mean `{closest}`?");
            }
            else if (!isPublic && import.Module.Symbol.Origin != own.Symbol.Origin)
            {
                own.Bag.Error("E0012", own.At(name.Span), $"`{prefix}.{name.Text}` is not public in its package");
            }
        }
    }

    private static bool OfType(TypeSymbol type, string name, NamedItems items, ref bool isPublic)
    {
        if (type.Methods.TryGetValue(name, out var method))
        {
            items.Add(name, method);
            isPublic = method.IsPublic;
            return true;
        }
        foreach (var variant in type.Variants)
        {
            if (variant.Name != name) continue;
            items.Add(name, variant);
            isPublic = type.IsPublic;
            return true;
        }
        if (type.NestedTypes.TryGetValue(name, out var nested))
        {
            items.Add(name, new TypeName(nested, null));
            isPublic = nested.IsPublic;
            return true;
        }
        if (!type.Consts.TryGetValue(name, out var constant)) return false;
        items.Consts[name] = constant;
        isPublic = type.IsPublic;
        return true;
    }

    private static bool OfModule(ModuleContents module, string name, NamedItems items, ref bool isPublic)
    {
        var found = false;
        foreach (var trait in module.Symbol.Traits.Values)
        {
            if (!trait.Methods.TryGetValue(name, out var method)) continue;
            items.Add(name, method);
            (found, isPublic) = (true, isPublic | trait.IsPublic);
        }
        // Where a module has both (`Eq.eq`), the plain name is the trait method, which covers more types (8.9).
        if (!found && module.Symbol.Functions.TryGetValue(name, out var function))
        {
            items.Add(name, function);
            (found, isPublic) = (true, function.IsPublic);
        }
        if (module.Constructors.TryGetValue(name, out var variants))
        {
            foreach (var variant in variants)
            {
                items.Add(name, variant);
                (found, isPublic) = (true, isPublic | variant.Owner.IsPublic);
            }
        }
        if (ModuleScope.TypeIn(module, name) is { } type)
        {
            items.Add(name, type);
            (found, isPublic) = (true, isPublic | type.IsPublic);
        }
        if (module.Symbol.Traits.TryGetValue(name, out var named))
        {
            items.Add(name, named);
            (found, isPublic) = (true, isPublic | named.IsPublic);
        }
        if (module.Symbol.Effects.TryGetValue(name, out var effect))
        {
            items.Add(name, effect);
            (found, isPublic) = (true, isPublic | effect.IsPublic);
        }
        if (found || !module.Symbol.Consts.TryGetValue(name, out var constant)) return found;
        items.Consts[name] = constant;
        isPublic = constant.IsPublic;
        return true;
    }
}
