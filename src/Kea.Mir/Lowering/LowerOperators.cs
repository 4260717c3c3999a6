using System.Collections.Immutable;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Mir;

/// <summary>Operators and interpolation: what they mean follows from the closed type of their operands.</summary>
internal sealed partial class FunctionLowering
{
    private ValueId LowerBinary(TypedExpression.Binary binary)
    {
        if (binary.Operator is BinaryOperator.And or BinaryOperator.Or) return ShortCircuit(binary);
        var left = Value(binary.Left);
        var right = Value(binary.Right);
        if (!_b.IsReachable) return _b.NewValue(Of(TypeOf(binary)));
        At(binary);
        var type = TypeOf(binary.Left);
        return binary.Operator switch
        {
            BinaryOperator.In => EmitContains(type, left, TypeOf(binary.Right), right),
            BinaryOperator.NotIn => _b.Not(EmitContains(type, left, TypeOf(binary.Right), right)),
            BinaryOperator.Equal => EmitEquals(type, left, right),
            BinaryOperator.NotEqual => EmitNotEquals(type, left, right),
            BinaryOperator.Less => EmitOrder(CompareOp.Less, type, left, right),
            BinaryOperator.LessOrEqual => EmitOrder(CompareOp.LessOrEqual, type, left, right),
            BinaryOperator.Greater => EmitOrder(CompareOp.Greater, type, left, right),
            BinaryOperator.GreaterOrEqual => EmitOrder(CompareOp.GreaterOrEqual, type, left, right),
            BinaryOperator.Add when type.IsString => _b.Runtime(RuntimeFunctions.StringConcat, left, right),
            BinaryOperator.Add => EmitArithmetic(ArithmeticOp.Add, ArithmeticOp.FloatAdd, "Additive", "add", type, left, right),
            BinaryOperator.Subtract => EmitArithmetic(ArithmeticOp.Subtract, ArithmeticOp.FloatSubtract, "Additive", "sub", type, left, right),
            BinaryOperator.Multiply => EmitArithmetic(ArithmeticOp.Multiply, ArithmeticOp.FloatMultiply, "Numeric", "mul", type, left, right),
            BinaryOperator.Divide => EmitArithmetic(ArithmeticOp.Divide, ArithmeticOp.FloatDivide, "Numeric", "div", type, left, right),
            BinaryOperator.Remainder => _b.Emit(Of(type), new Inst.Arithmetic(ArithmeticOp.Remainder, Representation.IsSigned(type.BuiltinOrNone), left, right)),
            BinaryOperator.Concat => EmitConcat("Concatenable", "concat", type, left, right),
            BinaryOperator.Combine => EmitConcat("Monoid", "combine", type, left, right),
            BinaryOperator.And or BinaryOperator.Or or BinaryOperator.Range or BinaryOperator.RangeInclusive => throw new InvalidOperationException("lowering: not an operator on two values"),
        };
    }

    private ValueId LowerNegate(TypedExpression.Negate negate)
    {
        var type = TypeOf(negate.Operand);
        var operand = Value(negate.Operand);
        At(negate);
        if (Representation.IsInteger(type.BuiltinOrNone)) return _b.Emit(Of(type), new Inst.Unary(UnaryOp.Negate, operand));
        if (Representation.IsFloat(type.BuiltinOrNone)) return _b.Emit(Of(type), new Inst.Unary(UnaryOp.FloatNegate, operand));
        return CallMethod("Additive", "negate", type, [operand]);
    }

    private ValueId EmitArithmetic(ArithmeticOp onIntegers, ArithmeticOp onFloats, string trait, string method, ClosedType type, ValueId left, ValueId right)
    {
        if (Representation.IsInteger(type.BuiltinOrNone))
            return _b.Emit(Of(type), new Inst.Arithmetic(onIntegers, Representation.IsSigned(type.BuiltinOrNone), left, right));
        if (Representation.IsFloat(type.BuiltinOrNone)) return _b.Emit(Of(type), new Inst.Arithmetic(onFloats, true, left, right));
        return CallMethod(trait, method, type, [left, right]);
    }

    private ValueId EmitConcat(string trait, string method, ClosedType type, ValueId left, ValueId right)
    {
        if (type.IsString) return _b.Runtime(RuntimeFunctions.StringConcat, left, right);
        if (type is ClosedType.Nominal { Builtin: BuiltinType.List } list) return CallStandard("List", "append", list.Arguments, [left, right]);
        if (type is ClosedType.Nominal { Builtin: BuiltinType.Map } map) return CallStandard("Map", "merge", map.Arguments, [left, right]);
        return CallMethod(trait, method, type, [left, right]);
    }

    private ValueId EmitContains(ClosedType element, ValueId wanted, ClosedType container, ValueId within)
    {
        switch (container.BuiltinOrNone)
        {
            case BuiltinType.String: return _b.Runtime(RuntimeFunctions.TextContains, within, wanted);
            case BuiltinType.Set: return CallStandard("Set", "member", ((ClosedType.Nominal)container).Arguments, [within, wanted]);
            case BuiltinType.Map: return CallStandard("Map", "has", ((ClosedType.Nominal)container).Arguments, [within, wanted]);
            case BuiltinType.Range: return EmitInRange(element, wanted, within);
            default: return CallSynthetic(ListContains((ClosedType.Nominal)container), [within, wanted]);
        }
    }

    private ValueId EmitInRange(ClosedType element, ValueId wanted, ValueId range)
    {
        var bound = Of(element);
        var from = _b.Emit(bound, new Inst.Extract(range, 0));
        var to = _b.Emit(bound, new Inst.Extract(range, 1));
        var inclusive = _b.Emit(MirType.Boolean, new Inst.Extract(range, 2));
        var (notBelow, upper, closed) = (_b.NewBlock(), _b.NewBlock(), _b.NewBlock());
        var join = new JoinPoint(MirType.Boolean);
        var below = _b.NewBlock();
        _b.Branch(EmitOrder(CompareOp.LessOrEqual, element, from, wanted), notBelow, below);
        _b.Continue(below);
        Arrive(join, _b.Bool(false));
        _b.Continue(notBelow);
        _b.Branch(inclusive, closed, upper);
        _b.Continue(closed);
        Arrive(join, EmitOrder(CompareOp.LessOrEqual, element, wanted, to));
        _b.Continue(upper);
        Arrive(join, EmitOrder(CompareOp.Less, element, wanted, to));
        return Resolve(join);
    }

    /// <summary>One text from all parts: the first is appended to, so that it grows in place.</summary>
    private ValueId LowerInterpolation(TypedExpression.Interpolation interpolation)
    {
        ValueId? text = null;
        foreach (var part in interpolation.Parts)
        {
            if (part is TypedExpression.String("", _, _)) continue;
            var value = Value(part);
            if (!_b.IsReachable) return _b.NewValue(MirType.Ref);
            At(part);
            var type = TypeOf(part);
            text = text is null ? EmitShow(type, value)
                : type.BuiltinOrNone == BuiltinType.Char ? _b.Runtime(RuntimeFunctions.StringAppendChar, text.Value, value)
                : _b.Runtime(RuntimeFunctions.StringConcat, text.Value, EmitShow(type, value));
        }
        return text ?? _b.String("");
    }
}
