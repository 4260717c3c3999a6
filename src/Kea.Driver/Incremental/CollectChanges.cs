using System.Collections.Immutable;
using Kea.Syntax;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Incremental;

/// <summary>What is another thing in the texts of a program than before: functions, names, types, consts, implementations.</summary>
internal sealed class CollectChanges
{
    private readonly ProgramVersion _before;
    private readonly IReadOnlyDictionary<string, ModuleOutline> _texts;
    private readonly ImmutableArray<ModuleSymbol> _after;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _imported = new(StringComparer.Ordinal);
    private readonly Queue<string> _constNames = [];

    private CollectChanges(ProgramVersion before, IReadOnlyDictionary<string, ModuleOutline> texts, ImmutableArray<ModuleSymbol> after) =>
        (_before, _texts, _after) = (before, texts, after);

    public HashSet<string> Edited { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Replaced { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Types { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Consts { get; } = new(StringComparer.Ordinal);
    public HashSet<ImplementationKey> Implementations { get; } = [];

    /// <summary>Names that may mean another thing in the bodies of a module.</summary>
    public IEnumerable<string> NamesIn(string path) => _imported.TryGetValue(path, out var imported) ? _names.Concat(imported) : _names;

    /// <returns>Null when declarations of other kinds differ, or it cannot be told.</returns>
    public static CollectChanges? Of(ProgramVersion before, IReadOnlyDictionary<string, ModuleOutline> texts, ImmutableArray<ModuleSymbol> after)
    {
        var changes = new CollectChanges(before, texts, after);
        foreach (var (path, outline) in texts)
        {
            var isKnown = before.Modules.TryGetValue(path, out var module);
            if (isKnown ? !ReferenceEquals(module!.Outline, outline) && !changes.Changed(path, module, outline) : !changes.Added(outline)) return null;
        }
        foreach (var (path, module) in before.Modules)
            if (!texts.ContainsKey(path) && !changes.Removed(module)) return null;
        // By then all names are known that functions have; those of consts lead to no traits.
        if (changes._names.Any(name => EditFunctions.IsOfTrait(name, after))) return null;
        changes.LibraryLoaded();
        return changes.FollowImports() && changes.FollowConsts() ? changes : null;
    }

    private bool Changed(string path, ModuleVersion module, ModuleOutline outline)
    {
        var changes = OutlineChanges.Between(module.Outline, outline);
        foreach (var key in changes.Shells)
        {
            // What others see of a test is nothing, and of a method of an implementation its header, which is in the shell around it.
            if (key.StartsWith(CollectPieces.TestKey, StringComparison.Ordinal)) continue;
            if (key == CollectPieces.UseKey)
            {
                _imported.Add(path, ImportedNames.Between(module.Outline, outline, _before.Program.Modules, _after));
                continue;
            }
            var (was, now) = (module.Outline.ShellOf(key), outline.ShellOf(key));
            if (!IsMethod(key, module.Outline, outline) && !Shell(module.Name, module, was, now)) return false;
        }
        foreach (var (was, at) in changes.Bodies.Concat(changes.Headers))
        {
            if (module.Functions[was] is not { } function) return false;
            Edited.Add(function.QualifiedName);
        }
        foreach (var (was, _) in changes.Headers) Replace(module.Functions[was]!);
        foreach (var was in changes.Removed)
        {
            if (module.Functions[was] is not { } function) return false;
            Replace(function);
        }
        foreach (var at in changes.Added) New(module.Name, outline.Bodies[at]);
        return true;
    }

    /// <summary>A method that an implementation has only in one of two texts.</summary>
    private static bool IsMethod(string key, params ReadOnlySpan<ModuleOutline> sides)
    {
        foreach (var side in sides)
            if (side.ByKey.TryGetValue(key, out var at) && side.Bodies[at].Owner is null) return true;
        return false;
    }

    /// <summary>A module that nobody can have named: where it is used now, imports have changed.</summary>
    private bool Added(ModuleOutline outline)
    {
        if (_after.FirstOrDefault(m => ReferenceEquals(m.Tree, outline.Tree)) is not { } module || HidesAnother(module, _before.Program.Modules)) return false;
        foreach (var shell in outline.Shells)
            if (!OfWholeModule(module.Name, null, shell)) return false;
        foreach (var piece in outline.Bodies)
            if (piece.Owner is not null) Edited.Add(QualifiedName(module.Name, piece));
        return true;
    }

    private bool Removed(ModuleVersion module)
    {
        if (HidesAnother(module.Symbol, _after)) return false;
        foreach (var shell in module.Outline.Shells)
            if (!OfWholeModule(module.Name, module, shell)) return false;
        foreach (var function in module.Functions)
        {
            if (function is null) return false;
            Edited.Add(function.QualifiedName);
            Replaced.Add(function.QualifiedName);
        }
        return true;
    }

    /// <summary>A declaration of a module that is new or gone. Its names mean something only where imports have changed as well.</summary>
    private bool OfWholeModule(string module, ModuleVersion? before, ShellPiece shell)
    {
        if (shell.Declaration is Declaration.Struct or Declaration.Enum) Types.Add(TypeName(module, shell));
        return shell.Declaration is not Declaration.Implementation implementation || Implementation(before, implementation);
    }

    private static string TypeName(string module, ShellPiece shell) => $"{module}.{shell.Key[CollectPieces.TypeKey.Length..]}";

    /// <summary>Imports may lead to a module of the library, or to a type of the module around, where this one is not there.</summary>
    private static bool HidesAnother(ModuleSymbol module, ImmutableArray<ModuleSymbol> others) => others.Any(other =>
        (other.Name == module.Name && other.Origin != module.Origin) || (module.Name.StartsWith(other.Name + ".", StringComparison.Ordinal) && other.Types.ContainsKey(module.LastSegment)));

    /// <summary>A declaration other than a function that says something else, is new or is gone.</summary>
    private bool Shell(string module, ModuleVersion? before, ShellPiece? was, ShellPiece? now)
    {
        switch ((was ?? now)?.Declaration)
        {
            case Declaration.Struct or Declaration.Enum:
                Types.Add(TypeName(module, (was ?? now)!));
                _names.UnionWith(NamesOf(was?.Declaration).Concat(NamesOf(now?.Declaration)));
                return true;
            case Declaration.Const constant:
                Const(module, constant.Name.Text, (was ?? now)!.Key);
                return true;
            case Declaration.Implementation:
                return Implementation(before, was?.Declaration) && Implementation(null, now?.Declaration);
            default:
                return false;
        }
    }

    private void Const(string module, string name, string key)
    {
        if (Consts.Add($"{module}.{key[(key.IndexOf(' ', StringComparison.Ordinal) + 1)..]}")) _constNames.Enqueue(name);
    }

    /// <param name="before">Whose the implementation is, if it is one of the version before.</param>
    private bool Implementation(ModuleVersion? before, Declaration? declaration)
    {
        if (declaration is null) return true;
        var symbol = (before is null ? _after : [before.Symbol]).SelectMany(m => m.Implementations).FirstOrDefault(i => ReferenceEquals(i.Declaration, declaration));
        // Types of the library are met everywhere.
        if (symbol?.Self is not Type.Named { Symbol: { Module.Origin: ModuleOrigin.Project } type }) return false;
        Types.Add($"{type.Module!.Name}.{type.Name}");
        Implementations.Add(ImplementationKey.Of(symbol.Trait, type));
        foreach (var method in symbol.Methods.Values)
        {
            if (!ReferenceEquals(method.OwnerImplementation, symbol)) continue;
            Edited.Add(method.QualifiedName);
            Replaced.Add(method.QualifiedName);
        }
        return true;
    }

    private void Replace(FunctionSymbol function)
    {
        Edited.Add(function.QualifiedName);
        Replaced.Add(function.QualifiedName);
        _names.Add(function.Name);
    }

    private void New(string module, BodyPiece piece)
    {
        Edited.Add(QualifiedName(module, piece));
        _names.Add(piece.Function!.Name.Text);
    }

    private static string QualifiedName(string module, BodyPiece piece) => string.Join('.', [module, .. piece.Owner!.Value, piece.Function!.Name.Text]);

    /// <summary>Some traits of the library are in scope wherever their module is part of the program.</summary>
    private void LibraryLoaded()
    {
        var (had, has) = (Library(_before.Program.Modules), Library(_after));
        foreach (var module in had.ExceptBy(has.Select(m => m.Name), m => m.Name).Concat(has.ExceptBy(had.Select(m => m.Name), m => m.Name)))
            foreach (var trait in module.Traits.Values) _names.UnionWith(trait.Methods.Keys);
    }

    private static List<ModuleSymbol> Library(ImmutableArray<ModuleSymbol> modules) => [.. modules.Where(m => m.Origin == ModuleOrigin.Standard)];

    /// <summary>Declarations that mention what a module imports otherwise than before are others themselves.</summary>
    private bool FollowImports()
    {
        foreach (var (path, names) in _imported)
        {
            var (module, outline) = (_before.Modules[path], _texts[path]);
            foreach (var shell in outline.Mentions.Shells(names))
                if (module.Outline.ShellOf(shell.Key) is { } was && !IsOfNoConcern(shell) && !Shell(module.Name, module, was, shell)) return false;
            foreach (var at in outline.Mentions.Headers(names))
            {
                if (!module.Outline.ByKey.TryGetValue(outline.Bodies[at].Key, out var was)) continue;
                if (module.Functions[was] is not { } function || EditFunctions.IsOfTrait(function.Name, _after)) return false;
                Replace(function);
            }
        }
        return true;
    }

    /// <summary>Consts that are computed from others.</summary>
    private bool FollowConsts()
    {
        while (_constNames.TryDequeue(out var name))
        {
            _names.Add(name);
            foreach (var (path, outline) in _texts)
            {
                if (!_before.Modules.TryGetValue(path, out var module) || !outline.Mentions.IsElsewhere(name)) continue;
                foreach (var shell in outline.Mentions.Shells(ImmutableHashSet.Create(StringComparer.Ordinal, name)))
                {
                    if (IsOfNoConcern(shell)) continue;
                    // A field's default, or a name that only looks like the const's.
                    if (shell.Declaration is not Declaration.Const constant) return false;
                    Const(module.Name, constant.Name.Text, shell.Key);
                }
            }
        }
        return true;
    }

    private static bool IsOfNoConcern(ShellPiece shell) => shell.Key == CollectPieces.FileKey || shell.Key.StartsWith(CollectPieces.TestKey, StringComparison.Ordinal);

    /// <summary>What a type's declaration makes known: its own name, those of its fields and of its constructors.</summary>
    private static IEnumerable<string> NamesOf(Declaration? declaration) => declaration switch
    {
        Declaration.Struct type => type.Fields.Select(f => f.Name.Text).Append(type.Name.Text),
        Declaration.Enum type => type.Variants.Select(v => v.Name.Text).Append(type.Name.Text),
        _ => [],
    };
}
