using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary><c>kea repl</c> on a terminal: keys in, screen out.</summary>
public sealed class ReplTerminalTests : CliTest
{
    private const string Prompt = "kea> \r\u001b[5C", Up = "\u001b[A";

    [Test]
    public void Inputs_are_typed_corrected_and_recalled()
    {
        using var run = Start();
        Enter(run, "1 + 20\u007f");
        run.WaitFor("\n3 : Int");
        run.WaitFor(Prompt);
        run.Send(Up + "0\r");
        run.WaitFor("\n21 : Int");
        Quit(run);
    }

    [Test]
    public void The_history_outlives_the_session()
    {
        using (var first = Start())
        {
            Enter(first, "fn twice(n: Int) -> Int\r  2 * n\r");
            first.WaitFor("\nfn twice(n: Int) -> Int\r\n");
            Quit(first);
        }
        using var second = Start();
        second.WaitFor(Prompt);
        second.Send("\u0012twi");
        second.WaitFor("search `twi`");
        second.Send("\r");
        second.WaitFor("\nfn twice(n: Int) -> Int\r\n");
        Enter(second, "twice(21)");
        second.WaitFor("\n42 : Int");
        Quit(second);
    }

    [Test]
    public void A_paste_of_several_definitions_is_one_input()
    {
        using var run = Start();
        run.WaitFor(Prompt);
        run.Send("\u001b[200~fn even(n: Int) -> Bool\n  if n == 0 then true else odd(n - 1)\n\nfn odd(n: Int) -> Bool\n  if n == 0 then false else even(n - 1)\n\u001b[201~\r");
        run.WaitFor("\nfn even(n: Int) -> Bool\r\nfn odd(n: Int) -> Bool\r\n");
        Enter(run, "even(10)");
        run.WaitFor("\ntrue : Bool");
        Quit(run);
    }

    [Test]
    public void Tab_completes_members_by_the_type_of_what_stands_before()
    {
        using var run = Start();
        Enter(run, "struct Point\r  across: Int\r  down: Int\r");
        run.WaitFor("\nstruct Point\r\n");
        Enter(run, "let here = Point { across: 3, down: 4 }");
        run.WaitFor("\nhere : Point\r\n");
        run.WaitFor(Prompt);
        run.Send("he\t");
        run.WaitFor("kea> here");
        run.Send(".acr\t");
        run.WaitFor("kea> here.across");
        run.Send(" + List.len\t([1])\r");
        run.WaitFor("\n4 : Int");
        Quit(run);
    }

    [Test]
    public void Ctrl_C_at_the_prompt_forgets_the_input_and_not_the_session()
    {
        using var run = Start();
        run.WaitFor(Prompt);
        run.Send("no_such_name");
        run.WaitFor("no_such_name");
        run.Send("\u0003");
        run.WaitFor("^C");
        Enter(run, "40 + 2");
        run.WaitFor("\n42 : Int");
        Quit(run);
        Assert.That(run.Output, Does.Not.Contain("error"));
    }

    [Test]
    public void A_program_reads_lines_from_the_terminal_while_it_is_evaluated()
    {
        using var run = Start();
        Enter(run, "IO.read_line()");
        // The terminal echoes by itself again.
        Thread.Sleep(500);
        run.Send("typed\n");
        run.WaitFor("Some(typed) : Option String");
        Quit(run);
    }

    [Test]
    public void A_dumb_terminal_gets_plain_prompts()
    {
        using var run = Start(("TERM", "dumb"));
        run.WaitFor("kea> ");
        run.Send("1 + 1\n");
        run.WaitFor("2 : Int");
        run.WaitFor("kea> ");
        run.Send(":quit\n");
        Assert.That(run.WaitForEnd(), Is.Zero);
        Assert.That(run.Output, Does.Not.Contain("\u001b[2004h").And.Not.Contain("\u001b[J"));
    }

    [Test]
    public void Colours_are_drawn_unless_NO_COLOR_is_set()
    {
        using var colored = Start(("NO_COLOR", ""));
        colored.WaitFor("kea> ");
        colored.Send("\"x\"\r");
        colored.WaitFor("\u001b[0;32m\"x\"");
        colored.WaitFor("\nx : String");
        colored.WaitFor("\r\u001b[5C");
        colored.Send("\u0004");
        Assert.That(colored.WaitForEnd(), Is.Zero);
    }

    [Test]
    public void What_a_running_program_prints_stands_above_what_is_typed_into_it()
    {
        Write("app.kea", "use Clock\nuse IO\nuse Live\nuse Step.{Continue, Step}\n\nfn step(n: Int) -[IO, Clock]> Step Int\n  IO.println(\"turn {n}\")\n  Clock.sleep(20)\n  Continue(n + 1)\n\nfn main() -[IO, Clock, Live]> ()\n  let _ = Live.loop(0, step)\n  ()\n");
        using var run = Start("run --watch --repl app.kea");
        run.WaitFor(Prompt);
        run.Send("let half_typed = 20");
        run.WaitFor("let half_typed = 20\r");
        // The input is taken away, the line printed, and the input drawn again.
        run.WaitFor("\u001b[Jturn ");
        run.WaitFor("\r\u001b[Jkea> let half_typed = 20\r");
        run.Send("\r");
        run.WaitFor("half_typed : Int\r\n");
        run.Send("half_typed + 1\r");
        run.WaitFor("21 : Int\r\n");
        run.WaitFor("turn ");
        run.Send("\u0004");
        Assert.That(run.WaitForEnd(), Is.Zero);
    }

    private TerminalRun Start(params (string Name, string Value)[] settings) => Start("repl", settings);

    private TerminalRun Start(string arguments, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>(Toolchain.Environment) { ["TERM"] = "xterm", ["KEA_HOME"] = "", ["HOME"] = Folder.Path };
        foreach (var (name, value) in settings) environment[name] = value;
        return new TerminalRun($"{Toolchain.Program} {arguments}", Folder.Path, environment);
    }

    private static void Enter(TerminalRun run, string line)
    {
        run.WaitFor(Prompt);
        run.Send(line + "\r");
    }

    private static void Quit(TerminalRun run)
    {
        run.WaitFor(Prompt);
        run.Send("\u0004");
        Assert.That(run.WaitForEnd(), Is.Zero);
    }
}
