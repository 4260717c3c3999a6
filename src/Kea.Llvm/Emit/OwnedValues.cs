using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>A multiset of values, interned: equal sets have equal numbers. Zero is the empty set.</summary>
internal readonly record struct OwnedSet(int Node)
{
    public static readonly OwnedSet Empty = default;
    public bool IsEmpty => Node == 0;
}

/// <summary>
/// Which counted values a frame owns at each point, found by one forward walk of MIR's linear ownership: what an instruction
/// consumes leaves the set before it runs, what it defines enters after. A landing pad drops exactly the set at its call.
/// </summary>
/// <remarks>
/// Sets are paths in a tree whose nodes add one value to their parent, values in descending order towards the root, so pads
/// of nested sets share the code that drops their common rest. Immortal values are never in a set: nobody owns them.
/// </remarks>
internal sealed class OwnedValues
{
    private const byte Untracked = 1, Immortal = 2;

    private readonly MirFunction _function;
    private readonly byte[] _traits;
    private readonly OwnedSet?[] _atEntry;
    private readonly List<(int Value, int Parent)> _nodes = [(-1, -1)];
    private readonly Dictionary<(int Value, int Parent), int> _interned = [];

    /// <summary>The set where the walk stands.</summary>
    public OwnedSet Current { get; private set; }

    public OwnedValues(MirFunction function, ObjectShapes shapes)
    {
        _function = function;
        _traits = new byte[function.ValueTypes.Length];
        _atEntry = new OwnedSet?[function.Blocks.Length];
        for (var i = 0; i < _traits.Length; i++)
            if (!shapes.IsCounted(function.ValueTypes[i])) _traits[i] = Untracked;
        foreach (var parameter in function.Parameters)
            if (parameter.Ownership == Ownership.Owned) Add(parameter.Value);
        _atEntry[0] = Current;
    }

    /// <summary>The topmost value of a non-empty set and the set without it.</summary>
    public (ValueId Value, OwnedSet Others) Split(OwnedSet set)
    {
        var (value, parent) = _nodes[set.Node];
        return (new ValueId(value), new OwnedSet(parent));
    }

    /// <summary>Goes on at the beginning of a block, one way into which has been walked.</summary>
    public void Enter(int blockIndex) => Current = _atEntry[blockIndex] ?? OwnedSet.Empty;

    /// <summary>Takes back what was consumed since.</summary>
    public void Rewind(OwnedSet earlier) => Current = earlier;

    /// <summary>Notes what a way into a block carries along; the set at hand stays.</summary>
    public void Follow(Edge edge, int blockIndex)
    {
        if (_atEntry[blockIndex] is not null) return;
        var before = Current;
        var target = _function.Blocks[blockIndex];
        foreach (var argument in edge.Arguments) Remove(argument);
        foreach (var parameter in target.Parameters)
            if (!IsBorrowed(target, parameter)) Add(parameter);
            else _traits[parameter.Index] = Untracked;
        _atEntry[blockIndex] = Current;
        Current = before;
    }

    /// <summary>Takes out what an instruction consumes. Call before emitting it, so that its pad does not drop that.</summary>
    public void Consume(Inst inst, MirProgram program)
    {
        switch (inst)
        {
            case Inst.StoreField(_, _, _, var value): Remove(value); break;
            case Inst.VectorStore(_, _, _, var value): Remove(value); break;
            case Inst.Store(_, var value): Remove(value); break;
            case Inst.MakeAggregate(_, var fields): Remove(fields.AsSpan()); break;
            case Inst.Alloc(_, var fields): Remove(fields.AsSpan()); break;
            case Inst.AllocReuse(var token, _, var fields): Remove(token); Remove(fields.AsSpan()); break;
            case Inst.MakeClosure(_, _, var captures): Remove(captures.AsSpan()); break;
            case Inst.Drop(var value): Remove(value); break;
            case Inst.Decrement(var value): Remove(value); break;
            case Inst.FreeToken(var token): Remove(token); break;
            case Inst.DropReuse(var value, _): Remove(value); break;
            case Inst.FreeCell(var value, _): Remove(value); break;
            case Inst.TakeCell(var value, _): Remove(value); break;
            case Inst.Unpack(var aggregate, _): Remove(aggregate); break;
            case Inst.VectorReserve(var vector, _, _): Remove(vector); break;
            case Inst.VectorUnique(var vector, _): Remove(vector); break;
            case Inst.CallClosure(_, var arguments): Remove(arguments.AsSpan()); break;
            case Inst.Call(var callee, var arguments):
                var parameters = program.Signatures[callee.Index].Parameters;
                for (var i = 0; i < arguments.Length; i++)
                    if (parameters[i].Ownership == Ownership.Owned) Remove(arguments[i]);
                break;
            case Inst.CallRuntime(var function, var arguments):
                for (var i = 0; i < arguments.Length; i++)
                    if (function.Parameters[i].Ownership == Ownership.Owned) Remove(arguments[i]);
                break;
            case Inst.Const or Inst.FloatConst or Inst.StringConst or Inst.UnitConst or Inst.Immediate or Inst.Null or Inst.FunctionRef
                or Inst.Arithmetic or Inst.Unary or Inst.Compare or Inst.Cast or Inst.IsNull or Inst.Select or Inst.Extract
                or Inst.Project or Inst.Take or Inst.Variant or Inst.Dup or Inst.IsUnique or Inst.CallForeign or Inst.Length
                or Inst.StringByte or Inst.VectorGet or Inst.VectorTake or Inst.VectorCapacity or Inst.VectorNew or Inst.VectorSetLength or Inst.Load or Inst.PointerAdd:
                break;
        }
    }

    /// <summary>Puts in what an instruction defines. Call after <see cref="Consume"/>.</summary>
    public void Define(Inst inst, ValueId? result)
    {
        switch (inst)
        {
            case Inst.Dup(var value): Add(value); break;
            case Inst.StringConst or Inst.Immediate or Inst.Null or Inst.FunctionRef:
                MarkImmortal(result!.Value);
                break;
            case Inst.Cast(_, var operand): Move(operand, result!.Value); break;
            case Inst.MakeAggregate(_, var fields):
                if (AreImmortal(fields)) MarkImmortal(result!.Value);
                else Add(result!.Value);
                break;
            case Inst.Unpack(_, var moved): Add(moved); break;
            case Inst.FreeCell cell: Add(cell.Moved); break;
            case Inst.TakeCell cell:
                Add(cell.Moved);
                Add(result!.Value);
                break;
            case Inst.Alloc or Inst.AllocReuse or Inst.MakeClosure or Inst.DropReuse or Inst.Take
                or Inst.Call or Inst.CallClosure or Inst.CallRuntime or Inst.CallForeign or Inst.VectorUnique or Inst.VectorNew
                or Inst.VectorReserve or Inst.VectorTake or Inst.Load:
                if (result is { } defined) Add(defined);
                break;
            case Inst.Const or Inst.FloatConst or Inst.UnitConst or Inst.Arithmetic or Inst.Unary or Inst.Compare or Inst.IsNull
                or Inst.Select or Inst.Extract or Inst.Project or Inst.StoreField or Inst.Variant or Inst.Drop or Inst.IsUnique
                or Inst.Decrement or Inst.FreeToken or Inst.Length or Inst.VectorCapacity or Inst.StringByte or Inst.VectorGet or Inst.VectorStore or Inst.VectorSetLength
                or Inst.Store or Inst.PointerAdd:
                break;
        }
    }

    /// <summary>A terminator's own operand is handed over: a returned value, a panic's message.</summary>
    public void Consume(ValueId value) => Remove(value);

    /// <summary>The result is the operand under another type: owned or immortal when that was.</summary>
    private void Move(ValueId operand, ValueId result)
    {
        if (_traits[operand.Index] == Immortal) MarkImmortal(result);
        else if (Remove(operand)) Add(result);
        else if (_traits[result.Index] == 0) _traits[result.Index] = Untracked;
    }

    private void MarkImmortal(ValueId value)
    {
        if (_traits[value.Index] == 0) _traits[value.Index] = Immortal;
    }

    private bool AreImmortal(ImmutableArray<ValueId> values)
    {
        foreach (var value in values) if (Contains(Current, value.Index) || _traits[value.Index] == 0) return false;
        return true;
    }

    private static bool IsBorrowed(Block block, ValueId parameter)
    {
        foreach (var borrow in block.Borrows) if (borrow.Parameter == parameter) return true;
        return false;
    }

    private void Add(ImmutableArray<ValueId> values)
    {
        foreach (var value in values) Add(value);
    }

    private void Remove(ReadOnlySpan<ValueId> values)
    {
        foreach (var value in values) Remove(value);
    }

    private void Add(ValueId value)
    {
        if (_traits[value.Index] == 0) Current = Insert(Current, value.Index);
    }

    private OwnedSet Insert(OwnedSet set, int value)
    {
        var (top, parent) = _nodes[set.Node];
        return set.IsEmpty || value >= top ? Intern(value, set) : Intern(top, Insert(new(parent), value));
    }

    private bool Remove(ValueId value)
    {
        if (_traits[value.Index] != 0) return false;
        if (!Contains(Current, value.Index)) return false;
        Current = Without(Current, value.Index);
        return true;
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
