namespace Kea.Types.Inference;

/// <summary>Calls by their form: plain names, qualified names, methods of a receiver (3.5, 3.6, 8.9).</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferCall(Expression.Call call, Type? expected, bool isTail)
    {
        if (!call.IsBracketed)
        {
            switch (call.Callee)
            {
                case Expression.Variable variable:
                    return CallName(variable.Name, call, expected);
                case Expression.Upper upper:
                    return CallUpper(upper, call, expected);
                case Expression.Field field when !char.IsAsciiDigit(field.Name.Text.Length > 0 ? field.Name.Text[0] : ' '):
                    return CallMember(field, call, expected);
            }
        }
        return CallValue(Infer(call.Callee, null), call.Arguments, call.Span);
    }

    private static List<GivenArgument> Given(ImmutableArray<Argument> arguments)
    {
        var given = new List<GivenArgument>(arguments.Length);
        foreach (var argument in arguments) given.Add(GivenArgument.Of(argument));
        return given;
    }

    private TypedExpression CallName(Name name, Expression.Call call, Type? expected)
    {
        var local = FindLocal(name.Text);
        if (local >= 0) return CallValue(UseLocal(local, name.Span), call.Arguments, call.Span);
        if (_owner is not null && _facts.Functions.Find(_owner, name.Text) is { } member) return CallFunction(member, Given(call.Arguments), expected, call.Span, name.Span);
        var functions = _facts.Functions.InScope(_scope, name.Text);
        if (functions.Length == 1) return CallFunction(functions[0], Given(call.Arguments), expected, call.Span, name.Span);
        if (functions.Length > 1)
        {
            InferAll(Given(call.Arguments));
            return Ambiguous(name, functions.Select(f => f.QualifiedName));
        }
        var methods = TraitMethods(name.Text);
        if (methods.Count == 1) return CallFunction(methods[0], Given(call.Arguments), expected, call.Span, name.Span);
        if (methods.Count > 1) return CallOneOf(methods, name, call, expected);
        if (_owner?.Consts.GetValueOrDefault(name.Text) is not null || _scope.Const(name.Text) is not null)
            return CallValue(Infer(call.Callee, null), call.Arguments, call.Span);
        Undefined(name);
        InferAll(Given(call.Arguments));
        return ErrorAt(call.Span);
    }

    /// <summary>Several traits have the method: the first argument's type decides.</summary>
    private TypedExpression CallOneOf(List<FunctionSymbol> methods, Name name, Expression.Call call, Type? expected)
    {
        var given = Given(call.Arguments);
        if (given.Count > 0 && given[0].Label is null && !IsLambda(given[0]))
        {
            given[0] = GivenArgument.Of(Infer(given[0].Syntax!, null));
            if (ByTrait(methods, given[0].Typed!.Type, name, out var reported) is { } chosen) return CallFunction(chosen, given, expected, call.Span, name.Span);
            if (!reported) ReportNoMethod(name, given[0].Typed!.Type);
            InferAll(given);
            return ErrorAt(call.Span);
        }
        InferAll(given);
        return Ambiguous(name, methods.Select(m => $"{m.OwnerTrait!.Name}.{m.Name}"));
    }

    private TypedExpression CallUpper(Expression.Upper upper, Expression.Call call, Type? expected)
    {
        if (ResolveConstructor(upper.Name, expected, false, out var reported) is { } variant) return CallConstructor(variant, call.Arguments, expected, call.Span);
        if (!reported && OpaqueNamed(upper.Name.Text) is { } opaque) return Wrap(opaque, call.Arguments, expected, call.Span);
        if (!reported) ReportUnknownUpper(upper.Name);
        InferAll(Given(call.Arguments));
        return ErrorAt(call.Span);
    }

    private TypedExpression CallMember(Expression.Field callee, Expression.Call call, Type? expected)
    {
        if (PathOf(callee) is { } constructorPath)
        {
            switch (ResolveQualifiedConstructor(constructorPath, expected, false))
            {
                case { Variant: { } variant }: return CallConstructor(variant, call.Arguments, expected, call.Span);
                case { Opaque: { } opaque }: return Wrap(opaque, call.Arguments, expected, call.Span);
            }
            InferAll(Given(call.Arguments));
            return ErrorAt(call.Span);
        }
        if (PathOf(callee.Target) is { } path && IsNamespacePath(path)) return CallQualified(path, callee, Given(call.Arguments), call, expected);
        // recv.Q.name(args): the Upper names between receiver and method are the qualifier.
        var qualifier = new List<Name>();
        var target = callee.Target;
        while (target is Expression.Field { Name: var step } inner && IsUpper(step.Text) && !(PathOf(target) is { } value && IsConstructorPath(value)))
        {
            qualifier.Insert(0, step);
            target = inner.Target;
        }
        var receiver = Infer(target, null);
        var place = Placeholder(call);
        if (place <= 0 || IsTrivial(receiver)) return CallOn(receiver, qualifier, callee, call, place, expected);
        // The receiver is written, and so evaluated, before the arguments that come to stand in front of it.
        var (let, use) = Temporary(receiver);
        var result = CallOn(use, qualifier, callee, call, place, expected);
        return new TypedExpression.Block([let, result], result.Type, call.Span);
    }

    private TypedExpression CallOn(TypedExpression receiver, List<Name> qualifier, Expression.Field callee, Expression.Call call, int place, Type? expected)
    {
        var given = Given(call.Arguments);
        if (place < 0) given.Insert(0, GivenArgument.Of(receiver));
        else given[place] = GivenArgument.Of(receiver);
        return qualifier.Count > 0
            ? CallQualified(qualifier, callee, given, call, expected)
            : CallMethod(receiver, Math.Max(place, 0), callee.Name, given, expected, call.Span);
    }

    /// <summary>Where the receiver goes (3.6.4): -1 without placeholder. That there is at most one is the parser's business.</summary>
    private static int Placeholder(Expression.Call call)
    {
        for (var i = 0; i < call.Arguments.Length; i++)
            if (call.Arguments[i] is { Label: null, Value: Expression.Placeholder }) return i;
        return -1;
    }

    private TypedExpression CallQualified(List<Name> path, Expression.Field callee, List<GivenArgument> given, Expression.Call call, Type? expected)
    {
        var nameSpan = path[0].Span.Until(callee.Name.Span);
        switch (ResolveMember(path, callee.Name, nameSpan))
        {
            case null:
                InferAll(given);
                return ErrorAt(call.Span);
            case Member.Function(var function):
                return CallFunction(function, given, expected, call.Span, nameSpan);
            case Member.FunctionOrMethod(var function, var method):
                return CallFunctionOrMethod(function, method, given, expected, call.Span, nameSpan);
            case Member.Operation(var operation):
                return CallDeclared(Instantiate(operation), given, expected, call.Span, nameSpan);
            case Member.Builtin(var name, var owner):
                return CallBuiltin(owner, name, given, expected, call.Span, nameSpan);
            case Member.Const(var constant):
                return CallValue(ConstValue(constant, nameSpan), call.Arguments, call.Span);
        }
        return ErrorAt(call.Span);
    }

    /// <summary><c>Eq.eq(a, b)</c> where a module and a trait of that name both have it: the trait's if the argument's type implements it (8.9.1).</summary>
    private TypedExpression CallFunctionOrMethod(FunctionSymbol function, FunctionSymbol method, List<GivenArgument> given, Type? expected, TextSpan span, TextSpan nameSpan)
    {
        if (given.Count == 0 || IsLambda(given[0])) return CallFunction(function, given, expected, span, nameSpan);
        if (given[0].Typed is null) given[0] = new GivenArgument(given[0].Label, null, Infer(given[0].Syntax!, null), given[0].Span);
        var type = given[0].Typed!.Type;
        var open = new List<Obligation>();
        var verdict = type.Resolved is Type.Meta ? Verdict.Open
            : _traits.Solve(new Obligation(method.OwnerTrait!, type, ImmutableArray.CreateRange(method.OwnerTrait!.Parameters, Type (_) => _unknowns.Fresh()), [], span), open, out _);
        var takesMethod = verdict == Verdict.Holds || (verdict == Verdict.Open && type.Resolved is Type.Meta) || !FitsFirst(function, type);
        return CallFunction(takesMethod ? method : function, given, expected, span, nameSpan);
    }

    private TypedExpression CallMethod(TypedExpression receiver, int slot, Name name, List<GivenArgument> given, Type? expected, TextSpan span)
    {
        var type = receiver.Type.Resolved;
        if (type is Type.Error)
        {
            InferAll(given);
            return ErrorAt(span);
        }
        if (type is Type.Named named)
        {
            if (BuiltinMethods.IsMethod(named.Symbol.Builtin, name.Text)) return CallBuiltin(named.Symbol, name.Text, given, expected, span, name.Span);
            if (_facts.Functions.Find(named.Symbol, name.Text) is { } inherent && Fits(inherent, slot, type) && IsVisible(inherent.IsPublic, inherent.Module))
                return CallFunction(inherent, given, expected, span, name.Span);
            if (_facts.HomeOf(named.Symbol) is { } home && _facts.Functions.Find(home, name.Text) is { } merged && Fits(merged, slot, type) && IsVisible(merged.IsPublic, merged.Module))
                return CallFunction(merged, given, expected, span, name.Span);
        }
        var local = FindLocal(name.Text);
        if (local >= 0 && LocalTakes(local, slot, type)) return CallLocalMethod(UseLocal(local, name.Span), given, span);
        if (_owner is not null && _facts.Functions.Find(_owner, name.Text) is { } member && Fits(member, slot, type))
            return CallFunction(member, given, expected, span, name.Span);
        foreach (var function in _facts.Functions.InScope(_scope, name.Text))
            if (Fits(function, slot, type)) return CallFunction(function, given, expected, span, name.Span);
        var method = ByTrait(TraitMethods(name.Text), type, name, out var reported);
        if (method is not null) return CallFunction(method, given, expected, span, name.Span);
        if (!reported) ReportNoMethod(name, type);
        InferAll(given);
        return ErrorAt(span);
    }

    /// <summary>The method whose trait the type implements. Several are reported; none gives null.</summary>
    private FunctionSymbol? ByTrait(List<FunctionSymbol> methods, Type type, Name name, out bool reported)
    {
        reported = false;
        if (type.Resolved is Type.Meta && methods.Count == 1) return methods[0];
        var implemented = new List<FunctionSymbol>();
        foreach (var method in methods)
        {
            var trait = method.OwnerTrait!;
            var arguments = ImmutableArray.CreateRange(trait.Parameters, Type (_) => _unknowns.Fresh());
            if (type.Resolved is Type.Meta || Implements(type, trait, arguments)) implemented.Add(method);
        }
        if (implemented.Count == 1) return implemented[0];
        if (implemented.Count == 0) return null;
        reported = true;
        Error("E0001", name.Span, $"ambiguous method `{name.Text}` for `{Show(type)}`: {string.Join(", ", implemented.Select(m => $"`{m.OwnerTrait!.Name}.{m.Name}`"))}",
            "", $"write `.{implemented[0].OwnerTrait!.Name}.{name.Text}(…)`");
        return null;
    }

    /// <summary>Is there an implementation, conditions aside? Unmet conditions are reported when the method is chosen.</summary>
    private bool Implements(Type type, TraitSymbol trait, ImmutableArray<Type> arguments) => type.Resolved switch
    {
        Type.Variable { Symbol: var variable } => _traits.Assumption(variable, trait, arguments) is not null,
        Type.Named => !_facts.Implementations(trait, type).IsEmpty || Structural.Parts(_facts, trait, type) is not null,
        _ => Structural.Parts(_facts, trait, type) is not null,
    };

    private void ReportNoMethod(Name name, Type type)
    {
        string? help = null;
        if (type.Resolved is Type.Named { Symbol: var symbol })
        {
            foreach (var field in symbol.Fields)
                if (field.Name == name.Text) help = $"`{name.Text}` is a field; to call the function in it, bracket the access: `(value.{name.Text})(…)`";
            help ??= Closest(name.Text, symbol.Methods.Keys.Concat(_facts.HomeOf(symbol)?.Functions.Keys ?? Enumerable.Empty<string>()));
            foreach (var trait in _facts.Program.Modules.SelectMany(m => m.Traits.Values))
                if (help is null && trait.Methods.ContainsKey(name.Text) && !_facts.Implementations(trait, type).IsEmpty)
                    help = $"trait `{trait.Name}` has it; add `use {trait.Module.Name}`";
        }
        Error("E0005", name.Span, $"undefined variable `{name.Text}`", $"no method of this name for `{Show(type)}`", help ?? DidYouMean(name.Text));
    }

    /// <summary>Can the parameter that the receiver fills take its type?</summary>
    private static bool Fits(FunctionSymbol function, int slot, Type type)
    {
        if (slot >= function.Parameters.Length) return function.Parameters.IsEmpty;
        var parameter = function.Parameters[slot].Type;
        var found = new Type?[function.TypeVariables.Length];
        if (Match.Fits(parameter, type, function.TypeVariables, found, lenient: true)) return true;
        return Convertible(type, parameter);
    }

    private static bool FitsFirst(FunctionSymbol function, Type type) => !function.Parameters.IsEmpty && Fits(function, 0, type);

    private static bool Convertible(Type from, Type to) =>
        (from.Resolved, to.Resolved) switch
        {
            (Type.Named a, Type.Named b) => Numbers.Convert(a.Symbol.Builtin, b.Symbol.Builtin) is not null
                || (a.Symbol.Builtin == BuiltinType.Unique && Match.Fits(a.Arguments[0], to, [], [], lenient: true)),
            (Type.Named { Symbol.Kind: TypeKind.Struct }, Type.Record) => true,
            _ => false,
        };

    private bool LocalTakes(int local, int slot, Type type) => _locals[local].Symbol.Type.Resolved switch
    {
        Type.Function function => slot < function.Parameters.Length
            && (Match.Fits(function.Parameters[slot], type, _locals[local].Scheme?.Variables ?? [], new Type?[_locals[local].Scheme?.Variables.Length ?? 0], lenient: true)
                || Convertible(type, function.Parameters[slot])),
        _ => false,
    };

    private TypedExpression CallLocalMethod(TypedExpression callee, List<GivenArgument> given, TextSpan span)
    {
        var function = (Type.Function)callee.Type.Resolved;
        if (given.Exists(g => g.Label is not null))
        {
            Error("E0001", span, "labeled arguments require a direct named function call");
            InferAll(given);
            return ErrorAt(span);
        }
        if (given.Count != function.Parameters.Length)
        {
            Error("E0009", span, given.Count > function.Parameters.Length
                ? $"too many arguments: expected {function.Parameters.Length}, got {given.Count}"
                : $"missing required positional argument at position {given.Count + 1}");
            InferAll(given);
            return ErrorAt(span);
        }
        var values = new TypedExpression[given.Count];
        var why = new Why(WhyKind.Argument);
        for (var i = 0; i < values.Length; i++)
            values[i] = given[i].Typed is { } typed ? Coerce(typed, function.Parameters[i], why) : Check(given[i].Syntax!, function.Parameters[i], why);
        Perform(function.Effects, span);
        return new TypedExpression.Call(new CallTarget.Value(callee), ImmutableCollectionsMarshal.AsImmutableArray(values), function.Result, span);
    }
}
