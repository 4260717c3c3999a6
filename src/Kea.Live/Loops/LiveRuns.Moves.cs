namespace Kea.Live;

// From one version to the next: the world, and the state of a loop; and back for frames outside.
internal sealed unsafe partial class LiveRuns
{
    private bool Move(nint context, Loop loop, LiveVersion to)
    {
        var raw = loop.Raw;
        var move = to.Loops.FirstOrDefault(m => m.From.Step == raw->Step);
        var world = _publisher.Enter(to.World);
        _runtime.EnterWorld(context, world.Table, world.Number);
        var (migrated, begunAnew) = (0, 0);
        nint box = 0;
        if (move is not null && !Migrate(context, loop, to, move, out box, out var problem))
        {
            GiveUp(context, loop, to, world, problem);
            return false;
        }
        if (box != 0) migrated++;
        if (_keptVersion < to.Index)
        {
            if (!MoveKept(context, to, out var count, out begunAnew, out problem))
            {
                if (box != 0 && box != raw->State) _runtime.Drop(context, box);
                GiveUp(context, loop, to, world, problem);
                return false;
            }
            migrated += count;
            _keptVersion = to.Index;
        }
        var lost = 0L;
        if (move is not null)
        {
            lost = Replace(context, loop, to, move, box);
            (raw->Step, raw->Turn, raw->Type) = (move.To.Step, move.To.Turn, move.To.Type);
        }
        if (loop.Entered is { } before) _publisher.Leave(before);
        loop.Entered = world;
        loop.Version = to.Index;
        Settle();
        if (to.IsRollback)
        {
            loop.ProbationEnd = default;
            loop.Arrived = to.IsRetreat ? null : new LoopEvent.Restored(to.Index, lost);
            return true;
        }
        loop.ProbationEnd = DateTime.UtcNow + _options.Probation;
        if (_options.Probation > TimeSpan.Zero) _probationEnd.Change(_options.Probation + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        loop.Arrived = new LoopEvent.Moved(to.Index, migrated) { BegunAnew = begunAnew };
        return true;
    }

    /// <summary>The state in its new shape; the old box stays as it is. On a rollback without inverse: the box from before.</summary>
    private bool Migrate(nint context, Loop loop, LiveVersion to, LoadedLoopMove move, out nint box, out string problem)
    {
        (box, problem) = (0, "");
        if (move.IsSame) return true;
        if (move.Forward == 0)
        {
            var past = loop.Past.FindLastIndex(p => Timeline.Last.Index >= p.Version);
            if (past < 0)
            {
                problem = "there is no state from before the reload";
                return false;
            }
            box = loop.Past[past].Box;
            _runtime.Dup(box);
            return true;
        }
        return Convert(context, move.Forward, loop.Raw->State, out box, out problem);
    }

    /// <summary>Runs a migration on a box, which stays as it is.</summary>
    private bool Convert(nint context, nint code, nint old, out nint box, out string problem)
    {
        problem = "";
        _runtime.Dup(old);
        if (_runtime.Convert(context, code, old, out box)) return true;
        problem = _runtime.MessageOf(context);
        return false;
    }

    /// <summary>Puts the new box in, and keeps the old one for a rollback.</summary>
    private long Replace(nint context, Loop loop, LiveVersion to, LoadedLoopMove move, nint box)
    {
        var raw = loop.Raw;
        if (box == 0) return 0;
        var lost = 0L;
        if (to.IsRollback)
        {
            if (loop.Past.Count > 0)
            {
                var (_, old, turns) = loop.Past[^1];
                if (move.Forward == 0) lost = raw->Turns - turns;
                _runtime.Drop(context, old);
                loop.Past.RemoveAt(loop.Past.Count - 1);
            }
            _runtime.Drop(context, raw->State);
        }
        else
        {
            loop.Past.Add((to.Index, raw->State, raw->Turns));
            if (loop.Past.Count > _options.KeptVersions)
            {
                _runtime.Drop(context, loop.Past[0].Box);
                loop.Past.RemoveAt(0);
            }
        }
        raw->State = box;
        return lost;
    }

    /// <summary>The loop stays where it was, and the version is taken out of force for everyone.</summary>
    private void GiveUp(nint context, Loop loop, LiveVersion to, World entered, string problem)
    {
        var back = loop.Entered ?? Around(loop);
        _runtime.EnterWorld(context, back.Table, back.Number);
        _publisher.Leave(entered);
        Retract(to, to.Hooks.AfterBack);
        Tell(new LoopEvent.MigrationFailed(to.Index, problem));
    }

    /// <summary>Undoes the moves of the state since the loop began, from the last to the first, as far as its type is another one.</summary>
    /// <returns>Zero where there is no way back.</returns>
    private nint Back(nint context, Loop loop, nint box)
    {
        var raw = loop.Raw;
        foreach (var version in Timeline.Between(loop.Version, Math.Max(loop.OuterVersion, Timeline.Cut)))
        {
            if (version.Loops.FirstOrDefault(m => m.To.Type == raw->Type) is not { } move) continue;
            if (!move.IsSame)
            {
                var halted = box;
                _runtime.EnterWorld(context, version.World.Table, version.World.Number);
                if (move.Backward == 0 || !Convert(context, move.Backward, halted, out box, out _)) box = 0;
                _runtime.Drop(context, halted);
                if (box == 0) return 0;
                TagOf(box) = HaltTag;
            }
            raw->Type = move.From.Type;
            if (TextOf(raw->Type) == loop.OuterType) return box;
        }
        _runtime.Drop(context, box);
        return 0;
    }
}
