using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Kea.Driver.Incremental;
using Kea.Source;
using Kea.Types;

namespace Kea.Driver.Status;

/// <summary>The declarations of a program on disk, and of versions of it. What does not change is read and not taken apart again.</summary>
internal sealed class DiskTexts(ToolchainPaths paths, string entryPath, ISourceFiles files)
{
    private readonly SourceCache _sources = new(files);
    private readonly ConditionalWeakTable<SourceText, ImmutableArray<DeclarationText>[]> _known = [];

    /// <param name="Texts">By full path.</param>
    public sealed record Snapshot(ImmutableDictionary<string, SourceText> Texts, ImmutableArray<DeclarationText> Declarations)
    {
        /// <summary>Whether these files, and no others, say what is given.</summary>
        public bool Says(ImmutableDictionary<string, SourceText> texts) =>
            texts.Count == Texts.Count && texts.All(t => Texts.TryGetValue(t.Key, out var own) && own.Text == t.Value.Text);
    }

    public Snapshot Read()
    {
        var loaded = CompilerFault.During("reading and parsing", () => new ModuleLoader(_sources, paths, _sources.Parse).Load(entryPath));
        var own = loaded.Modules.Where(m => m.Origin == ModuleOrigin.Project).ToArray();
        return new Snapshot(
            own.ToImmutableDictionary(m => _sources.PathOf(m.Tree.Source) ?? m.Tree.Source.Path, m => m.Tree.Source),
            [.. own.SelectMany(m => Of(m.Name, m.Tree.Source))]);
    }

    public IEnumerable<DeclarationText> Of(ProgramVersion version) => version.Modules.Values.SelectMany(m => Of(m.Name, m.Outline.Source));

    private ImmutableArray<DeclarationText> Of(string module, SourceText source) =>
        _known.GetValue(source, s => [DeclarationTexts.Of(module, _sources.Parse(s).Value)])[0];
}
