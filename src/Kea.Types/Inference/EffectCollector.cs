namespace Kea.Types.Inference;

internal enum EffectBoundary { Function, Lambda, Catch, Guard }

/// <summary>Gathers what a body performs, each row with its place. A lambda, a <c>catch</c> and a guard have their own.</summary>
internal sealed class EffectCollector(EffectCollector? outer, EffectBoundary boundary)
{
    public EffectCollector? Outer { get; } = outer;
    public EffectBoundary Boundary { get; } = boundary;
    public List<(Row Row, TextSpan Span)> Performed { get; } = [];

    /// <summary>What may be failed with here; null until something says so.</summary>
    public Type? FailPayload { get; set; }
}
