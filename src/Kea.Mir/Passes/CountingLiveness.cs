namespace Kea.Mir;

/// <summary>For InsertCounts: the tracked values that are needed on entry of each block. A backward fixed point over bit sets.</summary>
internal sealed class CountingLiveness
{
    private readonly BitRow[] _entries;

    private CountingLiveness(BitRow[] entries) => _entries = entries;

    public BitRow Entry(int block) => _entries[block];

    public static CountingLiveness Of(MirFunction function, MirTables tables, ControlFlow flow, CountingPlan plan)
    {
        var count = function.Blocks.Length;
        var (entries, defined) = (new BitRow[count], new BitRow[count]);
        var operands = new OperandList();
        foreach (var index in flow.Order)
        {
            // Starts with what the block itself needs; what passes through comes with the rounds.
            (entries[index], defined[index]) = (new(plan.TrackedCount), new(plan.TrackedCount));
            var (needed, own) = (entries[index], defined[index]);
            var block = function.Blocks[index];
            foreach (var parameter in block.Parameters) Define(parameter);
            // A borrowed parameter looks at its owner on entry, used or not.
            foreach (var (_, owner) in block.Borrows) Use(owner);
            foreach (var instruction in block.Instructions)
            {
                Operands.Collect(instruction.Operation, tables, operands);
                foreach (var operand in operands.Span) Use(operand.Value);
                if (instruction.Result is { } result) Define(result);
            }
            Operands.Collect(block.Terminator, operands);
            foreach (var operand in operands.Span) Use(operand.Value);
            var edges = new EdgeWalk(block.Terminator);
            while (edges.Next(out var edge))
                foreach (var argument in edge.Arguments) Use(argument);

            void Define(ValueId value) { if (plan.TrackOf(value) is >= 0 and var track) own[track] = true; }
            void Use(ValueId value)
            {
                if (plan.KeeperOf(value) is { } keeper && plan.TrackOf(keeper) is var track && !own[track]) needed[track] = true;
            }
        }
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = flow.Order.Length - 1; i >= 0; i--)
            {
                var block = flow.Order[i];
                var edges = new EdgeWalk(function.Blocks[block].Terminator);
                while (edges.Next(out var edge)) changed |= entries[block].UnionExcept(entries[edge.Target.Index], defined[block]);
            }
        }
        return new(entries);
    }
}

/// <summary>A set of small numbers.</summary>
internal sealed class BitRow(int count)
{
    private readonly ulong[] _words = new ulong[(count + 63) / 64];

    public bool this[int bit]
    {
        get => (_words[bit >> 6] >> (bit & 63) & 1) != 0;
        set { if (value) _words[bit >> 6] |= 1UL << (bit & 63); else _words[bit >> 6] &= ~(1UL << (bit & 63)); }
    }

    public void Clear() => Array.Clear(_words);
    public void CopyFrom(BitRow other) => Array.Copy(other._words, _words, _words.Length);

    public void Union(BitRow other)
    {
        for (var i = 0; i < _words.Length; i++) _words[i] |= other._words[i];
    }

    /// <summary>Adds what is in other and not in except; whether that was anything.</summary>
    public bool UnionExcept(BitRow other, BitRow except)
    {
        var added = 0UL;
        for (var i = 0; i < _words.Length; i++)
        {
            var more = other._words[i] & ~except._words[i] & ~_words[i];
            _words[i] |= more;
            added |= more;
        }
        return added != 0;
    }

    /// <summary>The first number from a place on that is in this set and not in the other; -1 when there is none.</summary>
    public int NextDifference(BitRow other, int from)
    {
        for (var word = from >> 6; word < _words.Length; word++)
        {
            var bits = _words[word] & ~other._words[word];
            if (word == from >> 6) bits &= ulong.MaxValue << (from & 63);
            if (bits != 0) return (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits);
        }
        return -1;
    }
}
