namespace Kea.Cli.Tests;

/// <summary>13.5.</summary>
public sealed class ExplainTests : CliTest
{
    [TestCase("E0001", "error[E0001]: Type mismatch")]
    [TestCase("e0007", "error[E0007]: Non-exhaustive match")]
    [TestCase("W1003", "warning[W1003]: ")]
    [TestCase("L012", "[L012]: ")]
    public void A_known_code_is_explained(string code, string title)
    {
        var result = Kea("explain", code);
        var lines = result.Output.Split('\n');
        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.Status, result.Error), Is.EqualTo((0, "")));
            Assert.That(lines[0], Does.Contain(title));
            Assert.That(lines[1], Is.Empty);
            Assert.That(result.Output, Does.Contain("\nFix: "));
            Assert.That(lines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        }
    }

    [Test]
    public void An_unknown_code_is_refused()
    {
        var result = Kea("explain", "E9999");
        AssertRefused(result);
        Assert.That(result.Error, Does.StartWith("unknown error code E9999"));
    }
}
