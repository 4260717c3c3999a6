using Kea.Syntax;
using Kea.Testing;

namespace Kea.Syntax.Tests;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class GoldenTests
{
    private static IEnumerable<string> TokenNames() => Golden.Names("tokens");
    private static IEnumerable<string> SyntaxNames() => Golden.Names("syntax");

    [TestCaseSource(nameof(TokenNames))]
    public void Tokens(string name)
    {
        var result = Check.Parse(Golden.Source("tokens", name), Golden.DisplayPath(name));
        Golden.Check("tokens", name, TokenText.Of(result.Value));
    }

    [TestCaseSource(nameof(SyntaxNames))]
    public void Trees(string name)
    {
        var result = Check.Parse(Golden.Source("syntax", name), Golden.DisplayPath(name));
        Golden.Check("syntax", name, Check.Messages(result) + SyntaxDump.Of(result.Value));
    }

    [Test]
    public void No_golden_text_is_orphaned()
    {
        Golden.NoOrphans("tokens");
        Golden.NoOrphans("syntax");
        Assert.That(Golden.Names("tokens").Count() + Golden.Names("syntax").Count(), Is.GreaterThan(10));
    }
}
