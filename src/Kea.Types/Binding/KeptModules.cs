using System.Collections.Immutable;

namespace Kea.Types.Binding;

/// <summary>Which modules of a program that has been bound are the same in another one: those whose trees are the same, and that use only such modules.</summary>
/// <remarks>Symbols refer to each other, so a module that is bound anew makes new symbols for all who use it, directly or not. The library uses nothing of a project.</remarks>
internal static class KeptModules
{
    /// <returns>By name and origin; empty unless the whole library is kept.</returns>
    public static Dictionary<(string Name, ModuleOrigin Origin), ModuleContents> Of(BindContext before, ImmutableArray<ModuleInput> inputs, string entryName)
    {
        var now = new Dictionary<(string, ModuleOrigin), ModuleInput>(inputs.Length);
        foreach (var input in inputs) now.TryAdd((input.Name, input.Origin), input);
        if (before.Table.Entry?.Symbol.Name != entryName || !IsSameLibrary(before, now)) return [];
        var kept = new Dictionary<(string, ModuleOrigin), ModuleContents>(inputs.Length);
        // What an import leads to depends on which modules there are.
        var isSameSet = now.Count == before.Table.All.Length && before.Table.All.All(m => now.ContainsKey(KeyOf(m)));
        foreach (var module in before.Table.All)
            if (module.IsStandard || (isSameSet && ReferenceEquals(now[KeyOf(module)].Tree, module.Symbol.Tree))) kept.Add(KeyOf(module), module);
        if (kept.Count < before.Table.All.Length) TakeOutUsers(kept, before);
        return before.Table.All.All(m => !m.IsStandard || kept.ContainsKey(KeyOf(m))) ? kept : [];
    }

    public static bool Contains(Dictionary<(string, ModuleOrigin), ModuleContents> kept, ModuleContents module) => ReferenceEquals(kept.GetValueOrDefault(KeyOf(module)), module);

    private static (string Name, ModuleOrigin Origin) KeyOf(ModuleContents module) => (module.Symbol.Name, module.Symbol.Origin);

    /// <summary>The same modules, with the same trees, and the same of them hidden by modules of the project: what they declare is called otherwise then.</summary>
    private static bool IsSameLibrary(BindContext before, Dictionary<(string Name, ModuleOrigin Origin), ModuleInput> now)
    {
        var standard = 0;
        foreach (var module in before.Table.All)
        {
            if (!module.IsStandard) continue;
            standard++;
            if (!now.TryGetValue(KeyOf(module), out var input) || !ReferenceEquals(input.Tree, module.Symbol.Tree)) return false;
            if (now.ContainsKey((module.Symbol.Name, ModuleOrigin.Project)) != before.Table.Project(module.Symbol.Name) is not null) return false;
        }
        return standard == now.Keys.Count(k => k.Origin == ModuleOrigin.Standard);
    }

    private static void TakeOutUsers(Dictionary<(string, ModuleOrigin), ModuleContents> kept, BindContext before)
    {
        var users = new Dictionary<ModuleContents, List<ModuleContents>>(before.Table.All.Length);
        var open = new Stack<ModuleContents>();
        foreach (var module in before.Table.All)
        {
            if (!kept.ContainsKey(KeyOf(module))) open.Push(module);
            foreach (var import in before.ImportsOf(module)) Use(import.Module, module);
            foreach (var name in before.Table.Prelude)
                if (before.Table.Find(name, module.Symbol.Origin) is { IsStandard: false } own) Use(own, module);
        }
        while (open.TryPop(out var module))
            foreach (var user in users.GetValueOrDefault(module, []))
                if (kept.Remove(KeyOf(user))) open.Push(user);

        void Use(ModuleContents used, ModuleContents by)
        {
            if (!users.TryGetValue(used, out var all)) users.Add(used, all = []);
            all.Add(by);
        }
    }
}
