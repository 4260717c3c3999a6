using System.Text.Json;
using Kea.Testing;

namespace Kea.Watch.Tests;

/// <summary><c>kea status</c>: what is on disk beside what runs, after each thing that can become of an edit.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class StatusTests
{
    private const string Later = "--debounce=60s";

    /// <summary>The status of the one session as JSON, with the exit status that belongs to it.</summary>
    private static JsonElement Of(WatchedRun run, int exit)
    {
        var result = run.Kea(["status", "--json"]);
        Assert.That((result.Status, result.Error), Is.EqualTo((exit, "")), result.Output);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static string? Disk(JsonElement status) => status.GetProperty("disk").GetProperty("state").GetString();
    private static string? Last(JsonElement status) => status.GetProperty("last").GetProperty("outcome").GetString();
    private static string[] Rules(JsonElement of) => [.. of.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("rule").GetString()!)];

    /// <summary>Declarations that are not current, as <c>state name</c>.</summary>
    private static string[] Different(JsonElement status) =>
        [.. status.GetProperty("declarations").EnumerateArray().Select(d => $"{d.GetProperty("state")} {d.GetProperty("name")}").Where(d => !d.StartsWith("current "))];

    private static string HashOf(JsonElement status, string name, string where) =>
        status.GetProperty("declarations").EnumerateArray().Single(d => d.GetProperty("name").GetString() == name).GetProperty(where).GetString()!;

    [Test]
    public void All_runs_at_the_start_and_after_an_accepted_edit()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        var first = Of(run, 0);
        Assert.That((Disk(first), first.GetProperty("last").ValueKind, Different(first)), Is.EqualTo(("current", JsonValueKind.Null, Array.Empty<string>())));
        run.Save(Apps.Counting("\"b {n}\""));
        run.IsUpdatedTo("b ");
        var second = Of(run, 0);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Disk(second), Last(second), Different(second)), Is.EqualTo(("current", "updated", Array.Empty<string>())));
            Assert.That(second.GetProperty("program").GetProperty("world").GetInt32(), Is.GreaterThan(first.GetProperty("program").GetProperty("world").GetInt32()));
            Assert.That(second.GetProperty("program").GetProperty("state").GetString(), Is.EqualTo("running"));
            Assert.That(second.GetProperty("tiers").GetProperty("quick_functions").GetInt32(), Is.GreaterThan(first.GetProperty("tiers").GetProperty("quick_functions").GetInt32()));
            Assert.That(HashOf(second, "App.shown", "running"), Is.Not.EqualTo(HashOf(first, "App.shown", "running")));
            Assert.That(HashOf(second, "App.step", "running"), Is.EqualTo(HashOf(first, "App.step", "running")));
        }
    }

    [Test]
    public void Edits_that_are_pending_are_shown_by_declaration_with_both_hashes()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {gone()} {n}\"", "fn gone() -> Int\n  1"), Later);
        run.Prints("a 1 1");
        run.Save(Apps.Counting("\"b {come()} {n}\"", "fn come() -> Int\n  2"));
        var status = Of(run, 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Disk(status), status.GetProperty("disk").GetProperty("verdict").GetString()), Is.EqualTo(("pending", "swap")));
            Assert.That(Different(status), Is.EqualTo(["only_on_disk App.come", "only_running App.gone", "changed App.shown"]));
            Assert.That(HashOf(status, "App.shown", "disk"), Is.Not.EqualTo(HashOf(status, "App.shown", "running")).And.Length.EqualTo(16));
        }
        var text = run.Kea(["status"]);
        Assert.That(text.Output, Does.Match(@"  changed +App\.shown  [0-9a-f]{16} on disk, [0-9a-f]{16} running\n").And.Contain("  on disk: there are changes that have not been taken up\n").And.Match(@"  only on disk +App\.come  "));
        Assert.That(text.Output, Does.StartWith($"app.kea (pid {run.Pid}, since ").And.Contain("declarations are the same").And.Not.Contain("App.main"));
        Assert.That(run.Kea(["status", "--all"]).Output, Does.Match(@"  current +App\.main  [0-9a-f]{16}\n"));
    }

    [Test]
    public void Comments_and_layout_are_no_difference()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""), Later);
        run.Prints("a 1");
        run.Save("-- First.\n" + Apps.Counting("\"a {n}\" -- Shown.").Replace("fn step", "doc Goes on.\nfn step"));
        Assert.That(Different(Of(run, 0)), Is.Empty);
    }

    [Test]
    public void A_type_and_an_import_count_too()
    {
        using var run = WatchedRun.Of(Apps.Stateful("n: Int", "State { n: 0 }", "n {s.n}", "State { n: s.n + 1 }"), Later);
        run.Prints("n 1");
        run.Save("use Text\n" + Apps.Stateful("n: Int\n@default(1)\nm: Int", "State { n: 0, m: 0 }", "n {s.n}", "s~{ n: s.n + 1 }"));
        var status = Of(run, 1);
        Assert.That(Different(status), Is.EqualTo(["only_on_disk App uses Text", "changed App.State", "changed App.main", "changed App.step"]));
        Assert.That(Rules(status.GetProperty("disk")), Does.Contain("L011"));
    }

    [Test]
    public void Every_module_of_the_program_counts_and_no_other_file()
    {
        var app = Apps.Counting("\"{Words.tag()} {n}\"", "use Words");
        using var run = new WatchedRun(("app.kea", app), ("words.kea", "fn tag() -> String\n  \"a\"\n"), ("spare.kea", "fn more() -> String\n  \"spare\"\n"));
        run.Begin(Later);
        run.Prints("a 1");
        run.Save("fn more() -> String\n  \"edited\"\n", "spare.kea");
        Assert.That(Different(Of(run, 0)), Is.Empty);
        run.Save("use Spare\n\nfn tag() -> String\n  Spare.more()\n", "words.kea");
        Assert.That(Different(Of(run, 1)), Is.EqualTo(["only_on_disk Spare.more", "only_on_disk Words uses Spare", "changed Words.tag"]));
        File.Delete(run.PathOf("words.kea"));
        var status = Of(run, 1);
        Assert.That((string.Join(' ', Different(status)), status.GetProperty("disk").GetProperty("errors").GetInt32()), Is.EqualTo(("only_running Words.tag", 1)));
    }

    [Test]
    public void A_refused_edit_names_its_rule()
    {
        using var run = WatchedRun.Of(Apps.Stateful("n: Int", "State { n: 0 }", "n {s.n}", "State { n: s.n + 1 }"));
        run.Prints("n 1");
        run.Save(Apps.Stateful("n: Int\nm: String", "State { n: 0, m: \"\" }", "n {s.n}", "s~{ n: s.n + 1 }"));
        run.Says("rejected: running code and state kept");
        var status = Of(run, 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Disk(status), Last(status)), Is.EqualTo(("refused", "rejected")));
            Assert.That(Rules(status.GetProperty("disk")), Does.Contain("L012"));
            Assert.That(run.Kea(["status"]).Output, Does.Contain("the changes were refused by L012").And.Contain("= help: ").And.Contain("field 'm' of 'State'"));
        }
    }

    [Test]
    public void Errors_on_disk_are_counted_and_gone_when_corrected()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        run.Save(Apps.Counting("\"b {m}\""));
        run.Says("rejected: 1 error");
        var status = Of(run, 1);
        Assert.That((Disk(status), status.GetProperty("disk").GetProperty("errors").GetInt32(), string.Join(' ', Different(status))), Is.EqualTo(("refused", 1, "changed App.shown")));
        run.Save(Apps.Counting("\"a {n}\""));
        run.Says("the sources say again what runs");
        Assert.That(Disk(Of(run, 0)), Is.EqualTo("current"));
    }

    [Test]
    public void Code_that_was_rolled_back_is_told_from_code_that_was_not_tried()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        run.Save(Apps.Counting("\"b {n / (n - n)}\""));
        run.Says("rolled back to the code and state before");
        var status = Of(run, 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Disk(status), Last(status)), Is.EqualTo(("rolled_back", "rolled_back")));
            Assert.That(Rules(status.GetProperty("last")), Is.EqualTo(["L018"]));
            Assert.That(Different(status), Is.EqualTo(["changed App.shown"]));
        }
        run.Save(Apps.Counting("\"c {n}\""));
        run.IsUpdatedTo("c ");
        Assert.That(Disk(Of(run, 0)), Is.EqualTo("current"));
    }

    [Test]
    public void Published_code_that_waits_for_a_reload_point_does_not_count_as_running()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {n}\"").Replace("Clock.sleep(5)", "Clock.sleep(4000)"));
        run.Prints("a 0");
        run.Save(Apps.Counting("\"b {n}\"").Replace("Clock.sleep(5)", "Clock.sleep(4000)"));
        run.Says("changed, recompiling");
        var status = Of(run, 1);
        var program = status.GetProperty("program");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Disk(status), Last(status), string.Join(' ', Different(status))), Is.EqualTo(("published", "published", "changed App.shown")));
            Assert.That((program.GetProperty("version").GetInt32(), program.GetProperty("newest_version").GetInt32()), Is.EqualTo((0, 1)));
        }
        run.IsUpdatedTo("b ");
        Assert.That(Disk(Of(run, 0)), Is.EqualTo("current"));
    }

    [Test]
    public void A_program_without_reload_points_is_compared_too()
    {
        const string app = "use Clock\nuse IO\n\nfn main() -[IO, Clock]> ()\n  IO.stdout(\"first\\n\")\n  Clock.sleep(60000)\n";
        using var run = WatchedRun.Of(app);
        run.Prints("first");
        var status = Of(run, 0);
        Assert.That((Disk(status), status.GetProperty("program").GetProperty("changes_in_place").GetBoolean()), Is.EqualTo(("current", false)));
        run.Save(app.Replace("first", "{second}"));
        run.Says("rejected: 1 error");
        Assert.That(Different(Of(run, 1)), Is.EqualTo(["changed App.main"]));
        run.Save(app.Replace("first", "second"));
        run.Prints("second");
        status = Of(run, 0);
        Assert.That((Disk(status), Last(status)), Is.EqualTo(("current", "restarted")));
        Assert.That(run.Kea(["status"]).Output, Does.Contain("it has no reload points, so a change starts it anew"));
    }

    [Test]
    public void A_program_that_has_ended_does_not_run_what_is_on_disk()
    {
        using var run = WatchedRun.Of("use IO\n\nfn main() -[IO]> Int\n  IO.stdout(\"done\\n\")\n  7\n");
        run.Says("program ended with status 7");
        var program = Of(run, 1).GetProperty("program");
        Assert.That((program.GetProperty("state").GetString(), program.GetProperty("status").GetInt32()), Is.EqualTo(("ended", 7)));
    }

    [Test]
    public void A_program_that_never_was_without_errors_says_so()
    {
        using var run = WatchedRun.Of(Apps.Counting("\"a {m}\""));
        run.Says("waiting for a program without errors");
        var status = Of(run, 1);
        Assert.That((status.GetProperty("program").GetProperty("state").GetString(), status.GetProperty("disk").GetProperty("errors").GetInt32()), Is.EqualTo(("waiting", 1)));
        Assert.That(run.Kea(["plan"]).Error, Does.Contain("undefined variable `m`"));
        using var client = WireClient.Of(run);
        Assert.That(client.Result("apply").GetProperty("outcome").GetString(), Is.EqualTo("rejected"));
        run.Save(Apps.Counting("\"b {n}\""));
        run.Prints("b 1");
        Assert.That(Disk(Of(run, 0)), Is.EqualTo("current"));
    }

    [Test]
    public void Two_sessions_are_listed_and_each_is_found_by_its_file()
    {
        using var run = new WatchedRun(("app.kea", Apps.Counting("\"a {n}\"")), ("other/app.kea", Apps.Counting("\"z {n}\"")));
        run.Begin();
        run.Prints("a 1");
        using var other = run.Beside("other");
        other.Prints("z 1");
        var list = run.Kea(["status"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(list.Status, Is.Zero, list.Error);
            Assert.That(list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2));
            Assert.That(list.Output, Does.Contain($"app.kea (pid {run.Pid}, ").And.Contain($"other/app.kea (pid {other.Pid}, "));
            Assert.That(run.Kea(["status", "other/app.kea"]).Output, Does.StartWith($"other/app.kea (pid {other.Pid}, "));
            Assert.That(run.Kea(["status", "--json"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("pid").GetInt32()), Is.EquivalentTo([run.Pid, other.Pid]));
        }
        var plan = run.Kea(["plan"]);
        Assert.That((plan.Status, plan.Output), Is.EqualTo((1, "")));
        Assert.That(plan.Error, Does.Contain("several programs are running: ").And.Contain("name the entry file"));
        ProcessRun.Run("kill", ["-STOP", other.Pid.ToString()]);
        var one = run.Kea(["status"]);
        ProcessRun.Run("kill", ["-CONT", other.Pid.ToString()]);
        Assert.That((one.Status, one.Error), Is.EqualTo((1, $"other/app.kea (pid {other.Pid}) does not answer; it may be stopped or very busy\n")));
        Assert.That(one.Output, Does.StartWith($"app.kea (pid {run.Pid}, "));
        var unknown = run.Kea(["status", "third.kea"]);
        Assert.That((unknown.Status, unknown.Error), Is.EqualTo((1, $"no `kea run --watch third.kea` is running; there are app.kea (pid {run.Pid}), other/app.kea (pid {other.Pid})\n")));
    }

    [Test]
    public void Without_a_session_there_is_nothing_to_say()
    {
        using var run = new WatchedRun();
        var result = run.Kea(["status"]);
        Assert.That((result.Status, result.Output, result.Error), Is.EqualTo((1, "", "no program is running under `kea run --watch`\n")));
    }
}
