using System.Collections.Immutable;
using Kea.Source;
using Kea.Types.Exhaustiveness;
using Kea.Types.Inference;

namespace Kea.Types.Binding;

/// <summary>Implementations of the whole program by trait and by the type constructor they are for.</summary>
internal sealed class ImplementationIndex
{
    private readonly Dictionary<TraitSymbol, Dictionary<TypeSymbol, List<ImplementationSymbol>>> _byHead = [];

    /// <remarks>Also reports what overlaps (8.3.1). The first in the order of the modules stands.</remarks>
    public static ImplementationIndex Build(BindContext context)
    {
        var index = new ImplementationIndex();
        foreach (var module in context.Table.All)
            foreach (var implementation in module.Symbol.Implementations) index.Add(implementation, module);
        foreach (var (trait, heads) in index._byHead)
            if (!trait.Dependencies.IsEmpty) Dependencies(trait, [.. heads.Values.SelectMany(h => h)], context);
        return index;
    }

    public Dictionary<TraitSymbol, ImmutableArray<ImplementationSymbol>> ByTrait()
    {
        var table = new Dictionary<TraitSymbol, ImmutableArray<ImplementationSymbol>>(_byHead.Count);
        foreach (var (trait, heads) in _byHead) table.Add(trait, [.. heads.Values.SelectMany(h => h)]);
        return table;
    }

    private void Add(ImplementationSymbol implementation, ModuleContents module)
    {
        if (implementation.Self is not Type.Named named) return;
        if (!_byHead.TryGetValue(implementation.Trait, out var heads)) _byHead.Add(implementation.Trait, heads = []);
        if (!heads.TryGetValue(named.Symbol, out var same)) heads.Add(named.Symbol, same = []);
        foreach (var other in same)
        {
            if (!Overlap(other, implementation)) continue;
            // A module that owns neither is told so elsewhere, and in the order of the modules it may come first.
            if (Conformance.IsOrphan(implementation) || Conformance.IsOrphan(other)) return;
            module.Bag.Error("E0010", module.At(implementation.Span),
                $"conflicting implementation: trait `{implementation.Trait.Name}` is already implemented for `{named.Symbol.Name}`", "", null,
                new Label(new SourceSpan(other.Module.Source, other.Span), "first implemented here"));
            return;
        }
        same.Add(implementation);
    }

    /// <summary>One constructor is implemented once, whatever its arguments; only arguments of the trait tell implementations apart.</summary>
    private static bool Overlap(ImplementationSymbol left, ImplementationSymbol right)
    {
        for (var i = 0; i < left.TraitArguments.Length; i++)
            if (Gadt.Contradict(left.TraitArguments[i], right.TraitArguments[i])) return false;
        return true;
    }

    /// <summary>Implementations that agree on what determines must agree on what is determined (8.6).</summary>
    private static void Dependencies(TraitSymbol trait, ImmutableArray<ImplementationSymbol> all, BindContext context)
    {
        foreach (var dependency in trait.Dependencies)
        {
            for (var i = 1; i < all.Length; i++)
            {
                var earlier = Enumerable.Range(0, i).FirstOrDefault(
                    j => !dependency.From.Any(v => Gadt.Contradict(At(all[i], v), At(all[j], v))) && dependency.To.Any(v => Gadt.Contradict(At(all[i], v), At(all[j], v))), -1);
                if (earlier < 0) continue;
                var module = context.Table.Contents[all[i].Module];
                module.Bag.Error("E0010", module.At(all[i].Span), $"conflicting implementation: the functional dependency of `{trait.Name}` allows one result here", "", null,
                    new Label(new SourceSpan(all[earlier].Module.Source, all[earlier].Span), "already implemented here"));
            }
        }

        Type At(ImplementationSymbol implementation, TypeVariable variable) =>
            ReferenceEquals(variable, trait.Self) ? implementation.Self : implementation.TraitArguments[trait.Parameters.IndexOf(variable)];
    }

    /// <summary>Whether a type, perhaps with variables, has the trait under the given bounds.</summary>
    public bool Satisfies(Type type, TraitSymbol trait, ImmutableArray<Bound> bounds, int depth = 0)
    {
        // Declared types are finite; the limit is for implementations whose conditions grow.
        if (depth > 32) return false;
        switch (type.Resolved)
        {
            case Type.Error or Type.Projection:
                return true;
            case Type.Variable(var variable):
                foreach (var bound in bounds)
                    if (ReferenceEquals(bound.Variable, variable) && (bound.Trait == trait || bound.Trait.AllSupertraits().Contains(trait))) return true;
                return false;
            case Type.Tuple(var elements):
                return IsStructural(trait) && elements.All(e => Satisfies(e, trait, bounds, depth + 1));
            case Type.Record(var row):
                return IsStructural(trait) && row.Tail is null && row.Entries.All(e => Satisfies(e.Payload, trait, bounds, depth + 1));
            case Type.Named named:
                return Find(trait, named) is var (implementation, arguments)
                    && implementation.Bounds.All(b => Satisfies(arguments[implementation.Variables.IndexOf(b.Variable)] ?? new Type.Error(), b.Trait, bounds, depth + 1));
            default:
                return false;
        }
    }

    /// <summary>Traits that tuples and closed records have when all their parts do (6.6.2).</summary>
    private static bool IsStructural(TraitSymbol trait) => trait is { Module.Origin: ModuleOrigin.Standard, Name: "Eq" or "Ord" or "Show" or "Hash" };

    /// <summary>Replaces associated types of types that are known.</summary>
    public Type Normalise(Type type) => type.Resolved switch
    {
        Type.Named named => named.Arguments.IsEmpty ? named : new Type.Named(named.Symbol, [.. named.Arguments.Select(Normalise)]),
        Type.Function function => new Type.Function([.. function.Parameters.Select(Normalise)], Normalise(function.Effects), Normalise(function.Result)),
        Type.Tuple(var elements) => new Type.Tuple([.. elements.Select(Normalise)]),
        Type.Record(var row) => new Type.Record(Normalise(row)),
        Type.RowArgument(var row) => new Type.RowArgument(Normalise(row)),
        Type.Forall forall => forall with { Body = Normalise(forall.Body) },
        Type.Projection projection => Project(projection with { Base = Normalise(projection.Base) }),
        Type.Variable variable => variable,
        Type.Meta meta => meta,
        Type.Error error => error,
    };

    private Row Normalise(Row row) => row.Entries.IsEmpty ? row : row with { Entries = [.. row.Entries.Select(e => e with { Payload = Normalise(e.Payload) })] };

    private Type Project(Type.Projection projection)
    {
        if (projection.Base is not Type.Named named || Find(projection.Trait, named) is not var (implementation, arguments)) return projection;
        if (!implementation.AssociatedTypes.TryGetValue(projection.Member, out var assigned)) return projection;
        return Substitute.In(assigned, implementation.Variables, [.. arguments.Select(a => a ?? new Type.Error())]);
    }

    private (ImplementationSymbol, Type?[])? Find(TraitSymbol trait, Type.Named type)
    {
        if (!_byHead.TryGetValue(trait, out var heads) || !heads.TryGetValue(type.Symbol, out var candidates)) return null;
        foreach (var candidate in candidates)
        {
            var found = new Type?[candidate.Variables.Length];
            if (Match.Fits(candidate.Self, type, candidate.Variables, found, lenient: true)) return (candidate, found);
        }
        return null;
    }
}
