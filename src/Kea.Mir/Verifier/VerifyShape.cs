using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Ids, single definitions, dominance, arity of edges, borrowed block parameters.</summary>
internal sealed class VerifyShape(MirFunction function, MirTables tables, VerifyReport report)
{
    private readonly OperandList _operands = new();
    private readonly int[] _definedIn = new int[function.ValueTypes.Length];     // block; -1 nowhere; -2 parameter of the function
    private readonly int[] _definedAt = new int[function.ValueTypes.Length];     // place in the block; -1 is its start

    public void Run()
    {
        Array.Fill(_definedIn, -1);
        if (!Ids()) return;
        Define();
        if (!report.IsClean) return;
        var flow = ControlFlow.Of(function);
        if (flow.Predecessors(0).Count > 0 || function.Blocks[0].Parameters.Length > 0) report.Add(new(0), null, "the entry has parameters or predecessors");
        foreach (var index in flow.Order) Uses(function.Blocks[index], flow);
        if (report.IsClean) Borrows(flow);
    }

    private bool Ids()
    {
        if (function.Id.Index >= tables.Program.Signatures.Length || tables[function.Id].Parameters.Length != function.Parameters.Length)
        {
            report.Add(new(0), null, "the function's signature is not that of the table");
            return false;
        }
        var signature = tables[function.Id];
        for (var i = 0; i < function.Parameters.Length; i++)
        {
            var (value, ownership) = function.Parameters[i];
            if (InRange(value) && (signature.Parameters[i].Type != function.TypeOf(value) || signature.Parameters[i].Ownership != ownership))
                report.Add(new(0), null, $"parameter {value} is not that of the signature");
        }
        if (signature.Result != function.Result || signature.IsClosureCode != function.IsClosureCode) report.Add(new(0), null, "result or kind is not that of the signature");
        for (var i = 0; i < function.Blocks.Length; i++)
        {
            var block = function.Blocks[i];
            if (block.Id.Index != i) { report.Add(block.Id, null, $"stands at place {i}"); return false; }
            var edges = new EdgeWalk(block.Terminator);
            while (edges.Next(out var edge))
            {
                if (edge.Target.Index >= function.Blocks.Length) { report.Add(block.Id, edge, "there is no such block"); return false; }
                if (edge.Arguments.Length != function.Blocks[edge.Target.Index].Parameters.Length) report.Add(block.Id, edge, "the number of arguments is not that of the parameters");
            }
        }
        return report.IsClean;
    }

    private void Define()
    {
        foreach (var (value, _) in function.Parameters) Define(value, -2, -1, new(0));
        foreach (var block in function.Blocks)
        {
            foreach (var parameter in block.Parameters) Define(parameter, block.Id.Index, -1, block.Id);
            for (var i = 0; i < block.Instructions.Length; i++)
                if (block.Instructions[i].Result is { } result) Define(result, block.Id.Index, i, block.Id);
        }
    }

    private void Define(ValueId value, int block, int place, BlockId where)
    {
        if (!InRange(value)) report.Add(where, null, $"{value} has no type");
        else if (_definedIn[value.Index] != -1) report.Add(where, null, $"{value} is defined twice");
        else (_definedIn[value.Index], _definedAt[value.Index]) = (block, place);
    }

    private void Uses(Block block, ControlFlow flow)
    {
        for (var i = 0; i < block.Instructions.Length; i++)
        {
            if (Unknown(block.Instructions[i].Operation) is { } missing) { report.Add(block.Id, block.Instructions[i], $"there is no {missing}"); continue; }
            Operands.Collect(block.Instructions[i].Operation, tables, _operands);
            foreach (var operand in _operands.Span) Use(operand.Value, block, i, block.Instructions[i], flow);
        }
        Operands.Collect(block.Terminator, _operands);
        foreach (var operand in _operands.Span) Use(operand.Value, block, block.Instructions.Length, block.Terminator, flow);
        var edges = new EdgeWalk(block.Terminator);
        while (edges.Next(out var edge))
            foreach (var argument in edge.Arguments) Use(argument, block, block.Instructions.Length, edge, flow);
    }

    private void Use(ValueId value, Block block, int place, object where, ControlFlow flow)
    {
        if (!InRange(value) || _definedIn[value.Index] == -1) report.Add(block.Id, where, $"{value} is not defined");
        else if (!Reaches(value, block.Id.Index, place, flow)) report.Add(block.Id, where, $"{value} is used where its definition may not have run");
    }

    private bool Reaches(ValueId value, int block, int place, ControlFlow flow)
    {
        var home = _definedIn[value.Index];
        if (home == -2) return true;
        if (home == block) return _definedAt[value.Index] < place;
        return flow.IsReachable(home) && flow.Dominates(home, block);
    }

    private void Borrows(ControlFlow flow)
    {
        foreach (var block in function.Blocks)
            foreach (var (parameter, owner) in block.Borrows)
            {
                if (!block.Parameters.Contains(parameter)) report.Add(block.Id, null, $"{parameter} is not a parameter here");
                if (!InRange(owner) || _definedIn[owner.Index] == -1) report.Add(block.Id, null, $"the owner {owner} is not defined");
                else if (!Reaches(owner, block.Id.Index, -1, flow) || owner == parameter) report.Add(block.Id, null, $"the owner {owner} is not there before the block");
            }
        if (!report.IsClean) return;
        var values = ValueOwnership.Of(function, tables, flow);
        foreach (var index in flow.Order)
        {
            var edges = new EdgeWalk(function.Blocks[index].Terminator);
            while (edges.Next(out var edge))
            {
                var target = function.Blocks[edge.Target.Index];
                foreach (var (parameter, owner) in target.Borrows)
                    if (!ComesFrom(edge.Arguments[target.Parameters.IndexOf(parameter)], owner, values)) report.Add(new(index), edge, $"the argument of {parameter} is not borrowed from {owner}");
            }
        }
    }

    private static bool ComesFrom(ValueId value, ValueId owner, ValueOwnership values)
    {
        for (ValueId? at = value; at is { } one; at = values.OwnerOf(one))
            if (one == owner || values[one] is OwnershipKind.Immortal or OwnershipKind.Plain) return true;
        return false;
    }

    /// <summary>An index into a table that leads nowhere.</summary>
    private string? Unknown(Inst inst)
    {
        var program = tables.Program;
        return inst switch
        {
            Inst.Call(var id, _) when id.Index >= program.Signatures.Length => "such function",
            Inst.FunctionRef(var id) when id.Index >= program.Signatures.Length => "such function",
            Inst.MakeClosure(var id, var layout, _) when id.Index >= program.Signatures.Length || layout.Index >= program.Layouts.Length => "such function or layout",
            Inst.Variant(_, var id) when id.Index >= program.Enums.Length => "such enum",
            Inst.MakeAggregate(var id, _) when id.Index >= program.Aggregates.Length => "such aggregate",
            _ when LayoutOf(inst) is { } layout && layout.Index >= program.Layouts.Length => "such layout",
            _ => null,
        };
    }

    private static LayoutId? LayoutOf(Inst inst) => inst switch
    {
        Inst.Alloc(var layout, _) => layout,
        Inst.AllocReuse(_, var layout, _) => layout,
        Inst.Project(_, var layout, _) => layout,
        Inst.Take(_, var layout, _) => layout,
        Inst.StoreField(_, var layout, _, _) => layout,
        Inst.DropReuse(_, var layout) => layout,
        Inst.FreeCell(_, var layout) => layout,
        Inst.TakeCell(_, var layout) => layout,
        Inst.VectorNew(var layout, _) => layout,
        Inst.VectorReserve(_, var layout, _) => layout,
        Inst.VectorGet(_, var layout, _) => layout,
        Inst.VectorTake(_, var layout, _) => layout,
        Inst.VectorUnique(_, var layout) => layout,
        Inst.VectorStore(_, var layout, _, _) => layout,
        _ => null,
    };

    private bool InRange(ValueId value) => value.Index < function.ValueTypes.Length;
}
