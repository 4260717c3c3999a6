namespace Kea.Types.Inference;

/// <summary>Calls of what is declared: binding of arguments, their types, order of evaluation (3.5).</summary>
internal sealed partial class BodyChecker
{
    private Callee Instantiate(FunctionSymbol function, TextSpan span)
    {
        _facts.Holes?.Close(function);
        var arguments = _unknowns.FreshFor(function.TypeVariables);
        var types = new Type[function.Parameters.Length];
        for (var i = 0; i < types.Length; i++) types[i] = Substitute.In(function.Parameters[i].Type, function.TypeVariables, arguments);
        var result = Substitute.In(function.Result, function.TypeVariables, arguments);
        var effects = Substitute.In(function.Effects, function.TypeVariables, arguments);
        if (HasProjections(function))
        {
            for (var i = 0; i < types.Length; i++) types[i] = Normalize(types[i], span);
            result = Normalize(result, span);
            effects = Normalize(effects, span);
        }
        var obligations = ImmutableArray<Obligation>.Empty;
        foreach (var bound in function.Bounds)
        {
            var fixedBound = Substitute.In(bound, function.TypeVariables, arguments);
            var equations = fixedBound.Equations.IsEmpty ? fixedBound.Equations
                : ImmutableArray.CreateRange(fixedBound.Equations, e => (e.Member, Normalize(e.Type, span)));
            var self = Substitute.In(new Type.Variable(bound.Variable), function.TypeVariables, arguments);
            obligations = obligations.Add(new Obligation(bound.Trait, self, fixedBound.Arguments, equations, span));
        }
        foreach (var bound in function.RowBounds)
        {
            var self = Substitute.In(new Type.Variable(bound.Variable), function.TypeVariables, arguments);
            RequireFields(new RowObligation(self, Substitute.In(bound.Fields, function.TypeVariables, arguments), span));
        }
        CallTarget target = new CallTarget.Function(function, arguments);
        if (function.OwnerTrait is { } trait && function.OwnerImplementation is null)
        {
            var own = 1 + trait.Parameters.Length;
            var traitArguments = arguments[1..own];
            target = new CallTarget.TraitMethod(trait, function, arguments[0], traitArguments, arguments[own..]);
            obligations = obligations.Insert(0, new Obligation(trait, arguments[0], traitArguments, [], span));
        }
        return new Callee(function.Name, function.Parameters, ImmutableCollectionsMarshal.AsImmutableArray(types), effects, result, arguments, target, function.Module)
        {
            Obligations = obligations,
            Function = function,
        };
    }

    private Callee Instantiate(OperationSymbol operation)
    {
        var arguments = _unknowns.FreshFor(operation.TypeVariables);
        var types = ImmutableArray.CreateRange(operation.Parameters, p => Substitute.In(p.Type, operation.TypeVariables, arguments));
        var result = Substitute.In(operation.Result, operation.TypeVariables, arguments);
        var effect = operation.Effect;
        var payload = ImmutableArray.CreateRange(effect.Parameters, Type (p) => Substitute.In(new Type.Variable(p), operation.TypeVariables, arguments));
        var entry = new RowEntry(effect.Name, effect, payload.Length switch { 0 => _facts.Unit, 1 => payload[0], _ => new Type.Tuple(payload) });
        return new Callee($"{effect.Name}.{operation.Name}", operation.Parameters, types, new Row([entry], null), result, arguments,
            new CallTarget.Operation(operation, arguments), effect.Module)
        {
            IsOfPar = effect is { Name: "Par", IsCapability: true },
        };
    }

    private TypedExpression CallFunction(FunctionSymbol function, List<GivenArgument> given, Type? expected, TextSpan span, TextSpan nameSpan)
    {
        UseOf(function, nameSpan);
        return CallDeclared(Instantiate(function, nameSpan), given, expected, span, nameSpan);
    }

    /// <summary>What using a function asks for wherever it happens: an unsafe context, a warning when it is deprecated.</summary>
    private void UseOf(FunctionSymbol function, TextSpan span)
    {
        if (function.Deprecation is { } text) WarnDeprecated(function.Name, text, span);
        if (!function.IsUnsafe || _unsafeDepth > 0) return;
        var written = _source.Slice(span).ToString();
        Error("E0012", span, $"call to `@unsafe` function `{(written.Contains('.') ? written : function.Name)}` requires unsafe context", "",
            _function is null ? null : $"enclosing function `{_function.Name}` is safe");
    }

    private void UseOf(TypeSymbol type, TextSpan span)
    {
        if (type.Deprecation is not { } text || ReferenceEquals(_owner, type) || _function?.Origin == FunctionOrigin.Derived) return;
        WarnDeprecated(type.Name, text, span);
    }

    private void WarnDeprecated(string name, string text, TextSpan span) =>
        _bag.Warning("W1006", At(span), text.Length == 0 ? $"`{name}` is deprecated" : $"`{name}` is deprecated: {text}");

    private TypedExpression CallDeclared(Callee callee, List<GivenArgument> given, Type? expected, TextSpan span, TextSpan nameSpan)
    {
        if (BindArguments(callee, given, span, nameSpan) is not { } slots)
        {
            InferAll(given);
            return ErrorAt(span);
        }
        Push(callee.Result, expected);
        var arguments = new TypedExpression?[callee.Parameters.Length];
        var isParallel = _isParallelCallback;
        _isParallelCallback = callee.IsOfPar;
        for (var i = 0; i < given.Count; i++)
            if (!IsLambda(given[i])) arguments[slots[i]] = CheckArgument(callee, slots[i], given[i]);
        for (var i = 0; i < given.Count; i++)
        {
            if (!IsLambda(given[i])) continue;
            SolveAll();
            arguments[slots[i]] = CheckArgument(callee, slots[i], given[i]);
        }
        _isParallelCallback = isParallel;
        var statements = new List<TypedExpression>();
        Order(callee, arguments, slots, statements);
        foreach (var obligation in callee.Obligations) Require(obligation);
        CloseEffectVariables(callee.TypeArguments, span);
        Perform(callee.Effects, nameSpan);
        if (Array.Exists(arguments, a => a is TypedExpression.Error)) return ErrorOf(callee.Result, span);
        TypedExpression result = callee.Target is CallTarget.Operation { Symbol: { Effect.IsFail: true } }
            ? new TypedExpression.Fail(arguments[0]!, _facts.Never, span)
            : new TypedExpression.Call(callee.Target, [.. arguments.Select(a => a!)], callee.Result, span);
        if (statements.Count == 0) return result;
        statements.Add(result);
        return new TypedExpression.Block([.. statements], result.Type, span);
    }

    /// <summary>Stands for a call whose arguments were wrong; what it would have returned is still known.</summary>
    private TypedExpression ErrorOf(Type type, TextSpan span) =>
        new TypedExpression.Error(TypeShape.HasUnknown(type) || TypeShape.IsNever(type) ? _facts.Error : type, span);

    private TypedExpression CheckArgument(Callee callee, int slot, GivenArgument given)
    {
        var parameter = callee.Parameters[slot];
        var label = callee.Module is null || parameter.Span.Length == 0 ? null
            : new Label(At(callee.Module, parameter.Span), "expected because of this parameter");
        var why = new Why(WhyKind.Argument, parameter.Name, label);
        if (given.Syntax is { } syntax && TypeAsArgument(syntax, callee.Types[slot], why) is { } type) return type;
        return given.Typed is { } typed ? Coerce(typed, callee.Types[slot], why) : Check(given.Syntax!, callee.Types[slot], why);
    }

    private static bool IsLambda(GivenArgument argument) => argument.Syntax is Expression.Lambda or Expression.AnonymousFunction;

    private void InferAll(List<GivenArgument> given)
    {
        foreach (var argument in given)
            if (argument.Syntax is not (null or Expression.Placeholder or Expression.TypeArgument)) Infer(argument.Syntax, null);
    }

    /// <summary>Solves the effect variables of a call to what its callbacks need and no more.</summary>
    private void CloseEffectVariables(ImmutableArray<Type> typeArguments, TextSpan span)
    {
        foreach (var argument in typeArguments)
        {
            if (argument is not Type.Meta { Cell: { Kind: VariableKind.EffectRow, Solution: null } cell }) continue;
            if (cell.IsShared && cell.LowerBounds is null) continue;
            if (EffectBounds.Settle(_unknowns, cell, keepOpen: cell.IsShared) is not { } mismatch) continue;
            Error("E0001", span, mismatch.Kind == MismatchKind.Field
                ? $"effect row contains multiple incompatible `{mismatch.Label}` entries: `{Show(mismatch.Expected!)}` and `{Show(mismatch.Actual!)}`"
                : $"effects {List(mismatch.Extra)} cannot stand in one row");
        }
    }

    /// <summary>The parameter each argument fills (3.5.1), or null when that has been reported as an error.</summary>
    private int[]? BindArguments(Callee callee, List<GivenArgument> given, TextSpan span, TextSpan nameSpan)
    {
        var parameters = callee.Parameters;
        var slots = new int[given.Count];
        var taken = new bool[parameters.Length];
        var hasLabel = false;
        var position = 0;
        for (var i = 0; i < given.Count; i++)
        {
            if (given[i].Label is { } label)
            {
                hasLabel = true;
                var slot = -1;
                for (var p = 0; p < parameters.Length && slot < 0; p++) if (parameters[p].Label == label.Text) slot = p;
                if (slot < 0)
                {
                    var close = EditDistance.Closest(label.Text, parameters.Where(p => p.Label is not null).Select(p => p.Label!));
                    Error("E0009", label.Span, $"unknown argument label `{label.Text}`", "", close is null ? null : $"did you mean `{close}`?", DeclaredAt(callee));
                    return null;
                }
                if (taken[slot])
                {
                    Error("E0009", label.Span, $"duplicate argument label `{label.Text}`");
                    return null;
                }
                taken[slot] = true;
                slots[i] = slot;
                continue;
            }
            if (hasLabel)
            {
                Error("E0006", given[i].Span, "positional arguments must come before labeled arguments");
                return null;
            }
            if (position >= parameters.Length)
            {
                Error("E0009", given[i].Span, parameters.IsEmpty && given[i].Typed is not null
                    ? $"cannot use method syntax: `{callee.Name}` has no parameters"
                    : $"too many arguments: expected {parameters.Length}, got {given.Count}", "", null, DeclaredAt(callee));
                return null;
            }
            taken[position] = true;
            slots[i] = position++;
        }
        for (var p = 0; p < parameters.Length; p++)
        {
            if (taken[p] || parameters[p].Default is not null) continue;
            Error("E0009", span, parameters[p].Label is { } name
                ? $"missing required argument `{name}`"
                : $"missing required positional argument at position {p + 1}", "", null, DeclaredAt(callee));
            return null;
        }
        return slots;
    }

    private Label[] DeclaredAt(Callee callee) => callee.Function is { Span.Length: > 0 } function
        ? [new Label(At(function.Module, function.Span), $"`{function.Name}` is declared here")] : [];

    /// <summary>
    /// Fills in defaults, and binds arguments first where they are not written in parameter order or are needed twice,
    /// so that they are evaluated as written and once.
    /// </summary>
    private void Order(Callee callee, TypedExpression?[] arguments, int[] slots, List<TypedExpression> statements)
    {
        var inOrder = true;
        for (var i = 1; i < slots.Length; i++) inOrder &= slots[i - 1] < slots[i];
        var defaults = slots.Length < arguments.Length;
        if (inOrder && !defaults) return;
        foreach (var slot in slots)
        {
            if (arguments[slot] is not { } argument || IsTrivial(argument)) continue;
            var (let, use) = Temporary(argument);
            statements.Add(let);
            arguments[slot] = use;
        }
        for (var p = 0; p < arguments.Length; p++)
        {
            if (arguments[p] is not null || callee.Parameters[p].Default is not { } function) continue;
            var earlier = ImmutableArray.CreateBuilder<TypedExpression>(function.Parameters.Length);
            for (var i = 0; i < function.Parameters.Length; i++) earlier.Add(arguments[i]!);
            var typeArguments = callee.TypeArguments.Length >= function.TypeVariables.Length ? callee.TypeArguments[..function.TypeVariables.Length] : callee.TypeArguments;
            Perform(Substitute.In(function.Effects, function.TypeVariables, typeArguments), function.Span);
            TypedExpression value = new TypedExpression.Call(new CallTarget.Function(function, typeArguments), earlier.DrainToImmutable(), callee.Types[p], function.Span);
            if (HasLaterDefault(callee, arguments, p))
            {
                var (let, use) = Temporary(value);
                statements.Add(let);
                value = use;
            }
            arguments[p] = value;
        }
    }

    private static bool HasLaterDefault(Callee callee, TypedExpression?[] arguments, int position)
    {
        for (var p = position + 1; p < arguments.Length; p++) if (arguments[p] is null && callee.Parameters[p].Default is not null) return true;
        return false;
    }

    /// <summary>Evaluating it costs nothing and cannot be observed.</summary>
    private static bool IsTrivial(TypedExpression expression) => expression is TypedExpression.Local or TypedExpression.Integer or TypedExpression.Float
        or TypedExpression.Bool or TypedExpression.Char or TypedExpression.String or TypedExpression.Unit or TypedExpression.FunctionValue or TypedExpression.Error;

    /// <summary>A call of a function value: by position only.</summary>
    private TypedExpression CallValue(TypedExpression callee, ImmutableArray<Argument> arguments, TextSpan span)
    {
        foreach (var argument in arguments)
        {
            if (argument.Label is not { } label) continue;
            Error("E0001", label.Span, "labeled arguments require a direct named function call");
            InferAll([.. arguments.Select(GivenArgument.Of)]);
            return ErrorAt(span);
        }
        if (callee.Type.Resolved is Type.Meta unknown)
        {
            var typed = ImmutableArray.CreateRange(arguments, a => Infer(a.Value, null));
            var tail = _unknowns.Fresh(VariableKind.EffectRow);
            tail.Cell.IsShared = true;
            var function = new Type.Function(ImmutableArray.CreateRange(typed, a => a.Type), new Row([], tail), _unknowns.Fresh());
            if (Unify.Types(_unknowns, unknown, function) is { } mismatch) Report(mismatch, unknown, function, callee.Span, Why.Plain);
            Perform(function.Effects, span);
            return new TypedExpression.Call(new CallTarget.Value(callee), typed, function.Result, span);
        }
        if (callee.Type.Resolved is not Type.Function known)
        {
            if (!TypeShape.IsError(callee.Type))
                Error("E0001", callee.Span, $"type mismatch: expected a function, got `{Show(callee.Type)}`", $"this is `{Show(callee.Type)}`");
            InferAll([.. arguments.Select(GivenArgument.Of)]);
            return ErrorAt(span);
        }
        if (arguments.Length != known.Parameters.Length)
        {
            Error("E0009", span, arguments.Length > known.Parameters.Length
                ? $"too many arguments: expected {known.Parameters.Length}, got {arguments.Length}"
                : $"missing required positional argument at position {arguments.Length + 1}");
            InferAll([.. arguments.Select(GivenArgument.Of)]);
            return ErrorAt(span);
        }
        var values = new TypedExpression[arguments.Length];
        for (var pass = 0; pass < 2; pass++)
            for (var i = 0; i < values.Length; i++)
                if (arguments[i].Value is Expression.Lambda or Expression.AnonymousFunction == (pass == 1))
                    values[i] = Check(arguments[i].Value, known.Parameters[i], new Why(WhyKind.Argument));
        Perform(known.Effects, span);
        return new TypedExpression.Call(new CallTarget.Value(callee), ImmutableCollectionsMarshal.AsImmutableArray(values), known.Result, span);
    }
}
