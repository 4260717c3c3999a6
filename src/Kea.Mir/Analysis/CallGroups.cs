namespace Kea.Mir;

/// <summary>The groups of functions that call each other directly: by function, the number of its strongly connected component.</summary>
/// <remarks>Numbers are in an order in which callees come before callers. R. Tarjan, 1972, without recursion.</remarks>
internal static class CallGroups
{
    public static int[] Of(MirProgram program)
    {
        var count = program.Signatures.Length;
        var callees = new List<int>?[count];
        foreach (var function in program.Functions)
        {
            var list = callees[function.Id.Index] = [];
            foreach (var block in function.Blocks)
                foreach (var instruction in block.Instructions)
                    if (instruction.Operation is Inst.Call(var callee, _)) list.Add(callee.Index);
        }
        var (groups, low, number) = (new int[count], new int[count], new int[count]);
        Array.Fill(groups, -1);
        var (next, nextGroup) = (0, 0);
        var open = new Stack<int>();
        var work = new Stack<(int Function, int Callee)>();
        for (var start = 0; start < count; start++)
        {
            if (number[start] != 0) continue;
            work.Push((start, 0));
            while (work.TryPop(out var top))
            {
                var (function, place) = top;
                if (place == 0) { number[function] = low[function] = ++next; open.Push(function); }
                else low[function] = Math.Min(low[function], low[callees[function]![place - 1]]);
                var descended = false;
                for (; callees[function] is { } list && place < list.Count; place++)
                {
                    var callee = list[place];
                    if (number[callee] == 0)
                    {
                        work.Push((function, place + 1));
                        work.Push((callee, 0));
                        descended = true;
                        break;
                    }
                    if (groups[callee] < 0) low[function] = Math.Min(low[function], number[callee]);
                }
                if (descended || low[function] != number[function]) continue;
                int member;
                do groups[member = open.Pop()] = nextGroup; while (member != function);
                nextGroup++;
            }
        }
        return groups;
    }
}
