namespace Kea.Types.Inference;

/// <summary>The consts that a constant expression reads; only the forms that an initialiser may have are looked into.</summary>
internal static class ConstReferences
{
    public static void Collect(TypedExpression expression, List<ConstSymbol> into)
    {
        switch (expression)
        {
            case TypedExpression.Const constant: into.Add(constant.Symbol); break;
            case TypedExpression.Construct construct: All(construct.Arguments, into); break;
            case TypedExpression.Struct literal:
                foreach (var (_, value) in literal.Fields) Collect(value, into);
                if (literal.Spread is { } spread) Collect(spread, into);
                break;
            case TypedExpression.Record record:
                foreach (var (_, value) in record.Fields) Collect(value, into);
                if (record.Base is { } from) Collect(from, into);
                break;
            case TypedExpression.Update update:
                Collect(update.Base, into);
                foreach (var (_, value) in update.Fields) Collect(value, into);
                break;
            case TypedExpression.Field field: Collect(field.Target, into); break;
            case TypedExpression.Tuple tuple: All(tuple.Elements, into); break;
            case TypedExpression.TupleElement element: Collect(element.Target, into); break;
            case TypedExpression.List list: All(list.Elements, into); break;
            case TypedExpression.Range range:
                Collect(range.From, into);
                Collect(range.To, into);
                break;
            case TypedExpression.Rewrap rewrap: Collect(rewrap.Operand, into); break;
            case TypedExpression.Binary binary:
                Collect(binary.Left, into);
                Collect(binary.Right, into);
                break;
            case TypedExpression.Negate negate: Collect(negate.Operand, into); break;
            case TypedExpression.Not not: Collect(not.Operand, into); break;
            case TypedExpression.Interpolation text: All(text.Parts, into); break;
            case TypedExpression.Convert convert: Collect(convert.Operand, into); break;
            case TypedExpression.Call call: All(call.Arguments, into); break;
            case TypedExpression.Block block: All(block.Statements, into); break;
            case TypedExpression.Let let: Collect(let.Value, into); break;
        }
    }

    private static void All(ImmutableArray<TypedExpression> expressions, List<ConstSymbol> into)
    {
        foreach (var expression in expressions) Collect(expression, into);
    }
}
