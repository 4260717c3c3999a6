namespace Kea.Mir;

/// <summary>
/// A Dup and the next Drop of the same value in its block cancel out when the value would have lived through what is between
/// without that reference: it is lent, or there is another reference all the way.
/// </summary>
public static class FuseDupDrop
{
    public static MirProgram Run(MirProgram program) => EachFunction.Of(program, Run);

    public static MirFunction Run(MirFunction function, MirTables tables)
    {
        if (!HasPair(function)) return function;
        var ownership = OwnershipAnalysis.Of(function, tables);
        FunctionEditor? editor = null;
        for (var b = 0; b < function.Blocks.Length; b++)
        {
            if (!ownership.Flow.IsReachable(b)) continue;
            var code = function.Blocks[b].Instructions;
            for (var i = 0; i < code.Length; i++)
            {
                if (code[i].Operation is not Inst.Dup(var value) || DropOf(function.Blocks[b], i, value, ownership, tables) is not { } drop) continue;
                var list = (editor ??= new(function)).Blocks[b].Code;
                // A drop that an earlier pair has taken already is not there any more.
                if (!list.Exists(instruction => ReferenceEquals(instruction, drop))) continue;
                list.RemoveAll(instruction => ReferenceEquals(instruction, code[i]) || ReferenceEquals(instruction, drop));
            }
        }
        return editor is null ? function : editor.Finish();
    }

    private static bool HasPair(MirFunction function)
    {
        foreach (var block in function.Blocks)
        {
            var dup = false;
            foreach (var instruction in block.Instructions)
            {
                if (instruction.Operation is Inst.Dup) dup = true;
                if (dup && instruction.Operation is Inst.Drop) return true;
            }
        }
        return false;
    }

    /// <summary>The drop that the dup at a place can be cancelled with. Nothing between may consume the value.</summary>
    private static Instruction? DropOf(Block block, int place, ValueId value, OwnershipAnalysis ownership, MirTables tables)
    {
        var operands = new OperandList();
        for (var i = place + 1; i < block.Instructions.Length; i++)
        {
            var inst = block.Instructions[i].Operation;
            if (inst is Inst.Drop(var dropped) && dropped == value) return LivesOtherwise(block, place, value, ownership) ? block.Instructions[i] : null;
            // Whether the object is unique is decided by the count, so it has to be the true one.
            if (inst is Inst.IsUnique or Inst.VectorUnique or Inst.VectorReserve) return null;
            Operands.Collect(inst, tables, operands);
            foreach (var operand in operands.Span)
                if (operand.Value == value && operand.Use != OperandUse.Borrow) return null;
        }
        return null;
    }

    private static bool LivesOtherwise(Block block, int place, ValueId value, OwnershipAnalysis ownership)
    {
        for (ValueId? at = value; at is { } one; at = ownership.Values.OwnerOf(one))
            if (ownership.Values[one] == OwnershipKind.Lent) return true;
        var cursor = ownership.CursorAt(block.Id);
        for (var i = 0; i < place; i++)
        {
            cursor.Consume(block.Instructions[i]);
            cursor.Produce(block.Instructions[i]);
        }
        return cursor.CountOf(value) >= 1;
    }
}
