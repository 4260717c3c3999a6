using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// The edges of a function, its blocks in reverse postorder (from the entry, so only those that can be reached), and
/// dominance. Edges stand in the order of the terminator; one that is there twice counts twice.
/// </summary>
/// <remarks>Dominators: K. Cooper, T. Harvey, K. Kennedy, "A simple, fast dominance algorithm", 2001.</remarks>
public sealed class ControlFlow
{
    private readonly int[] _place;      // in the order, -1 for what cannot be reached
    private readonly int[] _dominator;  // by block: immediate dominator
    private readonly List<int>[] _predecessors;

    private ControlFlow(int[] order, int[] place, List<int>[] predecessors, int[] dominator) =>
        (Order, _place, _predecessors, _dominator) = (order, place, predecessors, dominator);

    /// <summary>Indices of the blocks that can be reached, in reverse postorder.</summary>
    public int[] Order { get; }

    public static ControlFlow Of(MirFunction function)
    {
        var count = function.Blocks.Length;
        var order = Postorder(function.Blocks);
        Array.Reverse(order);
        var place = new int[count];
        Array.Fill(place, -1);
        for (var i = 0; i < order.Length; i++) place[order[i]] = i;
        var predecessors = new List<int>[count];
        for (var i = 0; i < count; i++) predecessors[i] = [];
        foreach (var block in order)
        {
            var edges = new EdgeWalk(function.Blocks[block].Terminator);
            while (edges.Next(out var edge)) predecessors[edge.Target.Index].Add(block);
        }
        return new(order, place, predecessors, Dominators(order, place, predecessors));
    }

    public bool IsReachable(int block) => _place[block] >= 0;

    /// <summary>Blocks with an edge to this one, once per edge; only those that can be reached.</summary>
    public List<int> Predecessors(int block) => _predecessors[block];

    /// <summary>The place of a block in <see cref="Order"/>; -1 when it cannot be reached.</summary>
    public int PlaceOf(int block) => _place[block];

    public int ImmediateDominator(int block) => _dominator[block];

    public bool Dominates(int above, int below)
    {
        while (_place[below] > _place[above]) below = _dominator[below];
        return above == below;
    }

    private static int[] Postorder(ImmutableArray<Block> blocks)
    {
        var seen = new bool[blocks.Length];
        var order = new List<int>(blocks.Length);
        var stack = new Stack<(int Block, EdgeWalk Edges)>();
        seen[0] = true;
        stack.Push((0, new(blocks[0].Terminator)));
        while (stack.TryPop(out var top))
        {
            var edges = top.Edges;
            var next = -1;
            while (next < 0 && edges.Next(out var edge))
                if (!seen[edge.Target.Index]) next = edge.Target.Index;
            if (next < 0) { order.Add(top.Block); continue; }
            stack.Push((top.Block, edges));
            seen[next] = true;
            stack.Push((next, new(blocks[next].Terminator)));
        }
        return [.. order];
    }

    private static int[] Dominators(int[] order, int[] place, List<int>[] predecessors)
    {
        var dominator = new int[place.Length];
        Array.Fill(dominator, -1);
        dominator[order[0]] = order[0];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 1; i < order.Length; i++)
            {
                var block = order[i];
                var found = -1;
                foreach (var predecessor in predecessors[block])
                {
                    if (dominator[predecessor] < 0) continue;
                    found = found < 0 ? predecessor : Meet(predecessor, found);
                }
                if (dominator[block] == found) continue;
                dominator[block] = found;
                changed = true;
            }
        }
        return dominator;

        int Meet(int left, int right)
        {
            while (left != right)
            {
                while (place[left] > place[right]) left = dominator[left];
                while (place[right] > place[left]) right = dominator[right];
            }
            return left;
        }
    }
}

/// <summary>Goes over the edges of a terminator in order, without allocating.</summary>
public struct EdgeWalk(Terminator terminator)
{
    private int _next;

    public bool Next(out Edge edge)
    {
        var found = At(terminator, _next++);
        edge = found!;
        return found is not null;
    }

    private static Edge? At(Terminator terminator, int index) => terminator switch
    {
        Terminator.Jump(var target) => index == 0 ? target : null,
        Terminator.Branch(_, var then, var otherwise) => index switch { 0 => then, 1 => otherwise, _ => null },
        Terminator.SwitchInt(_, var cases, var otherwise) => index < cases.Length ? cases[index].Target : index == cases.Length ? otherwise : null,
        Terminator.SwitchVariant(_, _, var cases, var otherwise) => index < cases.Length ? cases[index].Target : index == cases.Length ? otherwise : null,
        Terminator.Return => null,
        Terminator.Panic => null,
        Terminator.Unreachable => null,
    };
}
