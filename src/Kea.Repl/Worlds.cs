using Kea.Live;

namespace Kea.Repl;

/// <summary>The loaded code of a running program, for <c>:worlds</c>.</summary>
internal static class Worlds
{
    public static IEnumerable<string> Lines(LiveListing listing)
    {
        foreach (var world in listing.Worlds)
        {
            var facts = new List<string> { $"{world.Functions} functions" };
            if (world.Versions.Length > 0) facts.Add($"version {string.Join(", ", world.Versions)}");
            if (world.IsCurrent) facts.Add("current");
            else if (world.IsKept) facts.Add("kept for :rollback");
            facts.AddRange(world.Holders.Select(Text).Distinct());
            yield return $"world {world.Number}: {string.Join("; ", facts)}";
        }
        var optimised = listing.Units.Count(u => u.Tier > 0);
        yield return $"{listing.Units.Length} units of code, {optimised} of them optimised, {listing.CodeBytes / 1024} KB; {listing.Slots.Used} slots";
        foreach (var unit in listing.Units)
            foreach (var holder in unit.Holders.Where(h => h.Kind == UnitHolderKind.Closures))
                yield return $"unit {unit.Id}: old code of {string.Join(", ", unit.Functions.Take(3))}, held by {holder.Count} closure{(holder.Count == 1 ? "" : "s")}";
    }

    private static string Text(WorldHolder holder) => holder.Kind switch
    {
        WorldHolderKind.Base => "main runs in it",
        WorldHolderKind.Loop when holder.Step?.Contains(SessionModule.Prefix, StringComparison.Ordinal) == true => "the prompt waits in it",
        WorldHolderKind.Loop => $"{CodeNames.LoopWith(holder.Step)} runs in it",
        WorldHolderKind.Evaluation => "an evaluation runs in it",
    };
}
