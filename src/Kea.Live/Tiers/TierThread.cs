namespace Kea.Live;

/// <summary>The thread on which hot functions are compiled. It sleeps while nobody asks.</summary>
internal sealed class TierThread : IDisposable
{
    private const int StackBytes = 64 << 20;

    private readonly Publisher _publisher;
    private readonly HotQueue _queue;
    private readonly TierOptions _options;
    private readonly Thread _thread;
    private volatile bool _isStopping, _isBusy;

    public TierThread(Publisher publisher, HotQueue queue, TierOptions options)
    {
        (_publisher, _queue, _options) = (publisher, queue, options);
        _thread = new Thread(Work, StackBytes) { IsBackground = true, Name = "kea optimiser" };
        _thread.Start();
    }

    /// <summary>A compilation is under way.</summary>
    public bool IsBusy => _isBusy;

    /// <summary>Waits for a compilation that is under way.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _queue.Wake();
        _thread.Join();
    }

    private void Work()
    {
        while (!_isStopping)
        {
            var slots = _queue.Take(-1);
            if (_isStopping) break;
            if (slots.Count == 0) continue;
            if (_options.GatherMs > 0)
            {
                Thread.Sleep(_options.GatherMs);
                slots.AddRange(_queue.Take(0));
            }
            _isBusy = true;
            try
            {
                _publisher.Improve(slots);
            }
            catch (Exception e)
            {
                Fail(slots, e);
            }
            foreach (var slot in slots) _queue.Done(slot);
            _isBusy = false;
        }
    }

    /// <summary>The program goes on in the code that it has.</summary>
    private void Fail(List<int> slots, Exception e)
    {
        foreach (var slot in slots) _queue.Stop(slot);
        _publisher.TierFailures++;
        Console.Error.WriteLine("kea: sorry, this is a fault of the compiler and not of your program: optimising a function that is called often failed "
            + $"({e.Message.Split('\n')[0]}), so it stays slow; please report it together with the program, and with what is printed when KEA_DEBUG=1 is set");
        if (Environment.GetEnvironmentVariable("KEA_DEBUG") == "1") Console.Error.WriteLine(e);
    }
}
