using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>The names of one module by the ranks of 2.2. Answers are found when first asked for and kept; safe for several threads.</summary>
internal sealed class ModuleScope : IModuleScope
{
    /// <summary>Traits in scope wherever their module is part of the program, behind everything else (8.10).</summary>
    private static readonly ImmutableArray<string> AmbientTraits =
        ["Hash", "From", "Additive", "Numeric", "Concatenable", "Monoid", "Iterable", "Iterator", "Foldable"];

    private readonly IReadOnlyDictionary<string, ModuleContents> _standard;
    private readonly bool _isEntry;
    private readonly ImmutableArray<string> _preludeNames;
    private readonly Builtins _builtins;
    private readonly ModuleContents _own;
    /// <summary>Modules of <c>use</c>, without repetition.</summary>
    private readonly ImmutableArray<ModuleContents> _used;
    private readonly ImmutableArray<ModuleContents> _prelude;
    private readonly Dictionary<string, ModuleContents> _modules = [];
    private readonly NamedItems _named = new();
    private readonly Lazy<ImmutableArray<TraitSymbol>> _traitsInScope;
    private readonly ConcurrentDictionary<string, ImmutableArray<TypeName>> _types = [];
    private readonly ConcurrentDictionary<string, ImmutableArray<VariantSymbol>> _constructors = [];
    private readonly ConcurrentDictionary<string, ImmutableArray<TraitSymbol>> _traits = [];
    private readonly ConcurrentDictionary<string, ImmutableArray<EffectSymbol>> _effects = [];

    public ModuleScope(ModuleContents own, ImmutableArray<Import> imports, ModuleTable table, Builtins builtins)
    {
        (_own, _standard, _isEntry, _preludeNames, _builtins) = (own, table.StandardModules, own == table.Entry, table.Prelude, builtins);
        _prelude = [.. table.Prelude.Select(name => table.Find(name, own.Symbol.Origin)).OfType<ModuleContents>()];
        var used = ImmutableArray.CreateBuilder<ModuleContents>(imports.Length);
        foreach (var import in imports)
        {
            if (!used.Contains(import.Module)) used.Add(import.Module);
            _modules[import.Type is null ? import.Syntax.Path.ToString() : import.Module.Symbol.Name] = import.Module;
            // `use Kea.List` also gives the plain name, unless that means a module of the project.
            if (import.Module.IsStandard && table.Find(import.Module.Symbol.Name, own.Symbol.Origin) == import.Module) _modules[import.Module.Symbol.Name] = import.Module;
            if (import.Syntax.AsName is not { } alias) continue;
            if (import.Type is null) _modules[alias.Text] = import.Module;
            else _named.Add(alias.Text, new TypeName(import.Type, null));
        }
        _used = used.DrainToImmutable();
        foreach (var import in imports) NamedImports.Bind(own, import, _named);
        _traitsInScope = new(FindTraitsInScope);
    }

    public ModuleSymbol Module => _own.Symbol;
    public ModuleContents Contents => _own;
    public ImmutableArray<TraitSymbol> TraitsInScope => _traitsInScope.Value;

    public ImmutableArray<FunctionSymbol> Functions(string name)
    {
        if (_own.Symbol.Functions.TryGetValue(name, out var own)) return [own];
        return ImportedFunctions(name);
    }

    public ImmutableArray<FunctionSymbol> ImportedFunctions(string name) => _named.Functions.TryGetValue(name, out var named) ? named : [];

    public ConstSymbol? Const(string name) =>
        _own.Symbol.Consts.GetValueOrDefault(name) ?? _named.Consts.GetValueOrDefault(name);

    public ImmutableArray<VariantSymbol> Constructors(string name) =>
        _constructors.TryGetValue(name, out var known) ? known : _constructors.GetOrAdd(name, FindConstructors(name));
    public ImmutableArray<TypeSymbol> Types(string name)
    {
        var names = TypeNames(name);
        return names is [{ Type: { } only }] ? [only] : [.. names.Select(n => n.Type ?? (n.Alias!.Target as Type.Named)?.Symbol).OfType<TypeSymbol>()];
    }

    /// <summary>Types and aliases, which share one namespace.</summary>
    public ImmutableArray<TypeName> TypeNames(string name) => _types.TryGetValue(name, out var known) ? known : _types.GetOrAdd(name, FindTypes(name));

    public ImmutableArray<TraitSymbol> Traits(string name) => _traits.TryGetValue(name, out var known) ? known : _traits.GetOrAdd(name, FindTraits(name));

    private ImmutableArray<TraitSymbol> FindTraits(string name)
    {
        if (_own.Symbol.Traits.TryGetValue(name, out var own)) return [own];
        if (name.StartsWith(ModuleTable.ReservedPrefix, StringComparison.Ordinal))
            return _standard.GetValueOrDefault(name[ModuleTable.ReservedPrefix.Length..])?.Symbol.Traits.GetValueOrDefault(name[ModuleTable.ReservedPrefix.Length..]) is { } standard ? [standard] : [];
        if (_named.Traits.TryGetValue(name, out var named)) return named;
        var found = Collect(_used, m => Visible(m.Symbol.Traits.GetValueOrDefault(name), m));
        if (found.IsEmpty) found = Collect(_prelude, m => Visible(m.Symbol.Traits.GetValueOrDefault(name), m));
        return found.IsEmpty && AmbientTraits.Contains(name) && _standard.GetValueOrDefault(name)?.Symbol.Traits.GetValueOrDefault(name) is { } ambient ? [ambient] : found;
    }

    public ImmutableArray<EffectSymbol> Effects(string name) => _effects.TryGetValue(name, out var known) ? known : _effects.GetOrAdd(name, FindEffects(name));

    private ImmutableArray<EffectSymbol> FindEffects(string name)
    {
        if (_own.Symbol.Effects.TryGetValue(name, out var own)) return [own];
        if (_named.Effects.TryGetValue(name, out var named)) return named;
        var found = Collect(_used, m => Visible(m.Symbol.Effects.GetValueOrDefault(name), m));
        return found.IsEmpty ? Collect(_prelude, m => Visible(m.Symbol.Effects.GetValueOrDefault(name), m)) : found;
    }

    public ModuleSymbol? FindModule(string name)
    {
        if (name.StartsWith(ModuleTable.ReservedPrefix, StringComparison.Ordinal)) return _standard.GetValueOrDefault(name[ModuleTable.ReservedPrefix.Length..])?.Symbol;
        var isOwn = name == _own.Symbol.Name || name == _own.Symbol.LastSegment;
        if (isOwn && !_isEntry) return _own.Symbol;
        if (_modules.TryGetValue(name, out var used)) return used.Symbol;
        foreach (var module in _prelude)
            if (module.Symbol.Name == name) return module.Symbol;
        return isOwn ? _own.Symbol : StandardByFullName(name);
    }

    /// <summary><c>Kea.X</c> is the standard module X, even where the project has one of that name (2.1.3); it must be in scope like any other.</summary>
    private ModuleSymbol? StandardByFullName(string name)
    {
        if (!name.StartsWith(ModuleTable.StandardPrefix, StringComparison.Ordinal)) return null;
        var plain = name[ModuleTable.StandardPrefix.Length..];
        if (!_standard.TryGetValue(plain, out var standard)) return null;
        return _preludeNames.Contains(plain) || _used.Contains(standard) ? standard.Symbol : null;
    }

    public IEnumerable<string> NamesInScope
    {
        get
        {
            var names = new HashSet<string>(_own.Symbol.Functions.Keys);
            names.UnionWith(_own.Symbol.Consts.Keys);
            names.UnionWith(_named.Functions.Keys);
            names.UnionWith(_modules.Keys);
            names.Add(_own.Symbol.Name);
            foreach (var module in _used.Concat(_prelude).Prepend(_own))
            {
                names.Add(module.Symbol.Name);
                var all = module == _own;
                names.UnionWith(module.Symbol.Types.Values.Where(t => all || IsVisible(t.IsPublic, module)).Select(t => t.Name));
                names.UnionWith(module.Symbol.Traits.Values.Where(t => all || IsVisible(t.IsPublic, module)).Select(t => t.Name));
                names.UnionWith(module.Symbol.Effects.Values.Where(e => all || IsVisible(e.IsPublic, module)).Select(e => e.Name));
                names.UnionWith(module.Aliases.Values.Where(a => all || IsVisible(a.IsPublic, module)).Select(a => a.Name));
                names.UnionWith(module.Constructors.Where(c => all || c.Value.Exists(v => IsVisible(v.Owner.IsPublic, module))).Select(c => c.Key));
            }
            foreach (var trait in TraitsInScope) names.UnionWith(trait.Methods.Keys);
            return names;
        }
    }

    /// <summary>Names that could stand for a type, for "did you mean".</summary>
    public IEnumerable<string> TypeNamesInScope => _used.Concat(_prelude).Prepend(_own)
        .SelectMany(m => m.Symbol.Types.Keys.Concat(m.Aliases.Keys)).Concat(_builtins.PrimitiveNames);

    public bool IsVisible(bool isPublic, ModuleContents module) => isPublic || module.Symbol.Origin == _own.Symbol.Origin;

    private ImmutableArray<VariantSymbol> FindConstructors(string name)
    {
        if (_own.Constructors.TryGetValue(name, out var own)) return [.. own];
        if (_own.NestedConstructors.TryGetValue(name, out var nested)) return [.. nested];
        if (_named.Constructors.TryGetValue(name, out var named)) return named;
        var found = ConstructorsOf(_used, name);
        return found.IsEmpty ? ConstructorsOf(_prelude, name) : found;
    }

    private ImmutableArray<VariantSymbol> ConstructorsOf(ImmutableArray<ModuleContents> modules, string name)
    {
        var found = ImmutableArray<VariantSymbol>.Empty;
        foreach (var module in modules)
            if (module.Constructors.TryGetValue(name, out var variants))
                foreach (var variant in variants)
                    if (IsVisible(variant.Owner.IsPublic, module)) found = found.Add(variant);
        return found;
    }

    private ImmutableArray<TypeName> FindTypes(string name)
    {
        if (TypeIn(_own, name) is { } own) return [own];
        if (_named.Types.TryGetValue(name, out var named)) return named;
        var found = TypesOf(_used, name);
        if (found.IsEmpty) found = TypesOf(_prelude, name);
        if (!found.IsEmpty) return found;
        return (_builtins.Primitive(name) is not null ? _builtins[Builtins.KindOf(name)] : _builtins.KnownLibraryType(name)) is { } known ? [new TypeName(known, null)] : [];
    }

    private ImmutableArray<TypeName> TypesOf(ImmutableArray<ModuleContents> modules, string name)
    {
        var found = ImmutableArray<TypeName>.Empty;
        foreach (var module in modules)
            if (TypeIn(module, name) is { } type && IsVisible(type.IsPublic, module)) found = found.Add(type);
        return found;
    }

    /// <summary>A type or alias at file scope.</summary>
    public static TypeName? TypeIn(ModuleContents module, string name)
    {
        if (module.Symbol.Types.TryGetValue(name, out var type)) return new TypeName(type, null);
        return module.Aliases.TryGetValue(name, out var alias) ? new TypeName(null, alias) : null;
    }

    private ImmutableArray<TraitSymbol> FindTraitsInScope()
    {
        var found = new List<TraitSymbol>(_own.Symbol.Traits.Values);
        foreach (var module in _used.Concat(_prelude))
            foreach (var trait in module.Symbol.Traits.Values)
                if (IsVisible(trait.IsPublic, module) && !found.Contains(trait)) found.Add(trait);
        foreach (var items in _named.Traits.Values)
            foreach (var trait in items)
                if (!found.Contains(trait)) found.Add(trait);
        foreach (var name in AmbientTraits)
            if (_standard.GetValueOrDefault(name)?.Symbol.Traits.GetValueOrDefault(name) is { } trait && !found.Contains(trait)) found.Add(trait);
        return [.. found];
    }

    private TraitSymbol? Visible(TraitSymbol? trait, ModuleContents module) => trait is not null && IsVisible(trait.IsPublic, module) ? trait : null;
    private EffectSymbol? Visible(EffectSymbol? effect, ModuleContents module) => effect is not null && IsVisible(effect.IsPublic, module) ? effect : null;

    private static ImmutableArray<T> Collect<T>(ImmutableArray<ModuleContents> modules, Func<ModuleContents, T?> find) where T : class
    {
        var found = ImmutableArray<T>.Empty;
        foreach (var module in modules)
            if (find(module) is { } item && !found.Contains(item)) found = found.Add(item);
        return found;
    }
}

/// <summary>What a name in type position means: a type, or an alias to expand.</summary>
internal readonly record struct TypeName(TypeSymbol? Type, AliasSymbol? Alias)
{
    public bool IsPublic => Type?.IsPublic ?? Alias!.IsPublic;
}
