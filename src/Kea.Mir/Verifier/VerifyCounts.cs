using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>The linear discipline of ownership; the rules themselves are <see cref="OwnershipAnalysis"/>.</summary>
internal sealed class VerifyCounts(MirFunction function, MirTables tables, VerifyReport report) : IOwnershipErrors
{
    public void Run()
    {
        OwnershipAnalysis.Of(function, tables, this);
        foreach (var block in function.Blocks)
        {
            Moves(block);
            Vacancies(block);
        }
    }

    /// <summary>What only exists after InsertCounts.</summary>
    public static bool IsCounting(Inst inst) => inst is Inst.Dup or Inst.Drop or Inst.IsUnique or Inst.DropReuse or Inst.FreeCell or Inst.TakeCell
        or Inst.Decrement or Inst.FreeToken or Inst.AllocReuse or Inst.Unpack;

    public void NotOwned(BlockId block, ValueId value, object where) => report.Add(block, where, $"consumes {value}, which is not owned here");
    public void NotAlive(BlockId block, ValueId value, object where) => report.Add(block, where, $"looks at {value}, which is not alive here");

    public void Compare(BlockId from, BlockId to, ImmutableArray<OwnedValue> known, ImmutableArray<OwnedValue> found)
    {
        if (!known.AsSpan().SequenceEqual(found.AsSpan())) report.Add(from, null, $"owns {List(found)} on entry of {to}, where another path owns {List(known)}");
    }

    public void AtEnd(BlockId block, ImmutableArray<OwnedValue> left)
    {
        if (left.Length > 0) report.Add(block, null, $"still owns {List(left)} at the end");
    }

    private void Moves(Block block)
    {
        foreach (var instruction in block.Instructions)
        {
            switch (instruction.Operation)
            {
                case Inst.Unpack(var aggregate, var moved):
                    if (function.TypeOf(aggregate) is MirType.Aggregate(var id)) Covers(block, instruction, aggregate, tables[id].Fields, moved);
                    break;
                case Inst.FreeCell(var o, var layout) cell: Covers(block, instruction, o, tables[layout].Fields, cell.Moved); break;
                case Inst.TakeCell(var o, var layout) cell: Covers(block, instruction, o, tables[layout].Fields, cell.Moved); break;
            }
        }
    }

    /// <summary>Every counted field must be named once, by a value that was read from that very object.</summary>
    private void Covers(Block block, Instruction where, ValueId owner, ImmutableArray<MirType> fields, ImmutableArray<ValueId> moved)
    {
        var named = new bool[fields.Length];
        foreach (var value in moved)
        {
            var field = Definition(value) switch
            {
                Inst.Extract(var from, var index) when from == owner => index,
                Inst.Project(var from, _, var index) when from == owner => index,
                _ => -1,
            };
            if (field < 0) report.Add(block.Id, where, $"{value} was not read from {owner}");
            else if (named[field]) report.Add(block.Id, where, $"field {field} is moved twice");
            else named[field] = true;
        }
        for (var i = 0; i < fields.Length; i++)
            if (!named[i] && tables.IsCounted(fields[i])) report.Add(block.Id, where, $"field {i} is counted and not moved");
    }

    private Inst[]? _definitions;

    private Inst? Definition(ValueId value)
    {
        if (_definitions is null)
        {
            _definitions = new Inst[function.ValueTypes.Length];
            foreach (var block in function.Blocks)
                foreach (var instruction in block.Instructions)
                    if (instruction.Result is { } result) _definitions[result.Index] = instruction.Operation;
        }
        return _definitions[value.Index];
    }

    /// <summary>Places that were emptied must be filled before the block ends or anything can unwind.</summary>
    private void Vacancies(Block block)
    {
        List<(ValueId Holder, int Field)>? empty = null;
        foreach (var instruction in block.Instructions)
        {
            switch (instruction.Operation)
            {
                case Inst.Take(var o, _, var field): (empty ??= []).Add((o, field)); continue;
                case Inst.VectorTake(var vector, var layout, _):
                    if (tables.IsCounted(tables[layout].Fields[0])) (empty ??= []).Add((vector, -1));
                    continue;
                case Inst.StoreField(var o, _, var field, _): empty?.Remove((o, field)); continue;
                case Inst.VectorStore(var vector, _, _, _): empty?.Remove((vector, -1)); continue;
                case Inst.VectorSetLength(var vector, _): empty?.Remove((vector, -1)); continue;
            }
            if (empty is { Count: > 0 } && Effects.MayPanic(instruction.Operation, tables)) report.Add(block.Id, instruction, $"may panic while {empty[0].Holder} has an empty place");
        }
        if (empty is { Count: > 0 }) report.Add(block.Id, block.Terminator, $"leaves an empty place in {empty[0].Holder}");
    }

    private static string List(ImmutableArray<OwnedValue> owned)
    {
        var parts = new string[owned.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = owned[i].Count == 1 ? owned[i].Value.ToString() : $"{owned[i].Count} × {owned[i].Value}";
        return $"{{{string.Join(", ", parts)}}}";
    }
}
