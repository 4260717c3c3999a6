using System.Collections.Immutable;
using System.Diagnostics;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Llvm;
using Kea.Mir;
using Kea.Source;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>
/// A program in this process that is changed while it runs: files → change → plan → code → published. Nothing stays of a
/// change that is refused.
/// </summary>
/// <remarks>One reload at a time; the program runs on other threads.</remarks>
public sealed class LiveSession : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IncrementalSession _files;
    private readonly LoweringSession _lowering = new(isReloadable: true);
    private readonly JitEngine _engine;
    private readonly Dictionary<int, (ProgramVersion Program, LiveCode Code)> _versions = [];
    private LiveProgram _live = null!;
    private LiveCode _code = null!;
    private ProgramVersion _running = null!;
    private int _bodyVersions = 1;

    private LiveSession(IncrementalSession files, JitEngine engine) => (_files, _engine) = (files, engine);

    /// <summary>Checks and lowers a program; nothing runs yet. Null with diagnostics that are errors.</summary>
    public static (LiveSession? Session, ImmutableArray<Diagnostic> Diagnostics) Open(ToolchainPaths paths, string entryPath, LiveOptions? options = null, ISourceFiles? files = null)
    {
        var incremental = new IncrementalSession(paths, entryPath, files);
        switch (incremental.Compare())
        {
            case SourceChange.Broken(var diagnostics): return (null, diagnostics);
            case SourceChange.Whole(var version, _):
                if (NoMain.Problem(version.Program) is { } missing) return (null, [.. version.Warnings, missing]);
                var session = new LiveSession(incremental, new JitEngine(new RuntimeLibrary(new RuntimeFiles(paths.Native))));
                var lowered = session.Lower(version.Program, new LoweringRoots.Main());
                if (!lowered.Diagnostics.IsEmpty) return (null, lowered.Diagnostics);
                session._code = LiveCode.Of(lowered);
                session._live = new LiveProgram(session._engine, new LiveSource(lowered.Program, session._code), options);
                session.Commit(version, session._code, 0);
                return (session, version.Warnings);
            default: throw new InvalidOperationException("a first comparison is of everything");
        }
    }

    /// <summary>Files whose change may change the program.</summary>
    public ImmutableArray<string> Files => _files.Files;

    public LiveProgram Program => _live;

    /// <summary>Whether main has a reload point in its effects; a program without one is started anew instead (L007).</summary>
    public bool IsReloadable => HasReloadPoint(_running.Program);

    public int Modules => _running.Modules.Count;

    public RunResult Run(RunOptions options) => _live.Run(_code.Entry, options);

    /// <summary>Compares the files with what runs, and publishes what has changed if all of it may be.</summary>
    /// <param name="changed">Full paths of files that may have changed; all if null.</param>
    public ReloadReport Reload(IReadOnlyCollection<string>? changed = null, IncompatiblePolicy policy = IncompatiblePolicy.Refuse)
    {
        lock (_gate)
        {
            Follow();
            var candidate = Prepare(changed, policy);
            return candidate.Plan.Verdict is Verdict.Swap or Verdict.SwapWithMigration ? Publish(candidate) : new ReloadReport(candidate.Plan, 0, 0, candidate.Times);
        }
    }

    /// <summary>What a reload would do now.</summary>
    public ReloadPlan Plan(IReadOnlyCollection<string>? changed = null)
    {
        lock (_gate)
        {
            Follow();
            return Prepare(changed, IncompatiblePolicy.Refuse).Plan;
        }
    }

    /// <summary>Puts the version before into force again. The files keep what they say; it is not loaded again until it changes.</summary>
    public int? RollBack()
    {
        lock (_gate)
        {
            if (_live.RollBack() is not { } version) return null;
            Follow();
            return version;
        }
    }

    public void Dispose()
    {
        _live.Dispose();
        _engine.Dispose();
    }

    /// <summary>A change that has been checked, lowered and planned, and not published.</summary>
    private sealed record Candidate(ReloadPlan Plan, ProgramVersion? Version, LiveCode? Code, MirProgram? Tables, ImmutableArray<MirFunction> Changed, StateMoves Moves, ReloadTimes Times);

    private Candidate Prepare(IReadOnlyCollection<string>? changed, IncompatiblePolicy policy)
    {
        var watch = Stopwatch.StartNew();
        var change = _files.Compare(changed);
        var times = new ReloadTimes(watch.Elapsed.TotalMilliseconds, 0, 0, 0);
        Candidate Without(ReloadPlan plan) => new(plan, null, null, null, [], StateMoves.None, times);
        switch (change)
        {
            case SourceChange.None(var textChanged): return Without(textChanged ? ReloadPlan.Of(Verdict.Nothing, Rules.OnlyComments) : ReloadPlan.Of(Verdict.Nothing));
            case SourceChange.Broken(var diagnostics):
                return Without(ReloadPlan.Of(Verdict.Rejected, Rules.Errors(diagnostics)) with { Diagnostics = diagnostics });
            case SourceChange.BodiesOnly(var version, var functions): return Bodies(version, functions, times, watch);
            case SourceChange.Whole(var version, var bodies): return Whole(version, bodies, times, watch, policy);
        }
        throw new InvalidOperationException("a closed family");
    }

    private Candidate Bodies(ProgramVersion version, ImmutableArray<FunctionSymbol> functions, ReloadTimes times, Stopwatch watch)
    {
        foreach (var function in functions) _lowering.BodyVersions[function.QualifiedName] = ++_bodyVersions;
        var edited = functions.ToHashSet();
        var instances = _code.Instances.Values.Where(i => edited.Contains(i.Symbol)).ToImmutableArray();
        var again = instances.Select(i => i.Id).ToHashSet();
        var lowered = Lower(version.Program, new LoweringRoots.Functions([.. instances.Select(i => (i.Symbol, i.Arguments))]), id => _code.Functions.ContainsKey(id) && !again.Contains(id));
        return Decide(version, lowered, _code.With(lowered.Program.Functions, lowered.Instances, StepRoots(), lowered.Values, lowered.States), times, watch, IncompatiblePolicy.Refuse);
    }

    private Candidate Whole(ProgramVersion version, ImmutableArray<string> bodies, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy)
    {
        if (NoMain.Problem(version.Program) is { } missing)
            return new(ReloadPlan.Of(Verdict.Rejected, Rules.Errors([missing])) with { Diagnostics = [missing] }, null, null, null, [], StateMoves.None, times);
        foreach (var body in bodies) _lowering.BodyVersions[body] = ++_bodyVersions;
        var lowered = Lower(version.Program, new LoweringRoots.Main());
        return Decide(version, lowered, LiveCode.Of(lowered), times, watch, policy);
    }

    private Candidate Decide(ProgramVersion version, LoweredProgram lowered, LiveCode code, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy)
    {
        times = times with { LowerMs = watch.Elapsed.TotalMilliseconds - times.CheckMs };
        if (!lowered.Diagnostics.IsEmpty)
            return new(ReloadPlan.Of(Verdict.Rejected, Rules.Errors(lowered.Diagnostics)) with { Diagnostics = lowered.Diagnostics }, null, null, null, [], StateMoves.None, times);
        var states = new StatePlanner(_lowering, _running, version, _code, code, _live);
        states.Plan();
        code = states.Code;
        var changed = code.ChangedSince(_code);
        var functions = PlanDifferences.Functions(_running.Program, _code, version.Program, code, changed);
        var rules = Rules.Of(functions, states);
        var verdict = !HasReloadPoint(version.Program) || !HasReloadPoint(_running.Program) ? Verdict.Restart
            : states.IsRefused ? (policy == IncompatiblePolicy.Restart ? Verdict.Restart : Verdict.Rejected)
            : changed.IsEmpty && code.Functions.Count == _code.Functions.Count ? Verdict.Nothing
            : states.Moves is { Loops.IsEmpty: true, Kept.IsEmpty: true } ? Verdict.Swap : Verdict.SwapWithMigration;
        if (verdict == Verdict.Restart && !states.IsRefused) rules = rules.Add(Rules.NoReloadPoint);
        var plan = new ReloadPlan(verdict, functions, states.Layouts, rules, []);
        // What means the same is taken over, so that later comparisons start from it.
        if (verdict == Verdict.Nothing) Commit(version, _code with { Instances = code.Instances }, null);
        times = times with { PlanMs = watch.Elapsed.TotalMilliseconds - times.CheckMs - times.LowerMs };
        return new(plan, version, code, states.Tables ?? lowered.Program, changed, states.Moves, times);
    }

    private ReloadReport Publish(Candidate candidate)
    {
        var watch = Stopwatch.StartNew();
        var (code, before) = (candidate.Code!, _code);
        var source = new LiveSource(candidate.Tables!, code);
        var removed = before.Functions.Keys.Where(id => !code.Functions.ContainsKey(id)).Select(id => SlotKey.Of(source, id)).ToArray();
        var (world, version) = CompilerFault.During("code generation", () => _live.Publish(source, source.Finished(candidate.Changed), removed, candidate.Moves));
        Commit(candidate.Version!, code, version);
        return new ReloadReport(candidate.Plan, version, world, candidate.Times with { CompileMs = watch.Elapsed.TotalMilliseconds });
    }

    private void Commit(ProgramVersion program, LiveCode code, int? version)
    {
        (_running, _code) = (program, code);
        _files.Accept(program);
        if (version is { } index) _versions[index] = (program, code);
        else _versions[_live.CurrentVersion] = (program, code);
        foreach (var old in _versions.Keys.Where(v => v < _live.CurrentVersion - VersionsMax).ToArray()) _versions.Remove(old);
    }

    private const int VersionsMax = 64;

    /// <summary>The program may have gone back by itself since: what runs then is what the next change is compared with.</summary>
    private void Follow()
    {
        var (content, current) = (_live.CurrentContent, _live.CurrentVersion);
        if (!_versions.TryGetValue(content, out var version) || ReferenceEquals(version.Code, _code)) return;
        (_running, _code) = version;
        _files.GoBackTo(_running);
        _versions[current] = version;
    }

    /// <summary>Steps of loops that are under way stay, whatever the new main reaches.</summary>
    private IEnumerable<FunctionId> StepRoots() => StatePlanner.ClosuresOf(_code, _live).SelectMany(c => c);

    private LoweredProgram Lower(CheckedProgram program, LoweringRoots roots, Predicate<FunctionId>? hasBody = null) =>
        CompilerFault.During("lowering", () => Lowering.Lower(program, roots, _lowering, hasBody));

    private static bool HasReloadPoint(CheckedProgram program) =>
        program.Main is { } main && main.Effects.Entries.Any(e => e.Label is "Live" or "Send" or "Spawn");
}
