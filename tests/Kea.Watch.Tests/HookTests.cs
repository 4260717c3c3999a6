namespace Kea.Watch.Tests;

/// <summary>Hooks of several modules around reloads of a running program.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class HookTests
{
    private static string Module(string name, string use, string tag) => $$"""
        use IO
        {{use}}

        @before_reload
        fn down() -[IO]> ()
          IO.stdout("{{name}} down\n")

        @after_reload
        fn up() -[IO]> ()
          IO.stdout("{{name}} up\n")

        pub fn tag() -> String
          "{{tag}}"

        """;

    private static WatchedRun Start()
    {
        var run = new WatchedRun(
            ("app.kea", Apps.Counting("\"{Upper.tag()} {Lower.tag()} {n}\"").Replace("use IO\n", "use IO\nuse Lower\nuse Upper\n")),
            ("upper.kea", Module("upper", "use Lower", "u1")), ("lower.kea", Module("lower", "", "l1")));
        run.Begin();
        run.Prints("u1 l1 ");
        return run;
    }

    private static string[] Hooks(WatchedRun run) => [.. run.Output.Where(l => l.EndsWith(" up") || l.EndsWith(" down"))];

    [Test]
    public void Users_go_down_first_and_come_up_last()
    {
        using var run = Start();
        File.WriteAllText(run.PathOf("upper.kea"), Module("upper", "use Lower", "u2"));
        run.Save(Module("lower", "", "l2"), "lower.kea");
        run.IsUpdatedTo("u2 l2 ");
        Assert.That(Hooks(run), Is.EqualTo((string[])["upper down", "lower down", "lower up", "upper up"]));
    }

    [Test]
    public void A_module_that_stays_is_not_asked()
    {
        using var run = Start();
        run.Save(Module("lower", "", "l2"), "lower.kea");
        run.IsUpdatedTo("u1 l2 ");
        run.Save(Module("lower", "", "l2") + "-- a remark\n", "lower.kea");
        run.Says("L009");
        Assert.That(Hooks(run), Is.EqualTo((string[])["lower down", "lower up"]));
    }

    [Test]
    public void A_module_that_has_gone_down_for_nothing_comes_up_again()
    {
        using var run = Start();
        run.Save(Module("lower", "", "l2").Replace("IO.stdout(\"lower down\\n\")", "panic(\"busy\")"), "lower.kea");
        run.IsUpdatedTo("u1 l2 ");
        File.WriteAllText(run.PathOf("upper.kea"), Module("upper", "use Lower", "u3"));
        run.Save(Module("lower", "", "l3"), "lower.kea");
        run.Says("L017: @before_reload function Lower.down panicked: busy", "rejected: running code and state kept");
        run.Prints("upper up");
        run.Mark();
        run.Prints("u1 l2 ");
        Assert.That(Hooks(run), Is.EqualTo((string[])["lower down", "lower up", "upper down", "upper up"]));
    }

    [Test]
    public void After_leads_back_with_the_backtrace_first()
    {
        using var run = Start();
        run.Save(Module("lower", "", "l2").Replace("IO.stdout(\"lower up\\n\")", "panic(\"no room\")"), "lower.kea");
        run.Says("panic: no room", "L018: @after_reload function Lower.up panicked: no room", "rolled back to the code and state before");
        run.Mark();
        run.Prints("u1 l1 ");
        Assert.That(Hooks(run), Is.EqualTo((string[])["lower down", "lower up"]));
        var (panic, rule) = (Array.FindIndex(run.Error, l => l.Contains("panic: ")), Array.FindIndex(run.Error, l => l.Contains("L018")));
        Assert.That(panic, Is.InRange(0, rule));
    }

    [Test]
    public void A_restart_runs_none()
    {
        using var run = Start();
        run.Save(Apps.Counting("\"alone {n}\"").Replace("-[IO, Clock, Live]>", "-[IO, Clock]>").Replace("let _ = Live.loop(0, step)", "IO.stdout(\"alone\\n\")\n  Clock.sleep(10_000)"));
        run.Says("starting anew");
        run.Prints("alone");
        Assert.That(Hooks(run), Is.Empty);
    }
}
