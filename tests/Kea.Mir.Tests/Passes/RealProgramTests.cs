using Kea.Testing;

namespace Kea.Mir.Tests;

/// <summary>Every program of <c>tests/programs</c> in one file, with all of the library that it reaches, stays well formed through both pipelines.</summary>
[TestFixture]
public class RealProgramTests
{
    [TestCaseSource(nameof(Files))]
    public void Stays_well_formed(string file)
    {
        var lowered = Programs.Lower(File.ReadAllText(Repository.Path("tests", "programs", file)), file);
        Assert.That(Verify.Program(lowered, false), Is.Empty, "lowered");
        Assert.That(Verify.Program(Pipeline.Run(lowered, PipelineSetting.Quick), true), Is.Empty, "quick");
        Assert.That(Verify.Program(Pipeline.Run(lowered, PipelineSetting.Optimised), true), Is.Empty, "optimised");
    }

    private static IEnumerable<string> Files()
    {
        var root = Repository.Path("tests", "programs");
        foreach (var file in Directory.EnumerateFiles(root, "*.kea", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            if (File.ReadAllText(file).Contains("fn main", StringComparison.Ordinal) && !file.Contains("/modules/", StringComparison.Ordinal))
                yield return Path.GetRelativePath(root, file);
    }
}
