namespace Kea.Watch.Tests;

/// <summary>Sources that cannot be read for a while, or lie elsewhere than they seem to.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class LostSourceTests
{
    private static string App(string tag) => Apps.Counting($"\"{tag} {{n}}\"");

    private static readonly (string Name, Action<string> Lose, Action<string> Clear)[] Losses =
    [
        ("a folder in its place", path => { File.Delete(path); Directory.CreateDirectory(path); }, Directory.Delete),
        ("a link that leads nowhere", path => { File.Delete(path); File.CreateSymbolicLink(path, path + ".nowhere"); }, File.Delete),
        ("a link to itself", path => { File.Delete(path); File.CreateSymbolicLink(path, path); }, File.Delete),
        ("moved away", path => File.Move(path, path + ".away"), path => File.Delete(path + ".away")),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from file in (string[])["app.kea", "part.kea"] from loss in Losses select new TestCaseData(file, loss.Lose, loss.Clear).SetArgDisplayNames(file, loss.Name);

    [TestCaseSource(nameof(Cases))]
    public void Is_missed_until_it_is_back(string file, Action<string> lose, Action<string> clear)
    {
        var app = Apps.Counting("\"{Part.tag()} {n}\"", "use Part");
        using var run = new WatchedRun(("app.kea", app), ("part.kea", "fn tag() -> String\n  \"old\"\n"));
        run.Begin("--debounce", "200ms");
        run.Prints("old 1");
        run.Mark();
        lose(run.PathOf(file));
        run.Says("error[", "rejected: ");
        run.Mark();
        run.Prints("old ");
        Assert.That(run.Kea(["status"]).Status, Is.EqualTo(1));
        clear(run.PathOf(file));
        run.Save(file == "app.kea" ? app.Replace("{n}", "{n} back") : "fn tag() -> String\n  \"back\"\n", file);
        run.IsUpdatedTo("back");
        Assert.That(run.Output.Select(l => int.Parse(l.Split(' ')[1])), Is.EqualTo(Enumerable.Range(0, run.Output.Length)), "it never stopped");
    }

    /// <summary>The system tells of changes in the folder where a file really is, and of none where a link to it is.</summary>
    [TestCase("linked file", false)]
    [TestCase("linked file", true)]
    [TestCase("linked folder", false)]
    [TestCase("linked folder", true)]
    public void Is_found_behind(string link, bool poll)
    {
        string Part(string tag) => $"fn tag() -> String\n  \"{tag}\"\n";
        using var run = new WatchedRun(("here/app.kea", Apps.Counting("\"{Part.tag()} {n}\"", "use Parts.Part as Part")), ("elsewhere/part.kea", Part("old")));
        if (link == "linked folder") Directory.CreateSymbolicLink(run.PathOf("here/parts"), "../elsewhere");
        else
        {
            Directory.CreateDirectory(run.PathOf("here/parts"));
            File.CreateSymbolicLink(run.PathOf("here/parts/part.kea"), "../../elsewhere/part.kea");
        }
        using var beside = run.Beside("here", poll ? ["--poll"] : []);
        beside.Prints("old ");
        foreach (var tag in (string[])["new", "newer"])
        {
            beside.Mark();
            run.Save(Part(tag), "elsewhere/part.kea");
            beside.IsUpdatedTo(tag + " ");
        }
        Assert.That(beside.Error, Has.Some.EqualTo("[reload] parts/part.kea changed, recompiling..."));
    }
}
