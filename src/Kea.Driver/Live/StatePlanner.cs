using System.Collections.Immutable;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Mir;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Live;

/// <summary>
/// Finds what a new version asks of states that are held now: which loops and kept values have another layout in it, and how
/// they get there, or why they cannot.
/// </summary>
/// <param name="code">The new version's; what the moves need is put in.</param>
/// <param name="policy">What becomes of a state that cannot be carried over.</param>
internal sealed class StatePlanner(LoweringSession lowering, ProgramVersion before, ProgramVersion after, LiveCode old, CodeEdit code, IHeldStates held, IncompatiblePolicy policy)
{
    private readonly ImmutableArray<LoopMove>.Builder _loops = ImmutableArray.CreateBuilder<LoopMove>();
    private readonly ImmutableArray<KeptMove>.Builder _kept = ImmutableArray.CreateBuilder<KeptMove>();
    private readonly ImmutableArray<LayoutChange>.Builder _layouts = ImmutableArray.CreateBuilder<LayoutChange>();
    private readonly ImmutableArray<AppliedRule>.Builder _rules = ImmutableArray.CreateBuilder<AppliedRule>();
    private readonly Dictionary<string, List<string>> _holders = new(StringComparer.Ordinal);

    /// <summary>The session's tables, if the moves have added to them.</summary>
    public MirProgram? Tables { get; private set; }

    public StateMoves Moves => new(_loops.ToImmutable(), _kept.ToImmutable());
    public ImmutableArray<LayoutChange> Layouts => _layouts.ToImmutable();
    public ImmutableArray<AppliedRule> StateRules => _rules.ToImmutable();

    /// <summary>Some state cannot be carried over, nor begin anew by itself: what a loop began with is a value of code that is running.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>What is written for a state does not fit it (L013), whatever the policy.</summary>
    public bool IsWrong { get; private set; }

    public void Plan()
    {
        var transfer = new TypeTransfer(after.Program);
        foreach (var loop in held.RunningLoops.Distinct()) PlanLoop(loop, transfer);
        foreach (var kept in held.Kept) PlanKept(kept, transfer);
        foreach (var (oldType, newType) in PlanDifferences.Types(before.Program, after.Program)) Describe(oldType, newType);
    }

    /// <summary>The closure code of the steps of loops that are under way, and of their iterations, as a version has them.</summary>
    public static IEnumerable<FunctionId[]> ClosuresOf(LiveCode code, IHeldStates held)
    {
        foreach (var loop in held.RunningLoops)
            if (StepOf(code, loop) is { } step && TurnOf(code, loop.StateType) is { } turn) yield return [step.Id, turn];
    }

    private static LoweredInstance? StepOf(LiveCode code, RunningLoop loop) =>
        loop.Step is { } key && code.Values.Values.FirstOrDefault(v => code.Functions.TryGetValue(v.Id, out var function) && function.Lowered.Name == key.Name) is { Symbol: not null } value ? value : null;

    private static FunctionId? TurnOf(LiveCode code, string state)
    {
        return code.Turns.TryGetValue($"{CodeEdit.TurnPrefix}{state}]", out var turn) ? turn : null;
    }

    private void PlanLoop(RunningLoop loop, TypeTransfer transfer)
    {
        if (!old.States.TryGetValue(loop.StateType, out var oldState) || TurnOf(old, loop.StateType) is not { } oldTurn) return;
        if (StepOf(old, loop) is not { } step)
        {
            // A lambda keeps its code. That is well as long as it understands the state.
            Hold(oldState, "a loop whose step is a lambda");
            if (transfer.Of(oldState) is not { } now || Migrations.NameOf(after.Program, now, lowering) != Bare(loop.StateType))
                Refuse("L012", loop.StateType, $"the state type '{Bare(loop.StateType)}' changed, held by a Live.loop whose step is a lambda, which keeps its old code", "give Live.loop a named function as its step");
            return;
        }
        Hold(oldState, $"Live.loop with {step.Symbol.QualifiedName}");
        var symbol = Now(step.Symbol);
        if (symbol is null || symbol.TypeVariables.Length != step.Symbol.TypeVariables.Length || symbol.Parameters.Length != 1 || transfer.All(step.Arguments) is not { } arguments)
        {
            Keep(step.Id, oldTurn);
            Note("L008", step.Symbol.QualifiedName, $"{step.Symbol.QualifiedName} is the step of a loop that is under way and is gone from the new code; the loop goes on in the code it has", "");
            return;
        }
        var lowered = Lowering.Lower(after.Program, new LoweringRoots.Steps([(symbol, arguments)]), lowering, code.Has);
        var (closure, turn) = (lowered.Entries[0], lowered.Entries[1]);
        Add(lowered.Program, lowered, closure, turn);
        var failure = loop.StateType.IndexOf(" ! ", StringComparison.Ordinal);
        var newName = TurnName(turn);
        if (newName == loop.StateType) return;
        if ((failure < 0) != !newName.Contains(" ! ", StringComparison.Ordinal) || (failure >= 0 && loop.StateType[failure..] != newName[newName.IndexOf(" ! ", StringComparison.Ordinal)..]))
        {
            Refuse("L012", step.Symbol.QualifiedName, $"what {step.Symbol.QualifiedName} fails with changed, and a Live.loop with it is under way", "keep the failure's type, or start the program anew");
            return;
        }
        if (Convert(oldState, code.StateOf(newName), $"Live.loop with {step.Symbol.QualifiedName}") is not { } way) return;
        _loops.Add(new LoopMove(step.Id, oldTurn, loop.StateType, closure, turn, newName, way.Forward, way.Backward));

        string TurnName(FunctionId id) => code[id].Lowered.Name[CodeEdit.TurnPrefix.Length..^1];
    }

    private void PlanKept(KeptState kept, TypeTransfer transfer)
    {
        var typeName = kept.Type;
        var holder = kept.Names.IsEmpty ? "Live.keep" : string.Join(", ", kept.Names.Select(n => $"Live.keep(\"{n}\")"));
        if (!old.States.TryGetValue(typeName, out var oldState)) return;
        Hold(oldState, holder);
        // A type that is gone is asked for by nobody.
        if (transfer.Of(oldState) is not { } newState) return;
        var newName = Migrations.NameOf(after.Program, newState, lowering);
        // It is kept also while no code asks for it.
        code.AddState(newName, newState);
        if (newName == typeName) return;
        var mayBeginAnew = policy == IncompatiblePolicy.Migrate;
        if (Convert(oldState, newState, holder, mayBeginAnew) is { } way) _kept.Add(new KeptMove(typeName, newName, way.Forward, way.Backward));
        else if (mayBeginAnew && !IsWrong) _kept.Add(new KeptMove(typeName, newName, null, null) { BeginsAnew = true });
    }

    /// <summary>The functions between two types of state; null when there is no way, which is noted.</summary>
    private (FunctionId? Forward, FunctionId? Backward)? Convert(Type oldState, Type newState, string holder, bool mayBeginAnew = false)
    {
        switch (Migrations.Plan(before.Program, oldState, after.Program, newState, lowering, code.Has))
        {
            case MigrationOutcome.Migration migration:
                Add(migration.Program, null, [migration.Entry, .. migration.Inverse is { } back ? [back] : Array.Empty<FunctionId>()]);
                foreach (var change in migration.Changes.Distinct()) Note("L011", change.Owner, change.Sentence, "");
                return (migration.Entry, migration.Inverse);
            case MigrationOutcome.Refused("L012", var obstacles) when mayBeginAnew:
                foreach (var obstacle in obstacles)
                    Note(obstacle.Rule, obstacle.Owner, $"{obstacle.Sentence}, held by {holder}: what it keeps is lost, and begins anew when it is asked for next", obstacle.WayOut);
                return null;
            case MigrationOutcome.Refused(_, var obstacles):
                foreach (var obstacle in obstacles) Refuse(obstacle.Rule, obstacle.Owner, $"{obstacle.Sentence}, held by {holder}", obstacle.WayOut);
                return null;
            default: return (null, null);
        }
    }

    private void Add(MirProgram program, LoweredProgram? lowered, params FunctionId[] roots)
    {
        Tables = program;
        code.Put(program.Functions, lowered);
        code.Keep(roots);
    }

    /// <summary>Old code that a loop goes on with stays, and what it reaches.</summary>
    private void Keep(params FunctionId[] roots)
    {
        var open = new Stack<FunctionId>(roots);
        var kept = new HashSet<FunctionId>();
        while (open.TryPop(out var next))
            if (!code.Has(next) && old.Functions.TryGetValue(next, out var function) && kept.Add(next))
                foreach (var used in function.Uses) open.Push(used);
        code.Put(kept, old);
        code.Keep(roots);
    }

    /// <summary>The function of the new version that has the place of one of the old.</summary>
    private FunctionSymbol? Now(FunctionSymbol function) =>
        after.Modules.Values.Where(m => m.Name == function.Module.Name).SelectMany(m => m.Functions).FirstOrDefault(f => f?.QualifiedName == function.QualifiedName);

    private void Describe(TypeSymbol oldType, TypeSymbol newType)
    {
        if (!oldType.Parameters.IsEmpty) return;
        var comparison = Migrations.Compare(before.Program, oldType.Plain, after.Program, newType.Plain);
        if (comparison.IsUnchanged) return;
        ImmutableArray<string> differences = [.. comparison.Changes.Select(c => c.Sentence), .. comparison.Obstacles.Select(o => o.Sentence)];
        _layouts.Add(new LayoutChange(oldType.Name, [.. differences.Distinct()], [.. _holders.GetValueOrDefault(oldType.Name, [])]));
        if (!_holders.ContainsKey(oldType.Name)) Note("L010", oldType.Name, $"the layout of '{oldType.Name}' changed, and no live value has it", "");
    }

    private void Hold(Type state, string holder)
    {
        var seen = new HashSet<TypeSymbol>();
        void Visit(Type type)
        {
            switch (type.Resolved)
            {
                case Type.Named(var symbol, var arguments):
                    foreach (var argument in arguments) Visit(argument);
                    if (!seen.Add(symbol)) return;
                    if (symbol.Module is { Origin: ModuleOrigin.Project })
                    {
                        if (!_holders.TryGetValue(symbol.Name, out var holders)) _holders.Add(symbol.Name, holders = []);
                        holders.Add(holder);
                    }
                    foreach (var field in symbol.Fields) Visit(field.Type);
                    foreach (var variant in symbol.Variants)
                        foreach (var (_, fieldType) in variant.Fields) Visit(fieldType);
                    if (symbol.Representation is { } inner) Visit(inner);
                    break;
                case Type.Tuple(var elements):
                    foreach (var element in elements) Visit(element);
                    break;
                case Type.Record(var row):
                    foreach (var entry in row.Entries) Visit(entry.Payload);
                    break;
            }
        }
        Visit(state);
    }

    private static string Bare(string state) => state.IndexOf(" ! ", StringComparison.Ordinal) is var at and >= 0 ? state[..at] : state;

    private void Note(string rule, string symbol, string message, string wayOut)
    {
        var applied = new AppliedRule(rule, symbol, message, wayOut);
        if (!_rules.Contains(applied)) _rules.Add(applied);
    }

    private void Refuse(string rule, string symbol, string message, string wayOut)
    {
        IsRefused = true;
        IsWrong |= rule == "L013";
        Note(rule, symbol, message, wayOut);
    }
}
