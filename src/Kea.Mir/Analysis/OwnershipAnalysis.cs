using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>So many references to this value are owned here.</summary>
public readonly record struct OwnedValue(ValueId Value, int Count);

/// <summary>
/// Who owns what at each instruction of counted MIR: a forward walk over a multiset of owned references. These are the rules,
/// and both <see cref="Verify"/> and the landing pads of code generation follow them by calling this:
/// <list type="number">
/// <item>A definition of kind Owned adds one reference; other definitions add none.</item>
/// <item>Dup adds one. Receiving (the Moved lists) adds one. Consuming takes one away; of what is Immortal or Plain, nothing.</item>
/// <item>An edge consumes the arguments of owned parameters, and the parameters own one reference each in the target.</item>
/// <item>While an instruction runs, what it consumes belongs to the callee already, and its result does not exist yet: what
/// a panic in it must drop is <see cref="OwnershipCursor.Owned"/> between Consume and Produce: each value as often as it
/// counts, and of tokens (their type says so) the memory is given back.</item>
/// </list>
/// </summary>
public sealed class OwnershipAnalysis
{
    private readonly ImmutableArray<OwnedValue>[] _entries;

    private OwnershipAnalysis(MirFunction function, MirTables tables, ValueOwnership values, ControlFlow flow)
    {
        (Function, Tables, Values, Flow) = (function, tables, values, flow);
        _entries = new ImmutableArray<OwnedValue>[function.Blocks.Length];
    }

    public MirFunction Function { get; }
    public MirTables Tables { get; }
    public ValueOwnership Values { get; }
    public ControlFlow Flow { get; }

    /// <summary>For counted MIR that keeps the rules; linear in the function plus what is owned at its block borders.</summary>
    public static OwnershipAnalysis Of(MirFunction function, MirTables tables) => Of(function, tables, null);

    /// <summary>What is owned on entry, its parameters included, by value; empty for blocks that cannot be reached.</summary>
    public ImmutableArray<OwnedValue> AtEntry(BlockId block) => _entries[block.Index].IsDefault ? [] : _entries[block.Index];

    /// <summary>Stands at the start of the block.</summary>
    public OwnershipCursor CursorAt(BlockId block)
    {
        var cursor = new OwnershipCursor(this, null);
        cursor.Enter(block);
        return cursor;
    }

    internal static OwnershipAnalysis Of(MirFunction function, MirTables tables, IOwnershipErrors? errors)
    {
        var flow = ControlFlow.Of(function);
        var analysis = new OwnershipAnalysis(function, tables, ValueOwnership.Of(function, tables, flow), flow);
        var cursor = new OwnershipCursor(analysis, errors);
        analysis._entries[0] = cursor.OfParameters();
        foreach (var index in flow.Order)
        {
            var block = function.Blocks[index];
            cursor.Enter(block.Id);
            foreach (var instruction in block.Instructions)
            {
                cursor.Consume(instruction);
                cursor.Produce(instruction);
            }
            cursor.Consume(block.Terminator);
            var edges = new EdgeWalk(block.Terminator);
            var any = false;
            while (edges.Next(out var edge))
            {
                any = true;
                var entry = cursor.Across(edge);
                ref var known = ref analysis._entries[edge.Target.Index];
                if (known.IsDefault) known = entry;
                else errors?.Compare(block.Id, edge.Target, known, entry);
            }
            if (!any) errors?.AtEnd(block.Id, cursor.Owned());
        }
        return analysis;
    }
}

/// <summary>Hears of every breach of the rules; for the verifier.</summary>
internal interface IOwnershipErrors
{
    void NotOwned(BlockId block, ValueId value, object where);
    void NotAlive(BlockId block, ValueId value, object where);
    void Compare(BlockId from, BlockId to, ImmutableArray<OwnedValue> known, ImmutableArray<OwnedValue> found);
    void AtEnd(BlockId block, ImmutableArray<OwnedValue> left);
}
