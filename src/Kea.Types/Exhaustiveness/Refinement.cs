using Kea.Types.Inference;

namespace Kea.Types.Exhaustiveness;

/// <summary>What is known of types once a value is of a GADT variant (4.10).</summary>
internal static class Refinement
{
    /// <summary>Where an argument of the type is a variable that the variant fixes, the variable is replaced everywhere.</summary>
    public static (Type Type, Columns? Others) Assume(VariantSymbol variant, Type type, Columns? rest)
    {
        if (type is not Type.Named named || !ReferenceEquals(named.Symbol, variant.Owner)) return (type, rest);
        foreach (var (parameter, equal) in variant.Equations)
        {
            var at = variant.Owner.Parameters.IndexOf(parameter);
            if (at < 0 || named.Arguments[at].Resolved is not Type.Variable(var known)) continue;
            var fixedTo = Substitute.In(equal, variant.Owner.Parameters, named.Arguments);
            if (TypeWalk.Mentions(fixedTo, known)) continue;
            named = (Type.Named)Substitute.In(named, [known], [fixedTo]);
            rest = In(rest, known, fixedTo);
        }
        return (named, rest);
    }

    private static Columns? In(Columns? columns, TypeVariable variable, Type type) =>
        columns is null ? null : new Columns(Substitute.In(columns.First, [variable], [type]), In(columns.Rest, variable, type));
}
