using Kea.Testing;

namespace Kea.Watch.Tests;

/// <summary>What does not come to an end by itself is ended: an evaluation by Ctrl-C, the program where a restart or the end of watching waits for it.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class InterruptionTests
{
    private const string Prompt = "kea> \r\u001b[5C", CtrlC = "\u0003";

    /// <summary>A turn of any kind that says <c>begun</c> and does not come to its end.</summary>
    private static readonly string[] Endless = ["spin(n)", "Clock.sleep(600_000)", "Option.is_none(IO.read_line())", "IO.stdout(Text.repeat(\"x\", 1_000_000))"];

    private static string App(string inTurn2) => $$"""
        {{Apps.Uses}}use Option
        use Text

        fn spin(n: Int) -> Int
          if n < 0 then n else spin((n + 7) % 1000)

        fn begun() -[IO]> Int
          IO.stderr("begun\n")
          spin(1)

        fn step(n: Int) -[IO, Clock]> Step Int
          IO.stdout("turn {n}\n")
          Clock.sleep(20)
          if n == 2
            IO.stderr("turn 2 has begun\n")
            let _ = {{inTurn2}}
            ()
          Continue(n + 1)

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    [Test]
    public void Ctrl_C_ends_an_evaluation_and_neither_the_program_nor_the_watching()
    {
        using var run = new PromptedRun(App("n"));
        run.Enter("let kept = 40");
        run.WaitFor("\nkept : Int");
        foreach (var endless in (string[])["begun()", "List.map([1], |n| begun())"])
        {
            run.Enter(endless);
            run.WaitFor("begun\r\n");
            run.Send(CtrlC);
            run.WaitFor("interrupted\r\n");
            // The program goes on with the turn that comes next, and so does the prompt.
            run.WaitFor("turn ");
        }
        run.Enter("kept + 2");
        run.WaitFor("\n42 : Int");
        run.Save(App("n").Replace("turn {n}", "saved {n}"));
        run.WaitFor("saved ");
        run.Enter(":quit");
        Assert.That(run.WaitForEnd(), Is.Zero);
        var turns = run.Output.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Contains("turn ") || l.Contains("saved ")).Select(l => l.Split(' ')[^1]).Where(t => int.TryParse(t, out _)).Select(int.Parse).ToArray();
        Assert.That(turns, Is.EqualTo(Enumerable.Range(0, turns.Length)), "no turn of the program was ended with it");
    }

    [Test]
    public void Ctrl_C_takes_back_an_evaluation_that_waits_for_the_end_of_a_turn()
    {
        using var run = new PromptedRun(App("Clock.sleep(600_000)"));
        run.WaitFor("turn 2 has begun");
        run.Enter("IO.stderr(\"evaluated\")");
        // It waits: there is no prompt for another input.
        run.WaitFor("\r\n");
        run.Send(CtrlC);
        run.Enter("fn later() -> Int\r  1\r");
        run.WaitFor("\nfn later() -> Int");
        run.Enter(":quit");
        Assert.That(run.WaitForEnd(), Is.Zero);
        Assert.That(run.Output, Does.Not.Contain("evaluated\r"));
    }

    [Test]
    public void Ctrl_C_at_an_idle_prompt_forgets_the_input()
    {
        using var run = new PromptedRun(App("n"));
        run.WaitFor(Prompt);
        run.Send("no_such_name");
        run.WaitFor("no_such_name");
        run.Send(CtrlC);
        run.WaitFor("^C");
        run.Enter("40 + 2");
        run.WaitFor("\n42 : Int");
        run.Enter(":quit");
        Assert.That(run.WaitForEnd(), Is.Zero);
        Assert.That(run.Output, Does.Not.Contain("error"));
    }

    [Test]
    public void A_prompt_that_nobody_types_at_ends_by_SIGINT_like_anything_else()
    {
        using var run = WatchedRun.Of(App("n"), "--repl");
        run.Prints("turn 3");
        Assert.That(run.Signal("INT"), Is.EqualTo(130));
    }

    [TestCaseSource(nameof(Endless))]
    public void A_restart_gets_out_of(string endless)
    {
        using var run = Stuck(endless);
        run.Save("use IO\n\nfn main() -[IO]> ()\n  IO.stderr(\"anew\\n\")\n");
        run.Says("L007", "interrupted", " App.step", "[watch] starting anew", "anew", "[watch] program ended with status 0");
    }

    [TestCaseSource(nameof(Endless))]
    public void Watching_ends_in_the_middle_of(string endless)
    {
        using var run = Stuck(endless);
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }

    [Test]
    public void R_restarts_out_of_an_endless_turn()
    {
        using var run = WatchedRun.OnTerminal(App("spin(n)"), "--grace", "400ms");
        run.Prints("turn 2 has begun");
        run.Press("r");
        run.Prints("interrupted");
        run.Prints("[watch] starting anew");
        run.Prints("turn 2 has begun");
        run.Press("q");
        Assert.That(run.Ends(), Is.Zero);
    }

    [Test]
    public void Ctrl_C_ends_the_watching_where_there_is_no_prompt()
    {
        using var run = WatchedRun.OnTerminal(App("Option.is_none(IO.read_line())"));
        run.Prints("turn 2 has begun");
        run.Press(CtrlC);
        Assert.That(run.Ends(), Is.EqualTo(130));
    }

    /// <summary>In turn 2, and with nobody who would read what it prints.</summary>
    private static WatchedRun Stuck(string endless)
    {
        var run = new WatchedRun(("app.kea", App(endless))) { IsOutputLeft = true, IsInputLeft = true };
        run.Begin("--grace", "400ms");
        run.Says("turn 2 has begun");
        return run;
    }

    /// <summary><c>kea run --watch --repl</c> on a terminal with a cursor.</summary>
    private sealed class PromptedRun : IDisposable
    {
        private readonly Toolchain.Folder _folder = new();
        private readonly TerminalRun _run;

        public PromptedRun(string app)
        {
            Save(app);
            _run = new TerminalRun($"{Toolchain.Program} run --watch --repl app.kea", _folder.Path,
                new Dictionary<string, string>(Toolchain.Environment) { ["TERM"] = "xterm", ["KEA_HOME"] = "", ["HOME"] = _folder.Path, ["XDG_RUNTIME_DIR"] = _folder.Path });
        }

        public string Output => _run.Output;

        public void Save(string app) => _folder.Write("app.kea", app);
        public void Send(string keys) => _run.Send(keys);
        public void WaitFor(string text) => _run.WaitFor(text);
        public int WaitForEnd() => _run.WaitForEnd();

        public void Enter(string line)
        {
            WaitFor(Prompt);
            Send(line + "\r");
        }

        public void Dispose()
        {
            _run.Dispose();
            _folder.Dispose();
        }
    }
}
