using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary>Closures of code that a reload has replaced, and that are still held after a turn in the new code (L020).</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class OldClosureTests
{
    private const string Note = "L020: ";

    [Test]
    public void Are_named_with_their_function_number_and_holder_once()
    {
        using var run = WatchedRun.Of(App(0, "|x| x + 1"));
        run.Prints("v0 11");
        run.Save(App(1, "state.made"));
        run.Says("1 function updated", "L020: 1 closure of a lambda in App.step is held by App.State; it runs the code from before",
            "  = help: let the program make it anew, or hold a named function, which is bound late");
        run.Prints("v1 11");
        using var client = WireClient.Of(run);
        var rule = client.Result("status").GetProperty("last").GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("rule").GetString() == "L020");
        Assert.That((rule.GetProperty("severity").GetString(), rule.GetProperty("symbol").GetString()), Is.EqualTo(("note", "App.step")));

        run.Save(App(2, "state.made"));
        run.IsUpdatedTo("v2 11");
        run.Mark();
        run.Prints("v2 11");
        Assert.That(run.Error.Where(l => l.Contains(Note)), Has.Exactly(1).Items, "the second reload made none of them old");
    }

    [Test]
    public void That_every_turn_makes_anew_are_not_worth_a_note()
    {
        using var run = WatchedRun.Of(App(0, "|x| x + 1"));
        run.Prints("v0 11");
        for (var i = 1; i <= 3; i++)
        {
            run.Save(App(i, $"|x| x + {i + 1}"));
            run.IsUpdatedTo($"v{i} {11 + i}");
            run.Mark();
            run.Prints($"v{i} {11 + i}");
        }
        Assert.That(run.Error, Has.None.Contain(Note));
    }

    [Test]
    public void Come_as_data_with_json()
    {
        using var run = WatchedRun.Of(App(0, "|x| x + 1"), "--json");
        run.Prints("v0 11");
        run.Save(App(1, "state.made"));
        run.Says(Note);
        var line = JsonDocument.Parse(run.Error.Single(l => l.Contains(Note))).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(line.GetProperty("event").GetString(), Is.EqualTo("reload"));
            Assert.That(line.GetProperty("rule").GetString(), Is.EqualTo("L020"));
            Assert.That(line.GetProperty("severity").GetString(), Is.EqualTo("note"));
            Assert.That(line.GetProperty("symbol").GetString(), Is.EqualTo("App.step"));
            Assert.That(line.GetProperty("help").GetString(), Does.StartWith("let the program make it anew"));
        }
    }

    [Test]
    public void A_function_as_a_value_is_bound_late_and_told_of_only_when_it_is_gone()
    {
        using var run = WatchedRun.Of(App(0, "named", "fn named(x: Int) -> Int\n  x + 1\n"));
        run.Prints("v0 11");
        run.Save(App(1, "named", "fn named(x: Int) -> Int\n  x + 5\n"));
        run.IsUpdatedTo("v1 15");
        run.Save(App(2, "state.made"));
        run.Says("L020: App.named is gone from the sources and held as a value by App.State; it runs the code from before");
        run.Prints("v2 15");
        Assert.That(run.Error.Where(l => l.Contains(Note)), Has.Exactly(1).Items);
    }

    /// <summary>A state that holds a function, which each turn calls and makes anew in some way.</summary>
    private static string App(int version, string made, string functions = "") => $$"""
        {{Apps.Uses}}
        struct State
          made: fn(Int) -> Int

        {{functions}}

        fn start(x: Int) -> Int
          x

        fn step(state: State) -[IO, Clock]> Step State
          let made = state.made
          IO.stdout("v{{version}} {made(10)}\n")
          Clock.sleep(20)
          Continue(State { made: {{made}} })

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(State { made: start }, step)
          ()

        """;
}
