namespace Kea.Syntax;

/// <summary>Does an expression have a block outside brackets that is not a lambda's own? Such a block ends the expression's lines.</summary>
internal static class NakedBlock
{
    public static bool IsIn(Expression expression) => new Search(CountsLambdas: false).IsIn(expression);

    /// <summary>The same, but a lambda's own block counts too unless brackets stand around the lambda.
    /// An anonymous fn always does: with a block behind it, its body would be read as part of its result type.</summary>
    public static bool IsInOrInLambda(Expression expression) => new Search(CountsLambdas: true).IsIn(expression);

    private readonly record struct Search(bool CountsLambdas)
    {
        public bool IsIn(Expression expression) => expression switch
        {
            Expression.Block or Expression.With or Expression.Case or Expression.Cond => true,
            Expression.For or Expression.While or Expression.Handle => true,
            Expression.If(var condition, var then, var otherwise, _) =>
                IsIn(condition) || IsIn(then) || otherwise is not null && IsIn(otherwise),
            Expression.Lambda(_, var body, _) => IsInBody(body),
            Expression.AnonymousFunction(_, _, _, var body, _) => CountsLambdas || IsInBody(body),
            Expression.Let(_, _, var value, _) => IsIn(value),
            Expression.Unsafe(var body, _) => IsIn(body),
            Expression.Resume(var value, _) => IsIn(value),
            Expression.Fail(var value, _) => IsIn(value),
            Expression.Catch(var body, _) => IsIn(body),
            Expression.Panic(var message, _) => IsIn(message),
            Expression.Assertion(_, var arguments, _) => arguments.Any(IsIn),
            Expression.Ascription(var operand, _, _) => IsIn(operand),
            Expression.When(var body, var condition, _) => IsIn(body) || IsIn(condition),
            Expression.Binary(_, var left, var right, _, _) => IsIn(left) || IsIn(right),
            Expression.Unary(_, var operand, _, _) => IsIn(operand),
            Expression.Try(var operand, _) => IsIn(operand),
            Expression.Field(var target, _, _) => IsIn(target),
            Expression.Call call => !call.IsBracketed && IsIn(call.Callee),
            Expression.Update(var @base, _, _) => IsIn(@base),
            Expression.TailRecursive(var invocation, _) => IsIn(invocation),
            Expression.Literal or Expression.Unit or Expression.Interpolation or Expression.Atom => false,
            Expression.Variable or Expression.Upper or Expression.Tuple or Expression.List or Expression.Map => false,
            Expression.Record or Expression.LayoutQuery or Expression.TypeArgument => false,
            Expression.Placeholder or Expression.Error => false,
        };

        private bool IsInBody(Expression body) => body is Expression.Block ? CountsLambdas : IsIn(body);
    }
}
