namespace Kea.Watch.Tests;

/// <summary>What <c>--on-incompatible</c> makes of state that has no way to its new layout (L012).</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class PolicyTests
{
    private const string Migrate = "migrate";

    /// <summary>A loop that counts, with a kept value of the field's type and a kept number that says which code made it.</summary>
    private static string Keeping(string fieldType, string port, string shown, int seed) => $$"""
        {{Apps.Uses}}
        struct Config
          port: {{fieldType}}

        fn step(n: Int) -[IO, Clock, Live]> Step Int
          let config = Live.keep("config", || Config { port: {{port}} })
          let seed = Live.keep("seed", || {{seed}})
          IO.stdout("{{shown}} {seed} {n}\n")
          Clock.sleep(5)
          Continue(n + 1)

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    private static readonly string Old = Keeping("Int", "80", "old {config.port}", seed: 41);

    [Test]
    public void Migrate_begins_a_kept_value_anew_and_leaves_everything_else()
    {
        using var run = WatchedRun.Of(Old, "--on-incompatible", Migrate);
        run.Prints("old 80 41 3");
        run.Save(Keeping("String", "\"http\"", "new {config.port}", seed: 42));
        run.Prints("new http 41 ");
        run.Says("L012: field 'port' of 'Config' changed from Int to String, held by Live.keep(\"config\"): what it keeps is lost, and begins anew when it is asked for next",
            "1 state begun anew (");
        run.DidNotSay("starting anew");
        var turns = run.Output.Select(l => int.Parse(l.Split(' ')[3])).ToArray();
        Assert.That(turns, Is.EqualTo(Enumerable.Range(0, turns.Length)), "the loop has lost no turn");

        // The new value is kept like any other, and can be let go of again.
        run.Save(Keeping("String", "\"other\"", "again {config.port}", seed: 43));
        run.Prints("again http 41 ");
        run.Save(Keeping("Float", "1.5", "third {config.port}", seed: 44));
        run.Prints("third 1.5 41 ");
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }

    [Test]
    public void What_was_let_go_of_comes_back_with_the_code_before()
    {
        using var run = WatchedRun.Of(Old, "--on-incompatible", Migrate, "--probation", "60s");
        run.Prints("old 80 41 3");
        run.Save(Keeping("Int", "90", "second {config.port}", seed: 42));
        run.Prints("second 80 41 ");
        run.Save(Keeping("String", "\"http\"", "bad {config.port} {1 / (n - n)}", seed: 43));
        run.Says("L018: the new code panicked", "rolled back to the code and state before");
        run.Mark();
        run.Prints("second 80 41 ");
        Assert.That(run.Output, Has.None.Contain("90"));
    }

    [Test]
    public void Migrate_starts_a_program_anew_whose_loop_has_such_a_state()
    {
        string App(string field, string port, string shown) => Old.Replace("fn step(n: Int)", "fn step(n: State)").Replace("Step Int", "Step State").Replace("Live.loop(0, step)", "Live.loop(State { n: 0, mark: " + port + " }, step)")
            .Replace("Continue(n + 1)", "Continue(State { n: n.n + 1, mark: n.mark })").Replace("{n}\\n", shown + "\\n").Replace("struct Config", $"struct State\n  n: Int\n  mark: {field}\n\nstruct Config");
        using var run = WatchedRun.Of(App("Int", "1", "state {n.n} {n.mark}"), "--on-incompatible", Migrate);
        run.Prints("state 3 1");
        run.Save(App("String", "\"x\"", "new {n.n} {n.mark}"));
        run.Says("L012: field 'mark' of 'State' changed from Int to String, held by Live.loop with App.step",
            "--on-incompatible migrate: what a loop begins with is made by main, so the program starts anew, and what Live.keep keeps is lost: \"config\", \"seed\"",
            "[watch] starting anew");
        run.Prints("new 0 x");
    }

    [TestCase("restart")]
    [TestCase(Migrate)]
    public void A_code_change_that_does_not_fit_is_refused_whatever_the_policy(string policy)
    {
        using var run = WatchedRun.Of(Apps.Stateful("n: Int", "State { n: 0 }", "old {s.n}", "State { n: s.n + 1 }"), "--on-incompatible", policy);
        run.Prints("old 3");
        run.Save(Apps.Stateful("n: String", "State { n: \"x\" }", "new {s.n}", "State { n: s.n }", "fn code_change(_ old: { nothing: Int | r }) -> State\n  State { n: \"{old.nothing}\" }"));
        run.Says("L013: ", "rejected: running code and state kept");
        run.DidNotSay("starting anew");
        run.Mark();
        run.Prints("old ");
    }
}
