using System.Collections.Immutable;

namespace Kea.Live;

// Who runs in which world, for people to look at.
internal sealed unsafe partial class LiveRuns
{
    public LiveListing List()
    {
        lock (_gate) return _publisher.List(Known);
    }

    private readonly ManualResetEventSlim _looked = new();
    private bool _isLookWanted;
    /// <summary>Of a program that waits between two turns; zero while it runs.</summary>
    private nint _waiting;
    /// <summary>What was found when somebody last asked.</summary>
    private ImmutableArray<OldClosures> _oldClosures = [];

    /// <summary>Has the program looked through for closures of old code, at its next reload point.</summary>
    /// <returns>False if it has not come to one in time; what is known of closures is then from the time before.</returns>
    public bool Look(TimeSpan patience)
    {
        lock (_gate)
            if (!AsksForLook()) return true;
        return _looked.Wait(patience);
    }

    /// <returns>False if there is nothing to wait for: the program waits itself, and has been looked through, or none runs.</returns>
    private bool AsksForLook()
    {
        if (_waiting != 0) LookThrough(_waiting, isWanted: true);
        if (_waiting != 0 || _base is null) return false;
        _looked.Reset();
        _isLookWanted = true;
        Signal();
        return true;
    }

    private void LookIfWanted(nint context, LoopRaw* raw)
    {
        if (!_isLookWanted && !_publisher.IsLookDue) return;
        // Its next turn begins with another one, and it holds what nothing else may hold.
        if (_isLookWanted) ForgetSafe(context, raw);
        LookThrough(context, _isLookWanted);
        _isLookWanted = false;
        _looked.Set();
    }

    /// <param name="isWanted">Somebody wants to know what holds what.</param>
    private void LookThrough(nint context, bool isWanted)
    {
        _publisher.LookThrough(context, Occupied());
        if (isWanted) _oldClosures = _publisher.NameHolders(context, Steps());
    }

    private HashSet<nint> Steps() => [.. _loops.Select(l => l.Raw->Step)];

    /// <summary>The name of a step's code; null for a lambda.</summary>
    private string? StepOf(LoopRaw* raw) => _publisher.KeyOfClosure(raw->Step)?.Name;

    private (ImmutableArray<int> Versions, bool IsKept, ImmutableArray<WorldHolder> Holders) Known(World world)
    {
        var holders = ImmutableArray.CreateBuilder<WorldHolder>();
        if (_base == world) holders.Add(new WorldHolder(WorldHolderKind.Base));
        if (_evaluating?.World == world || _evaluations.Any(e => e.World == world)) holders.Add(new WorldHolder(WorldHolderKind.Evaluation));
        foreach (var loop in _loops)
            if ((loop.Entered ?? Around(loop)) == world)
                holders.Add(new WorldHolder(WorldHolderKind.Loop, TextOf(loop.Raw->Type), StepOf(loop.Raw), loop.Raw->Turns));
        var versions = Timeline.Of(world).ToImmutableArray();
        return ([.. versions.Select(v => v.Index)], versions.Any(Timeline.LeadsBackTo), holders.DrainToImmutable());
    }
}
