using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>One step in the life of a program: a world, and what states need to get there from the version before.</summary>
/// <param name="Before">The version that running it back leads to; null for the first, and for those whose past is forgotten.</param>
internal sealed class LiveVersion(int index, World world, ImmutableArray<LoadedLoopMove> loops, ImmutableArray<LoadedKeptMove> kept, LoadedHooks hooks, LiveVersion? before)
{
    public int Index { get; } = index;
    public World World { get; } = world;
    public ImmutableArray<LoadedLoopMove> Loops { get; } = loops;
    public ImmutableArray<LoadedKeptMove> Kept { get; } = kept;
    public LoadedHooks Hooks { get; } = hooks;
    public LiveVersion? Before { get; set; } = before;

    /// <summary>This version was given up before all had come to it: who has not goes on with that later one.</summary>
    public LiveVersion? GivenUpFor { get; set; }

    /// <summary>For a rollback: the version that it puts into force again.</summary>
    public LiveVersion? Restores { get; init; }
    public bool IsRollback => Restores is not null;

    /// <summary>A rollback that nobody has asked for.</summary>
    public bool IsRetreat { get; set; }

    /// <summary>The version whose code and types this one has.</summary>
    public LiveVersion Content => Restores ?? this;
}

/// <summary>
/// The versions of a running program in the order in which they were put into force; rolling back puts an older one into force
/// again, as a new version. Loops follow it one by one, so that each state goes through the moves that were checked for it.
/// </summary>
/// <remarks>Guarded by the lock of <see cref="LiveRuns"/>.</remarks>
internal sealed class Timeline
{
    private readonly List<LiveVersion> _versions = [];
    private readonly int _kept;
    private int _first;

    /// <param name="first">The world in which the program starts.</param>
    /// <param name="kept">Versions that can be rolled back to.</param>
    public Timeline(World first, int kept)
    {
        _kept = kept;
        _versions.Add(new LiveVersion(0, first, [], [], LoadedHooks.None, null));
    }

    public LiveVersion Last => _versions[^1];
    public int First => _first;
    public LiveVersion this[int index] => _versions[index - _first];

    /// <summary>Versions whose worlds are kept.</summary>
    public int Held => _versions.Count;

    /// <summary>Versions that are a certain world.</summary>
    public IEnumerable<LiveVersion> Of(World world) => _versions.Where(v => v.World == world);

    /// <summary>Whether rolling back, once or several times, puts the version's content into force again.</summary>
    public bool LeadsBackTo(LiveVersion version)
    {
        for (var at = Last.Content.Before; at is not null; at = at.Content.Before)
            if (at.Content == version.Content) return true;
        return false;
    }

    /// <summary>Of all versions that are known, by their indices.</summary>
    public ImmutableHashSet<int> Contents
    {
        get
        {
            var contents = ImmutableHashSet.CreateBuilder<int>();
            foreach (var version in _versions)
                for (LiveVersion? at = version.Content; at is not null && contents.Add(at.Index); at = at.Before?.Content) { }
            return contents.ToImmutable();
        }
    }

    public LiveVersion Append(World world, ImmutableArray<LoadedLoopMove> loops, ImmutableArray<LoadedKeptMove> kept, LoadedHooks hooks)
    {
        var version = new LiveVersion(Last.Index + 1, world, loops, kept, hooks, Last);
        _versions.Add(version);
        return version;
    }

    /// <summary>Puts the version before the last one into force again; null when it is not known any more.</summary>
    /// <param name="hooks">Instead of all those of the way back.</param>
    public LiveVersion? AppendRollback(Func<World, World> restore, LoadedHooks? hooks = null)
    {
        var content = Last.Content;
        if (content.Before is not { } before) return null;
        var version = new LiveVersion(Last.Index + 1, restore(before.World), [.. content.Loops.Select(m => m.Reversed)], [.. content.Kept.Select(m => m.Reversed)], hooks ?? content.Hooks.Reversed, null)
        {
            Restores = before.Content,
        };
        _versions.Add(version);
        return version;
    }

    /// <summary>
    /// Forgets versions that are too old to be rolled back to. One that somebody is in or behind goes as well if nothing has to
    /// be done to a state to get past it.
    /// </summary>
    /// <returns>Their worlds, which the caller leaves.</returns>
    public IEnumerable<World> Trim(int oldestInUse)
    {
        while (_versions.Count > _kept + 1 && (_versions[0].Index < oldestInUse || _versions[1] is { Loops.IsEmpty: true, Kept.IsEmpty: true, Hooks.IsEmpty: true }))
        {
            var gone = _versions[0];
            _versions.RemoveAt(0);
            _first++;
            foreach (var version in _versions)
                if (version.Before == gone) version.Before = null;
            yield return gone.World;
        }
    }
}
