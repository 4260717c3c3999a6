using Kea.Driver;

namespace Kea.Cli.Tests;

/// <summary>14.1: verbs, flags, and what happens when they are wrong.</summary>
public sealed class UsageTests : CliTest
{
    private static readonly string[] Verbs = ["run", "build", "check", "test", "plan", "status", "explain"];

    [Test]
    public void Help_lists_every_verb_on_standard_output()
    {
        var result = Kea("--help");
        Assert.That((result.Status, result.Error), Is.EqualTo((0, "")));
        foreach (var verb in Verbs) Assert.That(result.Output, Does.Contain($"  {verb} "));
    }

    [TestCaseSource(nameof(Verbs))]
    public void Help_of_a_verb_lists_its_flags(string verb)
    {
        var result = Kea(verb, "--help");
        Assert.That((result.Status, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.StartWith($"usage: kea {verb} "));
    }

    [Test]
    public void Version_is_one_line()
    {
        var result = Kea("--version");
        Assert.That((result.Status, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.Match(@"\Akea \d+\.\d+\.\d+\n\z"));
    }

    [TestCase("kea: name what to do")]
    [TestCase("kea: unknown verb `rum`; did you mean `run`?", "rum", "a.kea")]
    [TestCase("kea: unknown verb `frobnicate`", "frobnicate")]
    [TestCase("kea: unknown flag `--frob`", "--frob")]
    [TestCase("kea: unknown flag `--frob`", "check", "--frob", "a.kea")]
    [TestCase("kea: unknown flag `--frob`", "run", "--frob", "a.kea")]
    [TestCase("kea: flag `-o` needs a value", "build", "a.kea", "-o")]
    [TestCase("kea: flag `--color` needs a value", "check", "--color")]
    [TestCase("kea: flag `--cpu` needs a value", "build", "--cpu", "--json", "a.kea")]
    [TestCase("kea: flag `--color` does not take this value", "check", "--color", "mauve", "a.kea")]
    [TestCase("kea: flag `--emit` does not take this value", "build", "--emit", "wasm", "a.kea")]
    [TestCase("kea: unexpected argument `b.kea`", "check", "a.kea", "b.kea")]
    [TestCase("kea: unexpected argument `b.kea`", "build", "a.kea", "b.kea")]
    [TestCase("kea: unexpected argument `E0002`", "explain", "E0001", "E0002")]
    [TestCase("kea: `kea explain` needs an argument", "explain")]
    public void Wrong_usage_is_named_above_the_usage_text(string first, params string[] arguments)
    {
        var result = Kea(arguments);
        AssertRefused(result);
        Assert.That(FirstLine(result.Error), Is.EqualTo(first));
        Assert.That(result.Error, Does.Contain("usage: kea"));
    }

    [TestCase("run")]
    [TestCase("build")]
    [TestCase("check")]
    [TestCase("test")]
    public void Without_a_file_and_a_manifest_the_verb_says_so(string verb)
    {
        var result = Kea(verb);
        AssertRefused(result);
        Assert.That(result.Error, Is.EqualTo("no input file provided and no kea.toml found in current directory or ancestors\n"));
    }

    [Test]
    public void Without_a_file_the_entry_of_the_nearest_manifest_is_used()
    {
        Write("kea.toml", "[package]\nname = \"shop\"\n");
        Write("src/main.kea", Hello);
        Assert.That(Kea("run").Output, Is.EqualTo("hello\n"));
    }

    [Test]
    public void A_fault_of_the_compiler_is_one_apologetic_line_with_its_phase()
    {
        var error = new StringWriter();
        var status = Dispatch.Run(["--version"], new Terminal(new BrokenWriter(), error, errorIsTerminal: false));
        Assert.That(status, Is.EqualTo(1));
        Assert.That(error.ToString().TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(error.ToString(), Does.Contain("sorry").And.Contain("type checking failed").And.Contain("please report").And.Not.Contain("   at "));
    }

    [Test]
    public void A_fault_keeps_the_innermost_phase_and_its_cause()
    {
        var cause = new InvalidOperationException("no such slot");
        var fault = Assert.Throws<CompilerFault>(() =>
            CompilerFault.During("the command", () => CompilerFault.During("lowering", () => cause is null ? 0 : throw cause)));
        Assert.That((fault!.Phase, fault.InnerException), Is.EqualTo(("lowering", cause)));
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) =>
            CompilerFault.During("type checking", () => value is null ? 0 : throw new InvalidOperationException("first line\nsecond line"));
    }
}
