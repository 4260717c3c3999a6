using System.Text.Json;
using Kea.Testing;

namespace Kea.Watch.Tests;

/// <summary>How programs end and start again under watch, and what watch mode prints about it.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class EndingTests
{
    /// <summary>A loop that ends by itself: nothing may be left over at the end of a run.</summary>
    private static string Ending(string tag, int turns) => Apps.Counting($"\"{tag} {{n}}\"").Replace("Continue(n + 1)", $"if n == {turns} then Halt(n) else Continue(n + 1)");

    private static string Plain(string tag, string more = "") => $"use Clock\nuse IO\n\nfn main() -[IO, Clock]> ()\n  IO.stdout(\"{tag}\\n\")\n{more}";

    [Test]
    public void A_program_without_reload_points_starts_anew()
    {
        using var run = WatchedRun.Of(Plain("first", "  Clock.sleep(100_000)\n"));
        run.Prints("first");
        run.Save(Plain("second", "  Clock.sleep(100_000)\n"));
        run.Says("L007", "[watch] program ended with status 143", "[watch] starting anew");
        run.Prints("second");
        run.Save(Plain("third"));
        run.Prints("third");
        run.Says("[watch] program ended with status 0; waiting for changes");
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }

    [Test]
    public void Errors_leave_a_program_without_reload_points_alone()
    {
        using var run = WatchedRun.Of(Plain("first", "  Clock.sleep(100_000)\n"));
        run.Prints("first");
        run.Save(Plain("second") + "fn broken(");
        run.Says("error[", "rejected: ");
        run.DidNotSay("ended");
        run.Save(Plain("third", "  Clock.sleep(100_000)\n"));
        run.Prints("third");
    }

    [Test]
    public void A_program_gets_a_reload_point_and_loses_it()
    {
        using var run = WatchedRun.Of(Plain("first", "  Clock.sleep(100_000)\n"));
        run.Prints("first");
        run.Save(Apps.Counting("\"live {n}\""));
        run.Prints("live 1");
        run.Save(Apps.Counting("\"changed {n}\""));
        run.IsUpdatedTo("changed ");
        run.Save(Plain("last", "  Clock.sleep(100_000)\n"));
        run.Says("L007", "starting anew");
        run.Prints("last");
    }

    [Test]
    public void A_live_program_that_has_ended_starts_again_after_a_change()
    {
        using var run = WatchedRun.Of(Ending("first", 3));
        run.Prints("first 3");
        run.Says("[watch] program ended with status 0; waiting for changes");
        run.Save(Ending("second", 2));
        run.Prints("second 2");
        run.Says("[watch] program ended with status 0; waiting for changes");
        run.Save(Ending("third", 1));
        run.Prints("third 1");
        Assert.That(run.Output, Is.EqualTo((string[])["first 0", "first 1", "first 2", "first 3", "second 0", "second 1", "second 2", "third 0", "third 1"]));
    }

    [Test]
    public void A_panic_ends_the_program_and_a_fix_starts_it_again()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"n {100 / (2 - n)}\""), "--probation", "0s");
        run.Prints("n 100");
        run.Says("panic: ", "[watch] program ended with status 101; waiting for changes");
        run.Save(Apps.Counting("\"fixed {n}\""));
        run.Prints("fixed 0");
    }

    [Test]
    public void Nothing_is_left_over_after_reloads_and_migrations()
    {
        const string First = "fn text(s: State) -> String\n  \"first {s.names}\"";
        string App(string fields, string initial, string shown, string next) =>
            Apps.Stateful(fields, initial, shown, next).Replace("Continue(State", "if s.n == 400 then Halt(s) else Continue(State");
        using var run = WatchedRun.Of(Apps.Stateful("n: Int\nnames: List String", "State { n: 0, names: [\"a\", \"b\"] }", "{text(s)} {s.n}", "State { n: s.n + 1, names: List.map(s.names, |x| x) }", First));
        run.Prints("first [");
        run.Save(App("n: Int\nnames: List String\n@default(\"d\")\nlabel: String", "State { n: 0, names: [], label: \"\" }", "second {s.names} {s.label} {s.n}", "State { n: s.n + 1, names: List.map(s.names, |x| x ++ \"\"), label: s.label }"));
        run.Prints("second [");
        run.Says("1 state migrated", "[watch] program ended with status 0; waiting for changes");
        Assert.That(run.Error, Has.None.Contain("leak").And.None.Contain("still alive"));
    }

    [Test]
    public void Messages_are_json_when_asked_for()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"old {n}\""), "--json");
        run.Prints("old ");
        run.Save(Apps.Counting("\"{nowhere}\""));
        run.Says("rejected: ", "E0005");
        run.Save(Apps.Counting("\"new {n}\""));
        run.IsUpdatedTo("new ");
        var events = new List<string>();
        foreach (var line in run.Error)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("event", out var kind)) events.Add(kind.GetString()!);
        }
        Assert.That(events.Distinct(), Is.EqualTo((string[])["watch", "reload"]));
    }

    [Test]
    public void Quiet_says_only_what_matters()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"old {n}\""), "--quiet");
        run.Prints("old ");
        run.Save(Apps.Counting("\"{nowhere}\""));
        run.Says("error[E0005]", "rejected: 1 error");
        Assert.That(run.Error, Has.None.Contain("[watch]").And.None.Contain("recompiling"));
    }

    [TestCase("--debounce", "soon")]
    [TestCase("--probation", "-")]
    [TestCase("--grace", "1 parsec")]
    [TestCase("--keep-worlds", "-1")]
    public void A_flag_that_is_no_good_is_named(string flag, string value)
    {
        using var folder = new Toolchain.Folder();
        folder.Write("app.kea", Apps.Counting("\"{n}\""));
        var run = Toolchain.Run(["run", "--watch", $"{flag}={value}", "app.kea"], folder.Path);
        Assert.That((run.Status, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain(flag));
    }

    [Test]
    public void A_file_that_is_not_there_is_said()
    {
        using var folder = new Toolchain.Folder();
        var run = Toolchain.Run(["run", "--watch", "app.kea"], folder.Path);
        Assert.That((run.Status, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain("E0901").And.Contain("app.kea"));
    }
}
