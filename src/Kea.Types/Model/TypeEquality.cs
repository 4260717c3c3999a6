using System.Collections.Immutable;

namespace Kea.Types;

/// <summary>Structural equality of types, up to the names of variables bound by <c>forall</c>. Rows are compared as sorted.</summary>
/// <remarks>Solved metas are looked through; an unsolved one equals only itself. Projections are equal when their parts are: normalise first where that matters.</remarks>
public sealed class TypeEquality : IEqualityComparer<Type>
{
    public static readonly TypeEquality Instance = new();

    public bool Equals(Type? left, Type? right) => left is null || right is null ? ReferenceEquals(left, right) : Same(left, right);
    public int GetHashCode(Type type) => Hash(type);

    public static bool Same(Type left, Type right) => Same(left, right, []);

    /// <param name="renaming">Variables of the left side and what they are called on the right, innermost last.</param>
    internal static bool Same(Type left, Type right, ImmutableArray<(TypeVariable Left, TypeVariable Right)> renaming)
    {
        left = left.Resolved;
        right = right.Resolved;
        if (renaming.IsEmpty && ReferenceEquals(left, right)) return true;
        return (left, right) switch
        {
            (Type.Named a, Type.Named b) => ReferenceEquals(a.Symbol, b.Symbol) && Same(a.Arguments, b.Arguments, renaming),
            (Type.Variable(var a), Type.Variable(var b)) => SameVariable(a, b, renaming),
            (Type.Meta(var a), Type.Meta(var b)) => ReferenceEquals(a, b),
            (Type.Function a, Type.Function b) => Same(a.Parameters, b.Parameters, renaming) && Same(a.Effects, b.Effects, renaming) && Same(a.Result, b.Result, renaming),
            (Type.Tuple(var a), Type.Tuple(var b)) => Same(a, b, renaming),
            (Type.Record(var a), Type.Record(var b)) => Same(a, b, renaming),
            (Type.RowArgument(var a), Type.RowArgument(var b)) => Same(a, b, renaming),
            (Type.Forall a, Type.Forall b) => a.Variables.Length == b.Variables.Length && Same(a.Body, b.Body, renaming.AddRange(a.Variables.Zip(b.Variables))),
            (Type.Projection a, Type.Projection b) => ReferenceEquals(a.Trait, b.Trait) && a.Member == b.Member && Same(a.Base, b.Base, renaming),
            (Type.Error, _) or (_, Type.Error) => left is Type.Error && right is Type.Error,
            _ => false,
        };
    }

    internal static bool Same(ImmutableArray<Type> left, ImmutableArray<Type> right, ImmutableArray<(TypeVariable, TypeVariable)> renaming)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
            if (!Same(left[i], right[i], renaming)) return false;
        return true;
    }

    internal static bool Same(Row left, Row right, ImmutableArray<(TypeVariable, TypeVariable)> renaming)
    {
        left = Flat(left);
        right = Flat(right);
        if (left.Entries.Length != right.Entries.Length) return false;
        for (var i = 0; i < left.Entries.Length; i++)
            if (left.Entries[i].Label != right.Entries[i].Label || !ReferenceEquals(left.Entries[i].Effect, right.Entries[i].Effect) || !Same(left.Entries[i].Payload, right.Entries[i].Payload, renaming)) return false;
        return left.Tail is null ? right.Tail is null : right.Tail is not null && Same(left.Tail, right.Tail, renaming);
    }

    /// <summary>The row with a tail that is itself a row poured in; entries sorted.</summary>
    private static Row Flat(Row row)
    {
        if (row.Tail?.Resolved is not Type.RowArgument(var inner)) return row;
        inner = Flat(inner);
        var entries = row.Entries.AddRange(inner.Entries.Where(e => !row.Entries.Any(o => o.Label == e.Label && ReferenceEquals(o.Effect, e.Effect))));
        return new Row(entries.Sort((a, b) => string.CompareOrdinal(a.Label, b.Label)), inner.Tail);
    }

    private static bool SameVariable(TypeVariable left, TypeVariable right, ImmutableArray<(TypeVariable Left, TypeVariable Right)> renaming)
    {
        for (var i = renaming.Length - 1; i >= 0; i--)
        {
            var isLeft = ReferenceEquals(renaming[i].Left, left);
            var isRight = ReferenceEquals(renaming[i].Right, right);
            if (isLeft || isRight) return isLeft && isRight;
        }
        return ReferenceEquals(left, right);
    }

    private static int Hash(Type type) => type.Resolved switch
    {
        Type.Named named => Hash(named.Arguments, System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(named.Symbol)),
        Type.Variable => 3,
        Type.Meta(var cell) => cell.Id,
        Type.Function function => Hash(function.Parameters, 7) * 31 + Hash(function.Result),
        Type.Tuple(var elements) => Hash(elements, 11),
        Type.Record => 13,
        Type.RowArgument => 17,
        Type.Forall => 19,
        Type.Projection projection => HashCode.Combine(Hash(projection.Base), projection.Member),
        Type.Error => 23,
    };

    private static int Hash(ImmutableArray<Type> types, int seed)
    {
        foreach (var type in types) seed = seed * 31 + Hash(type);
        return seed;
    }
}
