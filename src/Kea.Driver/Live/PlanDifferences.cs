using System.Collections.Immutable;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Mir;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>What differs between two versions of a program, in words of its source.</summary>
internal static class PlanDifferences
{
    public static ImmutableArray<FunctionChange> Functions(CodeChange change)
    {
        var changes = new SortedDictionary<string, FunctionChange>(StringComparer.Ordinal);
        var (old, code) = (change.Before, change.After);
        var roots = change.Changed.Select(f => Lambdas.RootOf(f.Name)).ToHashSet(StringComparer.Ordinal);
        var defaults = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var id in change.Touched)
        {
            if (!code.Instances.TryGetValue(id, out var instance)) continue;
            var symbol = instance.Symbol;
            if (symbol.Origin == FunctionOrigin.ParameterDefault)
            {
                if (roots.Contains(code.Functions[id].Lowered.Name)) defaults.Add(symbol.QualifiedName[..symbol.QualifiedName.LastIndexOf(".default.", StringComparison.Ordinal)]);
                continue;
            }
            if (symbol.Module.Origin != ModuleOrigin.Project || !roots.Contains(code.Functions[id].Lowered.Name) || changes.ContainsKey(symbol.QualifiedName)) continue;
            changes.Add(symbol.QualifiedName, SymbolOf(old, symbol.QualifiedName) is { } was ? Compare(was, symbol) : new(symbol.QualifiedName, ChangeKind.Added, null, null, []));
        }
        // What a parameter is by default is part of its function.
        foreach (var name in defaults) changes.TryAdd(name, new(name, ChangeKind.Changed, null, null, []));
        foreach (var id in change.Removed)
        {
            if (!old.Instances.TryGetValue(id, out var instance) || instance.Symbol is not { Module.Origin: ModuleOrigin.Project, Origin: not FunctionOrigin.ParameterDefault }) continue;
            var name = instance.Symbol.QualifiedName;
            if (SymbolOf(code, name) is null) changes.TryAdd(name, new(name, ChangeKind.Removed, null, null, []));
        }
        return [.. changes.Values];
    }

    /// <summary>Structs and enums of both versions that look different.</summary>
    public static ImmutableArray<(TypeSymbol Old, TypeSymbol New)> Types(CheckedProgram before, CheckedProgram after)
    {
        if (ReferenceEquals(before.Bound, after.Bound)) return [];
        // A type differs by itself only if its own module does; what only reaches it is told of by its name.
        var texts = before.Modules.Select(m => m.Source).ToHashSet(ReferenceEqualityComparer.Instance);
        var old = before.Modules.Where(m => m.Origin == ModuleOrigin.Project).ToDictionary(m => m.Name, StringComparer.Ordinal);
        var different = ImmutableArray.CreateBuilder<(TypeSymbol, TypeSymbol)>();
        foreach (var module in after.Modules)
        {
            if (module.Origin != ModuleOrigin.Project || texts.Contains(module.Source) || !old.TryGetValue(module.Name, out var had)) continue;
            foreach (var type in TypesOf(module))
                if (TypesOf(had).FirstOrDefault(t => t.Name == type.Name) is { } was && TypeVersions.ShapeOf(was) != TypeVersions.ShapeOf(type)) different.Add((was, type));
        }
        return different.DrainToImmutable();
    }

    /// <summary>The declared function of a name that some code is an instance of.</summary>
    private static FunctionSymbol? SymbolOf(LiveCode code, string name)
    {
        foreach (var id in code.ByDeclaration.GetValueOrDefault(name, []))
            if (code.Instances.TryGetValue(id, out var instance)) return instance.Symbol;
        return null;
    }

    private static IEnumerable<TypeSymbol> TypesOf(ModuleSymbol module) => module.Types.Values.Where(t => ReferenceEquals(t.Module, module));

    private static FunctionChange Compare(FunctionSymbol old, FunctionSymbol now)
    {
        var (before, after) = (SignatureOf(old), SignatureOf(now));
        if (ReferenceEquals(old, now) || before == after) return new(now.QualifiedName, ChangeKind.Changed, null, null, []);
        var had = old.Effects.Entries.Select(e => e.Label).ToHashSet(StringComparer.Ordinal);
        return new(now.QualifiedName, ChangeKind.Changed, before, after, [.. now.Effects.Entries.Select(e => e.Label).Where(l => !had.Contains(l))]);
    }

    public static string SignatureOf(FunctionSymbol function) => TypePrinter.Text(new Kea.Types.Type.Function([.. function.Parameters.Select(p => p.Type)], function.Effects, function.Result));
}
