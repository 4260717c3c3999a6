namespace Kea.Driver.Tests.Live;

/// <summary>Reloads of a running loop, many: nothing is left of code that nobody can reach any more, and no turn is lost.</summary>
public sealed class ManyReloadsTests
{
    [TestCase(2_000)]
    [TestCase(10_000, Explicit = true)]
    public void Leave_nothing_behind(int reloads)
    {
        using var run = new LiveRun(App(0));
        run.Line();
        var turn = 0;
        (int Units, int Worlds, int Slots, long Bytes) half = default;
        for (var i = 1; i <= reloads; i++)
        {
            Assert.That(run.Reload(App(i)).IsPublished, $"reload {i}");
            // Its own first line, so every version has run before the next one comes.
            while (true)
            {
                var words = run.Line().Split(' ');
                Assert.That(int.Parse(words[1]), Is.EqualTo(++turn), "turns come one by one");
                if (words[0] == $"v{i}") break;
            }
            if (i == reloads / 2) half = Now();
        }
        var end = Now();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(end.Units, Is.LessThanOrEqualTo(half.Units + 2), "units");
            Assert.That(end.Worlds, Is.LessThanOrEqualTo(half.Worlds + 1), "worlds");
            Assert.That(end.Slots, Is.LessThanOrEqualTo(half.Slots + 2), "slots");
            Assert.That(end.Bytes, Is.LessThan(half.Bytes * 1.1 + 4_000_000), "managed memory");
        }

        (int Units, int Worlds, int Slots, long Bytes) Now()
        {
            var stats = run.Session.Program.Stats;
            return (stats.Units, stats.Worlds, stats.Slots, GC.GetTotalMemory(forceFullCollection: true));
        }
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
