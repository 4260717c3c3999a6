using System.Text;

namespace Kea.Driver;

/// <summary>Which file serves which module (language reference 2.1 and 11.3).</summary>
public static class ModulePaths
{
    /// <summary>The module that a file stem names: <c>sorted_map</c> gives <c>SortedMap</c>.</summary>
    public static string SegmentOf(string stem)
    {
        var segment = new StringBuilder();
        var capital = true;
        foreach (var c in stem)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                capital = true;
                continue;
            }
            segment.Append(capital ? char.ToUpperInvariant(c) : c);
            capital = false;
        }
        return segment.Length == 0 || !char.IsAsciiLetterUpper(segment[0]) ? "Main" : segment.ToString();
    }

    /// <summary>Paths below a source root that may hold a module, in the order they are tried.</summary>
    public static IEnumerable<string> CandidatesFor(string module)
    {
        var segments = module.Split('.');
        var folder = Path.Combine([.. segments[..^1].Select(s => s.ToLowerInvariant())]);
        yield return Path.Combine(folder, segments[^1].ToLowerInvariant() + ".kea");
        var underscored = Underscored(segments[^1]) + ".kea";
        yield return Path.Combine(folder, underscored);
    }

    /// <summary>The project's source roots for an entry file: the nearest <c>src</c> above it, its own folder, <c>./src</c> and <c>.</c>.</summary>
    public static List<string> RootsFor(string entryPath)
    {
        var own = Path.GetDirectoryName(Path.GetFullPath(entryPath)) ?? "/";
        var roots = new List<string>();
        for (var folder = own; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) != "src") continue;
            roots.Add(folder);
            break;
        }
        foreach (var root in (string[])[own, Path.GetFullPath("src"), Path.GetFullPath(".")])
            if (!roots.Contains(root)) roots.Add(root);
        return roots;
    }

    /// <summary>The module an entry file is: its path below the source root that holds it, else its stem.</summary>
    public static string NameOfEntry(string entryPath)
    {
        var full = Path.GetFullPath(entryPath);
        var root = RootsFor(entryPath)[0];
        var relative = Path.GetRelativePath(root, full);
        if (relative.StartsWith("..", StringComparison.Ordinal)) relative = Path.GetFileName(full);
        var segments = Path.ChangeExtension(relative, null).Split(Path.DirectorySeparatorChar);
        return string.Join('.', segments.Select(SegmentOf));
    }

    /// <summary>How diagnostics show a path: relative to the working folder when it lies below it.</summary>
    public static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, Path.GetFullPath(path));
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static string Underscored(string segment)
    {
        var text = new StringBuilder();
        for (var i = 0; i < segment.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(segment[i])) text.Append('_');
            text.Append(char.ToLowerInvariant(segment[i]));
        }
        return text.ToString();
    }
}
