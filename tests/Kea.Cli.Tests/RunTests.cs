using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary>14.3.</summary>
public sealed class RunTests : CliTest
{
    [TestCase("fn main() -> ()\n  ()\n", 0)]
    [TestCase("fn main() -> Int\n  7\n", 7)]
    [TestCase("fn main() -> Int\n  257\n", 1)]
    [TestCase("use IO\n\nfn main() -[IO]> ()\n  IO.exit(9)\n", 9)]
    [TestCase("fn main() -[Fail String]> ()\n  fail \"no\"\n", 1)]
    [TestCase("fn main() -> ()\n  panic \"no\"\n", 101)]
    public void The_status_is_the_programs(string text, int status)
    {
        Write("a.kea", text);
        var run = Kea("run", "a.kea");
        Assert.That(run.Status, Is.EqualTo(status), run.Error);
    }

    [Test]
    public void Arguments_after_the_file_reach_the_program_whatever_they_look_like()
    {
        Write("a.kea", "use IO\nuse Text\n\nfn main() -[IO]> ()\n  IO.stdout(Text.join(IO.args(), \"|\"))\n");
        string[] arguments = ["one", "--json", "-q", "--", "--help", "", "two words", "\u00e9"];
        Assert.That(Kea(["run", "--color", "never", "a.kea", .. arguments]).Output, Is.EqualTo(string.Join('|', arguments)));
    }

    [TestCase("--json", "x")]
    [TestCase("--", "x", "--")]
    [TestCase]
    public void Two_dashes_right_after_the_file_separate_and_are_not_passed_on(params string[] arguments)
    {
        Write("a.kea", "use IO\nuse Text\n\nfn main() -[IO]> ()\n  IO.stdout(Text.join(IO.args(), \"|\"))\n");
        Assert.That(Kea(["run", "a.kea", "--", .. arguments]).Output, Is.EqualTo(string.Join('|', arguments)));
    }

    [Test]
    public void Standard_input_is_the_programs()
    {
        Write("a.kea", "use IO\n\nfn main() -[IO]> ()\n  case IO.read_line()\n    Some(line) -> IO.stdout(\"got {line}\\n\")\n    None -> IO.stdout(\"nothing\\n\")\n");
        Assert.That(Toolchain.Run(["run", "a.kea"], Folder.Path, "text\n").Output, Is.EqualTo("got text\n"));
    }

    [Test]
    public void Errors_keep_the_program_from_running()
    {
        Write("a.kea", "use IO\n\nfn main() -[IO]> ()\n  IO.stdout(\"ran\\n\")\n  IO.stdout(missing)\n");
        AssertRefused(Kea("run", "a.kea"));
    }

    [Test]
    public void A_shebang_line_is_ignored()
    {
        Write("a.kea", "#!/usr/bin/env kea\n" + Hello);
        Assert.That(Kea("run", "a.kea").Output, Is.EqualTo("hello\n"));
    }

    [Test]
    public void A_panic_says_where_it_happened()
    {
        Write("a.kea", "fn half(n: Int) -> Int\n  10 / n\n\nfn main() -> Int\n  half(0)\n");
        var run = Kea("run", "a.kea");
        Assert.That(run.Status, Is.EqualTo(101));
        Assert.That(run.Error, Does.StartWith("panic: integer division by zero\n").And.Contain("a.kea:2:"));
    }
}
