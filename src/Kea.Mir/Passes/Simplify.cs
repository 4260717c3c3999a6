using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// Before counts: folds constants (what would panic is left to panic), looks through aggregates and objects made here, drops
/// parameters that are always the same value, edges that are never taken, empty and unreachable blocks, and dead code;
/// joins blocks that follow each other. Each round is linear; rounds go on while they help, to a limit.
/// </summary>
public static class Simplify
{
    private const int RoundsMax = 6;

    public static MirProgram Run(MirProgram program) => EachFunction.Of(program, static (function, tables) => Run(function, tables));

    public static MirFunction Run(MirFunction function, MirTables tables, int roundsMax = RoundsMax)
    {
        for (var i = 0; i < roundsMax; i++)
        {
            var simpler = new SimplifyRound(function, tables).Run();
            if (ReferenceEquals(simpler, function)) break;
            function = simpler;
        }
        return function;
    }
}

/// <summary>One round over one function, in reverse postorder, so that definitions are simplified before their uses.</summary>
internal sealed class SimplifyRound
{
    private readonly MirFunction _function;
    private readonly MirTables _tables;
    private readonly ControlFlow _flow;
    private readonly FunctionEditor _editor;
    private readonly int[] _alias;           // what stands for a value; itself when nothing does
    private readonly Inst?[] _definitions;
    private readonly bool[] _isMutated;
    private readonly Func<ValueId, ValueId> _resolve;
    private bool _changed;

    public SimplifyRound(MirFunction function, MirTables tables)
    {
        (_function, _tables, _flow, _editor) = (function, tables, ControlFlow.Of(function), new FunctionEditor(function));
        var count = function.ValueTypes.Length;
        (_alias, _definitions, _isMutated) = (new int[count], new Inst?[count], new bool[count]);
        for (var i = 0; i < count; i++) _alias[i] = i;
        _resolve = Resolve;
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (UseSummary.Mutated(instruction.Operation) is { } mutated) _isMutated[mutated.Index] = true;
    }

    public MirFunction Run()
    {
        foreach (var index in _flow.Order)
        {
            var block = _editor.Blocks[index];
            Parameters(index);
            var code = new List<Instruction>(block.Code.Count);
            foreach (var instruction in block.Code) Instruction(instruction, code);
            block.Code = code;
            var end = Rename.Edges(Rename.Values(block.End, _resolve), edge => edge.Arguments.Length == 0 ? edge : edge with { Arguments = Rename.Values(edge.Arguments, _resolve) });
            block.End = Fold(end);
            _changed |= !ReferenceEquals(block.End, end);
        }
        if (_changed) RenameAgain();
        var tidied = TidyBlocks.Run(_function, _editor, _tables, ref _changed);
        return _changed ? tidied : _function;
    }

    /// <summary>Arguments of back edges were renamed before the aliases in the loop were known.</summary>
    private void RenameAgain()
    {
        foreach (var index in _flow.Order)
        {
            var block = _editor.Blocks[index];
            block.End = Rename.Edges(Rename.Values(block.End, _resolve), edge => edge.Arguments.Length == 0 ? edge : edge with { Arguments = Rename.Values(edge.Arguments, _resolve) });
        }
    }

    private ValueId Resolve(ValueId value)
    {
        var at = value.Index;
        while (_alias[at] != at) at = _alias[at];
        return new(at);
    }

    /// <summary>A parameter for which all edges bring one value is that value.</summary>
    private void Parameters(int index)
    {
        var block = _editor.Blocks[index];
        if (block.Parameters.Count == 0 || block.Borrows.Length > 0) return;
        var removed = false;
        var kept = new bool[block.Parameters.Count];
        for (var i = 0; i < kept.Length; i++)
        {
            var parameter = block.Parameters[i];
            kept[i] = true;
            if (Common(index, i, parameter) is not { } common || !IsAtLeast(common, parameter)) continue;
            _alias[parameter.Index] = common.Index;
            kept[i] = false;
            removed = true;
        }
        if (!removed) return;
        _changed = true;
        var left = new List<ValueId>();
        for (var i = 0; i < kept.Length; i++) if (kept[i]) left.Add(block.Parameters[i]);
        block.Parameters.Clear();
        block.Parameters.AddRange(left);
        foreach (var predecessor in _flow.Predecessors(index))
        {
            var source = _editor.Blocks[predecessor];
            source.End = Rename.Edges(source.End, edge =>
            {
                if (edge.Target.Index != index || edge.Arguments.Length != kept.Length) return edge;
                var arguments = ImmutableArray.CreateBuilder<ValueId>();
                for (var i = 0; i < kept.Length; i++) if (kept[i]) arguments.Add(edge.Arguments[i]);
                return edge with { Arguments = arguments.ToImmutable() };
            });
        }
    }

    private ValueId? Common(int index, int place, ValueId parameter)
    {
        ValueId? common = null;
        foreach (var predecessor in _flow.Predecessors(index))
        {
            var edges = new EdgeWalk(_editor.Blocks[predecessor].End);
            while (edges.Next(out var edge))
            {
                if (edge.Target.Index != index) continue;
                var argument = Resolve(edge.Arguments[place]);
                if (argument == parameter) continue;
                if (common is { } known && known != argument) return null;
                common = argument;
            }
        }
        return common;
    }

    private void Instruction(Instruction instruction, List<Instruction> code)
    {
        var operation = Rename.Values(instruction.Operation, _resolve);
        if (instruction.Result is { } result)
        {
            if (Same(operation) is { } same && IsAtLeast(same, result))
            {
                _alias[result.Index] = same.Index;
                _changed = true;
                return;
            }
            if (Constant(operation, _function.TypeOf(result)) is { } constant && operation is not Inst.Const)
            {
                operation = new Inst.Const(constant);
                _changed = true;
            }
            _definitions[result.Index] = operation;
        }
        code.Add(instruction with { Operation = operation });
    }

    /// <summary>The value may stand for the other: its type promises as much.</summary>
    private bool IsAtLeast(ValueId value, ValueId other)
    {
        var (type, wanted) = (_function.TypeOf(value), _function.TypeOf(other));
        if (type is MirType.Reference(var immediate, var canBeNull) && wanted is MirType.Reference(var mayImmediate, var mayNull))
            return (!immediate || mayImmediate) && (!canBeNull || mayNull);
        return type == wanted;
    }

    /// <summary>An existing value that the operation computes.</summary>
    private ValueId? Same(Inst inst)
    {
        switch (inst)
        {
            case Inst.Extract(var aggregate, var field) when _definitions[aggregate.Index] is Inst.MakeAggregate(_, var fields): return fields[field];
            case Inst.Project(var o, var layout, var field) when !_isMutated[o.Index]:
                // Another layout than it was made with: code that is never reached.
                return _definitions[o.Index] switch
                {
                    Inst.Alloc(var made, var fields) when made == layout => fields[field],
                    Inst.MakeClosure(_, var made, var captures) when made == layout => captures[field],
                    _ => null,
                };
            case Inst.Cast(CastOp.Reinterpret, var operand): return operand;
            case Inst.Select(var condition, var left, var right):
                if (left == right) return left;
                return ConstantOf(condition) is { } known ? known != 0 ? left : right : null;
            case Inst.Arithmetic(var op, _, var left, var right):
                if (op is ArithmeticOp.Add or ArithmeticOp.WrappingAdd && ConstantOf(left) == 0) return right;
                if (op is ArithmeticOp.Add or ArithmeticOp.Subtract or ArithmeticOp.WrappingAdd or ArithmeticOp.WrappingSubtract && ConstantOf(right) == 0) return left;
                if (op is ArithmeticOp.Multiply or ArithmeticOp.WrappingMultiply or ArithmeticOp.Divide && ConstantOf(right) == 1) return left;
                return null;
            default: return null;
        }
    }

    private long? ConstantOf(ValueId value) => _definitions[value.Index] is Inst.Const(var constant) ? constant : null;

    private long? Constant(Inst inst, MirType type)
    {
        switch (inst)
        {
            case Inst.Const(var value): return value;
            case Inst.Compare(var op, var signed, var left, var right):
                return ConstantOf(left) is { } a && ConstantOf(right) is { } b && _function.TypeOf(left) is MirType.Int or MirType.Bool ? Folding.Compare(op, signed, a, b) ? 1 : 0 : null;
            case Inst.Arithmetic(var op, var signed, var left, var right):
                return ConstantOf(left) is { } x && ConstantOf(right) is { } y ? Folding.Arithmetic(op, signed, type, x, y) : null;
            case Inst.Unary(UnaryOp.Not, var operand): return type is MirType.Bool && ConstantOf(operand) is { } known ? 1 - known : null;
            case Inst.IsNull(var operand):
                return _definitions[operand.Index] switch
                {
                    Inst.Null => 1,
                    Inst.Alloc or Inst.StringConst or Inst.MakeClosure or Inst.FunctionRef or Inst.Immediate => 0,
                    _ => _function.TypeOf(operand) is MirType.Reference { MayBeNull: false } ? 0 : null,
                };
            default: return null;
        }
    }

    private Terminator Fold(Terminator terminator)
    {
        switch (terminator)
        {
            case Terminator.Branch(var condition, var then, var otherwise):
                if (ConstantOf(condition) is { } known) return new Terminator.Jump(known != 0 ? then : otherwise);
                if (_definitions[condition.Index] is Inst.Unary(UnaryOp.Not, var negated)) return new Terminator.Branch(negated, otherwise, then);
                return then.Target == otherwise.Target && then.Arguments.AsSpan().SequenceEqual(otherwise.Arguments.AsSpan()) ? new Terminator.Jump(then) : terminator;
            case Terminator.SwitchInt(var value, var cases, var fallback):
                if (ConstantOf(value) is not { } number) return terminator;
                foreach (var (label, edge) in cases) if (label == number) return new Terminator.Jump(edge);
                return fallback is null ? new Terminator.Unreachable() : new Terminator.Jump(fallback);
            case Terminator.SwitchVariant(var o, _, var variants, var rest):
                var variant = _definitions[o.Index] switch
                {
                    Inst.Immediate(var index) => index,
                    Inst.Alloc(var layout, _) => _tables[layout].Tag,
                    _ => -1,
                };
                if (variant < 0) return terminator;
                foreach (var (label, edge) in variants) if (label == variant) return new Terminator.Jump(edge);
                return rest is null ? new Terminator.Unreachable() : new Terminator.Jump(rest);
            default: return terminator;
        }
    }
}

/// <summary>Arithmetic at compile time, with the meaning of <see cref="ArithmeticOp"/>.</summary>
internal static class Folding
{
    public static bool Compare(CompareOp op, bool signed, long left, long right)
    {
        var order = signed ? left.CompareTo(right) : ((ulong)left).CompareTo((ulong)right);
        return op switch
        {
            CompareOp.Equal => order == 0,
            CompareOp.NotEqual => order != 0,
            CompareOp.Less => order < 0,
            CompareOp.LessOrEqual => order <= 0,
            CompareOp.Greater => order > 0,
            CompareOp.GreaterOrEqual => order >= 0,
        };
    }

    /// <summary>Null where it would panic, and for what is left to LLVM.</summary>
    public static long? Arithmetic(ArithmeticOp op, bool signed, MirType type, long left, long right)
    {
        if (type is MirType.Bool)
        {
            return op switch
            {
                ArithmeticOp.ExactAdd => left + right,
                ArithmeticOp.ExactSubtract => left - right,
                ArithmeticOp.ExactMultiply => left * right,
                ArithmeticOp.And => left & right,
                ArithmeticOp.Or => left | right,
                ArithmeticOp.Xor => left ^ right,
                _ => null,
            };
        }
        if (type is not MirType.Int(64) || !signed) return null;
        try
        {
            return op switch
            {
                ArithmeticOp.Add => checked(left + right),
                ArithmeticOp.Subtract => checked(left - right),
                ArithmeticOp.Multiply => checked(left * right),
                ArithmeticOp.WrappingAdd => left + right,
                ArithmeticOp.WrappingSubtract => left - right,
                ArithmeticOp.WrappingMultiply => left * right,
                ArithmeticOp.And => left & right,
                ArithmeticOp.Or => left | right,
                ArithmeticOp.Xor => left ^ right,
                _ => null,
            };
        }
        catch (OverflowException) { return null; }
    }
}
