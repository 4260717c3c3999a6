using System.Collections.Immutable;
using Kea.Syntax;
using Kea.Types;
using Kea.Types.Binding;

namespace Kea.Driver.Incremental;

/// <summary>What is another thing in the texts of a program than before: functions, names, types, consts, traits, implementations.</summary>
internal sealed partial class CollectChanges
{
    private readonly ProgramVersion _before;
    private readonly IReadOnlySet<ModuleSymbol> _replaced;
    private readonly IReadOnlyDictionary<string, ModuleOutline> _texts;
    private readonly ImmutableArray<ModuleSymbol> _after, _fresh;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _imported = new(StringComparer.Ordinal);

    private CollectChanges(ProgramVersion before, IReadOnlySet<ModuleSymbol> replaced, IReadOnlyDictionary<string, ModuleOutline> texts, IBoundProgram after) =>
        (_before, _replaced, _texts, _after, _fresh) = (before, replaced, texts, after.Modules, after.Fresh);

    /// <summary>Functions whose text is another one, new ones and removed ones included.</summary>
    public HashSet<string> Edited { get; } = new(StringComparer.Ordinal);

    /// <summary>Functions that say the same, with headers or around them something that is another thing.</summary>
    public HashSet<string> Dependent { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Replaced { get; } = new(StringComparer.Ordinal);

    /// <summary>Types that look different, are implemented differently, or lead to one that does or is.</summary>
    public HashSet<string> Types { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Consts { get; } = new(StringComparer.Ordinal);
    public HashSet<ImplementationKey> Implementations { get; } = [];

    /// <summary>Names that may mean another thing in the bodies of a module.</summary>
    public IEnumerable<string> NamesIn(string path) => _names.Concat(_declared).Concat(_imported.GetValueOrDefault(path, []));

    /// <param name="replaced">Modules of the version before that are bound anew or gone.</param>
    /// <param name="texts">The modules of the project that are bound anew, by full path.</param>
    /// <returns>Null when it cannot be told.</returns>
    public static CollectChanges? Of(ProgramVersion before, IReadOnlySet<ModuleSymbol> replaced, IReadOnlyDictionary<string, ModuleOutline> texts, IBoundProgram after)
    {
        var changes = new CollectChanges(before, replaced, texts, after);
        foreach (var (path, outline) in texts)
        {
            var isKnown = before.Modules.TryGetValue(path, out var module);
            if (isKnown ? !ReferenceEquals(module!.Outline, outline) && !changes.Changed(path, module, outline) : !changes.Added(outline)) return null;
        }
        foreach (var (path, module) in before.Modules)
            if (replaced.Contains(module.Symbol) && !texts.ContainsKey(path) && !changes.Removed(module)) return null;
        if (!changes.FollowImports() || !changes.Follow()) return null;
        // By then all names are known that functions have; those of consts and aliases lead to no traits.
        if (changes._names.Any(name => EditFunctions.IsOfTrait(name, after.Modules))) return null;
        changes.LibraryLoaded();
        return changes;
    }

    private bool Changed(string path, ModuleVersion module, ModuleOutline outline)
    {
        var changes = OutlineChanges.Between(module.Outline, outline);
        foreach (var key in changes.Shells)
        {
            // What others see of a test is nothing, and of a method its header, which is in the shell around it.
            if (key.StartsWith(CollectPieces.TestKey, StringComparison.Ordinal)) continue;
            if (key == CollectPieces.UseKey)
            {
                _imported.Add(path, ImportedNames.Between(module.Outline, outline, _before.Program.Modules, _after));
                continue;
            }
            var shell = key;
            if (IsMethod(key, module.Outline, outline))
            {
                // Whether a method has a default is not in its header.
                if (!key.StartsWith(CollectPieces.TraitKey, StringComparison.Ordinal)) continue;
                shell = key[..key.IndexOf('.', StringComparison.Ordinal)];
                Edited.Add($"{module.Name}.{key[CollectPieces.TraitKey.Length..]}");
            }
            if (!Shell(module, module.Outline.ShellOf(shell), outline.ShellOf(shell))) return false;
        }
        foreach (var (was, at) in changes.Bodies.Concat(changes.Headers))
        {
            if (module.Functions[was] is not { } function) return false;
            Edited.Add(function.QualifiedName);
        }
        foreach (var (was, _) in changes.Headers) Replace(module.Functions[was]!, Edited);
        foreach (var was in changes.Removed)
        {
            if (module.Functions[was] is not { } function) return false;
            Replace(function, Edited);
        }
        foreach (var at in changes.Added) New(module.Name, outline.Bodies[at]);
        return true;
    }

    /// <summary>A method with a body that a trait or an implementation has only in one of two texts.</summary>
    private static bool IsMethod(string key, params ReadOnlySpan<ModuleOutline> sides)
    {
        foreach (var side in sides)
            if (side.ByKey.TryGetValue(key, out var at) && side.Bodies[at].Owner is null) return true;
        return false;
    }

    /// <summary>A module that nobody can have named: where it is used now, imports have changed.</summary>
    private bool Added(ModuleOutline outline)
    {
        if (_fresh.FirstOrDefault(m => ReferenceEquals(m.Tree, outline.Tree)) is not { } module || HidesAnother(module, _before.Program.Modules)) return false;
        foreach (var shell in outline.Shells)
            if (!OfWholeModule(module, shell)) return false;
        foreach (var piece in outline.Bodies)
            if (piece.Owner is not null) Edited.Add(QualifiedName(module.Name, piece));
        return true;
    }

    private bool Removed(ModuleVersion module)
    {
        if (HidesAnother(module.Symbol, _after)) return false;
        foreach (var shell in module.Outline.Shells)
            if (!OfWholeModule(module.Symbol, shell)) return false;
        foreach (var function in module.Functions)
        {
            if (function is null) return false;
            Edited.Add(function.QualifiedName);
            Replaced.Add(function.QualifiedName);
        }
        return true;
    }

    /// <summary>A declaration of a module that is new or gone. Its names mean something only where imports have changed as well.</summary>
    private bool OfWholeModule(ModuleSymbol module, ShellPiece shell)
    {
        if (IsType(shell.Declaration)) Types.Add(DeclaredName(module.Name, shell));
        return shell.Declaration is not Declaration.Implementation implementation || Implementation(module, implementation, Edited);
    }

    /// <summary>Imports may lead to a module of the library or in another file, or to a type of the module around, where this one is not there.</summary>
    private static bool HidesAnother(ModuleSymbol module, ImmutableArray<ModuleSymbol> others) => others.Any(other =>
        other.Name == module.Name || (module.Name.StartsWith(other.Name + ".", StringComparison.Ordinal) && other.Types.ContainsKey(module.LastSegment)));

    private void Replace(FunctionSymbol function, HashSet<string> among)
    {
        among.Add(function.QualifiedName);
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
}
