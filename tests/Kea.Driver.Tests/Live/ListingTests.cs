using System.Text.Json;
using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>What a running program says of its code, and of who keeps it.</summary>
public sealed class ListingTests
{
    [Test]
    public void Worlds_name_who_runs_in_them_and_units_the_worlds_that_lead_to_them()
    {
        using var run = new LiveRun(App(0));
        run.Line();
        for (var i = 1; i <= 3; i++)
        {
            Assert.That(run.Reload(App(i)).IsPublished);
            run.LineThat(line => line.StartsWith($"v{i} ", StringComparison.Ordinal));
        }
        var listing = run.Session.Program.List();
        var (first, last) = (listing.Worlds[0], listing.Worlds[^1]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(listing.Worlds.Select(w => w.Number), Is.EqualTo((int[])[1, 2, 3, 4]));
            Assert.That(listing.Worlds.Select(w => w.Versions.Single()), Is.EqualTo((int[])[0, 1, 2, 3]));
            Assert.That(listing.Worlds.Select(w => w.IsCurrent), Is.EqualTo((bool[])[false, false, false, true]));
            Assert.That(listing.Worlds.Select(w => w.IsKept), Is.EqualTo((bool[])[true, true, true, false]), "rolling back leads to those before");
            Assert.That(first.Holders, Is.EqualTo((WorldHolder[])[new(WorldHolderKind.Base)]));
            Assert.That(last.Holders, Has.Length.EqualTo(1));
            Assert.That(last.Holders[0], Is.EqualTo(new WorldHolder(WorldHolderKind.Loop, "Int", last.Holders[0].Step, last.Holders[0].Turns)));
            Assert.That(last.Holders[0].Step, Does.StartWith("App.step"));
            Assert.That(last.Holders[0].Turns, Is.Positive);
        }
        var shown = listing.Units.Where(u => u.Functions.Contains("App.shown")).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown.Select(u => string.Join(' ', u.Holders.Select(h => $"{h.Kind} {h.World}"))),
                Is.EqualTo((string[])["World 1 World 2 World 3 World 4", "World 2", "World 3", "World 4"]), "main and step came with the first and are still what they were");
            Assert.That(shown.Select(u => u.CodeBytes), Has.All.Positive);
            Assert.That(listing.CodeBytes, Is.EqualTo(listing.Units.Sum(u => u.CodeBytes)));
            Assert.That(listing.Slots.Used, Is.EqualTo(run.Session.Program.Stats.Slots));
        }
        Assert.That(JsonSerializer.Serialize(listing), Does.Contain("\"StateType\":\"Int\""), "it is plain data");
    }

    private static string App(int version) => $$"""
        use Clock
        use IO
        use Live
        use Step.{Continue, Halt, Step}

        fn shown(n: Int) -> String
          "v{{version}} {n}"

        fn step(n: Int) -[IO, Clock]> Step Int
          IO.stdout("{shown(n)}\n")
          Clock.sleep(1)
          Continue(n + 1)

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;
}
