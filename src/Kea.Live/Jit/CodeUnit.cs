using System.Collections.Immutable;
using Kea.Llvm.Interop;

namespace Kea.Live;

/// <summary>Loaded machine code that is freed as a whole.</summary>
/// <param name="names">Of its functions that can be called from outside, in the order in which they were compiled.</param>
/// <param name="named">What the runtime knows names for.</param>
internal sealed class CodeUnit(JitEngine engine, LlvmResourceTracker tracker, int id, ImmutableArray<string> names, nint[] addresses, nint[] named, nint start, nint end, long codeBytes)
{
    private bool _isFreed;

    /// <summary>Never given twice by an engine.</summary>
    public int Id => id;

    public ImmutableArray<string> Names => names;

    /// <summary>All its code lies from here to <see cref="End"/>, return addresses behind its last call included; zero if that is not known.</summary>
    public nint Start => start;
    public nint End => end;

    /// <summary>Machine code, without constants and unwind tables.</summary>
    public long CodeBytes => codeBytes;

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
