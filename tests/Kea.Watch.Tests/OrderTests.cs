namespace Kea.Watch.Tests;

/// <summary>What watch mode says comes in the order in which it happened, once, and not again for what has been said.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class OrderTests
{
    private static string App(string shown) => Apps.Counting(shown);

    private static readonly string Bad = App("\"bad {1 / (n - n)}\"");

    /// <summary>Lines on standard error, in the order of what they contain.</summary>
    private static void AssertInOrder(WatchedRun run, params string[] parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            var at = Array.FindIndex(run.Error, from, l => l.Contains(part, StringComparison.Ordinal));
            Assert.That(at, Is.GreaterThanOrEqualTo(from), $"'{part}' after line {from} of\n{string.Join('\n', run.Error)}");
            from = at + 1;
        }
    }

    [Test]
    public void Updated_then_the_panic_then_what_is_done_about_it()
    {
        using var run = WatchedRun.Of(App("\"old {n}\""), "--probation", "60s");
        for (var round = 1; round <= 5; round++)
        {
            run.Prints("old ");
            run.Save(Bad.Replace("bad", $"bad-{round}"));
            run.Says("rolled back");
        }
        string[] once = ["changed, recompiling...", "1 function updated", "panic: integer division by zero", "backtrace:", "L018: ", "rolled back"];
        AssertInOrder(run, [.. once, .. once, .. once, .. once, .. once]);
        Assert.That(run.Error.Count(l => l.Contains("updated")), Is.EqualTo(5));
    }

    [Test]
    public void A_text_that_was_rolled_back_is_not_taken_up_again_until_it_says_something_else()
    {
        using var run = WatchedRun.Of(App("\"old {n}\""), "--probation", "60s");
        run.Prints("old ");
        run.Save(Bad);
        run.Says("rolled back");
        run.Mark();
        File.SetLastWriteTimeUtc(run.PathOf("app.kea"), DateTime.UtcNow);
        run.Save(Bad);
        run.Save(Bad + "fn broken(");
        run.Says("rejected: 1 error");
        run.Save(Bad);
        run.Save(App("\"good {n}\""));
        run.IsUpdatedTo("good ");
        Assert.That(run.Error.Count(l => l.Contains("L018")), Is.EqualTo(1), string.Join('\n', run.Error));
        // The program has come to other code since, so this is another change than the one that failed.
        run.Save(Bad);
        run.Says("L018", "rolled back");
        run.Mark();
        run.Prints("good ");
    }

    [Test]
    public void Going_back_to_what_runs_after_an_error_is_said_as_that()
    {
        using var run = WatchedRun.Of(App("\"zero {n}\""));
        run.Prints("zero");
        run.Save(App("\"zero {n}\"") + "fn broken(");
        run.Says("rejected: ");
        run.Save(App("\"zero {n}\""));
        run.Says("[reload] the sources say again what runs");
        run.DidNotSay("L009");
        run.Save(App("\"zero {n}\"") + "-- a remark\n");
        run.Says("L009");
    }

    [Test]
    public void A_fix_that_was_saved_before_the_fault_showed_is_taken_by_itself()
    {
        using var run = WatchedRun.Of(App("\"old {n}\"").Replace("sleep(5)", "sleep(1500)"), "--probation", "60s");
        run.Prints("old 0");
        run.Save(Bad.Replace("sleep(5)", "sleep(1500)"));
        run.Says("recompiling...");
        run.Save(App("\"good {n}\""));
        run.Says("recompiling...");
        // Both wait for the turn to end. The first is passed through without running.
        run.Prints("good 1");
        run.DidNotSay("L018");
    }

    [Test]
    public void What_was_saved_behind_a_refused_version_is_tried_by_itself()
    {
        const string Stay = "@before_reload\nfn stay() -> ()\n  panic(\"stay\")\n\n";
        string Turn(string tag) => App($"\"{tag} {{n}}\"").Replace("sleep(5)", "sleep(1500)");
        using var run = new WatchedRun(("app.kea", $"use Guarded\n{Turn("old")}".Replace("\"old {n}\"", "\"{Guarded.tag()} {n}\"")), ("guarded.kea", Stay + "fn tag() -> String\n  \"old\"\n"));
        run.Begin();
        run.Prints("old 0");
        run.Save(Stay + "fn tag() -> String\n  \"refused\"\n", "guarded.kea");
        run.Says("recompiling...");
        // The module with the hook is again as it was, so nobody is asked.
        File.WriteAllText(run.PathOf("guarded.kea"), Stay + "fn tag() -> String\n  \"old\"\n");
        run.Replace("{n}", "{n + 100}");
        run.Says("recompiling...", "L017: @before_reload function Guarded.stay panicked: stay", "rejected: running code and state kept", " updated");
        run.Prints("old 10");
        Assert.That(run.Output, Has.None.Contain("refused"));
    }
}
