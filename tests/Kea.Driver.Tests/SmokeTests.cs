using Kea.Driver.Live;
using Kea.Live;
using Kea.Testing;

namespace Kea.Driver.Tests;

/// <summary>10.10: <c>@smoke</c> functions have a say before new code is published; a refusal is L017.</summary>
[TestFixture]
public sealed class SmokeTests
{
    private const string Program = """
        use Live
        use Step.{Halt, Step}

        fn price(units: Int) -> Int
          units * 3

        @smoke
        fn prices_are_positive() -> Bool
          price(2) > 0

        fn step(n: Int) -> Step Int
          Halt(price(n))

        fn main() -[Live]> Int
          Live.loop(2, step)

        """;

    private static (ReloadPlan Plan, bool IsPublished, int Status) Edit(Func<string, string> change)
    {
        using var folder = new Toolchain.Folder();
        var file = folder.Write("shop.kea", Program);
        var (session, diagnostics) = LiveSession.Open(Paths, file);
        Assert.That(session, Is.Not.Null, string.Join("\n", diagnostics));
        using var live = session!;
        folder.Write("shop.kea", change(Program));
        var report = live.Reload();
        return (report.Plan, report.IsPublished, live.Run(new RunOptions([])).Status);
    }

    private static ToolchainPaths Paths => ToolchainPaths.Find();

    private static void AssertRefused((ReloadPlan Plan, bool IsPublished, int Status) edit, string message)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((edit.IsPublished, edit.Plan.Verdict), Is.EqualTo((false, Verdict.Rejected)));
            Assert.That(edit.Plan.Rules.Where(r => r.Id == "L017").Select(r => (r.Symbol, r.Message)), Is.EqualTo(((string, string)[])[("Shop.prices_are_positive", message)]));
            Assert.That(edit.Status, Is.EqualTo(6), "the code from before runs");
        }
    }

    [Test]
    public void Code_that_passes_is_published()
    {
        var (plan, isPublished, status) = Edit(p => p.Replace("units * 3", "units * 4"));
        Assert.That((plan.Verdict, isPublished, status), Is.EqualTo((Verdict.Swap, true, 8)));
    }

    [Test]
    public void False_refuses() =>
        AssertRefused(Edit(p => p.Replace("units * 3", "units * -3")), "@smoke function Shop.prices_are_positive returned false");

    [Test]
    public void A_panic_refuses() =>
        AssertRefused(Edit(p => p.Replace("units * 3", "units / (units - 2)")), "@smoke function Shop.prices_are_positive failed: integer division by zero");

    [Test]
    public void A_failure_refuses() =>
        AssertRefused(Edit(p => p.Replace("units * 3", "units * 4").Replace("prices_are_positive() -> Bool\n  price(2) > 0", "prices_are_positive() -[Fail String]> Bool\n  fail \"no prices\"")),
            "@smoke function Shop.prices_are_positive failed: no prices");

    [Test]
    public void The_smoke_function_of_the_new_version_is_asked() =>
        AssertRefused(Edit(p => p.Replace("units * 3", "units * 4").Replace("price(2) > 0", "price(2) > 100")), "@smoke function Shop.prices_are_positive returned false");

    [Test]
    public void Without_other_code_nothing_is_published_and_nobody_asked() =>
        Assert.That(Edit(p => p.Replace("price(2) > 0", "price(2) > 100")).Plan.Verdict, Is.EqualTo(Verdict.Nothing));

    [Test]
    public void What_was_refused_may_be_corrected()
    {
        using var folder = new Toolchain.Folder();
        var file = folder.Write("shop.kea", Program);
        using var live = LiveSession.Open(Paths, file).Session!;
        folder.Write("shop.kea", Program.Replace("units * 3", "units * -3"));
        var refused = live.Reload();
        folder.Write("shop.kea", Program.Replace("units * 3", "units * 5"));
        var published = live.Reload();
        Assert.That((refused.IsPublished, published.IsPublished, live.Run(new RunOptions([])).Status), Is.EqualTo((false, true, 10)));
    }

    [TestCase("-> Bool\n  price(2) > 0", "-> Int\n  price(2)", "`@smoke` needs a function that returns `Bool`")]
    [TestCase("prices_are_positive()", "prices_are_positive(n: Int)", "`@smoke` needs a function without parameters")]
    public void An_annotation_that_does_not_fit_is_an_error(string was, string now, string message)
    {
        using var folder = new Toolchain.Folder();
        var outcome = new Session(Paths).Check(folder.Write("shop.kea", Program.Replace(was, now)));
        Assert.That(outcome.Diagnostics.Select(d => (d.Code, d.Message.StartsWith(message, StringComparison.Ordinal))), Does.Contain(("E0012", true)));
    }
}
