using System.Collections.Immutable;
using System.Diagnostics;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Mir;
using Kea.Source;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>A change that has been checked, lowered and planned, and not published.</summary>
/// <param name="Version">Null, as is the code, where there is nothing to put into force.</param>
internal sealed record Candidate(
    ReloadPlan Plan, ProgramVersion? Version, LiveCode? Code, MirProgram? Tables, ImmutableArray<MirFunction> Changed, StateMoves Moves, ReloadTimes Times)
{
    public static Candidate Without(ReloadPlan plan, ReloadTimes times) => new(plan, null, null, null, [], StateMoves.None, times);
}

/// <summary>
/// From files to a plan and the code that it is about, compared with the version in force. Runs nothing, and keeps nothing of
/// what is not committed.
/// </summary>
/// <param name="held">The states that a change has to carry over; asked when a version is in force.</param>
internal sealed class ChangePlanner(IncrementalSession files, Func<IHeldStates> held)
{
    private readonly LoweringSession _lowering = new(isReloadable: true);
    private int _bodyVersions = 1;

    /// <summary>The version in force, and its code.</summary>
    public ProgramVersion Running { get; private set; } = null!;
    public LiveCode Code { get; private set; } = null!;

    public static bool HasReloadPoint(CheckedProgram program) =>
        program.Main is { } main && main.Effects.Entries.Any(e => e.Label is "Live" or "Send" or "Spawn");

    /// <summary>The code of a program's first version; none with diagnostics that say why.</summary>
    public (LiveCode? Code, MirProgram? Tables, ImmutableArray<Diagnostic> Diagnostics) First(ProgramVersion version)
    {
        if (NoMain.Problem(version.Program) is { } missing) return (null, null, [.. version.Warnings, missing]);
        var lowered = Lower(version.Program, new LoweringRoots.Main());
        return lowered.Diagnostics.IsEmpty ? (LiveCode.Of(lowered), lowered.Program, version.Warnings) : (null, null, lowered.Diagnostics);
    }

    public void Commit(ProgramVersion program, LiveCode code) => (Running, Code) = (program, code);

    /// <param name="changed">Full paths of files that may have changed; all if null.</param>
    /// <param name="from">Whose files, if not the session's own: nothing may be committed then.</param>
    public Candidate Prepare(IReadOnlyCollection<string>? changed, IncompatiblePolicy policy, IncrementalSession? from = null)
    {
        var watch = Stopwatch.StartNew();
        var change = (from ?? files).Compare(changed);
        var times = new ReloadTimes(watch.Elapsed.TotalMilliseconds, 0, 0, 0);
        switch (change)
        {
            case SourceChange.None(var textChanged):
                return Candidate.Without(textChanged ? ReloadPlan.Of(Verdict.Nothing, Rules.OnlyComments) : ReloadPlan.Of(Verdict.Nothing), times);
            case SourceChange.Broken(var diagnostics): return Broken(diagnostics, times);
            case SourceChange.BodiesOnly(var version, var functions): return Bodies(version, functions, times, watch);
            case SourceChange.Whole(var version, var bodies): return Whole(version, bodies, times, watch, policy);
        }
        throw new InvalidOperationException("a closed family");
    }

    private static Candidate Broken(ImmutableArray<Diagnostic> diagnostics, ReloadTimes times) =>
        Candidate.Without(ReloadPlan.Of(Verdict.Rejected, Rules.Errors(diagnostics)) with { Diagnostics = diagnostics }, times);

    private Candidate Bodies(ProgramVersion version, ImmutableArray<FunctionSymbol> functions, ReloadTimes times, Stopwatch watch)
    {
        foreach (var function in functions) _lowering.BodyVersions[function.QualifiedName] = ++_bodyVersions;
        var edited = functions.ToHashSet();
        var instances = Code.Instances.Values.Where(i => edited.Contains(i.Symbol)).ToImmutableArray();
        var again = instances.Select(i => i.Id).ToHashSet();
        var lowered = Lower(version.Program, new LoweringRoots.Functions([.. instances.Select(i => (i.Symbol, i.Arguments))]), id => Code.Functions.ContainsKey(id) && !again.Contains(id));
        return Decide(version, lowered, Code.With(lowered.Program.Functions, lowered.Instances, StepRoots(), lowered.Values, lowered.States), times, watch, IncompatiblePolicy.Refuse);
    }

    private Candidate Whole(ProgramVersion version, ImmutableArray<string> bodies, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy)
    {
        if (NoMain.Problem(version.Program) is { } missing) return Broken([missing], times);
        foreach (var body in bodies) _lowering.BodyVersions[body] = ++_bodyVersions;
        var lowered = Lower(version.Program, new LoweringRoots.Main());
        return Decide(version, lowered, LiveCode.Of(lowered), times, watch, policy);
    }

    private Candidate Decide(ProgramVersion version, LoweredProgram lowered, LiveCode code, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy)
    {
        times = times with { LowerMs = watch.Elapsed.TotalMilliseconds - times.CheckMs };
        if (!lowered.Diagnostics.IsEmpty) return Broken(lowered.Diagnostics, times);
        var states = new StatePlanner(_lowering, Running, version, Code, code, held());
        states.Plan();
        code = states.Code;
        var changed = code.ChangedSince(Code);
        var functions = PlanDifferences.Functions(Running.Program, Code, version.Program, code, changed);
        var rules = Rules.Of(functions, states);
        var verdict = !HasReloadPoint(version.Program) || !HasReloadPoint(Running.Program) ? Verdict.Restart
            : states.IsRefused ? (policy == IncompatiblePolicy.Restart ? Verdict.Restart : Verdict.Rejected)
            : changed.IsEmpty && code.Functions.Count == Code.Functions.Count ? Verdict.Nothing
            : states.Moves is { Loops.IsEmpty: true, Kept.IsEmpty: true } ? Verdict.Swap : Verdict.SwapWithMigration;
        if (verdict == Verdict.Restart && !states.IsRefused) rules = rules.Add(Rules.NoReloadPoint);
        var plan = new ReloadPlan(verdict, functions, states.Layouts, rules, []);
        times = times with { PlanMs = watch.Elapsed.TotalMilliseconds - times.CheckMs - times.LowerMs };
        return new(plan, version, verdict == Verdict.Nothing ? Code with { Instances = code.Instances } : code, states.Tables ?? lowered.Program, changed, states.Moves, times);
    }

    /// <summary>A function of another text of the program, with what it needs and the version in force does not have.</summary>
    public LoweredProgram LowerBeside(CheckedProgram program, FunctionSymbol function)
    {
        var known = Code.Instances.Values.Select(i => i.Symbol.QualifiedName).ToHashSet(StringComparer.Ordinal);
        // Closures that were made beside an earlier version keep the code they were made with.
        foreach (var other in program.Entry.Functions.Values)
            if (!known.Contains(other.QualifiedName)) _lowering.BodyVersions[other.QualifiedName] = ++_bodyVersions;
        return Lower(program, new LoweringRoots.Functions([(function, [])]), Code.Functions.ContainsKey);
    }

    /// <summary>Steps of loops that are under way stay, whatever the new main reaches.</summary>
    private IEnumerable<FunctionId> StepRoots() => StatePlanner.ClosuresOf(Code, held()).SelectMany(c => c);

    private LoweredProgram Lower(CheckedProgram program, LoweringRoots roots, Predicate<FunctionId>? hasBody = null) =>
        CompilerFault.During("lowering", () => Lowering.Lower(program, roots, _lowering, hasBody));
}
