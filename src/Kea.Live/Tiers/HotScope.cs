using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Live;

/// <summary>What the choice of functions asks about one that is called.</summary>
/// <param name="Definition">Its version in the current world.</param>
/// <param name="Body">As lowered, before any pass.</param>
/// <param name="Count">How often it has been called, as far as that is known.</param>
internal sealed record HotCandidate(Definition Definition, MirFunction Body, int Count);

/// <summary>
/// Which functions are compiled together: the ones that asked and, from these on, all that are called often enough or are so
/// small that a call costs more than they do. What is cold stays behind its slot, so that neither compile time nor the set of
/// versions that the code depends on grows with the program.
/// </summary>
internal static class HotScope
{
    private const int SmallMax = 40;
    private const int SizeMax = 20_000;

    /// <param name="find">A function of the program, by an id; null where it cannot be compiled along.</param>
    public static Dictionary<FunctionId, HotCandidate> Of(IEnumerable<HotCandidate> asking, Func<FunctionId, HotCandidate?> find, int warm)
    {
        var chosen = new Dictionary<FunctionId, HotCandidate>();
        var work = new Queue<HotCandidate>();
        var size = 0;
        foreach (var candidate in asking) Take(candidate);
        while (work.TryDequeue(out var candidate))
            foreach (var callee in Named(candidate.Body))
            {
                if (chosen.ContainsKey(callee.Function) || find(callee.Function) is not { } found) continue;
                var own = SizeOf(found.Body);
                // The body of a closure is wanted wherever the closure is made: called there, it can be merged with the caller.
                if (callee.IsMade || (size + own <= SizeMax && (found.Count >= warm || own <= SmallMax))) Take(found);
            }
        return chosen;

        void Take(HotCandidate candidate)
        {
            if (!chosen.TryAdd(candidate.Body.Id, candidate)) return;
            size += SizeOf(candidate.Body);
            work.Enqueue(candidate);
        }
    }

    private static IEnumerable<(FunctionId Function, bool IsMade)> Named(MirFunction body)
    {
        foreach (var block in body.Blocks)
            foreach (var instruction in block.Instructions)
                switch (instruction.Operation)
                {
                    case Inst.Call(var id, _): yield return (id, false); break;
                    case Inst.FunctionRef(var id): yield return (id, false); break;
                    case Inst.MakeClosure(var id, _, _): yield return (id, true); break;
                }
    }

    public static int SizeOf(MirFunction body)
    {
        var size = 0;
        foreach (var block in body.Blocks) size += block.Instructions.Length + 1;
        return size;
    }
}
