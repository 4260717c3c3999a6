using System.Text.Json;
using Kea.Live;
using Kea.Source;

namespace Kea.Driver.Tests;

/// <summary>A plan that has been written and read says the same, as text and as JSON.</summary>
public sealed class PlanReaderTests
{
    private static readonly SourceText Shop = new("shop.kea", "fn näme() -> Int\n  \"𝕊\" + oops + x\n");

    private static readonly ReloadPlan Full = new(
        Verdict.Rejected,
        [new("Shop.name", ChangeKind.Changed, "fn() -> Int", "fn(Int) -> Int", ["IO"]), new("Shop.new", ChangeKind.Added, null, null, []), new("Shop.old", ChangeKind.Removed, null, null, [])],
        [new("Shop.Till", ["field 'a' was added"], ["Live.loop with Shop.step"])],
        [new("L012", "Shop.Till", "field 'a' of 'Till'", "give it `@default(…)`"), new("L001", "", "2 errors", "")],
        [
            Said("undefined", 26, 30, "not found", "did you mean `x`?") with { Others = [new(At(3, 7), "in here")], Notes = ["a note"], Fix = new TextEdit(At(26, 30), "x") },
            Said("no label", 33, 34, "", null),
            new("E0901", Severity.Error, "cannot find `a.kea`", null, [], [], null),
            Said("a warning", 0, 2, "here", null) with { Severity = Severity.Warning },
        ]);

    private static SourceSpan At(int start, int end) => new(Shop, new TextSpan(start, end));
    private static Diagnostic Said(string message, int start, int end, string label, string? help) => new("E0005", Severity.Error, message, new Label(At(start, end), label), [], [], help);

    private static string TextOf(ReloadPlan plan)
    {
        var text = new StyledText();
        DiagnosticText.Render(text, plan.Diagnostics);
        PlanText.Render(text, plan);
        return text.ToString();
    }

    [Test]
    public void Reading_gives_what_was_written()
    {
        var json = JsonDocument.Parse(PlanJson.Of(Full, withSources: true)).RootElement;
        Assert.That(json.GetProperty("sources").GetProperty("shop.kea").GetString(), Is.EqualTo(Shop.Text));
        var read = PlanReader.Parse(json, new Dictionary<string, SourceText> { ["shop.kea"] = new("shop.kea", Shop.Text) });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PlanJson.Of(read), Is.EqualTo(PlanJson.Of(Full)));
            Assert.That(TextOf(read), Is.EqualTo(TextOf(Full)));
        }
    }

    [Test]
    public void Diagnostics_without_their_source_keep_their_words()
    {
        var read = PlanReader.Parse(JsonDocument.Parse(PlanJson.Of(Full)).RootElement, new Dictionary<string, SourceText>());
        Assert.That(read.Diagnostics.Select(d => (d.Message, d.Primary)), Is.EquivalentTo(Full.Diagnostics.Select(d => (d.Message, (Label?)null))));
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("7")]
    [TestCase("""{"verdict":"sway","functions":[],"types":[],"rules":[],"diagnostics":[]}""")]
    [TestCase("""{"verdict":"swap","functions":{},"types":[],"rules":[],"diagnostics":[]}""")]
    [TestCase("""{"verdict":"swap","functions":[{"name":7}],"types":[],"rules":[],"diagnostics":[]}""")]
    public void What_is_no_plan_is_refused(string json) =>
        Assert.Throws<JsonException>(() => PlanReader.Parse(JsonDocument.Parse(json).RootElement, new Dictionary<string, SourceText>()));
}
