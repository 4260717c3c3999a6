namespace Kea.Driver.Live;

/// <summary>
/// Collects garbage while nobody waits for the session, so that no reload has to stop for it: a start leaves so much behind that the
/// first full collection takes a tenth of a second and more in a large project. The program's own memory is counted and not collected.
/// </summary>
/// <remarks>Any thread may call it.</remarks>
public sealed class IdleCollector : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);

    /// <summary>With less than this there is nothing to gain.</summary>
    private const long WorthwhileBytes = 32 << 20;

    private readonly Timer _timer;
    private long _collectedAt;

    public IdleCollector() => _timer = new Timer(_ => Collect());

    /// <summary>Something was done: the wait for half a second in which nothing is begins anew.</summary>
    public void Touch() => _timer.Change(Idle, Timeout.InfiniteTimeSpan);

    /// <summary>Collects now what is worth it.</summary>
    public void Collect()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - Interlocked.Read(ref _collectedAt) < WorthwhileBytes) return;
        Interlocked.Exchange(ref _collectedAt, allocated);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
    }

    public void Dispose() => _timer.Dispose();
}
