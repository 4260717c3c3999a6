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

    /// <summary>Has the program looked through for closures of old code, at its next reload point.</summary>
    /// <returns>False if it has not come to one in time; what is known of closures is then from the time before.</returns>
    public bool Look(TimeSpan patience)
    {
        lock (_gate)
        {
            if (_waiting != 0)
            {
                _publisher.LookThrough(_waiting, Occupied(), namesHolders: true);
                return true;
            }
            if (_base is null) return true;
            _looked.Reset();
            _isLookWanted = true;
        }
        Signal();
        return _looked.Wait(patience);
    }

    private void LookIfWanted(nint context)
    {
        if (!_isLookWanted && !_publisher.IsLookDue) return;
        _publisher.LookThrough(context, Occupied(), _isLookWanted);
        _isLookWanted = false;
        _looked.Set();
    }

    private (ImmutableArray<int> Versions, bool IsKept, ImmutableArray<WorldHolder> Holders) Known(World world)
    {
        var holders = ImmutableArray.CreateBuilder<WorldHolder>();
        if (_base == world) holders.Add(new WorldHolder(WorldHolderKind.Base));
        foreach (var loop in _loops)
            if ((loop.Entered ?? Around(loop)) == world)
                holders.Add(new WorldHolder(WorldHolderKind.Loop, TextOf(loop.Raw->Type), _publisher.KeyOfClosure(loop.Raw->Step)?.Name, loop.Raw->Turns));
        var versions = Timeline.Of(world).ToImmutableArray();
        return ([.. versions.Select(v => v.Index)], versions.Any(Timeline.LeadsBackTo), holders.DrainToImmutable());
    }
}
