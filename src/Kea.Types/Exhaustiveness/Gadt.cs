using System.Collections.Immutable;
using Kea.Types.Inference;

namespace Kea.Types.Exhaustiveness;

/// <summary>Whether the equations of a GADT variant can hold at a type (4.10).</summary>
public static class Gadt
{
    /// <summary>False only if the variant's equations contradict the type's arguments; what is not known may hold.</summary>
    public static bool CanOccur(VariantSymbol variant, Type type)
    {
        if (variant.Equations.IsEmpty || type.Resolved is not Type.Named named || !ReferenceEquals(named.Symbol, variant.Owner)) return true;
        foreach (var (parameter, equal) in variant.Equations)
        {
            var at = variant.Owner.Parameters.IndexOf(parameter);
            if (at >= 0 && Contradict(named.Arguments[at], Substitute.In(equal, variant.Owner.Parameters, named.Arguments))) return false;
        }
        return true;
    }

    /// <summary>True if no choice of variables and unknowns makes the two equal.</summary>
    public static bool Contradict(Type left, Type right)
    {
        left = left.Resolved;
        right = right.Resolved;
        switch (left, right)
        {
            case (Type.Variable or Type.Meta or Type.Projection or Type.Error, _) or (_, Type.Variable or Type.Meta or Type.Projection or Type.Error):
                return false;
            case (Type.Named a, Type.Named b):
                return !ReferenceEquals(a.Symbol, b.Symbol) || Any(a.Arguments, b.Arguments);
            case (Type.Tuple(var a), Type.Tuple(var b)):
                return a.Length != b.Length || Any(a, b);
            case (Type.Function a, Type.Function b):
                return a.Parameters.Length != b.Parameters.Length || Any(a.Parameters, b.Parameters) || Contradict(a.Result, b.Result);
            default:
                // Rows and polymorphic types are compared by their kind only.
                return left.GetType() != right.GetType();
        }
    }

    private static bool Any(ImmutableArray<Type> left, ImmutableArray<Type> right)
    {
        for (var i = 0; i < left.Length; i++)
            if (Contradict(left[i], right[i])) return true;
        return false;
    }
}
