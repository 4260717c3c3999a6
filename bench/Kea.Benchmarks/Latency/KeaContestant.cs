using System.Diagnostics;
using System.Globalization;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Benchmarks.Latency;

public enum KeaEdit { Body, Signature, Layout }

/// <summary>A program in this process that is reloaded as <c>kea run --watch</c> does it, without the debounce. Its loop never rests while it is measured.</summary>
internal sealed class KeaContestant : Contestant
{
    /// <summary>Functions that call the one whose signature is edited.</summary>
    public const int Callers = 50;

    internal static readonly string Rates = RatesWith("base: Int", ", base: 3"), MoreRates = RatesWith("base: Int\n  least: Int", ", base: 3, least: 1");

    private readonly LiveProject _project;
    private readonly KeaEdit _edit;
    private readonly EditedFile _file;

    /// <param name="project">Shared by the contestants that edit it; the last one to be disposed of ends it.</param>
    public KeaContestant(LiveProject project, KeaEdit edit)
    {
        (_project, _edit) = (project, edit);
        _file = edit switch
        {
            KeaEdit.Body => new EditedFile(Path.Combine(project.Folder, $"part{project.Modules / 2}.kea"), "d + a % ", 2),
            KeaEdit.Signature => new EditedFile(Path.Combine(project.Folder, "prices.kea"), "fn price(x: Int", 0),
            KeaEdit.Layout => new EditedFile(Path.Combine(project.Folder, "rates.kea"), "@nodoc\n\n", Rates.Length),
        };
    }

    public override string Name => _edit switch
    {
        KeaEdit.Body => "Kea, one body",
        KeaEdit.Signature => $"Kea, a signature with {Callers} callers",
        KeaEdit.Layout => "Kea, a struct that two functions use",
    };

    public override string Tool => "in a live process";
    public override int Lines => _project.Lines;
    public override int EditsPerRound => _edit switch { KeaEdit.Body => 20, KeaEdit.Signature or KeaEdit.Layout => 5 };

    protected override Sample Edit(int number)
    {
        _file.Write(_edit switch
        {
            KeaEdit.Body => (1000 + number).ToString(CultureInfo.InvariantCulture),
            KeaEdit.Signature => number % 2 == 1 ? ", scale: Int = 2" : "",
            KeaEdit.Layout => number % 2 == 1 ? MoreRates : Rates,
        });
        return _project.Reload(_file.Path);
    }

    private static string RatesWith(string fields, string values) => $$"""
        struct Rate
          percent: Int
          {{fields}}

        fn weight(rate: Rate) -> Int
          rate.percent * 2 + rate.base

        fn rated(x: Int) -> Int
          weight(Rate { percent: x{{values}} })

        """;

    public override void Wake() => _project.Wake();
    public override void Rest() => _project.Rest();
    public override void Dispose() => _project.Dispose();
}

/// <summary>A generated project that runs, with a loop that reaches all of its modules.</summary>
internal sealed class LiveProject : IDisposable
{
    private readonly LiveSession _session;
    private readonly AutoResetEvent _moved = new(false);
    private readonly ManualResetEventSlim _awake = new(true);
    private readonly Thread _program;
    private readonly IdleCollector _garbage = new();
    private long _movedAt;
    private bool _hasEnded;

    public LiveProject(string folder, int modules, int lines)
    {
        (Folder, Modules) = (folder, modules);
        var (entry, total) = Write(folder, modules, lines);
        Lines = total;
        var (session, diagnostics) = LiveSession.Open(ToolchainPaths.Find(), entry, LiveOptions.T0 with { Probation = TimeSpan.Zero });
        _session = session ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Select(d => d.Message)));
        _session.Program.LoopListener = what =>
        {
            if (what is not LoopEvent.Moved) return;
            // The time is taken here: the thread that waits may be woken some milliseconds later.
            _movedAt = Stopwatch.GetTimestamp();
            _moved.Set();
        };
        _session.Program.BetweenTurns = _awake.Wait;
        _program = new Thread(() => _session.Run(new RunOptions([]))) { IsBackground = true };
        _program.Start();
        while (_session.Program.RunningLoops.IsEmpty) Thread.Sleep(5);
    }

    public string Folder { get; }
    public int Modules { get; }
    public int Lines { get; }

    /// <summary>From now until the loop's first iteration in the new code.</summary>
    public Sample Reload(string path)
    {
        var start = Stopwatch.GetTimestamp();
        var report = _session.Reload([path]);
        if (!report.IsPublished) throw new InvalidOperationException($"{report.Plan.Verdict} {string.Join("; ", report.Plan.Rules.Select(r => r.Message))}");
        _moved.WaitOne();
        var total = Stopwatch.GetElapsedTime(start, _movedAt).TotalMilliseconds;
        var times = report.Times;
        return new Sample(total, ("check", times.CheckMs), ("lower", times.LowerMs), ("plan", times.PlanMs), ("compile and publish", times.CompileMs), ("until it runs", total - times.TotalMs));
    }

    public void Wake() => _awake.Set();

    /// <summary>Does at once what <c>kea run --watch</c> does when nothing has happened for half a second.</summary>
    public void Rest()
    {
        _awake.Reset();
        _garbage.Collect();
    }

    public void Dispose()
    {
        if (_hasEnded) return;
        _hasEnded = true;
        _session.Program.StopAtReloadPoint(0);
        Wake();
        _program.Join();
        _session.Dispose();
        _garbage.Dispose();
    }

    private static (string Entry, int Lines) Write(string folder, int modules, int lines)
    {
        var (entry, total) = ProjectGenerator.Write(folder, modules, lines);
        var callers = Enumerable.Range(0, KeaContestant.Callers).ToArray();
        var prices = $"""
            @nodoc

            fn price(x: Int) -> Int
              x * 3

            {string.Join("\n\n", callers.Select(i => $"fn caller{i}(x: Int) -> Int\n  price(x + {i}) % 1000"))}

            fn total(x: Int) -> Int
              {string.Join(" + ", callers.Select(i => $"caller{i}(x)"))}

            """;
        var main = $$"""
            use Live
            use Step
            use Prices
            use Rates
            {{string.Join("\n", Enumerable.Range(0, modules).Select(m => $"use Part{m}"))}}

            fn step(n: Int) -> Step Int
              Continue((n + Prices.total(n) + Rates.rated(n) + Part{{modules - 1}}.run0(n)) % 1000003)

            fn main() -[Live]> ()
              let _end = Live.loop(0, step)
              ()

            """;
        total -= File.ReadAllText(entry).AsSpan().Count('\n');
        File.WriteAllText(Path.Combine(folder, "prices.kea"), prices);
        File.WriteAllText(Path.Combine(folder, "rates.kea"), $"@nodoc\n\n{KeaContestant.Rates}");
        File.WriteAllText(entry, main);
        return (entry, total + prices.AsSpan().Count('\n') + KeaContestant.Rates.AsSpan().Count('\n') + 2 + main.AsSpan().Count('\n'));
    }
}
