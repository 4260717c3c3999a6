namespace Kea.Live;

/// <summary>A running program in numbers.</summary>
/// <param name="Quick">What the first tier has compiled so far.</param>
/// <param name="Optimised">The second.</param>
/// <param name="Failures">Optimisations that failed, each a fault of the compiler.</param>
public sealed record LiveStats(TierCount Quick, TierCount Optimised, int Failures, int Units, int Worlds, int Slots, int Stubs);
