namespace Kea.Live;

/// <summary>What is to end when a program is interrupted; <c>KEA_INTERRUPT_…</c> of the runtime.</summary>
public enum InterruptScope
{
    /// <summary>The turn of the outermost loop, with all that it does.</summary>
    Outermost = 1,
    /// <summary>The turn of the innermost loop: what stands in the way of that loop's next reload point.</summary>
    Innermost = 2,
}

/// <summary>
/// Interrupts the runs of one program. A request may miss a system call by a moment, or a counter that code writes at the same
/// time; so it is repeated until it has come to its end or what it was meant for has ended by itself.
/// </summary>
internal sealed class Interruptions : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(2), Later = TimeSpan.FromMilliseconds(50);
    private const int SoonMax = 50;

    private readonly Lock _gate = new();
    private readonly RuntimeLibrary _runtime;
    private readonly Publisher _publisher;
    private readonly HashSet<nint> _contexts = [];
    private readonly Timer _again;
    private int _times;

    public Interruptions(RuntimeLibrary runtime, Publisher publisher)
    {
        (_runtime, _publisher) = (runtime, publisher);
        _again = new Timer(_ => Repeat(null));
    }

    /// <summary>A run begins, or goes on after a pause; on its thread.</summary>
    public void Begin(nint context)
    {
        lock (_gate) _contexts.Add(context);
    }

    /// <summary>A run ends, or waits for what to do next; on its thread. What was asked for and has not come to it is over.</summary>
    public void End(nint context)
    {
        lock (_gate)
        {
            _contexts.Remove(context);
            _runtime.InterruptNot(context);
        }
    }

    /// <summary>What was asked for has come to its end, and the run goes on; on its thread.</summary>
    public void Withdraw(nint context)
    {
        lock (_gate) _runtime.InterruptNot(context);
    }

    public void Ask(InterruptScope scope)
    {
        lock (_gate) _times = 0;
        Repeat(scope);
    }

    public void Dispose() => _again.Dispose();

    private void Repeat(InterruptScope? scope)
    {
        lock (_gate)
        {
            var asks = false;
            foreach (var context in _contexts) asks |= _runtime.Interrupt(context, scope);
            if (!asks) return;
            _publisher.RunCountersOut();
            _again.Change(_times++ < SoonMax ? Soon : Later, Timeout.InfiniteTimeSpan);
        }
    }
}
