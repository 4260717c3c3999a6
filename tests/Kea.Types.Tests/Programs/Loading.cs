using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Testing;
using Kea.Types.Binding;

namespace Kea.Types.Tests.Programs;

/// <summary>Loads a program from its entry file the way a driver does, by <see cref="ModuleReferences"/>.</summary>
internal static class Loading
{
    private static readonly ConcurrentDictionary<string, SyntaxTree> LibraryTrees = [];

    public static (ImmutableArray<ModuleInput> Modules, ImmutableArray<Diagnostic> Syntax) From(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var found = new Dictionary<(string, ModuleOrigin), ModuleInput>();
        var diagnostics = new List<Diagnostic>();
        var pending = new Queue<ModuleInput>();
        var parsed = SyntaxParser.Parse(new SourceText(Path.GetFileName(file), File.ReadAllText(file)));
        diagnostics.AddRange(parsed.Diagnostics);
        var entry = new ModuleInput(NameOf(file), parsed.Value, ModuleOrigin.Project);
        Add(entry);
        while (pending.TryDequeue(out var module))
            foreach (var reference in ModuleReferences.Of(module.Tree)) Load(reference, module.Origin);
        return ([.. found.Values], [.. diagnostics]);

        void Add(ModuleInput input)
        {
            if (found.TryAdd((input.Name, input.Origin), input)) pending.Enqueue(input);
        }

        void Load(ModuleReference reference, ModuleOrigin from)
        {
            foreach (var name in reference.Candidates)
            {
                if (from == ModuleOrigin.Project && !reference.StandardOnly && Find(folder, name) is { } own && own != file)
                {
                    if (found.ContainsKey((name, ModuleOrigin.Project))) return;
                    var tree = SyntaxParser.Parse(new SourceText(Path.GetRelativePath(folder, own), File.ReadAllText(own)));
                    diagnostics.AddRange(tree.Diagnostics);
                    Add(new ModuleInput(name, tree.Value, ModuleOrigin.Project));
                    return;
                }
                if (Find(Repository.Path("stdlib"), name) is not { } standard) continue;
                Add(new ModuleInput(name, LibraryTrees.GetOrAdd(standard, f => SyntaxParser.Parse(new SourceText(Path.GetFileName(f), File.ReadAllText(f))).Value), ModuleOrigin.Standard));
                return;
            }
        }
    }

    /// <summary><c>sorted_map.kea</c> is the module <c>SortedMap</c> (2.1.1).</summary>
    public static string NameOf(string file)
    {
        var parts = Path.GetFileNameWithoutExtension(file).Split('_', '-', '.');
        return string.Concat(parts.Where(p => p.Length > 0).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }

    private static string? Find(string root, string module)
    {
        var parts = module.Split('.');
        var folder = Path.Combine([root, .. parts[..^1].Select(p => p.ToLowerInvariant())]);
        if (!Directory.Exists(folder)) return null;
        return Directory.EnumerateFiles(folder, "*.kea").FirstOrDefault(f => Path.GetFileNameWithoutExtension(f).Replace("_", "") == parts[^1].ToLowerInvariant());
    }
}
