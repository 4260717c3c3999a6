namespace Kea.Types.Inference;

/// <summary>Lambdas, anonymous functions, <c>with</c> (3.7, 3.16).</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferLambda(Expression.Lambda lambda, Type? expected)
    {
        var wanted = expected?.Resolved as Type.Function;
        if (wanted is not null && wanted.Parameters.Length != lambda.Parameters.Length) wanted = null;
        var scope = OpenScope();
        var parameters = new TypedPattern[lambda.Parameters.Length];
        var types = new Type[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = lambda.Parameters[i];
            types[i] = parameter.Type is { } written ? ResolveType(written) : wanted?.Parameters[i] ?? _unknowns.Fresh();
            if (parameter.Type is not null && wanted is not null) Push(types[i], wanted.Parameters[i]);
            parameters[i] = ParameterPattern(parameter.Pattern, types[i], BindingKind.Parameter, "lambda parameter");
        }
        return FinishLambda(parameters, types, lambda.Body, wanted, scope, lambda.Span);
    }

    private TypedExpression FinishLambda(TypedPattern[] parameters, Type[] types, Expression bodySyntax, Type.Function? wanted, int scope, TextSpan span)
    {
        var effects = OpenEffects(EffectBoundary.Lambda);
        if (wanted is not null) effects.FailPayload = Rows.Find(Rows.Flatten(wanted.Effects), _facts.Program.FailEffect)?.Payload;
        var result = wanted?.Result;
        var tail = _isTail;
        _isTail = false;
        var depth = _unsafeDepth;
        var body = Infer(bodySyntax, result);
        // The expected result is one to meet only where it is known: an unknown takes whatever the body has.
        if (result is not null) body = Coerce(body, result, new Why(WhyKind.Body));
        _unsafeDepth = depth;
        _isTail = tail;
        CloseScope(scope);
        var row = UnionOf(effects, span);
        CloseEffects();
        var type = new Type.Function(ImmutableCollectionsMarshal.AsImmutableArray(types), row, result ?? body.Type);
        return new TypedExpression.Lambda(ImmutableCollectionsMarshal.AsImmutableArray(parameters), body, type, span);
    }

    /// <summary><c>fn(x: Int) -[IO]> T body</c>: a lambda whose types and row are declared and held to.</summary>
    private TypedExpression InferAnonymousFunction(Expression.AnonymousFunction function)
    {
        var scope = OpenScope();
        var parameters = new TypedPattern[function.Parameters.Length];
        var types = new Type[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = function.Parameters[i];
            if (parameter.Type is null) Error("E0801", parameter.Span, "parameter of a `fn` needs a type");
            types[i] = parameter.Type is { } written ? ResolveType(written) : _unknowns.Fresh();
            parameters[i] = ParameterPattern(parameter.Pattern, types[i], BindingKind.Parameter);
        }
        var result = ResolveType(function.Result);
        var declared = Rows.Flatten(_facts.Program.ResolveEffects(function.Effects, _module, _owner, _typeVariables, kind => _unknowns.Fresh(kind), _bag));
        var effects = OpenEffects(EffectBoundary.Lambda);
        effects.FailPayload = Rows.Find(declared, _facts.Program.FailEffect)?.Payload;
        var tail = _isTail;
        _isTail = false;
        var body = Check(function.Body, result, Why.Body);
        _isTail = tail;
        CloseScope(scope);
        var row = UnionOf(effects, function.Span);
        CloseEffects();
        if (EffectBounds.Include(_unknowns, declared, row) is { } surplus)
        {
            var names = surplus.Extra.IsEmpty ? surplus.Missing : surplus.Extra;
            var head = declared.IsEmpty ? "this `fn` is declared pure (`->`) but its body requires" : $"this `fn` declares `{ArrowText(declared)}` but its body also requires";
            Error("E0014", function.Span, $"function effects do not match: {head}{string.Concat(names.Select(n => $"\n    {n,-8} — {Describe(n)}"))}", "",
                $"add {string.Join(", ", names)} to the effect signature or handle it in the body");
        }
        var type = new Type.Function(ImmutableCollectionsMarshal.AsImmutableArray(types), declared, result);
        return new TypedExpression.Lambda(ImmutableCollectionsMarshal.AsImmutableArray(parameters), body, type, function.Span);
    }

    /// <summary><c>with p &lt;- call</c> and the rest of its block: the rest becomes the call's last argument.</summary>
    private TypedExpression InferWith(Expression.With with, Type? expected)
    {
        var parameters = with.Pattern is { } pattern ? ImmutableArray.Create(new LambdaParameter(pattern, null)) : [];
        var rest = new Expression.Lambda(parameters, with.Rest, with.Rest.Span);
        var (callee, arguments) = with.Invocation is Expression.Call { IsBracketed: false } written
            ? (written.Callee, written.Arguments) : (with.Invocation, ImmutableArray<Argument>.Empty);
        if (DirectTarget(callee) is not { } target)
        {
            // A name that means nothing is the better message.
            var known = _bag.Count;
            Infer(callee, null);
            if (_bag.Count == known) Error("E0001", with.Invocation.Span, "expected a direct named function call after `with`");
            Infer(rest, null);
            return ErrorAt(with.Span);
        }
        if (target is { } declared && (declared.IsEmpty || !declared[^1].IsWith))
        {
            Error("E0001", callee.Span, $"the last parameter of `{_source.Slice(callee.Span)}` is not marked `@with`", "", "pass the function in the brackets, or mark the parameter: `@with body: …`");
            Infer(rest, null);
            return ErrorAt(with.Span);
        }
        var last = target[^1];
        // After labelled arguments the callback needs its label too.
        var isLabelled = arguments.Any(a => a.Label is not null) && last.Label is not null;
        var argument = new Argument(isLabelled ? new Name(last.Label!, with.Span) : null, rest);
        return Infer(new Expression.Call(callee, arguments.Add(argument), with.Span), expected);
    }

    /// <summary>The parameters of the declared function that an expression names; null when it names none.</summary>
    private ImmutableArray<ParameterSymbol>? DirectTarget(Expression callee)
    {
        switch (callee)
        {
            case Expression.Variable { Name: var name }:
                if (FindLocal(name.Text) >= 0) return null;
                if (_owner is not null && _facts.Functions.Find(_owner, name.Text) is { } own) return own.Parameters;
                return _facts.Functions.InScope(_scope, name.Text) is [{ } function] ? function.Parameters : null;
            case Expression.Field { Name: var member, Target: var target } when PathOf(target) is { } path:
                return FindMember(ResolveNamespace(path), member.Text) switch
                {
                    Member.Function(var named) => named.Parameters,
                    Member.FunctionOrMethod(var both, _) => both.Parameters,
                    Member.Operation(var operation) => operation.Parameters,
                    Member.Const => null,
                    Member.Builtin => null,
                    null => null,
                };
            default:
                return null;
        }
    }
}
