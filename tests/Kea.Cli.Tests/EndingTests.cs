using System.Diagnostics;
using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary>Programs that do not end by themselves, or whose reader goes away.</summary>
public sealed class EndingTests : CliTest
{
    private const int InterruptStatus = 130;
    private const string Said = "use IO\nuse Clock\n\nfn main() -[IO, Clock]> ()\n"
        + "  IO.stdout(\"ready\\n\")\n  Clock.sleep(1)\n  IO.stdout(\"first\\n\")\n  IO.stdout(\"second\\n\")\n";

    [Test]
    public void Endless_recursion_is_a_panic()
    {
        Write("a.kea", "fn down(n: Int) -> Int\n  1 + down(n + 1)\n\nfn main() -> Int\n  down(0)\n");
        var run = Kea("run", "a.kea");
        Assert.That((run.Status, FirstLine(run.Error)), Is.EqualTo((101, "panic: stack overflow")));
        Kea("build", "a.kea");
        var built = ProcessRun.Run(PathOf("a"), []);
        Assert.That((built.Status, FirstLine(built.Error)), Is.EqualTo((101, "panic: stack overflow")));
    }

    [TestCase("while true\n    ()")]
    [TestCase("Clock.sleep(100_000)")]
    public void An_interrupt_ends_a_program_at_once(string forever)
    {
        Write("a.kea", $"use IO\nuse Clock\n\nfn main() -[IO, Clock]> ()\n  IO.stdout(\"ready\\n\")\n  Clock.sleep(1)\n  {forever}\n");
        using var process = Start(Toolchain.Program, "run", "a.kea");
        Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("ready"));
        Thread.Sleep(200);
        ProcessRun.Run("kill", ["-INT", process.Id.ToString()]);
        var ended = process.WaitForExit(TimeSpan.FromSeconds(20));
        if (!ended) process.Kill();
        Assert.That(ended, "it went on running");
        Assert.That(process.ExitCode, Is.EqualTo(InterruptStatus));
        Assert.That(process.StandardError.ReadToEnd(), Is.Empty);
    }

    [TestCase("INT", InterruptStatus)]
    [TestCase("TERM", 143)]
    public void What_was_printed_before_a_signal_is_not_lost(string signal, int status)
    {
        Write("a.kea", Said + "  IO.stderr(\"all said\\n\")\n  while true\n    ()\n");
        Kea("build", "a.kea");
        foreach (var command in (string[][])[[Toolchain.Program, "run", "a.kea"], [PathOf("a")]])
        {
            using var process = Start(command);
            Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("ready"));
            Assert.That(process.StandardError.ReadLine(), Is.EqualTo("all said"));
            ProcessRun.Run("kill", ["-" + signal, process.Id.ToString()]);
            Assert.That(process.StandardOutput.ReadToEnd(), Is.EqualTo("first\nsecond\n"), command[0]);
            Assert.That(process.WaitForExit(TimeSpan.FromSeconds(20)), "it went on running");
            Assert.That(process.ExitCode, Is.EqualTo(status), command[0]);
        }
    }

    [Test]
    public void A_signal_comes_between_whole_writes()
    {
        Write("a.kea", "use IO\n\nfn main() -[IO]> ()\n  while true\n    IO.stdout(\"0123456789\\n\")\n");
        Kea("build", "a.kea");
        using var process = Start(PathOf("a"));
        Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("0123456789"));
        var lines = Task.Run(process.StandardOutput.ReadToEnd);
        Thread.Sleep(100);
        ProcessRun.Run("kill", ["-INT", process.Id.ToString()]);
        Assert.That(lines.Wait(TimeSpan.FromSeconds(20)), "it went on running");
        Assert.That(lines.Result, Is.Not.Empty);
        Assert.That(lines.Result.Replace("0123456789\n", ""), Is.Empty);
    }

    [Test]
    public void A_reader_that_does_not_read_cannot_keep_a_signal_off()
    {
        Write("a.kea", "use IO\n\nfn main() -[IO]> ()\n  while true\n    IO.stdout(\"0123456789\\n\")\n");
        using var process = Start(Toolchain.Program, "run", "a.kea");
        Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("0123456789"));
        Thread.Sleep(200);
        ProcessRun.Run("kill", ["-INT", process.Id.ToString()]);
        var ended = process.WaitForExit(TimeSpan.FromSeconds(20));
        if (!ended) process.Kill();
        Assert.That(ended, "it went on running");
        Assert.That(process.ExitCode, Is.EqualTo(InterruptStatus));
    }

    [Test]
    public void Who_is_started_deaf_to_interrupts_stays_so()
    {
        Write("a.kea", Said + "  Clock.sleep(300)\n  IO.stdout(\"end\\n\")\n");
        Kea("build", "a.kea");
        using var process = Process.Start(new ProcessStartInfo("env", ["--ignore-signal=INT", PathOf("a")]) { RedirectStandardOutput = true })!;
        Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("ready"));
        ProcessRun.Run("kill", ["-INT", process.Id.ToString()]);
        Assert.That(process.StandardOutput.ReadToEnd(), Is.EqualTo("first\nsecond\nend\n"));
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(20)), "it went on running");
        Assert.That(process.ExitCode, Is.Zero);
    }

    [Test]
    public void A_reader_that_leaves_ends_the_program_quietly()
    {
        Write("a.kea", "use IO\n\nfn say(n: Int) -[IO]> ()\n  if n > 0\n    IO.stdout(\"a line of output\\n\")\n    say(n - 1)\n  else\n    ()\n\nfn main() -[IO]> ()\n  say(1_000_000)\n");
        var run = ProcessRun.Run("bash", ["-c", $"'{Toolchain.Program}' run a.kea | head -n 1; echo ${{PIPESTATUS[0]}}"], Folder.Path, secondsMax: SlowestStartSeconds);
        Assert.That(run.Output, Is.EqualTo("a line of output\n141\n"));
        Assert.That(run.Error, Is.Empty);
    }

    /// <summary>
    /// Without waiting for its end. Whoever started these tests in the background may have made them, and so their
    /// children, deaf to interrupts.
    /// </summary>
    private Process Start(params string[] command) => Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", .. command])
    {
        WorkingDirectory = Folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    [Test]
    public void A_full_disk_under_standard_output_is_a_sentence()
    {
        Write("a.kea", Hello);
        var run = ProcessRun.Run("bash", ["-c", $"'{Toolchain.Program}' run a.kea > /dev/full"], Folder.Path, secondsMax: SlowestStartSeconds);
        Assert.That(run.Status, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith("error: cannot write output: "));
        Assert.That(run.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }
}
