using System.Collections.Immutable;
using System.Diagnostics;
using Kea.Live;
using Kea.Llvm;
using Kea.Mir;
using Kea.Source;
using Kea.Types;

namespace Kea.Driver;

/// <summary>How long the parts of a start took, in milliseconds.</summary>
public sealed record RunTimes(double LoweringMs, double EngineMs, double RunMs, int Units);

/// <summary>A checked program in this process: lowered, with the JIT engine ready to compile what is called first.</summary>
public sealed class RunningProgram : IDisposable
{
    private readonly JitEngine _engine;
    private readonly LiveProgram _live;
    private readonly LoweredProgram _lowered;

    private RunningProgram(JitEngine engine, LoweredProgram lowered, MirProgram before, LoweringSession session, TierOptions tiers, double loweringMs, double engineMs)
    {
        (_engine, _lowered) = (engine, lowered);
        _live = new LiveProgram(engine, new ProgramSource(lowered.Program, lowered: before, session: session), LiveOptions.T0 with { Tiers = tiers });
        Times = new RunTimes(loweringMs, engineMs, 0, 0);
    }

    public RunTimes Times { get; private set; }

    /// <summary>What has been compiled and is held now.</summary>
    public LiveStats Tiers => _live.Stats;

    /// <summary>Errors that only lowering finds; with any of them nothing may be run.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => _lowered.Diagnostics;

    /// <param name="program">Checked without errors.</param>
    /// <param name="tiers">When functions are optimised; the usual if null.</param>
    public static RunningProgram Start(CheckedProgram program, LoweringRoots roots, ToolchainPaths paths, TierOptions? tiers = null)
    {
        var watch = Stopwatch.StartNew();
        var session = new LoweringSession();
        // Loading LLVM takes as long as lowering a small program, so both begin at once.
        var engine = Task.Run(() => new JitEngine(new RuntimeLibrary(new RuntimeFiles(paths.Native))));
        var lowered = CompilerFault.During("lowering", () => Lowering.Lower(program, roots, session));
        var before = lowered.Program;
        if (lowered.Diagnostics.IsEmpty)
            lowered = lowered with { Program = CompilerFault.During("optimisation", () => Pipeline.Run(before, PipelineSetting.QuickCounting)) };
        var loweringMs = watch.Elapsed.TotalMilliseconds;
        return new RunningProgram(engine.GetAwaiter().GetResult(), lowered, before, session, tiers ?? TierOptions.Usual, loweringMs, watch.Elapsed.TotalMilliseconds - loweringMs);
    }

    /// <summary>Runs one of the roots, by its index, to its end.</summary>
    public RunResult Run(int root, RunOptions options)
    {
        var watch = Stopwatch.StartNew();
        var result = _live.Run(_lowered.Entries[root], options);
        Times = Times with { RunMs = watch.Elapsed.TotalMilliseconds, Units = _engine.LiveUnits };
        return result;
    }

    /// <summary>To be called last by a program of one run: see <see cref="LiveProgram.EndProcessIfOptimising"/>.</summary>
    public void EndProcessIfOptimising(int status) => _live.EndProcessIfOptimising(status);

    public void Dispose()
    {
        _live.Dispose();
        _engine.Dispose();
    }
}
