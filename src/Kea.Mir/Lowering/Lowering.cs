using System.Collections.Immutable;
using System.Globalization;
using Kea.Source;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir;

/// <summary>What to lower: everything that these reach.</summary>
public abstract record LoweringRoots
{
    private LoweringRoots() { }

    /// <summary>The program from its <c>main</c>; the entry is a function that runs it and returns its status.</summary>
    public sealed record Main : LoweringRoots;
    /// <summary>Functions that run around reloads; an entry for each.</summary>
    public sealed record Hooks(ImmutableArray<FunctionSymbol> Symbols) : LoweringRoots;
    /// <summary>One entry for each test.</summary>
    public sealed record Tests(ImmutableArray<TestSymbol> Symbols) : LoweringRoots;
    /// <summary>Functions that say with a Bool whether code is fit to be published; an entry for each.</summary>
    public sealed record Smokes(ImmutableArray<FunctionSymbol> Symbols) : LoweringRoots;
    /// <summary>Functions at closed types, such as those that an edit changed.</summary>
    public sealed record Functions(ImmutableArray<(FunctionSymbol Symbol, ImmutableArray<Type> Arguments)> Instances) : LoweringRoots;
    /// <summary>Steps of loops that are under way: two entries for each, its closure code and the code of one iteration.</summary>
    public sealed record Steps(ImmutableArray<(FunctionSymbol Symbol, ImmutableArray<Type> Arguments)> Instances) : LoweringRoots;
}

/// <summary>The lowered functions, before counts.</summary>
/// <param name="Entries">For each root in order: the entry of main or of a test, or the function itself.</param>
/// <param name="Instances">What declared functions were lowered at which types, in this lowering.</param>
/// <param name="Diagnostics">Errors that only show when types are closed; with any of them the program is not complete.</param>
public sealed record LoweredProgram(MirProgram Program, ImmutableArray<FunctionId> Entries, ImmutableArray<LoweredInstance> Instances, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>The closure code of declared functions that are used as values.</summary>
    public ImmutableArray<LoweredInstance> Values { get; init; } = [];

    /// <summary>Types of state, by the names that the runtime knows them by.</summary>
    public ImmutableDictionary<string, Type> States { get; init; } = ImmutableDictionary<string, Type>.Empty;
}

/// <summary>A declared function at types.</summary>
public readonly record struct LoweredInstance(FunctionId Id, FunctionSymbol Symbol, ImmutableArray<Type> Arguments);

/// <summary>
/// Typed trees to MIR before counts: monomorphic, matches as decision trees, closures converted, failures as results.
/// The program must be free of errors.
/// </summary>
public static class Lowering
{
    /// <param name="hasBody">Functions of the session that are not wanted again; they are only declared.</param>
    public static LoweredProgram Lower(CheckedProgram program, LoweringRoots roots, LoweringSession session, Predicate<FunctionId>? hasBody = null) =>
        session.Stack.Run(() => LowerHere(program, roots, session, hasBody ?? (_ => false)));

    private static LoweredProgram LowerHere(CheckedProgram program, LoweringRoots roots, LoweringSession session, Predicate<FunctionId> hasBody)
    {
        var context = new LoweringContext(program, session, hasBody);
        var entries = Request(context, roots);
        context.Run();
        var entry = roots is LoweringRoots.Main ? entries[0] : (FunctionId?)null;
        if (session.LayoutCount > Layout.CountMax) context.Diagnostics.Add(TooManyLayouts(session));
        return new LoweredProgram(session.Snapshot([.. context.Functions], entry), entries, context.LoweredInstances, context.Diagnostics.ToImmutable())
        {
            Values = [.. context.FunctionValues],
            States = context.States.ToImmutable(),
        };
    }

    private static Diagnostic TooManyLayouts(LoweringSession session)
    {
        var (has, help) = session.IsReloadable
            ? ("has had, since it was started,", "start the program anew: kinds of objects that are not in its sources any more count until then")
            : ("has", "every struct, variant and lambda counts, once for each type that it is used at; generate fewer of them");
        var message = string.Create(CultureInfo.InvariantCulture, $"the program {has} {session.LayoutCount:N0} kinds of objects, and {Layout.CountMax:N0} is the most that can be told apart");
        return new Diagnostic("E0904", Severity.Error, message, null, [], [], help);
    }

    private static ImmutableArray<FunctionId> Request(LoweringContext context, LoweringRoots roots) => roots switch
    {
        LoweringRoots.Main => [FunctionLowering.LowerMain(context, context.Program.Main ?? throw new InvalidOperationException("lowering: no main")).Id],
        LoweringRoots.Hooks(var hooks) => [.. hooks.Select(hook => FunctionLowering.LowerOnce(context, hook, $"{hook.QualifiedName}.hook").Id)],
        LoweringRoots.Tests(var tests) => [.. tests.Select((test, i) => FunctionLowering.LowerOnce(context, test.Function, $"{test.Function.QualifiedName}.run").Id)],
        LoweringRoots.Smokes(var smokes) => [.. smokes.Select(smoke => FunctionLowering.LowerSmoke(context, smoke).Id)],
        LoweringRoots.Steps(var steps) => [.. steps.SelectMany(step => FunctionLowering.LowerStep(context, step.Symbol, context.Types.CloseAll(step.Arguments, TypeSubstitution.Empty)))],
        LoweringRoots.Functions(var instances) => [.. instances.Select(instance =>
            context.Instance(instance.Symbol, context.Types.CloseAll(instance.Arguments, TypeSubstitution.Empty), context.ModuleName(instance.Symbol.Module)).Signature.Id)],
    };
}
