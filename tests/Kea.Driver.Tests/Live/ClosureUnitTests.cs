using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>Code that only closures lead to: it stays as long as they do, with all that it calls, and no longer.</summary>
public sealed class ClosureUnitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public void A_closure_keeps_its_code_across_five_reloads_and_not_after_it_has_died()
    {
        using var run = new LiveRun(App(0, "state.made", ""));
        Assert.That(run.Line(), Is.EqualTo("v0 7"));
        Assert.That(run.Reload(App(1, "|x| x + base()", "fn base() -> Int\n  100\n")).IsPublished);
        run.LineThat(line => line == "v1 110");
        for (var i = 2; i <= 6; i++)
        {
            Assert.That(run.Reload(App(i, "kept(state.made)", $"fn base() -> Int\n  {100 * (i + 1)}\n\nfn kept(f: fn(Int) -> Int) -> fn(Int) -> Int\n  if base() > 0 then f else start\n")).IsPublished);
            run.LineThat(line => line == $"v{i} {100 * (i + 1) + 10}");
        }
        Assert.That(run.Session.Program.Look(Patience), "a reload point comes soon");
        Assert.That(LambdaUnits(run, out var held), Is.EqualTo(1));
        Assert.That(held.Single().Holders.Where(h => h.Kind == UnitHolderKind.Closures).Select(h => (h.Count, h.Through)),
            Is.EqualTo(((long, string?)[])[(1, "App.State")]), "one closure, in the state");

        Assert.That(run.Reload(App(7, "other", "fn other(x: Int) -> Int\n  x\n")).IsPublished);
        run.LineThat(line => line == "v7 10");
        // The worlds from before can be rolled back to, and lead to the code as well.
        for (var i = 8; i <= 17; i++)
        {
            Assert.That(run.Reload(App(i, "other", "fn other(x: Int) -> Int\n  x\n")).IsPublished);
            run.LineThat(line => line == $"v{i} 10");
        }
        Assert.That(run.Session.Program.Look(Patience));
        Assert.That(LambdaUnits(run, out _), Is.Zero, "nothing refers to the lambda's code");
        Assert.That(run.Session.Program.LoadedFunctions, Has.None.Contains("App.base"), "nor to what only it called");
        Assert.That(run.Stop().Status, Is.Zero, "and no object is left over");
    }

    [Test]
    public void What_a_closure_calls_stays_when_the_text_does_not_have_it_any_more()
    {
        using var run = new LiveRun(App(0, "|x| outer(x)", "fn inner(x: Int) -> Int\n  x * 2\n\nfn outer(x: Int) -> Int\n  inner(x) + 1\n"));
        run.LineThat(line => line == "v0 21");
        for (var i = 1; i <= 12; i++)
        {
            Assert.That(run.Reload(App(i, "state.made", "")).IsPublished);
            run.LineThat(line => line == $"v{i} 21");
            Assert.That(run.Session.Program.Look(Patience));
        }
        Assert.That(run.Session.Program.LoadedFunctions, Has.Some.EqualTo("App.inner"));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    [Test]
    public void A_closure_of_newer_code_runs_after_a_rollback()
    {
        using var run = new LiveRun(App(0, "|x| x + 1", ""));
        run.LineThat(line => line == "v0 11");
        Assert.That(run.Reload(App(1, "|x| newer(x)", "fn newer(x: Int) -> Int\n  helper(x) * 3\n\nfn helper(x: Int) -> Int\n  x + 5\n")).IsPublished);
        run.LineThat(line => line == "v1 45");
        run.Session.RollBack();
        Assert.That(run.LineThat(line => line.StartsWith("v0", StringComparison.Ordinal)), Is.EqualTo("v0 45"), "made by the newer code");
        Assert.That(run.Line(), Is.EqualTo("v0 11"));
        Assert.That(run.Session.Program.Look(Patience));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    [Test]
    public void A_closure_of_newer_code_runs_in_the_frames_around_the_loop()
    {
        using var run = new LiveRun(App(0, "|x| x + 1", ""));
        run.LineThat(line => line == "v0 11");
        Assert.That(run.Reload(App(1, "|x| newer(x)", "fn newer(x: Int) -> Int\n  helper(x) * 3\n\nfn helper(x: Int) -> Int\n  x + 5\n")).IsPublished);
        run.LineThat(line => line == "v1 45");
        Assert.That(run.Session.Program.Look(Patience));
        Assert.That(run.Reload(App(2, "|x| newer(x)", "fn newer(x: Int) -> Int\n  helper(x) * 4\n\nfn helper(x: Int) -> Int\n  x + 5\n", "Halt")).IsPublished);
        run.LineThat(line => line == "v2 60");
        Assert.That(run.Line(), Is.EqualTo("end 60"), "main is code of the first version and calls a function that it never had");
        Assert.That(run.End().Result.Status, Is.Zero);
    }

    [Test]
    public void A_lambda_that_is_the_step_keeps_running_and_its_code_stays()
    {
        static string Lambda(int version) => $$"""
            use Clock
            use IO
            use Live
            use Step.{Continue, Halt, Step}

            fn shown(n: Int) -> String
              "v{{version}} {n}"

            fn main() -[IO, Clock, Live]> ()
              let offset = {{version}}00
              let _ = Live.loop(0, |n|
                IO.stdout("{shown(n + offset)}\n")
                Clock.sleep(1)
                Continue((n + 1) % 3))
              ()

            """;
        using var run = new LiveRun(Lambda(1));
        run.LineThat(line => line == "v1 100");
        for (var i = 2; i <= 12; i++)
        {
            Assert.That(run.Reload(Lambda(i)).IsPublished);
            run.LineThat(line => line == $"v{i} 100");
            Assert.That(run.Session.Program.Look(Patience));
        }
        Assert.That(run.Stop().Status, Is.Zero);
    }

    /// <summary>What is called through such a value has code of its own, since its context does not come first.</summary>
    [Test]
    public void A_named_function_whose_result_lies_in_memory_is_looked_for_like_any_other()
    {
        string Wide(int version) => App(version, "start", "").Replace("fn(Int) -> Int", "fn(Int) -> (Int, Int, Int, Int)", StringComparison.Ordinal)
            .Replace("fn start(x: Int) -> Int\n  x - 3", $"fn start(x: Int) -> (Int, Int, Int, Int)\n  (x, {version}, x, x)", StringComparison.Ordinal);
        using var run = new LiveRun(Wide(0), LiveOptions.T0);
        Assert.That(run.Line(), Is.EqualTo("v0 (10, 0, 10, 10)"));
        for (var i = 1; i <= 3; i++)
        {
            Assert.That(run.Reload(Wide(i)).IsPublished);
            run.LineThat(line => line == $"v{i} (10, {i}, 10, 10)");
            Assert.That(run.Session.Program.Look(Patience));
        }
        Assert.That(run.Stop().Status, Is.Zero);
    }

    private static int LambdaUnits(LiveRun run, out UnitListing[] units)
    {
        units = [.. run.Session.Program.List().Units.Where(u => u.Functions.Any(f => f.Contains("App.step", StringComparison.Ordinal) && f.Contains(".lambda", StringComparison.Ordinal)))];
        return units.Length;
    }

    private static string App(int version, string made, string functions, string ends = "Continue") => $$"""
        use Clock
        use IO
        use Live
        use Step.{Continue, Halt, Step}

        struct State
          made: fn(Int) -> Int

        {{functions}}
        fn step(state: State) -[IO, Clock]> Step State
          let made = state.made
          IO.stdout("v{{version}} {made(10)}\n")
          Clock.sleep(1)
          {{ends}}(State { made: {{made}} })

        fn start(x: Int) -> Int
          x - 3

        fn main() -[IO, Clock, Live]> ()
          let last = Live.loop(State { made: start }, step)
          let made = last.made
          IO.stdout("end {made(10)}\n")

        """;
}
