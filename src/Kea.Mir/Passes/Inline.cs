using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// Puts small functions, and those that are called once, into their callers, callees first, before counts: so counting,
/// reuse and uniqueness see over the call. Larger functions are left to LLVM. Recursive groups are not inlined into themselves.
/// What went where is recorded in <see cref="MirFunction.Inlined"/>, and locations keep the file they belong to.
/// </summary>
public static class Inline
{
    private const int SmallMax = 30;
    private const int OnceMax = 250;
    private const int CallerMax = 3000;

    public static MirProgram Run(MirProgram program)
    {
        var table = new FunctionTable(program);
        var groups = CallGroups.Of(program);
        var calls = CountCalls(program);
        var order = new List<FunctionId>(table.Order);
        order.Sort((left, right) => groups[left.Index].CompareTo(groups[right.Index]) is not 0 and var byGroup ? byGroup : left.Index.CompareTo(right.Index));
        foreach (var id in order)
        {
            var inlined = new Pass(table, groups, calls, table.BodyOf(id)!).Run();
            table.Replace(inlined);
        }
        return table.Snapshot();
    }

    /// <summary>Direct calls of each function; many where it is called in other ways too.</summary>
    private static int[] CountCalls(MirProgram program)
    {
        const int many = 1 << 20;
        var calls = new int[program.Signatures.Length];
        if (program.Entry is { } entry) calls[entry.Index] = many;
        foreach (var root in program.Roots) calls[root.Index] = many;
        foreach (var function in program.Functions)
            foreach (var block in function.Blocks)
                foreach (var instruction in block.Instructions)
                    switch (instruction.Operation)
                    {
                        case Inst.Call(var id, _): calls[id.Index]++; break;
                        case Inst.FunctionRef(var id): calls[id.Index] += many; break;
                        case Inst.MakeClosure(var id, _, _): calls[id.Index] += many; break;
                    }
        return calls;
    }

    private sealed class Pass(FunctionTable table, int[] groups, int[] calls, MirFunction function)
    {
        private readonly FunctionEditor _editor = new(function);
        private readonly List<InlinedFunction> _scopes = [.. function.Inlined];
        private int _size = FunctionTable.SizeOf(function);
        private bool _changed;

        public MirFunction Run()
        {
            var done = new HashSet<int>();
            for (var b = 0; b < _editor.Blocks.Count; b++)
            {
                if (done.Contains(b)) continue;
                var code = _editor.Blocks[b].Code;
                for (var i = 0; i < code.Count; i++)
                {
                    if (code[i].Operation is not Inst.Call(var id, var arguments) || Chosen(id) is not { } callee) continue;
                    var first = _editor.Blocks.Count + 1;
                    Splice(b, i, code[i], callee, arguments);
                    // The copied blocks have been through this already; the rest of this one comes in its turn.
                    for (var copied = 0; copied < callee.Blocks.Length; copied++) done.Add(first + copied);
                    break;
                }
            }
            return _changed ? _editor.Finish() with { Inlined = [.. _scopes] } : function;
        }

        private MirFunction? Chosen(FunctionId id)
        {
            if (groups[id.Index] == groups[function.Id.Index] || table.BodyOf(id) is not { } callee) return null;
            var size = FunctionTable.SizeOf(callee);
            return size <= (calls[id.Index] == 1 ? OnceMax : SmallMax) && _size + size <= CallerMax && !IsRecursive(callee) ? callee : null;
        }

        private static bool IsRecursive(MirFunction callee)
        {
            foreach (var block in callee.Blocks)
                foreach (var instruction in block.Instructions)
                    if (instruction.Operation is Inst.Call(var id, _) && id == callee.Id) return true;
            return false;
        }

        private void Splice(int from, int place, Instruction call, MirFunction callee, ImmutableArray<ValueId> arguments)
        {
            _changed = true;
            _size += FunctionTable.SizeOf(callee);
            var block = _editor.Blocks[from];
            var rest = _editor.NewBlock(block.End, block.EndLocation, call.Result is { } result ? [result] : []);
            _editor.Blocks[rest.Index].Code.AddRange(block.Code[(place + 1)..]);
            block.Code.RemoveRange(place, block.Code.Count - place);
            var values = new ValueId[callee.ValueTypes.Length];
            for (var i = 0; i < values.Length; i++) values[i] = new(-1);
            for (var i = 0; i < arguments.Length; i++) values[callee.Parameters[i].Value.Index] = arguments[i];
            var offset = _editor.Blocks.Count;
            var scopes = Scopes(callee);
            ValueId Map(ValueId value) => values[value.Index].Index >= 0 ? values[value.Index] : values[value.Index] = _editor.NewValue(callee.TypeOf(value));
            Location At(Location location) => location with { Scope = scopes[location.Scope] };
            foreach (var copied in callee.Blocks)
            {
                var end = copied.Terminator is Terminator.Return(var returned)
                    ? new Terminator.Jump(new(rest, call.Result is null ? [] : [Map(returned)]))
                    : Rename.Edges(Rename.Values(copied.Terminator, Map), edge => new(new(edge.Target.Index + offset), Rename.Values(edge.Arguments, Map)));
                var id = _editor.NewBlock(end, At(copied.TerminatorLocation));
                var target = _editor.Blocks[id.Index];
                foreach (var parameter in copied.Parameters) target.Parameters.Add(Map(parameter));
                foreach (var (value, operation, location) in copied.Instructions)
                    target.Code.Add(new(value is { } v ? Map(v) : null, Rename.Values(operation, Map), At(location)));
            }
            block.End = new Terminator.Jump(new(new(offset), []));
            block.EndLocation = call.Location;
        }

        /// <summary>By scope of the callee: the scope here.</summary>
        private int[] Scopes(MirFunction callee)
        {
            var scopes = new int[callee.Inlined.Length + 1];
            scopes[0] = ScopeOf(new(callee.Id, callee.Name, callee.SourcePath));
            for (var i = 0; i < callee.Inlined.Length; i++) scopes[i + 1] = ScopeOf(callee.Inlined[i]);
            return scopes;
        }

        private int ScopeOf(InlinedFunction inlined)
        {
            var known = _scopes.IndexOf(inlined);
            if (known >= 0) return known + 1;
            _scopes.Add(inlined);
            return _scopes.Count;
        }
    }
}
