namespace Kea.Types.Inference;

/// <summary>Types as arguments (3.22): where a parameter has the type <c>Type t</c>, the argument names what <c>t</c> is.</summary>
internal sealed partial class BodyChecker
{
    /// <summary>The argument for a parameter of type <c>Type t</c>; null when the parameter or the argument is something else.</summary>
    /// <remarks>Nothing is passed at run time: a value of type <c>Type t</c> has no parts.</remarks>
    private TypedExpression? TypeAsArgument(Expression argument, Type parameter, in Why why)
    {
        if (parameter.Resolved is not Type.Named { Symbol.Builtin: BuiltinType.TypeValue, Arguments: [var wanted] }) return null;
        // A lower name is a value here, which may be a type that was passed on.
        if (argument is Expression.Variable || TypeOf(argument) is not { } syntax) return null;
        var type = ResolveType(syntax, allowHoles: false);
        if (TypeShape.IsError(type)) return ErrorAt(argument.Span);
        if (Unify.Types(_unknowns, wanted, type) is { } mismatch)
        {
            Report(mismatch, wanted, type, argument.Span, why);
            return ErrorAt(argument.Span);
        }
        return new TypedExpression.Unit(parameter, argument.Span);
    }

    /// <summary>What was read as an operand, read as a type; null when it cannot be one.</summary>
    private static TypeSyntax? TypeOf(Expression argument)
    {
        switch (argument)
        {
            case Expression.TypeArgument written:
                return written.Type;
            case Expression.Upper or Expression.Field:
                return PathOf(argument) is { } names ? new TypeSyntax.Named(Path(names), [], false, argument.Span) : null;
            case Expression.Variable variable:
                return new TypeSyntax.Variable(variable.Name, [], variable.Span);
            case Expression.Unit unit:
                return new TypeSyntax.Unit(unit.Span);
            case Expression.Tuple tuple:
                return All(tuple.Elements) is { } elements ? new TypeSyntax.Tuple(elements, tuple.Span) : null;
            case Expression.Call { Callee: var callee } call when PathOf(callee) is { } head && call.Arguments.All(a => a.Label is null):
                return All([.. call.Arguments.Select(a => a.Value)]) is { } arguments ? new TypeSyntax.Named(Path(head), arguments, false, call.Span) : null;
            default:
                return null;
        }
    }

    private static ImmutableArray<TypeSyntax>? All(ImmutableArray<Expression> arguments)
    {
        var types = ImmutableArray.CreateBuilder<TypeSyntax>(arguments.Length);
        foreach (var argument in arguments)
        {
            if (TypeOf(argument) is not { } type) return null;
            types.Add(type);
        }
        return types.MoveToImmutable();
    }

    private static PathName Path(List<Name> names) => new([.. names], names[0].Span.Until(names[^1].Span));

    private TypedExpression InferTypeArgument(Expression.TypeArgument argument)
    {
        Error("E0001", argument.Span, "a type is not a value: only a parameter of type `Type t` takes one");
        return ErrorAt(argument.Span);
    }
}
