using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>Values of <c>Live.keep</c>: they move with the first loop that comes to a version.</summary>
internal sealed unsafe partial class LiveRuns
{
    private readonly Dictionary<nint, List<nint>> _keptPast = [];

    public ImmutableArray<KeptState> Kept
    {
        get { lock (_gate) return [.. _kept.Values.GroupBy(k => k.Type, k => k.Name, StringComparer.Ordinal).Select(k => new KeptState(k.Key, [.. k.Order(StringComparer.Ordinal)]))]; }
    }

    /// <summary>Values of these names are let go of at the next reload point: no code asks for them any more.</summary>
    public void Forget(IReadOnlySet<string> names)
    {
        lock (_gate)
        {
            foreach (var (at, kept) in _kept.ToArray())
            {
                if (!names.Contains(kept.Name)) continue;
                _kept.Remove(at);
                _forgotten.Add(at);
            }
        }
        Signal();
    }

    private void LetGo(nint context)
    {
        if (_forgotten.Count == 0) return;
        for (var kept = _runtime.FirstKept(context); kept != null;)
        {
            var next = kept->Next;
            if (_forgotten.Contains(kept->Name))
            {
                DropPastOf(context, (nint)kept);
                _runtime.Forget(context, kept);
            }
            kept = next;
        }
        _forgotten.Clear();
    }

    /// <param name="begunAnew">Values that are gone.</param>
    private bool MoveKept(nint context, LiveVersion to, out int migrated, out int begunAnew, out string problem)
    {
        (migrated, begunAnew, problem) = (0, 0, "");
        var done = new List<(nint Kept, nint Box, nint Type)>();
        for (var kept = _runtime.FirstKept(context); kept != null; kept = kept->Next)
        {
            var move = to.Kept.FirstOrDefault(m => TextOf(m.FromType) == TextOf(kept->Type));
            if (move is null) continue;
            var past = PastOf((nint)kept);
            if (move.BeginsAnew || kept->Box == 0)
            {
                var before = to.IsRollback && past.Count > 0 ? past[^1] : 0;
                if (before != 0) _runtime.Dup(before);
                if (!to.IsRollback && kept->Box != 0) begunAnew++;
                done.Add(((nint)kept, before, move.ToType));
                continue;
            }
            migrated++;
            if (move.IsSame)
            {
                _runtime.Dup(kept->Box);
                done.Add(((nint)kept, kept->Box, move.ToType));
                continue;
            }
            if (move.Forward == 0 && to.IsRollback && past.Count > 0)
            {
                _runtime.Dup(past[^1]);
                done.Add(((nint)kept, past[^1], move.ToType));
                continue;
            }
            if (move.Forward != 0 && Convert(context, move.Forward, kept->Box, out var box, out problem))
            {
                done.Add(((nint)kept, box, move.ToType));
                continue;
            }
            if (move.Forward == 0) problem = $"the value `{TextOf(kept->Name)}` of Live.keep cannot go back to {TextOf(move.ToType)}";
            foreach (var (_, made, _) in done) DropBox(context, made);
            return false;
        }
        foreach (var (at, box, type) in done)
        {
            var kept = (KeptRaw*)at;
            KeepPast(context, kept, isBack: to.IsRollback);
            (kept->Box, kept->Type) = (box, type);
            _kept[kept->Name] = (TextOf(kept->Name), TextOf(type));
        }
        return true;
    }

    private void DropBox(nint context, nint box)
    {
        if (box != 0) _runtime.Drop(context, box);
    }

    /// <summary>Boxes of a kept value from before its migrations, owned, zero where there was none; the newest last.</summary>
    private List<nint> PastOf(nint kept) => _keptPast.TryGetValue(kept, out var past) ? past : _keptPast[kept] = [];

    /// <summary>The value gets another box: this one stays for a rollback, or the one for it has served.</summary>
    private void KeepPast(nint context, KeptRaw* kept, bool isBack)
    {
        var past = PastOf((nint)kept);
        if (isBack)
        {
            DropBox(context, kept->Box);
            if (past.Count == 0) return;
            DropBox(context, past[^1]);
            past.RemoveAt(past.Count - 1);
            return;
        }
        past.Add(kept->Box);
        if (past.Count <= _options.KeptVersions) return;
        DropBox(context, past[0]);
        past.RemoveAt(0);
    }

    private void DropPastOf(nint context, nint kept)
    {
        if (!_keptPast.Remove(kept, out var past)) return;
        foreach (var box in past) DropBox(context, box);
    }

    private void DropPastOfKept(nint context)
    {
        foreach (var box in _keptPast.Values.SelectMany(p => p)) DropBox(context, box);
        _keptPast.Clear();
    }
}
