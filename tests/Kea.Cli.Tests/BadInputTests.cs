using System.Text;
using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary>Input that no compiler likes: each gives a sentence or a diagnostic and a status that is not zero.</summary>
public sealed class BadInputTests : CliTest
{
    private static readonly string[] Verbs = ["run", "build", "check", "test"];

    [TestCaseSource(nameof(Verbs))]
    public void A_missing_file(string verb) => AssertSays(Kea(verb, "nowhere.kea"), "error[E0901]: cannot find `nowhere.kea`");

    [TestCaseSource(nameof(Verbs))]
    public void A_directory(string verb)
    {
        Directory.CreateDirectory(PathOf("folder.kea"));
        AssertSays(Kea(verb, "folder.kea"), "error[E0901]: `folder.kea` is a directory, not a source file");
    }

    [TestCaseSource(nameof(Verbs))]
    public void A_file_that_is_not_utf8(string verb)
    {
        File.WriteAllBytes(PathOf("a.kea"), [.. "fn f() -> Int\n  1\n"u8, 0xff, 0xfe]);
        AssertSays(Kea(verb, "a.kea"), "error[E0901]: `a.kea` is not valid UTF-8 (byte 18)");
    }

    [TestCase("run", "")]
    [TestCase("build", "")]
    [TestCase("run", "fn f() -> Int\n  1\n")]
    [TestCase("build", "fn f() -> Int\n  1\n")]
    public void No_main(string verb, string text)
    {
        Write("a.kea", text);
        AssertSays(Kea(verb, "a.kea"), "error[E0903]: no main function in `a.kea`");
    }

    [TestCase("E0009", "fn main(n: Int) -> ()\n  ()\n")]
    [TestCase("E0001", "fn main() -> String\n  \"text\"\n")]
    [TestCase("E0015", "effect Ask\n  fn ask() -> Int\n\nfn main() -[Ask]> Int\n  Ask.ask()\n")]
    public void A_wrong_main(string code, string text)
    {
        Write("a.kea", text);
        var result = Kea("run", "a.kea");
        AssertRefused(result);
        Assert.That(result.Error, Does.StartWith($"error[{code}]: ").And.Contain("`main`").And.EndWith("\n1 error, 0 warnings\n"));
    }

    [Test]
    public void An_import_that_is_a_directory()
    {
        Directory.CreateDirectory(PathOf("other.kea"));
        Write("a.kea", "use Other\n\n" + Hello);
        AssertSays(Kea("run", "a.kea"), "error[E0005]: module `Other` cannot be read: `other.kea` is a directory, not a source file");
    }

    [Test]
    public void An_import_that_is_not_utf8()
    {
        File.WriteAllBytes(PathOf("other.kea"), [0xff]);
        Write("a.kea", "use Other\n\n" + Hello);
        AssertSays(Kea("run", "a.kea"), "error[E0005]: module `Other` cannot be read: `other.kea` is not valid UTF-8 (byte 0)");
    }

    [Test]
    public void An_import_that_is_not_there()
    {
        Write("a.kea", "use Other\n\n" + Hello);
        AssertSays(Kea("run", "a.kea"), "error[E0005]: module `Other` not found");
    }

    [TestCase("taken", "it is a folder")]
    [TestCase("hello.kea/program", "a file is where its folder should be")]
    [TestCase("/dev/null", "it is not an ordinary file")]
    [TestCase("/proc/program", "there is no such folder")]
    public void An_output_that_cannot_be_written(string output, string why)
    {
        Write("hello.kea", Hello);
        Directory.CreateDirectory(PathOf("taken"));
        AssertSays(Kea("build", "hello.kea", "-o", output), $"error[E0904]: cannot write {output}: {why}");
        Assert.That(Directory.GetFiles(Folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName), Is.EqualTo((string[])["hello.kea"]));
    }

    [TestCase("program")]
    [TestCase("program.o")]
    public void A_full_disk_leaves_no_half_written_output(string output)
    {
        Write("hello.kea", Hello);
        using var disk = SmallDisk.Mount(PathOf("disk"), kilobytes: output.EndsWith(".o", StringComparison.Ordinal) ? 16 : 60);
        var path = Path.Combine(disk.Path, output);
        var result = Kea("build", "hello.kea", "-o", path);
        AssertRefused(result);
        Assert.That(result.Error, Does.StartWith($"error[E0904]: cannot write {path}: "));
        Assert.That(Directory.GetFileSystemEntries(disk.Path), Is.Empty);
    }

    [Test]
    public void Huge_nesting_is_a_diagnostic()
    {
        foreach (var (open, close) in (ReadOnlySpan<(string, string)>)[("(", ")"), ("[", "]"), ("Some(", ")"), ("not ", ""), ("if true then ", " else 1"), ("#{ x: ", " }")])
        {
            Write("a.kea", $"fn main() -> Int\n  {Repeat(open, 20_000)}1{Repeat(close, 20_000)}\n");
            var result = Kea("check", "a.kea");
            AssertRefused(result);
            Assert.That(FirstLine(result.Error), Does.Contain("nested too deeply"), open);
        }
    }

    [Test]
    public void A_line_of_a_hundred_thousand_characters_is_read_and_reported()
    {
        Write("good.kea", $"fn main() -> Int\n  {Repeat("1 + ", 250)}String.length_missing(\"{Repeat("x", 100_000)}\")\n");
        var result = Kea("check", "good.kea");
        AssertRefused(result);
        Assert.That(FirstLine(result.Error), Does.StartWith("error[E0005]"));
        Write("long.kea", $"use IO\n\nfn main() -[IO]> ()\n  IO.stdout(\"{Repeat("x", 100_000)}\")\n");
        Assert.That(Kea("run", "long.kea").Output, Has.Length.EqualTo(100_000));
    }

    private static void AssertSays(Testing.ProcessResult result, string first)
    {
        AssertRefused(result);
        Assert.That(FirstLine(result.Error), Is.EqualTo(first));
    }

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
