using System.Collections.Immutable;

namespace Kea.Types.Binding;

/// <summary>The modules of a program by name, as seen by a project module and by a standard one.</summary>
/// <remarks>A project module hides a standard one of its name, but not from other standard modules (2.1.2).</remarks>
internal sealed class ModuleTable
{
    public const string StandardPrefix = "Kea.";
    /// <summary>Begins module names in derived code. No lexer produces it, so nothing a program declares can capture it.</summary>
    public const string ReservedPrefix = "__Std.";

    private readonly Dictionary<string, ModuleContents> _project = [];
    private readonly Dictionary<string, ModuleContents> _standard = [];

    /// <param name="entryName">
    /// The entry never hides a standard module: nobody can import it, so in a file <c>map.kea</c> run on its own <c>use Map</c> means the library's.
    /// </param>
    /// <param name="kept">Modules that have been bound, by name and origin.</param>
    public ModuleTable(ImmutableArray<ModuleInput> inputs, string entryName, IReadOnlyDictionary<(string Name, ModuleOrigin Origin), ModuleContents> kept)
    {
        var all = ImmutableArray.CreateBuilder<ModuleContents>(inputs.Length);
        var projectNames = new HashSet<string>();
        foreach (var input in inputs)
            if (input.Origin == ModuleOrigin.Project) projectNames.Add(input.Name);
        foreach (var input in inputs)
        {
            var isStandard = input.Origin == ModuleOrigin.Standard;
            var prefix = isStandard && projectNames.Contains(input.Name) ? StandardPrefix + input.Name : input.Name;
            var contents = kept.GetValueOrDefault((input.Name, input.Origin)) ?? new ModuleContents(new ModuleSymbol(input.Name, input.Tree, input.Origin), prefix);
            // The caller hands in one tree for each module; of two under one name the first stands.
            if ((isStandard ? _standard : _project).TryAdd(input.Name, contents)) all.Add(contents);
        }
        All = all.DrainToImmutable();
        foreach (var contents in All) Contents.Add(contents.Symbol, contents);
        Entry = _project.GetValueOrDefault(entryName);
        Prelude = FindPrelude();
    }

    public ImmutableArray<ModuleContents> All { get; }
    public ModuleContents? Entry { get; }
    public Dictionary<ModuleSymbol, ModuleContents> Contents { get; } = [];

    /// <summary>Names of the modules that every module may use without saying so: <c>Prelude</c> and what it imports.</summary>
    public ImmutableArray<string> Prelude { get; }

    public IReadOnlyDictionary<string, ModuleContents> StandardModules => _standard;
    public ModuleContents? Standard(string name) => _standard.GetValueOrDefault(name);
    public ModuleContents? Project(string name) => _project.GetValueOrDefault(name);
    public bool HidesStandard(ModuleContents module) => !module.IsStandard && module != Entry && _standard.ContainsKey(module.Symbol.Name);

    /// <summary>The module that a name means in a module of the given origin.</summary>
    public ModuleContents? Find(string name, ModuleOrigin from)
    {
        if (from == ModuleOrigin.Project && _project.TryGetValue(name, out var own) && (own != Entry || !_standard.ContainsKey(name))) return own;
        if (_standard.TryGetValue(name, out var standard)) return standard;
        if (name.StartsWith(StandardPrefix, StringComparison.Ordinal)) return _standard.GetValueOrDefault(name[StandardPrefix.Length..]);
        return from == ModuleOrigin.Standard ? _project.GetValueOrDefault(name) : null;
    }

    private ImmutableArray<string> FindPrelude()
    {
        if (!_standard.TryGetValue("Prelude", out var prelude)) return [];
        var names = ImmutableArray.CreateBuilder<string>();
        names.Add("Prelude");
        foreach (var declaration in prelude.Symbol.Tree.Declarations)
            if (declaration is Kea.Syntax.Declaration.Use use && !names.Contains(use.Path.ToString())) names.Add(use.Path.ToString());
        return names.DrainToImmutable();
    }

    /// <summary>Every module name, for "did you mean".</summary>
    public IEnumerable<string> Names => _project.Keys.Concat(_standard.Keys);
}
