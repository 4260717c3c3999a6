using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>A block while its instructions are being written.</summary>
internal sealed class BlockBuilder(BlockId id)
{
    public BlockId Id { get; } = id;
    public List<ValueId> Parameters { get; } = [];
    public List<Instruction> Instructions { get; } = [];
    public Terminator? Terminator { get; set; }
    public Location TerminatorLocation { get; set; }
}

/// <summary>
/// Writes the blocks of one function. There is a current block, or none after control has gone elsewhere; what is emitted
/// then could never run and is left out.
/// </summary>
internal sealed class FunctionBuilder
{
    private readonly List<MirType> _types = [];
    private readonly List<BlockBuilder> _blocks = [];

    public FunctionBuilder() => Current = Entry = NewBlock();

    public BlockBuilder Entry { get; }
    public BlockBuilder? Current { get; private set; }
    public bool IsReachable => Current is not null;
    /// <summary>Where what is being lowered stands in the source; instructions that may panic or call get it.</summary>
    public Location Location { get; set; }

    public MirType TypeOf(ValueId value) => _types[value.Index];

    public ValueId NewValue(MirType type)
    {
        _types.Add(type);
        return new ValueId(_types.Count - 1);
    }

    public BlockBuilder NewBlock()
    {
        var block = new BlockBuilder(new BlockId(_blocks.Count));
        _blocks.Add(block);
        return block;
    }

    public ValueId AddParameter(BlockBuilder block, MirType type)
    {
        var value = NewValue(type);
        block.Parameters.Add(value);
        return value;
    }

    public void Continue(BlockBuilder block) => Current = block;

    /// <summary>Leaves the current block without an end, for someone who ends it later.</summary>
    public BlockBuilder? Detach()
    {
        var block = Current;
        Current = null;
        return block;
    }

    public ValueId Emit(MirType type, Inst operation)
    {
        var value = NewValue(type);
        Current?.Instructions.Add(new Instruction(value, operation, NeedsLocation(operation) ? Location : default));
        return value;
    }

    /// <summary>Emits what computes no value.</summary>
    public void Emit(Inst operation) => Current?.Instructions.Add(new Instruction(null, operation, default));

    public void End(Terminator terminator)
    {
        if (Current is null) return;
        Current.Terminator = terminator;
        if (terminator is Terminator.Panic) Current.TerminatorLocation = Location;
        Current = null;
    }

    public void Jump(BlockBuilder target, params ReadOnlySpan<ValueId> arguments) => End(new Terminator.Jump(new Edge(target.Id, [.. arguments])));

    public void Branch(ValueId condition, BlockBuilder then, BlockBuilder otherwise) =>
        End(new Terminator.Branch(condition, new Edge(then.Id, []), new Edge(otherwise.Id, [])));

    public void Return(ValueId value) => End(new Terminator.Return(value));
    public void Unreachable() => End(new Terminator.Unreachable());

    public ValueId Const(MirType type, long value) => Emit(type, new Inst.Const(value));
    public ValueId Int(long value) => Const(MirType.I64, value);
    public ValueId Bool(bool value) => Const(MirType.Boolean, value ? 1 : 0);
    public ValueId Unit() => Emit(MirType.Nothing, new Inst.UnitConst());
    public ValueId String(string value) => Emit(MirType.Ref, new Inst.StringConst(value));
    public ValueId Compare(CompareOp op, bool signed, ValueId left, ValueId right) => Emit(MirType.Boolean, new Inst.Compare(op, signed, left, right));
    public ValueId Not(ValueId condition) => Emit(MirType.Boolean, new Inst.Unary(UnaryOp.Not, condition));
    public ValueId Aggregate(AggregateId aggregate, params ReadOnlySpan<ValueId> fields) =>
        Emit(new MirType.Aggregate(aggregate), new Inst.MakeAggregate(aggregate, [.. fields]));
    public ValueId Runtime(RuntimeFunction function, params ReadOnlySpan<ValueId> arguments) =>
        Emit(function.Result, new Inst.CallRuntime(function, [.. arguments]));

    /// <summary>The body's blocks, without those that nothing reaches, numbered in order of writing.</summary>
    /// <param name="prologue">Goes before everything else in the entry block.</param>
    public (ImmutableArray<Block> Blocks, ImmutableArray<MirType> Types) Finish(List<Instruction>? prologue = null)
    {
        if (prologue is { Count: > 0 }) Entry.Instructions.InsertRange(0, prologue);
        var reached = Reached();
        var numbers = new int[_blocks.Count];
        var count = 0;
        foreach (var block in _blocks) numbers[block.Id.Index] = reached[block.Id.Index] ? count++ : -1;
        var blocks = ImmutableArray.CreateBuilder<Block>(count);
        foreach (var block in _blocks)
        {
            if (!reached[block.Id.Index]) continue;
            var terminator = MapTargets(block.Terminator!, numbers);
            blocks.Add(new Block(new BlockId(numbers[block.Id.Index]), [.. block.Parameters], [.. block.Instructions], terminator, block.TerminatorLocation));
        }
        return (blocks.MoveToImmutable(), [.. _types]);
    }

    private bool[] Reached()
    {
        var reached = new bool[_blocks.Count];
        var work = new Stack<BlockBuilder>();
        reached[Entry.Id.Index] = true;
        work.Push(Entry);
        while (work.TryPop(out var block))
        {
            block.Terminator ??= new Terminator.Unreachable();
            foreach (var target in Targets(block.Terminator))
            {
                if (reached[target.Target.Index]) continue;
                reached[target.Target.Index] = true;
                work.Push(_blocks[target.Target.Index]);
            }
        }
        return reached;
    }

    private static IEnumerable<Edge> Targets(Terminator terminator) => terminator switch
    {
        Terminator.Jump(var target) => [target],
        Terminator.Branch(_, var then, var otherwise) => [then, otherwise],
        Terminator.SwitchInt(_, var cases, var rest) => cases.Select(c => c.Target).Concat(rest is null ? [] : [rest]),
        Terminator.SwitchVariant(_, _, var cases, var rest) => cases.Select(c => c.Target).Concat(rest is null ? [] : [rest]),
        Terminator.Return or Terminator.Panic or Terminator.Unreachable => [],
    };

    private static Terminator MapTargets(Terminator terminator, int[] numbers)
    {
        Edge Map(Edge edge) => edge with { Target = new BlockId(numbers[edge.Target.Index]) };
        return terminator switch
        {
            Terminator.Jump(var target) => new Terminator.Jump(Map(target)),
            Terminator.Branch(var condition, var then, var otherwise) => new Terminator.Branch(condition, Map(then), Map(otherwise)),
            Terminator.SwitchInt(var value, var cases, var rest) => new Terminator.SwitchInt(value, [.. cases.Select(c => (c.Value, Map(c.Target)))], rest is null ? null : Map(rest)),
            Terminator.SwitchVariant(var of, var type, var cases, var rest) => new Terminator.SwitchVariant(of, type, [.. cases.Select(c => (c.Variant, Map(c.Target)))], rest is null ? null : Map(rest)),
            Terminator.Return or Terminator.Panic or Terminator.Unreachable => terminator,
        };
    }

    private static bool NeedsLocation(Inst operation) => operation is Inst.Call or Inst.CallClosure or Inst.CallRuntime or Inst.CallForeign
        or Inst.Arithmetic or Inst.Unary { Op: UnaryOp.Negate } or Inst.Cast { Op: CastOp.UnsignedToSignedChecked }
        or Inst.Alloc or Inst.MakeClosure or Inst.VectorNew or Inst.VectorReserve or Inst.VectorUnique;
}
