namespace Kea.Watch.Tests;

/// <summary>A prompt into the running program: <c>--repl</c>.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class PromptTests
{
    private static readonly string App = Apps.Counting("\"turn {n > 0}\"");
    private static readonly string Stateful = Apps.Stateful("n: Int", "State { n: 0 }", "state {shown(s)}", "State { n: s.n + 1 }", "fn shown(s: State) -> String\n  \"{s.n > 0}\"");

    private static WatchedRun Start(string app, params string[] flags)
    {
        var run = WatchedRun.Of(app, ["--repl", .. flags]);
        run.Prints("t");
        return run;
    }

    [Test]
    public void Inputs_see_what_the_program_has()
    {
        using var run = Start(App);
        run.Type("shown(0 - 7)");
        run.Prints("turn false : String");
        run.Type("let mine = 40\nmine + 2\n:type step\n:info shown");
        run.Prints("mine : Int");
        run.Prints("42 : Int");
        run.Prints("fn(Int) -[Clock, IO]> Step Int");
        run.Prints("shown : fn(Int) -> String");
        run.Prints("turn true");
        run.Terminate();
    }

    [Test]
    public void A_definition_replaces_the_programs_own_until_the_file_says_something_else()
    {
        using var run = Start(App);
        run.Type("let word = \"typed\"\nfn shown(n: Int) -> String\n  \"{word} {n > 0}\"\n");
        run.Prints("fn shown(n: Int) -> String");
        run.Prints("typed true");
        run.Replace("turn {n", "saved {n");
        run.Prints("saved true");
        run.Type("shown(1)\nword");
        run.Says("the sources have changed and hold: shown as typed here is gone");
        run.Prints("saved true : String");
        run.Prints("typed : String");
        run.Terminate();
    }

    /// <summary>What is on disk does not run while something that was typed stands in its place.</summary>
    [Test]
    public void Status_tells_definitions_of_the_prompt_from_those_on_disk()
    {
        using var run = Start(App);
        var before = run.Kea(["status"]);
        Assert.That((before.Status, before.Error), Is.EqualTo((0, "")), before.Output);
        run.Type("let word = \"typed\"\nfn shown(n: Int) -> String\n  \"{word} {n > 0}\"\n\n1 + 1");
        run.Prints("typed true");
        run.Prints("2 : Int");
        var typed = run.Kea(["status"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((typed.Status, typed.Error), Is.EqualTo((1, "")));
            Assert.That(typed.Output, Does.Match(@"  changed +App\.shown  [0-9a-f]{16} on disk, [0-9a-f]{16} running\n  only running App\.word  [0-9a-f]{16}\n  \d+ declarations are the same"));
            Assert.That(typed.Output, Does.Not.Contain("kea_repl").And.Not.Contain("uses"));
        }
        run.Replace("turn {n", "saved {n");
        run.Prints("saved true");
        Assert.That(run.Kea(["status"]).Status, Is.Zero);
        run.Terminate();
    }

    [Test]
    public void A_panic_ends_the_evaluation_and_not_the_program()
    {
        using var run = Start(App);
        run.Type("let zero = 0\n1 / zero");
        run.Says("integer division by zero");
        run.Says("  at input 2:1:1");
        Assert.That(run.Error, Has.None.Contain("kea_repl_"));
        run.Type("zero + 5");
        run.Prints("5 : Int");
        run.Prints("turn true");
        Assert.That(run.IsRunning);
        run.Terminate();
    }

    [Test]
    public void A_value_is_evaluated_once_and_lives_through_reloads()
    {
        using var run = Start(Stateful);
        run.Type("let kept = State { n: 41 }\nkept.n + 1");
        run.Prints("42 : Int");
        run.Save(Stateful.Replace("  n: Int", "  n: Int\n  note: Option String").Replace("{ n: 0 }", "{ n: 0, note: None }").Replace("{ n: s.n + 1 }", "{ n: s.n + 1, note: s.note }"));
        run.Says("migrated");
        run.Type("(kept.n, kept.note)");
        run.Prints("(41, None) : (Int, Option String)");
        run.Save(Stateful.Replace("  n: Int", "  n: Int\n  note: Option String\n  @default(7)\n  more: Int").Replace("{ n: 0 }", "{ n: 0, note: None, more: 0 }").Replace("{ n: s.n + 1 }", "{ n: s.n + 1, note: s.note, more: s.more }"));
        run.Says("migrated");
        run.Type("kept.more");
        run.Prints("7 : Int");
        run.Terminate();
    }

    [Test]
    public void A_type_that_the_loops_state_cannot_follow_is_refused()
    {
        using var run = Start(Stateful);
        run.Type("struct State\n  n: String\n");
        run.Says("error[");
        run.Type("struct State\n  n: Int\n  extra: Int\n");
        run.Says("error[");
        run.Prints("state true");
        run.Type("shown(State { n: 1 })");
        run.Prints("true : String");
        run.Terminate();
    }

    [Test]
    public void A_definition_that_panics_at_once_is_taken_back()
    {
        using var run = Start(App);
        run.Type("fn shown(n: Int) -> String\n  \"{n / (n - n)}\"\n");
        run.Says("L018");
        run.Prints("turn true");
        run.Type(":env\n1 + 1");
        run.Prints("2 : Int");
        Assert.That(run.Output[^1..], Has.None.Contains("fn shown"));
        run.Terminate();
    }

    [Test]
    public void A_rollback_goes_back_to_the_code_before()
    {
        using var run = Start(App, "--probation", "0s");
        run.Type("fn shown(n: Int) -> String\n  \"typed {n > 0}\"\n");
        run.Prints("typed true");
        run.Type(":rollback");
        run.Says("rolled back");
        run.Prints("turn true");
        run.Terminate();
    }

    [Test]
    public void Evaluations_do_not_count_as_versions()
    {
        using var run = Start(App, "--probation", "0s");
        run.Replace("turn {n", "second {n");
        run.Prints("second true");
        run.Type(string.Join('\n', Enumerable.Range(1, 12).Select(n => $"{n} * 1000")));
        run.Prints("12000 : Int");
        run.Type(":rollback");
        run.Says("rolled back");
        run.Prints("turn true");
        run.Terminate();
    }

    [Test]
    public void A_program_that_has_ended_takes_no_inputs()
    {
        using var run = Start(App);
        run.Type("IO.exit(3)");
        run.Says("program ended with status 3");
        run.Type("1 + 1");
        run.Says("the program does not run");
        run.Terminate();
    }

    [Test]
    public void Broken_sources_leave_the_prompt_with_what_runs()
    {
        using var run = Start(App);
        run.Replace("fn shown(n: Int)", "fn shown(n: Nope)");
        run.Says("rejected");
        run.Type("shown(1)\nfn other(n: Int) -> String\n  shown(n) ++ \"!\"\n\nother(1)");
        run.Prints("turn true!");
        run.Terminate();
    }

    [Test]
    public void Quit_ends_program_and_watching()
    {
        using var run = Start(App);
        run.Type(":quit");
        Assert.That(run.Ended(), Is.Zero);
    }

    [Test]
    public void A_program_without_reload_points_has_no_place_for_a_prompt()
    {
        using var run = WatchedRun.Of("use IO\n\nfn main() -[IO]> ()\n  IO.stdout(\"x\\n\")\n", "--repl");
        run.Says("L007");
        Assert.That(run.Ended(), Is.EqualTo(1));
    }
}
