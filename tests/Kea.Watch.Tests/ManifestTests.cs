namespace Kea.Watch.Tests;

/// <summary>What becomes of a running program when its <c>kea.toml</c> does (L021).</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ManifestTests
{
    private const string Text = "[package]\nname = \"counting\"\nversion = \"0.1.0\"\n";

    private static string App(string tag) => Apps.Counting($"\"{tag} {{n}}\"");

    [TestCase("")]
    [TestCase("--poll")]
    public void Another_text_is_told_of_and_the_program_goes_on(string flag)
    {
        using var run = new WatchedRun(("app.kea", App("one")), ("kea.toml", Text));
        run.Begin(flag.Length > 0 ? [flag] : []);
        run.Prints("one");
        run.Save(Text + "kea = \"0.1\"\n", "kea.toml");
        run.Says("L021: kea.toml changed; the entry is the same");
        run.DidNotSay("recompiling");
        run.Mark();
        run.Save(App("two"));
        run.IsUpdatedTo("two");
    }

    [Test]
    public void The_same_text_is_nothing()
    {
        using var run = new WatchedRun(("app.kea", App("one")), ("kea.toml", Text));
        run.Begin();
        run.Prints("one");
        run.Mark();
        run.Save(Text, "kea.toml");
        run.Save(App("two"));
        run.IsUpdatedTo("two");
        run.DidNotSay("L021");
    }

    [Test]
    public void One_that_appears_and_one_that_goes_are_told_of()
    {
        using var run = new WatchedRun(("app.kea", App("one")));
        run.Begin();
        run.Prints("one");
        run.Save(Text, "kea.toml");
        run.Says("L021: kea.toml has appeared");
        run.Mark();
        File.Delete(run.PathOf("kea.toml"));
        run.Says("L021: kea.toml is gone");
        run.Mark();
        run.Prints("one");
    }

    [Test]
    public void One_above_the_sources_is_watched_too_and_saved_together_with_a_source()
    {
        using var project = new WatchedRun(("src/app.kea", App("one")), ("kea.toml", Text));
        using var run = project.Beside("src");
        run.Prints("one");
        project.Save(Text + "kea = \"0.1\"\n", "kea.toml");
        project.Save(App("two"), "src/app.kea");
        run.Says("L021: ../kea.toml changed");
        run.Prints("two");
    }
}
