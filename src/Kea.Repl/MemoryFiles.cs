using Kea.Driver;
using Kea.Source;

namespace Kea.Repl;

/// <summary>The disk with one file that is only here: the module that a session's inputs make up.</summary>
/// <remarks>Only the session's own thread reads and writes it.</remarks>
internal sealed class MemoryFiles(string path) : ISourceFiles
{
    private readonly DiskFiles _disk = new();

    public string Path { get; } = System.IO.Path.GetFullPath(path);
    public string Text { get; set; } = "";

    public bool Exists(string path) => IsOwn(path) || _disk.Exists(path);

    public ReadResult Read(string path, string shownPath) => IsOwn(path) ? new ReadResult(new SourceText(shownPath, Text), null) : _disk.Read(path, shownPath);

    private bool IsOwn(string path) => System.IO.Path.GetFullPath(path) == Path;
}
