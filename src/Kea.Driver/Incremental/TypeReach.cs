using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Incremental;

/// <summary>Which types lead to which: a type whose field is of a type that looks different looks different itself.</summary>
internal static class TypeReach
{
    /// <summary>Adds to a set of types all that lead to one of them.</summary>
    /// <param name="types">Full names.</param>
    /// <param name="modules">Of the versions that count; a type that leads there in one of them does.</param>
    public static void Extend(HashSet<string> types, IEnumerable<ModuleSymbol> modules)
    {
        var leading = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var module in modules)
            if (module.Origin == ModuleOrigin.Project)
                foreach (var type in module.Types.Values) Collect(type, leading, []);
        var open = new Stack<string>(types);
        while (open.TryPop(out var next))
            foreach (var type in leading.GetValueOrDefault(next, []))
                if (types.Add(type)) open.Push(type);
    }

    private static void Collect(TypeSymbol type, Dictionary<string, List<string>> leading, HashSet<TypeSymbol> seen)
    {
        if (!seen.Add(type)) return;
        foreach (var field in type.Fields) From(field.Type);
        foreach (var variant in type.Variants)
        {
            foreach (var (_, of) in variant.Fields) From(of);
            foreach (var (_, of) in variant.Equations) From(of);
        }
        if (type.Representation is { } inner) From(inner);
        foreach (var nested in type.NestedTypes.Values) Collect(nested, leading, seen);

        void From(Type reached) => TypeWalk.Visit(reached, part =>
        {
            if (part is not Type.Named { Symbol: { Module.Origin: ModuleOrigin.Project } symbol }) return;
            if (!leading.TryGetValue(NameOf(symbol), out var leaders)) leading.Add(NameOf(symbol), leaders = []);
            leaders.Add(NameOf(type));
        });
    }

    private static string NameOf(TypeSymbol type) => $"{type.Module!.Name}.{type.Name}";
}
