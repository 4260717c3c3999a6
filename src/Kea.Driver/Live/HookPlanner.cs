using System.Collections.Immutable;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Mir;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>A version's functions that run around reloads.</summary>
/// <param name="Before">Modules after those that they use.</param>
/// <param name="After">Likewise.</param>
internal sealed record CodeHooks(ImmutableArray<ReloadHook> Before, ImmutableArray<ReloadHook> After)
{
    public static readonly CodeHooks None = new([], []);

    public bool IsEmpty => Before.IsEmpty && After.IsEmpty;
    public IEnumerable<FunctionId> Entries => Before.Concat(After).Select(h => h.Entry).Distinct();
}

/// <summary>Which hooks run around a reload: those of the modules that it replaces.</summary>
internal static class HookPlanner
{
    public const string Before = "before_reload", After = "after_reload";

    /// <summary>All hooks of a program, to be lowered with it.</summary>
    public static ImmutableArray<FunctionSymbol> Symbols(CheckedProgram program) =>
        [.. AnnotatedFunctions.Of(program, Before).Concat(AnnotatedFunctions.Of(program, After)).Distinct()];

    /// <param name="entries">In the order of <see cref="Symbols"/>.</param>
    public static CodeHooks Of(CheckedProgram program, IEnumerable<FunctionId> entries)
    {
        var symbols = Symbols(program);
        if (symbols.IsEmpty) return CodeHooks.None;
        var byFunction = symbols.Zip(entries).ToDictionary(p => p.First, p => new ReloadHook(p.First.QualifiedName, p.First.Module.Name, p.Second));
        return new CodeHooks([.. AnnotatedFunctions.Of(program, Before).Select(f => byFunction[f])], [.. AnnotatedFunctions.Of(program, After).Select(f => byFunction[f])]);
    }

    /// <param name="functions">What changes from the one version to the other.</param>
    public static ReloadHooks Between(ProgramVersion before, LiveCode old, ProgramVersion after, LiveCode code, ImmutableArray<FunctionChange> functions)
    {
        if (old.Hooks.IsEmpty && code.Hooks.IsEmpty) return ReloadHooks.None;
        var replaced = PlanDifferences.Types(before.Program, after.Program).Select(t => t.New.Module!.Name).ToHashSet(StringComparer.Ordinal);
        var changed = functions.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var instance in old.Instances.Values.Concat(code.Instances.Values))
            if (changed.Contains(instance.Symbol.QualifiedName)) replaced.Add(instance.Symbol.Module.Name);
        ImmutableArray<ReloadHook> Replaced(ImmutableArray<ReloadHook> hooks) => [.. hooks.Where(h => replaced.Contains(h.Module))];
        return new ReloadHooks(
            [.. Replaced(old.Hooks.Before).Reverse()], Replaced(code.Hooks.After), [.. Replaced(code.Hooks.Before).Reverse()], Replaced(old.Hooks.After));
    }
}
