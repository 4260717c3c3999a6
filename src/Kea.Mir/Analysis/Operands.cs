using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>What an instruction does with the ownership of an operand (which matters only where the operand is linear).</summary>
public enum OperandUse
{
    /// <summary>Looks at it while it is alive.</summary>
    Borrow,
    /// <summary>Takes one reference over.</summary>
    Consume,
    /// <summary>Passes ownership on to the result if the operand is owned, else borrows (a cast).</summary>
    Forward,
    /// <summary>Borrows, and adds one reference.</summary>
    Duplicate,
    /// <summary>Was borrowed from what the same instruction consumes, and owns it afterwards.</summary>
    Receive,
}

public readonly record struct Operand(ValueId Value, OperandUse Use);

/// <summary>A list of operands that is filled again and again; one per walk.</summary>
public sealed class OperandList
{
    private Operand[] _items = new Operand[8];

    public int Count { get; private set; }
    public ReadOnlySpan<Operand> Span => _items.AsSpan(0, Count);
    public Operand this[int index] => _items[index];

    public void Clear() => Count = 0;

    public void Add(ValueId value, OperandUse use)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        _items[Count++] = new(value, use);
    }

    public void AddRange(ImmutableArray<ValueId> values, OperandUse use)
    {
        foreach (var value in values) Add(value, use);
    }
}

/// <summary>
/// The one table of operands: which values an instruction reads, in order, and what becomes of their ownership. Liveness,
/// counting, the verifier and code generation all ask here.
/// </summary>
public static class Operands
{
    public static void Collect(Inst inst, MirTables tables, OperandList to)
    {
        to.Clear();
        switch (inst)
        {
            case Inst.Const or Inst.FloatConst or Inst.StringConst or Inst.UnitConst or Inst.Immediate or Inst.Null or Inst.FunctionRef or Inst.IsHot or Inst.Poll: break;
            case Inst.Arithmetic(_, _, var left, var right): Borrow(to, left, right); break;
            case Inst.Unary(_, var operand): Borrow(to, operand); break;
            case Inst.Compare(_, _, var left, var right): Borrow(to, left, right); break;
            case Inst.Cast(_, var operand): to.Add(operand, OperandUse.Forward); break;
            case Inst.IsNull(var operand): Borrow(to, operand); break;
            case Inst.Select(var condition, var ifTrue, var ifFalse): Borrow(to, condition, ifTrue, ifFalse); break;
            case Inst.MakeAggregate(_, var fields): to.AddRange(fields, OperandUse.Consume); break;
            case Inst.Extract(var aggregate, _): Borrow(to, aggregate); break;
            case Inst.Unpack(var aggregate, var moved): Release(to, aggregate, moved); break;
            case Inst.Alloc(_, var fields): to.AddRange(fields, OperandUse.Consume); break;
            case Inst.AllocReuse(var token, _, var fields):
                to.Add(token, OperandUse.Consume);
                to.AddRange(fields, OperandUse.Consume);
                break;
            case Inst.MakeClosure(_, _, var captures): to.AddRange(captures, OperandUse.Consume); break;
            case Inst.Project(var o, _, _): Borrow(to, o); break;
            case Inst.Take(var o, _, _): Borrow(to, o); break;
            case Inst.StoreField(var o, _, _, var value):
                Borrow(to, o);
                to.Add(value, OperandUse.Consume);
                break;
            case Inst.Variant(var o, _): Borrow(to, o); break;
            case Inst.Dup(var value): to.Add(value, OperandUse.Duplicate); break;
            case Inst.Drop(var value): to.Add(value, OperandUse.Consume); break;
            case Inst.IsUnique(var o): Borrow(to, o); break;
            case Inst.DropReuse(var o, _): to.Add(o, OperandUse.Consume); break;
            case Inst.FreeCell(var o, _) cell: Release(to, o, cell.Moved); break;
            case Inst.TakeCell(var o, _) cell: Release(to, o, cell.Moved); break;
            case Inst.Decrement(var o): to.Add(o, OperandUse.Consume); break;
            case Inst.FreeToken(var token): to.Add(token, OperandUse.Consume); break;
            case Inst.Call(var function, var arguments): Arguments(to, tables[function].Parameters, arguments); break;
            case Inst.CallClosure(var closure, var arguments):
                Borrow(to, closure);
                to.AddRange(arguments, OperandUse.Consume);
                break;
            case Inst.CallRuntime(var function, var arguments): Arguments(to, function.Parameters, arguments); break;
            case Inst.CallForeign(_, var arguments): to.AddRange(arguments, OperandUse.Borrow); break;
            case Inst.Length(var o, _): Borrow(to, o); break;
            case Inst.VectorCapacity(var vector): Borrow(to, vector); break;
            case Inst.VectorNew(_, var capacity): Borrow(to, capacity); break;
            case Inst.VectorReserve(var vector, _, var needed):
                to.Add(vector, OperandUse.Consume);
                Borrow(to, needed);
                break;
            case Inst.StringByte(var text, var index): Borrow(to, text, index); break;
            case Inst.VectorGet(var vector, _, var index): Borrow(to, vector, index); break;
            case Inst.VectorTake(var vector, _, var index): Borrow(to, vector, index); break;
            case Inst.VectorUnique(var vector, _): to.Add(vector, OperandUse.Consume); break;
            case Inst.VectorStore(var vector, _, var index, var value):
                Borrow(to, vector, index);
                to.Add(value, OperandUse.Consume);
                break;
            case Inst.VectorSetLength(var vector, var length): Borrow(to, vector, length); break;
            case Inst.Load(var address): Borrow(to, address); break;
            case Inst.Store(var address, var value):
                Borrow(to, address);
                to.Add(value, OperandUse.Consume);
                break;
            case Inst.PointerAdd(var address, var index, _): Borrow(to, address, index); break;
        }
    }

    /// <summary>The operands of the terminator itself; those of its edges are the edges' arguments.</summary>
    public static void Collect(Terminator terminator, OperandList to)
    {
        to.Clear();
        switch (terminator)
        {
            case Terminator.Jump: break;
            case Terminator.Branch(var condition, _, _): Borrow(to, condition); break;
            case Terminator.SwitchInt(var value, _, _): Borrow(to, value); break;
            case Terminator.SwitchVariant(var o, _, _, _): Borrow(to, o); break;
            case Terminator.Return(var value): to.Add(value, OperandUse.Consume); break;
            case Terminator.Panic(_, var message):
                if (message is { } text) to.Add(text, OperandUse.Consume);
                break;
            case Terminator.Unreachable: break;
        }
    }

    private static void Borrow(OperandList to, params ReadOnlySpan<ValueId> values)
    {
        foreach (var value in values) to.Add(value, OperandUse.Borrow);
    }

    private static void Release(OperandList to, ValueId owner, ImmutableArray<ValueId> moved)
    {
        // They are looked at while the owner is still there.
        to.AddRange(moved, OperandUse.Receive);
        to.Add(owner, OperandUse.Consume);
    }

    /// <summary>Too many or too few arguments are the verifier's to report; here they count as consumed.</summary>
    private static void Arguments(OperandList to, ImmutableArray<(MirType Type, Ownership Ownership)> parameters, ImmutableArray<ValueId> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
            to.Add(arguments[i], i < parameters.Length && parameters[i].Ownership == Ownership.Borrowed ? OperandUse.Borrow : OperandUse.Consume);
    }
}
