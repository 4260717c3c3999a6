using Kea.Llvm.Interop;

namespace Kea.Live;

/// <summary>Loaded machine code that is freed as a whole.</summary>
/// <param name="named">What the runtime knows names for.</param>
internal sealed class CodeUnit(JitEngine engine, LlvmResourceTracker tracker, nint[] addresses, nint[] named)
{
    private bool _isFreed;

    /// <summary>Of its functions, in the order in which they were compiled.</summary>
    public ReadOnlySpan<nint> Addresses => addresses;

    public bool IsFreed => Volatile.Read(ref _isFreed);

    /// <summary>Unmaps the code. Nobody may be in it or come to it any more.</summary>
    public void Free()
    {
        if (Interlocked.Exchange(ref _isFreed, true)) return;
        engine.Unload(tracker, named);
    }
}
