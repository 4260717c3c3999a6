using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>A multiset of values, interned: equal sets have equal numbers. Zero is the empty set.</summary>
internal readonly record struct OwnedSet(int Node)
{
    public static readonly OwnedSet Empty = default;
    public bool IsEmpty => Node == 0;
}

/// <summary>
/// Which counted values a frame owns at each point, by the rules of <see cref="OwnershipAnalysis"/>: what an instruction
/// consumes leaves the set before it runs, what it defines enters after. A landing pad drops exactly the set at its call.
/// </summary>
/// <remarks>
/// Sets are paths in a tree whose nodes add one value to their parent, values in descending order towards the root, so pads
/// of nested sets share the code that drops their common rest, and "the same set as before" is a comparison of two numbers.
/// </remarks>
internal sealed class OwnedValues
{
    private readonly MirFunction _function;
    private readonly MirTables _tables;
    private readonly ValueOwnership _kinds;
    private readonly OperandList _operands = new();
    private readonly OwnedSet?[] _atEntry;
    private readonly List<(int Value, int Parent)> _nodes = [(-1, -1)];
    private readonly Dictionary<(int Value, int Parent), int> _interned = [];

    /// <summary>The set where the walk stands.</summary>
    public OwnedSet Current { get; private set; }

    public OwnedValues(MirFunction function, MirTables tables, ControlFlow flow)
    {
        (_function, _tables) = (function, tables);
        _kinds = ValueOwnership.Of(function, tables, flow);
        _atEntry = new OwnedSet?[function.Blocks.Length];
        foreach (var (value, _) in function.Parameters)
            if (_kinds[value] == OwnershipKind.Owned) Add(value);
        _atEntry[0] = Current;
    }

    /// <summary>The topmost value of a non-empty set and the set without it.</summary>
    public (ValueId Value, OwnedSet Others) Split(OwnedSet set)
    {
        var (value, parent) = _nodes[set.Node];
        return (new ValueId(value), new OwnedSet(parent));
    }

    /// <summary>Goes on at the beginning of a block, one way into which has been walked.</summary>
    public void Enter(int block) => Current = _atEntry[block] ?? OwnedSet.Empty;

    /// <summary>Takes back what was consumed since.</summary>
    public void Rewind(OwnedSet earlier) => Current = earlier;

    /// <summary>Notes what a way into a block carries along; the set at hand stays.</summary>
    public void Follow(Edge edge)
    {
        if (_atEntry[edge.Target.Index] is not null) return;
        var before = Current;
        var parameters = _function.Blocks[edge.Target.Index].Parameters;
        for (var i = 0; i < parameters.Length; i++)
            if (_kinds[parameters[i]] == OwnershipKind.Owned) Remove(edge.Arguments[i]);
        foreach (var parameter in parameters)
            if (_kinds[parameter] == OwnershipKind.Owned) Add(parameter);
        _atEntry[edge.Target.Index] = Current;
        Current = before;
    }

    /// <summary>The operands are handed over. Call before emitting, so that the instruction's pad does not drop them.</summary>
    public void Consume(Instruction instruction)
    {
        Operands.Collect(instruction.Operation, _tables, _operands);
        var forwards = IsOwned(instruction.Result);
        foreach (var operand in _operands.Span)
            if (operand.Use == OperandUse.Consume || (operand.Use == OperandUse.Forward && forwards)) Remove(operand.Value);
    }

    public void Consume(Terminator terminator)
    {
        Operands.Collect(terminator, _operands);
        foreach (var operand in _operands.Span)
            if (operand.Use == OperandUse.Consume) Remove(operand.Value);
    }

    /// <summary>The result, and what was moved out, is there.</summary>
    public void Produce(Instruction instruction)
    {
        if (IsOwned(instruction.Result)) Add(instruction.Result!.Value);
        foreach (var operand in _operands.Span)
            if (operand.Use is OperandUse.Duplicate or OperandUse.Receive) Add(operand.Value);
    }

    private bool IsOwned(ValueId? value) => value is { } result && _kinds[result] == OwnershipKind.Owned;

    private bool IsTracked(ValueId value) => _kinds[value] is OwnershipKind.Owned or OwnershipKind.Borrowed or OwnershipKind.Lent;

    private void Add(ValueId value)
    {
        if (IsTracked(value)) Current = Insert(Current, value.Index);
    }

    private void Remove(ValueId value)
    {
        if (IsTracked(value) && Contains(Current, value.Index)) Current = Without(Current, value.Index);
    }

    private OwnedSet Insert(OwnedSet set, int value)
    {
        var (top, parent) = _nodes[set.Node];
        return set.IsEmpty || value >= top ? Intern(value, set) : Intern(top, Insert(new(parent), value));
    }

    private bool Contains(OwnedSet set, int value)
    {
        var at = set.Node;
        while (at != 0 && _nodes[at].Value > value) at = _nodes[at].Parent;
        return at != 0 && _nodes[at].Value == value;
    }

    private OwnedSet Without(OwnedSet set, int value)
    {
        var (top, parent) = _nodes[set.Node];
        return top == value ? new(parent) : Intern(top, Without(new(parent), value));
    }

    private OwnedSet Intern(int value, OwnedSet parent)
    {
        if (_interned.TryGetValue((value, parent.Node), out var node)) return new(node);
        node = _nodes.Count;
        _nodes.Add((value, parent.Node));
        _interned.Add((value, parent.Node), node);
        return new(node);
    }
}
