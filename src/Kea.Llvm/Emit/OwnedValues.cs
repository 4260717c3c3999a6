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
/// of nested sets share the code that drops their common rest. Constants are never in a set: dropping them does nothing.
/// </remarks>
internal sealed class OwnedValues
{
    private const byte Untracked = 1, Constant = 2;

    private readonly MirFunction _function;
    private readonly byte[] _traits;
    private readonly OwnedSet?[] _atEntry;
    private readonly List<(int Value, int Parent)> _nodes = [(-1, -1)];
    private readonly Dictionary<(int Value, int Parent), int> _interned = [];
    /// <summary>Counted fields read from an object, which become owned when its cell is taken or freed.</summary>
    private readonly Dictionary<(ValueId Object, int Field), ValueId> _projections = [];
    private readonly HashSet<int> _movedOut = [];

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
        var parameters = _function.Blocks[blockIndex].Parameters;
        for (var i = 0; i < parameters.Length; i++)
        {
            var argument = edge.Arguments[i];
            var owned = Remove(argument) || _traits[argument.Index] == Constant;
            if (owned) Add(parameters[i]);
        }
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
            case Inst.FreeCell(var value, var layout): MoveOut(value, program.Layouts[layout.Index].Fields.Length); break;
            case Inst.TakeCell(var value, var layout): MoveOut(value, program.Layouts[layout.Index].Fields.Length); break;
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
                or Inst.Project or Inst.Variant or Inst.Dup or Inst.IsUnique or Inst.CallForeign or Inst.Length or Inst.StringByte
                or Inst.VectorGet or Inst.VectorSetLength or Inst.Load or Inst.PointerAdd:
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
                if (result is { } constant && _traits[constant.Index] == 0) _traits[constant.Index] = Constant;
                break;
            case Inst.Project(var from, _, var field):
                if (_traits[result!.Value.Index] == 0) _projections.TryAdd((from, field), result.Value);
                break;
            case Inst.Cast(_, var operand): Move([operand], result); break;
            case Inst.Select(_, var left, var right): Move([left, right], result); break;
            case Inst.MakeAggregate or Inst.Alloc or Inst.AllocReuse or Inst.MakeClosure or Inst.DropReuse or Inst.TakeCell
                or Inst.Call or Inst.CallClosure or Inst.CallRuntime or Inst.CallForeign or Inst.VectorUnique or Inst.Load:
                if (result is { } defined) Add(defined);
                break;
            case Inst.Const or Inst.FloatConst or Inst.UnitConst or Inst.Arithmetic or Inst.Unary or Inst.Compare or Inst.IsNull
                or Inst.Extract or Inst.StoreField or Inst.Variant or Inst.Drop or Inst.IsUnique or Inst.FreeCell or Inst.Decrement
                or Inst.FreeToken or Inst.Length or Inst.StringByte or Inst.VectorGet or Inst.VectorStore or Inst.VectorSetLength
                or Inst.Store or Inst.PointerAdd:
                break;
        }
    }

    /// <summary>A terminator's own operand is handed over: a returned value, a panic's message.</summary>
    public void Consume(ValueId value) => Remove(value);

    /// <summary>The result is the operands under another type: owned when one of them was.</summary>
    private void Move(ReadOnlySpan<ValueId> operands, ValueId? result)
    {
        var owned = false;
        foreach (var operand in operands)
        {
            if (_traits[operand.Index] == Constant) continue;
            owned |= Remove(operand);
        }
        if (owned) Add(result!.Value);
    }

    /// <summary>A unique object's memory goes; fields that were read from it and not yet used up are the frame's own now.</summary>
    private void MoveOut(ValueId value, int fields)
    {
        Remove(value);
        for (var field = 0; field < fields; field++)
            if (_projections.TryGetValue((value, field), out var part) && !_movedOut.Contains(part.Index)) Add(part);
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
        if (!Contains(Current, value.Index))
        {
            _movedOut.Add(value.Index);
            return false;
        }
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
