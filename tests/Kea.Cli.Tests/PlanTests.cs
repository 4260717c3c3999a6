using System.Text.Json;

namespace Kea.Cli.Tests;

/// <summary>14.3.2: <c>kea plan OLD NEW</c>, with the rules of 13.3.</summary>
public sealed class PlanTests : CliTest
{
    private const string Counter = """
        use IO
        use Live
        use Step.{Continue, Halt, Step}

        struct Counter
          count: Int

        fn describe(c: Counter) -> String
          "count {c.count}"

        fn step(c: Counter) -[IO]> Step Counter
          IO.println(describe(c))
          if c.count == 3 then Halt(c) else Continue(c~{ count: c.count + 1 })

        fn main() -[IO, Live]> ()
          let _ = Live.loop(Counter { count: 0 }, step)
          ()

        """;

    private (int Status, string Output, string Error) Plan(string old, string now, params string[] flags)
    {
        Write("old/counter.kea", old);
        Write("new/counter.kea", now);
        var result = Kea(["plan", .. flags, "old/counter.kea", "new/counter.kea"]);
        Assert.That(result.Error, Does.Not.Contain("Exception").And.Not.Contains("   at Kea."));
        return (result.Status, result.Output, result.Error);
    }

    [Test]
    public void Equal_versions_give_nothing_to_do() => Assert.That(Plan(Counter, Counter), Is.EqualTo((0, "nothing to do\n", "")));

    [Test]
    public void Comments_alone_are_L009() =>
        Assert.That(Plan(Counter, Counter.Replace("fn describe", "-- How it looks.\nfn describe")).Output,
            Is.EqualTo("nothing to do\n  note[L009]: only comments or layout of the text changed\n"));

    [Test]
    public void An_edited_body_is_swapped() =>
        Assert.That(Plan(Counter, Counter.Replace("\"count {", "\"n = {")), Is.EqualTo((0, "swap\n  ~ Counter.describe\n", "")));

    [Test]
    public void The_versions_may_have_other_names_in_one_folder()
    {
        Write("counter_one.kea", Counter);
        Write("counter_two.kea", Counter.Replace("\"count {", "\"n = {"));
        Assert.That(Kea("plan", "counter_one.kea", "counter_two.kea").Output, Is.EqualTo("swap\n  ~ CounterOne.describe\n"));
    }

    [Test]
    public void Modules_are_those_beside_each_entry()
    {
        var entry = Counter.Replace("use Live\n", "use Live\nuse Words\n").Replace("\"count {c.count}\"", "Words.say(c.count)");
        Write("old/words.kea", "pub fn say(n: Int) -> String\n  \"{n}\"\n");
        Write("new/words.kea", "pub fn say(n: Int) -> String\n  \"<{n}>\"\n");
        Assert.That(Plan(entry, entry).Output, Is.EqualTo("swap\n  ~ Words.say\n"));
    }

    [Test]
    public void A_signature_is_shown_with_what_it_was()
    {
        var now = Counter.Replace("fn describe(c: Counter) -> String\n  \"count {c.count}\"", "fn describe(n: Int) -> String\n  \"count {n}\"").Replace("describe(c))", "describe(c.count))");
        var (status, output, _) = Plan(Counter, now);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.Zero);
            Assert.That(output, Does.StartWith("swap\n").And.Contain("  ~ Counter.describe\n      was fn(Counter) -> String\n      now fn(Int) -> String\n"));
            Assert.That(output, Does.Contain("note[L002]: the signature of Counter.describe changed"));
        }
    }

    [Test]
    public void More_effects_are_a_warning()
    {
        var now = Counter.Replace("fn describe(c: Counter) -> String\n  ", "fn describe(c: Counter) -[IO]> String\n  IO.println(\"-\")\n  ");
        Assert.That(Plan(Counter, now).Output, Does.StartWith("swap\n").And.Contain("warning[L004]: Counter.describe now also performs IO"));
    }

    [Test]
    public void A_state_that_gets_a_default_field_migrates()
    {
        var now = Counter.Replace("  count: Int\n", "  count: Int\n  @default(\"all\")\n  label: String\n").Replace("Counter { count: 0 }", "Counter { count: 0, label: \"all\" }");
        var (status, output, _) = Plan(Counter, now);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.Zero);
            Assert.That(output, Does.StartWith("swap with migration\n").And.Contain("  type Counter, held by Live.loop with Counter.step\n"));
            Assert.That(output, Does.Contain("note[L011]: ").And.Contain("'label'"));
        }
    }

    [Test]
    public void A_state_that_cannot_migrate_is_rejected_with_a_way_out()
    {
        var now = Counter.Replace("count: Int", "count: String").Replace("{ count: 0 }", "{ count: \"\" }").Replace("if c.count == 3 then", "if c.count == \"xxx\" then").Replace("c.count + 1", "\"{c.count}x\"");
        var (status, output, _) = Plan(Counter, now);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(1));
            Assert.That(output, Does.StartWith("rejected\n").And.Contain("error[L012]: ").And.Contain("changed from Int to String").And.Contain("held by Live.loop with Counter.step"));
            Assert.That(output, Does.Contain("    = help: "));
        }
    }

    [Test]
    public void A_kept_value_counts_as_held()
    {
        const string loop = "  let _ = Live.loop(0, step)\n";
        const string old = "use Live\nuse Step.{Halt, Step}\n\nstruct Seen\n  times: Int\n\nfn step(n: Int) -[Live]> Step Int\n  let seen = Live.keep(\"seen\", || Seen { times: 1 })\n  Halt(seen.times)\n\nfn main() -[Live]> ()\n" + loop + "  ()\n";
        var now = old.Replace("  times: Int\n", "  times: Int\n  last: Option Int\n").Replace("times: 1 }", "times: 1, last: None }");
        Assert.That(Plan(old, now).Output, Does.StartWith("swap with migration\n").And.Contain("held by Live.keep"));
    }

    [Test]
    public void A_lambda_as_step_holds_its_state()
    {
        var old = Counter.Replace("{ count: 0 }, step)", "{ count: 0 }, |c| step(c))");
        var now = old.Replace("  count: Int\n", "  count: Int\n  last: Option Int\n").Replace("Counter { count: 0 }", "Counter { count: 0, last: None }");
        Assert.That(Plan(old, now).Output, Does.StartWith("rejected\n").And.Contain("L012").And.Contain("lambda"));
    }

    [Test]
    public void A_layout_that_no_state_reaches_is_L010()
    {
        const string spare = "\nstruct Spare\n  size: Int\n\nfn spare() -> Int\n  Spare { size: 2 }.size\n";
        var old = Counter.Replace("count {c.count}", "count {c.count + spare()}") + spare;
        var now = old.Replace("  size: Int", "  size: Float").Replace("  Spare { size: 2 }.size", "  if Spare { size: 2.0 }.size > 1.0 then 2 else 3");
        Assert.That(Plan(old, now).Output, Does.StartWith("swap\n").And.Contain("note[L010]: the layout of 'Spare' changed, and no live value has it"));
    }

    [Test]
    public void A_program_without_reload_point_restarts() =>
        Assert.That(Plan(Hello, Hello.Replace("hello", "bye")).Output, Does.StartWith("restart\n").And.Contain("warning[L007]: "));

    [Test]
    public void Errors_of_the_new_version_reject_it()
    {
        var (status, output, error) = Plan(Counter, Counter.Replace("{c.count}", "{c.cuont}"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(1));
            Assert.That(output, Does.StartWith("rejected\n").And.Contain("error[L001]: 1 error"));
            Assert.That(error, Does.Contain("new/counter.kea:9:"));
        }
    }

    [Test]
    public void Errors_of_the_old_version_leave_no_plan()
    {
        var (status, output, error) = Plan(Counter.Replace("{c.count}", "{c.cuont}"), Counter);
        Assert.That((status, output, error.Contains("old/counter.kea:9:")), Is.EqualTo((1, "", true)), error);
    }

    [Test]
    public void Missing_files_are_told()
    {
        Write("counter.kea", Counter);
        AssertRefused(Kea("plan", "nowhere.kea", "counter.kea"));
        var gone = Kea("plan", "counter.kea", "nowhere.kea");
        Assert.That((gone.Status, gone.Error.Contains("cannot find `nowhere.kea`")), Is.EqualTo((1, true)), gone.Error);
    }

    [Test]
    public void Json_has_all_of_it_in_one_line()
    {
        var now = Counter.Replace("  count: Int\n", "  count: Int\n  last: Option Int\n").Replace("Counter { count: 0 }", "Counter { count: 0, last: None }");
        var (status, output, _) = Plan(Counter, now, "--json");
        Assert.That((status, output.Count(c => c == '\n')), Is.EqualTo((0, 1)));
        var plan = JsonDocument.Parse(output).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.GetProperty("verdict").GetString(), Is.EqualTo("swap_with_migration"));
            Assert.That(plan.GetProperty("types")[0].GetProperty("name").GetString(), Is.EqualTo("Counter"));
            Assert.That(plan.GetProperty("types")[0].GetProperty("holders")[0].GetString(), Is.EqualTo("Live.loop with Counter.step"));
            Assert.That(plan.GetProperty("functions").EnumerateArray().Select(f => f.GetProperty("change").GetString()), Does.Contain("changed"));
            Assert.That(plan.GetProperty("rules").EnumerateArray().Select(r => (r.GetProperty("rule").GetString(), r.GetProperty("severity").GetString())), Does.Contain(("L011", "note")));
            Assert.That(plan.GetProperty("diagnostics").GetArrayLength(), Is.Zero);
        }
    }

    [Test]
    public void Two_files_at_most_are_wanted() => AssertRefused(Kea("plan", "one.kea", "two.kea", "three.kea"));

    [TestCase("no program is running under `kea run --watch`\n", "plan")]
    [TestCase("no `kea run --watch one.kea` is running\n", "plan", "one.kea")]
    public void With_less_than_two_a_program_has_to_be_running(string message, params string[] arguments)
    {
        var result = KeaWith(new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = Folder.Path }, arguments);
        Assert.That((result.Status, result.Output, result.Error), Is.EqualTo((1, "", message)));
    }
}
