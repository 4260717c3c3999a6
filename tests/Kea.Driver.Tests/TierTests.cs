using Kea.Live;
using Kea.Mir;
using Kea.Testing;

namespace Kea.Driver.Tests;

/// <summary>
/// Every program of <c>tests/programs</c> once more, in this process and with everything optimised when it is first called:
/// same output and status as in the first tier, no live object at exit. Loops are left in their first round for optimised code.
/// </summary>
[TestFixture]
public sealed class TierTests
{
    private static readonly string Root = Repository.Path("tests", "programs");

    private static IEnumerable<string> Programs() =>
        Directory.EnumerateFiles(Root, "*.out", SearchOption.AllDirectories)
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(Root, path), null))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Programs))]
    public void Runs_optimised_at_once(string name)
    {
        var paths = new ToolchainPaths(Repository.Path(".build", "native"), [Repository.Path("stdlib")]);
        var check = new Session(paths).Check(Path.Combine(Root, name + ".kea"));
        Assert.That(check.HasErrors, Is.False);
        using var folder = new Toolchain.Folder();
        var input = folder.Write("in", Beside(name, "in") ?? "");
        using var running = RunningProgram.Start(check.Program!, new LoweringRoots.Main(), paths, TierOptions.Immediately);
        Assert.That(running.Diagnostics, Is.Empty);
        RunResult result;
        using (var stdin = File.OpenRead(input))
        using (var stdout = File.Create(Path.Combine(folder.Path, "out")))
        using (var stderr = File.Create(Path.Combine(folder.Path, "err")))
            result = running.Run(0, new RunOptions((Beside(name, "args") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries), CheckLeaks: true)
            {
                InFd = Descriptor(stdin), OutFd = Descriptor(stdout), ErrorFd = Descriptor(stderr),
            });
        var error = File.ReadAllText(Path.Combine(folder.Path, "err"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Status & 0xff, Is.EqualTo(int.Parse(Beside(name, "status") ?? "0")), $"status; standard error:\n{error}");
            Assert.That(File.ReadAllText(Path.Combine(folder.Path, "out")), Is.EqualTo(Beside(name, "out")), $"standard error:\n{error}");
            foreach (var line in (Beside(name, "err") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)) Assert.That(error, Does.Contain(line));
            Assert.That(running.Tiers.Failures, Is.Zero);
            Assert.That(running.Tiers.Optimised.Units, Is.Positive);
        }
    }

    private static int Descriptor(FileStream file) => (int)file.SafeFileHandle.DangerousGetHandle();

    private static string? Beside(string name, string extension)
    {
        var path = Path.Combine(Root, $"{name}.{extension}");
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
