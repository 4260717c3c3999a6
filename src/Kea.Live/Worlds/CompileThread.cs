using System.Collections.Concurrent;

namespace Kea.Live;

/// <summary>
/// Compilation on a thread with a stack of its own: a first call may come from deep inside a Kea stack, whose guard must not
/// be hit inside LLVM or .NET.
/// </summary>
internal sealed class CompileThread : IDisposable
{
    private const int StackBytes = 16 << 20;

    private readonly BlockingCollection<Job> _jobs = [];
    private readonly Thread _thread;

    public CompileThread()
    {
        _thread = new Thread(Work, StackBytes) { IsBackground = true, Name = "kea compiler" };
        _thread.Start();
    }

    /// <summary>Runs the function there and waits for what it returns.</summary>
    public nint Run(Func<nint> work)
    {
        using var job = new Job(work);
        _jobs.Add(job);
        job.Done.Wait();
        return job.Failure is { } failure ? throw new InvalidOperationException(failure.Message, failure) : job.Result;
    }

    public void Dispose()
    {
        _jobs.CompleteAdding();
        _thread.Join();
        _jobs.Dispose();
    }

    private void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            try
            {
                job.Result = job.Work();
            }
            catch (Exception e)
            {
                job.Failure = e;
            }
            job.Done.Set();
        }
    }

    private sealed class Job(Func<nint> work) : IDisposable
    {
        public Func<nint> Work { get; } = work;
        public ManualResetEventSlim Done { get; } = new();
        public nint Result;
        public Exception? Failure;
        public void Dispose() => Done.Dispose();
    }
}
