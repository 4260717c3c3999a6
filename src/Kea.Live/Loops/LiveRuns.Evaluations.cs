namespace Kea.Live;

/// <summary>How code ended that was called beside the program's own.</summary>
public abstract record EvaluationEnd
{
    private EvaluationEnd() { }
    public sealed record Done : EvaluationEnd;

    /// <summary>The panic has been told by the program; its loop goes on.</summary>
    public sealed record Panicked(string Message) : EvaluationEnd;

    /// <summary>Nothing runs, or the program ended before it came to it, or by it.</summary>
    public sealed record NotRunning : EvaluationEnd;
}

/// <summary>Calls that others ask of a program, made on its own thread between two turns of its outermost loop.</summary>
internal sealed unsafe partial class LiveRuns
{
    private sealed record Evaluation(World World, nint Code)
    {
        // Whoever waits goes on elsewhere than on the program's thread.
        public TaskCompletionSource<EvaluationEnd> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly Queue<Evaluation> _evaluations = [];
    private Evaluation? _evaluating;

    /// <param name="world">Kept by the caller; left when the call is over.</param>
    /// <param name="code">From one word to one word; zero is given.</param>
    public Task<EvaluationEnd> Evaluate(World world, nint code)
    {
        var evaluation = new Evaluation(world, code);
        lock (_gate)
        {
            if (_base is null || code == 0) Finish(evaluation, new EvaluationEnd.NotRunning());
            else _evaluations.Enqueue(evaluation);
        }
        Signal();
        return evaluation.End.Task;
    }

    /// <summary>Without the lock: what is called may take its time, and asks for kept values and loops of its own.</summary>
    private void Evaluate(nint context, LoopRaw* raw)
    {
        if (_evaluating is not null || !IsOutermost(raw)) return;
        while (Next() is { } evaluation)
        {
            _runtime.Flush(context);
            _runtime.EnterWorld(context, evaluation.World.Table, evaluation.World.Number);
            var isDone = _runtime.Attempt(context, evaluation.Code, 0, out _);
            _runtime.Flush(context);
            lock (_gate)
            {
                var loop = Find(raw);
                var back = loop.Entered ?? Around(loop);
                // It may have left function values, in what Live.keep keeps.
                if (back != evaluation.World) _publisher.Adopt(evaluation.World, back);
                _runtime.EnterWorld(context, back.Table, back.Number);
                _evaluating = null;
                Finish(evaluation, isDone ? new EvaluationEnd.Done() : new EvaluationEnd.Panicked(_runtime.MessageOf(context)));
            }
        }
    }

    private Evaluation? Next()
    {
        lock (_gate) return _evaluations.TryDequeue(out var next) ? _evaluating = next : null;
    }

    private void Finish(Evaluation evaluation, EvaluationEnd end)
    {
        _publisher.Leave(evaluation.World);
        evaluation.End.TrySetResult(end);
    }

    /// <summary>Nobody comes to them any more.</summary>
    private void EndEvaluations()
    {
        if (_evaluating is { } evaluating) Finish(evaluating, new EvaluationEnd.NotRunning());
        _evaluating = null;
        while (_evaluations.TryDequeue(out var next)) Finish(next, new EvaluationEnd.NotRunning());
    }
}
