using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>A resolved <c>use</c>: the module, and the type of it at which the path ends.</summary>
internal sealed record Import(Declaration.Use Syntax, ModuleContents Module, TypeSymbol? Type);

/// <summary>Second phase: finds the modules that <c>use</c> names and rejects circular imports.</summary>
internal static class Imports
{
    /// <param name="known">The imports of modules that have been bound; null for others.</param>
    /// <returns>The imports of each module, in the order of <see cref="ModuleTable.All"/>.</returns>
    public static ImmutableArray<Import>[] Resolve(ModuleTable table, Func<ModuleContents, ImmutableArray<Import>?> known)
    {
        var imports = new ImmutableArray<Import>[table.All.Length];
        for (var i = 0; i < imports.Length; i++) imports[i] = known(table.All[i]) ?? Of(table.All[i], table);
        ReportCycles(table, imports);
        return imports;
    }

    private static ImmutableArray<Import> Of(ModuleContents module, ModuleTable table)
    {
        if (module.Uses.Count == 0) return [];
        var imports = ImmutableArray.CreateBuilder<Import>(module.Uses.Count);
        foreach (var use in module.Uses)
        {
            if (use.Path.Parts.IsEmpty || use.Path.Parts.Any(p => p.IsMissing)) continue;
            if (Find(module, use, table) is { } import) imports.Add(import);
        }
        return imports.DrainToImmutable();
    }

    /// <summary>The longest beginning of the path that names a module; what is left names types in it.</summary>
    private static Import? Find(ModuleContents module, Declaration.Use use, ModuleTable table)
    {
        var parts = use.Path.Parts;
        var name = use.Path.ToString();
        for (var length = parts.Length; length > 0; length--)
        {
            if (table.Find(name, module.Symbol.Origin) is { } found)
            {
                if (length == parts.Length) return new Import(use, found, null);
                if (TypeIn(found, parts.AsSpan()[length..]) is { } type) return new Import(use, found, type);
                break;
            }
            name = length > 1 ? name[..name.LastIndexOf('.')] : name;
        }
        var whole = use.Path.ToString();
        var closest = EditDistance.Closest(whole, table.Names);
        module.Bag.Error("E0005", module.At(use.Path.Span), $"module `{whole}` not found", "no such module", closest is null ? null : $"did you mean `{closest}`?");
        return null;
    }

    private static TypeSymbol? TypeIn(ModuleContents module, ReadOnlySpan<Name> path)
    {
        TypeSymbol? type = null;
        foreach (var part in path)
            if (!(type?.NestedTypes ?? module.Symbol.Types).TryGetValue(part.Text, out type)) return null;
        return type;
    }

    /// <summary>Depth-first search over the imports, without recursion since chains may be long; each cycle is reported once, where it closes.</summary>
    private static void ReportCycles(ModuleTable table, ImmutableArray<Import>[] imports)
    {
        var index = new Dictionary<ModuleContents, int>(imports.Length);
        for (var i = 0; i < imports.Length; i++) index.Add(table.All[i], i);
        var state = new byte[imports.Length];
        var stack = new List<(int Module, int Next)>();
        for (var root = 0; root < imports.Length; root++)
        {
            if (state[root] != 0) continue;
            stack.Add((root, 0));
            state[root] = 1;
            while (stack.Count > 0)
            {
                var (current, next) = stack[^1];
                if (next == imports[current].Length)
                {
                    state[current] = 2;
                    stack.RemoveAt(stack.Count - 1);
                    continue;
                }
                stack[^1] = (current, next + 1);
                var import = imports[current][next];
                var target = index[import.Module];
                if (state[target] == 1) ReportCycle(table, stack, target, current, import);
                if (state[target] != 0) continue;
                state[target] = 1;
                stack.Add((target, 0));
            }
        }
    }

    private static void ReportCycle(ModuleTable table, List<(int Module, int Next)> stack, int target, int current, Import import)
    {
        var start = stack.FindIndex(s => s.Module == target);
        var chain = string.Join(" -> ", stack.Skip(start).Select(s => table.All[s.Module].Symbol.Name).Append(table.All[target].Symbol.Name));
        var module = table.All[current];
        module.Bag.Error("E0902", module.At(import.Syntax.Path.Span), $"circular module import detected: {chain}", "this import closes the circle");
    }
}
