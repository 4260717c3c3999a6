using System.Collections.Immutable;
using System.Diagnostics;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Mir;
using Kea.Source;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Live;

/// <summary>A change that has been checked, lowered and planned, and not published.</summary>
/// <param name="Version">Null, as is the code, where there is nothing to put into force.</param>
internal sealed record Candidate(ReloadPlan Plan, ProgramVersion? Version, CodeChange? Code, MirProgram? Tables, StateMoves Moves, ReloadHooks Hooks, ReloadTimes Times)
{
    public static Candidate Without(ReloadPlan plan, ReloadTimes times) => new(plan, null, null, null, StateMoves.None, ReloadHooks.None, times);
}

/// <summary>
/// From files to a plan and the code that it is about, compared with the version in force. Runs nothing, and keeps nothing of
/// what is not committed.
/// </summary>
/// <param name="held">The states that a change has to carry over; asked when a version is in force.</param>
internal sealed class ChangePlanner(IncrementalSession files, Func<IHeldStates> held)
{
    private readonly LoweringSession _lowering = new(isReloadable: true);
    private readonly BodyNumbers _bodies = new(() => held().LoadedFunctions);

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
        if (!lowered.Diagnostics.IsEmpty) return (null, null, lowered.Diagnostics);
        var edit = new CodeEdit(LiveCode.Of(lowered));
        var (tables, errors) = AddHooks(version.Program, edit);
        return errors.IsEmpty ? (edit.Done(), tables ?? lowered.Program, version.Warnings) : (null, null, errors);
    }

    /// <summary>All code of a version, lowered anew whatever is known of it.</summary>
    public LiveCode LowerWhole(ProgramVersion version) => LiveCode.Of(Lower(version.Program, new LoweringRoots.Main()));

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
            case SourceChange.Broken(var diagnostics) broken: return Broken(diagnostics, times, BrokenRules.Of(Running.Program, broken.Declared, diagnostics));
            case SourceChange.Functions(var version, var changes): return Functions(version, changes, times, watch, policy);
            case SourceChange.Declarations(var version, var functions): return Declarations(version, functions, times, watch, policy);
            case SourceChange.Whole(var version, var bodies): return Whole(version, bodies, times, watch, policy);
        }
        throw new InvalidOperationException("a closed family");
    }

    private static Candidate Broken(ImmutableArray<Diagnostic> diagnostics, ReloadTimes times, ImmutableArray<AppliedRule> why = default) =>
        Candidate.Without(ReloadPlan.Of(Verdict.Rejected, [Rules.Errors(diagnostics), .. why.IsDefault ? [] : why]) with { Diagnostics = diagnostics }, times);

    private Candidate Functions(ProgramVersion version, FunctionChanges changes, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy)
    {
        foreach (var function in changes.Edited) Another(function.QualifiedName);
        var again = new LowerAgain(Code, version.Program);
        foreach (var function in changes.Edited.Concat(changes.Affected)) again.Add(function.QualifiedName, function, isReplaced: false);
        foreach (var (old, now) in changes.Replaced)
        {
            if (old is null) continue;
            Another(old.QualifiedName);
            again.Add(old.QualifiedName, now, isReplaced: true);
        }
        return Decide(version, again, changes.Replaced.IsEmpty ? Scope.Bodies : Scope.Functions, times, watch, policy);
    }

    private Candidate Declarations(ProgramVersion version, AffectedFunctions functions, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy)
    {
        if (NoMain.Problem(version.Program) is { } missing) return Broken([missing], times);
        foreach (var function in functions.Edited) Another(function);
        // All others are the functions that they were.
        var current = version.Program.FunctionsOf(version.Program.Bound.Fresh.Where(m => m.Origin == ModuleOrigin.Project).ToHashSet())
            .DistinctBy(f => f.QualifiedName).ToDictionary(f => f.QualifiedName, StringComparer.Ordinal);
        var again = new LowerAgain(Code, version.Program);
        foreach (var name in functions.Edited.Union(functions.Dependent).Union(current.Values.Where(functions.Contains).Select(f => f.QualifiedName)))
            if (Code.ByDeclaration.ContainsKey(name)) again.Add(name, current.GetValueOrDefault(name), functions.Replaced.Contains(name));
        again.AddConsts(functions.Consts);
        again.AddDispatches(functions.Implementations);
        return again.TakesEverything ? Whole(version, [.. functions.Edited], times, watch, policy) : Decide(version, again, Scope.Declarations, times, watch, policy);
    }

    private Candidate Decide(ProgramVersion version, LowerAgain again, Scope scope, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy)
    {
        var lowered = Lower(version.Program, again.Roots, again.HasBody);
        var edit = new CodeEdit(Code);
        edit.Put(lowered.Program.Functions, lowered);
        if (scope == Scope.Declarations) edit.Transfer(again.Transfer);
        return Decide(version, lowered, edit, scope, times, watch, policy, again);
    }

    /// <summary>Lambdas of another body are others.</summary>
    private void Another(string function) => _lowering.BodyVersions[function] = _bodies.Next(Code);

    private Candidate Whole(ProgramVersion version, ImmutableArray<string> bodies, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy)
    {
        if (NoMain.Problem(version.Program) is { } missing) return Broken([missing], times);
        foreach (var body in bodies) Another(body);
        var lowered = Lower(version.Program, new LoweringRoots.Main());
        return Decide(version, lowered, new CodeEdit(LiveCode.Of(lowered)), Scope.Everything, times, watch, policy);
    }

    /// <summary>What may differ from the version in force.</summary>
    private enum Scope { Bodies, Functions, Declarations, Everything }

    private Candidate Decide(ProgramVersion version, LoweredProgram lowered, CodeEdit edit, Scope scope, ReloadTimes times, Stopwatch watch, IncompatiblePolicy policy, LowerAgain? again = null)
    {
        times = times with { LowerMs = watch.Elapsed.TotalMilliseconds - times.CheckMs };
        if (!lowered.Diagnostics.IsEmpty) return Broken(lowered.Diagnostics, times);
        var states = new StatePlanner(_lowering, Running, version, Code, edit, held(), policy);
        // Bodies change no types. Steps of loops that are under way stay, whatever the new main reaches.
        if (scope == Scope.Bodies) edit.Keep(StatePlanner.ClosuresOf(Code, held()).SelectMany(c => c));
        else states.Plan();
        var (tables, errors) = scope == Scope.Bodies ? (null, []) : AddHooks(version.Program, edit);
        if (!errors.IsEmpty) return Broken(errors, times);
        var gone = edit.TakeOutUnreached();
        // Somebody uses what is not there any more and has not been looked at: names and types did not tell everything.
        if (again is not null && again.IsLeftBehind(edit)) return Whole(version, [], times, watch, policy);
        var code = edit.Done();
        var change = scope == Scope.Everything
            ? new CodeChange(Code, code, [.. code.Functions.Keys], [.. Code.Functions.Keys.Where(id => !code.Functions.ContainsKey(id))])
            : new CodeChange(Code, code, [.. edit.Touched], gone);
        var functions = PlanDifferences.Functions(change);
        var names = KeptNames.Conflicts(code, held(), states.Moves.Kept);
        var rules = Rules.Of(functions, states).AddRange(names).AddRange(ImplementationChanges.Between(Running.Program, Code, version.Program, code));
        var verdict = !HasReloadPoint(version.Program) || !HasReloadPoint(Running.Program) ? Verdict.Restart
            : states.IsRefused ? (policy is IncompatiblePolicy.Restart or IncompatiblePolicy.Migrate && !states.IsWrong ? Verdict.Restart : Verdict.Rejected)
            : !names.IsEmpty ? Verdict.Rejected
            : change.Changed.IsEmpty && change.Removed.IsEmpty ? Verdict.Nothing
            : states.Moves is { Loops.IsEmpty: true, Kept.IsEmpty: true } ? Verdict.Swap : Verdict.SwapWithMigration;
        if (verdict == Verdict.Restart && !states.IsRefused) rules = rules.Add(Rules.NoReloadPoint);
        var plan = new ReloadPlan(verdict, functions, states.Layouts, rules, []);
        times = times with { PlanMs = watch.Elapsed.TotalMilliseconds - times.CheckMs - times.LowerMs };
        // Equal code is the code that runs; only what it was declared as are other objects.
        if (verdict == Verdict.Nothing) change = change with { After = Code with { Instances = code.Instances, Values = code.Values, ByDeclaration = code.ByDeclaration } };
        return new(plan, version, change, tables ?? states.Tables ?? lowered.Program, states.Moves, HookPlanner.Between(Running, Code, version, code, functions), times);
    }

    /// <summary>A function of another text of the program, with what it needs and the version in force does not have.</summary>
    public LoweredProgram LowerBeside(CheckedProgram program, FunctionSymbol function)
    {
        // Closures that were made beside an earlier version keep the code they were made with.
        foreach (var other in program.Entry.Functions.Values)
            if (!Code.ByDeclaration.ContainsKey(other.QualifiedName)) Another(other.QualifiedName);
        return Lower(program, new LoweringRoots.Functions([(function, [])]), Code.Functions.ContainsKey);
    }

    /// <summary>Puts the hooks of a program into its code; what they reach and is not there is lowered.</summary>
    /// <returns>The session's tables, if there are any hooks, or what is wrong with them.</returns>
    private (MirProgram? Tables, ImmutableArray<Diagnostic> Errors) AddHooks(CheckedProgram program, CodeEdit edit)
    {
        var symbols = HookPlanner.Symbols(program);
        var before = edit.Hooks.Entries.ToHashSet();
        edit.Hooks = CodeHooks.None;
        if (symbols.IsEmpty) return (null, []);
        var lowered = Lower(program, new LoweringRoots.Hooks(symbols), id => edit.Has(id) && !before.Contains(id));
        if (!lowered.Diagnostics.IsEmpty) return (null, lowered.Diagnostics);
        edit.Put(lowered.Program.Functions, lowered);
        edit.Hooks = HookPlanner.Of(program, lowered.Entries);
        return (lowered.Program, []);
    }

    /// <summary>Nothing stays in the tables of what has errors; nobody may refer to it then.</summary>
    private LoweredProgram Lower(CheckedProgram program, LoweringRoots roots, Predicate<FunctionId>? hasBody = null)
    {
        var before = _lowering.Here;
        var lowered = CompilerFault.During("lowering", () => Lowering.Lower(program, roots, _lowering, hasBody));
        if (!lowered.Diagnostics.IsEmpty) _lowering.GoBackTo(before);
        return lowered;
    }
}
