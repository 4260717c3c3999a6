using System.Diagnostics;
using System.Globalization;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Benchmarks;

/// <summary>
/// How long an edit of a running program takes, from the moment its file has been written until its loop runs the new code. The
/// program is generated, so that it can be of any size; debouncing is left out.
/// </summary>
internal static class ReloadLatency
{
    private const int Callers = 50;

    public static void Run(string folder, int modules, int lines, int edits)
    {
        var (entry, total) = Write(folder, modules, lines);
        var (session, diagnostics) = LiveSession.Open(ToolchainPaths.Find(), entry, LiveOptions.T0 with { Probation = TimeSpan.Zero });
        if (session is null) throw new InvalidOperationException(string.Join('\n', diagnostics.Select(d => d.Message)));
        using var moved = new AutoResetEvent(false);
        session.Program.LoopListener = what =>
        {
            if (what is LoopEvent.Moved) moved.Set();
        };
        var program = new Thread(() => session.Run(new RunOptions([]))) { IsBackground = true };
        program.Start();
        while (session.Program.RunningLoops.IsEmpty) Thread.Sleep(5);
        Console.WriteLine($"{total} lines in {modules + 1} modules");
        Measure("body", session, moved, Path.Combine(folder, $"part{modules / 2}.kea"), "d + a % ", i => $"d + a % {14 + i % 50}", edits);
        Measure($"signature with {Callers} callers", session, moved, Path.Combine(folder, "prices.kea"), "fn price(", i => i % 2 == 0 ? "fn price(x: Int, scale: Int = 2) -> Int" : "fn price(x: Int) -> Int", edits / 4);
        session.Program.StopAtReloadPoint(0);
        program.Join();
        session.Dispose();
    }

    private static void Measure(string what, LiveSession session, AutoResetEvent moved, string path, string startOfLine, Func<int, string> replacement, int edits)
    {
        var lines = File.ReadAllLines(path);
        var at = Array.FindIndex(lines, l => l.Contains(startOfLine, StringComparison.Ordinal));
        var start = lines[at].IndexOf(startOfLine, StringComparison.Ordinal);
        var times = new List<(double Total, ReloadTimes Parts)>();
        const int warmUp = 10;
        for (var i = 0; i < edits + warmUp; i++)
        {
            lines[at] = lines[at][..start] + replacement(i);
            File.WriteAllLines(path, lines);
            var watch = Stopwatch.StartNew();
            var report = session.Reload([path]);
            if (!report.IsPublished) throw new InvalidOperationException($"edit {i}: {report.Plan.Verdict} {string.Join("; ", report.Plan.Rules.Select(r => r.Message))}");
            moved.WaitOne();
            if (i >= warmUp) times.Add((watch.Elapsed.TotalMilliseconds, report.Times));
        }
        times.Sort((a, b) => a.Total.CompareTo(b.Total));
        double Part(Func<ReloadTimes, double> of) => times.Select(t => of(t.Parts)).Order().ElementAt(times.Count / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: median {times[times.Count / 2].Total:0.0} ms, p99 {times[times.Count * 99 / 100].Total:0.0} ms over {times.Count} edits (medians: check {Part(p => p.CheckMs):0.0}, lower {Part(p => p.LowerMs):0.0}, plan {Part(p => p.PlanMs):0.0}, compile and publish {Part(p => p.CompileMs):0.0})"));
    }

    private static (string Entry, int Lines) Write(string folder, int modules, int lines)
    {
        var (entry, total) = ProjectGenerator.Write(folder, modules, lines);
        var prices = string.Join("\n\n", Enumerable.Range(0, Callers).Select(i => $"fn caller{i}(x: Int) -> Int\n  price(x + {i}) % 1000"));
        File.WriteAllText(Path.Combine(folder, "prices.kea"), $"@nodoc\n\nfn price(x: Int) -> Int\n  x * 3\n\n{prices}\n\nfn total(x: Int) -> Int\n  {string.Join(" + ", Enumerable.Range(0, Callers).Select(i => $"caller{i}(x)"))}\n");
        var parts = string.Join("\n", Enumerable.Range(0, modules).Select(m => $"use Part{m}"));
        File.WriteAllText(entry, $$"""
            use Live
            use Step
            use Prices
            {{parts}}

            fn step(n: Int) -> Step Int
              Continue((n + Prices.total(n) + Part{{modules - 1}}.run0(n)) % 1000003)

            fn main() -[Live]> ()
              let _end = Live.loop(0, step)
              ()

            """);
        return (entry, total + 200);
    }
}
