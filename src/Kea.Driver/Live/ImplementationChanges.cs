using System.Collections.Immutable;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Mir;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Live;

/// <summary>Implementations of traits that only one of two versions has, and the functions whose calls are resolved by them (L019).</summary>
internal static class ImplementationChanges
{
    private const int SitesNamed = 5;

    public static ImmutableArray<AppliedRule> Between(CheckedProgram before, LiveCode old, CheckedProgram after, LiveCode code)
    {
        if (ReferenceEquals(before.Bound, after.Bound)) return [];
        var (had, has) = (Of(before, after), Of(after, before));
        var rules = ImmutableArray.CreateBuilder<AppliedRule>();
        foreach (var (key, name) in has.OrderBy(h => h.Value, StringComparer.Ordinal))
            if (!had.ContainsKey(key)) rules.Add(new("L019", name, $"{name} is new{Sites(code, key, "is used by")}", ""));
        foreach (var (key, name) in had.OrderBy(h => h.Value, StringComparer.Ordinal))
            if (!has.ContainsKey(key)) rules.Add(new("L019", name, $"{name} is gone{Sites(old, key, "was used by")}", ""));
        return rules.DrainToImmutable();
    }

    /// <summary>By what calls know of them, with their names; of modules that the other version has not with the same text.</summary>
    private static Dictionary<ImplementationKey, string> Of(CheckedProgram program, CheckedProgram other)
    {
        var same = other.Modules.Select(m => m.Tree).ToHashSet(ReferenceEqualityComparer.Instance);
        var found = new Dictionary<ImplementationKey, string>();
        foreach (var module in program.Modules)
        {
            if (module.Origin != ModuleOrigin.Project || same.Contains(module.Tree)) continue;
            foreach (var implementation in module.Implementations)
                if (implementation.Self is Type.Named(var self, _)) found.TryAdd(ImplementationKey.Of(implementation.Trait, self), $"{self.Name} as {implementation.Trait.Name}");
        }
        return found;
    }

    private static string Sites(LiveCode code, ImplementationKey key, string verb)
    {
        var sites = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (id, instance) in code.Instances)
        {
            if (ImplementationKey.Of(instance) != key) continue;
            foreach (var user in code.Users.GetValueOrDefault(id, [])) sites.Add(DeclaredName(code, user));
        }
        return sites.Count == 0 ? "" : $" and {verb} {string.Join(", ", sites.Take(SitesNamed))}{(sites.Count > SitesNamed ? $" and {sites.Count - SitesNamed} more" : "")}";
    }

    /// <summary>The name in the source of a function, or of the one that a lambda stands in; for generated code that of the code.</summary>
    private static string DeclaredName(LiveCode code, FunctionId id)
    {
        if (code.Instances.TryGetValue(id, out var site)) return site.Symbol.QualifiedName;
        var root = Lambdas.RootOf(code.Functions[id].Lowered.Name);
        foreach (var instance in code.Instances.Values)
            if (code.Functions.TryGetValue(instance.Id, out var function) && function.Lowered.Name == root) return instance.Symbol.QualifiedName;
        return root;
    }
}
