namespace Kea.Live;

/// <summary>What one tier has compiled since the program began.</summary>
/// <param name="CodeBytes">Machine code of all that was compiled, also of what has been freed since.</param>
public readonly record struct TierCount(int Units, int Functions, long CodeBytes, double Milliseconds);

/// <summary>What was compiled, per tier. Written by several threads.</summary>
public sealed class TierCounts
{
    private readonly Lock _gate = new();
    private readonly TierCount[] _tiers = new TierCount[2];

    public TierCount this[int tier] { get { lock (_gate) return _tiers[tier]; } }

    internal void Add(int tier, int functions, long codeBytes, TimeSpan time)
    {
        lock (_gate)
        {
            var (units, count, code, milliseconds) = _tiers[tier];
            _tiers[tier] = new(units + 1, count + functions, code + codeBytes, milliseconds + time.TotalMilliseconds);
        }
    }
}
