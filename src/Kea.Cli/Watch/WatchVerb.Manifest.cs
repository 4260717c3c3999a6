using Kea.Live;

namespace Kea.Cli.Watch;

// The manifest beside the sources (L021). What the toolchain takes from it today is the project's folder, and with it the entry.
internal sealed partial class WatchVerb
{
    private Manifest _manifest;

    /// <summary>What may change the program: its sources, and its manifest.</summary>
    private IReadOnlyCollection<string> Watched => _manifest.Path is { } manifest ? [.. _files, manifest] : _files;

    /// <summary>Says what follows from another manifest, as far as it is another.</summary>
    private void LookAtManifest()
    {
        var now = Manifest.Of(_file);
        var change = _manifest.ChangeTo(now);
        _manifest = now;
        if (change is null) return;
        _watcher.Follow();
        var (follows, wayOut) = _options.File is null && Reporting.ProjectEntry() is var entry && entry != _file
            ? (entry is null ? "the project has no entry any more; the one that runs is watched on" : $"the project's entry is now {Path.GetRelativePath(Environment.CurrentDirectory, entry)}", "end this session and run `kea run --watch` again")
            : ("the entry is the same and modules are found as before, so nothing has to be loaded", "");
        _report.Rule(new AppliedRule("L021", "kea.toml", $"{change}; {follows}", wayOut));
    }
}
