using Kea.Testing;

namespace Kea.Cli.Tests;

/// <summary>14.4.</summary>
public sealed class BuildTests : CliTest
{
    [Test]
    public void An_executable_stands_beside_its_source_by_default()
    {
        Write("hello.kea", Hello);
        var result = Kea("build", "hello.kea");
        Assert.That((result.Status, result.Output, result.Error), Is.EqualTo((0, "built executable `hello`\n", "")));
        var run = ProcessRun.Run(PathOf("hello"), []);
        Assert.That((run.Status, run.Output), Is.EqualTo((0, "hello\n")));
    }

    [Test]
    public void The_executable_is_static_and_small()
    {
        Write("hello.kea", Hello);
        Kea("build", "hello.kea", "-o", "out/deep/hello");
        var bytes = File.ReadAllBytes(PathOf("out/deep/hello"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bytes.Take(4), Is.EqualTo("\u007fELF"u8.ToArray()));
            Assert.That(bytes.AsSpan().IndexOf("ld-linux"u8), Is.Negative, "it names a dynamic loader");
            Assert.That(bytes.AsSpan().IndexOf("ld-musl"u8), Is.Negative, "it names a dynamic loader");
            Assert.That(bytes, Has.Length.LessThanOrEqualTo(100 * 1024));
        }
    }

    [Test]
    public void An_object_file_is_built_and_measured()
    {
        Write("hello.kea", Hello);
        var result = Kea("build", "hello.kea", "-o", "hello.o");
        Assert.That(result.Output, Is.EqualTo($"built object `hello.o` ({new FileInfo(PathOf("hello.o")).Length} bytes)\n"));
        Assert.That(Directory.GetFiles(Folder.Path).Select(Path.GetFileName), Is.EquivalentTo((string[])["hello.kea", "hello.o"]));
    }

    [TestCase("mir", "hello.mir", "main")]
    [TestCase("llvm", "hello.ll", "define ")]
    [TestCase("asm", "hello.s", ".text")]
    public void A_form_is_written_beside_the_output(string form, string file, string content)
    {
        Write("hello.kea", Hello);
        var result = Kea("build", "hello.kea", "--emit", form);
        Assert.That(result.Status, Is.Zero, result.Error);
        Assert.That(File.ReadAllText(PathOf(file)), Does.Contain(content));
        Assert.That(File.Exists(PathOf("hello")));
    }

    [TestCase("x86-64-v3")]
    [TestCase("native")]
    public void A_processor_may_be_named(string cpu)
    {
        Write("hello.kea", Hello);
        Assert.That(Kea("build", "hello.kea", "--cpu", cpu).Output, Is.EqualTo("built executable `hello`\n"));
    }

    [Test]
    public void An_unknown_processor_is_refused()
    {
        Write("hello.kea", Hello);
        var result = Kea("build", "hello.kea", "--cpu", "x86-64-v9");
        AssertRefused(result);
        Assert.That(FirstLine(result.Error), Is.EqualTo("error[E0904]: unknown processor `x86-64-v9`"));
        Assert.That(result.Error, Does.Contain("did you mean `x86-64"));
        Assert.That(File.Exists(PathOf("hello")), Is.False);
    }
}
