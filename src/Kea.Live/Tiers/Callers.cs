using Kea.Mir;

namespace Kea.Live;

/// <summary>
/// Who calls what is hot, upwards. A hot function is often only the inner part of the work: what is inferred of its arguments
/// (that a vector has one owner, which closure is passed) is inferred from its callers, however seldom these are called.
/// </summary>
internal static class Callers
{
    private const int SizeMax = 3000;

    /// <summary>Adds callers, the nearest first, until they are many instructions.</summary>
    /// <param name="running">All functions that have been called at least once.</param>
    public static void AddTo(Dictionary<FunctionId, HotCandidate> asking, IEnumerable<HotCandidate> running)
    {
        var callers = new Dictionary<FunctionId, List<HotCandidate>>();
        foreach (var candidate in running)
            foreach (var callee in candidate.Definition.Callees ??= Called(candidate.Body))
            {
                if (!callers.TryGetValue(callee, out var list)) callers.Add(callee, list = []);
                list.Add(candidate);
            }
        var work = new Queue<FunctionId>(asking.Keys);
        var size = 0;
        while (work.TryDequeue(out var id))
        {
            if (!callers.TryGetValue(id, out var list)) continue;
            foreach (var caller in list)
            {
                var own = HotScope.SizeOf(caller.Body);
                if (size + own > SizeMax || !asking.TryAdd(caller.Body.Id, caller)) continue;
                size += own;
                work.Enqueue(caller.Body.Id);
            }
        }
    }

    private static HashSet<FunctionId> Called(MirFunction body)
    {
        var called = new HashSet<FunctionId>();
        foreach (var block in body.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Operation is Inst.Call(var id, _)) called.Add(id);
        return called;
    }
}
