namespace Kea.Driver.Live;

/// <summary>Paths without symbolic links in them, at one moment: each folder is looked at once.</summary>
internal sealed class RealPaths
{
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <param name="path">A full path.</param>
    /// <returns>Where links on the way lead to; the path itself where something is missing or leads nowhere.</returns>
    public string Of(string path)
    {
        try
        {
            return Resolve(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private string Resolve(string path)
    {
        if (Path.GetDirectoryName(path) is not { } folder) return path;
        if (!_folders.TryGetValue(folder, out var real)) _folders[folder] = real = Resolve(folder);
        var here = Path.Combine(real, Path.GetFileName(path));
        // A target may be written with links of its own; a circle of them is an error of the system's.
        return new FileInfo(here).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Resolve(target.FullName) : here;
    }
}
