namespace Kea.Types.Inference;

/// <summary>Operators (3.19, 6.2): operand types, widening, and the trait each stands for.</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferBinary(Expression.Binary binary, Type? expected) => binary.Operator switch
    {
        BinaryOperator.And or BinaryOperator.Or => InferLogical(binary),
        BinaryOperator.In or BinaryOperator.NotIn => InferMembership(binary),
        BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.Less or BinaryOperator.LessOrEqual
            or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => InferComparison(binary),
        BinaryOperator.Range or BinaryOperator.RangeInclusive => InferRange(binary, expected),
        BinaryOperator.Concat or BinaryOperator.Combine => InferJoin(binary, expected),
        BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder =>
            InferArithmetic(binary, expected),
    };

    internal static string Text(BinaryOperator op) => op switch
    {
        BinaryOperator.Or => "or",
        BinaryOperator.And => "and",
        BinaryOperator.In => "in",
        BinaryOperator.NotIn => "not in",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Range => "..",
        BinaryOperator.RangeInclusive => "..=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Concat => "++",
        BinaryOperator.Combine => "<>",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
    };

    private TypedExpression InferArithmetic(Expression.Binary binary, Type? expected)
    {
        var symbol = Text(binary.Operator);
        if (binary.Operator is BinaryOperator.Divide or BinaryOperator.Remainder && IsZero(binary.Right))
        {
            Error("E0012", binary.Span, binary.Operator == BinaryOperator.Divide ? "division by zero is not allowed" : "modulo by zero is not allowed");
            return ErrorAt(binary.Span);
        }
        var hint = NumberHint(expected);
        if (hint is not null && Numbers.IsInteger(hint) && ConstantInteger.Evaluate(binary) is { } constant)
            return IntegerOf(constant, hint, binary.Span, "integer expression result");
        var left = InferOperand(binary.Left, hint ?? expected);
        var right = InferOperand(binary.Right, hint ?? expected);
        if (Meet(ref left, ref right, symbol) is not { } type) return ErrorAt(binary.Span);
        if (binary.Operator == BinaryOperator.Add && TypeShape.Is(type, BuiltinType.String))
            return new TypedExpression.Binary(BinaryOperator.Concat, left, right, type, binary.Span);
        if (!Numbers.IsNumber(type) || (binary.Operator == BinaryOperator.Remainder && !Numbers.IsInteger(type)))
        {
            if (!RequireOperator(binary, type, symbol)) return ErrorAt(binary.Span);
        }
        return new TypedExpression.Binary(binary.Operator, left, right, type, binary.Span);
    }

    private static bool IsZero(Expression divisor) => ConstantInteger.Evaluate(divisor) == 0;

    /// <summary>Literals take the expected type; everything else keeps its own (6.2.5.4).</summary>
    private TypedExpression InferOperand(Expression operand, Type? expected)
    {
        var takesHint = operand is Expression.Literal or Expression.Unary { Operator: UnaryOperator.Negate }
            || (operand is Expression.Binary { Operator: var op } && ConstantInteger.IsArithmetic(op));
        return Infer(operand, takesHint ? expected : null);
    }

    /// <summary>Brings two operands to one type; null when that was reported as impossible.</summary>
    private Type? Meet(ref TypedExpression left, ref TypedExpression right, string symbol)
    {
        if (TypeShape.IsError(left.Type) || TypeShape.IsError(right.Type)) return null;
        if (TypeShape.IsNever(left.Type) && !TypeShape.IsNever(right.Type)) left = Coerce(left, right.Type, Why.Plain);
        if (TypeShape.IsNever(right.Type) && !TypeShape.IsNever(left.Type)) right = Coerce(right, left.Type, Why.Plain);
        var a = Numbers.Of(left.Type);
        var b = Numbers.Of(right.Type);
        if (a == b && a != BuiltinType.None) return left.Type;
        if (Numbers.IsInteger(a) && Numbers.IsInteger(b))
        {
            var meet = _facts.Of(Numbers.Meet(a, b));
            left = Coerce(left, meet, Why.Plain);
            right = Coerce(right, meet, Why.Plain);
            return meet;
        }
        if (Numbers.IsFloat(a) && Numbers.IsFloat(b) && Numbers.Convert(a, b) is not null)
        {
            left = Coerce(left, _facts.Float, Why.Plain);
            right = Coerce(right, _facts.Float, Why.Plain);
            return _facts.Float;
        }
        if (Unify.Types(_unknowns, left.Type, right.Type) is not { } mismatch) return left.Type;
        if (a == BuiltinType.None && b != BuiltinType.None && !TypeShape.Is(left.Type, BuiltinType.String))
        {
            // The odd one out is the operand that is no number.
            Report(mismatch, right.Type, left.Type, left.Span, Why.Operator(symbol) with { Label = new Label(At(right.Span), $"this is `{Show(right.Type)}`") });
            return null;
        }
        Report(mismatch, left.Type, right.Type, right.Span, Why.Operator(symbol) with { Label = new Label(At(left.Span), $"this is `{Show(left.Type)}`") });
        return null;
    }

    /// <summary>An operand that is no number must have the operator's trait; false when it cannot.</summary>
    private bool RequireOperator(Expression.Binary binary, Type type, string symbol)
    {
        var name = binary.Operator switch
        {
            BinaryOperator.Add or BinaryOperator.Subtract => "Additive",
            BinaryOperator.Multiply or BinaryOperator.Divide => "Numeric",
            BinaryOperator.Concat => "Concatenable",
            BinaryOperator.Combine => "Monoid",
            _ => null,
        };
        if (name is null)
        {
            // `%` is for integers only and stands for no trait.
            if (type.Resolved is Type.Meta) return Unify.Types(_unknowns, type, _facts.Int) is null;
            Error("E0001", binary.Span, $"operator {symbol} requires integer type, got {Show(type)}");
            return false;
        }
        if (_facts.Trait(name) is { } trait)
        {
            Require(new Obligation(trait, type, [], [], binary.Span) { Operator = symbol });
            return true;
        }
        var bound = new OperatorBound(name, symbol, type, binary.Span);
        if (type.Resolved is not Type.Meta) return CheckOperand(bound);
        _operands.Add(bound);
        return true;
    }

    private TypedExpression InferJoin(Expression.Binary binary, Type? expected)
    {
        var symbol = Text(binary.Operator);
        var left = Infer(binary.Left, expected);
        var right = Infer(binary.Right, TypeShape.IsNever(left.Type) ? expected : left.Type);
        if (Meet(ref left, ref right, symbol) is not { } type) return ErrorAt(binary.Span);
        if (TypeShape.Is(type, BuiltinType.String) && binary.Operator == BinaryOperator.Concat)
            return new TypedExpression.Binary(binary.Operator, left, right, type, binary.Span);
        return RequireOperator(binary, type, symbol) ? new TypedExpression.Binary(binary.Operator, left, right, type, binary.Span) : ErrorAt(binary.Span);
    }

    private TypedExpression InferComparison(Expression.Binary binary)
    {
        var symbol = Text(binary.Operator);
        // A bare constructor takes its type from the other side, whichever side that is.
        var rightFirst = NeedsType(binary.Left) && !NeedsType(binary.Right);
        TypedExpression left, right;
        if (rightFirst)
        {
            right = Infer(binary.Right, null);
            left = Infer(binary.Left, ComparisonHint(right.Type));
        }
        else
        {
            left = Infer(binary.Left, null);
            right = Infer(binary.Right, ComparisonHint(left.Type));
        }
        if (Meet(ref left, ref right, symbol) is not { } type) return new TypedExpression.Error(_facts.Bool, binary.Span);
        var isEquality = binary.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual;
        if (!Numbers.IsNumber(type) && !TypeShape.IsNever(type))
        {
            var trait = isEquality ? _facts.Program.StandardTrait("Eq", "Eq") : _facts.Program.StandardTrait("Ord", "Ord");
            Require(new Obligation(trait, type, [], [], binary.Span) { Operator = symbol });
        }
        return new TypedExpression.Binary(binary.Operator, left, right, _facts.Bool, binary.Span);
    }

    private static bool NeedsType(Expression expression) => expression is Expression.Upper or Expression.Call { Callee: Expression.Upper } or Expression.List { Elements.IsEmpty: true };

    /// <summary>The other operand is a hint for constructors and empty lists, never for numbers (6.2.5.3).</summary>
    private static Type? ComparisonHint(Type other) => Numbers.IsNumber(other) || TypeShape.IsNever(other) ? null : other;

    private TypedExpression InferMembership(Expression.Binary binary)
    {
        var right = Infer(binary.Right, null);
        if (right.Type.Resolved is Type.Meta) right = Coerce(right, _facts.List(_unknowns.Fresh()), Why.Plain);
        TypedExpression? left = null;
        switch (right.Type.Resolved)
        {
            case Type.Named { Symbol.Builtin: BuiltinType.String }:
                left = Check(binary.Left, _facts.String, Why.Operator("in"));
                break;
            case Type.Named { Symbol.Builtin: BuiltinType.List or BuiltinType.Set or BuiltinType.Map or BuiltinType.Range, Arguments: [var element, ..] } named:
                left = Check(binary.Left, element, Why.Operator("in"));
                if (named.Symbol.Builtin == BuiltinType.List) RequireUnlessNumber("Eq", element, binary.Span);
                if (named.Symbol.Builtin == BuiltinType.Range) RequireUnlessNumber("Ord", element, binary.Span);
                break;
            case Type.Error:
                Infer(binary.Left, null);
                break;
            case var other:
                Infer(binary.Left, null);
                Error("E0001", binary.Right.Span, $"operator in requires a List, Set, Map, Range or String, got `{Show(other)}`");
                break;
        }
        return left is null ? new TypedExpression.Error(_facts.Bool, binary.Span) : new TypedExpression.Binary(binary.Operator, left, right, _facts.Bool, binary.Span);
    }

    private void RequireUnlessNumber(string trait, Type type, TextSpan span)
    {
        if (!Numbers.IsNumber(type)) Require(_facts.Program.StandardTrait(trait, trait), type, span);
    }

    private TypedExpression InferRange(Expression.Binary binary, Type? expected)
    {
        var hint = expected?.Resolved is Type.Named { Symbol.Builtin: BuiltinType.Range, Arguments: [var wanted] } ? wanted : null;
        var from = Infer(binary.Left, hint);
        var to = Infer(binary.Right, hint);
        if (hint is not null && hint.Resolved is not Type.Meta)
        {
            from = Coerce(from, hint, Why.Operator(Text(binary.Operator)));
            to = Coerce(to, hint, Why.Operator(Text(binary.Operator)));
        }
        if (Meet(ref from, ref to, Text(binary.Operator)) is not { } type) return ErrorAt(binary.Span);
        RequireUnlessNumber("Ord", type, binary.Span);
        var range = new Type.Named(_facts.Program.Primitive(BuiltinType.Range), [type]);
        return new TypedExpression.Range(from, to, binary.Operator == BinaryOperator.RangeInclusive, range, binary.Span);
    }

    private TypedExpression InferUnary(Expression.Unary unary, Type? expected)
    {
        if (unary.Operator == UnaryOperator.Not)
        {
            var condition = Check(unary.Operand, _facts.Bool, Why.Operator("not"));
            return new TypedExpression.Not(condition, _facts.Bool, unary.Span);
        }
        if (ConstantInteger.Evaluate(unary) is { } constant && (NumberHint(expected) is not { } hint || Numbers.IsInteger(hint) || !Numbers.IsFloat(hint)))
            return IntegerOf(constant, expected, unary.Span, unary.Operand is Expression.Literal ? "integer literal" : "integer expression result");
        var operand = Infer(unary.Operand, expected);
        if (TypeShape.IsError(operand.Type)) return operand;
        if (operand is TypedExpression.Float(var value, _, _)) return new TypedExpression.Float(-value, operand.Type, unary.Span);
        if (!Numbers.IsNumber(operand.Type) && !TypeShape.IsNever(operand.Type))
        {
            if (_facts.Trait("Additive") is { } additive)
            {
                Require(new Obligation(additive, operand.Type, [], [], unary.Span) { Operator = "-" });
            }
            else if (operand.Type.Resolved is Type.Meta)
            {
                _operands.Add(new OperatorBound("Additive", "-", operand.Type, unary.Span));
            }
            else
            {
                Error("E0001", unary.Span, $"operator - requires Additive type, got {Show(operand.Type)}");
                return ErrorAt(unary.Span);
            }
        }
        return new TypedExpression.Negate(operand, operand.Type, unary.Span);
    }
}
