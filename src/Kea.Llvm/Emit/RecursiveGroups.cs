using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>
/// Which functions of a unit call each other in a circle. Inside such a group calls are direct, for its functions are
/// replaced together; every other call goes through a slot.
/// </summary>
internal sealed class RecursiveGroups
{
    private readonly Dictionary<FunctionId, int> _group = [];
    private readonly HashSet<FunctionId> _recursive = [];

    /// <summary>R. Tarjan, "Depth-first search and linear graph algorithms", 1972; with a stack of its own. Linear in calls.</summary>
    public RecursiveGroups(IReadOnlyList<MirFunction> functions)
    {
        var index = new Dictionary<FunctionId, int>(functions.Count);
        for (var i = 0; i < functions.Count; i++) index[functions[i].Id] = i;
        var callees = new List<int>[functions.Count];
        for (var i = 0; i < callees.Length; i++)
        {
            callees[i] = Callees(functions[i], index);
            if (callees[i].Contains(i)) _recursive.Add(functions[i].Id);
        }
        var (order, low) = (new int[functions.Count], new int[functions.Count]);
        var (open, work) = (new Stack<int>(), new Stack<(int Function, int Next)>());
        var isOpen = new bool[functions.Count];
        var next = 0;
        for (var root = 0; root < functions.Count; root++)
        {
            if (order[root] != 0) continue;
            work.Push((root, 0));
            while (work.TryPop(out var at))
            {
                if (at.Next == 0)
                {
                    order[at.Function] = low[at.Function] = ++next;
                    open.Push(at.Function);
                    isOpen[at.Function] = true;
                }
                else
                {
                    var done = callees[at.Function][at.Next - 1];
                    if (isOpen[done]) low[at.Function] = Math.Min(low[at.Function], low[done]);
                }
                if (at.Next < callees[at.Function].Count)
                {
                    work.Push((at.Function, at.Next + 1));
                    var callee = callees[at.Function][at.Next];
                    if (order[callee] == 0) work.Push((callee, 0));
                    continue;
                }
                if (low[at.Function] == order[at.Function]) Close(at.Function, open, isOpen, functions);
            }
        }
    }

    public bool AreTogether(FunctionId left, FunctionId right) =>
        _group.TryGetValue(left, out var one) && _group.TryGetValue(right, out var other) && one == other;

    /// <summary>Its code is called directly, by itself or by others of its group.</summary>
    public bool IsRecursive(FunctionId function) => _recursive.Contains(function);

    private void Close(int root, Stack<int> open, bool[] isOpen, IReadOnlyList<MirFunction> functions)
    {
        while (true)
        {
            var member = open.Pop();
            isOpen[member] = false;
            if (member != root) _recursive.UnionWith([functions[member].Id, functions[root].Id]);
            _group[functions[member].Id] = root;
            if (member == root) return;
        }
    }

    private static List<int> Callees(MirFunction function, Dictionary<FunctionId, int> index)
    {
        var found = new List<int>();
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Operation is Inst.Call(var callee, _) && index.TryGetValue(callee, out var at)) found.Add(at);
        return found;
    }
}
