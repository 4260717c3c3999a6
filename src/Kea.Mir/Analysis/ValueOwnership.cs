using System.Collections.Immutable;

namespace Kea.Mir;

public enum OwnershipKind
{
    /// <summary>Nothing to count: a number, a raw pointer, unit.</summary>
    Plain,
    /// <summary>Counted by type, but a constant (or made of constants): owned by nobody, consumed freely.</summary>
    Immortal,
    /// <summary>Its definition gives one reference (or a token), which has to be consumed.</summary>
    Owned,
    /// <summary>Its definition gives no reference; alive while its owner is, or while it has references of its own.</summary>
    Borrowed,
    /// <summary>A borrowed parameter of the function: alive throughout.</summary>
    Lent,
}

/// <summary>What each value's definition says about ownership: one kind per value, and for borrowed ones the value they come from.</summary>
public sealed class ValueOwnership
{
    private readonly OwnershipKind[] _kinds;
    private readonly int[] _owners;

    private ValueOwnership(OwnershipKind[] kinds, int[] owners) => (_kinds, _owners) = (kinds, owners);

    public OwnershipKind this[ValueId value] => _kinds[value.Index];

    /// <summary>What a borrowed value was taken from; null for all others.</summary>
    public ValueId? OwnerOf(ValueId value) => _kinds[value.Index] == OwnershipKind.Borrowed ? new(_owners[value.Index]) : null;

    /// <summary>Linear in the function's size. Blocks that cannot be reached keep the kind Plain.</summary>
    public static ValueOwnership Of(MirFunction function, MirTables tables, ControlFlow flow)
    {
        var kinds = new OwnershipKind[function.ValueTypes.Length];
        var owners = new int[kinds.Length];
        foreach (var (value, ownership) in function.Parameters)
            if (tables.IsLinear(function.TypeOf(value))) kinds[value.Index] = ownership == Ownership.Borrowed ? OwnershipKind.Lent : OwnershipKind.Owned;
        foreach (var index in flow.Order)
        {
            var block = function.Blocks[index];
            foreach (var parameter in block.Parameters)
                if (tables.IsLinear(function.TypeOf(parameter))) kinds[parameter.Index] = OwnershipKind.Owned;
            foreach (var (parameter, owner) in block.Borrows)
                (kinds[parameter.Index], owners[parameter.Index]) = (OwnershipKind.Borrowed, owner.Index);
            foreach (var instruction in block.Instructions)
            {
                if (instruction.Result is not { } result || !tables.IsLinear(function.TypeOf(result))) continue;
                var (kind, owner) = OfDefinition(instruction.Operation, kinds);
                (kinds[result.Index], owners[result.Index]) = (kind, owner);
            }
        }
        return new(kinds, owners);
    }

    /// <summary>Blocks come in an order in which definitions precede uses, so the kinds of operands are known.</summary>
    private static (OwnershipKind Kind, int Owner) OfDefinition(Inst inst, OwnershipKind[] kinds)
    {
        switch (inst)
        {
            case Inst.StringConst or Inst.Immediate or Inst.Null or Inst.FunctionRef: return (OwnershipKind.Immortal, 0);
            case Inst.MakeAggregate(_, var fields): return (AllUncounted(fields, kinds) ? OwnershipKind.Immortal : OwnershipKind.Owned, 0);
            case Inst.Extract(var aggregate, _): return Within(aggregate, kinds);
            case Inst.Project(var o, _, _): return Within(o, kinds);
            case Inst.VectorGet(var vector, _, _): return Within(vector, kinds);
            case Inst.Cast(_, var operand):
                return kinds[operand.Index] is OwnershipKind.Owned or OwnershipKind.Plain ? (OwnershipKind.Owned, 0) : Within(operand, kinds);
            default: return (OwnershipKind.Owned, 0);
        }
    }

    private static (OwnershipKind, int) Within(ValueId owner, OwnershipKind[] kinds) =>
        kinds[owner.Index] == OwnershipKind.Immortal ? (OwnershipKind.Immortal, 0) : (OwnershipKind.Borrowed, owner.Index);

    private static bool AllUncounted(ImmutableArray<ValueId> fields, OwnershipKind[] kinds)
    {
        foreach (var field in fields)
            if (kinds[field.Index] is not (OwnershipKind.Plain or OwnershipKind.Immortal)) return false;
        return true;
    }
}
