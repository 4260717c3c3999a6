using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>One step in the life of a program: a world, and what states need to get there from the version before.</summary>
/// <param name="Before">The version that running it back leads to; null for the first, and for those whose past is forgotten.</param>
internal sealed class LiveVersion(int index, World world, LoadedMoves moves, LoadedHooks hooks, LiveVersion? before)
{
    public int Index { get; } = index;
    public World World { get; } = world;
    public LoadedMoves Moves { get; } = moves;
    public ImmutableArray<LoadedLoopMove> Loops => Moves.Loops;
    public ImmutableArray<LoadedKeptMove> Kept => Moves.Kept;
    public LoadedHooks Hooks { get; } = hooks;
    public LiveVersion? Before { get; set; } = before;

    /// <summary>This version was given up before all had come to it: who has not goes on with that later one.</summary>
    public LiveVersion? GivenUpFor { get; set; }

    /// <summary>For a rollback: the version that it puts into force again.</summary>
    public LiveVersion? Restores { get; init; }
    public bool IsRollback => Restores is not null;

    /// <summary>A rollback that nobody has asked for.</summary>
    public bool IsRetreat { get; set; }

    /// <summary>The immortal objects that its moves name, each as often as they do.</summary>
    public IEnumerable<nint> Immortals => Moves.Immortals;

    /// <summary>The code of its moves. That of hooks is called through slots, which their entries hold.</summary>
    public IEnumerable<nint> Codes => Moves.Codes;

    /// <summary>Something has to be done to get here from the version before.</summary>
    public bool HasWork => !(Loops.IsEmpty && Kept.IsEmpty && Hooks.IsEmpty);

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
    /// <summary>
    /// Frames that are further back than so many changes of states are left behind: otherwise a program whose entry waits for its
    /// loop would keep the code of every change since it began.
    /// </summary>
    public const int MovesMax = 64;

    private readonly List<LiveVersion> _versions = [];
    private readonly int _kept;

    /// <param name="first">The world in which the program starts.</param>
    /// <param name="kept">Versions that can be rolled back to.</param>
    public Timeline(World first, int kept)
    {
        _kept = kept;
        _versions.Add(new LiveVersion(0, first, LoadedMoves.None, LoadedHooks.None, null));
    }

    public LiveVersion Last => _versions[^1];

    /// <summary>The last version that was forgotten although somebody is behind it; who is, stays in the code that he has.</summary>
    public int Cut { get; private set; } = -1;

    /// <summary>Null when it is forgotten.</summary>
    public LiveVersion? At(int index) => _versions.Find(v => v.Index == index);

    /// <summary>Versions whose worlds are kept.</summary>
    public int Held => _versions.Count;

    /// <summary>What comes after a version, as far as something has to be done to get there; the last one in any case.</summary>
    public IEnumerable<LiveVersion> After(int index) => _versions.Where(v => v.Index > index);

    /// <summary>From one version back to another, without that one; the newest first.</summary>
    public IEnumerable<LiveVersion> Between(int newest, int oldest) => _versions.Where(v => v.Index > oldest && v.Index <= newest).Reverse();

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

    public LiveVersion Append(World world, LoadedMoves moves, LoadedHooks hooks)
    {
        var version = new LiveVersion(Last.Index + 1, world, moves, hooks, Last);
        _versions.Add(version);
        return version;
    }

    /// <summary>Puts the version before the last one into force again; null when it is not known any more.</summary>
    /// <param name="restore">Makes its world anew, with what the code of the moves needs.</param>
    /// <param name="hooks">Instead of all those of the way back.</param>
    public LiveVersion? AppendRollback(Func<World, IEnumerable<nint>, World> restore, LoadedHooks? hooks)
    {
        var content = Last.Content;
        if (content.Before is not { } before) return null;
        var version = new LiveVersion(Last.Index + 1, restore(before.World, content.Codes), content.Moves.Reversed, hooks ?? content.Hooks.Reversed, null)
        {
            Restores = before.Content,
        };
        _versions.Add(version);
        return version;
    }

    /// <summary>
    /// Forgets versions that are too old to be rolled back to: at once those that nothing has to be done to get past, the others
    /// when nobody is behind them any more, or too many of them have gathered.
    /// </summary>
    /// <returns>They; the caller lets go of what they hold.</returns>
    public List<LiveVersion> Trim(int oldestInUse)
    {
        var gone = new List<LiveVersion>();
        var reach = Reach();
        var work = 0;
        for (var at = _versions.Count - _kept - 2; at >= 0; at--)
        {
            var version = _versions[at];
            if (reach.Contains(version)) continue;
            if (version.Index >= oldestInUse && IsOnTheWay(version))
            {
                if (++work <= MovesMax) continue;
                Cut = Math.Max(Cut, version.Index);
            }
            gone.Add(version);
        }
        foreach (var version in gone)
        {
            _versions.Remove(version);
            version.Before = null;
        }
        foreach (var version in _versions)
            if (version.Before is { } before && gone.Contains(before)) version.Before = null;
        return gone;
    }

    /// <summary>What rolling back leads to, as often as it may be asked for; each rollback is a version too, and counts for none of them.</summary>
    private HashSet<LiveVersion> Reach()
    {
        var at = Last.Content;
        var reach = new HashSet<LiveVersion> { at };
        for (var step = 0; step < _kept && at.Before is { } before; step++)
        {
            at = before.Content;
            reach.UnionWith([before, at]);
        }
        return reach;
    }

    /// <summary>Whoever is behind it has something to do there, or comes to it from one that was given up.</summary>
    private bool IsOnTheWay(LiveVersion version) => version.HasWork || _versions.Exists(v => v.GivenUpFor == version && v.HasWork);
}
