namespace Kea.Mir;

/// <summary>
/// For InsertCounts: which values are tracked, that is, get references of their own. Owned ones are; of the borrowed ones
/// (projections) those that something consumes, and those that are needed when what they were read from may be gone already.
/// The rest live off their <i>keeper</i>, the nearest tracked value that they were read from.
/// </summary>
internal sealed class CountingPlan
{
    private readonly int[] _tracks;   // by value; -1 untracked
    private readonly int[] _keepers;  // by value; -1 none
    private readonly bool[] _lent;    // borrowed from a parameter that the caller keeps alive
    private readonly List<ValueId> _tracked = [];

    private CountingPlan(MirFunction function, ValueOwnership values)
    {
        Values = values;
        _tracks = new int[function.ValueTypes.Length];
        _keepers = new int[function.ValueTypes.Length];
        _lent = new bool[function.ValueTypes.Length];
        Array.Fill(_tracks, -1);
        Array.Fill(_keepers, -1);
    }

    public ValueOwnership Values { get; }
    public int TrackedCount => _tracked.Count;
    public bool HasLent { get; private set; }

    /// <summary>The dense number of a tracked value, else -1.</summary>
    public int TrackOf(ValueId value) => _tracks[value.Index];
    public ValueId ValueOf(int track) => _tracked[track];

    /// <summary>Whose reference keeps the value alive: itself when tracked. Null when it needs none.</summary>
    public ValueId? KeeperOf(ValueId value) => _keepers[value.Index] < 0 ? null : new(_keepers[value.Index]);

    /// <summary>Alive through the whole call without a reference of ours; a consuming use takes a fresh one.</summary>
    public bool IsLent(ValueId value) => _lent[value.Index];

    public static CountingPlan Of(MirFunction function, MirTables tables, ControlFlow flow)
    {
        var values = ValueOwnership.Of(function, tables, flow);
        var plan = new CountingPlan(function, values);
        var uses = UseSummary.Of(function, tables, flow, values);
        foreach (var (value, _) in function.Parameters) plan.Decide(value, uses);
        foreach (var index in flow.Order)
        {
            var block = function.Blocks[index];
            foreach (var parameter in block.Parameters) plan.Decide(parameter, null);
            foreach (var instruction in block.Instructions)
                if (instruction.Result is { } result) plan.Decide(result, uses);
        }
        return plan;
    }

    /// <param name="uses">Null for a block's parameter: a borrowed one lives off its owner in any case.</param>
    private void Decide(ValueId value, UseSummary? uses)
    {
        switch (Values[value])
        {
            case OwnershipKind.Plain or OwnershipKind.Immortal: return;
            case OwnershipKind.Owned: Track(value); return;
            case OwnershipKind.Lent: _lent[value.Index] = HasLent = true; return;
            case OwnershipKind.Borrowed:
                var owner = Values.OwnerOf(value)!.Value;
                if (_lent[owner.Index]) _lent[value.Index] = true;
                else if (_keepers[owner.Index] is var keeper && uses is not null && (keeper < 0 || uses.NeedsReference(value, new(keeper)))) Track(value);
                else _keepers[value.Index] = keeper;
                return;
        }
    }

    private void Track(ValueId value)
    {
        _keepers[value.Index] = value.Index;
        _tracks[value.Index] = _tracked.Count;
        _tracked.Add(value);
    }
}

/// <summary>Where values are used, as coarsely as the plan needs it; linear.</summary>
internal sealed class UseSummary
{
    private const int Never = int.MaxValue;

    private readonly bool[] _isConsumed;       // some use consumes it
    private readonly bool[] _isMutated;        // something writes into it
    private readonly int[] _home;              // block of the definition
    private readonly bool[] _leavesHome;       // some use is in another block
    private readonly int[] _lastUse;           // place of the last use in the home block
    private readonly Dictionary<(int Value, int Block), int> _firstConsume = [];

    private UseSummary(int count)
    {
        (_isConsumed, _isMutated, _leavesHome) = (new bool[count], new bool[count], new bool[count]);
        (_home, _lastUse) = (new int[count], new int[count]);
    }

    /// <summary>
    /// A projected value needs a reference when something consumes it, when its keeper is written to in place, or when the
    /// keeper is consumed anywhere but behind the value's last use in the block that reads it.
    /// </summary>
    public bool NeedsReference(ValueId value, ValueId keeper)
    {
        if (_isConsumed[value.Index] || _isMutated[keeper.Index]) return true;
        if (!_isConsumed[keeper.Index]) return false;
        return _leavesHome[value.Index] || _firstConsume.GetValueOrDefault((keeper.Index, _home[value.Index]), Never) <= _lastUse[value.Index];
    }

    public static UseSummary Of(MirFunction function, MirTables tables, ControlFlow flow, ValueOwnership values)
    {
        var summary = new UseSummary(function.ValueTypes.Length);
        var operands = new OperandList();
        foreach (var index in flow.Order)
        {
            var block = function.Blocks[index];
            foreach (var parameter in block.Parameters) summary._home[parameter.Index] = index;
            for (var i = 0; i < block.Instructions.Length; i++)
            {
                var instruction = block.Instructions[i];
                Operands.Collect(instruction.Operation, tables, operands);
                var forwards = instruction.Result is { } result && values[result] == OwnershipKind.Owned;
                foreach (var operand in operands.Span)
                    summary.Use(operand.Value, index, i, operand.Use == OperandUse.Consume || (operand.Use == OperandUse.Forward && forwards), values);
                if (Mutated(instruction.Operation) is { } mutated) summary._isMutated[mutated.Index] = true;
                if (instruction.Result is { } defined) summary._home[defined.Index] = index;
            }
            Operands.Collect(block.Terminator, operands);
            var end = block.Instructions.Length;
            foreach (var operand in operands.Span) summary.Use(operand.Value, index, end, operand.Use == OperandUse.Consume, values);
            var edges = new EdgeWalk(block.Terminator);
            while (edges.Next(out var edge))
                for (var i = 0; i < edge.Arguments.Length; i++)
                    summary.Use(edge.Arguments[i], index, end, values[function.Blocks[edge.Target.Index].Parameters[i]] == OwnershipKind.Owned, values);
        }
        return summary;
    }

    private void Use(ValueId value, int block, int place, bool consumes, ValueOwnership values)
    {
        var kind = values[value];
        if (kind is OwnershipKind.Plain or OwnershipKind.Immortal) return;
        if (_home[value.Index] != block) _leavesHome[value.Index] = true;
        else _lastUse[value.Index] = Math.Max(_lastUse[value.Index], place);
        if (consumes)
        {
            _isConsumed[value.Index] = true;
            _firstConsume.TryAdd((value.Index, block), place);
        }
        // What is read out of a value needs it as long as it is needed itself.
        for (var at = values.OwnerOf(value); at is { } owner; at = values.OwnerOf(owner))
        {
            if (_home[owner.Index] != block) _leavesHome[owner.Index] = true;
            else _lastUse[owner.Index] = Math.Max(_lastUse[owner.Index], place);
        }
    }

    public static ValueId? Mutated(Inst inst) => inst switch
    {
        Inst.Take(var o, _, _) => o,
        Inst.StoreField(var o, _, _, _) => o,
        Inst.VectorTake(var vector, _, _) => vector,
        Inst.VectorStore(var vector, _, _, _) => vector,
        Inst.VectorSetLength(var vector, _) => vector,
        _ => null,
    };
}
