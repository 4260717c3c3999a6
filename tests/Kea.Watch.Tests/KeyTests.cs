namespace Kea.Watch.Tests;

/// <summary>Keys on a terminal (14.3.1): watch mode's until the program first reads, then the program's.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class KeyTests
{
    private static string App(string tag) => Apps.Counting($"\"{tag} {{n}}\"").Replace("sleep(5)", "sleep(20)");

    [Test]
    public void Q_ends_it()
    {
        using var run = WatchedRun.OnTerminal(App("old"));
        run.Prints("old 3");
        run.Press("q");
        Assert.That(run.Ends(), Is.Zero);
    }

    [Test]
    public void B_rolls_back()
    {
        using var run = WatchedRun.OnTerminal(App("old"));
        run.Prints("old 3");
        run.Press("b");
        run.Prints("there is no older version to go back to");
        run.Save(App("new"));
        run.Prints("new ");
        run.Press("b");
        run.Prints("[reload] rolled back");
        run.Prints("old ");
    }

    [Test]
    public void B_several_times_goes_back_through_code_and_states()
    {
        string App(int version) => Apps.Stateful(
            "n: Int" + string.Concat(Enumerable.Range(1, version).Select(v => $"\n@default({v}0)\nf{v}: Int")), $"State {{ n: 0{string.Concat(Enumerable.Range(1, version).Select(v => $", f{v}: 0"))} }}",
            $"v{version} {{s.n}}{string.Concat(Enumerable.Range(1, version).Select(v => $" {{s.f{v}}}"))}", "s~{ n: s.n + 1 }").Replace("sleep(5)", "sleep(20)");
        using var run = WatchedRun.OnTerminal(App(0));
        run.Prints("v0 2");
        for (var version = 1; version <= 3; version++)
        {
            run.Save(App(version));
            run.Prints($"v{version} ");
        }
        for (var version = 2; version >= 0; version--)
        {
            run.Press("b");
            run.Prints("[reload] rolled back");
            run.Prints($"v{version} ");
        }
        run.Press("b");
        run.Prints("there is no older version to go back to");
        var turns = run.Output.Where(l => l.StartsWith('v')).Select(l => int.Parse(l.Split(' ')[1])).ToArray();
        Assert.That(turns, Is.EqualTo(Enumerable.Range(0, turns.Length)), "no turn was lost on the way");
        Assert.That(run.Output.Where(l => l.StartsWith('v')).Select(l => string.Join(' ', l.Split(' ')[2..])).Distinct(), Is.EquivalentTo((string[])["", "10", "10 20", "10 20 30"]));
        // And forward again from there.
        run.Save(App(0).Replace("v0 ", "again "));
        run.Prints("again ");
    }

    [Test]
    public void R_starts_anew()
    {
        using var run = WatchedRun.OnTerminal(App("old"));
        run.Prints("old 3");
        run.Press("r");
        run.Prints("[watch] starting anew");
        run.Prints("old 0");
    }

    [Test]
    public void P_shows_what_pending_edits_would_do()
    {
        using var run = WatchedRun.OnTerminal(App("old"), "--debounce", "1h");
        run.Prints("old 3");
        run.Save(App("new"));
        run.Press("p");
        run.Prints("App.shown");
        Assert.That(run.Output, Has.None.StartsWith("new "));
    }

    [Test]
    public void What_is_refused_may_be_answered_with_a_restart()
    {
        using var run = WatchedRun.OnTerminal(Apps.Stateful("n: Int", "State { n: 0 }", "old {s.n}", "State { n: s.n + 1 }"), "--on-incompatible", "ask");
        run.Prints("old 3");
        run.Save(Apps.Stateful("n: String", "State { n: \"x\" }", "new {s.n}", "State { n: s.n }"));
        run.Prints("L012: ");
        run.Prints("press r to start the program anew");
        run.Press("r");
        run.Prints("new x");
    }

    [Test]
    public void The_program_gets_the_terminal_when_it_reads_and_what_was_typed_before()
    {
        var reading = $$"""
            {{Apps.Uses}}
            fn step(n: Int) -[IO, Clock]> Step Int
              IO.stdout("turn {n}\n")
              Clock.sleep(300)
              if n < 3
                Continue(n + 1)
              else
                IO.stdout("read {IO.read_line()}\n")
                Continue(n + 1)

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(0, step)
              ()

            """;
        using var run = WatchedRun.OnTerminal(reading);
        run.Prints("turn 0");
        run.Press("y1");
        run.Prints("turn 3");
        Thread.Sleep(1000);
        // From here on q is a letter, and lines come whole.
        run.Press("q2\n");
        run.Prints("read Some(y1q2)");
        run.Prints("turn 4");
        run.Press("quit\n");
        run.Prints("read Some(quit)");
    }
}
