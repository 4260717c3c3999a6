using Kea.Repl.Editing;
using Kea.Testing;

namespace Kea.Repl.Tests.Editing;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class HistoryTests
{
    private Toolchain.Folder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new Toolchain.Folder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private string File => Path.Combine(_folder.Path, "home", "history");

    [Test]
    public void Inputs_come_back_whole_in_a_later_session()
    {
        string[] inputs = ["1 + 1", "fn f(n: Int) -> Int\n  n", "\"back\\\\slash \\n\"", "日本"];
        var history = new History(File);
        foreach (var input in inputs) Assert.That(history.Add(input), Is.Null);
        Assert.That(new History(File).Entries, Is.EqualTo(inputs));
    }

    [Test]
    public void The_same_input_again_is_no_new_entry()
    {
        var history = new History(File);
        history.Add("1");
        history.Add("1");
        Assert.That(new History(File).Entries, Is.EqualTo((string[])["1"]));
    }

    [Test]
    public void Only_the_user_reads_it()
    {
        new History(File).Add("secret");
        var first = System.IO.File.GetUnixFileMode(File);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        new History(File).Add("more");
        Assert.That((first, System.IO.File.GetUnixFileMode(File)), Is.EqualTo((UnixFileMode.UserRead | UnixFileMode.UserWrite, UnixFileMode.UserRead | UnixFileMode.UserWrite)));
    }

    [Test]
    public void Sessions_beside_each_other_lose_nothing()
    {
        Parallel.For(0, 4, session =>
        {
            var history = new History(File);
            for (var i = 0; i < 50; i++) Assert.That(history.Add($"session {session}\ninput {i}"), Is.Null);
        });
        Assert.That(new History(File).Entries, Is.EquivalentTo(Enumerable.Range(0, 4).SelectMany(s => Enumerable.Range(0, 50).Select(i => $"session {s}\ninput {i}"))));
    }

    [Test]
    public void It_stays_bounded_and_keeps_the_youngest()
    {
        var history = new History(File, bytesMax: 1000);
        for (var i = 0; i < 500; i++) history.Add($"input number {i}");
        var kept = new History(File).Entries;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new FileInfo(File).Length, Is.LessThanOrEqualTo(1000));
            Assert.That(kept, Has.Count.GreaterThan(10));
            Assert.That(kept, Is.EqualTo(Enumerable.Range(500 - kept.Count, kept.Count).Select(i => $"input number {i}")));
        }
    }

    [Test]
    public void A_place_that_cannot_be_written_is_said_once()
    {
        var history = new History("/proc/none/history");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(history.Add("1"), Does.StartWith("the history is not kept: "));
            Assert.That(history.Add("2"), Is.Null);
            Assert.That(history.Entries, Is.EqualTo((string[])["1", "2"]));
        }
    }
}
