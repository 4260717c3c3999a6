using System.Diagnostics;
using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>A program that is interrupted thousands of times, wherever it happens to be: it always goes on, and leaves nothing.</summary>
[TestFixture]
public sealed class InterruptRaceTests
{
    private const int Rounds = 3000, EndedMin = 500;

    private static string Program(int version) => $$"""
        use Clock
        use IO
        use List
        use Live
        use Map
        use Step.{Continue, Halt, Step}
        use Text
        use Vector

        struct State
          turns: Int
          names: Map(Int, String)
          numbers: Vector Int
          words: List String

        fn version() -> Int
          {{version}}

        fn tree(depth: Int, text: String) -> Int
          if depth == 0 then Text.length(text) else tree(depth - 1, text) + tree(depth - 1, text ++ "x") % 3

        fn fill(v: Vector Int, i: Int, n: Int) -> Vector Int
          if i == Vector.length(v) then v else fill(Vector.set(v, i, i * n), i + 1, n)

        fn named(m: Map(Int, String), n: Int) -> Map(Int, String)
          if n == 0 then m else named(Map.insert(m, n % 50, "{n}" ++ "!"), n - 1)

        fn step(s: State) -[IO, Clock]> Step State
          let squares = List.map(List.range(0, 200), |n| n * s.turns % 97)
          let words = List.map(List.take(squares, 50), |n| "{n}" ++ Text.repeat("-", n))
          let deep = tree(6, Text.repeat("ab", 3))
          Clock.sleep(s.turns % 2)
          IO.stderr("")
          Continue(State { turns: s.turns + 1 + deep % 1, names: named(s.names, 60), numbers: fill(s.numbers, 0, s.turns), words: words })

        fn main() -[IO, Clock, Live]> Unit
          IO.println("in")
          Clock.sleep(1)
          let start = State { turns: 0, names: Map.new(|k: Int| k, |a: Int, b: Int| a == b), numbers: Vector.from_list(List.range(0, 300)), words: [] }
          let end = Live.loop(start, step)
          IO.println("{end.turns} {version()}")
        """;

    [Test]
    public void Interruptions_at_any_moment_leave_nothing_behind()
    {
        var options = LiveOptions.T0 with { Tiers = new TierOptions(200), Probation = TimeSpan.FromHours(1) };
        using var run = new LiveRun(Program(1), options);
        var program = run.Session.Program;
        var (ended, other) = (0, 0);
        program.LoopListener = what => _ = what is LoopEvent.Interrupted(_, 0) ? ended++ : other++;
        Assert.That(run.Line(), Is.EqualTo("in"));
        // On probation a loop keeps the state of every turn.
        Assert.That(run.Reload(Program(2)).IsPublished);
        var since = Stopwatch.StartNew();
        while (Volatile.Read(ref other) == 0 && since.Elapsed < TimeSpan.FromSeconds(20)) Thread.Yield();
        var random = new Random(7);
        for (var i = 0; i < Rounds; i++)
        {
            for (var until = since.ElapsedTicks + random.Next((int)Stopwatch.Frequency / 1500); since.ElapsedTicks < until;) Thread.SpinWait(20);
            program.Interrupt(random.Next(2) == 0 ? InterruptScope.Outermost : InterruptScope.Innermost);
        }
        program.StopAtReloadPoint(3);
        var (result, error) = run.End();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Status, Is.EqualTo(3), error[Math.Max(0, error.Length - 2000)..]);
            Assert.That(other, Is.EqualTo(1), "it moved once, and nothing else happened");
            Assert.That(ended, Is.GreaterThan(EndedMin));
        }
    }
}
