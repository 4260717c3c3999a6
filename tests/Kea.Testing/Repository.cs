namespace Kea.Testing;

/// <summary>Where the files of the repository are, seen from a running test assembly.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Kea.Native.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    public static string Path(params ReadOnlySpan<string> parts) =>
        System.IO.Path.Combine([Root, .. parts]);

    /// <summary>Every <c>.kea</c> file of the repository outside build output, in ordinal order.</summary>
    public static IReadOnlyList<string> KeaFiles { get; } = FindKeaFiles();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Kea.Native.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException($"No Kea.Native.sln above {AppContext.BaseDirectory}.");
    }

    private static IReadOnlyList<string> FindKeaFiles()
    {
        var found = new List<string>();
        Collect(new DirectoryInfo(Root), found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static void Collect(DirectoryInfo folder, List<string> found)
    {
        foreach (var file in folder.EnumerateFiles("*.kea")) found.Add(file.FullName);
        foreach (var inner in folder.EnumerateDirectories())
        {
            if (inner.Name is "bin" or "obj" or "artifacts" || inner.Name.StartsWith('.')) continue;
            if (inner.LinkTarget is null) Collect(inner, found);
        }
    }
}
