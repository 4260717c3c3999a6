using System.Collections.Immutable;
using System.Diagnostics;
using Kea.Driver.Incremental;
using Kea.Driver.Status;
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
public sealed partial class LiveSession : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DeepStack _stack = new();
    private readonly ToolchainPaths _paths;
    private readonly string _entryPath;
    private readonly IncrementalSession _files;
    private readonly JitEngine _engine;
    private readonly ChangePlanner _planner;
    private readonly Dictionary<int, (ProgramVersion Program, LiveCode Code)> _versions = [];
    private LiveProgram _live = null!;
    private int _givenUp;

    private LiveSession(ToolchainPaths paths, string entryPath, IncrementalSession files, DiskTexts disk, JitEngine engine) =>
        (_paths, _entryPath, _files, _disk, _engine, _planner) = (paths, entryPath, files, disk, engine, new ChangePlanner(files, () => _live));

    /// <summary>Checks and lowers a program; nothing runs yet. Null with diagnostics that are errors.</summary>
    public static (LiveSession? Session, ImmutableArray<Diagnostic> Diagnostics) Open(ToolchainPaths paths, string entryPath, LiveOptions? options = null, ISourceFiles? files = null)
    {
        // Code of a session asks for its second tier, so somebody has to answer.
        options = (options ?? LiveOptions.T0) with { Tiers = options?.Tiers ?? TierOptions.Usual };
        var incremental = new IncrementalSession(paths, entryPath, files);
        switch (incremental.Compare())
        {
            case SourceChange.Broken(var diagnostics): return (null, diagnostics);
            case SourceChange.Whole(var version, _):
                var session = new LiveSession(paths, entryPath, incremental, new DiskTexts(paths, entryPath, files ?? new DiskFiles()), new JitEngine(new RuntimeLibrary(new RuntimeFiles(paths.Native))));
                var first = session._planner.First(version);
                if (first.Code is not { } code)
                {
                    session._engine.Dispose();
                    return (null, first.Diagnostics);
                }
                session._live = new LiveProgram(session._engine, new LiveSource(first.Tables!, code), options);
                session._live.Prepare(code.Hooks.Entries);
                session.Commit(version, code, 0);
                return (session, version.Warnings);
            default: throw new InvalidOperationException("a first comparison is of everything");
        }
    }

    /// <summary>Files whose change may change the program.</summary>
    public ImmutableArray<string> Files => _files.Files;

    public LiveProgram Program => _live;

    /// <summary>What becomes of state that a change cannot carry over, in plans and in reloads.</summary>
    public IncompatiblePolicy Policy { get; set; }

    /// <summary>Puts other moves in the place of those that were planned; for tests of what becomes of an inverse that is wrong.</summary>
    internal Func<StateMoves, StateMoves> MovesEdit { get; set; } = moves => moves;

    /// <summary>Whether main has a reload point in its effects; a program without one is started anew instead (L007).</summary>
    public bool IsReloadable => ChangePlanner.HasReloadPoint(_planner.Running.Program);

    /// <summary>Whether the program can read standard input at all.</summary>
    public bool ReadsInput => _planner.Code.ReadsInput;

    public int Modules => _planner.Running.Modules.Count;

    public RunResult Run(RunOptions options) => _live.Run(_planner.Code.Entry, options);

    /// <summary>Compares the files with what runs, and publishes what has changed if all of it may be.</summary>
    /// <param name="changed">Full paths of files that may have changed; all if null.</param>
    public ReloadReport Reload(IReadOnlyCollection<string>? changed = null, IReloadObserver? observer = null)
    {
        lock (_gate)
        {
            return _stack.Run(() =>
            {
                var report = UntilDecided(() => Prepare(changed), observer);
                Remember(report);
                return report;
            });
        }
    }

    /// <summary>The program may go back to an older version while a change is tried in it, and then the change is another one.</summary>
    private ReloadReport UntilDecided(Func<Candidate> prepare, IReloadObserver? observer = null)
    {
        while (true)
        {
            Follow();
            if (Try(prepare(), observer) is { } report) return report;
        }
    }

    /// <returns>Null if what the candidate was compared with is not in force any more.</returns>
    private ReloadReport? Try(Candidate candidate, IReloadObserver? observer)
    {
        if (candidate.Plan.Verdict is not (Verdict.Swap or Verdict.SwapWithMigration)) return new ReloadReport(candidate.Plan, 0, 0, candidate.Times);
        observer?.Begins(candidate.Plan);
        return SmokeRun.Refusal(candidate.Version!.Program, _paths) is { } refusal ? Refused(candidate, refusal) : Publish(candidate, observer);
    }

    private static ReloadReport Refused(Candidate candidate, AppliedRule why) =>
        new(candidate.Plan with { Verdict = Verdict.Rejected, Rules = candidate.Plan.Rules.Add(why) }, 0, 0, candidate.Times);

    /// <summary>What a reload would do now.</summary>
    public ReloadPlan Plan(IReadOnlyCollection<string>? changed = null)
    {
        lock (_gate)
        {
            Follow();
            return Prepare(changed).Plan;
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

    /// <summary>What means the same is taken over, so that later comparisons start from it.</summary>
    private Candidate Prepare(IReadOnlyCollection<string>? changed)
    {
        var candidate = _planner.Prepare(changed, Policy);
        if (candidate is { Plan.Verdict: Verdict.Nothing, Version: { } version, Code: { } code }) Commit(version, code.After, null);
        return candidate;
    }

    private ReloadReport? Publish(Candidate candidate, IReloadObserver? observer)
    {
        var watch = Stopwatch.StartNew();
        var change = candidate.Code!;
        var source = new LiveSource(candidate.Tables!, change.After);
        var removed = change.Removed.Select(id => SlotKey.Of(source, id)).ToArray();
        ReloadPlan With(ImmutableArray<TrialNote> notes) => notes.IsEmpty ? candidate.Plan : candidate.Plan with { Rules = candidate.Plan.Rules.AddRange(Rules.Of(notes)) };
        switch (CompilerFault.During("code generation", () => _live.Publish(source, source.Finished(change.Changed), removed, MovesEdit(candidate.Moves), candidate.Hooks, (at, notes) => observer?.Published(With(notes), at))))
        {
            case PublishOutcome.Overtaken: return null;
            case PublishOutcome.MigrationFailed(var state, var why): return Refused(candidate, Rules.MigrationFails(state, why));
            case PublishOutcome.Published(var world, var version, var notes):
                _live.Prepare(change.After.Hooks.Entries);
                Commit(candidate.Version!, change.After, version);
                return new ReloadReport(With(notes), version, world, candidate.Times with { CompileMs = watch.Elapsed.TotalMilliseconds });
        }
        throw new InvalidOperationException("a closed family");
    }

    private void Commit(ProgramVersion program, LiveCode code, int? version)
    {
        _planner.Commit(program, code);
        _files.Accept(program);
        _versions[version ?? _live.CurrentContent] = (program, code);
        var held = _live.HeldVersions;
        foreach (var old in _versions.Keys.Where(v => !held.Contains(v)).ToArray()) _versions.Remove(old);
    }

    /// <summary>The program may have gone back by itself since: what runs then is what the next change is compared with.</summary>
    private void Follow()
    {
        var (content, failed) = (_live.CurrentContent, _live.GivenUp);
        var refused = failed != _givenUp && _versions.TryGetValue(failed, out var bad) ? bad.Program : null;
        _givenUp = failed;
        if (!_versions.TryGetValue(content, out var version) || ReferenceEquals(version.Code, _planner.Code)) return;
        _planner.Commit(version.Program, version.Code);
        // What was built on the version that was given up has not been tried by itself.
        _files.GoBackTo(version.Program, refused);
    }
}
