using System.Collections.Immutable;
using System.Text;

namespace Kea.Repl.Editing;

/// <summary>
/// Inputs of this and earlier sessions, oldest first. The file has a line for each, with line ends and backslashes escaped; each
/// input is added to it at once and under a lock, so that sessions beside each other lose nothing.
/// </summary>
/// <param name="path">Null for inputs that are forgotten with the session.</param>
public sealed class History(string? path, int bytesMax = 1 << 20)
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private string? _path = path;

    public ImmutableList<string> Entries { get; private set; } = path is null ? [] : Read(path);

    /// <summary><c>history</c> below <c>KEA_HOME</c>, or below <c>~/.kea</c>; null where there is no home.</summary>
    public static string? DefaultPath()
    {
        if (Environment.GetEnvironmentVariable("KEA_HOME") is { Length: > 0 } own) return Path.Combine(own, "history");
        return Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".kea", "history") : null;
    }

    /// <returns>A sentence when it cannot be kept; said once.</returns>
    public string? Add(string input)
    {
        if (Entries.Count > 0 && Entries[^1] == input) return null;
        Entries = Entries.Add(input);
        if (_path is not { } path) return null;
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            using var file = Open(path);
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.UTF8.GetBytes(Escaped(input) + "\n"));
            if (file.Length > bytesMax) Shorten(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _path = null;
            return $"the history is not kept: {e.Message}";
        }
    }

    /// <summary>For the owner alone, and locked: nobody else has it open meanwhile.</summary>
    private static FileStream Open(string path)
    {
        for (var until = DateTime.UtcNow + Patience; ; Thread.Sleep(10))
        {
            try
            {
                var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnersFile;
                var file = new FileStream(path, options);
                if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle) != OwnersFile) File.SetUnixFileMode(file.SafeFileHandle, OwnersFile);
                return file;
            }
            catch (IOException) when (DateTime.UtcNow < until && File.Exists(path))
            {
                // Another session is writing.
            }
        }
    }

    /// <summary>Leaves the younger half.</summary>
    private void Shorten(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.Position = 0;
        file.ReadExactly(bytes);
        var start = bytes.AsSpan(bytes.Length - bytesMax / 2).IndexOf((byte)'\n') is var end and >= 0 ? bytes.Length - bytesMax / 2 + end + 1 : bytes.Length;
        file.Position = 0;
        file.Write(bytes.AsSpan(start));
        file.SetLength(bytes.Length - start);
    }

    private static ImmutableList<string> Read(string path)
    {
        try
        {
            return File.Exists(path) ? [.. File.ReadLines(path).Where(l => l.Length > 0).Select(Unescaped)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Escaped(string input) => input.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Unescaped(string line)
    {
        var text = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\' || i + 1 == line.Length)
            {
                text.Append(line[i]);
                continue;
            }
            text.Append(line[++i] switch { 'n' => '\n', 'r' => '\r', var other => other });
        }
        return text.ToString();
    }
}
