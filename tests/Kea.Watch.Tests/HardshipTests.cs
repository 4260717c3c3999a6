using System.Text;

namespace Kea.Watch.Tests;

/// <summary>What files, editors, users and clocks do to a session.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class HardshipTests
{
    private static string App(string tag) => Apps.Counting($"\"{tag} {{n}}\"");

    private static WatchedRun Start(params string[] flags)
    {
        var run = WatchedRun.Of(App("old"), flags);
        run.Prints("old ");
        return run;
    }

    [Test]
    public void The_last_of_five_hundred_quick_saves_runs()
    {
        using var run = Start();
        for (var i = 1; i <= 500; i++) File.WriteAllText(run.PathOf("app.kea"), App($"v{i}-"));
        run.Prints("v500- ");
        run.Says(" ms)");
        run.DidNotSay("rejected");
        var numbers = run.Output.Select(l => int.Parse(l.Split(' ')[1])).ToArray();
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, numbers.Length)));
    }

    [Test]
    public void Saves_while_a_reload_is_under_way_form_the_next_batch()
    {
        using var run = Start("--debounce", "0ms");
        for (var i = 1; i <= 40; i++)
        {
            File.WriteAllText(run.PathOf("app.kea"), App($"v{i}-"));
            Thread.Sleep(i % 7 * 5);
        }
        run.Prints("v40- ");
        run.Save(App("end"));
        run.IsUpdatedTo("end ");
    }

    [Test]
    public void Swap_files_and_back_ups_beside_the_source_are_nothing_to_it()
    {
        using var run = Start();
        run.Mark();
        foreach (var name in (string[])[".app.kea.swp", "app.kea~", "#app.kea#", ".#app.kea", "app.kea.tmp123", "4913", "notes.txt"]) File.WriteAllText(run.PathOf(name), "fn broken(");
        run.Prints("old ");
        File.WriteAllText(run.PathOf("app.kea"), App("new"));
        run.IsUpdatedTo("new ");
        run.DidNotSay("rejected");
        Assert.That(run.Error.Count(l => l.Contains("recompiling")), Is.EqualTo(1));
    }

    [Test]
    public void A_file_that_is_empty_for_a_moment_is_seen_whole()
    {
        using var run = Start("--debounce", "400ms");
        run.Mark();
        File.WriteAllText(run.PathOf("app.kea"), "");
        Thread.Sleep(30);
        File.WriteAllText(run.PathOf("app.kea"), App("new"));
        run.IsUpdatedTo("new ");
        run.DidNotSay("rejected");
    }

    [Test]
    public void Line_ends_of_another_system_change_nothing()
    {
        using var run = Start();
        run.Save(App("old").Replace("\n", "\r\n"));
        run.Says("L009");
        run.Save(App("new").Replace("\n", "\r\n"));
        run.IsUpdatedTo("new ");
    }

    [Test]
    public void A_source_behind_a_link_is_followed()
    {
        using var run = new WatchedRun(("app.kea", "use Part\n" + Apps.Counting("\"{Part.tag()} {n}\"")), ("part.kea", "fn tag() -> String\n  \"one\"\n"), ("two.txt", "fn tag() -> String\n  \"two\"\n"));
        run.Begin();
        run.Prints("one ");
        run.Mark();
        File.Delete(run.PathOf("part.kea"));
        File.CreateSymbolicLink(run.PathOf("part.kea"), run.PathOf("two.txt"));
        run.IsUpdatedTo("two ");
    }

    [Test]
    public void A_signal_during_reloads_ends_it_as_ever()
    {
        using var run = Start("--debounce", "0ms");
        for (var i = 1; i <= 5; i++) File.WriteAllText(run.PathOf("app.kea"), App($"v{i}-"));
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }

    [Test]
    public void A_step_that_takes_long_is_named_after_the_grace_period()
    {
        using var run = WatchedRun.Of(App("old").Replace("sleep(5)", "sleep(2500)"), "--grace", "300ms");
        run.Prints("old 0");
        run.Save(App("new"));
        run.Says("L022: ");
        run.IsUpdatedTo("new 1");
    }

    [Test]
    public void A_code_change_that_fails_at_run_time_leaves_code_and_state()
    {
        const string Fields = "n: Int";
        using var run = WatchedRun.Of(Apps.Stateful(Fields, "State { n: 0 }", "old {s.n}", "State { n: s.n + 1 }"));
        run.Prints("old 3");
        run.Save(Apps.Stateful("text: String", "State { text: \"anew\" }", "new {s.text}", "State { text: s.text }",
            "fn code_change(_ old: { n: Int | r }) -[Fail String]> State\n  if old.n > 0 then fail \"not {old.n > 0}\" else State { text: \"x\" }"));
        run.Says("L016: the migration of 'App.State' failed when it was tried on the state that Live.loop with App.step holds: not true", "rejected: running code and state kept");
        run.Mark();
        run.Prints("old ");
        var numbers = run.Output.Select(l => int.Parse(l.Split(' ')[1])).ToArray();
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, numbers.Length)));
    }

    [Test]
    public void A_policy_that_cannot_be_followed_is_said()
    {
        using var run = WatchedRun.Of(Apps.Stateful("n: Int", "State { n: 0 }", "old {s.n}", "State { n: s.n + 1 }"), "--on-incompatible", "ask");
        run.Prints("old 3");
        run.Save(Apps.Stateful("n: String", "State { n: \"x\" }", "new {s.n}", "State { n: s.n }"));
        run.Says("L012: ", "rejected: running code and state kept", "there is no terminal to ask on");
        run.Mark();
        run.Prints("old ");
    }

    [Test]
    public void A_name_that_is_kept_is_not_asked_for_as_another_type()
    {
        string Keeping(string made) => Apps.Counting("\"{n}\"").Replace("Continue(n + 1)", $"let k = Live.keep(\"seed\", || {made})\n  IO.stdout(\"kept {{k}}\\n\")\n  Continue(n + 1)").Replace("-[IO, Clock]> Step", "-[IO, Clock, Live]> Step");
        using var run = WatchedRun.Of(Keeping("42"));
        run.Prints("kept 42");
        run.Save(Keeping("\"text\""));
        run.Says("L014: Live.keep: App.step asks for 'seed' as String, and the running program keeps it as Int", "rejected: running code and state kept");
        run.Mark();
        run.Prints("kept 42");
        run.Save(Keeping("43").Replace("Continue(n + 1)", "let other = Live.keep(\"two\", || 1)\n  let same = Live.keep(\"two\", || true)\n  Continue(n + 1)"));
        run.Says("L014: Live.keep: App.step asks for 'two' as ");
    }

    [TestCase("fn tag(n: Int) -> String\n  \"{n}\"", "fn tag(n: String) -> String\n  n", "L003: the signature of App.tag changed from ")]
    [TestCase("fn tag(n: Int) -> String\n  \"{n}\"", "fn tag(n: Int) -[IO]> String\n  IO.stdout(\"\")\n  \"{n}\"", "L005: App.tag now also performs IO, which App.shown does not allow")]
    [TestCase("fn tag(n: Int) -> String\n  \"{n}\"", "", "L006: App.tag was removed, and App.shown still refers to it")]
    public void What_others_need_is_named_by_its_own_rule(string before, string after, string rule)
    {
        using var run = WatchedRun.Of(Apps.Counting("tag(n)", before));
        run.Prints("3");
        run.Save(Apps.Counting("tag(n)", after));
        run.Says("error[E0", rule, "rejected: ");
        run.Mark();
        run.Prints("1");
    }

    [Test]
    public void Derived_code_that_comes_out_the_same_is_left_alone()
    {
        string Of(string declared) => Apps.Counting("\"{P { x: 1 } == P { x: 1 }} {n}\"", declared);
        using var run = WatchedRun.Of(Of("@derive(Eq)\nstruct P\n  x: Int"));
        run.Prints("true ");
        run.Save(Of("-- what it is for\n@derive(Eq)\nstruct P\n  -- a place\n  x: Int"));
        run.Says("L009");
        run.DidNotSay("updated");
    }
}
