using Kea.Source;

namespace Kea.Driver.Live;

/// <summary>
/// Two versions of a program as one that changes: until <see cref="Switch"/> the sources of the old one are there, then those of
/// the new one as if they had been saved over them.
/// </summary>
internal sealed class VersionFiles : ISourceFiles
{
    private readonly DiskFiles _disk = new();
    private readonly ToolchainPaths _paths;
    private readonly string _oldEntry, _newEntry;
    private readonly List<(string Old, string New)> _roots = [];
    private bool _isNew;

    public VersionFiles(ToolchainPaths paths, string oldEntry, string newEntry)
    {
        (_paths, _oldEntry, _newEntry) = (paths, Path.GetFullPath(oldEntry), Path.GetFullPath(newEntry));
        AddRoot(Path.GetDirectoryName(_oldEntry)!, Path.GetDirectoryName(_newEntry)!);
        if (SourceRoot(oldEntry) is { } old && SourceRoot(newEntry) is { } now) AddRoot(old, now);
    }

    /// <summary>Whether anything of the new version that was read says something else than the old version.</summary>
    public bool HasDifferences { get; private set; }

    public void Switch() => _isNew = true;

    public bool Exists(string path) => _disk.Exists(Place(path));

    public ReadResult Read(string path, string shownPath)
    {
        var place = Place(path);
        if (place == path) return _disk.Read(path, shownPath);
        var read = _disk.Read(place, ModulePaths.Shown(place));
        if (!HasDifferences) HasDifferences = read.Source?.Text != _disk.Read(path, shownPath).Source?.Text;
        return read;
    }

    private string Place(string path)
    {
        if (!_isNew) return path;
        var full = Path.GetFullPath(path);
        if (full == _oldEntry) return _newEntry;
        if (_paths.Library.Any(l => IsBelow(full, Path.GetFullPath(l)))) return path;
        foreach (var (old, now) in _roots)
            if (IsBelow(full, old)) return Path.Combine(now, Path.GetRelativePath(old, full));
        return path;
    }

    private void AddRoot(string old, string now)
    {
        if (old != now && !_roots.Contains((old, now))) _roots.Add((old, now));
    }

    private static string? SourceRoot(string entry) => ModulePaths.RootsFor(entry)[0] is var root && Path.GetFileName(root) == "src" ? root : null;

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
