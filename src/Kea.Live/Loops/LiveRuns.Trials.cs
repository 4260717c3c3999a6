using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>What trying the moves of a version has found.</summary>
/// <param name="Failure">A migration that fails on a state that is held, with what it said.</param>
/// <param name="NoWayBack">Code of inverses that do not lead back to the state.</param>
internal sealed record TrialResult((TriedState State, string Why)? Failure, ImmutableArray<TrialNote> Notes, IReadOnlySet<nint> NoWayBack)
{
    public static readonly TrialResult Nothing = new(null, [], ImmutableHashSet<nint>.Empty);
}

// Migrations are tried on the states that are held before their version is published: there and, where there is an inverse, back.
//
//     who publishes:  asks, waits ------------------------------------------> publishes, or withdraws the world
//     the program:         turn ... reload point: box -> made -> back = box?  drops both, turn ...
//
// The boxes stay as they are, and what was made is gone before the program goes on. While code of the program runs here the lock is held,
// as it is when the loop migrates. So who waits uses another one to look whether it has begun.
internal sealed unsafe partial class LiveRuns
{
    /// <summary>A program that does not come to a reload point by then, since it sleeps or computes, gets its code untried: an edit should not feel slow.</summary>
    public static readonly TimeSpan TrialPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>As long as a smoke test may take. A trial that has begun keeps the program waiting, and is ended then.</summary>
    public static readonly TimeSpan TrialTimeMax = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Larger states, in all, are not tried: there and back they would stop the program for longer than a blink, and the copy would take
    /// as much memory again.
    /// </summary>
    public const long TriedBytesMax = 64 << 20;

    /// <summary>Objects take 16 bytes at least, so whatever is tried is compared in fewer steps, unless it is shared in an unusual way.</summary>
    private const long CompareStepsMax = TriedBytesMax / 8;

    private enum Stage { Asked, Running, Done }

    private sealed class Trial(World world, LoadedMoves moves) : IDisposable
    {
        private readonly Lock _gate = new();
        private Stage _stage;
        private bool _isLate;

        public World World { get; } = world;
        public LoadedMoves Moves { get; } = moves;

        /// <summary>Set when nobody works on it any more.</summary>
        public ManualResetEventSlim Ended { get; } = new();

        /// <summary>Loops that have not come to a reload point yet.</summary>
        public Dictionary<Loop, TriedState> Loops { get; } = [];

        /// <summary>Values of <c>Live.keep</c> that are still to be tried.</summary>
        public List<TriedState> Kept { get; } = [];

        public long BytesLeft { get; set; } = TriedBytesMax;
        public (TriedState, string)? Failure { get; set; }
        public List<TrialNote> Notes { get; } = [];
        public HashSet<nint> NoWayBack { get; } = [];
        public bool IsInterrupted { get; private set; }

        public bool IsComplete => Failure is not null || (Loops.Count == 0 && Kept.Count == 0);

        /// <summary>The program has come to a reload point; false if nobody waits any more.</summary>
        public bool Begins()
        {
            lock (_gate)
            {
                if (_stage != Stage.Asked) return false;
                _stage = Stage.Running;
                return true;
            }
        }

        /// <summary>The program goes on.</summary>
        /// <param name="isLast">It will not come again.</param>
        public void Pauses(bool isLast)
        {
            lock (_gate)
            {
                _stage = isLast || _isLate || IsComplete ? Stage.Done : Stage.Asked;
                if (_stage == Stage.Done) Ended.Set();
            }
        }

        /// <summary>Whoever waits wants to go on.</summary>
        /// <returns>False if the program is at it: it is waited for.</returns>
        public bool Withdraw()
        {
            lock (_gate)
            {
                _isLate = true;
                if (_stage == Stage.Running) return false;
                _stage = Stage.Done;
                return true;
            }
        }

        public void Interrupt(Interruptions interruptions)
        {
            lock (_gate)
            {
                if (_stage != Stage.Running) return;
                IsInterrupted = true;
                interruptions.Ask(InterruptScope.Outermost);
            }
        }

        public void Dispose() => Ended.Dispose();
    }

    private Trial? _trial;

    /// <summary>
    /// Has the program try what a version asks of the states that it holds, at its next reload point. Does nothing where it holds none of
    /// them, or waits for somebody to give it its next turn.
    /// </summary>
    /// <param name="world">The version's; not current yet.</param>
    public TrialResult Try(World world, LoadedMoves moves)
    {
        if (moves.Loops.All(m => m.Forward == 0) && moves.Kept.All(m => m.Forward == 0)) return TrialResult.Nothing;
        using var trial = new Trial(world, moves);
        lock (_gate)
        {
            if (_base is null || _waiting != 0) return TrialResult.Nothing;
            Gather(trial);
            if (trial.IsComplete) return TrialResult.Nothing;
            _trial = trial;
        }
        Signal();
        if (!trial.Ended.Wait(TrialPatience) && !trial.Withdraw() && !trial.Ended.Wait(TrialTimeMax))
        {
            trial.Interrupt(_interruptions);
            trial.Ended.Wait();
        }
        lock (_gate)
        {
            _trial = null;
            var left = _base is null ? [] : trial.Loops.Where(l => _loops.Contains(l.Key)).Select(l => l.Value).Concat(trial.Kept);
            return new TrialResult(trial.Failure, [.. trial.Notes, .. left.Select(s => new TrialNote.NotTried(s, NotTriedReason.NoReloadPoint))], trial.NoWayBack);
        }
    }

    /// <summary>What there is to be tried.</summary>
    private void Gather(Trial trial)
    {
        foreach (var loop in _loops)
        {
            var code = NewestCode(loop);
            if (!IsLeftBehind(loop) && MoveOf(trial.Moves, code.Step) is { } move) trial.Loops.Add(loop, StateOf(code.Step, move));
        }
        foreach (var (name, type) in _kept.Values)
            if (trial.Moves.Kept.FirstOrDefault(m => m.Forward != 0 && TextOf(m.FromType) == type) is { } move) trial.Kept.Add(StateOf(name, move));
    }

    private static LoadedLoopMove? MoveOf(LoadedMoves moves, nint step) => moves.Loops.FirstOrDefault(m => m.Forward != 0 && m.From.Step == step);
    private TriedState StateOf(nint step, LoadedLoopMove move) => new(false, _publisher.KeyOfClosure(step)?.Name, TextOf(move.From.Type), TextOf(move.To.Type));
    private static TriedState StateOf(string name, LoadedKeptMove move) => new(true, name, TextOf(move.FromType), TextOf(move.ToType));

    /// <summary>A loop is at its reload point, in the newest version that has been published.</summary>
    private void TryIfAsked(nint context, Loop loop)
    {
        if (_trial is not { } trial || loop.Version != Timeline.Last.Index || IsInsideHook(loop.Raw) || !trial.Begins()) return;
        _runtime.EnterWorld(context, trial.World.Table, trial.World.Number);
        trial.Loops.Remove(loop);
        if (MoveOf(trial.Moves, loop.Raw->Step) is { } move) TryState(context, trial, StateOf(loop.Raw->Step, move), loop.Raw->State, move.Forward, move.Backward);
        TryKept(context, trial);
        var back = loop.Entered ?? Around(loop);
        _runtime.EnterWorld(context, back.Table, back.Number);
        trial.Pauses(isLast: false);
        // It may have ended by itself meanwhile; the program's own turn was not meant, unless the program is to end.
        if (trial.IsInterrupted && _stopStatus < 0) _interruptions.Withdraw(context);
    }

    private void TryKept(nint context, Trial trial)
    {
        for (var kept = _runtime.FirstKept(context); kept != null && trial.Failure is null; kept = kept->Next)
        {
            var (name, type) = (TextOf(kept->Name), TextOf(kept->Type));
            if (trial.Kept.RemoveAll(s => s.Name == name) == 0 || kept->Box == 0) continue;
            if (trial.Moves.Kept.FirstOrDefault(m => m.Forward != 0 && TextOf(m.FromType) == type) is { } move) TryState(context, trial, StateOf(name, move), kept->Box, move.Forward, move.Backward);
        }
    }

    private void TryState(nint context, Trial trial, TriedState state, nint box, nint forward, nint backward)
    {
        if (trial.Failure is not null || box == 0) return;
        var bytes = _runtime.Weigh(context, box, trial.BytesLeft);
        if (bytes < 0)
        {
            trial.Notes.Add(new TrialNote.NotTried(state, NotTriedReason.TooLarge));
            return;
        }
        trial.BytesLeft -= bytes;
        if (!Convert(context, forward, box, out var made, out var why)) trial.Failure = (state, trial.IsInterrupted ? $"it has not come to an end within {TrialTimeMax.TotalSeconds:0} s" : why);
        else if (backward == 0 || trial.NoWayBack.Contains(backward)) _runtime.Drop(context, made);
        else if (!LeadsBack(context, backward, made, box, out why))
        {
            trial.NoWayBack.Add(backward);
            trial.Notes.Add(new TrialNote.NoWayBack(state, why));
        }
    }

    /// <param name="made">Consumed.</param>
    /// <param name="why">What the inverse said; empty if it gave another state.</param>
    private bool LeadsBack(nint context, nint backward, nint made, nint box, out string why)
    {
        why = "";
        if (!_runtime.Convert(context, backward, made, out var back))
        {
            why = _runtime.MessageOf(context);
            return false;
        }
        var compared = _runtime.Compare(context, box, back, _publisher.Layouts.Plain, CompareStepsMax);
        _runtime.Drop(context, back);
        return compared != Comparison.Different;
    }

    /// <summary>A loop is over: its state is not held any more.</summary>
    private void LeaveTrial(Loop loop)
    {
        if (_trial is { } trial && trial.Loops.Remove(loop) && trial.IsComplete) EndTrial();
    }

    /// <summary>The program will not come to a reload point by itself.</summary>
    private void EndTrial()
    {
        if (_trial is { } trial && trial.Begins()) trial.Pauses(isLast: true);
    }
}
