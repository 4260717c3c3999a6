using System.Diagnostics;
using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary>Ctrl-C at <c>kea repl</c>: it ends the evaluation and not the session (14.9.4), wherever the evaluation is.</summary>
public sealed class ReplInterruptTests : CliTest
{
    private const string Prompt = "kea> \r\u001b[5C", CtrlC = "\u0003";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Each says <c>begun</c> on standard error, at once, and does not come to an end.</summary>
    [TestCase("endless(1)", TestName = "Ctrl-C ends {m}: endless recursion")]
    [TestCase("sleeping()", TestName = "Ctrl-C ends {m}: a long sleep")]
    [TestCase("reading()", TestName = "Ctrl-C ends {m}: waiting for a line")]
    [TestCase("List.map([1, 2], |n| endless(n))", TestName = "Ctrl-C ends {m}: endless code in a lambda")]
    public void An_evaluation(string expression)
    {
        Write("defs.kea", """
            use Clock
            use IO

            fn spin(n: Int) -> Int
              if n < 0 then n else spin((n + 7) % 1000)

            fn endless(n: Int) -[IO]> Int
              IO.stderr("begun\n")
              spin(n)

            fn sleeping() -[IO, Clock]> ()
              IO.stderr("begun\n")
              Clock.sleep(600_000)

            fn reading() -[IO]> Option String
              IO.stderr("begun\n")
              IO.read_line()

            """);
        using var run = Terminal();
        Enter(run, ":load defs.kea");
        Enter(run, "let kept = 40");
        run.WaitFor("\nkept : Int");
        foreach (var input in (string[])[expression, $"let never = {expression}"])
        {
            Enter(run, input);
            run.WaitFor("begun\r\n");
            run.Send(CtrlC);
            run.WaitFor("interrupted\r\n");
        }
        Enter(run, "kept + 2");
        run.WaitFor("\n42 : Int");
        Enter(run, "never");
        run.WaitFor("undefined variable `never`");
        run.WaitFor(Prompt);
        run.Send("\u0004");
        Assert.That(run.WaitForEnd(), Is.Zero);
    }

    [TestCase(TestName = "A_print_that_nobody_reads_is_ended_and_the_session_goes_on")]
    [TestCase("--block-signal=URG", TestName = "A_blocking_call_is_ended_where_the_session_was_started_with_signals_blocked")]
    public void A_print_that_nobody_reads(params string[] signals)
    {
        var start = new ProcessStartInfo("env") { WorkingDirectory = Folder.Path, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--default-signal=INT", .. signals, Toolchain.Program, "repl"]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in Toolchain.Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Write("use Text\nIO.stderr(\"begun\\n\")\nIO.stdout(Text.repeat(\"x\", 1_000_000))\n");
        process.StandardInput.Flush();
        Assert.That(process.StandardError.ReadLine(), Is.EqualTo("begun"));
        // The pipe takes a part of the text; from then on the program waits for a reader who does not come.
        var error = process.StandardError.ReadLineAsync();
        while (!error.Wait(TimeSpan.FromMilliseconds(50))) ProcessRun.Run("kill", ["-INT", process.Id.ToString()]);
        Assert.That(error.Result, Is.EqualTo("interrupted"));
        process.StandardInput.Write("40 + 2\n:quit\n");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.That(output.Wait(Patience));
        process.WaitForExit();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.Result, Does.EndWith("42 : Int\n").And.Length.LessThan(1_000_000));
            Assert.That(process.ExitCode, Is.Zero);
        }
    }

    [Test]
    public void On_a_terminal_that_cannot_place_its_cursor_Ctrl_C_forgets_the_line()
    {
        using var run = Terminal(("TERM", "dumb"));
        run.WaitFor("kea> ");
        run.Send("no_such_name");
        run.WaitFor("no_such_name");
        run.Send(CtrlC);
        run.WaitFor("\nkea> ");
        run.Send("40 + 2\n");
        run.WaitFor("42 : Int");
        run.Send(":quit\n");
        Assert.That(run.WaitForEnd(), Is.Zero);
        Assert.That(run.Output, Does.Not.Contain("error"));
    }

    private TerminalRun Terminal(params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>(Toolchain.Environment) { ["TERM"] = "xterm", ["KEA_HOME"] = "", ["HOME"] = Folder.Path };
        foreach (var (name, value) in settings) environment[name] = value;
        return new TerminalRun($"{Toolchain.Program} repl", Folder.Path, environment);
    }

    private static void Enter(TerminalRun run, string line)
    {
        run.WaitFor(Prompt);
        run.Send(line + "\r");
    }
}
