namespace Kea.Llvm.Emit;

/// <summary>How much is said to LLVM about a function.</summary>
/// <param name="Facts">Attach what only an optimiser reads: alias classes, ranges, branch weights. Off for T0, where it costs time.</param>
/// <param name="CleanUps">Landing pads that drop what a frame holds when a callee panics. Off only to measure what they cost.</param>
/// <param name="DebugInfo">File, line and column of every instruction.</param>
public sealed record EmitOptions(bool Facts, bool CleanUps = true, bool DebugInfo = true)
{
    public static readonly EmitOptions T0 = new(Facts: false);
    public static readonly EmitOptions Optimised = new(Facts: true);
}
