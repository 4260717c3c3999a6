using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary>Changes that are refused, each by its rule: it names what it is about and a way out, and nothing of the attempt is left.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class RefusalTests
{
    private static readonly string App = Of("n: Int\nname: String", "State { n: 0, name: \"kea\" }", "fn tag(n: Int) -> String\n  \"old {n}\"");

    private static string Of(string fields, string initial, string tag, string next = "s~{ n: s.n + 1 }", string shown = "{tag(s.n)}") => Apps.Stateful(fields, initial, shown, next, tag);

    /// <summary>The rule, the symbol that it names, what is done, and the program with it.</summary>
    private static readonly (string Rule, string Symbol, string Name, string Text)[] Refused =
    [
        ("L003", "App.tag", "a caller left behind", App.Replace("fn tag(n: Int) -> String\n  \"old {n}\"", "fn tag(n: String) -> String\n  n")),
        ("L005", "App.tag", "an effect too many", App.Replace("fn tag(n: Int) -> String\n", "fn tag(n: Int) -[Rand]> String\n").Replace("use Clock\n", "use Clock\nuse Rand\n").Replace("\"old {n}\"", "\"old {Rand.int(0, n)}\"")),
        ("L006", "App.tag", "a function gone", App.Replace("fn tag(n: Int) -> String\n  \"old {n}\"", "")),
        ("L012", "State", "a field without a value", Of("n: Int\nname: String\nextra: Int", "State { n: 0, name: \"kea\", extra: 1 }", "fn tag(n: Int) -> String\n  \"new {n}\"")),
        ("L012", "State", "a field of another type", Of("n: String\nname: String", "State { n: \"0\", name: \"kea\" }", "fn tag(n: String) -> String\n  \"new {n}\"", "s")),
        ("L013", "State", "a code_change of another layout", Of("n: Int", "State { n: 0 }", "fn tag(n: Int) -> String\n  \"new {n}\"\n\nfn code_change(_ old: { nothing: Int | r }) -> State\n  State { n: old.nothing }")),
        ("L017", "App.check", "a smoke test", App.Replace("old {n}", "new {n}") + "\n@smoke\nfn check() -> Bool\n  false\n"),
    ];

    private static IEnumerable<TestCaseData> Cases() => Refused.Select(r => new TestCaseData(r.Rule, r.Symbol, r.Text).SetArgDisplayNames(r.Rule, r.Symbol, r.Name));

    [TestCaseSource(nameof(Cases))]
    public void Names_rule_symbol_and_way_out(string rule, string symbol, string text)
    {
        using var run = SteppedRun.Of(App);
        run.Prints("old 1");
        Assert.That(run.Apply(text), Does.StartWith("rejected ").And.Contain(rule));
        var disk = run.Status().GetProperty("disk");
        var named = disk.GetProperty("rules").EnumerateArray().First(r => r.GetProperty("rule").GetString() == rule);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(disk.GetProperty("state").GetString(), Is.EqualTo("refused"));
            Assert.That((named.GetProperty("severity").GetString(), named.GetProperty("symbol").GetString()), Is.EqualTo(("error", symbol)));
            Assert.That(named.GetProperty("help").GetString(), Is.Not.Empty);
            Assert.That(run.Watched.Kea(["explain", rule]).Output, Does.StartWith($"rule[{rule}]: ").And.Length.GreaterThan(200));
        }
        run.Watched.Says($"{rule}: ", "  = help: ", "rejected: ");
        run.Watched.Mark();
        run.Prints("old ");
        Assert.That(run.Watched.Output, Has.None.StartsWith("new"));
    }

    /// <summary>Reports themselves name the declaration at fault with the place of it.</summary>
    [Test]
    public void An_error_is_shown_at_its_place_with_what_can_be_done()
    {
        using var run = SteppedRun.Of(App);
        run.Prints("old 1");
        Assert.That(run.Apply(App.Replace("{n}", "{m}")), Is.EqualTo("rejected L001"));
        run.Watched.Says("error[E0005]: undefined variable `m`", "--> app.kea:", "rejected: 1 error, running code kept");
    }

    [Test]
    public void Leaves_nothing_behind()
    {
        const int Rounds = 5;
        using var run = SteppedRun.Of(App);
        run.Prints("old 1");
        // One successful reload first, so that what a session makes once is there.
        Assert.That(run.Apply(App.Replace("\"old {n}\"", "\"old {n} .\"")), Is.EqualTo("updated"));
        run.Prints(" .");
        var before = Loaded(run);
        for (var round = 0; round < Rounds; round++)
            foreach (var (rule, _, _, text) in Refused)
                Assert.That(run.Apply(text), Does.StartWith("rejected ").And.Contain(rule));
        Assert.That(Loaded(run), Is.EqualTo(before));
        run.Watched.Save(App.Replace("\"old {n}\"", "\"next {n}\""));
        var plan = run.Plan();
        Assert.That((plan.Verdict, string.Join(", ", plan.Functions), plan.Rules.Length), Is.EqualTo(("swap", "~ App.tag", 0)));
        Assert.That(run.Apply(), Is.EqualTo("updated"));
        run.Prints("next ");
    }

    /// <summary>Worlds, units with what holds them, and slots; not how many turns have been made.</summary>
    private static string Loaded(SteppedRun run)
    {
        var loaded = run.Worlds();
        string Name(JsonElement of, string property) => of.GetProperty(property).GetRawText();
        return string.Join('\n',
        [
            .. loaded.GetProperty("worlds").EnumerateArray().Select(w => $"world {Name(w, "number")} {Name(w, "versions")} {Name(w, "functions")} {w.GetProperty("holders").GetArrayLength()}"),
            .. loaded.GetProperty("units").EnumerateArray().Where(u => u.GetProperty("tier").GetInt32() == 0).Select(u => $"unit {Name(u, "id")} {Name(u, "functions")} {Name(u, "holders")}"),
            $"slots {Name(loaded, "slots")}",
        ]);
    }
}
