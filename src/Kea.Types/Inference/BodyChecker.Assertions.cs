namespace Kea.Types.Inference;

/// <summary>Ascription, assertions, <c>@tailrec</c>, and what this version does not have.</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferAscription(Expression.Ascription ascription)
    {
        var type = ResolveType(ascription.Type);
        var value = Check(ascription.Operand, type, Why.Annotation with { Label = new Label(At(ascription.Type.Span), "declared here") });
        return value is TypedExpression.Error ? new TypedExpression.Error(type, value.Span) : value;
    }

    private TypedExpression InferAssertion(Expression.Assertion assertion, Type? expected)
    {
        var word = assertion.Word.Text;
        var count = word is "assert_eq" or "assert_ne" ? 2 : 1;
        if (assertion.Arguments.Length != count)
        {
            Error("E0009", assertion.Span, $"`{word}` expects {count} argument(s), got {assertion.Arguments.Length}");
            foreach (var argument in assertion.Arguments) Infer(argument, null);
            return ErrorAt(assertion.Span);
        }
        var arguments = ImmutableArray.CreateRange(assertion.Arguments, a => new Argument(null, a));
        return Infer(new Expression.Call(new Expression.Variable(assertion.Word, assertion.Word.Span), arguments, assertion.Span), expected);
    }

    private TypedExpression InferTailRecursive(Expression.TailRecursive call, Type? expected, bool isTail)
    {
        var value = Infer(call.Invocation, expected);
        if (TypeShape.IsError(value.Type) && value is TypedExpression.Error) return value;
        var target = value is TypedExpression.Block block ? block.Statements[^1] : value;
        var isSelf = target is TypedExpression.Call { Target: var callee } && callee switch
        {
            CallTarget.Function(var symbol, _) => ReferenceEquals(symbol, _function),
            CallTarget.TraitMethod(_, var method, _, _, _) => _function is not null && method.Name == _function.Name,
            CallTarget.Operation => false,
            CallTarget.Value => false,
            CallTarget.Builtin => false,
        };
        if (!isTail) Error("E0012", call.Span, "@tailrec call is not in tail position", "something is still done with its result");
        else if (!isSelf) Error("E0012", call.Span, "@tailrec call is not in tail position: it does not call the function it stands in");
        return value;
    }

    private TypedExpression InferHandle(Expression.Handle handle)
    {
        Error("E0904", handle.Span, "effect handlers (`handle`) are not implemented in this version");
        OpenEffects(EffectBoundary.Catch);
        Infer(handle.Body, null);
        CloseEffects();
        return ErrorAt(handle.Span);
    }

    private TypedExpression InferResume(Expression.Resume resume)
    {
        Error("E0012", resume.Span, "`resume` is only valid inside a matching handler clause");
        Infer(resume.Value, null);
        return ErrorAt(resume.Span);
    }
}
