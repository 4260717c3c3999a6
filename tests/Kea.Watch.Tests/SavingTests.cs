namespace Kea.Watch.Tests;

/// <summary>How editors and tools write files, and what they leave as it was.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class SavingTests
{
    private static string App(string tag) => Apps.Counting($"\"{tag} {{n}}\"");

    private static readonly (string Name, Action<string, string> Save)[] Ways =
    [
        ("in place", File.WriteAllText),
        ("rename over", (path, text) => { File.WriteAllText(path + ".tmp", text); File.Move(path + ".tmp", path, overwrite: true); }),
        ("backup, then new file", (path, text) => { File.Move(path, path + "~", overwrite: true); File.WriteAllText(path, text); }),
        ("delete and create", (path, text) => { File.Delete(path); File.WriteAllText(path, text); }),
        ("truncate, then write", (path, text) =>
        {
            using var file = File.Open(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
            file.Flush();
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }),
        ("in pieces", (path, text) =>
        {
            using var file = File.Open(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            foreach (var piece in text.Chunk(40))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(piece));
                file.Flush();
            }
        }),
        ("overwritten in the middle", (path, text) =>
        {
            using var file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.SetLength(file.Position);
        }),
    ];

    private static IEnumerable<TestCaseData> WayCases() =>
        from poll in (bool[])[false, true]
        from way in Ways
        select new TestCaseData(way.Save, poll).SetArgDisplayNames(way.Name, poll ? "polling" : "events");

    [TestCaseSource(nameof(WayCases))]
    public void Any_way_of_saving_is_seen(Action<string, string> save, bool poll)
    {
        using var run = WatchedRun.Of(App("zero"), poll ? ["--poll"] : []);
        run.Prints("zero");
        foreach (var tag in (string[])["first", "second"])
        {
            run.Mark();
            save(run.PathOf("app.kea"), App(tag));
            run.Prints(tag);
        }
    }

    [Test]
    public void The_last_of_fifty_quick_saves_wins()
    {
        using var run = WatchedRun.Of(App("zero"));
        run.Prints("zero");
        for (var i = 1; i <= 50; i++) run.Save(App($"save-{i}-"));
        run.Prints("save-50-");
        run.Mark();
        run.Save(App("after"));
        run.IsUpdatedTo("after");
        run.DidNotSay("rejected");
    }

    [Test]
    public void Saves_without_a_debounce_are_all_taken_and_the_last_one_stays()
    {
        using var run = WatchedRun.Of(App("zero"), "--debounce", "0ms");
        run.Prints("zero");
        for (var i = 1; i <= 20; i++) run.Save(App($"save-{i}-"));
        run.Prints("save-20-");
        run.Save(App("after"));
        run.Prints("after");
    }

    /// <summary>Nothing is said about what changes nothing; an edit behind it shows that it was seen.</summary>
    [TestCase("touched")]
    [TestCase("saved as it is")]
    [TestCase("a comment")]
    [TestCase("layout")]
    [TestCase("another file in the folder")]
    [TestCase("another module that nobody uses")]
    public void Says_nothing_about(string edit)
    {
        using var run = WatchedRun.Of(App("zero"));
        run.Prints("zero");
        run.Mark();
        var path = run.PathOf("app.kea");
        switch (edit)
        {
            case "touched": File.SetLastWriteTimeUtc(path, DateTime.UtcNow); break;
            case "saved as it is": File.WriteAllText(path, App("zero")); break;
            case "a comment": File.WriteAllText(path, App("zero") + "\n-- a comment\n"); break;
            case "layout": File.WriteAllText(path, App("zero").Replace("fn step", "\n\nfn step")); break;
            case "another file in the folder": File.WriteAllText(run.PathOf("notes.txt"), "anything"); break;
            default: File.WriteAllText(run.PathOf("unused.kea"), "fn unused( -> broken"); break;
        }
        // Only so that the two are likely to be seen apart; together they must say no more.
        Thread.Sleep(TimeSpan.FromMilliseconds(200));
        run.Save(App("later"));
        run.IsUpdatedTo("later");
        Assert.That(run.Error.Count(l => l.Contains("recompiling")), Is.EqualTo(1), string.Join('\n', run.Error));
        Assert.That(run.Error.Count(l => l.Contains("updated")), Is.EqualTo(1));
        run.DidNotSay("rejected");
    }
}
