using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>Functions of a project that watch mode calls by themselves: hooks and <c>@smoke</c>.</summary>
internal static class AnnotatedFunctions
{
    /// <summary>Module by module, each after those that it uses; in a module by name.</summary>
    public static ImmutableArray<FunctionSymbol> Of(CheckedProgram program, string annotation)
    {
        var found = InFiles(program).Concat(program.EditedFunctions).Distinct()
            .Where(f => f.OwnerType is null && f.Declaration?.Header.Annotations.Any(a => a.Name.Text == annotation) == true).ToLookup(f => f.Module);
        return found.Count == 0 ? [] : [.. DependenciesFirst(program).SelectMany(m => found[m].OrderBy(f => f.Name, StringComparer.Ordinal))];
    }

    private static IEnumerable<FunctionSymbol> InFiles(CheckedProgram program)
    {
        foreach (var module in program.Modules)
            if (module.Origin == ModuleOrigin.Project)
                foreach (var name in module.AnnotatedFunctions)
                    if (program.FunctionOf(module, name) is { } function) yield return function;
    }

    private static List<ModuleSymbol> DependenciesFirst(CheckedProgram program)
    {
        var byName = program.Modules.Where(m => m.Origin == ModuleOrigin.Project).ToDictionary(m => m.Name, StringComparer.Ordinal);
        var ordered = new List<ModuleSymbol>();
        var seen = new HashSet<ModuleSymbol>();
        foreach (var module in byName.Values.OrderBy(m => m.Name, StringComparer.Ordinal)) Visit(module);
        return ordered;

        void Visit(ModuleSymbol module)
        {
            if (!seen.Add(module)) return;
            foreach (var reference in Kea.Types.Binding.ModuleReferences.Of(module.Tree))
                if (!reference.StandardOnly && reference.Candidates.FirstOrDefault(byName.ContainsKey) is { } used) Visit(byName[used]);
            ordered.Add(module);
        }
    }
}
