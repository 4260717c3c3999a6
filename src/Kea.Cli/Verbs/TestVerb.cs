using System.Text.Json;
using Kea.Driver;

namespace Kea.Cli;

/// <summary><c>kea test FILE</c> (14.5). Status 1 when a test fails or the file does not compile.</summary>
internal static class TestVerb
{
    public static int Execute(TestOptions options, Terminal terminal)
    {
        if (Reporting.EntryFile(options.File, terminal) is not { } file) return 1;
        var session = new Session(ToolchainPaths.Find());
        var outcome = session.Check(file);
        var selection = new TestSelection(options.Filter, [.. options.Tags], [.. options.ExcludedTags]);
        var failing = Reporting.Fails(outcome.Diagnostics, options, terminal);
        if (failing || outcome.Program is not { } program)
        {
            // Each test of a file that does not compile has failed; without a tree there is none to name.
            var lost = outcome.Program?.Entry.Tests.Where(selection.Selects).ToList() ?? [];
            foreach (var test in lost) Print(new TestOutcome(test, false, 0, "the file does not compile"), options, terminal);
            if (lost.Count > 0) Summary(0, lost.Count, options, terminal);
            return 1;
        }
        int passed = 0, failed = 0;
        foreach (var result in TestRun.Run(program, selection, session.Paths))
        {
            Print(result, options, terminal);
            if (result.Passed) passed++;
            else failed++;
        }
        if (passed + failed == 0) terminal.Output.WriteLine("no tests found");
        else Summary(passed, failed, options, terminal);
        return failed == 0 ? 0 : 1;
    }

    private static void Print(TestOutcome outcome, TestOptions options, Terminal terminal)
    {
        if (options.Json)
        {
            terminal.Output.WriteLine(JsonSerializer.Serialize(new { test = outcome.Test.Title, passed = outcome.Passed, runs = outcome.Runs, message = outcome.Message }));
            return;
        }
        var runs = outcome.Runs == 1 ? "1 run" : $"{outcome.Runs} runs";
        var message = outcome.Message.Length > 0 ? $": {outcome.Message}" : "";
        terminal.Output.WriteLine($"{(outcome.Passed ? "ok  " : "FAIL")} {outcome.Test.Title} ({runs}){message}");
    }

    private static void Summary(int passed, int failed, TestOptions options, Terminal terminal) =>
        terminal.Output.WriteLine(options.Json ? JsonSerializer.Serialize(new { passed, failed }) : $"{passed} passed; {failed} failed");
}
