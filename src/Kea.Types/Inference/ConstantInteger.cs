namespace Kea.Types.Inference;

/// <summary>Constant expressions (6.2.2.4): integer literals, unary <c>-</c>, <c>+ - * / %</c>, brackets.</summary>
internal static class ConstantInteger
{
    private const int DepthMax = 200;

    /// <summary>The exact value; null for everything else, for a zero divisor, and for what exceeds 127 bits.</summary>
    public static Int128? Evaluate(Expression expression, int depth = 0)
    {
        if (depth > DepthMax) return null;
        switch (expression)
        {
            case Expression.Literal { Value: LiteralValue.Integer(var value) }:
                return value;
            case Expression.Unary { Operator: UnaryOperator.Negate, Operand: var operand }:
                return -Evaluate(operand, depth + 1);
            case Expression.Binary { Operator: var op, Left: var left, Right: var right } when IsArithmetic(op):
                return Evaluate(right, depth + 1) is { } b && Evaluate(left, depth + 1) is { } a ? Apply(op, a, b) : null;
            default:
                return null;
        }
    }

    public static bool IsArithmetic(BinaryOperator op) =>
        op is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder;

    private static Int128? Apply(BinaryOperator op, Int128 a, Int128 b)
    {
        try
        {
            return op switch
            {
                BinaryOperator.Add => checked(a + b),
                BinaryOperator.Subtract => checked(a - b),
                BinaryOperator.Multiply => checked(a * b),
                BinaryOperator.Divide => b == 0 ? null : a / b,
                BinaryOperator.Remainder => b == 0 ? null : a % b,
                _ => null,
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
