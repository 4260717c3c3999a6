namespace Kea.Live;

/// <summary>How code ended that was called beside the program's own.</summary>
public abstract record EvaluationEnd
{
    private EvaluationEnd() { }
    public sealed record Done : EvaluationEnd;

    /// <summary>The panic has been told by the program; its loop goes on.</summary>
    public sealed record Panicked(string Message) : EvaluationEnd;

    /// <summary>Whoever asked for it wanted it to end, or not to begin.</summary>
    public sealed record Interrupted : EvaluationEnd;

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
        public bool IsInterrupted { get; set; }
    }

    private readonly LinkedList<Evaluation> _evaluations = [];
    private Evaluation? _evaluating;

    /// <param name="world">Kept by the caller; left when the call is over.</param>
    /// <param name="code">From one word to one word; zero is given.</param>
    /// <param name="interrupt">Ends the call where it is, as in a panic; one that has not begun is not made.</param>
    public Task<EvaluationEnd> Evaluate(World world, nint code, CancellationToken interrupt)
    {
        var evaluation = new Evaluation(world, code);
        lock (_gate)
        {
            if (_base is null || code == 0) Finish(evaluation, new EvaluationEnd.NotRunning());
            else _evaluations.AddLast(evaluation);
        }
        Signal();
        interrupt.Register(() => Interrupt(evaluation));
        return evaluation.End.Task;
    }

    private void Interrupt(Evaluation evaluation)
    {
        lock (_gate)
        {
            if (_evaluations.Remove(evaluation)) Finish(evaluation, new EvaluationEnd.Interrupted());
            if (_evaluating != evaluation) return;
            evaluation.IsInterrupted = true;
            _interruptions.Ask(InterruptScope.Outermost);
        }
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
                // It may have ended by itself meanwhile; the program's own turn was not meant, unless the program is to end.
                if (evaluation.IsInterrupted && _stopStatus < 0) _interruptions.Withdraw(context);
                Finish(evaluation, isDone ? new EvaluationEnd.Done() : evaluation.IsInterrupted ? new EvaluationEnd.Interrupted() : new EvaluationEnd.Panicked(_runtime.MessageOf(context)));
            }
        }
    }

    private Evaluation? Next()
    {
        lock (_gate) return _evaluating = TakeFirst();
    }

    private Evaluation? TakeFirst()
    {
        if (_evaluations.First is not { } first) return null;
        _evaluations.RemoveFirst();
        return first.Value;
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
        while (TakeFirst() is { } next) Finish(next, new EvaluationEnd.NotRunning());
    }
}
