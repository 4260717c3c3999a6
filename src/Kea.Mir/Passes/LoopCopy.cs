using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Inserts the fast version of a loop, and before both the test that chooses one.</summary>
internal sealed class LoopCopy(MirFunction function, FunctionEditor editor, ControlFlow flow, NaturalLoop loop, LoopFacts facts)
{
    private readonly Dictionary<ValueId, ValueId> _values = [];
    private readonly Dictionary<int, BlockId> _blocks = [];

    private Block Header => function.Blocks[loop.Header];
    private Location Place => Header.TerminatorLocation;

    /// <returns>The header of the fast version.</returns>
    public int Insert()
    {
        CopyRegion();
        var first = Header.Parameters.Select(p => editor.NewValue(function.TypeOf(p))).ToArray();
        var enterFast = EnterFast(first);
        var choose = Choose(first, enterFast);
        foreach (var before in flow.Predecessors(loop.Header).Distinct())
        {
            if (loop.Blocks.Contains(before)) continue;
            var source = editor.Blocks[before];
            source.End = Rename.Edges(source.End, edge => edge.Target.Index == loop.Header ? edge with { Target = choose } : edge);
        }
        return _blocks[loop.Header].Index;
    }

    private void CopyRegion()
    {
        foreach (var index in loop.Region)
        {
            var block = function.Blocks[index];
            foreach (var parameter in block.Parameters) Fresh(parameter);
            foreach (var instruction in block.Instructions)
                if (instruction.Result is { } result && !IsLeftOut(index, result)) Fresh(result);
            _blocks.Add(index, editor.NewBlock(new Terminator.Unreachable(), block.TerminatorLocation));
        }
        // A VectorUnique that is left out gives its operand, which an earlier one may give in turn.
        for (var again = true; again;)
        {
            again = false;
            foreach (var index in loop.Blocks)
                foreach (var instruction in function.Blocks[index].Instructions)
                    if (instruction.Operation is Inst.VectorUnique(var vector, _) && instruction.Result is { } result && IsLeftOut(index, result)
                        && _values.TryGetValue(vector, out var known))
                        again |= _values.TryAdd(result, known);
        }
        foreach (var index in loop.Region) Copy(index);
    }

    private void Copy(int index)
    {
        var block = function.Blocks[index];
        var copy = editor.Blocks[_blocks[index].Index];
        copy.Parameters.AddRange(block.Parameters.Select(To));
        copy.Borrows = [.. block.Borrows.Select(b => new BorrowedBlockParameter(To(b.Parameter), To(b.Owner)))];
        foreach (var instruction in block.Instructions)
        {
            if (instruction.Result is { } result && IsLeftOut(index, result)) continue;
            var operation = Rename.Values(instruction.Operation, To);
            if (instruction.Result is { } exact && facts.Exact.Contains(exact) && operation is Inst.Arithmetic arithmetic)
                operation = arithmetic with { Op = ExactOf(arithmetic.Op) };
            copy.Code.Add(instruction with { Result = instruction.Result is { } r ? To(r) : null, Operation = operation });
        }
        copy.End = Rename.Edges(Rename.Values(block.Terminator, To), edge =>
            new Edge(_blocks.GetValueOrDefault(edge.Target.Index, edge.Target), Rename.Values(edge.Arguments, To)));
    }

    /// <summary>The block between the test and the fast loop: makes the vector unique.</summary>
    private BlockId EnterFast(ValueId[] first)
    {
        var arguments = first.ToArray();
        var code = new List<Instruction>();
        if (facts.Vector >= 0)
        {
            arguments[facts.Vector] = editor.NewValue(function.TypeOf(Header.Parameters[facts.Vector]));
            code.Add(new(arguments[facts.Vector], new Inst.VectorUnique(first[facts.Vector], facts.VectorLayout), Place));
        }
        var block = editor.NewBlock(new Terminator.Jump(new Edge(_blocks[loop.Header], [.. arguments])), Place);
        editor.Blocks[block.Index].Code.AddRange(code);
        return block;
    }

    /// <summary>The block all edges from outside lead to now; it has the header's parameters.</summary>
    private BlockId Choose(ValueId[] first, BlockId enterFast)
    {
        var code = new List<Instruction>();
        ValueId Emit(MirType type, Inst inst)
        {
            var value = editor.NewValue(type);
            code.Add(new(value, inst, Place));
            return value;
        }
        ValueId Number(long value) => Emit(MirType.I64, new Inst.Const(value));

        var tests = new List<ValueId>();
        foreach (var (left, right) in facts.Below) tests.Add(Emit(MirType.Boolean, new Inst.Compare(CompareOp.Less, true, Before(left), Before(right))));
        foreach (var value in facts.Moderate.OrderBy(v => v.Index))
        {
            if (loop.ConstantOf(value) is { } constant && Math.Abs((double)constant) <= Magnitudes.Moderate) continue;
            // -m <= value <= m as one unsigned comparison.
            var moved = Emit(MirType.I64, new Inst.Arithmetic(ArithmeticOp.WrappingAdd, true, Before(value), Number(Magnitudes.Moderate)));
            tests.Add(Emit(MirType.Boolean, new Inst.Compare(CompareOp.LessOrEqual, false, moved, Number(2 * Magnitudes.Moderate))));
        }
        var slow = editor.NewBlock(new Terminator.Jump(new Edge(new(loop.Header), [.. first])), Place);
        // One block a test: bools have no arithmetic of their own.
        var next = enterFast;
        for (var i = tests.Count - 1; i > 0; i--) next = editor.NewBlock(new Terminator.Branch(tests[i], new Edge(next, []), new Edge(slow, [])), Place);
        var choose = editor.NewBlock(new Terminator.Branch(tests[0], new Edge(next, []), new Edge(slow, [])), Place, first);
        editor.Blocks[choose.Index].Code.AddRange(code);
        editor.Blocks[choose.Index].Borrows = [.. Header.Borrows.Select(b => new BorrowedBlockParameter(Before(b.Parameter), Before(b.Owner)))];
        return choose;

        // A header parameter stands for what it is in the first round; a constant of the loop is made again.
        ValueId Before(ValueId value)
        {
            var position = Header.Parameters.IndexOf(value);
            if (position >= 0) return first[position];
            return loop.ConstantOf(value) is { } constant ? Emit(function.TypeOf(value), new Inst.Const(constant)) : value;
        }
    }

    private bool IsLeftOut(int block, ValueId result) => facts.Unique.Contains(result) && loop.Blocks.Contains(block);
    private void Fresh(ValueId value) => _values.Add(value, editor.NewValue(function.TypeOf(value)));
    private ValueId To(ValueId value) => _values.GetValueOrDefault(value, value);

    private static ArithmeticOp ExactOf(ArithmeticOp op) => op switch
    {
        ArithmeticOp.Add => ArithmeticOp.ExactAdd,
        ArithmeticOp.Subtract => ArithmeticOp.ExactSubtract,
        ArithmeticOp.Multiply => ArithmeticOp.ExactMultiply,
        _ => op,
    };
}
