using System.Collections.Concurrent;
using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary><c>@before_reload</c> and <c>@after_reload</c> (10.10): when they run, in which code, and what their failing does.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class HookTests
{
    private static string App(string tag, string hooks, string fields = "n: Int", string initial = "n: 0", string next = "n: s.n + 1") => $$"""
        use Clock
        use IO
        use Live
        use Step.{Continue, Halt, Step}

        struct State
          {{fields.Replace("\n", "\n  ")}}

        {{hooks}}

        fn tag() -> String
          "{{tag}}"

        fn step(s: State) -[IO, Clock]> Step State
          IO.stdout("{tag()} {s.n}\n")
          Clock.sleep(1)
          Continue(State { {{next}} })

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(State { {{initial}} }, step)
          ()

        """;

    private static string Saying(string before, string after) => $$"""
        @before_reload
        fn going() -[IO]> ()
          IO.stdout("{{before}} of {tag()}\n")

        @after_reload
        fn come() -[IO]> ()
          IO.stdout("{{after}} of {tag()}\n")
        """;

    private static ConcurrentQueue<LoopEvent> Events(LiveRun run)
    {
        var events = new ConcurrentQueue<LoopEvent>();
        run.Session.Program.LoopListener = events.Enqueue;
        return events;
    }

    private static string[] Until(LiveRun run, Predicate<string> holds)
    {
        var lines = new List<string>();
        run.LineThat(line =>
        {
            lines.Add(line);
            return holds(line);
        });
        return [.. lines];
    }

    [Test]
    public void Run_around_the_replacement_each_in_its_own_code()
    {
        using var run = new LiveRun(App("a", Saying("before", "after")));
        var first = run.LineThat(l => l.StartsWith("a "));
        Assert.That(run.Reload(App("b", Saying("before", "after"))).IsPublished);
        string[] lines = [first, .. Until(run, l => l.StartsWith("b "))];
        Assert.That(lines[^3..^1], Is.EqualTo((string[])["before of a", "after of b"]));
        Assert.That(lines[^4], Does.StartWith("a "));
        run.Reload(App("c", Saying("going", "come")));
        // The hooks that run before are those of the code that is left, those after of the code that is come to.
        Assert.That(Until(run, l => l.StartsWith("c "))[^3..^1], Is.EqualTo((string[])["before of b", "come of c"]));
    }

    [Test]
    public void A_hook_that_comes_with_a_version_runs_after_it_and_one_that_goes_with_it_before()
    {
        using var run = new LiveRun(App("a", ""));
        run.Line();
        run.Reload(App("b", Saying("before", "after")));
        Assert.That(Until(run, l => l.StartsWith("b "))[^2], Is.EqualTo("after of b"));
        run.Reload(App("c", ""));
        Assert.That(Until(run, l => l.StartsWith("c "))[^2], Is.EqualTo("before of b"));
        run.Reload(App("d", ""));
        Assert.That(Until(run, l => l.StartsWith("d "))[..^1], Has.All.StartsWith("c "));
    }

    [TestCase("panic(\"not now\")", "panicked: not now")]
    [TestCase("fail \"busy\"", "failed: busy")]
    public void Before_refuses(string body, string why)
    {
        var hooks = $"@before_reload\nfn going() -[Fail String]> ()\n  {body}";
        using var run = new LiveRun(App("a", hooks));
        var events = Events(run);
        run.Line();
        Assert.That(run.Reload(App("b", hooks)).IsPublished);
        run.LineThat(l => l.StartsWith("a ") && !events.IsEmpty);
        Assert.That(events.TryDequeue(out var told) ? told : null, Is.InstanceOf<LoopEvent.Refused>().With.Property("Message").EqualTo($"@before_reload function App.going {why}"));
        // Not tried again until the source says something else, and then in full.
        Assert.That(run.Reload(App("b", hooks)).Plan.Verdict, Is.EqualTo(Verdict.Nothing));
        Assert.That(run.Line(), Does.StartWith("a "));
        Assert.That(events, Is.Empty);
        Assert.That(run.Reload(App("c", "")).IsPublished);
        run.LineThat(l => l.StartsWith("a ") && !events.IsEmpty);
        Assert.That(events.TryDequeue(out told) ? told : null, Is.InstanceOf<LoopEvent.Refused>(), "the hook of the code that runs decides");
    }

    [Test]
    public void After_panics_and_all_is_as_before()
    {
        using var run = new LiveRun(App("a", Saying("before", "after")));
        var events = Events(run);
        var first = run.Line();
        // What the state was before is brought back, though it was migrated and nothing leads back from it.
        Assert.That(run.Reload(App("b", "@after_reload\nfn come() -[IO]> ()\n  IO.stdout(\"bad of {tag()}\\n\")\n  panic(\"no\")", "m: Option Int", "m: None", "m: s.m").Replace("{s.n}", "{s.m}")).IsPublished);
        string[] lines = [first, .. Until(run, l => l == "after of a")];
        Assert.That(lines[^3..], Is.EqualTo((string[])["before of a", "bad of b", "after of a"]));
        var turn = int.Parse(lines[^4].Split(' ')[1]);
        Assert.That(run.Line(), Is.EqualTo($"a {turn + 1}"));
        Assert.That(events, Has.Exactly(1).InstanceOf<LoopEvent.Moved>().And.Exactly(1).InstanceOf<LoopEvent.RolledBack>());
        Assert.That(events.OfType<LoopEvent.RolledBack>().Single().Message, Is.EqualTo("@after_reload function App.come panicked: no"));
        Assert.That(run.Reload(App("c", "")).IsPublished);
        Assert.That(Until(run, l => l.StartsWith("c "))[^2], Is.EqualTo("before of a"));
    }

    [Test]
    public void Come_around_a_migration()
    {
        using var run = new LiveRun(App("a", Saying("before", "after")));
        var first = run.Line();
        Assert.That(run.Reload(App("b", Saying("before", "after"), "n: Int\n@default(7)\nm: Int", "n: 0, m: 0", "n: s.n + s.m - 6, m: s.m")).Plan.Verdict, Is.EqualTo(Verdict.SwapWithMigration));
        string[] lines = [first, .. Until(run, l => l.StartsWith("b "))];
        Assert.That(lines[^3..^1], Is.EqualTo((string[])["before of a", "after of b"]));
        Assert.That(int.Parse(lines[^1].Split(' ')[1]), Is.EqualTo(int.Parse(lines[^4].Split(' ')[1]) + 1));
    }

    [Test]
    public void Run_on_the_way_back_too()
    {
        using var run = new LiveRun(App("a", Saying("before", "after")));
        run.Line();
        run.Reload(App("b", Saying("before", "after")));
        run.LineThat(l => l.StartsWith("b "));
        Assert.That(run.Session.RollBack(), Is.Not.Null);
        Assert.That(Until(run, l => l.StartsWith("a "))[^3..^1], Is.EqualTo((string[])["before of b", "after of a"]));
    }

    [Test]
    public void Cannot_keep_who_goes_back()
    {
        using var run = new LiveRun(App("a", ""));
        var events = Events(run);
        run.Line();
        run.Reload(App("b", "@before_reload\nfn stay() -> ()\n  panic(\"stay\")"));
        run.LineThat(l => l.StartsWith("b "));
        run.Session.RollBack();
        run.LineThat(l => l.StartsWith("a "));
        Assert.That(events.Select(e => e.GetType().Name), Is.EqualTo((string[])["Moved", "HookFailed", "Restored"]));
    }

    [Test]
    public void A_panic_in_probation_runs_the_old_codes_hooks_after()
    {
        using var run = new LiveRun(App("a", Saying("before", "after")));
        run.Line();
        Assert.That(run.Reload(App("b", Saying("before", "after")).Replace("of {tag()}", "of b").Replace("  \"b\"", "  panic(\"bad\")")).IsPublished);
        var lines = Until(run, l => l == "after of a");
        Assert.That(lines[^3..], Is.EqualTo((string[])["before of a", "after of b", "after of a"]));
        Assert.That(run.Line(), Does.StartWith("a "));
    }

    [Test]
    public void May_end_the_program()
    {
        using var run = new LiveRun(App("a", "@before_reload\nfn leave() -[IO]> ()\n  IO.stdout(\"bye\\n\")\n  IO.exit(7)"));
        run.Line();
        run.Reload(App("b", ""));
        run.LineThat(l => l == "bye");
        Assert.That(run.Ended().Status, Is.EqualTo(7));
    }

    [Test]
    public void See_what_is_kept_and_may_loop_themselves()
    {
        const string Hooks = """
            @after_reload
            fn come() -[IO, Live]> ()
              let seed = Live.keep("seed", || 41)
              let end = Live.loop(seed, |n| if n < 44 then Step.Continue(n + 1) else Step.Halt(n))
              IO.stdout("kept {end}\n")
            """;
        using var run = new LiveRun(App("a", ""));
        run.Line();
        run.Reload(App("b", Hooks));
        run.LineThat(l => l == "kept 44");
        Assert.That(run.Line(), Does.StartWith("b "));
        run.Reload(App("c", Hooks));
        run.LineThat(l => l == "kept 44");
        Assert.That(run.Line(), Does.StartWith("c "));
    }

    [Test]
    public void Run_in_turn_for_versions_that_came_during_one_turn()
    {
        var slow = App("a", Saying("before", "after")).Replace("sleep(1)", "sleep(400)");
        using var run = new LiveRun(slow);
        run.Line();
        Assert.That(run.Reload(App("b", Saying("before", "after"))).IsPublished);
        Assert.That(run.Reload(App("c", Saying("before", "after"))).IsPublished);
        var lines = Until(run, l => l.StartsWith("c "));
        Assert.That(lines[^5..^1], Is.EqualTo((string[])["before of a", "after of b", "before of b", "after of c"]));
    }

    [Test]
    public void What_was_built_on_a_refused_version_goes_with_it()
    {
        using var run = new LiveRun(App("a", "@before_reload\nfn stay() -> ()\n  panic(\"stay\")").Replace("sleep(1)", "sleep(400)"));
        var events = Events(run);
        run.Line();
        Assert.That(run.Reload(App("b", "")).IsPublished);
        Assert.That(run.Reload(App("c", "", "n: Int\n@default(1)\nm: Int", "n: 0, m: 0", "n: s.n + s.m, m: s.m")).IsPublished);
        run.LineThat(l => l.StartsWith("a ") && !events.IsEmpty);
        run.LineThat(l => l.StartsWith("a "));
        Assert.That(events.Single(), Is.InstanceOf<LoopEvent.Refused>());
    }
}
