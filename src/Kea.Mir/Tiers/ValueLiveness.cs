namespace Kea.Mir;

/// <summary>Which values, counted or not, are needed from the beginning of a block on. Parameters of the block itself are not among them.</summary>
internal sealed class ValueLiveness
{
    private readonly MirFunction _function;
    private readonly BitRow[] _entries;
    private readonly Inst?[] _constants;
    private readonly int[] _homes;

    /// <summary>Cost: rounds over the blocks until nothing changes, at most as many as loops are nested, plus two.</summary>
    public ValueLiveness(MirFunction function, MirTables tables, ControlFlow flow)
    {
        _function = function;
        var count = function.ValueTypes.Length;
        (_entries, _constants, _homes) = (new BitRow[function.Blocks.Length], new Inst?[count], new int[count]);
        Array.Fill(_homes, -1);
        var defined = new BitRow[function.Blocks.Length];
        var operands = new OperandList();
        foreach (var index in flow.Order)
        {
            var block = function.Blocks[index];
            (_entries[index], defined[index]) = (new BitRow(count), new BitRow(count));
            foreach (var parameter in block.Parameters) Define(parameter, index);
            foreach (var instruction in block.Instructions)
            {
                Operands.Collect(instruction.Operation, tables, operands);
                foreach (var operand in operands.Span) Use(operand.Value, index);
                if (instruction.Result is not { } result) continue;
                Define(result, index);
                if (IsConstant(instruction.Operation)) _constants[result.Index] = instruction.Operation;
            }
            Operands.Collect(block.Terminator, operands);
            foreach (var operand in operands.Span) Use(operand.Value, index);
            var edges = new EdgeWalk(block.Terminator);
            while (edges.Next(out var edge))
                foreach (var argument in edge.Arguments) Use(argument, index);
        }
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = flow.Order.Length - 1; i >= 0; i--)
            {
                var edges = new EdgeWalk(function.Blocks[flow.Order[i]].Terminator);
                while (edges.Next(out var edge)) changed |= _entries[flow.Order[i]].UnionExcept(_entries[edge.Target.Index], defined[flow.Order[i]]);
            }
        }

        void Define(ValueId value, int block)
        {
            defined[block][value.Index] = true;
            _homes[value.Index] = block;
        }

        void Use(ValueId value, int block)
        {
            if (!defined[block][value.Index]) _entries[block][value.Index] = true;
        }
    }

    /// <summary>The values in the order of their numbers.</summary>
    public IEnumerable<ValueId> AtEntry(int block)
    {
        for (var i = 0; i < _function.ValueTypes.Length; i++)
            if (_entries[block][i]) yield return new(i);
    }

    public bool IsAlive(ValueId value, int block) => _entries[block][value.Index];

    /// <summary>The block that defines the value; -1 for the function's parameters.</summary>
    public int HomeOf(ValueId value) => _homes[value.Index];

    /// <summary>What computes the value, if that is a constant, which is better computed again than passed on.</summary>
    public Inst? ConstantOf(ValueId value) => _constants[value.Index];
    public bool IsConstant(ValueId value) => _constants[value.Index] is not null;

    private static bool IsConstant(Inst inst) =>
        inst is Inst.Const or Inst.FloatConst or Inst.StringConst or Inst.UnitConst or Inst.Immediate or Inst.Null or Inst.FunctionRef;
}
