using System.Text.RegularExpressions;
using Kea.Testing;

namespace Kea.Driver.Tests;

[TestFixture]
public sealed partial class DiagnosticCatalogTests
{
    [Test]
    public void A_page_has_title_text_example_fix_and_related() =>
        Assert.That(DiagnosticCatalog.Render(DiagnosticCatalog.Find("e0002")!), Does.StartWith("error[E0002]: Missing record field\n\n")
            .And.Contain("\nExample:\n\n    struct Point\n").And.Contain("\nFix: Add the field").And.EndWith("\nRelated: E0011, E0013\n"));

    [Test]
    public void No_line_of_text_is_longer_than_eighty_columns() =>
        Assert.That(DiagnosticCatalog.All.SelectMany(p => DiagnosticCatalog.Render(p).Split('\n')).Where(l => l.Length > 80), Is.Empty);

    [Test]
    public void Every_reload_rule_says_what_to_do()
    {
        var rules = Enumerable.Range(1, 22).Select(n => DiagnosticCatalog.Find($"L{n:000}")).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rules, Has.None.Null);
            Assert.That(rules.Where(r => r?.Fix.Length == 0 || r?.Severity != "rule"), Is.Empty);
            Assert.That(rules.Where(r => r!.Example.Length == 0).Select(r => r!.Code), Is.EqualTo((string[])["L009", "L021"]), "whatever happens in sources has an example");
            Assert.That(rules.SelectMany(r => r!.Related.Split(", ", StringSplitOptions.RemoveEmptyEntries)).Where(c => DiagnosticCatalog.Find(c) is null), Is.Empty);
        }
    }

    [Test]
    public void An_unknown_code_has_no_page() => Assert.That(DiagnosticCatalog.Find("E9999"), Is.Null);

    [Test]
    public void Every_code_that_the_compiler_reports_has_a_page()
    {
        var reported = Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/"))
            .SelectMany(path => Code().Matches(File.ReadAllText(path)).Select(m => m.Groups[1].Value)).ToHashSet();
        Assert.That(reported, Is.Not.Empty);
        Assert.That(reported.Where(code => DiagnosticCatalog.Find(code) is null), Is.Empty);
    }

    [GeneratedRegex("\"([EW][0-9]{4})\"")]
    private static partial Regex Code();
}
