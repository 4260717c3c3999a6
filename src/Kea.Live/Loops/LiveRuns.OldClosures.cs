namespace Kea.Live;

// L020: a reload has replaced closure code, and closures of it are still held. Most are made anew in every turn, so it is asked
// when a turn has been made in the new code, and only about the code that has just been replaced.
internal sealed unsafe partial class LiveRuns
{
    private readonly List<Definition> _replaced = [];
    private int _replacedBy;
    private LoopRaw* _arrivedLast;

    /// <summary>A loop has come to a version.</summary>
    private void GatherReplaced(int version)
    {
        if (Timeline.At(version)?.World is not { Replaced.IsEmpty: false } world) return;
        _replaced.AddRange(world.Replaced);
        world.Replaced = [];
        _replacedBy = version;
    }

    private void ForgetReplaced()
    {
        _replaced.Clear();
        _arrivedLast = null;
    }

    /// <summary>Tells what is held of replaced closure code, when the loop that has moved last has made a turn since.</summary>
    /// <returns>True if it is to come back after its next turn.</returns>
    private bool AwaitsOldClosures(nint context, LoopRaw* raw, bool hasMoved)
    {
        if (_replaced.Count == 0 || (!hasMoved && raw != _arrivedLast)) return false;
        if (hasMoved)
        {
            _arrivedLast = raw;
            return true;
        }
        ForgetSafe(context, raw);
        var held = _publisher.OldClosuresOf(_replaced, context, Steps());
        ForgetReplaced();
        if (!held.IsEmpty) Tell(new LoopEvent.OldClosuresHeld(_replacedBy, held));
        return false;
    }
}
