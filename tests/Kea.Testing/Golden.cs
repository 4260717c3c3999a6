using NUnit.Framework;

namespace Kea.Testing;

/// <summary>
/// Golden files: <c>tests/golden/&lt;phase&gt;/&lt;name&gt;.kea</c> is the input and <c>&lt;name&gt;.txt</c> beside it is what
/// the phase makes of it. With <c>KEA_UPDATE=1</c> the texts are rewritten, and their diff is what gets reviewed.
/// </summary>
/// <remarks>
/// A fixture uses <see cref="Names"/> as its <c>TestCaseSource</c>, reads <see cref="Source"/>, calls <see cref="Check"/>,
/// and has one more test that calls <see cref="NoOrphans"/>.
/// </remarks>
public static class Golden
{
    private const string InputExtension = ".kea";
    private const string OutputExtension = ".txt";

    public static bool Updating => Environment.GetEnvironmentVariable("KEA_UPDATE") == "1";

    /// <summary>The names of all inputs of a phase: paths below its folder, with <c>/</c>, without extension, sorted.</summary>
    public static IEnumerable<string> Names(string phaseFolder)
    {
        var root = Folder(phaseFolder);
        if (!Directory.Exists(root)) return [];
        return Files(root, InputExtension);
    }

    /// <summary>The text of an input.</summary>
    public static string Source(string phaseFolder, string name) =>
        File.ReadAllText(FileOf(phaseFolder, name, InputExtension));

    /// <summary>The path of an input as shown in messages, the same on every machine.</summary>
    public static string DisplayPath(string name) => System.IO.Path.GetFileName(name) + InputExtension;

    /// <summary>Compares with the golden text; writes it when updating. Missing input or text is a failure.</summary>
    public static void Check(string phaseFolder, string name, string actual)
    {
        var input = FileOf(phaseFolder, name, InputExtension);
        if (!File.Exists(input)) Assert.Fail($"There is no input {Relative(input)}.");
        CheckText(FileOf(phaseFolder, name, OutputExtension), actual);
    }

    /// <summary>As <see cref="Check"/> for further texts of one input, such as <c>name.before.txt</c>.</summary>
    /// <param name="variant">A word that goes between name and extension.</param>
    public static void Check(string phaseFolder, string name, string variant, string actual)
    {
        var input = FileOf(phaseFolder, name, InputExtension);
        if (!File.Exists(input)) Assert.Fail($"There is no input {Relative(input)}.");
        CheckText(FileOf(phaseFolder, name, $".{variant}{OutputExtension}"), actual);
    }

    /// <summary>For inputs of another kind: compares with a file of the phase's folder, named with its extension.</summary>
    public static void CheckFile(string phaseFolder, string file, string actual) => CheckText(System.IO.Path.Combine(Folder(phaseFolder), file), actual);

    /// <summary>Fails when a golden text has lost its input. When updating it is deleted instead.</summary>
    public static void NoOrphans(string phaseFolder)
    {
        var root = Folder(phaseFolder);
        if (!Directory.Exists(root)) Assert.Fail($"There is no folder {Relative(root)}.");
        var inputs = new HashSet<string>(Files(root, InputExtension), StringComparer.Ordinal);
        var orphans = new List<string>();
        foreach (var text in Files(root, OutputExtension))
        {
            if (inputs.Contains(text) || inputs.Contains(WithoutVariant(text))) continue;
            if (Updating) File.Delete(System.IO.Path.Combine(root, text + OutputExtension));
            else orphans.Add(text + OutputExtension);
        }
        Assert.That(orphans, Is.Empty, "Golden texts without input; delete them or run with KEA_UPDATE=1.");
    }

    private static void CheckText(string path, string actual)
    {
        var normal = actual.ReplaceLineEndings("\n");
        if (normal.Length > 0 && normal[^1] != '\n') normal += "\n";
        if (Updating)
        {
            if (!File.Exists(path) || File.ReadAllText(path) != normal) File.WriteAllText(path, normal);
            return;
        }
        if (!File.Exists(path)) Assert.Fail($"{Relative(path)} is missing; run with KEA_UPDATE=1 to write it.\n{normal}");
        var expected = File.ReadAllText(path);
        if (expected == normal) return;
        Assert.Fail($"{Relative(path)} differs; KEA_UPDATE=1 rewrites it.\n{FirstDifference(expected, normal)}");
    }

    /// <summary>The first differing line with a little of what stands around it.</summary>
    private static string FirstDifference(string expected, string actual)
    {
        var left = expected.Split('\n');
        var right = actual.Split('\n');
        var line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line]) line++;
        var text = new System.Text.StringBuilder();
        text.Append("first difference in line ").Append(line + 1).Append('\n');
        for (var i = Math.Max(0, line - 3); i < line; i++) text.Append("    ").Append(left[i]).Append('\n');
        for (var i = line; i < Math.Min(left.Length, line + 6); i++) text.Append("  - ").Append(left[i]).Append('\n');
        for (var i = line; i < Math.Min(right.Length, line + 6); i++) text.Append("  + ").Append(right[i]).Append('\n');
        return text.ToString();
    }

    private static string WithoutVariant(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot > name.LastIndexOf('/') ? name[..dot] : name;
    }

    private static List<string> Files(string root, string extension)
    {
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(root, "*" + extension, SearchOption.AllDirectories))
            found.Add(System.IO.Path.GetRelativePath(root, file)[..^extension.Length].Replace('\\', '/'));
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static string Folder(string phaseFolder) => Repository.Path("tests", "golden", phaseFolder);

    private static string FileOf(string phaseFolder, string name, string extension) =>
        System.IO.Path.Combine(Folder(phaseFolder), name + extension);

    private static string Relative(string path) => System.IO.Path.GetRelativePath(Repository.Root, path);
}
