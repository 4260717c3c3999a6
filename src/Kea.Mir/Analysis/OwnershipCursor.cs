using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// The owned multiset at one place of a block. Code generation steps with it: Consume, ask <see cref="Owned"/> where the
/// instruction can panic, Produce.
/// </summary>
public sealed class OwnershipCursor
{
    private readonly OwnershipAnalysis _analysis;
    private readonly IOwnershipErrors? _errors;
    private readonly OperandList _operands = new();
    private readonly int[] _counts;
    private readonly List<int> _listed = [];   // values that may have a count, so that leaving a block is cheap
    private readonly bool[] _isListed;
    private BlockId _block;

    internal OwnershipCursor(OwnershipAnalysis analysis, IOwnershipErrors? errors)
    {
        (_analysis, _errors) = (analysis, errors);
        _counts = new int[analysis.Function.ValueTypes.Length];
        _isListed = new bool[_counts.Length];
    }

    /// <summary>Goes to the start of a block; one cursor serves a whole function.</summary>
    public void Enter(BlockId block)
    {
        foreach (var value in _listed) (_counts[value], _isListed[value]) = (0, false);
        _listed.Clear();
        _block = block;
        foreach (var (value, count) in _analysis.AtEntry(block)) Add(value.Index, count);
    }

    /// <summary>References owned of this value.</summary>
    public int CountOf(ValueId value) => _counts[value.Index];

    /// <summary>Everything owned here, in the order of values.</summary>
    public ImmutableArray<OwnedValue> Owned()
    {
        // Values that are gone leave the list, so that a long block costs what it owns and not what it has seen.
        var kept = 0;
        for (var i = 0; i < _listed.Count; i++)
        {
            var value = _listed[i];
            if (_counts[value] != 0) _listed[kept++] = value;
            else _isListed[value] = false;
        }
        _listed.RemoveRange(kept, _listed.Count - kept);
        _listed.Sort();
        var owned = ImmutableArray.CreateBuilder<OwnedValue>(kept);
        foreach (var value in _listed) owned.Add(new(new(value), _counts[value]));
        return owned.MoveToImmutable();
    }

    /// <summary>The operands are handed over.</summary>
    public void Consume(Instruction instruction)
    {
        Operands.Collect(instruction.Operation, _analysis.Tables, _operands);
        var forwards = instruction.Result is { } result && _analysis.Values[result] == OwnershipKind.Owned;
        Consume(forwards, instruction);
    }

    public void Consume(Terminator terminator)
    {
        Operands.Collect(terminator, _operands);
        Consume(false, terminator);
    }

    /// <summary>The result, and what was moved out, is there.</summary>
    public void Produce(Instruction instruction)
    {
        if (instruction.Result is { } result && _analysis.Values[result] == OwnershipKind.Owned) Add(result.Index, 1);
        switch (instruction.Operation)
        {
            case Inst.Dup(var value): if (IsTracked(value)) Add(value.Index, 1); break;
            case Inst.Unpack(_, var moved): Receive(moved); break;
            case Inst.FreeCell cell: Receive(cell.Moved); break;
            case Inst.TakeCell cell: Receive(cell.Moved); break;
        }
    }

    /// <summary>Whether the value may be looked at.</summary>
    public bool IsAlive(ValueId value)
    {
        while (true)
        {
            var kind = _analysis.Values[value];
            if (kind is OwnershipKind.Plain or OwnershipKind.Immortal or OwnershipKind.Lent || _counts[value.Index] > 0) return true;
            if (_analysis.Values.OwnerOf(value) is not { } owner) return false;
            value = owner;
        }
    }

    internal ImmutableArray<OwnedValue> OfParameters()
    {
        var owned = ImmutableArray.CreateBuilder<OwnedValue>();
        foreach (var (value, _) in _analysis.Function.Parameters)
            if (_analysis.Values[value] == OwnershipKind.Owned) owned.Add(new(value, 1));
        owned.Sort(static (left, right) => left.Value.Index.CompareTo(right.Value.Index));
        return owned.ToImmutable();
    }

    /// <summary>What is owned at the edge's target when it is taken from here; the cursor itself does not move.</summary>
    internal ImmutableArray<OwnedValue> Across(Edge edge)
    {
        var target = _analysis.Function.Blocks[edge.Target.Index];
        var count = Math.Min(edge.Arguments.Length, target.Parameters.Length);
        for (var i = 0; i < count; i++)
        {
            var argument = edge.Arguments[i];
            var kind = _analysis.Values[target.Parameters[i]];
            if (kind == OwnershipKind.Owned && IsTracked(argument))
            {
                if (_counts[argument.Index] <= 0) _errors?.NotOwned(_block, argument, edge);
                Add(argument.Index, -1);
            }
            else if (kind == OwnershipKind.Borrowed && !IsAlive(argument)) _errors?.NotAlive(_block, argument, edge);
        }
        for (var i = 0; i < count; i++)
            if (_analysis.Values[target.Parameters[i]] == OwnershipKind.Owned) Add(target.Parameters[i].Index, 1);
        var entry = Owned();
        for (var i = 0; i < count; i++)
        {
            if (_analysis.Values[target.Parameters[i]] != OwnershipKind.Owned) continue;
            Add(target.Parameters[i].Index, -1);
            if (IsTracked(edge.Arguments[i])) Add(edge.Arguments[i].Index, 1);
        }
        return entry;
    }

    private void Consume(bool forwards, object where)
    {
        // Everything must be alive before anything is handed over, and what is only borrowed must live through the handing over.
        foreach (var operand in _operands.Span)
        {
            if (!IsConsumed(operand, forwards))
            {
                if (_errors is not null && !IsAlive(operand.Value)) _errors.NotAlive(_block, operand.Value, where);
                continue;
            }
            if (!IsTracked(operand.Value)) continue;
            if (_counts[operand.Value.Index] <= 0) _errors?.NotOwned(_block, operand.Value, where);
            Add(operand.Value.Index, -1);
        }
        if (_errors is null) return;
        foreach (var operand in _operands.Span)
            if (operand.Use == OperandUse.Borrow && !IsAlive(operand.Value)) _errors.NotAlive(_block, operand.Value, where);
    }

    private static bool IsConsumed(Operand operand, bool forwards) =>
        operand.Use == OperandUse.Consume || (operand.Use == OperandUse.Forward && forwards);

    private bool IsTracked(ValueId value) => _analysis.Values[value] is OwnershipKind.Owned or OwnershipKind.Borrowed or OwnershipKind.Lent;

    private void Receive(ImmutableArray<ValueId> moved)
    {
        foreach (var value in moved)
            if (IsTracked(value)) Add(value.Index, 1);
    }

    private void Add(int value, int count)
    {
        _counts[value] += count;
        if (_isListed[value]) return;
        _isListed[value] = true;
        _listed.Add(value);
    }
}
