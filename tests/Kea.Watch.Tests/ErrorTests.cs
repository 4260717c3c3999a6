namespace Kea.Watch.Tests;

/// <summary>Edits with errors: they are told, the program runs on in its last good code, and the next good text is taken.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ErrorTests
{
    private static string App(string tag) => Apps.Counting($"\"{tag} {{n}}\"");

    private static readonly (string Name, string Text, string Code)[] Broken =
    [
        ("half a line", App("half").Replace("Clock.sleep(5)", "Clock.sleep("), "error["),
        ("nothing at all", "", "error["),
        ("an unknown name", Apps.Counting("\"{nowhere(n)}\""), "error[E0005]"),
        ("another type", Apps.Counting("n + 1"), "error[E0001]"),
        ("an unclosed text", Apps.Counting("\"{n}").Replace("{n}\"", "{n}"), "error["),
        ("main is gone", App("x").Replace("fn main", "fn other"), "error"),
        ("an effect that is not allowed", App("x").Replace("-[IO, Clock]> Step", "-[Clock]> Step"), "error[E00"),
        ("a wrong number of arguments", App("x").Replace("shown(n)}", "shown(n, n)}"), "error["),
        ("a caller left behind", App("x").Replace("fn shown(n: Int)", "fn shown(n: String)"), "error[E0001]"),
        ("not UTF-8's idea of a program", App("x").Replace("fn step", "fn \u0001step"), "error["),
    ];

    private static IEnumerable<TestCaseData> BrokenCases() => Broken.Select(b => new TestCaseData(b.Text, b.Code).SetArgDisplayNames(b.Name));

    [TestCaseSource(nameof(BrokenCases))]
    public void Fail_fix_fail(string broken, string code)
    {
        using var run = WatchedRun.Of(App("zero"));
        run.Prints("zero");
        foreach (var round in (int[])[1, 2])
        {
            run.Save(broken);
            run.Says(code, "[reload] rejected: ", "running code kept");
            run.Mark();
            run.Prints(round == 1 ? "zero" : "fixed-1");
            run.Save(App($"fixed-{round}"));
            run.IsUpdatedTo($"fixed-{round}");
        }
    }

    [Test]
    public void Going_back_to_what_runs_after_an_error_changes_nothing()
    {
        using var run = WatchedRun.Of(App("zero"));
        run.Prints("zero");
        run.Save(App("zero") + "fn broken(");
        run.Says("rejected: ");
        run.Save(App("zero"));
        run.Prints("zero");
        run.Save(App("later"));
        run.IsUpdatedTo("later");
        Assert.That(run.Error.Count(l => l.Contains("updated")), Is.EqualTo(1), string.Join('\n', run.Error));
    }

    [Test]
    public void Errors_and_their_places_are_shown_anew_for_each_edit()
    {
        using var run = WatchedRun.Of(App("zero"));
        run.Prints("zero");
        run.Save(Apps.Counting("\"{one_name(n)}\""));
        run.Says("one_name", "app.kea:9:", "1 error");
        run.Save(Apps.Counting("\"{other_name(n)} {third_name(n)}\""));
        run.Says("other_name", "third_name", "rejected: 2 errors");
        run.DidNotSay("one_name");
    }

    [Test]
    public void A_program_with_errors_at_first_is_waited_for()
    {
        using var run = WatchedRun.Of(App("zero") + "fn broken(");
        run.Says("error[", "[watch] waiting for a program without errors");
        run.Save(App("good"));
        run.Says("[watch] app.kea (1 module)");
        run.Prints("good");
        run.Save(App("better"));
        run.IsUpdatedTo("better");
    }

    [Test]
    public void The_state_goes_on_through_errors()
    {
        using var run = WatchedRun.Of(App("zero"));
        run.Prints("zero 3");
        run.Save(Apps.Counting("\"{nowhere(n)}\""));
        run.Says("rejected: ");
        run.Save(App("fixed"));
        run.IsUpdatedTo("fixed ");
        Assert.That(Array.ConvertAll(run.Output, l => l.Split(' ')[^1]), Is.EqualTo(Enumerable.Range(0, run.Output.Length).Select(n => n.ToString())));
    }
}
