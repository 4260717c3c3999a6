using System.Runtime.ExceptionServices;

namespace Kea.Mir;

/// <summary>
/// Runs work on a thread with a deep stack: typed trees may be some thousands deep, and lowering follows them. The thread waits a
/// while for more work, since starting one takes longer on a busy machine than lowering a function, and ends by itself after that.
/// </summary>
/// <remarks>
/// Safe for several threads; they take turns. Work on such a thread, of whichever instance, that asks for a deep stack once more runs
/// where it is: who does many things one after the other asks once around them all, since each change of threads may cost some
/// milliseconds where the program keeps the processors busy.
/// </remarks>
public sealed class DeepStack
{
    private const int StackBytes = 256 << 20;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    [ThreadStatic] private static bool _isHere;

    private readonly object _gate = new();
    private Thread? _thread;
    private Action? _work;
    private bool _isBusy;

    public T Run<T>(Func<T> work)
    {
        if (_isHere) return work();
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var isDone = false;
        lock (_gate)
        {
            while (_isBusy) Monitor.Wait(_gate);
            _isBusy = true;
            _work = () =>
            {
                try { result = work(); }
                catch (Exception exception) { failure = ExceptionDispatchInfo.Capture(exception); }
                lock (_gate)
                {
                    isDone = true;
                    Monitor.PulseAll(_gate);
                }
            };
            if (_thread is null) (_thread = new Thread(Serve, StackBytes) { IsBackground = true, Name = "kea work" }).Start();
            else Monitor.PulseAll(_gate);
            while (!isDone) Monitor.Wait(_gate);
            _isBusy = false;
            Monitor.PulseAll(_gate);
        }
        failure?.Throw();
        return result!;
    }

    private void Serve()
    {
        _isHere = true;
        while (Next() is { } work) work();
    }

    /// <summary>Null when nothing has come for a while; the thread is given up by then.</summary>
    private Action? Next()
    {
        lock (_gate)
        {
            while (_work is null)
            {
                if (Monitor.Wait(_gate, Idle) || _work is not null) continue;
                _thread = null;
                return null;
            }
            var work = _work;
            _work = null;
            return work;
        }
    }
}
