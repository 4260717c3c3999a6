using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary>Tests that pipe inputs into <c>kea repl</c>.</summary>
public abstract class ReplTest : CliTest
{
    protected ProcessResult Repl(string input) => Toolchain.Run(["repl"], Folder.Path, input, SlowestStartSeconds);

    /// <param name="errors">What standard error must hold; it must be empty if there are none.</param>
    protected void Transcript(string input, string expected, params string[] errors)
    {
        var result = Repl(input + "\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo(expected + "\n"));
            if (errors.Length == 0) Assert.That(result.Error, Is.Empty);
            foreach (var error in errors) Assert.That(result.Error, Does.Contain(error));
            Assert.That(result.Status, Is.Zero);
        }
    }
}
