using System.Collections.Immutable;
using Kea.Driver.Live;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;
using Kea.Types.Binding;

namespace Kea.Driver.Incremental;

/// <summary>
/// A program whose files change. Holds the version that was accepted last; what the files say now is compared with it and
/// checked as far as needed. Nothing is kept of a change that is not accepted.
/// </summary>
internal sealed class IncrementalSession(ToolchainPaths paths, string entryPath, ISourceFiles? files = null)
{
    private readonly SourceCache _sources = new(files ?? new DiskFiles());

    private ImmutableDictionary<string, ModuleVersion>? _refused;

    // Files that were compared since the last acceptance and may still say something else; null: any may.
    private ImmutableHashSet<string>? _open = [];

    /// <summary>The version that was accepted last.</summary>
    public ProgramVersion? Accepted { get; private set; }

    /// <summary>From now on later versions are compared with this one.</summary>
    public void Accept(ProgramVersion version) => (Accepted, _refused, _open) = (version, null, []);

    /// <summary>An earlier version is accepted again. Files that say what the refused one says stay refused.</summary>
    /// <param name="refused">The one that was accepted last if null.</param>
    public void GoBackTo(ProgramVersion version, ProgramVersion? refused) => (_refused, Accepted) = ((refused ?? Accepted)?.Modules, version);

    /// <summary>What was taken out of force and is not tried again as it is; null where nothing was.</summary>
    public ImmutableDictionary<string, SourceText>? RolledBack => _refused?.ToImmutableDictionary(m => m.Key, m => m.Value.Outline.Source);

    /// <summary>What the files said when they were compared last, by full path.</summary>
    public ImmutableDictionary<string, SourceText> Texts => Files.Select(f => KeyValuePair.Create(f, _sources.Known(f)!)).Where(t => t.Value is not null).ToImmutableDictionary();

    /// <summary>A session of its own that starts from the same version, with files of which some say what is given.</summary>
    public IncrementalSession With(IReadOnlyDictionary<string, string> texts) => new(paths, entryPath, new GivenTexts(_sources, texts)) { Accepted = Accepted };

    /// <summary>Files that make up the program, of the last attempt to read it: those whose change may change it.</summary>
    public ImmutableArray<string> Files { get; private set; } = [Path.GetFullPath(entryPath)];

    /// <param name="changed">Full paths of files that may have changed since the last comparison; all if null.</param>
    public SourceChange Compare(IReadOnlyCollection<string>? changed = null)
    {
        if (_refused is { } refused)
        {
            if (StillSays(refused)) return new SourceChange.None(TextChanged: false);
            // All files may say something else than the accepted version.
            changed = null;
        }
        _open = changed is null ? null : _open?.Union(changed);
        var change = EditedFunctions(_open) ?? EditedDeclarations(_open);
        if (change is SourceChange.None) _open = [];
        return change;
    }

    private bool StillSays(ImmutableDictionary<string, ModuleVersion> modules)
    {
        foreach (var (path, module) in modules)
            if (_sources.Read(path, module.Outline.Source.Path).Source?.Text != module.Outline.Source.Text) return false;
        return true;
    }

    /// <summary>Null where more than functions have changed, or anything is wrong with them: then a full check says it right.</summary>
    private SourceChange? EditedFunctions(IReadOnlyCollection<string>? changed)
    {
        if (Accepted is not { } accepted) return null;
        var (meaning, texts, saysElse) = (new Dictionary<string, ModuleOutline>(StringComparer.Ordinal), accepted.Modules, false);
        foreach (var path in changed ?? [.. accepted.Modules.Keys])
        {
            if (!accepted.Modules.TryGetValue(path, out var module)) return null;
            var read = _sources.Read(path, module.Outline.Source.Path);
            if (read.Source is not { } source) return null;
            if (ReferenceEquals(source, module.Outline.Source)) continue;
            saysElse |= source.Text != module.Outline.Source.Text;
            var parsed = _sources.Parse(source);
            if (!parsed.Diagnostics.IsEmpty) return null;
            var outline = _sources.Outline(parsed.Value);
            if (OutlineChanges.Between(module.Outline, outline).IsEmpty)
                texts = texts.SetItem(path, module with { Outline = outline, Functions = [.. outline.Bodies.Select(b => module.Functions[module.Outline.ByKey[b.Key]])] });
            else meaning.Add(path, outline);
        }
        // Texts that mean the same: later comparisons start from them.
        if (!ReferenceEquals(texts, accepted.Modules)) accepted = Accepted = accepted with { Modules = texts };
        return meaning.Count == 0 ? new SourceChange.None(saysElse) : EditFunctions.Of(accepted, meaning);
    }

    /// <param name="changed">Full paths of files that may have changed; all if null.</param>
    private SourceChange EditedDeclarations(IReadOnlyCollection<string>? changed)
    {
        var loaded = CompilerFault.During("reading and parsing", () => WithSameImports(changed) ?? new ModuleLoader(_sources, paths, _sources.Parse).Load(entryPath));
        Files = [.. loaded.Modules.Where(m => m.Origin == ModuleOrigin.Project).Select(m => _sources.PathOf(m.Tree.Source)).OfType<string>().Append(Path.GetFullPath(entryPath)).Distinct()];
        if (loaded.EntryName is null || HasErrors(loaded.Diagnostics)) return new SourceChange.Broken(loaded.Diagnostics);
        var bound = CompilerFault.During("name resolution", () => Binder.Bind(loaded.Modules, loaded.EntryName, before: Accepted?.Program.Bound));
        if (!HasErrors(bound.Diagnostics) && Traced(loaded, bound) is { } edited) return edited;
        var check = CompilerFault.During("type checking", () => ProgramChecker.Check(bound.Value));
        ImmutableArray<Diagnostic> diagnostics = [.. loaded.Diagnostics, .. bound.Diagnostics, .. check.Diagnostics];
        if (HasErrors(diagnostics)) return new SourceChange.Broken(diagnostics) { Declared = bound.Value.Modules };
        var version = new ProgramVersion(check.Value, Modules(bound.Value), diagnostics);
        return new SourceChange.Whole(version, OtherBodies(Accepted, version));
    }

    /// <summary>The modules of the accepted version, as their files say now; null where they may need others, or something is wrong with them.</summary>
    private LoadedProgram? WithSameImports(IReadOnlyCollection<string>? changed)
    {
        if (changed is null || Accepted is not { } accepted) return null;
        var trees = accepted.Modules.ToDictionary(m => m.Value.Symbol, m => m.Value.Outline.Tree);
        foreach (var path in changed)
        {
            if (!accepted.Modules.TryGetValue(path, out var module) || _sources.Read(path, module.Outline.Source.Path).Source is not { } source) return null;
            var parsed = _sources.Parse(source);
            if (!parsed.Diagnostics.IsEmpty || !ModuleReferences.AreSame(parsed.Value, module.Outline.Tree)) return null;
            trees[module.Symbol] = parsed.Value;
        }
        return new LoadedProgram(accepted.Program.Entry.Name, [.. accepted.Program.Modules.Select(m => new ModuleInput(m.Name, trees.GetValueOrDefault(m, m.Tree), m.Origin))], []);
    }

    /// <summary>Null where what has changed does not tell whom it concerns.</summary>
    private SourceChange? Traced(LoadedProgram loaded, Phase<IBoundProgram> bound)
    {
        if (Accepted is not { } accepted) return null;
        var fresh = bound.Value.Fresh.Where(m => m.Origin == ModuleOrigin.Project).ToHashSet();
        var texts = fresh.ToDictionary(m => PathOf(m.Source), m => _sources.Outline(m.Tree), StringComparer.Ordinal);
        // What they were, and those that are gone.
        var replaced = accepted.Modules.Values.Select(m => m.Symbol).Except(bound.Value.Modules).ToHashSet();
        var known = accepted.Program.FunctionsOf(replaced).DistinctBy(f => f.QualifiedName).ToDictionary(f => f.QualifiedName, StringComparer.Ordinal);
        var met = accepted.TypesMet.SetItems(known.Where(f => !accepted.TypesMet.ContainsKey(f.Key)).Select(f => KeyValuePair.Create(f.Key, accepted.Program.TypesMetIn(f.Value))));
        if (AffectedFunctions.Of(accepted, replaced, known.Keys.Select(f => KeyValuePair.Create(f, met[f])), texts, bound.Value) is not { } affected) return null;
        bool IsChecked(FunctionSymbol function) => affected.Contains(function) || !known.ContainsKey(function.QualifiedName);
        var check = CompilerFault.During("type checking", () => ProgramChecker.Check(bound.Value, accepted.Program, IsChecked));
        ImmutableArray<Diagnostic> diagnostics = [.. loaded.Diagnostics, .. bound.Diagnostics, .. check.Diagnostics];
        if (HasErrors(diagnostics)) return new SourceChange.Broken(diagnostics) { Declared = bound.Value.Modules };
        FunctionSymbol[] now = [.. check.Value.FunctionsOf(fresh)];
        // What a signature leaves to its body may be another thing now for all who call it.
        if (now.Any(f => f.IsInferred && !(known.TryGetValue(f.QualifiedName, out var was) && was.IsInferred && PlanDifferences.SignatureOf(was) == PlanDifferences.SignatureOf(f)))) return null;
        var version = new ProgramVersion(check.Value, Modules(bound.Value), diagnostics)
        {
            TypesMet = met.SetItems(now.Where(IsChecked).Select(f => KeyValuePair.Create(f.QualifiedName, check.Value.TypesMetIn(f)))),
        };
        return new SourceChange.Declarations(version, affected);
    }

    private string PathOf(SourceText source) => _sources.PathOf(source) ?? source.Path;

    /// <summary>The project's own, by full path; those that the accepted version has too are shared.</summary>
    private ImmutableDictionary<string, ModuleVersion> Modules(IBoundProgram bound)
    {
        var known = Accepted?.Modules ?? ImmutableDictionary<string, ModuleVersion>.Empty;
        var current = bound.Modules.Where(m => m.Origin == ModuleOrigin.Project).ToDictionary(m => PathOf(m.Source), StringComparer.Ordinal);
        return known.RemoveRange(known.Keys.Where(path => !current.ContainsKey(path)))
            .SetItems(current.Where(m => known.GetValueOrDefault(m.Key)?.Symbol != m.Value).Select(m => KeyValuePair.Create(m.Key, ModuleVersion.Of(m.Value, _sources.Outline(m.Value.Tree), m.Key))));
    }

    private static bool HasErrors(ImmutableArray<Diagnostic> diagnostics) => diagnostics.Any(d => d.Severity == Severity.Error);

    private static ImmutableArray<string> OtherBodies(ProgramVersion? before, ProgramVersion after)
    {
        if (before is null) return [];
        var others = ImmutableArray.CreateBuilder<string>();
        foreach (var (path, module) in after.Modules)
        {
            if (!before.Modules.TryGetValue(path, out var old) || ReferenceEquals(old.Outline.Source, module.Outline.Source)) continue;
            var changes = OutlineChanges.Between(old.Outline, module.Outline);
            foreach (var (was, at) in changes.Bodies.Concat(changes.Headers))
                if (old.Functions[was] is { } function && module.Functions[at] is { } now && function.QualifiedName == now.QualifiedName) others.Add(now.QualifiedName);
        }
        return others.DrainToImmutable();
    }
}
