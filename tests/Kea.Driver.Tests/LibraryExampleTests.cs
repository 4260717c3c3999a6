using System.Text;
using System.Text.RegularExpressions;
using Kea.Testing;

namespace Kea.Driver.Tests;

/// <summary>
/// The examples in the library's doc blocks say the truth: each line <c>expression   -- => text</c> is run, after the
/// <c>let</c> lines above it, and prints that text.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed partial class LibraryExampleTests
{
    private static readonly string Library = Repository.Path("stdlib");

    /// <summary>What these give depends on the world outside; their examples only have to run.</summary>
    private static readonly string[] Varying = ["clock", "io", "rand"];

    private sealed record Example(int Line, string Setup, string Expression, string Expected);

    private static IEnumerable<string> Modules() =>
        Directory.EnumerateFiles(Library, "*.kea").Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(module => Examples(module).Count > 0).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Modules))]
    public void Examples_of_the_library_hold(string module)
    {
        var examples = Examples(module);
        using var folder = new Toolchain.Folder();
        var result = Toolchain.Run(["run", folder.Write("examples_of_library.kea", ProgramOf(examples))], folder.Path, secondsMax: 120);
        Assert.That(result.Status, Is.Zero, result.Error);
        if (Varying.Contains(module)) return;
        var printed = result.Output.TrimEnd('\n').Split('\n');
        Assert.That(printed, Has.Length.EqualTo(examples.Count));
        using (Assert.EnterMultipleScope())
            for (var i = 0; i < printed.Length; i++)
                Assert.That(printed[i], Is.EqualTo(examples[i].Expected), $"{module}.kea:{examples[i].Line}: {examples[i].Expression}");
    }

    [Test]
    public void Most_of_the_library_has_examples() =>
        Assert.That(Modules().Sum(module => Examples(module).Count), Is.GreaterThan(200));

    private static string ProgramOf(List<Example> examples)
    {
        var text = new StringBuilder();
        foreach (var path in Directory.EnumerateFiles(Library, "*.kea"))
        {
            var name = string.Concat(Path.GetFileNameWithoutExtension(path).Split('_').Select(part => part == "io" ? "IO" : char.ToUpperInvariant(part[0]) + part[1..]));
            if (name == "IO" || examples.Any(e => Regex.IsMatch(e.Setup + e.Expression, $@"\b{name}\b"))) text.Append($"use {name}\n");
        }
        // What an example iterates or hashes may need the module without naming it.
        if (examples.Any(e => e.Expression.Contains("ListIter", StringComparison.Ordinal)) && !text.ToString().Contains("use Iterator", StringComparison.Ordinal)) text.Append("use Iterator\n");
        for (var i = 0; i < examples.Count; i++)
            text.Append($"\nfn example_{i}() -[IO, Clock, Rand, Live, Fail String]> ()\n{examples[i].Setup}  IO.println(\"{{{examples[i].Expression}}}\")\n");
        text.Append("\nfn main() -[IO, Clock, Rand, Live, Fail String]> ()\n");
        for (var i = 0; i < examples.Count; i++) text.Append($"  example_{i}()\n");
        return text.ToString();
    }

    private static List<Example> Examples(string module)
    {
        var examples = new List<Example>();
        var setup = "";
        var lines = File.ReadAllLines(Path.Combine(Library, module + ".kea"));
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart();
            if (line.StartsWith("let ", StringComparison.Ordinal)) setup += $"  {line}\n";
            else if (ExampleLine().Match(lines[i]) is { Success: true } found) examples.Add(new Example(i + 1, setup, found.Groups[1].Value, found.Groups[2].Value));
            else setup = "";
        }
        return examples;
    }

    [GeneratedRegex(@"^ {4,}(\S.*?) +-- => (.*)$")]
    private static partial Regex ExampleLine();
}
