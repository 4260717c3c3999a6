using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>A function taken apart for changing: blocks and instructions in lists, fresh values and blocks on demand.</summary>
internal sealed class FunctionEditor
{
    private readonly MirFunction _function;

    public FunctionEditor(MirFunction function)
    {
        _function = function;
        Types = [.. function.ValueTypes];
        Blocks = new List<EditedBlock>(function.Blocks.Length);
        foreach (var block in function.Blocks)
            Blocks.Add(new() { Parameters = [.. block.Parameters], Code = [.. block.Instructions], End = block.Terminator, EndLocation = block.TerminatorLocation, Borrows = block.Borrows });
    }

    public List<MirType> Types { get; }
    public List<EditedBlock> Blocks { get; }

    public ValueId NewValue(MirType type)
    {
        Types.Add(type);
        return new(Types.Count - 1);
    }

    public BlockId NewBlock(Terminator end, Location location, params ReadOnlySpan<ValueId> parameters)
    {
        Blocks.Add(new() { Parameters = [.. parameters], Code = [], End = end, EndLocation = location });
        return new(Blocks.Count - 1);
    }

    /// <summary>Puts code on an edge of a block: before the end of a block that jumps, at the start of a target without other predecessors, else into a block between.</summary>
    public void OnEdge(int block, int edge, List<Instruction> code, ControlFlow flow)
    {
        var source = Blocks[block];
        if (source.End is Terminator.Jump) { source.Code.AddRange(code); return; }
        var index = 0;
        source.End = Rename.Edges(source.End, e =>
        {
            if (index++ != edge) return e;
            if (flow.Predecessors(e.Target.Index).Count == 1) { Blocks[e.Target.Index].Code.InsertRange(0, code); return e; }
            var between = NewBlock(new Terminator.Jump(e), source.EndLocation);
            Blocks[between.Index].Code.AddRange(code);
            return new(between, []);
        });
    }

    public MirFunction Finish()
    {
        var blocks = ImmutableArray.CreateBuilder<Block>(Blocks.Count);
        for (var i = 0; i < Blocks.Count; i++)
        {
            var block = Blocks[i];
            blocks.Add(new(new(i), [.. block.Parameters], [.. block.Code], block.End, block.EndLocation) { Borrows = block.Borrows });
        }
        return _function with { Blocks = blocks.MoveToImmutable(), ValueTypes = [.. Types] };
    }
}

internal sealed class EditedBlock
{
    public required List<ValueId> Parameters { get; init; }
    public required List<Instruction> Code { get; set; }
    public required Terminator End { get; set; }
    public required Location EndLocation { get; set; }
    public ImmutableArray<BorrowedBlockParameter> Borrows { get; set; } = [];

    /// <summary>The first place in the source that the block comes from; that of its end where nothing in it has one.</summary>
    public Location Place
    {
        get
        {
            foreach (var instruction in Code) if (instruction.Location.Line > 0) return instruction.Location;
            return EndLocation;
        }
    }
}
