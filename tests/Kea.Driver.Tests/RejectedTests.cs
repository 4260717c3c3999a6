using Kea.Source;
using Kea.Testing;

namespace Kea.Driver.Tests;

/// <summary>Every program of <c>tests/rejected</c> is reported as its first lines demand; see the README there.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class RejectedTests
{
    private const string Expectation = "-- expect: ";
    private const string Mark = "--!";
    private static readonly string Root = Repository.Path("tests", "rejected");

    private static IEnumerable<string> Programs() =>
        Directory.EnumerateFiles(Root, "*.kea", SearchOption.AllDirectories)
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(Root, path), null))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Programs))]
    public void Is_reported_as_expected(string name)
    {
        var path = Path.Combine(Root, name + ".kea");
        var lines = File.ReadAllLines(path);
        var expected = lines.TakeWhile(l => l.StartsWith(Expectation, StringComparison.Ordinal)).Select(l => l[Expectation.Length..]).ToList();
        Assert.That(expected, Is.Not.Empty, "the file does not say what it expects");

        var outcome = new Session(ToolchainPaths.Find()).Check(path);
        var errors = DiagnosticText.Sorted(outcome.Diagnostics.Where(d => d.Severity == Severity.Error));
        var rendered = Render(outcome.Diagnostics);

        Assert.That(errors, Has.Count.EqualTo(expected.Count), rendered);
        for (var i = 0; i < expected.Count; i++)
        {
            var parts = expected[i].Split(' ', 2);
            Assert.That(errors[i].Code, Is.EqualTo(parts[0]), rendered);
            if (parts.Length > 1) Assert.That(Normal(errors[i].Message), Does.Contain(Normal(parts[1])), rendered);
        }
        var marked = Enumerable.Range(0, lines.Length).Where(i => lines[i].EndsWith(Mark, StringComparison.Ordinal)).ToList();
        if (marked.Count > 0)
            Assert.That(errors.Select(e => e.Primary!.Span.Source.Lines.LineOf(e.Primary.Span.Span.Start)), Is.EqualTo(marked), rendered);
        CheckGolden(Path.ChangeExtension(path, ".txt"), rendered);
    }

    // 13.4: backquotes around names are not part of what tools rely on.
    private static string Normal(string text) => text.Replace("`", "");

    private static string Render(IEnumerable<Diagnostic> diagnostics)
    {
        var text = new StyledText();
        DiagnosticText.Render(text, diagnostics);
        return text.ToString().Replace(Root + "/", "").Replace(Path.GetRelativePath(Environment.CurrentDirectory, Root) + "/", "").Replace(Repository.Root + "/", "");
    }

    private static void CheckGolden(string path, string rendered)
    {
        if (Golden.Updating) File.WriteAllText(path, rendered);
        Assert.That(File.Exists(path), $"{Path.GetFileName(path)} is missing; KEA_UPDATE=1 writes it\n{rendered}");
        Assert.That(rendered, Is.EqualTo(File.ReadAllText(path)), "KEA_UPDATE=1 rewrites the golden file");
    }
}
