using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary>A file system of a few kilobytes, so that a test can fill it.</summary>
internal sealed class SmallDisk : IDisposable
{
    public string Path { get; }

    private SmallDisk(string path) => Path = path;

    /// <summary>Skips the test where mounting is not permitted.</summary>
    public static SmallDisk Mount(string path, int kilobytes)
    {
        Directory.CreateDirectory(path);
        var mounted = ProcessRun.Run("mount", ["-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path]);
        if (mounted.Status != 0) Assert.Ignore($"a small file system cannot be mounted here: {mounted.Error.Trim()}");
        return new SmallDisk(path);
    }

    public void Dispose() => ProcessRun.Run("umount", [Path]);
}
