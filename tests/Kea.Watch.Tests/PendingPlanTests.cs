using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary><c>kea plan</c> without OLD and NEW: the plan of what has been edited in a running program.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class PendingPlanTests
{
    private const string Later = "--debounce=60s";

    [Test]
    public void It_is_the_plan_that_the_two_versions_have()
    {
        var (before, after) = (Apps.Stateful("n: Int", "State { n: 0 }", "n {s.n}", "State { n: s.n + 1 }"), Apps.Stateful("n: Int\nm: Option Int", "State { n: 0, m: None }", "m {s.n}", "s~{ n: s.n + 1 }"));
        using var run = new WatchedRun(("app.kea", before), ("old/app.kea", before));
        run.Begin(Later);
        run.Prints("n 1");
        Assert.That(run.Kea(["plan"]).Output, Is.EqualTo("nothing to do\n"));
        run.Save(after);
        foreach (var flags in (string[][])[[], ["--json"]])
        {
            var pending = run.Kea(["plan", .. flags]);
            Assert.That((pending.Status, pending.Error), Is.EqualTo((0, "")));
            Assert.That(pending.Output, Is.EqualTo(run.Kea(["plan", .. flags, "old/app.kea", "app.kea"]).Output));
            Assert.That(run.Kea(["plan", .. flags, "app.kea"]).Output, Is.EqualTo(pending.Output));
        }
        Assert.That(run.Kea(["plan"]).Output, Does.StartWith("swap with migration\n").And.Contain("L011"));
    }

    [Test]
    public void Errors_are_shown_with_their_lines_wherever_it_is_asked_from()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"ä {n}\""), Later);
        run.Prints(" 1");
        run.Save(Apps.Counting("\"ä {m}\""));
        var here = run.Kea(["plan"]);
        Assert.That((here.Status, here.Output.Split('\n')[0]), Is.EqualTo((1, "rejected")));
        Assert.That(here.Error, Does.Contain("error[E0005]: undefined variable `m`\n").And.Contain("--> app.kea:9:7\n").And.Contain("9 |   \"ä {m}\"\n  |       ^ not found in this scope"));
        Directory.CreateDirectory(run.PathOf("sub"));
        Assert.That(run.Kea(["plan"], run.PathOf("sub")).Error, Does.Contain($"--> {run.PathOf("app.kea")}:9:7\n"));
        var json = JsonDocument.Parse(run.Kea(["plan", "--json"]).Output).RootElement;
        Assert.That((json.GetProperty("diagnostics")[0].GetProperty("file").GetString(), json.TryGetProperty("sources", out _)), Is.EqualTo(("app.kea", false)));
    }

    [Test]
    public void Texts_may_be_given_and_leave_nothing_behind()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        using var client = WireClient.Of(run);
        string Given(string text) => JsonSerializer.Serialize(new { texts = new Dictionary<string, string> { ["app.kea"] = text } });
        var plan = client.Result("plan", Given(Apps.Counting("\"b {n}\"")));
        Assert.That((plan.GetProperty("verdict").GetString(), plan.GetProperty("functions")[0].GetProperty("name").GetString()), Is.EqualTo(("swap", "App.shown")));
        Assert.That(client.Result("plan", Given(Apps.Counting("\"b {m}\""))).GetProperty("verdict").GetString(), Is.EqualTo("rejected"));
        Assert.That(client.Result("plan").GetProperty("verdict").GetString(), Is.EqualTo("nothing"));
        Assert.That(client.Result("status").GetProperty("disk").GetProperty("state").GetString(), Is.EqualTo("current"));
        run.Save(Apps.Counting("\"c {n}\""));
        run.IsUpdatedTo("c ");
    }

    [Test]
    public void Texts_that_are_given_do_not_bring_back_what_was_rolled_back()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        run.Save(Apps.Counting("\"b {n / (n - n)}\""));
        run.Says("rolled back to the code and state before");
        using var client = WireClient.Of(run);
        var given = JsonSerializer.Serialize(new { texts = new Dictionary<string, string> { [run.PathOf("app.kea")] = Apps.Counting("\"c {n}\"") } });
        Assert.That(client.Result("plan", given).GetProperty("verdict").GetString(), Is.EqualTo("swap"));
        Assert.That(client.Result("apply").GetProperty("outcome").GetString(), Is.EqualTo("nothing"));
        Assert.That(client.Result("status").GetProperty("disk").GetProperty("state").GetString(), Is.EqualTo("rolled_back"));
    }
}
