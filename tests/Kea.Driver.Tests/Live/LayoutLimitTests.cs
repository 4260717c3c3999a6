using System.Text;
using Kea.Driver.Live;
using Kea.Live;
using Kea.Mir;

namespace Kea.Driver.Tests.Live;

/// <summary>More kinds of objects than an object's header can tell apart.</summary>
public sealed class LayoutLimitTests
{
    private const int PerFunction = 200;

    private static string App(string shown, string declarations = "") => $$"""
        use IO
        use List
        use Clock
        use Live
        use Step

        fn shown(n: Int) -> String
          "{{shown}}"

        fn step(n: Int) -[IO, Clock]> Step Int
          IO.stdout("{shown(n)}\n")
          Clock.sleep(5)
          Continue(n + 1)

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(0, step)
          ()

        {{declarations}}
        """;

    /// <summary>Structs that are all made somewhere.</summary>
    private static string Structs()
    {
        const int Functions = Layout.CountMax / PerFunction + 1;
        var text = new StringBuilder();
        for (var i = 0; i < Functions * PerFunction; i++) text.Append($"struct S{i}\n  a: Int\n  b: String\n\n");
        for (var f = 0; f < Functions; f++)
            text.Append($"fn make{f}(n: Int) -> Int\n  List.length([{string.Join(", ", Enumerable.Range(f * PerFunction, PerFunction).Select(i => $"S{i} {{ a: n, b: \"\" }}.a"))}])\n\n");
        return text.Append($"fn all(n: Int) -> Int\n  {string.Join(" + ", Enumerable.Range(0, Functions).Select(f => $"make{f}(n)"))}\n").ToString();
    }

    [Test]
    public void Is_an_error_of_the_edit_that_crosses_it_and_of_none_after_it()
    {
        using var run = new LiveRun(App("first {n}"));
        Assert.That(run.Line(), Is.EqualTo("first 0"));
        var report = run.Reload(App("second {all(n)}", Structs()));
        Assert.That(report.Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        var error = report.Plan.Diagnostics.Single();
        Assert.That(error.Code, Is.EqualTo("E0904"));
        Assert.That(error.Message, Does.Contain("65,536").And.Contain("kinds of objects"));
        Assert.That(error.Help, Is.Not.Empty);
        Assert.That(run.Reload(App("third {n}", "struct Other\n  a: Int\n")).IsPublished);
        run.LineThat(l => l.StartsWith("second ", StringComparison.Ordinal) ? throw new AssertionException(l) : l.StartsWith("third ", StringComparison.Ordinal));
        Assert.That(run.Stop().Status, Is.Zero);
    }
}
