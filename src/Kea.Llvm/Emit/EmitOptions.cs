namespace Kea.Llvm.Emit;

/// <summary>How a frame gives back what it holds when a callee panics. Both kinds may be on one stack.</summary>
public enum CleanUps
{
    /// <summary>Not at all. Only to measure what the others cost, and to see that the leak check finds it.</summary>
    None,
    /// <summary>Landing pads: free of cost as long as nothing panics, dear to compile.</summary>
    LandingPads,
    /// <summary>A record in the frame that says what it holds: a few stores per call, cheap to compile.</summary>
    FrameRecords,
}

/// <summary>How much is said to LLVM about a function.</summary>
/// <param name="Facts">Attach what only an optimiser reads: alias classes, ranges, branch weights. Off for T0, where it costs time.</param>
/// <param name="CleanUps">Records for T0, since LLVM's quick instruction selection knows no landing pads.</param>
/// <param name="DebugInfo">File, line and column of every instruction.</param>
public sealed record EmitOptions(bool Facts, CleanUps CleanUps, bool DebugInfo = true)
{
    public static readonly EmitOptions T0 = new(Facts: false, CleanUps.FrameRecords);
    public static readonly EmitOptions Optimised = new(Facts: true, CleanUps.LandingPads);
}
