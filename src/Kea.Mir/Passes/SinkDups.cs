namespace Kea.Mir;

/// <summary>
/// Moves the Dup of a value that was read from an object down to where the object dies (there <see cref="SpecializeDrops"/>
/// makes a move of it), or to where the value is needed; into the branches, where it often meets a Drop and goes away. Until
/// there the value lives off the object.
/// </summary>
/// <remarks>A decision tree reads fields on the way to an arm; without this their Dups would stay at the top of the tree.</remarks>
public static class SinkDups
{
    public static MirProgram Run(MirProgram program) => EachFunction.Of(program, Run);

    public static MirFunction Run(MirFunction function, MirTables tables)
    {
        var any = false;
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Operation is Inst.Dup) any = true;
        return any ? new Pass(function, tables).Run() : function;
    }

    private sealed class Pass(MirFunction function, MirTables tables)
    {
        private readonly ControlFlow _flow = ControlFlow.Of(function);
        private readonly FunctionEditor _editor = new(function);
        private readonly OperandList _operands = new();
        private readonly HashSet<Instruction> _sunk = new(ReferenceEqualityComparer.Instance);
        private bool _changed;

        public MirFunction Run()
        {
            var values = ValueOwnership.Of(function, tables, _flow);
            // In reverse postorder, so that what has sunk into a block sinks on from there.
            foreach (var index in _flow.Order)
            {
                var code = _editor.Blocks[index].Code;
                for (var i = code.Count - 1; i >= 0; i--)
                    if (code[i].Operation is Inst.Dup(var value) && values.OwnerOf(value) is { } owner && values[owner] != OwnershipKind.Lent && IsFirst(code, i, value)) Sink(index, i, value, values);
            }
            return _changed ? _editor.Finish() : function;
        }

        /// <summary>The value has no reference before: this is the one that it got where it was read, or that one sunk here.</summary>
        private bool IsFirst(List<Instruction> code, int place, ValueId value)
        {
            if (_sunk.Contains(code[place])) return true;
            for (var i = place - 1; i >= 0; i--)
            {
                if (code[i].Result == value) return true;
                if (code[i].Operation is Inst.Dup(var other) && other == value) return false;
            }
            return false;
        }

        private void Sink(int index, int place, ValueId value, ValueOwnership values)
        {
            var block = _editor.Blocks[index];
            var dup = block.Code[place];
            var to = place + 1;
            for (; to < block.Code.Count; to++)
            {
                var inst = block.Code[to].Operation;
                if (inst is Inst.Drop(var dropped) && dropped == value)
                {
                    block.Code.RemoveAt(to);
                    block.Code.RemoveAt(place);
                    _changed = true;
                    return;
                }
                if (Stops(inst, value, values)) break;
            }
            block.Code.RemoveAt(place);
            block.Code.Insert(to - 1, dup);
            _changed |= to - 1 != place;
            if (to == block.Code.Count && block.End is not Terminator.Jump && CanBranch(block, index, value)) Branch(block, dup);
        }

        private bool Stops(Inst inst, ValueId value, ValueOwnership values)
        {
            if (inst is Inst.IsUnique or Inst.VectorUnique or Inst.VectorReserve || UseSummary.Mutated(inst) is not null) return true;
            Operands.Collect(inst, tables, _operands);
            foreach (var operand in _operands.Span)
            {
                if (operand.Use == OperandUse.Borrow) continue;
                for (ValueId? at = value; at is { } one; at = values.OwnerOf(one))
                    if (one == operand.Value) return true;
            }
            return false;
        }

        private bool CanBranch(EditedBlock block, int index, ValueId value)
        {
            Operands.Collect(block.End, _operands);
            foreach (var operand in _operands.Span) if (operand.Use != OperandUse.Borrow) return false;
            var edges = new EdgeWalk(block.End);
            var any = false;
            while (edges.Next(out var edge))
            {
                any = true;
                if (_flow.Predecessors(edge.Target.Index).Count != 1 || _flow.PlaceOf(edge.Target.Index) <= _flow.PlaceOf(index) || edge.Arguments.Length > 0) return false;
            }
            return any;
        }

        private void Branch(EditedBlock block, Instruction dup)
        {
            block.Code.RemoveAt(block.Code.Count - 1);
            _sunk.Add(dup);
            var edges = new EdgeWalk(block.End);
            while (edges.Next(out var edge)) _editor.Blocks[edge.Target.Index].Code.Insert(0, dup);
            _changed = true;
        }
    }
}
