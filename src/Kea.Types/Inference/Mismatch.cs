namespace Kea.Types.Inference;

internal enum MismatchKind
{
    Types,
    /// <summary>A type or row would have to contain itself.</summary>
    Infinite,
    /// <summary>Record labels missing, surplus, or both.</summary>
    Labels,
    /// <summary>A label that a row variable may not have.</summary>
    Lacks,
    /// <summary>One label with two types.</summary>
    Field,
    /// <summary>A function performs more than is allowed.</summary>
    Effects,
}

/// <summary>Why two types cannot be made equal; the caller knows the place and the words.</summary>
/// <param name="Missing">Labels (or effects) that are expected and absent.</param>
/// <param name="Extra">Labels (or effects) that are there and not expected.</param>
/// <param name="Expected">The innermost differing types of a field or payload.</param>
internal sealed record Mismatch(
    MismatchKind Kind, ImmutableArray<string> Missing, ImmutableArray<string> Extra, string? Label, Type? Expected, Type? Actual)
{
    public static readonly Mismatch OfTypes = new(MismatchKind.Types, [], [], null, null, null);
    public static readonly Mismatch Infinite = new(MismatchKind.Infinite, [], [], null, null, null);
    public static Mismatch Labels(ImmutableArray<string> missing, ImmutableArray<string> extra) => new(MismatchKind.Labels, missing, extra, null, null, null);
    public static Mismatch Lacks(string label) => new(MismatchKind.Lacks, [], [], label, null, null);
    public static Mismatch Field(string label, Type expected, Type actual) => new(MismatchKind.Field, [], [], label, expected, actual);
    public static Mismatch Effects(ImmutableArray<string> missing, ImmutableArray<string> extra) => new(MismatchKind.Effects, missing, extra, null, null, null);
}
