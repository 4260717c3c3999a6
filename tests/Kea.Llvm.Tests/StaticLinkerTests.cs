using Kea.Testing;

namespace Kea.Llvm.Tests;

/// <summary>What can go wrong between an object file and an executable: each a message in one line, and nothing left behind.</summary>
internal sealed class StaticLinkerTests
{
    private static readonly byte[] Object = StaticProgram.Compile(
        StaticRun.Parse(StaticProgramTests.Hello), "test.kea", Processor.Static(), StaticRun.Runtime, StaticOutput.Object);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("kea-linker").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_missing_folder_is_made()
    {
        var output = Path.Combine(_folder, "one", "two", "hello");
        Assert.That(StaticLinker.Link(Object, output, StaticRun.Runtime), Is.Null);
        Assert.That(StaticRun.Start(output).Output, Is.EqualTo("hello\n"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(output)!), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_older_executable_is_replaced_also_while_it_runs()
    {
        var output = Path.Combine(_folder, "hello");
        Assert.That(StaticLinker.Link(Object, output, StaticRun.Runtime), Is.Null);
        Assert.That(StaticLinker.Link(Object, output, StaticRun.Runtime), Is.Null);
        Assert.That(StaticRun.Start(output).Status, Is.EqualTo(7));
    }

    [Test]
    public void A_missing_linker_is_named()
    {
        var runtime = StaticRun.Runtime with { Linkers = ["/nowhere/ld.lld", "no-such-linker"] };
        Fails(Path.Combine(_folder, "hello"), runtime, "the linker was not found", "/nowhere/ld.lld", "lld-22");
    }

    [Test]
    public void A_runtime_that_is_not_built_is_named() =>
        Fails(Path.Combine(_folder, "hello"), StaticRun.Runtime with { Folder = "/nowhere" }, "the runtime is not built");

    [Test]
    public void A_folder_is_no_output() => Fails(_folder, StaticRun.Runtime, "cannot write", "it is a folder");

    [Test]
    public void A_file_is_no_folder()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "x");
        Fails(Path.Combine(file, "hello"), StaticRun.Runtime, "cannot write");
    }

    [Test]
    public void A_broken_object_is_reported()
    {
        var output = Path.Combine(_folder, "hello");
        var message = StaticLinker.Link(Object.AsSpan(0, Object.Length / 2), output, StaticRun.Runtime);
        Assert.That(message, Does.StartWith("linking ").And.Contain("failed"));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    [Test]
    public void A_file_system_that_cannot_be_written_is_reported() => Fails("/proc/hello", StaticRun.Runtime, "cannot write /proc/hello");

    /// <summary>Room for the object, not for the executable; and room for neither.</summary>
    [TestCase(64)]
    [TestCase(4)]
    public void A_full_disk_leaves_nothing_behind(int kilobytes)
    {
        using var disk = SmallDisk.Mount(_folder, kilobytes);
        var output = Path.Combine(_folder, "hello");
        var message = StaticLinker.Link(Object, output, StaticRun.Runtime);
        Assert.That(message, Does.Contain(output).And.Not.Contain("\n"));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
        Assert.That(StaticLinker.Write(new byte[1 << 20], output), Does.StartWith("cannot write"));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    private void Fails(string output, RuntimeFiles runtime, params string[] fragments)
    {
        var message = StaticLinker.Link(Object, output, runtime);
        Assert.That(message, Is.Not.Null);
        foreach (var fragment in fragments) Assert.That(message, Does.Contain(fragment));
        Assert.That(message, Does.Not.Contain("\n"));
        Assert.That(Directory.GetFiles(_folder).Where(file => file != Path.Combine(_folder, "file")), Is.Empty);
    }
}
