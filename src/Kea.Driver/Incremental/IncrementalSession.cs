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

    /// <summary>The version that was accepted last.</summary>
    public ProgramVersion? Accepted { get; private set; }

    public void Accept(ProgramVersion version) => Accepted = version;

    /// <summary>An earlier version is accepted again. What the files say stays refused until they say something else.</summary>
    public void GoBackTo(ProgramVersion version)
    {
        if (Accepted is { } refused) _refused = refused.Modules;
        Accepted = version;
    }

    /// <summary>What was taken out of force and is not tried again as it is; null where nothing was.</summary>
    public ImmutableDictionary<string, SourceText>? RolledBack => _refused?.ToImmutableDictionary(m => m.Key, m => m.Value.Outline.Source);

    /// <summary>What the files said when they were compared last, by full path.</summary>
    public ImmutableDictionary<string, SourceText> Texts => Files.Select(f => KeyValuePair.Create(f, _sources.Known(f)!)).Where(t => t.Value is not null).ToImmutableDictionary();

    /// <summary>A session of its own that starts from the same version, with files of which some say what is given.</summary>
    public IncrementalSession With(IReadOnlyDictionary<string, string> texts) => new(paths, entryPath, new GivenTexts(_sources, texts)) { Accepted = Accepted };

    /// <summary>Files that make up the program, of the last attempt to read it: those whose change may change it.</summary>
    public ImmutableArray<string> Files { get; private set; } = [Path.GetFullPath(entryPath)];

    /// <param name="changed">Full paths of files that may have changed; all if null.</param>
    public SourceChange Compare(IReadOnlyCollection<string>? changed = null)
    {
        if (_refused is { } refused)
        {
            if (StillSays(refused)) return new SourceChange.None(TextChanged: false);
            (_refused, changed) = (null, null);
        }
        return EditedBodies(changed) ?? CheckAll();
    }

    private bool StillSays(ImmutableDictionary<string, ModuleVersion> modules)
    {
        foreach (var (path, module) in modules)
            if (!ReferenceEquals(_sources.Read(path, module.Outline.Source.Path).Source, module.Outline.Source)) return false;
        return true;
    }

    /// <summary>Null where more than bodies has changed, or anything is to be said about them: then a full check says it right.</summary>
    private SourceChange? EditedBodies(IReadOnlyCollection<string>? changed)
    {
        if (Accepted is not { } accepted) return null;
        var edits = ImmutableArray.CreateBuilder<BodyEdit>();
        var modules = accepted.Modules;
        foreach (var path in changed ?? [.. accepted.Modules.Keys])
        {
            if (!accepted.Modules.TryGetValue(path, out var module)) return null;
            var read = _sources.Read(path, module.Outline.Source.Path);
            if (read.Source is not { } source) return null;
            if (ReferenceEquals(source, module.Outline.Source)) continue;
            var parsed = _sources.Parse(source);
            if (!parsed.Diagnostics.IsEmpty) return null;
            var outline = new ModuleOutline(parsed.Value);
            if (ModuleOutline.ChangedBodies(module.Outline, outline) is not { } bodies) return null;
            foreach (var at in bodies)
            {
                if (module.Functions[at] is not { } function) return null;
                edits.Add(new BodyEdit(function, outline.Functions[at].Body!, source));
            }
            modules = modules.SetItem(path, module with { Outline = outline });
        }
        if (edits.Count == 0)
        {
            // Texts that mean the same: later comparisons start from them.
            Accepted = accepted with { Modules = modules };
            return new SourceChange.None(TextChanged: !ReferenceEquals(modules, accepted.Modules));
        }
        if (accepted.Program.WithBodies(edits.DrainToImmutable()) is not { } after || !after.Diagnostics.IsEmpty) return null;
        return new SourceChange.BodiesOnly(accepted with { Program = after.Value, Modules = modules }, [.. ChangedFunctions(accepted, modules)]);
    }

    private static IEnumerable<FunctionSymbol> ChangedFunctions(ProgramVersion accepted, ImmutableDictionary<string, ModuleVersion> modules)
    {
        foreach (var (path, module) in modules)
        {
            var before = accepted.Modules[path];
            if (ReferenceEquals(before, module)) continue;
            foreach (var at in ModuleOutline.ChangedBodies(before.Outline, module.Outline)!.Value) yield return module.Functions[at]!;
        }
    }

    private SourceChange CheckAll()
    {
        var loaded = CompilerFault.During("reading and parsing", () => new ModuleLoader(_sources, paths, _sources.Parse).Load(entryPath));
        Files = [.. loaded.Modules.Where(m => m.Origin == ModuleOrigin.Project).Select(m => _sources.PathOf(m.Tree.Source)).OfType<string>().Append(Path.GetFullPath(entryPath)).Distinct()];
        if (loaded.EntryName is null || HasErrors(loaded.Diagnostics)) return new SourceChange.Broken(loaded.Diagnostics);
        var bound = CompilerFault.During("name resolution", () => Binder.Bind(loaded.Modules, loaded.EntryName));
        var check = CompilerFault.During("type checking", () => ProgramChecker.Check(bound.Value));
        ImmutableArray<Diagnostic> diagnostics = [.. loaded.Diagnostics, .. bound.Diagnostics, .. check.Diagnostics];
        if (HasErrors(diagnostics)) return new SourceChange.Broken(diagnostics);
        var modules = check.Value.Modules.Where(m => m.Origin == ModuleOrigin.Project)
            .ToImmutableDictionary(m => _sources.PathOf(m.Source) ?? m.Source.Path, m => ModuleVersion.Of(m, _sources.PathOf(m.Source) ?? m.Source.Path));
        var version = new ProgramVersion(check.Value, modules, diagnostics);
        return new SourceChange.Whole(version, OtherBodies(Accepted, version));
    }

    private static bool HasErrors(ImmutableArray<Diagnostic> diagnostics) => diagnostics.Any(d => d.Severity == Severity.Error);

    private static ImmutableArray<string> OtherBodies(ProgramVersion? before, ProgramVersion after)
    {
        if (before is null) return [];
        var others = ImmutableArray.CreateBuilder<string>();
        foreach (var (path, module) in after.Modules)
        {
            if (!before.Modules.TryGetValue(path, out var old) || ReferenceEquals(old.Outline.Source, module.Outline.Source)) continue;
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < old.Functions.Length; i++)
                if (old.Functions[i] is { } function) texts[function.QualifiedName] = old.Outline.TextOf(i);
            for (var i = 0; i < module.Functions.Length; i++)
                if (module.Functions[i] is { } function && texts.TryGetValue(function.QualifiedName, out var text) && text != module.Outline.TextOf(i)) others.Add(function.QualifiedName);
        }
        return others.DrainToImmutable();
    }
}
