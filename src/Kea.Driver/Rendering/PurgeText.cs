using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Driver;

/// <summary>What a purge has done, and what of older code is still held, for people.</summary>
public static class PurgeText
{
    private const string StartAnew = "start the program anew to be rid of it";

    /// <param name="wayToEnd">How the user can have turns ended, as a noun.</param>
    public static IEnumerable<string> Lines(PurgeReport report, string wayToEnd)
    {
        foreach (var (type, step, lost) in report.Ended)
            yield return $"purged: an iteration of {CodeNames.LoopWith(step)} (state {type}) was ended; its state is the one from {(lost == 0 ? "before it" : $"{lost} iteration{(lost == 1 ? "" : "s")} before it")}";
        if (report.IsProgramEnded) yield return "purged: there was no state to go on with, so the program has ended";
        if (report.FreedUnits > 0) yield return $"{report.FreedUnits} unit{(report.FreedUnits == 1 ? "" : "s")} of code freed ({report.FreedBytes / 1024} KB)";
        if (!report.HasLooked) yield return "the program does not come to a reload point: what closures hold is as known from before";
        foreach (var loop in report.Loops)
        {
            yield return $"{CodeNames.LoopWith(loop.Step)} (state {loop.StateType}) stays in world {loop.World}, in iteration {loop.Turns + 1}";
            yield return Help(loop.IsForGood ? StartAnew : $"{wayToEnd} ends the iteration, and the loop goes on in the new code with the state from before it");
        }
        foreach (var world in report.Worlds)
        {
            if (world.Holders.Any(h => h.Kind == WorldHolderKind.Evaluation)) yield return $"an evaluation holds world {world.Number}";
            if (!world.Holders.Any(h => h.Kind == WorldHolderKind.Base)) continue;
            yield return $"main runs in world {world.Number}, which its frames hold until the program ends";
            yield return Help(StartAnew);
        }
        if (report.Worlds.Count(w => w.Holders.IsEmpty) is > 0 and var waiting)
            yield return $"{waiting} older world{(waiting == 1 ? " is" : "s are")} kept though nobody is in {(waiting == 1 ? "it" : "them")}: states may have to go that way, or a rollback left {(waiting == 1 ? "it" : "them")}";
        foreach (var held in report.Closures)
        {
            var rule = Rules.OldClosuresHeld(held);
            yield return rule.Message;
            yield return Help($"{rule.WayOut}; or {StartAnew}");
        }
        foreach (var function in report.Frames)
        {
            yield return $"a closure of older code in {function} is under way";
            yield return Help("it ends with the iteration that called it");
        }
        if (!report.IsHeld) yield return "no older code is held";
    }

    private static string Help(string wayOut) => $"  = help: {wayOut}";
}
