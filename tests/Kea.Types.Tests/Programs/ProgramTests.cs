using Kea.Source;
using Kea.Testing;
using Kea.Types.Binding;

namespace Kea.Types.Tests.Programs;

/// <summary>Programs of the repository check without an error; rejected ones with the diagnostics that they say.</summary>
public sealed class ProgramTests
{
    public static IEnumerable<string> Accepted() => Files("tests/programs").Where(f => File.Exists(Repository.Path(Path.ChangeExtension(f, ".out")))).Concat(Files("examples"));
    public static IEnumerable<string> Rejected() => Files("tests/rejected");

    [TestCaseSource(nameof(Accepted))]
    public void Is_accepted(string file)
    {
        var errors = Check(file).Where(d => d.Severity == Severity.Error);
        Assert.That(errors.Select(Text), Is.Empty);
    }

    [TestCaseSource(nameof(Rejected))]
    public void Is_rejected_with(string file)
    {
        var expected = File.ReadLines(Repository.Path(file)).TakeWhile(l => l.StartsWith("--", StringComparison.Ordinal))
            .Where(l => l.StartsWith("-- expect: ", StringComparison.Ordinal)).Select(l => l["-- expect: ".Length..].Split(' ', 2)).ToArray();
        var errors = Check(file).Where(d => d.Severity == Severity.Error).OrderBy(d => d.Primary?.Span.Span.Start ?? 0).ToArray();
        var shown = string.Join("\n", errors.Select(Text));
        Assert.That(errors.Select(e => e.Code), Is.EqualTo(expected.Select(e => e[0])), shown);
        for (var i = 0; i < errors.Length; i++)
            if (expected[i].Length > 1) Assert.That(errors[i].Message, Does.Contain(expected[i][1]));
    }

    private static IReadOnlyList<Diagnostic> Check(string file)
    {
        var (modules, syntax) = Loading.From(Repository.Path(file));
        if (syntax.Any(d => d.Severity == Severity.Error)) return syntax;
        var bound = Binder.Bind(modules, Loading.NameOf(file));
        if (bound.HasErrors) return [.. syntax, .. bound.Diagnostics];
        return [.. syntax, .. bound.Diagnostics, .. ProgramChecker.Check(bound.Value).Diagnostics];
    }

    private static string Text(Diagnostic diagnostic) => $"{diagnostic.Primary?.Span} {diagnostic.Code} {diagnostic.Message}";

    private static IEnumerable<string> Files(string folder) => Directory.Exists(Repository.Path(folder))
        ? Directory.EnumerateFiles(Repository.Path(folder), "*.kea", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.Root, f)).Order(StringComparer.Ordinal)
        : [];
}
