using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Driver.Incremental;

/// <summary>
/// Remembers what was read and parsed. A file that says what it said before is the same text and the same tree, as objects:
/// whoever compares versions of a program need only look where the objects differ.
/// </summary>
internal sealed class SourceCache(ISourceFiles files) : ISourceFiles
{
    private readonly ConditionalWeakTable<SourceText, string> _paths = [];
    private readonly ConcurrentDictionary<string, SourceText> _texts = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<SyntaxTree, ModuleOutline> _outlines = [];
    private readonly ConcurrentDictionary<SourceText, Phase<SyntaxTree>> _trees = new(ReferenceEqualityComparer.Instance);

    public bool Exists(string path) => files.Exists(path);

    public ReadResult Read(string path, string shownPath)
    {
        var read = files.Read(path, shownPath);
        if (read.Source is not { } source) return read;
        var key = Path.GetFullPath(path);
        if (_texts.TryGetValue(key, out var known) && known.Path == source.Path && known.Text == source.Text) return new ReadResult(known, null);
        if (known is not null) _trees.TryRemove(known, out _);
        _texts[key] = source;
        _paths.AddOrUpdate(source, key);
        return read;
    }

    public Phase<SyntaxTree> Parse(SourceText source) => _trees.GetOrAdd(source, SyntaxParser.Parse);

    /// <summary>What a file said when it was read last; null if it has not been.</summary>
    public SourceText? Known(string fullPath) => _texts.GetValueOrDefault(fullPath);

    /// <summary>A tree's outline, made once.</summary>
    public ModuleOutline Outline(SyntaxTree tree) => _outlines.GetValue(tree, static t => new ModuleOutline(t));

    /// <summary>The full path that a text was read from.</summary>
    public string? PathOf(SourceText source) => _paths.TryGetValue(source, out var path) ? path : null;
}
