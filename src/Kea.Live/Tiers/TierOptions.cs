namespace Kea.Live;

/// <summary>When functions of a running program are compiled again, optimised.</summary>
/// <param name="Threshold">Calls of a function, or rounds of a loop, after which it is hot.</param>
/// <param name="AtOnce">
/// Everything is hot when it is first called, and the call waits for its optimised code. For tests: what runs is
/// optimised code wherever there can be some.
/// </param>
public sealed record TierOptions(int Threshold, bool AtOnce = false)
{
    public static readonly TierOptions Usual = new(5000);
    public static readonly TierOptions Immediately = new(0, AtOnce: true);

    /// <summary>Calls that make a function worth taking along when one that calls it is hot.</summary>
    public int Warm => Threshold / 20;
    /// <summary>Calls after which code that has asked in vain, or not been answered yet, looks again.</summary>
    public int Again => AtOnce ? 0 : 1000;
    /// <summary>How long further requests are waited for, so that what is hot together is compiled together.</summary>
    public int GatherMs => AtOnce ? 0 : 10;
}
