using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Copies of instructions with other operands. Nothing but the values changes; edges keep their targets.</summary>
public static class Rename
{
    public static Inst Values(Inst inst, Func<ValueId, ValueId> to) => inst switch
    {
        Inst.Const => inst,
        Inst.FloatConst => inst,
        Inst.StringConst => inst,
        Inst.UnitConst => inst,
        Inst.Immediate => inst,
        Inst.Null => inst,
        Inst.FunctionRef => inst,
        Inst.Arithmetic(var op, var signed, var left, var right) => new Inst.Arithmetic(op, signed, to(left), to(right)),
        Inst.Unary(var op, var operand) => new Inst.Unary(op, to(operand)),
        Inst.Compare(var op, var signed, var left, var right) => new Inst.Compare(op, signed, to(left), to(right)),
        Inst.Cast(var op, var operand) => new Inst.Cast(op, to(operand)),
        Inst.IsNull(var operand) => new Inst.IsNull(to(operand)),
        Inst.Select(var condition, var left, var right) => new Inst.Select(to(condition), to(left), to(right)),
        Inst.MakeAggregate(var id, var fields) => new Inst.MakeAggregate(id, Values(fields, to)),
        Inst.Extract(var aggregate, var field) => new Inst.Extract(to(aggregate), field),
        Inst.Unpack(var aggregate, var moved) => new Inst.Unpack(to(aggregate), Values(moved, to)),
        Inst.Alloc(var layout, var fields) => new Inst.Alloc(layout, Values(fields, to)),
        Inst.AllocReuse(var token, var layout, var fields) => new Inst.AllocReuse(to(token), layout, Values(fields, to)),
        Inst.MakeClosure(var id, var layout, var captures) => new Inst.MakeClosure(id, layout, Values(captures, to)),
        Inst.Project(var o, var layout, var field) => new Inst.Project(to(o), layout, field),
        Inst.Take(var o, var layout, var field) => new Inst.Take(to(o), layout, field),
        Inst.StoreField(var o, var layout, var field, var value) => new Inst.StoreField(to(o), layout, field, to(value)),
        Inst.Variant(var o, var id) => new Inst.Variant(to(o), id),
        Inst.Dup(var value) => new Inst.Dup(to(value)),
        Inst.Drop(var value) => new Inst.Drop(to(value)),
        Inst.IsUnique(var o) => new Inst.IsUnique(to(o)),
        Inst.IsHot or Inst.Poll => inst,
        Inst.DropReuse(var o, var layout) => new Inst.DropReuse(to(o), layout),
        Inst.FreeCell(var o, var layout) cell => new Inst.FreeCell(to(o), layout) { Moved = Values(cell.Moved, to) },
        Inst.TakeCell(var o, var layout) cell => new Inst.TakeCell(to(o), layout) { Moved = Values(cell.Moved, to) },
        Inst.Decrement(var o) => new Inst.Decrement(to(o)),
        Inst.FreeToken(var token) => new Inst.FreeToken(to(token)),
        Inst.Call(var id, var arguments) => new Inst.Call(id, Values(arguments, to)),
        Inst.CallClosure(var closure, var arguments) => new Inst.CallClosure(to(closure), Values(arguments, to)),
        Inst.CallRuntime(var function, var arguments) => new Inst.CallRuntime(function, Values(arguments, to)),
        Inst.CallForeign(var symbol, var arguments) => new Inst.CallForeign(symbol, Values(arguments, to)),
        Inst.Length(var o, var kind) => new Inst.Length(to(o), kind),
        Inst.VectorCapacity(var vector) => new Inst.VectorCapacity(to(vector)),
        Inst.VectorNew(var layout, var capacity) => new Inst.VectorNew(layout, to(capacity)),
        Inst.VectorReserve(var vector, var layout, var needed) => new Inst.VectorReserve(to(vector), layout, to(needed)),
        Inst.StringByte(var text, var index) => new Inst.StringByte(to(text), to(index)),
        Inst.VectorGet(var vector, var layout, var index) => new Inst.VectorGet(to(vector), layout, to(index)),
        Inst.VectorTake(var vector, var layout, var index) => new Inst.VectorTake(to(vector), layout, to(index)),
        Inst.VectorUnique(var vector, var layout) => new Inst.VectorUnique(to(vector), layout),
        Inst.VectorStore(var vector, var layout, var index, var value) => new Inst.VectorStore(to(vector), layout, to(index), to(value)),
        Inst.VectorSetLength(var vector, var length) => new Inst.VectorSetLength(to(vector), to(length)),
        Inst.Load(var address) => new Inst.Load(to(address)),
        Inst.Store(var address, var value) => new Inst.Store(to(address), to(value)),
        Inst.PointerAdd(var address, var index, var element) => new Inst.PointerAdd(to(address), to(index), element),
    };

    public static Terminator Values(Terminator terminator, Func<ValueId, ValueId> to) => terminator switch
    {
        Terminator.Jump => terminator,
        Terminator.Branch(var condition, var then, var otherwise) => new Terminator.Branch(to(condition), then, otherwise),
        Terminator.SwitchInt(var value, var cases, var otherwise) => new Terminator.SwitchInt(to(value), cases, otherwise),
        Terminator.SwitchVariant(var o, var id, var cases, var otherwise) => new Terminator.SwitchVariant(to(o), id, cases, otherwise),
        Terminator.Return(var value) => new Terminator.Return(to(value)),
        Terminator.Panic(var kind, var message) => message is { } text ? new Terminator.Panic(kind, to(text)) : terminator,
        Terminator.Unreachable => terminator,
    };

    public static Terminator Edges(Terminator terminator, Func<Edge, Edge> to) => terminator switch
    {
        Terminator.Jump(var target) => new Terminator.Jump(to(target)),
        Terminator.Branch(var condition, var then, var otherwise) => new Terminator.Branch(condition, to(then), to(otherwise)),
        Terminator.SwitchInt(var value, var cases, var otherwise) => new Terminator.SwitchInt(value, Cases(cases, to), otherwise is null ? null : to(otherwise)),
        Terminator.SwitchVariant(var o, var id, var cases, var otherwise) => new Terminator.SwitchVariant(o, id, Cases(cases, to), otherwise is null ? null : to(otherwise)),
        Terminator.Return => terminator,
        Terminator.Panic => terminator,
        Terminator.Unreachable => terminator,
    };

    public static ImmutableArray<ValueId> Values(ImmutableArray<ValueId> values, Func<ValueId, ValueId> to)
    {
        if (values.Length == 0) return values;
        var renamed = ImmutableArray.CreateBuilder<ValueId>(values.Length);
        foreach (var value in values) renamed.Add(to(value));
        return renamed.MoveToImmutable();
    }

    private static ImmutableArray<(T, Edge)> Cases<T>(ImmutableArray<(T Value, Edge Target)> cases, Func<Edge, Edge> to)
    {
        var renamed = ImmutableArray.CreateBuilder<(T, Edge)>(cases.Length);
        foreach (var (value, target) in cases) renamed.Add((value, to(target)));
        return renamed.MoveToImmutable();
    }
}
