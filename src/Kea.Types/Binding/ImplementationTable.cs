using System.Collections.Immutable;

namespace Kea.Types.Binding;

/// <summary>Implementations of the whole program by trait.</summary>
internal static class ImplementationTable
{
    public static Dictionary<TraitSymbol, ImmutableArray<ImplementationSymbol>> Build(BindContext context)
    {
        var lists = new Dictionary<TraitSymbol, ImmutableArray<ImplementationSymbol>.Builder>();
        foreach (var module in context.Table.All)
        {
            foreach (var implementation in module.Symbol.Implementations)
            {
                if (!lists.TryGetValue(implementation.Trait, out var list)) lists.Add(implementation.Trait, list = ImmutableArray.CreateBuilder<ImplementationSymbol>());
                list.Add(implementation);
            }
        }
        var table = new Dictionary<TraitSymbol, ImmutableArray<ImplementationSymbol>>(lists.Count);
        foreach (var (trait, list) in lists) table.Add(trait, list.ToImmutable());
        return table;
    }
}
