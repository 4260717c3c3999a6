using Kea.Types;

namespace Kea.Mir;

/// <summary>The direct parts of a typed expression.</summary>
internal static class TypedChildren
{
    public static void Push(TypedExpression expression, Stack<TypedExpression> into)
    {
        switch (expression)
        {
            case TypedExpression.Call call:
                if (call.Target is CallTarget.Value(var callee)) into.Push(callee);
                foreach (var argument in call.Arguments) into.Push(argument);
                break;
            case TypedExpression.FunctionValue { Target: CallTarget.Value(var value) }: into.Push(value); break;
            case TypedExpression.Construct construct: foreach (var argument in construct.Arguments) into.Push(argument); break;
            case TypedExpression.Struct literal:
                foreach (var (_, value) in literal.Fields) into.Push(value);
                if (literal.Spread is not null) into.Push(literal.Spread);
                break;
            case TypedExpression.Record record:
                foreach (var (_, value) in record.Fields) into.Push(value);
                if (record.Base is not null) into.Push(record.Base);
                break;
            case TypedExpression.Update update:
                into.Push(update.Base);
                foreach (var (_, value) in update.Fields) into.Push(value);
                break;
            case TypedExpression.Field field: into.Push(field.Target); break;
            case TypedExpression.Tuple tuple: foreach (var element in tuple.Elements) into.Push(element); break;
            case TypedExpression.TupleElement element: into.Push(element.Target); break;
            case TypedExpression.List list: foreach (var element in list.Elements) into.Push(element); break;
            case TypedExpression.Range range: Push(into, range.From, range.To); break;
            case TypedExpression.Rewrap wrap: into.Push(wrap.Operand); break;
            case TypedExpression.Binary binary: Push(into, binary.Left, binary.Right); break;
            case TypedExpression.Negate negate: into.Push(negate.Operand); break;
            case TypedExpression.Not not: into.Push(not.Operand); break;
            case TypedExpression.Interpolation interpolation: foreach (var part in interpolation.Parts) into.Push(part); break;
            case TypedExpression.Convert convert: into.Push(convert.Operand); break;
            case TypedExpression.Block block: foreach (var statement in block.Statements) into.Push(statement); break;
            case TypedExpression.Let let: into.Push(let.Value); break;
            case TypedExpression.LetPolymorphic let: into.Push(let.Value); break;
            case TypedExpression.Lambda lambda: into.Push(lambda.Body); break;
            case TypedExpression.If choice:
                Push(into, choice.Condition, choice.Then);
                if (choice.Else is not null) into.Push(choice.Else);
                break;
            case TypedExpression.Case cases:
                into.Push(cases.Scrutinee);
                foreach (var arm in cases.Arms)
                {
                    into.Push(arm.Body);
                    if (arm.Guard is not null) into.Push(arm.Guard);
                }
                break;
            case TypedExpression.While loop: Push(into, loop.Condition, loop.Body); break;
            case TypedExpression.For loop: Push(into, loop.Iterable, loop.Body); break;
            case TypedExpression.Fail fail: into.Push(fail.Value); break;
            case TypedExpression.Try attempt: into.Push(attempt.Operand); break;
            case TypedExpression.Catch caught: into.Push(caught.Body); break;
            case TypedExpression.Panic panic: into.Push(panic.Message); break;
            case TypedExpression.FunctionValue or TypedExpression.Integer or TypedExpression.Float or TypedExpression.Char or TypedExpression.String
                or TypedExpression.Bool or TypedExpression.Unit or TypedExpression.Atom or TypedExpression.Local or TypedExpression.Const
                or TypedExpression.PolymorphicLocal or TypedExpression.LayoutQuery or TypedExpression.Error:
                break;
        }
    }

    private static void Push(Stack<TypedExpression> into, TypedExpression first, TypedExpression second)
    {
        into.Push(first);
        into.Push(second);
    }
}
