namespace Kea.Cli.Watch;

/// <summary>What the manifest of a program says: the nearest <c>kea.toml</c> in the entry's folder or one around it (11.2).</summary>
/// <param name="Path">Full; null where there is none.</param>
/// <param name="Text">Null where it cannot be read.</param>
internal sealed record Manifest(string? Path, string? Text)
{
    private const string FileName = "kea.toml";

    /// <param name="entry">The program's first file.</param>
    public static Manifest Of(string entry)
    {
        for (var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(entry)); folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
            if (System.IO.Path.Combine(folder, FileName) is var path && File.Exists(path)) return new Manifest(path, TextOf(path));
        return new Manifest(null, null);
    }

    public static bool IsOne(string path) => System.IO.Path.GetFileName(path) == FileName;

    /// <summary>What happened on the way to another one; null if it says the same.</summary>
    public string? ChangeTo(Manifest now) => (Path, now.Path) switch
    {
        (null, null) => null,
        (null, { } found) => $"{Shown(found)} has appeared",
        ({ } lost, null) => $"{Shown(lost)} is gone",
        ({ } was, { } other) when was != other => $"{Shown(other)} takes the place of {Shown(was)}",
        ({ } same, _) => Text == now.Text ? null : $"{Shown(same)} changed",
    };

    private static string Shown(string path) => System.IO.Path.GetRelativePath(Environment.CurrentDirectory, path);

    private static string? TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
