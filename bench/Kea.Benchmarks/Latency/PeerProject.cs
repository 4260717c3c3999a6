namespace Kea.Benchmarks.Latency;

/// <summary>
/// Writes the project of <see cref="ProjectGenerator"/> in another language: as many modules, in each as many groups of two types and four functions
/// that do the same, the last of which calls into the module before; a body of the middle module is edited.
/// </summary>
internal abstract class PeerProject
{
    /// <summary>Lines of one group, as the generated Kea has them: the measure for how many groups there are.</summary>
    private const int LinesPerGroup = 50;

    protected abstract string FileOf(int module);

    /// <summary>The text of a module.</summary>
    /// <param name="groups">Groups 0 to here.</param>
    protected abstract string Module(int module, int groups);

    /// <summary>What stands around the modules: paths below the folder, and texts.</summary>
    protected abstract IEnumerable<(string Path, string Text)> Rest(int modules);

    /// <returns>The path of the middle module, and all lines.</returns>
    public (string Middle, int Lines) Write(string folder, int modules, int lines)
    {
        var groups = Math.Max(1, lines / modules / LinesPerGroup);
        var files = Enumerable.Range(0, modules).Select(m => (Path: FileOf(m), Text: Module(m, groups))).Concat(Rest(modules)).ToArray();
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
        return (Path.Combine(folder, FileOf(modules / 2)), files.Sum(f => f.Text.AsSpan().Count('\n')));
    }
}
