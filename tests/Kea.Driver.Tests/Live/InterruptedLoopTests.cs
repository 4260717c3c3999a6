using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>What a loop does whose turn is interrupted: it goes on with a state from before, or the program ends.</summary>
[TestFixture]
public sealed class InterruptedLoopTests
{
    private const int EndlessTurn = 3, LastTurn = 6;

    private static readonly LiveOptions KeepsStates = LiveOptions.T0 with { Tiers = TierOptions.Usual, Probation = TimeSpan.Zero, SafeStates = TimeSpan.FromMilliseconds(1) };

    /// <summary>Every turn takes longer than states are apart, so the one before the endless turn is there.</summary>
    private static string Program(string inThatTurn, string state = "Int", string init = "0", string number = "state") => $$"""
        use Clock
        use IO
        use Live
        use Step.{Continue, Halt, Step}
        use List

        fn spin(n: Int, held: List Int) -> Int
          if n < 0 then List.length(held) else spin((n + 7) % 1000, held)

        fn number(state: {{state}}) -> Int
          {{number}}

        fn after(state: {{state}}) -> {{state}}
          state{{(state == "Int" ? " + 1" : "~{ turns: state.turns + 1 }")}}

        {{(state == "Int" ? "" : "struct State\n  turns: Int\n  @default(0)\n  more: Int\n")}}
        fn step(state: {{state}}) -[IO, Clock]> Step {{state}}
          IO.println("turn {number(state)}")
          Clock.sleep(60)
          if number(state) == {{EndlessTurn}}
            IO.println("{{inThatTurn.Split('(')[0]}}")
            Clock.sleep(1)
            let n = {{inThatTurn}}
            IO.println("{n}")
          if number(state) == {{LastTurn}} then Halt(state) else Continue(after(state))

        fn inner(n: Int) -> Step Int
          if n < 0 then Halt(n) else Continue((n + 1) % 1000)

        fn main() -[IO, Clock, Live]> Unit
          let end = Live.loop({{init}}, step)
          IO.println("end {number(end)}")
        """;

    private static readonly string Endless = Program("spin(1, List.range(0, 100))"), Fine = Program("number(state)");

    private static void Reach(LiveRun run, string line) => run.LineThat(l => l == line);

    private static void WaitInside() => Thread.Sleep(50);

    [Test]
    public void A_turn_that_stands_in_the_way_of_new_code_is_ended_and_done_again_in_it()
    {
        using var run = new LiveRun(Endless, KeepsStates);
        var events = new List<LoopEvent>();
        run.Session.Program.LoopListener = what => { lock (events) events.Add(what); };
        Reach(run, "spin");
        Assert.That(run.Reload(Fine).IsPublished);
        WaitInside();
        run.Session.Program.Interrupt(InterruptScope.Innermost);
        Assert.That(run.Line(), Is.EqualTo($"turn {EndlessTurn}"));
        Reach(run, $"end {LastTurn}");
        Assert.That(run.End().Result.Status, Is.Zero, run.End().Error);
        Assert.That(events[0], Is.EqualTo(new LoopEvent.Interrupted(InterruptScope.Innermost, 0)));
        Assert.That(events[1], Is.InstanceOf<LoopEvent.Moved>());
    }

    [Test]
    public void The_state_of_a_turn_that_was_ended_is_migrated_like_any_other()
    {
        var before = Program("spin(1, List.range(0, 100))", "State", "State { turns: 0 }", "state.turns").Replace("\n  @default(0)\n  more: Int\n", "\n", StringComparison.Ordinal);
        var after = Program("number(state)", "State", "State { turns: 0, more: 0 }", "state.turns");
        using var run = new LiveRun(before, KeepsStates);
        Reach(run, "spin");
        Assert.That(run.Reload(after).IsPublished);
        WaitInside();
        run.Session.Program.Interrupt(InterruptScope.Innermost);
        Reach(run, $"end {LastTurn}");
        Assert.That(run.End().Result.Status, Is.Zero, run.End().Error);
    }

    [Test]
    public void A_program_that_is_to_end_does_so_in_an_endless_turn()
    {
        using var run = new LiveRun(Endless, KeepsStates);
        Reach(run, "spin");
        run.Session.Program.StopAtReloadPoint(7);
        WaitInside();
        run.Session.Program.Interrupt();
        Assert.That(run.End().Result.Status, Is.EqualTo(7), run.End().Error);
    }

    [Test]
    public void Without_a_state_from_before_the_program_ends_as_by_a_panic()
    {
        using var run = new LiveRun(Endless, LiveOptions.T0 with { Probation = TimeSpan.Zero });
        Reach(run, "spin");
        WaitInside();
        run.Session.Program.Interrupt();
        Assert.That(run.End().Result.Status, Is.EqualTo(101), run.End().Error);
    }

    [Test]
    public void New_code_on_probation_is_not_blamed_for_being_interrupted()
    {
        using var run = new LiveRun(Program("number(state)").Replace($"== {EndlessTurn}", "== 100", StringComparison.Ordinal).Replace($"== {LastTurn}", "== 200", StringComparison.Ordinal),
            KeepsStates with { Probation = TimeSpan.FromMinutes(1) });
        var events = new List<LoopEvent>();
        run.Session.Program.LoopListener = what => { lock (events) events.Add(what); };
        Reach(run, "turn 1");
        var reload = run.Reload(Endless);
        Assert.That(reload.IsPublished);
        Reach(run, "spin");
        WaitInside();
        run.Session.Program.Interrupt();
        Reach(run, "spin"); // The same turn once more, in the same code.
        Assert.That(run.Session.Program.CurrentContent, Is.EqualTo(reload.Version));
        Assert.That(events.Select(e => e.GetType()), Is.EqualTo([typeof(LoopEvent.Moved), typeof(LoopEvent.Interrupted)]));
        run.Session.Program.StopAtReloadPoint(0);
        run.Session.Program.Interrupt();
        Assert.That(run.End().Result.Status, Is.Zero, run.End().Error);
    }

    [Test]
    public void A_loop_in_a_turn_of_another_is_ended_with_it()
    {
        using var run = new LiveRun(Program("Live.loop(0, inner)").Replace("fn step(state: Int) -[IO, Clock]>", "fn step(state: Int) -[IO, Clock, Live]>", StringComparison.Ordinal), KeepsStates);
        Reach(run, "Live.loop");
        WaitInside();
        run.Session.Program.Interrupt();
        Reach(run, "Live.loop");
        run.Session.Program.StopAtReloadPoint(0);
        Assert.That(run.End().Result.Status, Is.Zero, run.End().Error);
    }

    [Test]
    public void What_comes_too_late_ends_nothing()
    {
        using var run = new LiveRun(Fine, KeepsStates);
        for (var i = 0; i < 3; i++)
        {
            Reach(run, $"turn {i}");
            // In most cases the sleep is cut short; then the turn begins again, and nothing else is lost.
            run.Session.Program.Interrupt(InterruptScope.Innermost);
        }
        Reach(run, $"end {LastTurn}");
        var (result, error) = run.End();
        Assert.That(result.Status, Is.Zero, error);
        run.Session.Program.Interrupt();
    }
}
