namespace Kea.Watch.Tests;

/// <summary>Programs of several files: each may change, come, go or change together with another.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ModuleTests
{
    private const string Helper = "pub fn text(n: Int) -> String\n  \"helped {n}\"\n";

    private static string App(string use, string shown) => Apps.Counting(shown).Replace(Apps.Uses, Apps.Uses + use);

    private static WatchedRun WithHelper(params string[] flags)
    {
        var run = new WatchedRun(("app.kea", App("use Helper\n", "Helper.text(n)")), ("helper.kea", Helper));
        run.Begin(flags);
        run.Prints("helped ");
        run.Says("[watch] app.kea (2 modules)");
        return run;
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_used_module_changes(bool poll)
    {
        using var run = WithHelper(poll ? ["--poll"] : []);
        run.Save(Helper.Replace("helped", "better"), "helper.kea");
        run.Says("[reload] helper.kea changed, recompiling...");
        run.IsUpdatedTo("better ");
    }

    [Test]
    public void Two_files_change_together_where_neither_alone_would_fit()
    {
        using var run = WithHelper("--debounce", "300ms");
        File.WriteAllText(run.PathOf("helper.kea"), "pub fn text(n: Int, of: Int) -> String\n  \"both {n} {of}\"\n");
        run.Save(App("use Helper\n", "Helper.text(n, 8)"));
        run.IsUpdatedTo("both ");
        Assert.That(run.Error, Has.None.Contain("error["));
    }

    [Test]
    public void One_file_after_the_other_is_refused_and_then_taken()
    {
        using var run = WithHelper();
        run.Save("pub fn text(n: Int, of: Int) -> String\n  \"both {n} {of}\"\n", "helper.kea");
        run.Says("error[", "rejected: ");
        run.Save(App("use Helper\n", "Helper.text(n, 8)"));
        run.IsUpdatedTo("both ");
    }

    [Test]
    public void An_import_of_a_new_module_is_added_and_taken_away()
    {
        using var run = new WatchedRun(("app.kea", App("", "\"alone {n}\"")));
        run.Begin();
        run.Prints("alone ");
        run.Save(Helper, "helper.kea");
        run.Save(App("use Helper\n", "Helper.text(n)"));
        run.IsUpdatedTo("helped ");
        run.Save(Helper.Replace("helped", "better"), "helper.kea");
        run.IsUpdatedTo("better ");
        run.Save(App("", "\"again {n}\""));
        run.IsUpdatedTo("again ");
    }

    [Test]
    public void An_import_of_a_module_that_is_not_there_yet_waits_for_it()
    {
        using var run = new WatchedRun(("app.kea", App("", "\"alone {n}\"")));
        run.Begin();
        run.Prints("alone ");
        run.Save(App("use Helper\n", "Helper.text(n)"));
        run.Says("module `Helper` not found", "rejected: ");
        run.Save(Helper, "helper.kea");
        run.IsUpdatedTo("helped ");
    }

    [Test]
    public void Two_imports_at_once()
    {
        using var run = new WatchedRun(("app.kea", App("", "\"alone {n}\"")));
        run.Begin();
        run.Prints("alone ");
        run.Save(Helper, "helper.kea");
        run.Save("use Helper\n\npub fn twice(n: Int) -> String\n  \"{Helper.text(n)} twice\"\n", "parts/other.kea");
        run.Save(App("use Helper\nuse Parts.Other as Other\n", "\"{Helper.text(n)} {Other.twice(n)}\""));
        run.IsUpdatedTo(" twice");
        run.Save("pub fn twice(n: Int) -> String\n  \"thrice\"\n", "parts/other.kea");
        run.IsUpdatedTo(" thrice");
    }

    [Test]
    public void A_module_that_is_deleted_is_missed_until_it_is_back()
    {
        using var run = WithHelper();
        run.Mark();
        File.Delete(run.PathOf("helper.kea"));
        run.Says("error[", "Helper", "rejected: ");
        run.Mark();
        run.Prints("helped ");
        run.Save(Helper.Replace("helped", "back"), "helper.kea");
        run.IsUpdatedTo("back ");
    }

    [Test]
    public void A_module_gets_another_name()
    {
        using var run = WithHelper();
        run.Mark();
        File.Move(run.PathOf("helper.kea"), run.PathOf("aide.kea"));
        run.Says("rejected: ");
        run.Save(App("use Aide\n", "Aide.text(n) ++ \"!\""));
        run.Prints("!");
        run.Says(" ms)");
        run.Save(Helper.Replace("helped", "renamed"), "aide.kea");
        run.IsUpdatedTo("renamed ");
    }

    [Test]
    public void A_module_gets_another_name_together_with_who_uses_it()
    {
        using var run = new SteppedRun(new WatchedRun(("app.kea", App("use Helper\nuse Other\n", "\"{Helper.text(n)} {Other.twice(n)}\"")), ("helper.kea", Helper), ("other.kea", "use Helper\n\nfn twice(n: Int) -> String\n  Helper.text(n + n)\n")));
        run.Prints("helped 1 helped 2");
        File.Move(run.Watched.PathOf("helper.kea"), run.Watched.PathOf("aide.kea"));
        run.Watched.Save("use Aide\n\nfn twice(n: Int) -> String\n  Aide.text(n + n)\n", "other.kea");
        Assert.That(run.Apply(App("use Aide\nuse Other\n", "\"{Aide.text(n)} {Other.twice(n)}!\"")), Is.EqualTo("updated"));
        run.Prints("!");
        Assert.That(run.Watched.Error, Has.None.Contain("error["));
        Assert.That(run.Apply(Helper.Replace("helped", "renamed"), "aide.kea"), Is.EqualTo("updated"));
        run.Prints("renamed ");
        Assert.That(run.Watched.Output.Select(l => l.Split(' ')[1]), Is.EqualTo(Enumerable.Range(0, run.Watched.Output.Length).Select(n => $"{n}")));
    }

    [Test]
    public void A_function_moves_to_another_module()
    {
        using var run = WithHelper("--debounce", "300ms");
        File.WriteAllText(run.PathOf("helper.kea"), Helper + "\npub fn other() -> Int\n  1\n");
        run.Save(App("use Helper\n", "\"moved {text(n)} {Helper.other()}\"").Replace("fn shown", "fn text(n: Int) -> String\n  \"here {n}\"\n\nfn shown"));
        run.IsUpdatedTo("moved here ");
    }

    [Test]
    public void A_type_of_another_module_in_the_state_is_migrated()
    {
        string Types(string more) => $"pub struct Point\n  x: Int\n{more}";
        string With(string shown, string initial) => $$"""
            {{Apps.Uses}}use Points.{Point}

            fn step(p: Point) -[IO, Clock]> Step Point
              IO.stdout("{{shown}}\n")
              Clock.sleep(5)
              Continue(p~{ x: p.x + 1 })

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop({{initial}}, step)
              ()

            """;
        using var run = new WatchedRun(("app.kea", With("old {p.x}", "Point { x: 100 }")), ("points.kea", Types("")));
        run.Begin("--debounce", "300ms");
        run.Prints("old 102");
        File.WriteAllText(run.PathOf("points.kea"), Types("  @default(9)\n  y: Int\n"));
        run.Save(With("new {p.x > 100} {p.y}", "Point { x: 0, y: 0 }"));
        run.Prints("new true 9");
        run.Says("1 state migrated");
    }
}
