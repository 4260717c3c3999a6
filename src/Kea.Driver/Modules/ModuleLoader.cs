using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;
using Kea.Types.Binding;

namespace Kea.Driver;

/// <summary>All modules that a program needs, parsed. Diagnostics are those of reading and parsing.</summary>
/// <param name="EntryName">The entry's module name; null when the entry file could not be read.</param>
public sealed record LoadedProgram(string? EntryName, ImmutableArray<ModuleInput> Modules, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>Finds and parses a program's modules, starting at the entry file, breadth first and in parallel.</summary>
/// <param name="parse">How a text becomes a tree; the parser itself if null.</param>
public sealed class ModuleLoader(ISourceFiles files, ToolchainPaths paths, Func<SourceText, Phase<SyntaxTree>>? parse = null)
{
    public LoadedProgram Load(string entryPath)
    {
        var diagnostics = new DiagnosticBag();
        var read = files.Read(entryPath, ModulePaths.Shown(entryPath));
        if (read.Source is null)
        {
            diagnostics.Add(new Diagnostic("E0901", Severity.Error, read.Problem!, null, [], [], null));
            return new LoadedProgram(null, [], diagnostics.ToImmutable());
        }
        var roots = ModulePaths.RootsFor(entryPath);
        var entryFile = Path.GetFullPath(entryPath);
        var entryName = ModulePaths.NameOfEntry(entryPath);
        var modules = new List<ModuleInput>();
        var wave = new List<FoundModule> { new(entryName, OriginOf(entryPath), read.Source) };
        var loaded = new HashSet<(string, ModuleOrigin)> { (entryName, wave[0].Origin) };
        var asked = new HashSet<(string, bool)>();
        while (wave.Count > 0)
        {
            var parsed = Parse(wave, diagnostics);
            wave = [];
            foreach (var module in parsed)
            {
                modules.Add(module);
                foreach (var reference in ModuleReferences.Of(module.Tree))
                {
                    var standardOnly = reference.StandardOnly || module.Origin == ModuleOrigin.Standard;
                    if (!asked.Add((reference.Candidates[0], standardOnly))) continue;
                    if (Find(reference, standardOnly, roots, module, entryFile, diagnostics) is { } found && loaded.Add((found.Name, found.Origin))) wave.Add(found);
                }
            }
        }
        return new LoadedProgram(entryName, [.. modules], diagnostics.ToImmutable());
    }

    private readonly record struct FoundModule(string Name, ModuleOrigin Origin, SourceText Source);

    private ModuleInput[] Parse(List<FoundModule> wave, DiagnosticBag diagnostics)
    {
        var trees = new Phase<SyntaxTree>[wave.Count];
        var parser = parse ?? SyntaxParser.Parse;
        if (wave.Count == 1) trees[0] = parser(wave[0].Source);
        else Parallel.For(0, wave.Count, i => trees[i] = parser(wave[i].Source));
        foreach (var tree in trees) diagnostics.AddRange(tree.Diagnostics);
        return [.. wave.Select((m, i) => new ModuleInput(m.Name, trees[i].Value, m.Origin))];
    }

    // A module that is not there is the binder's to report; one that is there and cannot be read is reported here.
    private FoundModule? Find(ModuleReference reference, bool standardOnly, List<string> roots, ModuleInput from, string entryFile, DiagnosticBag diagnostics)
    {
        foreach (var name in reference.Candidates)
        {
            if (!standardOnly && FindIn(roots, ModuleOrigin.Project, name, reference, from, entryFile, diagnostics) is { } own) return own;
            if (FindIn(paths.Library, ModuleOrigin.Standard, name, reference, from, entryFile, diagnostics) is { } standard) return standard;
        }
        return null;
    }

    private FoundModule? FindIn(IReadOnlyList<string> roots, ModuleOrigin origin, string name, ModuleReference reference, ModuleInput from, string entryFile, DiagnosticBag diagnostics)
    {
        foreach (var root in roots)
        {
            foreach (var candidate in ModulePaths.CandidatesFor(name))
            {
                var path = Path.Combine(root, candidate);
                // The entry's own file is not what it imports: `use Map` in map.kea means the library's Map.
                if (!files.Exists(path) || (origin == ModuleOrigin.Project && Path.GetFullPath(path) == entryFile)) continue;
                var read = files.Read(path, ModulePaths.Shown(path));
                if (read.Source is not null) return new FoundModule(name, origin, read.Source);
                diagnostics.Error("E0005", new SourceSpan(from.Tree.Source, reference.Span ?? default), $"module `{name}` cannot be read: {read.Problem}", "imported here");
                return new FoundModule(name, origin, new SourceText(ModulePaths.Shown(path), ""));
            }
        }
        return null;
    }

    private ModuleOrigin OriginOf(string path)
    {
        var full = Path.GetFullPath(path);
        return paths.Library.Any(l => full.StartsWith(Path.GetFullPath(l) + "/", StringComparison.Ordinal)) ? ModuleOrigin.Standard : ModuleOrigin.Project;
    }
}
