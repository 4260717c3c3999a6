using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Driver.Tests;

[TestFixture]
public sealed class DiagnosticTextTests
{
    private static readonly SourceText Shop = new("src/shop.kea",
        "use IO\n\nfn price(units: Int) -> Int\n  units * 3\n\n\n\n\n\nfn total() -> Int\n  let t = price(\"three\")\n  t\n");

    [Test]
    public void A_diagnostic_shows_its_lines_labels_and_help()
    {
        var diagnostic = new Diagnostic("E0001", Severity.Error, "type mismatch in function call: expected `Int`, got `String`",
            new Label(At("\"three\""), "this is `String`"),
            [new Label(At("units"), "expected because of this parameter")], ["a fact"], "convert with `Text.to_int`");
        Assert.That(Render(diagnostic), Is.EqualTo("""
            error[E0001]: type mismatch in function call: expected `Int`, got `String`
              --> src/shop.kea:11:17
               |
             3 | fn price(units: Int) -> Int
               |          ----- expected because of this parameter
            ...
            11 |   let t = price("three")
               |                 ^^^^^^^ this is `String`
               |
               = note: a fact
               = help: convert with `Text.to_int`

            1 error, 0 warnings

            """));
    }

    [Test]
    public void Diagnostics_come_in_the_order_of_the_file_and_once()
    {
        var late = Warning("later", At("t\n"));
        var early = Warning("earlier", At("use IO"));
        var text = Render(late, early, late);
        Assert.That(text.IndexOf("earlier", StringComparison.Ordinal), Is.LessThan(text.IndexOf("later", StringComparison.Ordinal)));
        Assert.That(text, Does.EndWith("0 errors, 2 warnings\n"));
    }

    [Test]
    public void At_most_fifty_are_shown()
    {
        var many = Enumerable.Range(0, 60).Select(i => Warning($"number {i}", new SourceSpan(Shop, new TextSpan(i % 40, i % 40 + 1)))).ToArray();
        var text = Render(many);
        Assert.That(text.Split("warning[").Length - 1, Is.EqualTo(50));
        Assert.That(text, Does.Contain("10 more not shown"));
    }

    [Test]
    public void Carets_count_code_points_and_keep_tabs()
    {
        var source = new SourceText("a.kea", "\t\"😀é\" oops\n");
        var text = Render(new Diagnostic("E0006", Severity.Error, "m", new Label(new SourceSpan(source, new TextSpan(7, 11)), ""), [], [], null));
        Assert.That(text, Does.Contain("1 | \t\"😀é\" oops\n  | \t     ^^^^\n"));
    }

    [Test]
    public void A_diagnostic_without_place_is_one_line() =>
        Assert.That(Render(new Diagnostic("E0903", Severity.Error, "no main function", null, [], [], null)),
            Is.EqualTo("error[E0903]: no main function\n\n1 error, 0 warnings\n"));

    [Test]
    public void Json_has_byte_offsets_and_the_category()
    {
        var source = new SourceText("a.kea", "é x");
        var json = DiagnosticJson.One(new Diagnostic("E0005", Severity.Error, "undefined variable `x`", new Label(new SourceSpan(source, new TextSpan(2, 3)), "here"), [], [], "try"));
        Assert.That(json, Is.EqualTo("""{"severity":"error","code":"E0005","category":"undefined_name","message":"undefined variable `x`","file":"a.kea","start":3,"end":4,"labels":[{"file":"a.kea","start":3,"end":4,"message":"here"}],"help":"try"}"""));
    }

    private static Diagnostic Warning(string message, SourceSpan span) => new("W1003", Severity.Warning, message, new Label(span, ""), [], [], null);

    private static SourceSpan At(string text)
    {
        var start = Shop.Text.IndexOf(text, StringComparison.Ordinal);
        return new SourceSpan(Shop, new TextSpan(start, start + text.TrimEnd().Length));
    }

    private static string Render(params Diagnostic[] diagnostics)
    {
        var text = new StyledText();
        DiagnosticText.Render(text, diagnostics.ToImmutableArray());
        return text.ToString();
    }
}
