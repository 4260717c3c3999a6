using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Kea.Driver.Live;

/// <summary>
/// Says when sources may have changed. However an editor saves (in place, by renaming over, by deleting and creating), what it
/// does within the debounce time is one batch. Where the system's file events fail, contents are looked at from time to time.
/// </summary>
/// <remarks>Whether anything really changed is not decided here: contents do that.</remarks>
public sealed class SourceWatcher : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan _debounce;
    private readonly Action<IReadOnlyCollection<string>> _changed;
    private readonly Func<IReadOnlyCollection<string>> _files;
    private readonly ConcurrentDictionary<string, byte> _pending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileSystemWatcher> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Length, int Hash)> _contents = new(StringComparer.Ordinal);
    private readonly Timer _quiet, _poll;
    private readonly Lock _gate = new();

    /// <summary>Sources that links lead to, by the path where they really are: only there the system tells of changes.</summary>
    private volatile ImmutableDictionary<string, ImmutableArray<string>> _behindLinks = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <param name="files">Full paths of the sources, asked for again and again: the program grows.</param>
    /// <param name="changed">Called with full paths, one call at a time.</param>
    public SourceWatcher(Func<IReadOnlyCollection<string>> files, TimeSpan debounce, bool poll, Action<IReadOnlyCollection<string>> changed)
    {
        (_files, _debounce, _changed) = (files, debounce, changed);
        _quiet = new Timer(_ => Deliver());
        _poll = new Timer(_ => Look());
        IsPolling = poll;
        if (poll) StartPolling();
        else Follow();
    }

    public bool IsPolling { get; private set; }

    /// <summary>Watches the folders of all sources that there are now, and those that links among them lead to.</summary>
    public void Follow()
    {
        lock (_gate)
        {
            if (IsPolling) return;
            var (files, paths) = (_files(), new RealPaths());
            _behindLinks = files.Select(f => (Source: f, Real: paths.Of(f))).Where(f => f.Real != f.Source)
                .GroupBy(f => f.Real, f => f.Source).ToImmutableDictionary(g => g.Key, g => g.ToImmutableArray(), StringComparer.Ordinal);
            foreach (var file in files.Concat(_behindLinks.Keys))
                if (Path.GetDirectoryName(file) is { } folder && Directory.Exists(folder) && !IsWatched(folder)) Watch(folder);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var watcher in _folders.Values) watcher.Dispose();
            _folders.Clear();
        }
        _quiet.Dispose();
        _poll.Dispose();
    }

    private bool IsWatched(string folder) => _folders.Keys.Any(f => folder == f || folder.StartsWith(f + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private void Watch(string folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.DirectoryName,
                InternalBufferSize = 64 << 10,
            };
            watcher.Changed += (_, e) => Note(e.FullPath);
            watcher.Created += (_, e) => Note(e.FullPath);
            watcher.Deleted += (_, e) => Note(e.FullPath);
            watcher.Renamed += (_, e) => { Note(e.OldFullPath); Note(e.FullPath); };
            watcher.Error += (_, _) => StartPolling();
            watcher.EnableRaisingEvents = true;
            _folders.Add(folder, watcher);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            StartPolling();
        }
    }

    private void Note(string path)
    {
        if (_behindLinks.TryGetValue(path, out var sources))
            foreach (var source in sources) _pending[source] = 0;
        else if (Path.GetExtension(path) is ".kea" || Path.GetFileName(path) == "kea.toml" || Directory.Exists(path) || _files().Contains(path)) _pending[path] = 0;
        else return;
        _quiet.Change(_debounce, Timeout.InfiniteTimeSpan);
    }

    private void Deliver()
    {
        lock (_gate)
        {
            var paths = _pending.Keys.ToArray();
            foreach (var path in paths) _pending.TryRemove(path, out _);
            if (paths.Length > 0) _changed(paths);
        }
    }

    private void StartPolling()
    {
        IsPolling = true;
        foreach (var file in _files()) _contents[file] = ContentOf(file);
        _poll.Change(PollInterval, PollInterval);
    }

    private void Look()
    {
        if (!_gate.TryEnter()) return;
        try
        {
            foreach (var file in _files())
            {
                var content = ContentOf(file);
                if (_contents.TryGetValue(file, out var known) && known == content) continue;
                _contents[file] = content;
                Note(file);
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    private static (long, int) ContentOf(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            var hash = new HashCode();
            hash.AddBytes(bytes);
            return (bytes.Length, hash.ToHashCode());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (-1, 0);
        }
    }
}
