using NUnit.Framework;

namespace Kea.Testing;

/// <summary>A file system of a few kilobytes, so that a test can fill it.</summary>
public sealed class SmallDisk : IDisposable
{
    /// <summary>The folder where it is mounted.</summary>
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

    /// <remarks>Lazily: the kernel may hold the files of a process that has just died, which makes a plain umount fail as busy.</remarks>
    public void Dispose() => ProcessRun.Run("umount", ["--lazy", Path]);
}
