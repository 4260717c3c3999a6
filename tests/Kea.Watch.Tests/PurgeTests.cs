using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary>What stays in older code is named after the grace period (L022), and ended where somebody asks for it.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class PurgeTests
{
    /// <summary>What does not come to its end, in a turn that begins with saying so.</summary>
    private static readonly string[] Endless = ["spin(s.n)", "Clock.sleep(600_000)", "Option.is_none(IO.read_line())"];

    private static string App(string tag, string inTurn3) => $$"""
        {{Apps.Uses}}use Option

        struct Till
          n: Int

        fn spin(n: Int) -> Int
          if n < 0 then n else spin((n + 7) % 1000)

        fn step(s: Till) -[IO, Clock]> Step Till
          IO.stdout("{{tag}} {s.n}\n")
          Clock.sleep(100)
          if s.n == 3
            IO.stderr("turn 3 has begun\n")
            let _ = {{inTurn3}}
            ()
          Continue(Till { n: s.n + 1 })

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(Till { n: 0 }, step)
          ()

        """;

    private static WatchedRun Stuck(string inTurn3, params string[] flags)
    {
        var run = new WatchedRun(("app.kea", App("old", inTurn3))) { IsInputLeft = true };
        run.Begin(["--grace", "400ms", .. flags]);
        run.Says("turn 3 has begun");
        run.Save(App("new", "s.n"));
        run.Says("L022: Live.loop with App.step (state App.Till) has stayed in its old world for 0.4 s: iteration 4 has not come to its end");
        return run;
    }

    /// <summary>Of each number one line; the turn that was ended has printed before, and prints again in the new code.</summary>
    private static void LostNothing(WatchedRun run)
    {
        run.Prints("new 8");
        Assert.That(run.Output.TakeWhile(l => l != "new 8"), Is.EqualTo((string[])["old 0", "old 1", "old 2", "old 3", "new 3", "new 4", "new 5", "new 6", "new 7"]));
    }

    [TestCaseSource(nameof(Endless))]
    public void A_turn_that_stays_is_named_and_a_purge_ends_it_and_nothing_else(string endless)
    {
        using var run = Stuck(endless);
        run.Says("  = help: the request `purge` with `now` (docs/protocol.md) ends the iteration");
        using var client = WireClient.Of(run);
        var rules = client.Result("status").GetProperty("last").GetProperty("rules").EnumerateArray();
        var soft = client.Result("purge");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rules.Select(r => $"{r.GetProperty("severity")} {r.GetProperty("rule")} {r.GetProperty("symbol")}"), Has.Some.EqualTo("warning L022 App.step"));
            Assert.That(soft.GetProperty("has_looked").GetBoolean(), Is.False, "it does not come to a reload point");
            Assert.That(soft.GetProperty("is_held").GetBoolean());
            Assert.That(soft.GetProperty("ended").GetArrayLength(), Is.Zero);
            Assert.That(soft.GetProperty("loops").EnumerateArray().Single().ToString(), Does.Contain("App.step").And.Contain("\"state_type\":\"App.Till\",").And.Contain("\"turns\":3,").And.Contain("\"is_for_good\":false"));
        }
        var purged = client.Result("purge", """{"now":true}""");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(purged.GetProperty("has_looked").GetBoolean());
            Assert.That(purged.GetProperty("is_held").GetBoolean(), Is.False);
            Assert.That(purged.GetProperty("is_program_ended").GetBoolean(), Is.False);
            Assert.That(purged.GetProperty("ended").EnumerateArray().Single().GetProperty("lost_turns").GetInt64(), Is.Zero);
            Assert.That(purged.GetProperty("loops").GetArrayLength(), Is.Zero);
        }
        run.Says("interrupted", " App.step", "the iteration was ended and begins anew", "1 function updated");
        LostNothing(run);
    }

    [Test]
    public void X_ends_the_turn_that_stays()
    {
        using var run = WatchedRun.OnTerminal(App("old", "spin(s.n)"), "--grace", "400ms");
        run.Prints("turn 3 has begun");
        run.Save(App("new", "s.n"));
        run.Prints("L022: Live.loop with App.step");
        run.Prints("= help: the key x ends the iteration");
        run.Press("x");
        run.Prints("purged: an iteration of Live.loop with App.step (state App.Till) was ended; its state is the one from before it");
        run.Prints("no older code is held");
        run.Prints("new 3");
        run.Prints("new 8");
        run.Press("x");
        run.Prints("no older code is held");
        run.Prints("new ");
        Assert.That(run.Output, Has.Exactly(1).Contains("purged: "), "nothing stays that could be ended");
    }

    [Test]
    public void The_prompt_purges_as_well()
    {
        using var run = Stuck("spin(s.n)", "--repl");
        run.Says("  = help: `:purge now` ends the iteration");
        run.Type(":purge");
        run.Prints("Live.loop with App.step (state App.Till) stays in world 1, in iteration 4");
        run.Type(":purge now");
        run.Prints("purged: an iteration of Live.loop with App.step (state App.Till) was ended");
        run.Prints("no older code is held");
        run.Prints("new 8");
        run.Type(":purge later");
        run.Says("`:purge` takes nothing, or `now`");
    }

    [Test]
    public void A_loop_around_the_one_that_runs_goes_on_from_its_own_state()
    {
        static string Nested(string tag) => $$"""
            {{Apps.Uses}}
            fn spin(n: Int) -> Int
              if n < 0 then n else spin((n + 7) % 1000)

            fn inner(n: Int) -[IO]> Step Int
              IO.stdout("{{tag}} inner {n}\n")
              if n == 2
                IO.stderr("inner spins\n")
                let _ = spin(n)
                ()
              Continue(n + 1)

            fn outer(n: Int) -[IO, Clock, Live]> Step Int
              IO.stdout("{{tag}} outer {n}\n")
              Clock.sleep(100)
              if n == 2
                let _ = Live.loop(0, inner)
                ()
              Continue(n + 1)

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(0, outer)
              ()

            """;
        using var run = WatchedRun.Of(Nested("old"), "--grace", "400ms");
        run.Says("inner spins");
        run.Save(Nested("new").Replace("n == 2", "n == 99"));
        run.Says("L022: Live.loop with App.outer", "L022: Live.loop with App.inner");
        using var client = WireClient.Of(run);
        var purged = client.Result("purge", """{"now":true}""");
        Assert.That(purged.GetProperty("ended").EnumerateArray().Single().GetProperty("step").GetString(), Does.StartWith("App.outer"));
        Assert.That(purged.GetProperty("is_held").GetBoolean(), Is.False);
        run.Prints("new outer 5");
        Assert.That(run.Output.TakeWhile(l => l != "new outer 5"),
            Is.EqualTo((string[])["old outer 0", "old outer 1", "old outer 2", "old inner 0", "old inner 1", "old inner 2", "new outer 2", "new outer 3", "new outer 4"]));
    }

    [Test]
    public void A_soft_purge_frees_what_nothing_leads_to_and_finds_nothing_held()
    {
        using var run = WatchedRun.Of(Holding("kept", 0), "--keep-worlds", "0");
        run.Prints("v0 10");
        using var client = WireClient.Of(run);
        run.Save(Holding("|x| x + 1", 1));
        run.Prints("v1 11");
        run.Save(Holding("kept", 2));
        run.Prints("v2 10");
        var worlds = client.Result("worlds");
        Assert.That(Lambdas(worlds), Is.EqualTo(1), "nobody has looked yet whether a closure holds it");
        var soft = client.Result("purge");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(soft.GetProperty("freed_units").GetInt32(), Is.EqualTo(1));
            Assert.That(soft.GetProperty("freed_bytes").GetInt64(), Is.Positive);
            Assert.That(soft.GetProperty("closures").GetArrayLength(), Is.Zero);
            Assert.That(Lambdas(client.Result("worlds")), Is.Zero);
        }
    }

    [Test]
    public void A_soft_purge_says_which_closures_hold_old_code_and_that_main_does()
    {
        using var run = WatchedRun.Of(Holding("|x| x + 1", 0), "--keep-worlds", "0");
        run.Prints("v0 11");
        run.Save(Holding("state.made", 1));
        run.Prints("v1 11");
        using var client = WireClient.Of(run);
        foreach (var parameters in (string[])["{}", """{"now":true}"""])
        {
            var report = client.Result("purge", parameters);
            var closures = report.GetProperty("closures").EnumerateArray().Single();
            using (Assert.EnterMultipleScope())
            {
                Assert.That(report.GetProperty("is_held").GetBoolean());
                Assert.That(report.GetProperty("ended").GetArrayLength(), Is.Zero, "no turn stays in old code");
                Assert.That(closures.GetProperty("function").GetString(), Is.EqualTo("App.step"));
                Assert.That((closures.GetProperty("is_lambda").GetBoolean(), closures.GetProperty("count").GetInt64()), Is.EqualTo((true, 1)));
                Assert.That(closures.GetProperty("through").EnumerateArray().Select(t => t.GetString()), Is.EqualTo((string[])["App.State"]));
                Assert.That(report.GetProperty("worlds").EnumerateArray().Single().GetProperty("holders")[0].GetProperty("kind").GetString(), Is.EqualTo("base"), "main waits for its loop");
            }
        }
        Assert.That(client.ErrorOf("purge", """{"now":"yes"}"""), Is.EqualTo(-32602));
    }

    private static int Lambdas(JsonElement worlds) =>
        worlds.GetProperty("units").EnumerateArray().Count(u => u.GetProperty("functions").EnumerateArray().Any(f => f.GetString()!.Contains("App.step", StringComparison.Ordinal) && f.GetString()!.Contains(".lambda", StringComparison.Ordinal)));

    /// <summary>A state that holds a function, which each turn calls and makes anew in some way.</summary>
    private static string Holding(string made, int version) => $$"""
        {{Apps.Uses}}
        struct State
          made: fn(Int) -> Int

        fn kept(x: Int) -> Int
          x

        fn step(state: State) -[IO, Clock]> Step State
          let made = state.made
          IO.stdout("v{{version}} {made(10)}\n")
          Clock.sleep(5)
          Continue(State { made: {{made}} })

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(State { made: kept }, step)
          ()

        """;
}
