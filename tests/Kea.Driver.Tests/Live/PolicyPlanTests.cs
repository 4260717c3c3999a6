using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>Plans of changes that meet state without a way to its new layout, under each policy; and what becomes of kept values that are let go of.</summary>
public sealed class PolicyPlanTests
{
    private static string App(string loop = "Int", string kept = "Int", string more = "", string shown = "") => $$"""
        use Clock
        use IO
        use Live
        use Step.{Continue, Halt, Step}

        struct State
          n: Int
          mark: Option {{loop}}

        struct Config
          port: {{kept}}

        {{more}}
        fn step(s: State) -[IO, Clock, Live]> Step State
          let config = Live.keep("config", || Config { port: {{kept switch { "Int" => "80", "String" => "\"http\"", _ => "1.5" }}} })
          IO.stdout("{{shown}}{config.port} {s.n}\n")
          Clock.sleep(1)
          Continue(State { n: s.n + 1, mark: s.mark })

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(State { n: 0, mark: None }, step)
          ()

        """;

    [TestCase(IncompatiblePolicy.Refuse, "Int", "String", Verdict.Rejected)]
    [TestCase(IncompatiblePolicy.Ask, "Int", "String", Verdict.Rejected)]
    [TestCase(IncompatiblePolicy.Restart, "Int", "String", Verdict.Restart)]
    [TestCase(IncompatiblePolicy.Migrate, "Int", "String", Verdict.SwapWithMigration)]
    [TestCase(IncompatiblePolicy.Migrate, "String", "Int", Verdict.Restart)]
    [TestCase(IncompatiblePolicy.Migrate, "String", "String", Verdict.Restart)]
    public void The_policy_decides(IncompatiblePolicy policy, string loop, string kept, Verdict verdict)
    {
        using var run = new LiveRun(App());
        run.Line();
        run.Session.Policy = policy;
        var plan = run.Plan(App(loop, kept));
        Assert.That(plan.Verdict, Is.EqualTo(verdict));
        Assert.That(plan.Rules.Where(r => r.Id == "L012").Select(r => r.Symbol), Is.EquivalentTo(new[] { loop == "Int" ? null : "State", kept == "Int" ? null : "Config" }.OfType<string>()));
        Assert.That(plan.Rules.Any(r => r.Message.EndsWith("what it keeps is lost, and begins anew when it is asked for next", StringComparison.Ordinal)), Is.EqualTo(policy == IncompatiblePolicy.Migrate && kept != "Int"));
    }

    [Test]
    public void A_code_change_that_does_not_fit_a_kept_value_is_no_reason_to_let_go_of_it([Values] IncompatiblePolicy policy)
    {
        using var run = new LiveRun(App());
        run.Line();
        run.Session.Policy = policy;
        var plan = run.Plan(App(kept: "String", more: "fn code_change(_ old: { gate: Int | r }) -> Config\n  Config { port: \"{old.gate}\" }\n"));
        Assert.That((plan.Verdict, plan.Rules.Single(r => r.Id == "L013").Symbol), Is.EqualTo((Verdict.Rejected, "Config")));
    }

    /// <summary>Let go of, made anew or not, migrated, and all of it back: every box is counted, and the leak check says so at the end.</summary>
    [Test]
    public void Values_that_were_let_go_of_come_back_through_several_versions()
    {
        using var run = new LiveRun(App(shown: "a "), LiveOptions.T0 with { Probation = TimeSpan.Zero, ChecksCalls = true });
        run.Session.Policy = IncompatiblePolicy.Migrate;
        run.LineThat(l => l.StartsWith("a 80 "));
        var unasked = App(kept: "String", shown: "b ").Replace("  let config = Live.keep(\"config\", || Config { port: \"http\" })\n", "  let config = Config { port: \"unasked\" }\n");
        foreach (var (source, line) in new[] { (unasked, "b unasked "), (App(kept: "Option Float", shown: "c ").Replace("port: 1.5", "port: Some(1.5)"), "c Some(1.5) "), (App(kept: "String", shown: "d "), "d http ") })
        {
            Assert.That(run.Reload(source).IsPublished);
            run.LineThat(l => l.StartsWith(line));
        }
        foreach (var line in new[] { "c Some(1.5) ", "b unasked ", "a 80 " })
        {
            run.Session.RollBack();
            run.LineThat(l => l.StartsWith(line));
        }
        Assert.That(run.Reload(App(kept: "String", shown: "e ")).IsPublished);
        run.LineThat(l => l.StartsWith("e http "));
        run.Session.Program.StopAtReloadPoint(0);
        Assert.That(run.Ended().Status, Is.Zero);
    }
}
