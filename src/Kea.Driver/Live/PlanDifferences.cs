using System.Collections.Immutable;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Mir;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>What differs between two versions of a program, in words of its source.</summary>
internal static class PlanDifferences
{
    public static ImmutableArray<FunctionChange> Functions(CheckedProgram before, LiveCode old, CheckedProgram after, LiveCode code, ImmutableArray<MirFunction> changed)
    {
        var changes = new SortedDictionary<string, FunctionChange>(StringComparer.Ordinal);
        var (had, has) = (Symbols(old), Symbols(code));
        var roots = changed.Select(f => Lambdas.RootOf(f.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, instance) in code.Instances)
        {
            var symbol = instance.Symbol;
            if (symbol.Module.Origin != ModuleOrigin.Project || !roots.Contains(code.Functions[id].Lowered.Name) || changes.ContainsKey(symbol.QualifiedName)) continue;
            changes.Add(symbol.QualifiedName, had.TryGetValue(symbol.QualifiedName, out var was) ? Compare(was, symbol) : new(symbol.QualifiedName, ChangeKind.Added, null, null, []));
        }
        foreach (var (name, _) in had)
            if (!has.ContainsKey(name)) changes.TryAdd(name, new(name, ChangeKind.Removed, null, null, []));
        return [.. changes.Values];
    }

    /// <summary>Structs and enums of both versions that look different.</summary>
    public static ImmutableArray<(TypeSymbol Old, TypeSymbol New)> Types(CheckedProgram before, CheckedProgram after)
    {
        if (ReferenceEquals(before, after)) return [];
        // A type differs by itself only if its own module does; what only reaches it is told of by its name.
        var texts = before.Modules.Where(m => m.Origin == ModuleOrigin.Project).Select(m => m.Source).ToHashSet(ReferenceEqualityComparer.Instance);
        var old = new Dictionary<string, TypeSymbol>(StringComparer.Ordinal);
        foreach (var (name, type) in TypesOf(before)) old.TryAdd(name, type);
        var different = ImmutableArray.CreateBuilder<(TypeSymbol, TypeSymbol)>();
        foreach (var (name, type) in TypesOf(after))
            if (!texts.Contains(type.Module!.Source) && old.TryGetValue(name, out var was) && TypeVersions.ShapeOf(was) != TypeVersions.ShapeOf(type)) different.Add((was, type));
        return different.DrainToImmutable();
    }

    private static Dictionary<string, FunctionSymbol> Symbols(LiveCode code)
    {
        var symbols = new Dictionary<string, FunctionSymbol>(StringComparer.Ordinal);
        foreach (var instance in code.Instances.Values)
            if (instance.Symbol.Module.Origin == ModuleOrigin.Project) symbols.TryAdd(instance.Symbol.QualifiedName, instance.Symbol);
        return symbols;
    }

    private static IEnumerable<(string Name, TypeSymbol Type)> TypesOf(CheckedProgram program)
    {
        foreach (var module in program.Modules)
        {
            if (module.Origin != ModuleOrigin.Project) continue;
            foreach (var type in module.Types.Values)
                if (ReferenceEquals(type.Module, module)) yield return ($"{module.Name}.{type.Name}", type);
        }
    }

    private static FunctionChange Compare(FunctionSymbol old, FunctionSymbol now)
    {
        var (before, after) = (SignatureOf(old), SignatureOf(now));
        if (ReferenceEquals(old, now) || before == after) return new(now.QualifiedName, ChangeKind.Changed, null, null, []);
        var had = old.Effects.Entries.Select(e => e.Label).ToHashSet(StringComparer.Ordinal);
        return new(now.QualifiedName, ChangeKind.Changed, before, after, [.. now.Effects.Entries.Select(e => e.Label).Where(l => !had.Contains(l))]);
    }

    public static string SignatureOf(FunctionSymbol function) => TypePrinter.Text(new Kea.Types.Type.Function([.. function.Parameters.Select(p => p.Type)], function.Effects, function.Result));
}
