using System.Collections.Immutable;

namespace Kea.Live;

// Who runs in which world, for people to look at.
internal sealed unsafe partial class LiveRuns
{
    public LiveListing List()
    {
        lock (_gate) return _publisher.List(Known);
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
