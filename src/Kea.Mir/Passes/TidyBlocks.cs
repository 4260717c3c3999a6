using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>The end of a round of <see cref="Simplify"/>: threads jumps, joins blocks, and leaves out what is dead or unreachable.</summary>
internal static class TidyBlocks
{
    public static MirFunction Run(MirFunction function, FunctionEditor editor, MirTables tables, ref bool changed)
    {
        Thread(editor, ref changed);
        Join(editor, ref changed);
        DeadCode(editor, tables, ref changed);
        return Renumber(function, editor, ref changed);
    }

    /// <summary>An edge to an empty block without parameters goes on to where that jumps.</summary>
    private static void Thread(FunctionEditor editor, ref bool changed)
    {
        var threaded = false;
        foreach (var block in editor.Blocks)
        {
            block.End = Rename.Edges(block.End, edge =>
            {
                for (var steps = 0; steps < 16; steps++)
                {
                    var target = editor.Blocks[edge.Target.Index];
                    if (target.Code.Count > 0 || target.Parameters.Count > 0 || target.End is not Terminator.Jump(var next) || next.Target == edge.Target) return edge;
                    edge = next;
                    threaded = true;
                }
                return edge;
            });
        }
        changed |= threaded;
    }

    /// <summary>A block that one jump alone leads to becomes the rest of the block that jumps.</summary>
    private static void Join(FunctionEditor editor, ref bool changed)
    {
        var edgesTo = new int[editor.Blocks.Count];
        foreach (var block in Reachable(editor))
        {
            var edges = new EdgeWalk(editor.Blocks[block].End);
            while (edges.Next(out var edge)) edgesTo[edge.Target.Index]++;
        }
        foreach (var index in Reachable(editor))
        {
            var block = editor.Blocks[index];
            while (block.End is Terminator.Jump(var edge) && edge.Target.Index is not 0 and var next && next != index && edgesTo[next] == 1 && editor.Blocks[next].Parameters.Count == 0)
            {
                var rest = editor.Blocks[next];
                block.Code.AddRange(rest.Code);
                (block.End, block.EndLocation) = (rest.End, rest.EndLocation);
                rest.Code = [];
                rest.End = new Terminator.Unreachable();
                edgesTo[next] = 0;
                changed = true;
            }
        }
    }

    private static void DeadCode(FunctionEditor editor, MirTables tables, ref bool changed)
    {
        var uses = new int[editor.Types.Count];
        var operands = new OperandList();
        var order = Reachable(editor);
        foreach (var index in order)
        {
            var block = editor.Blocks[index];
            foreach (var instruction in block.Code)
            {
                Operands.Collect(instruction.Operation, tables, operands);
                foreach (var operand in operands.Span) uses[operand.Value.Index]++;
            }
            Operands.Collect(block.End, operands);
            foreach (var operand in operands.Span) uses[operand.Value.Index]++;
            var edges = new EdgeWalk(block.End);
            while (edges.Next(out var edge))
                foreach (var argument in edge.Arguments) uses[argument.Index]++;
            foreach (var (_, owner) in block.Borrows) uses[owner.Index]++;
        }
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var code = editor.Blocks[order[i]].Code;
            var kept = code.Count;
            for (var at = code.Count - 1; at >= 0; at--)
            {
                var instruction = code[at];
                if (instruction.Result is not { } result || uses[result.Index] > 0 || !Effects.IsRemovable(instruction.Operation, tables)) { code[--kept] = instruction; continue; }
                Operands.Collect(instruction.Operation, tables, operands);
                foreach (var operand in operands.Span) uses[operand.Value.Index]--;
            }
            if (kept == 0) continue;
            code.RemoveRange(0, kept);
            changed = true;
        }
        DeadParameters(editor, order, uses, ref changed);
    }

    private static void DeadParameters(FunctionEditor editor, List<int> order, int[] uses, ref bool changed)
    {
        var any = false;
        var dead = new bool[editor.Types.Count];
        foreach (var index in order)
            foreach (var parameter in editor.Blocks[index].Parameters)
                if (uses[parameter.Index] == 0 && editor.Blocks[index].Borrows.Length == 0) dead[parameter.Index] = any = true;
        if (!any) return;
        changed = true;
        foreach (var index in order)
        {
            var block = editor.Blocks[index];
            block.End = Rename.Edges(block.End, edge =>
            {
                var parameters = editor.Blocks[edge.Target.Index].Parameters;
                if (!parameters.Exists(p => dead[p.Index])) return edge;
                var arguments = ImmutableArray.CreateBuilder<ValueId>();
                for (var i = 0; i < parameters.Count; i++) if (!dead[parameters[i].Index]) arguments.Add(edge.Arguments[i]);
                return edge with { Arguments = arguments.ToImmutable() };
            });
        }
        foreach (var index in order) editor.Blocks[index].Parameters.RemoveAll(p => dead[p.Index]);
    }

    private static MirFunction Renumber(MirFunction function, FunctionEditor editor, ref bool changed)
    {
        var order = Reachable(editor);
        changed |= order.Count != function.Blocks.Length;
        if (!changed) return function;
        order.Sort();
        var ids = new int[editor.Blocks.Count];
        for (var i = 0; i < order.Count; i++) ids[order[i]] = i;
        var blocks = ImmutableArray.CreateBuilder<Block>(order.Count);
        foreach (var index in order)
        {
            var block = editor.Blocks[index];
            var end = Rename.Edges(block.End, edge => edge with { Target = new(ids[edge.Target.Index]) });
            blocks.Add(new(new(ids[index]), [.. block.Parameters], [.. block.Code], end, block.EndLocation) { Borrows = block.Borrows });
        }
        return function with { Blocks = blocks.MoveToImmutable(), ValueTypes = [.. editor.Types] };
    }

    private static List<int> Reachable(FunctionEditor editor)
    {
        var seen = new bool[editor.Blocks.Count];
        var order = new List<int> { 0 };
        seen[0] = true;
        for (var i = 0; i < order.Count; i++)
        {
            var edges = new EdgeWalk(editor.Blocks[order[i]].End);
            while (edges.Next(out var edge))
            {
                if (seen[edge.Target.Index]) continue;
                seen[edge.Target.Index] = true;
                order.Add(edge.Target.Index);
            }
        }
        return order;
    }
}
