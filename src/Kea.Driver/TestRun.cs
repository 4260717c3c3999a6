using System.Collections.Immutable;
using Kea.Live;
using Kea.Mir;
using Kea.Types;

namespace Kea.Driver;

/// <param name="Tags">Any of these; empty for all.</param>
public sealed record TestSelection(string? Filter, ImmutableArray<string> Tags, ImmutableArray<string> ExcludedTags)
{
    public bool Selects(TestSymbol test) =>
        (Filter is null || test.Title.Contains(Filter, StringComparison.Ordinal))
        && (Tags.IsEmpty || test.Tags.Any(tag => Tags.Contains(tag)))
        && !test.Tags.Any(tag => ExcludedTags.Contains(tag));
}

/// <param name="Runs">How often the body ran; the first failing run ends a test.</param>
/// <param name="Message">Why it failed; empty when there is nothing to say.</param>
public sealed record TestOutcome(TestSymbol Test, bool Passed, int Runs, string Message);

/// <summary>Runs the test blocks of a checked file (14.5): each run on a Kea thread and heap of its own, in source order.</summary>
public static class TestRun
{
    public static IEnumerable<TestOutcome> Run(CheckedProgram program, TestSelection selection, ToolchainPaths paths)
    {
        var tests = program.Entry.Tests.Where(selection.Selects).ToImmutableArray();
        if (tests.IsEmpty) yield break;
        using var running = RunningProgram.Start(program, new LoweringRoots.Tests(tests), paths);
        // What only lowering finds belongs to no test alone, so all of them have failed with it.
        var problem = running.Diagnostics.IsEmpty ? null : running.Diagnostics[0].Message;
        for (var i = 0; i < tests.Length; i++) yield return problem is null ? One(running, i, tests[i]) : new TestOutcome(tests[i], false, 0, problem);
    }

    private static TestOutcome One(RunningProgram running, int index, TestSymbol test)
    {
        var runsMax = Math.Max(1, test.Iterations);
        for (var run = 1; run <= runsMax; run++)
        {
            var result = running.Run(index, new RunOptions([], RecordChecks: true));
            if (result.FailedChecks > 0) return new TestOutcome(test, false, run, $"{result.FailedChecks} check(s) failed");
            if (result.Status != 0) return new TestOutcome(test, false, run, result.Message.Length > 0 ? result.Message : $"ended with status {result.Status}");
        }
        return new TestOutcome(test, true, runsMax, "");
    }
}
