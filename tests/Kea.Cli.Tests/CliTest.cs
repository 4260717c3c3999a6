using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary>Tests that use the built program as people do: in a folder of their own, seeing only what it prints and how it ends.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.Children)]
public abstract class CliTest
{
    protected const string Hello = "use IO\n\nfn main() -[IO]> ()\n  IO.stdout(\"hello\\n\")\n";
    protected const int SlowestStartSeconds = 120;

    private Toolchain.Folder? _folder;

    protected Toolchain.Folder Folder => _folder ??= new Toolchain.Folder();

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    protected string Write(string name, string text) => Folder.Write(name, text);
    protected string PathOf(string name) => Path.Combine(Folder.Path, name);

    protected ProcessResult Kea(params string[] arguments) => Toolchain.Run(arguments, Folder.Path, secondsMax: SlowestStartSeconds);

    /// <summary>Runs with further environment variables, of which <c>null</c> takes one away.</summary>
    protected ProcessResult KeaWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        ProcessRun.Run(Toolchain.Program, arguments, Folder.Path, environment: environment, secondsMax: SlowestStartSeconds);

    protected static string FirstLine(string text) => text.Split('\n')[0];

    /// <summary>The command failed with status 1, printed no results, and no framework exception shows.</summary>
    protected static void AssertRefused(ProcessResult result)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Status, Is.EqualTo(1), result.Error);
            Assert.That(result.Output, Is.Empty);
            Assert.That(result.Error, Is.Not.Empty);
            Assert.That(result.Error, Does.Not.Contain("Exception").And.Not.Contains("   at Kea."));
        }
    }
}
