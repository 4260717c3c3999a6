using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Kea.Types;

/// <summary>Independent pieces of work on several processors. Each piece writes only what is its own, so that results depend neither on the order nor on how many run at once.</summary>
internal static class SideBySide
{
    public const int AllProcessors = -1;

    // A handful of modules or some bodies are done before the pool has woken up.
    private const int ModulesMin = 4, BodiesMin = 32;

    public static void Each<T>(ImmutableArray<T> modules, int workers, Action<T> work)
    {
        if (modules.Length < ModulesMin || workers == 1) foreach (var module in modules) work(module);
        else Parallel.ForEach(modules, new ParallelOptions { MaxDegreeOfParallelism = workers }, work);
    }

    /// <summary>Bodies differ much in size, so they are dealt out a few at a time.</summary>
    public static void Bodies<T>(List<T> bodies, int workers, Action<T> work)
    {
        if (bodies.Count < BodiesMin || workers == 1) foreach (var body in bodies) work(body);
        else Parallel.ForEach(Partitioner.Create(bodies, loadBalance: true), new ParallelOptions { MaxDegreeOfParallelism = workers }, work);
    }
}
