namespace Kea.Types.Inference;

/// <summary>Integer methods, <c>T.try_from</c>, <c>Ptr.*</c>, layout queries (3.6.6, 3.18).</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression CallBuiltin(TypeSymbol owner, string name, List<GivenArgument> given, Type? expected, TextSpan span, TextSpan nameSpan)
    {
        if (given.Find(g => g.Label is not null) is { Label: { } label })
        {
            Error("E0009", label.Span, $"unknown argument label `{label.Text}`");
            InferAll(given);
            return ErrorAt(span);
        }
        if (name == "try_from") return CallTryFrom(owner, given, span);
        var isPointer = owner.Builtin == BuiltinType.Ptr;
        Type self = isPointer ? _unknowns.Fresh() : TypeOf(owner);
        var (parameters, result, isUnsafe) = BuiltinMethods.Signature(_facts, _unknowns, owner, self, name);
        if (isUnsafe && _unsafeDepth == 0)
            Error("E0012", nameSpan, $"call to `@unsafe` function `{owner.Name}.{name}` requires unsafe context", "",
                _function is null ? null : $"enclosing function `{_function.Name}` is safe");
        if (given.Count != parameters.Length)
        {
            Error("E0009", span, given.Count > parameters.Length
                ? $"too many arguments: expected {parameters.Length}, got {given.Count}"
                : $"missing required positional argument at position {given.Count + 1}");
            InferAll(given);
            return ErrorAt(span);
        }
        if (isPointer) Push(result, expected);
        var why = new Why(WhyKind.Argument);
        var arguments = new TypedExpression[parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = given[i].Typed is { } typed ? Coerce(typed, parameters[i], why) : Check(given[i].Syntax!, parameters[i], why);
        if (Array.Exists(arguments, a => a is TypedExpression.Error)) return ErrorOf(result, span);
        return new TypedExpression.Call(new CallTarget.Builtin(BuiltinMethods.TreeName(owner.Builtin, name), self), ImmutableCollectionsMarshal.AsImmutableArray(arguments), result, span);
    }

    /// <summary><c>Int8.try_from(n)</c> from any integer; a constant that does not fit is rejected.</summary>
    private TypedExpression CallTryFrom(TypeSymbol owner, List<GivenArgument> given, TextSpan span)
    {
        var result = _facts.Option(TypeOf(owner));
        if (given.Count != 1)
        {
            Error("E0009", span, given.Count > 1 ? $"too many arguments: expected 1, got {given.Count}" : "missing required positional argument at position 1");
            InferAll(given);
            return ErrorAt(span);
        }
        if (given[0].Syntax is { } syntax && ConstantInteger.Evaluate(syntax) is { } constant && !Numbers.Fits(constant, owner.Builtin))
        {
            Error("E0001", syntax.Span, $"conversion value `{constant}` does not fit in `{owner.Name}`");
            return new TypedExpression.Error(result, span);
        }
        var value = given[0].Typed ?? Infer(given[0].Syntax!, null);
        if (value.Type.Resolved is Type.Meta) value = Coerce(value, _facts.Int, Why.Plain);
        if (TypeShape.IsError(value.Type)) return new TypedExpression.Error(result, span);
        if (!Numbers.IsInteger(value.Type))
        {
            Error("E0001", value.Span, $"narrowing conversion expects an integer input, got `{Show(value.Type)}`");
            return new TypedExpression.Error(result, span);
        }
        return new TypedExpression.Call(new CallTarget.Builtin("try_from", TypeOf(owner)), [value], result, span);
    }

    /// <summary><c>Int8.try_from</c> without brackets: the lambda that calls it.</summary>
    private TypedExpression BuiltinValue(TypeSymbol owner, string name, Type? expected, TextSpan span)
    {
        ImmutableArray<Type> parameters = [_facts.Int];
        if (name != "try_from")
        {
            Type self = owner.Builtin == BuiltinType.Ptr ? _unknowns.Fresh() : TypeOf(owner);
            parameters = BuiltinMethods.Signature(_facts, _unknowns, owner, self, name).Parameters;
        }
        if (expected?.Resolved is Type.Function wanted && wanted.Parameters.Length == parameters.Length)
            for (var i = 0; i < parameters.Length; i++) Push(parameters[i], wanted.Parameters[i]);
        var locals = ImmutableArray.CreateRange(parameters, p => new LocalSymbol("", p, span));
        var given = new List<GivenArgument>();
        foreach (var local in locals) given.Add(GivenArgument.Of(new TypedExpression.Local(local, local.Type, span)));
        var body = CallBuiltin(owner, name, given, null, span, span);
        return new TypedExpression.Lambda(ImmutableArray.CreateRange(locals, TypedPattern (l) => new TypedPattern.Binding(l, l.Type, span)), body,
            new Type.Function(parameters, Row.Empty, body.Type), span);
    }

    private TypedExpression InferLayoutQuery(Expression.LayoutQuery query)
    {
        var type = ResolveType(query.Type, allowHoles: false);
        return TypeShape.IsError(type) ? new TypedExpression.Error(_facts.Int, query.Span) : new TypedExpression.LayoutQuery(query.IsAlign, type, _facts.Int, query.Span);
    }

    private Type ResolveType(TypeSyntax syntax, bool allowHoles = true)
    {
        var type = _facts.Program.ResolveType(syntax, _module, _owner, _typeVariables, allowHoles ? kind => _unknowns.Fresh(kind) : null, _bag);
        return WithoutForall(Normalize(type, syntax.Span), syntax.Span);
    }
}
