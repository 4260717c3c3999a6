namespace Kea.Watch.Tests;

/// <summary>States that go on through changes of their types, or are refused with what runs left as it was.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class StateTests
{
    private const string Base = "n: Int\nname: String";
    private static readonly string App = Apps.Stateful(Base, "State { n: 0, name: \"kea\" }", "old {s.n} {s.name}", "State { n: s.n + 1, name: s.name }");

    /// <summary>What is printed first after the reload proves that the state came from the loop before: its name is no initial value.</summary>
    private static readonly (string Name, string Fields, string Shown, string Next)[] Migrations =
    [
        ("fields reordered", "name: String\nn: Int", "now {s.name} {s.n > 0}", "State { n: s.n + 1, name: s.name }"),
        ("field with a default", "n: Int\nname: String\n@default(41)\nextra: Int", "now {s.name} {s.n > 0} {s.extra}", "State { n: s.n + 1, name: s.name, extra: s.extra }"),
        ("optional field", "n: Int\nname: String\nextra: Option Int", "now {s.name} {s.n > 0} {s.extra}", "State { n: s.n + 1, name: s.name, extra: s.extra }"),
        ("field removed", "name: String", "now {s.name} true", "State { name: s.name }"),
        ("field became optional", "n: Int\nname: Option String", "now {Option.unwrap_or(s.name, \"?\")} {s.n > 0}", "State { n: s.n + 1, name: s.name }"),
        ("field in the middle", "n: Int\n@default(1.5)\nweight: Float\nname: String", "now {s.name} {s.n > 0} {s.weight}", "State { n: s.n + 1, weight: s.weight, name: s.name }"),
    ];

    private static IEnumerable<TestCaseData> MigrationCases() => Migrations.Select(m => new TestCaseData(m.Fields, m.Shown, m.Next).SetArgDisplayNames(m.Name));

    [TestCaseSource(nameof(MigrationCases))]
    public void Migrates(string fields, string shown, string next)
    {
        using var run = WatchedRun.Of(App);
        run.Prints("old 1 kea");
        var initial = string.Join(", ", fields.Split('\n').Where(f => !f.StartsWith('@')).Select(f => f.Split(':')).Select(f => $"{f[0]}: {(f[1].Trim()) switch
        {
            "Int" => "-1000000", "String" => "\"anew\"", "Float" => "0.0", "Option String" => "Some(\"anew\")", _ => "None",
        }}"));
        run.Save(Apps.Stateful(fields, $"State {{ {initial} }}", shown, next));
        run.Prints("now kea true");
        // Where a field stands in the source is not where it is in memory: an order alone may change nothing.
        run.Says(fields == "name: String\nn: Int" ? " updated" : "1 state migrated");
        Assert.That(run.Output, Has.None.Contain("anew"));
        run.Terminate();
    }

    private static readonly (string Name, string Fields, string Initial, string Next, string Said)[] Refusals =
    [
        ("field's type", "n: String\nname: String", "State { n: \"x\", name: \"kea\" }", "State { n: s.n, name: s.name }", "field 'n' of 'State' changed from Int to String"),
        ("field without a default", "n: Int\nname: String\nextra: Int", "State { n: 0, name: \"kea\", extra: 1 }", "State { n: s.n + 1, name: s.name, extra: s.extra }", "'extra'"),
    ];

    private static IEnumerable<TestCaseData> RefusalCases() => Refusals.Select(r => new TestCaseData(r.Fields, r.Initial, r.Next, r.Said).SetArgDisplayNames(r.Name));

    [TestCaseSource(nameof(RefusalCases))]
    public void Refuses(string fields, string initial, string next, string said)
    {
        using var run = WatchedRun.Of(App);
        run.Prints("old 1 kea");
        run.Save(Apps.Stateful(fields, initial, "new {s.name}", next));
        run.Says("[reload] L012: ", said, "held by Live.loop with", "rejected: running code and state kept");
        run.Mark();
        run.Prints("old ");
        Assert.That(run.Output, Has.None.StartsWith("new"));
        run.Save(App.Replace("old {", "again {"));
        run.IsUpdatedTo("again ");
        AssertNoGap(run);
    }

    [Test]
    public void A_refusal_may_start_the_program_anew_by_policy()
    {
        using var run = WatchedRun.Of(App, "--on-incompatible", "restart");
        run.Prints("old 1 kea");
        run.Save(Apps.Stateful("n: String", "State { n: \"x\" }", "new {s.n}", "State { n: s.n }"));
        run.Says("L012", "[watch] starting anew");
        run.Prints("new x");
    }

    [Test]
    public void A_state_goes_through_ten_types()
    {
        using var run = WatchedRun.Of(App);
        run.Prints("old 1 kea");
        var fields = Base;
        var copies = "n: s.n + 1, name: s.name";
        for (var i = 1; i <= 10; i++)
        {
            fields += $"\n@default({i})\nf{i}: Int";
            copies += $", f{i}: s.f{i}";
            run.Save(Apps.Stateful(fields, "State { " + copies.Replace("s.n + 1", "-9").Replace("s.name", "\"anew\"").Replace("s.f", "0 + ") + " }", $"type {i}: {{s.n}} {{s.name}} {{s.f{i}}}", $"State {{ {copies} }}"));
            run.Prints($"type {i}: ");
            run.Says("1 state migrated");
            Assert.That(run.Output[^1], Does.EndWith($" kea {i}"));
        }
        Assert.That(run.Output, Has.None.Contain("anew"));
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }

    [Test]
    public void Code_change_turns_the_old_state_into_the_new_one()
    {
        using var run = WatchedRun.Of(App);
        run.Prints("old 3 kea");
        run.Save(Apps.Stateful(
            "label: String", "State { label: \"anew\" }", "new {s.label}", "State { label: s.label }",
            "fn code_change(_ old: { n: Int, name: String | r }) -> State\n  State { label: \"{old.name} came at {old.n > 2}\" }"));
        run.Prints("new kea came at true");
        run.Says("1 state migrated");
    }

    [Test]
    public void Code_change_for_another_layout_is_refused()
    {
        using var run = WatchedRun.Of(App);
        run.Prints("old 1 kea");
        run.Save(Apps.Stateful(
            "label: String", "State { label: \"anew\" }", "new {s.label}", "State { label: s.label }",
            "fn code_change(_ old: { nothing: Int | r }) -> State\n  State { label: \"{old.nothing}\" }"));
        run.Says("L013", "rejected: ");
        run.Mark();
        run.Prints("old ");
    }

    [Test]
    public void A_panic_in_new_code_leads_back_to_the_code_and_state_before()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"old {n}\""), "--probation", "60s");
        run.Prints("old 3");
        run.Save(Apps.Counting("\"bad {1 / (n - n)}\""));
        run.Says("L018", "rolled back");
        run.Mark();
        run.Prints("old ");
        run.Save(Apps.Counting("\"fixed {n}\""));
        run.IsUpdatedTo("fixed ");
        Assert.That(run.Output, Has.None.StartsWith("bad"));
        AssertNoGap(run);
    }

    [Test]
    public void A_panic_after_a_migration_brings_the_old_state_back()
    {
        using var run = WatchedRun.Of(App, "--probation", "60s");
        run.Prints("old 3 kea");
        run.Save(Apps.Stateful(Base + "\n@default(0)\nzero: Int", "State { n: 0, name: \"anew\", zero: 0 }", "bad {s.n / s.zero}", "State { n: s.n, name: s.name, zero: 0 }"));
        run.Says("L018");
        run.Mark();
        run.Prints(" kea");
        AssertNoGap(run);
    }

    [Test]
    public void What_was_kept_stays_and_is_migrated()
    {
        string Kept(string fields, string made, string shown) => $$"""
            {{Apps.Uses}}
            struct Seed
              {{fields.Replace("\n", "\n  ")}}

            fn step(n: Int) -[IO, Clock, Live]> Step Int
              let k = Live.keep("seed", || {{made}})
              IO.stdout("{{shown}}\n")
              Clock.sleep(5)
              Continue(n + 1)

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(0, step)
              ()

            """;
        using var run = WatchedRun.Of(Kept("v: Int", "Seed { v: 42 }", "old {k.v}"));
        run.Prints("old 42");
        run.Save(Kept("v: Int", "Seed { v: 43 }", "same {k.v}"));
        run.IsUpdatedTo("same 42");
        run.Save(Kept("v: Int\n@default(7)\nw: Int", "Seed { v: 44, w: 0 }", "grown {k.v} {k.w}"));
        run.IsUpdatedTo("grown 42 7");
        run.Save(Kept("w: Int\nv: Int", "Seed { v: 45, w: 0 }", "turned {k.v} {k.w}"));
        run.IsUpdatedTo("turned 42 7");
    }

    [Test]
    public void A_closure_in_the_state_keeps_its_code_through_five_reloads()
    {
        string Holding(int version) => $$"""
            {{Apps.Uses}}
            struct State
              n: Int
              f: fn(Int) -> Int

            fn adder(k: Int) -> fn(Int) -> Int
              |x| x + k + {{version * 100}}

            fn step(s: State) -[IO, Clock]> Step State
              let f = s.f
              IO.stdout("v{{version}} {f(1)} {s.n}\n")
              Clock.sleep(5)
              Continue(State { n: s.n + 1, f: s.f })

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(State { n: 0, f: adder(10) }, step)
              ()

            """;
        using var run = WatchedRun.Of(Holding(0));
        run.Prints("v0 11");
        for (var version = 1; version <= 5; version++)
        {
            run.Save(Holding(version));
            run.IsUpdatedTo($"v{version} 11 ");
        }
        AssertNoGap(run, column: 2);
    }

    /// <summary>The numbers in one column of what a program prints go up one by one: no turn was lost, none was run twice.</summary>
    private static void AssertNoGap(WatchedRun run, int column = 1)
    {
        var numbers = run.Output.Select(l => int.Parse(l.Split(' ')[column])).ToArray();
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, numbers.Length)));
    }
}
