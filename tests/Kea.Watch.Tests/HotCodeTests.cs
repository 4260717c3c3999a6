using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary>Changes of what optimised code calls: an activation never mixes worlds, and the next one is in the newest.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class HotCodeTests
{
    /// <summary>
    /// One turn is one long loop that calls a function from another module, whose address can be loaded once before it. Every sum
    /// belongs to one version; so none was mixed.
    /// </summary>
    [Test]
    public void A_loop_that_has_loaded_a_slot_before_calls_one_version_of_it_each_turn()
    {
        const int Rounds = 200_000;
        string Part(int weight) => $"fn weight(n: Int) -> Int\n  if n < 0 then weight(n + 1) else {weight}\n";
        var app = Apps.Counting($"\"{{sum({Rounds}, 0)}} {{n}}\"", "use Part.{weight}\n\nfn sum(n: Int, all: Int) -> Int\n  if n == 0 then all else sum(n - 1, all + weight(n))");
        using var run = new SteppedRun(new WatchedRun(("app.kea", app), ("part.kea", Part(1))));
        run.Prints($"{Rounds} ");
        for (var weight = 2; weight <= 9; weight++)
        {
            // Every second change meets the loop in optimised code.
            if (weight % 2 == 0) Assert.That(() => IsOptimised(run, "App.sum"), Is.True.After(20_000, 10));
            Assert.That(run.Apply(Part(weight), "part.kea"), Is.EqualTo("updated"));
            run.Prints($"{Rounds * weight} ");
        }
        var sums = run.Watched.Output.Select(l => int.Parse(l.Split(' ')[0])).ToArray();
        Assert.That(sums.Distinct(), Is.EqualTo(Enumerable.Range(1, 9).Select(w => w * Rounds)), "each version in its turn, and none besides");
    }

    private static bool IsOptimised(SteppedRun run, string function)
    {
        var loaded = run.Worlds();
        var current = loaded.GetProperty("worlds").EnumerateArray().Single(w => w.GetProperty("is_current").GetBoolean()).GetProperty("number").GetInt32();
        return loaded.GetProperty("units").EnumerateArray().Any(u => u.GetProperty("tier").GetInt32() == 1
            && u.GetProperty("functions").EnumerateArray().Any(f => f.GetString() == function)
            && u.GetProperty("holders").EnumerateArray().Any(h => h.GetProperty("world") is { ValueKind: JsonValueKind.Number } world && world.GetInt32() == current));
    }
}
