using System.Collections.Immutable;
using Kea.Types.Inference;

namespace Kea.Types.Binding;

/// <summary>Checks that implementations fit their traits (8.2, 8.3).</summary>
internal static partial class Conformance
{
    /// <summary>A type of a trait's declaration as it reads in an implementation: Self, the parameters and the assigned associated types put in.</summary>
    public static Type Instantiate(Type type, ImplementationSymbol implementation)
    {
        var trait = implementation.Trait;
        var replaced = Substitute.In(type, [trait.Self, .. trait.Parameters], [implementation.Self, .. implementation.TraitArguments]);
        return Assigned(replaced, implementation);
    }

    /// <summary>Replaces projections on the implementing type that the implementation assigns.</summary>
    public static Type Assigned(Type type, ImplementationSymbol implementation) => type switch
    {
        Type.Named named => new Type.Named(named.Symbol, Assigned(named.Arguments, implementation)),
        Type.Function function => new Type.Function(Assigned(function.Parameters, implementation), Assigned(function.Effects, implementation), Assigned(function.Result, implementation)),
        Type.Tuple(var elements) => new Type.Tuple(Assigned(elements, implementation)),
        Type.Record(var row) => new Type.Record(Assigned(row, implementation)),
        Type.RowArgument(var row) => new Type.RowArgument(Assigned(row, implementation)),
        Type.Forall forall => forall with { Body = Assigned(forall.Body, implementation) },
        Type.Projection projection => Project(projection with { Base = Assigned(projection.Base, implementation) }, implementation),
        Type.Variable => type,
        Type.Meta => type,
        Type.Error => type,
    };

    private static Type Project(Type.Projection projection, ImplementationSymbol implementation) =>
        projection.Trait == implementation.Trait && TypeEquality.Same(projection.Base, implementation.Self)
        && implementation.AssociatedTypes.TryGetValue(projection.Member, out var assigned) ? assigned : projection;

    private static ImmutableArray<Type> Assigned(ImmutableArray<Type> types, ImplementationSymbol implementation) =>
        types.IsEmpty ? types : [.. types.Select(t => Assigned(t, implementation))];

    private static Row Assigned(Row row, ImplementationSymbol implementation) =>
        row.Entries.IsEmpty ? row : row with { Entries = [.. row.Entries.Select(e => e with { Payload = Assigned(e.Payload, implementation) })] };
}
