using Kea.Syntax;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Incremental;

/// <summary>Declarations other than functions, and those that are made of them: whatever mentions one that changes changes itself.</summary>
internal sealed partial class CollectChanges
{
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal), _traits = new(StringComparer.Ordinal);
    private readonly Queue<string> _open = [];

    /// <summary>A name that other declarations may be made of.</summary>
    private void Declared(string name)
    {
        if (_declared.Add(name)) _open.Enqueue(name);
    }

    /// <summary>A declaration other than a function that says something else, is new or is gone, or says the same and means something else.</summary>
    /// <param name="saysSame">It is only made of what is another thing.</param>
    /// <returns>False when it cannot be told whom it concerns.</returns>
    private bool Shell(ModuleVersion module, ShellPiece? was, ShellPiece? now, bool saysSame = false)
    {
        var (had, has) = (was?.Declaration, now?.Declaration);
        switch (had ?? has)
        {
            case Declaration.Struct or Declaration.Enum or Declaration.Opaque:
                Types.Add(DeclaredName(module.Name, (was ?? now)!));
                if (!saysSame) NamesOf(had, has);
                return true;
            case Declaration.Const constant:
                Const(DeclaredName(module.Name, (was ?? now)!), constant.Name.Text);
                return true;
            case Declaration.Alias alias:
                Declared(alias.Name.Text);
                return true;
            case Declaration.Effect effect:
                Operations(had);
                Operations(has);
                Declared(effect.Name.Text);
                // What the runtime and `fail` know by its name is performed without being named.
                return !EffectSymbol.IsBuiltin(effect.Name.Text);
            case Declaration.Trait trait:
                var (before, after) = (MethodsOf(had), MethodsOf(has));
                Trait(module.Name, trait.Name.Text, before.Intersect(after), Dependent);
                Trait(module.Name, trait.Name.Text, before.Except(after).Concat(after.Except(before)), Edited);
                return true;
            case Declaration.Implementation:
                var among = saysSame ? Dependent : Edited;
                return Implementation(module.Symbol, had, among) && Implementation(_fresh.FirstOrDefault(m => m.Name == module.Name && m.Origin == ModuleOrigin.Project), has, among);
            default:
                return false;
        }
    }

    private void Const(string qualifiedName, string name)
    {
        Consts.Add(qualifiedName);
        Declared(name);
    }

    private static bool IsType(Declaration? declaration) => declaration is Declaration.Struct or Declaration.Enum or Declaration.Opaque;

    private static string DeclaredName(string module, ShellPiece shell) => $"{module}.{shell.Key[(shell.Key.IndexOf(' ', StringComparison.Ordinal) + 1)..]}";

    private void NamesOf(Declaration? had, Declaration? has)
    {
        string[] before = [.. NamesOf(had)], after = [.. NamesOf(has)];
        _names.UnionWith(before);
        _names.UnionWith(after);
        // Where a name is new or gone, it means another declaration or a variable otherwise. Those of fields stand in bodies alone.
        foreach (var name in before.Except(after).Concat(after.Except(before)))
            if (char.IsAsciiLetterUpper(name[0])) Declared(name);
    }

    /// <summary>What a type's declaration makes known: its own name, those of its fields and of its constructors.</summary>
    private static IEnumerable<string> NamesOf(Declaration? declaration) => declaration switch
    {
        Declaration.Struct type => type.Fields.Select(f => f.Name.Text).Append(type.Name.Text),
        Declaration.Enum type => type.Variants.Select(v => v.Name.Text).Append(type.Name.Text),
        Declaration.Opaque type => [type.Name.Text],
        _ => [],
    };

    private void Operations(Declaration? declaration) => _names.UnionWith(declaration is Declaration.Effect effect ? effect.Operations.Select(o => o.Name.Text) : []);

    private static string[] MethodsOf(Declaration? declaration) => declaration is Declaration.Trait trait ? [.. trait.Methods.Select(m => m.Name.Text)] : [];

    /// <summary>A trait of the project is used by its name, by those of its methods and of functions that are bounded by it, and in no other way.</summary>
    private void Trait(string module, string name, IEnumerable<string> methods, HashSet<string> among)
    {
        _traits.Add($"{module}.{name}");
        Declared(name);
        foreach (var method in methods)
        {
            _names.Add(method);
            Seen($"{module}.{name}.{method}", among);
        }
    }

    private void Seen(string function, HashSet<string> among)
    {
        among.Add(function);
        Replaced.Add(function);
    }

    /// <param name="module">Of the version that the implementation is of.</param>
    private bool Implementation(ModuleSymbol? module, Declaration? declaration, HashSet<string> among)
    {
        if (declaration is not Declaration.Implementation written) return true;
        // Texts may have moved since the module was bound.
        var key = CollectPieces.KeyOf(written);
        var found = module?.Implementations.Where(i => i.Declaration is { } bound && CollectPieces.KeyOf(bound) == key).ToList();
        if (found is not { Count: > 0 }) return false;
        foreach (var symbol in found)
        {
            if (symbol.Self is not Type.Named(var type, _)) return false;
            Implementations.Add(ImplementationKey.Of(symbol.Trait, type));
            var trait = symbol.Trait;
            // Whom it concerns is found by the trait, or by the type where it is the project's.
            if (type.Module is { Origin: ModuleOrigin.Project } home)
            {
                if (!_traits.Contains($"{trait.Module.Name}.{trait.Name}")) Types.Add($"{home.Name}.{type.Name}");
            }
            else if (trait.Module.Origin == ModuleOrigin.Project) Trait(trait.Module.Name, trait.Name, trait.Methods.Keys, Dependent);
            else return false;
            foreach (var method in symbol.Methods.Values)
                if (ReferenceEquals(method.OwnerImplementation, symbol)) Seen(method.QualifiedName, among);
        }
        return true;
    }

    /// <summary>Declarations that mention what a module imports otherwise than before.</summary>
    private bool FollowImports()
    {
        foreach (var (path, names) in _imported)
            if (!FollowIn(_before.Modules[path], _texts[path], names)) return false;
        return true;
    }

    private bool Follow()
    {
        do
        {
            if (!FollowDeclared()) return false;
            FollowTypes();
        }
        while (_open.Count > 0);
        return true;
    }

    /// <summary>Types that lead to those that have changed, and consts that are computed from one: the size of a type is such a const.</summary>
    private void FollowTypes()
    {
        if (Types.Count == 0) return;
        TypeReach.Extend(Types, [.. _replaced, .. _fresh]);
        foreach (var module in _replaced)
            foreach (var constant in ConstsOf(module))
                if (!Consts.Contains(constant.QualifiedName) && _before.Program.TypesMetIn(constant).Overlaps(Types)) Const(constant.QualifiedName, constant.Name);
    }

    private static IEnumerable<ConstSymbol> ConstsOf(ModuleSymbol module) => module.Consts.Values.Concat(module.Types.Values.SelectMany(ConstsOf));

    private static IEnumerable<ConstSymbol> ConstsOf(TypeSymbol type) => type.Consts.Values.Concat(type.NestedTypes.Values.SelectMany(ConstsOf));

    /// <summary>Declarations that mention others that have changed, and those that mention them in turn.</summary>
    private bool FollowDeclared()
    {
        while (_open.Count > 0)
        {
            var names = _open.ToHashSet(StringComparer.Ordinal);
            _open.Clear();
            foreach (var (path, outline) in _texts)
                if (_before.Modules.TryGetValue(path, out var module) && outline.Mentions.AreDeclaredWith(names) && !FollowIn(module, outline, names)) return false;
        }
        return true;
    }

    private bool FollowIn(ModuleVersion module, ModuleOutline outline, IReadOnlySet<string> names)
    {
        foreach (var shell in outline.Mentions.Shells(names))
            if (module.Outline.ShellOf(shell.Key) is { } was && !IsOfNoConcern(shell) && !Shell(module, was, shell, saysSame: true)) return false;
        foreach (var at in outline.Mentions.Headers(names))
        {
            if (!module.Outline.ByKey.TryGetValue(outline.Bodies[at].Key, out var was)) continue;
            if (module.Functions[was] is not { } function) return false;
            Replace(function, Dependent);
        }
        return true;
    }

    private static bool IsOfNoConcern(ShellPiece shell) => shell.Key == CollectPieces.FileKey || shell.Key.StartsWith(CollectPieces.TestKey, StringComparison.Ordinal);
}
