using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Types.Exhaustiveness;

/// <summary>An arm as far as coverage goes.</summary>
public readonly record struct MatchArm(TypedPattern Pattern, bool HasGuard);

/// <summary>Why a pattern can never match.</summary>
public enum UnreachableReason
{
    /// <summary>Earlier arms without guard take everything it matches: <c>unreachable case arm</c>.</summary>
    Covered,
    /// <summary>Its constructor contradicts the scrutinee's type: <c>unreachable constructor arm</c>.</summary>
    Contradiction,
}

/// <param name="Span">The arm's pattern, or the alternative of it.</param>
/// <param name="IsAlternative">The arm can match, this alternative in it cannot.</param>
public sealed record UnreachablePattern(int Arm, TextSpan Span, UnreachableReason Reason, bool IsAlternative = false);

/// <param name="Missing">Values that fall through, as patterns that can be pasted: at most five, in declaration order. Empty when every value is matched.</param>
public sealed record Coverage(ImmutableArray<string> Missing, ImmutableArray<UnreachablePattern> Unreachable)
{
    public bool IsExhaustive => Missing.IsEmpty;

    /// <summary>The wording of 4.13.</summary>
    public string MissingText => string.Join(", ", Missing);
}

/// <summary>Decides whether patterns cover a type, and which of them can never match (4.13).</summary>
public static class Exhaustive
{
    private const int WitnessesMax = 5;

    /// <param name="canOccur">Whether a variant can be the value of a type, where more is known than the type says; null for <see cref="Gadt.CanOccur"/>.</param>
    public static Coverage Check(Type scrutinee, ImmutableArray<MatchArm> arms, Func<VariantSymbol, Type, bool>? canOccur = null)
    {
        canOccur ??= Gadt.CanOccur;
        var columns = new Columns(scrutinee, null);
        var rows = new List<Line?>(arms.Length);
        var unreachable = ImmutableArray.CreateBuilder<UnreachablePattern>();
        for (var i = 0; i < arms.Length; i++)
        {
            var arm = arms[i];
            if (Contradiction(arm.Pattern, canOccur) is { } place)
            {
                unreachable.Add(new UnreachablePattern(i, place, UnreachableReason.Contradiction));
                continue;
            }
            var shape = Shape.Of(arm.Pattern);
            if (!new Matrix(canOccur).IsUseful(rows, new Line(shape, null), columns)) unreachable.Add(new UnreachablePattern(i, arm.Pattern.Span, UnreachableReason.Covered));
            else Alternatives.Unreachable(arm.Pattern, i, rows, columns, canOccur, unreachable);
            if (!arm.HasGuard) rows.Add(new Line(shape, null));
        }
        var missing = new Matrix(canOccur).Missing(rows, columns, WitnessesMax);
        return new Coverage([.. missing.Select(m => Witness.Print(m!.First, scrutinee)).Distinct()], unreachable.ToImmutable());
    }

    /// <summary>Whether the pattern matches every value of its type (4.11).</summary>
    public static bool AlwaysMatches(TypedPattern pattern, Func<VariantSymbol, Type, bool>? canOccur = null) =>
        new Matrix(canOccur ?? Gadt.CanOccur).Missing([new Line(Shape.Of(pattern), null)], new Columns(pattern.Type, null), 1).Count == 0;

    /// <summary>Where a constructor stands that its type rules out; in an or-pattern all alternatives must have one.</summary>
    private static TextSpan? Contradiction(TypedPattern pattern, Func<VariantSymbol, Type, bool> canOccur) => pattern switch
    {
        TypedPattern.Constructor constructor => canOccur(constructor.Variant, constructor.Type) ? First(constructor.Fields, canOccur) : constructor.Span,
        TypedPattern.Record record => First([.. record.Fields.Select(f => f.Pattern)], canOccur),
        TypedPattern.Tuple tuple => First(tuple.Elements, canOccur),
        TypedPattern.Rewrap rewrap => Contradiction(rewrap.Inner, canOccur),
        TypedPattern.As named => Contradiction(named.Inner, canOccur),
        TypedPattern.Or or => or.Alternatives.All(a => Contradiction(a, canOccur) is not null) ? or.Span : null,
        TypedPattern.Wildcard => null,
        TypedPattern.Binding => null,
        TypedPattern.Integer => null,
        TypedPattern.Float => null,
        TypedPattern.Char => null,
        TypedPattern.String => null,
        TypedPattern.Bool => null,
        TypedPattern.Const => null,
        TypedPattern.Error => null,
    };

    private static TextSpan? First(ImmutableArray<TypedPattern> patterns, Func<VariantSymbol, Type, bool> canOccur)
    {
        foreach (var pattern in patterns)
            if (Contradiction(pattern, canOccur) is { } span) return span;
        return null;
    }
}
