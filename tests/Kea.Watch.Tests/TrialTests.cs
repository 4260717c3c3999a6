using System.Diagnostics;

namespace Kea.Watch.Tests;

/// <summary>A migration is tried on what the program holds before it is published: one that fails is refused, and nothing can be seen of the attempt.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TrialTests
{
    private static readonly string App = Apps.Stateful("n: Int\nname: String", "State { n: 0, name: \"kea\" }", "old {s.n} {s.name}", "State { n: s.n + 1, name: s.name }");

    /// <summary>The state gets a field by a migration that is written: its value is what stands here, in terms of <c>old</c>.</summary>
    private static string Written(string value) => Apps.Stateful(
        "n: Int\nname: String\npart: Int", "State { n: 0, name: \"anew\", part: 0 }", "new {s.n} {s.name} {s.part}", "State { n: s.n + 1, name: s.name, part: s.part }",
        $"fn code_change(_ old: {{ n: Int, name: String | r }}) -> State\n  State {{ n: old.n, name: old.name, part: {value} }}");

    private static string Keeping(string fields, string made, string shown, string more = "", int sleep = 5) => $$"""
        {{Apps.Uses}}
        struct Seed
          {{fields}}

        {{more}}

        fn step(n: Int) -[IO, Clock, Live]> Step Int
          let k = Live.keep("seed", || {{made}})
          IO.stdout("{{shown}} {n}\n")
          Clock.sleep({{sleep}})
          Continue(n + 1)

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    private static void AssertNoGap(WatchedRun run, int column = 1)
    {
        var numbers = run.Output.Select(l => int.Parse(l.Split(' ')[column])).ToArray();
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, numbers.Length)));
    }

    [Test]
    public void A_code_change_that_panics_on_the_state_is_refused_and_a_repaired_one_is_taken()
    {
        using var run = SteppedRun.Of(App);
        run.Prints("old 3 kea");
        var (version, worlds) = (run.Status().GetProperty("program").GetProperty("version").GetInt32(), run.Worlds().GetProperty("worlds").GetArrayLength());
        Assert.That(run.Apply(Written("100 / (old.n - old.n)")), Is.EqualTo("rejected L011 L016"));
        run.Watched.Says("panic: integer division by zero", "at app.kea:", "in App.code_change",
            "L016: the migration of 'App.State' failed when it was tried on the state that Live.loop with App.step holds: integer division by zero", "  = help: correct its `code_change`", "rejected: running code and state kept");
        Assert.That(run.Status().GetProperty("program").GetProperty("version").GetInt32(), Is.EqualTo(version), "nothing has been published");
        Assert.That(run.Worlds().GetProperty("worlds").GetArrayLength(), Is.EqualTo(worlds));
        Assert.That(run.Status().GetProperty("disk").GetProperty("state").GetString(), Is.EqualTo("refused"));
        run.Watched.Mark();
        run.Prints("old ");
        Assert.That(run.Apply(Written("100 / (old.n + 1)")), Does.StartWith("updated"));
        run.Prints("new ");
        Assert.That(run.Watched.Output, Has.None.Contain("anew"));
        AssertNoGap(run.Watched);
    }

    [Test]
    public void A_kept_value_whose_migration_fails_is_refused_and_stays_as_it_is()
    {
        string Changed(string value) => Keeping("w: Int", "Seed { w: -1 }", "new {k.w}", $"fn code_change(_ old: {{ v: Int | r }}) -> Seed\n  Seed {{ w: {value} }}");
        using var run = WatchedRun.Of(Keeping("v: Int", "Seed { v: 0 }", "old {k.v}"));
        run.Prints("old 0 3");
        run.Save(Changed("7 / old.v"));
        run.Says("L016: the migration of 'App.Seed' failed when it was tried on the state that Live.keep(\"seed\") holds: integer division by zero", "rejected: running code and state kept");
        run.Mark();
        run.Prints("old 0 ");
        run.Save(Changed("old.v + 7"));
        run.IsUpdatedTo("new 7 ");
        Assert.That(run.Output, Has.None.Contain("-1"));
        AssertNoGap(run, column: 2);
    }

    /// <summary>The runs of these tests end with status 102 if any object is left.</summary>
    [Test]
    public void Trials_leave_no_object_behind()
    {
        string Ending(string fields, string initial, string next, string more = "") => Apps.Stateful(fields, initial, "{s.n} {List.length(s.names)}", next, more)
            .Replace("Continue(State", "if s.n > 400 then Halt(s) else Continue(State");
        using var run = SteppedRun.Of(Ending("n: Int\nnames: List String", "State { n: 0, names: [\"a {0}\", \"b\"] }", "State { n: s.n + 1, names: s.names }"));
        run.Prints("1 2");
        const string Grown = "n: Int\nnames: List String\nextra: List String", Next = "State { n: s.n + 1, names: s.names, extra: s.extra }";
        string Failing(string with) => Ending(Grown, "State { n: 0, names: [], extra: [] }", Next,
            $"fn code_change(_ old: {{ n: Int, names: List String | r }}) -[Fail String]> State\n  let made = List.map(old.names, |x| \"{{x}} {with}\")\n  if List.length(made) == 2 then fail \"not {with}\" else State {{ n: old.n, names: old.names, extra: made }}");
        for (var i = 0; i < 3; i++) Assert.That(run.Apply(Failing($"{i}")), Is.EqualTo("rejected L011 L016"));
        run.Watched.Mark();
        run.Prints(" 2");
        Assert.That(run.Apply(Ending("@default([])\nextra: List String\nn: Int\nnames: List String", "State { n: 0, names: [], extra: [] }", Next)), Is.EqualTo("updated L011"));
        run.Watched.Says("program ended with status 0");
    }

    [Test]
    public void A_loop_that_sleeps_in_a_long_turn_does_not_hold_a_reload_up()
    {
        using var run = WatchedRun.Of(App.Replace("sleep(5)", "sleep(3000)"));
        run.Prints("old 0 kea");
        var since = Stopwatch.StartNew();
        run.Save(Written("100 / (old.n - old.n)"));
        run.Says("L011: the migration of 'App.State', held by Live.loop with App.step, was not tried before: no reload point came within 250 ms");
        Assert.That(since.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2.5)), "the turn has not been waited for");
        // What guards the state is then the migration itself.
        run.Says("L016: the migration of the state failed: integer division by zero; running code and state kept");
        run.Prints("old 1 kea");
    }

    [Test]
    public void A_migration_that_has_been_tried_goes_back_by_its_inverse()
    {
        using var run = SteppedRun.Of(App);
        run.Prints("old 3 kea");
        Assert.That(run.Apply(App.Replace("name: String\n", "name: String\n  @default(1)\n  extra: Int\n").Replace("name: s.name }", "name: s.name, extra: s.extra }").Replace("\"kea\" }", "\"kea\", extra: 0 }").Replace("old {", "new {")), Is.EqualTo("updated L011"));
        run.Prints("new ");
        run.Watched.Mark();
        run.Prints("new ");
        Assert.That(run.RollBack(), Is.EqualTo("taken_back"));
        run.Prints("old ");
        run.Watched.DidNotSay("without the");
        AssertNoGap(run.Watched);
    }

    [Test]
    public void A_signal_while_a_trial_is_waited_for_ends_the_session()
    {
        using var run = WatchedRun.Of(App.Replace("sleep(5)", "sleep(600)"), "--debounce", "0ms");
        run.Prints("old 1 kea");
        run.Save(Written("1"));
        Thread.Sleep(100);
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }
}
