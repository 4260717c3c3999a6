// The toolchain runs on Linux.
#pragma warning disable CA1416

namespace Kea.Driver.Protocol;

/// <summary>The folder of one user's session files: <c>$XDG_RUNTIME_DIR/kea</c>, else <c>$KEA_HOME/run</c>, else <c>~/.kea/run</c>.</summary>
/// <remarks>Only its owner may enter it, and files in it are only its owner's to read. Whoever finds a file that a session left behind deletes it.</remarks>
public sealed class SessionFolder(string path)
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Extension = ".json", HalfWritten = ".new";

    /// <summary>Longer than writing a file takes.</summary>
    private static readonly TimeSpan WritingMax = TimeSpan.FromMinutes(1);

    public string Path { get; } = path;

    public static SessionFolder OfUser()
    {
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && System.IO.Path.IsPathRooted(runtime) && Directory.Exists(runtime))
            return new SessionFolder(System.IO.Path.Combine(runtime, "kea"));
        var home = Environment.GetEnvironmentVariable("KEA_HOME") is { Length: > 0 } own ? own
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kea");
        return new SessionFolder(System.IO.Path.GetFullPath(System.IO.Path.Combine(home, "run")));
    }

    /// <summary>Writes the file under another name first, so that nobody sees half of it.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">The folder or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">So too where the folder is somebody else's.</exception>
    public string Write(SessionFile file)
    {
        Directory.CreateDirectory(Path, OwnersFolder);
        // It may have been there before; only its owner can do this.
        File.SetUnixFileMode(Path, OwnersFolder);
        var place = System.IO.Path.Combine(Path, $"{file.Pid}-{Guid.NewGuid().ToString("N")[..8]}");
        using (var stream = new FileStream(place + HalfWritten, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnersFile }))
        using (var writer = new StreamWriter(stream)) writer.WriteLine(file.ToJson());
        File.Move(place + HalfWritten, place + Extension);
        return place + Extension;
    }

    /// <summary>Sessions that seem to be there, oldest first. Files of processes that have ended are deleted; whether the others answer is not asked.</summary>
    public IReadOnlyList<(string Path, SessionFile File)> Find()
    {
        var found = new List<(string, SessionFile)>();
        foreach (var path in Paths())
        {
            if (Read(path) is not { } file)
            {
                if (IsOld(path)) Delete(path);
            }
            else if (!file.IsOfThisMachine) continue;
            else if (ProcessBirth.Of(file.Pid) == file.Birth) found.Add((path, file));
            else Delete(path);
        }
        found.Sort((a, b) => a.Item2.Started.CompareTo(b.Item2.Started));
        return found;
    }

    /// <summary>It may be gone already.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever finds it next tries again.
        }
    }

    private string[] Paths()
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path).Where(p => System.IO.Path.GetExtension(p) is Extension or HalfWritten)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static SessionFile? Read(string path)
    {
        try
        {
            return System.IO.Path.GetExtension(path) == Extension ? SessionFile.Parse(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsOld(string path) => File.Exists(path) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > WritingMax;
}
