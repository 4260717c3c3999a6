using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>Functions of a project that watch mode calls by themselves: hooks and <c>@smoke</c>.</summary>
internal static class AnnotatedFunctions
{
    /// <summary>Module by module, each after those that it uses; in a module by name.</summary>
    public static ImmutableArray<FunctionSymbol> Of(CheckedProgram program, string annotation)
    {
        var hasAny = program.Modules.Any(m => m.Origin == ModuleOrigin.Project && InModule(program, m, annotation).Any());
        return hasAny ? [.. DependenciesFirst(program).SelectMany(m => InModule(program, m, annotation))] : [];
    }

    private static IEnumerable<FunctionSymbol> InModule(CheckedProgram program, ModuleSymbol module, string annotation) =>
        program.FunctionsOf(module)
            .Where(f => ReferenceEquals(f.Module, module) && f.Declaration?.Header.Annotations.Any(a => a.Name.Text == annotation) == true)
            .OrderBy(f => f.Name, StringComparer.Ordinal);

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
