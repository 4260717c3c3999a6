using Kea.Testing;

namespace Kea.Driver.Tests;

/// <summary>
/// Every program of <c>tests/programs</c> that has an expected output runs by JIT and as a static executable: same output,
/// same status, same words on standard error, and no live object at exit.
/// </summary>
/// <remarks>
/// Beside <c>name.kea</c> stand <c>name.out</c> (standard output) and, where they matter, <c>name.status</c>, <c>name.err</c>
/// (lines that must occur in standard error), <c>name.args</c> (one a line) and <c>name.in</c> (standard input).
/// </remarks>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class ProgramTests
{
    private static readonly string Root = Repository.Path("tests", "programs");

    private static IEnumerable<string> Programs() =>
        Directory.EnumerateFiles(Root, "*.out", SearchOption.AllDirectories)
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(Root, path), null))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Programs))]
    public void Runs_by_jit(string name)
    {
        using var folder = new Toolchain.Folder();
        Check(name, Toolchain.Run(["run", SourceOf(name), .. Arguments(name)], folder.Path, Input(name), secondsMax: 120));
    }

    [TestCaseSource(nameof(Programs))]
    public void Runs_as_a_static_executable(string name)
    {
        using var folder = new Toolchain.Folder();
        var executable = Path.Combine(folder.Path, "program");
        var built = Toolchain.Run(["build", SourceOf(name), "-o", executable], folder.Path, secondsMax: 120);
        Assert.That(built.Status, Is.Zero, built.Error);
        Check(name, ProcessRun.Run(executable, Arguments(name), folder.Path, Input(name), Toolchain.Environment));
    }

    [Test]
    public void Every_expected_output_has_its_program() =>
        Assert.That(Programs().Where(name => !File.Exists(SourceOf(name))), Is.Empty);

    private static void Check(string name, ProcessResult result)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Status, Is.EqualTo(int.Parse(Beside(name, "status") ?? "0")), $"status; standard error:\n{result.Error}");
            Assert.That(result.Output, Is.EqualTo(Beside(name, "out")), $"standard error:\n{result.Error}");
            foreach (var line in (Beside(name, "err") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Assert.That(result.Error, Does.Contain(line));
        }
    }

    private static string SourceOf(string name) => Path.Combine(Root, name + ".kea");
    private static string Input(string name) => Beside(name, "in") ?? "";
    private static string[] Arguments(string name) => (Beside(name, "args") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string? Beside(string name, string extension)
    {
        var path = Path.Combine(Root, $"{name}.{extension}");
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
