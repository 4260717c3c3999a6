using System.Diagnostics;
using System.Globalization;
using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>
/// Reloads of a running loop, many, of all kinds: nothing is left of code that nobody can reach any more, none takes longer
/// than the first ones, and no turn is lost.
/// </summary>
[NonParallelizable]
public sealed class ManyReloadsTests
{
    /// <summary>Reloads whose times are compared: the last so many, with as many around the hundredth.</summary>
    private const int Window = 100;

    [TestCase(400, false)]
    [TestCase(1_500, true)]
    [TestCase(10_000, true, Explicit = true)]
    public void Leave_nothing_behind(int reloads, bool ofAllKinds)
    {
        string Text(int version) => ofAllKinds ? EditedEverywhere(version) : EditedBody(version);
        using var run = new LiveRun(Text(0), LiveOptions.T0);
        run.Line();
        var turn = 0;
        var times = new List<double>(reloads);
        // By then as many changes of states as are kept for frames that are behind have gathered.
        var from = Math.Max(reloads / 2, Math.Min(1_000, reloads * 2 / 3));
        Footprint before = default;
        for (var i = 1; i <= reloads; i++)
        {
            var watch = Stopwatch.StartNew();
            var report = run.Reload(Text(i));
            Assert.That(report.IsPublished, $"reload {i}: {string.Join("; ", report.Plan.Rules)}{string.Join("; ", report.Plan.Diagnostics.Select(d => d.Message))}");
            // Its own first line, so every version has run before the next one comes.
            while (true)
            {
                var words = run.Line().Split(' ');
                Assert.That(int.Parse(words[1], CultureInfo.InvariantCulture), Is.EqualTo(++turn), "turns come one by one");
                if (words[0] == $"v{i}") break;
            }
            times.Add(watch.Elapsed.TotalMilliseconds);
            if (i == from) before = Footprint.Of(run);
        }
        var end = Footprint.Of(run);
        var (early, late) = (Median(times[(Window / 2)..(Window * 3 / 2)]), Median(times[^Window..]));
        TestContext.Out.WriteLine($"after {from} reloads: {before}\nafter {reloads}: {end}");
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a reload with its first turn: {early:0.0} ms around the {Window}th, {late:0.0} ms at the end"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(end.Worlds, Is.LessThanOrEqualTo(before.Worlds + 1), "worlds");
            Assert.That(end.Units, Is.LessThanOrEqualTo(before.Units * 1.05 + 40), "units; some wait until the program is looked through");
            Assert.That(end.Slots, Is.LessThanOrEqualTo(before.Slots * 1.05 + 40), "slots");
            Assert.That(end.Maps, Is.LessThanOrEqualTo(before.Maps * 1.05 + 80), "mappings");
            Assert.That(end.ManagedBytes, Is.LessThanOrEqualTo(before.ManagedBytes * 1.05 + 4_000_000), "managed memory");
            // The collector gives memory back when it likes; over few reloads that is more than what could be lost.
            Assert.That(end.ResidentBytes, Is.LessThanOrEqualTo(before.ResidentBytes * 1.05 + (reloads < 10_000 ? 24 << 20 : 0)), "resident memory");
            // Few reloads are soon made, and another process is enough to make the last of them slow.
            if (reloads >= 10_000) Assert.That(late, Is.LessThanOrEqualTo(early * 1.5), "time of a reload");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private readonly record struct Footprint(int Worlds, int Units, int Slots, int Maps, long ManagedBytes, long ResidentBytes)
    {
        public static Footprint Of(LiveRun run)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var managed = GC.GetTotalMemory(forceFullCollection: true);
            var stats = run.Session.Program.Stats;
            var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);
            return new(stats.Worlds, stats.Units, stats.Slots, File.ReadLines("/proc/self/maps").Count(), managed, pages * Environment.SystemPageSize);
        }

        public override string ToString() =>
            $"{Worlds} worlds, {Units} units, {Slots} slots, {Maps} mappings, managed {ManagedBytes >> 10} KB, resident {ResidentBytes >> 10} KB";
    }

    private static string EditedBody(int version) => $$"""
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

    /// <summary>
    /// Bodies with lambdas, of which the state keeps those of the last five turns; every tenth version has a function with another
    /// signature, and every tenth a field more or less in the state, so that it is migrated.
    /// </summary>
    private static string EditedEverywhere(int version)
    {
        var (isWide, field) = (version / 10 % 2 == 1, (version + 5) / 10 % 4);
        return $$"""
            use Clock
            use IO
            use Live
            use Step.{Continue, Halt, Step}

            struct State
              n: Int
              made: List (fn(Int) -> Int)
              @default({{field}})
              extra{{field}}: Int

            fn scaled(n: Int{{(isWide ? ", by: Int" : "")}}) -> Int
              n * {{(isWide ? "by" : "2")}} + {{version}}

            fn shown(state: State) -> String
              let total = List.fold(List.map([1, 2, 3], |x| x + {{version}} + state.n), 0, |sum, x| sum + x)
              let kept = List.fold(List.map(state.made, |f| f(total)), 0, |sum, x| sum + x)
              "v{{version}} {state.n} {total} {kept} {scaled(state.n{{(isWide ? ", 3" : "")}})} {state.extra{{field}}}"

            fn step(state: State) -[IO, Clock]> Step State
              IO.stdout("{shown(state)}\n")
              Clock.sleep(1)
              let n = state.n
              Continue(State { n: n + 1, made: List.take([|x| scaled(x + n{{(isWide ? ", 2" : "")}}) + {{version}}] ++ state.made, 5), extra{{field}}: state.extra{{field}} })

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(State { n: 0, made: [], extra{{field}}: 7 }, step)
              ()

            """;
    }
}
