using Kea.Mir;

namespace Kea.Live;

// The world that is to follow the current one, between its making and its publishing. Meanwhile the moves of its version are
// tried in it, and the program goes on in the worlds that there are. A world that fails is withdrawn with all that was made for it: what
// has run in it was pure and has left nothing, so no value leads to its code, and nothing has to wait for a look through the program.
internal sealed partial class Publisher
{
    /// <param name="Source">What it is made from.</param>
    /// <param name="Number">Immortal objects that were made for it have this number.</param>
    /// <param name="Follows">The world that was current then.</param>
    private sealed record Coming(ICodeSource Source, int Number, World Follows)
    {
        /// <summary>Null until its code is there.</summary>
        public World? World { get; set; }

        public bool IsWithdrawn { get; set; }
    }

    private Coming? _candidate;
    private int _candidates;

    /// <summary>Makes the world that is to follow the current one. It is published or withdrawn before another one is prepared.</summary>
    /// <param name="changed">Bodies, whole recursive groups; compiled as one unit.</param>
    /// <param name="removed">Functions of an earlier version that the new one does not have.</param>
    public World Prepare(ICodeSource source, IReadOnlyList<MirFunction> changed, IReadOnlyList<SlotKey>? removed = null)
    {
        lock (_gate)
        {
            _candidate = new Coming(source, ++_candidates, _current);
            if (changed.Count > 0) Compile(source, changed);
            var next = _candidate.World = Successor(_current);
            foreach (var function in changed)
            {
                var definition = _definitions[(source, function.Id)];
                Set(next, definition.Slot, definition);
                next.Borrowed.Remove(definition.Slot);
            }
            if (changed.Count > 0 && _definitions[(source, changed[0].Id)].Unit is { } unit) Complete(next, source, unit.Names.Calls, null, isBorrowed: false);
            foreach (var key in removed ?? [])
                if (_slots.Find(key) is var slot and >= 0 && next[slot] is not null) next.Borrowed.Add(slot);
            if (removed is { Count: > 0 }) Prune(next, _current.Hot, AllThatValuesMayName());
            if (_options.TellsOldClosures) next.Replaced = ReplacedBy(next, _current, [.. changed.Select(f => _definitions[(source, f.Id)].Slot), .. (removed ?? []).Select(_slots.Find)]);
            next.Source = source;
            return next;
        }
    }

    /// <summary>Makes the world that has been prepared the current one.</summary>
    /// <returns>False if the one that it was to follow is not current any more. Otherwise the world is also kept for the caller until it is left.</returns>
    public bool Publish(World prepared)
    {
        lock (_gate)
        {
            if (_candidate is not { } candidate || candidate.World != prepared || candidate.Follows != _current) return false;
            _candidate = null;
            if (_queue is not null) _source = prepared.Source;
            TakeOver(_current, prepared);
            Replace(prepared);
            prepared.Holders++;
            return true;
        }
    }

    /// <summary>Gives up the world that has been prepared.</summary>
    /// <param name="immortals">What has been pinned for its moves.</param>
    public void Withdraw(World prepared, IEnumerable<nint> immortals)
    {
        lock (_gate)
        {
            _candidate!.IsWithdrawn = true;
            Unpin(immortals, []);
            Release(prepared);
            _candidate = null;
        }
    }

    /// <summary>Contexts will come to it, with the values that they have.</summary>
    private bool IsCandidate(World world) => _candidate?.World == world;

    /// <summary>Nothing but a candidate has led to code of its own.</summary>
    private bool IsWithdrawn(ICodeSource source) => _candidate is { IsWithdrawn: true } candidate && candidate.Source == source;

    private bool IsWithdrawn(Immortal immortal) => _candidate is { IsWithdrawn: true } candidate && candidate.Number == immortal.MadeFor;

    /// <summary>An immortal object is about to be held for code or moves of a source.</summary>
    private void NoteUse(Immortal immortal, ICodeSource? source)
    {
        var number = _candidate is { } candidate && candidate.Source == source ? candidate.Number : 0;
        if (!immortal.IsHeld && !_unheld.Contains(immortal)) immortal.MadeFor = number;
        else if (immortal.MadeFor != number) immortal.MadeFor = 0;
    }
}
