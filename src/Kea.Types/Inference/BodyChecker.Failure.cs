namespace Kea.Types.Inference;

/// <summary><c>fail</c>, <c>?</c>, <c>catch</c>, <c>panic</c> (3.14, 7.9).</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferFail(Expression.Fail fail)
    {
        var payload = FailPayload();
        // An unknown payload takes the type of the first thing that is failed with.
        var value = Infer(fail.Value, payload);
        if (Converted(value, payload) is { } converted) value = converted;
        else value = Coerce(value, payload, Why.Plain);
        Perform(FailRow(payload), fail.Span);
        return new TypedExpression.Fail(value, _facts.Never, fail.Span);
    }

    /// <summary>The error turned into what may be failed with here, where an implementation of From does that (7.9.1).</summary>
    private TypedExpression? Converted(TypedExpression error, Type payload)
    {
        if (payload.Resolved is Type.Meta or Type.Error || error.Type.Resolved is Type.Meta or Type.Error || TypeShape.IsNever(error.Type)) return null;
        if (TypeShape.Same(payload, error.Type) || Match.Fits(payload, error.Type, [], [], lenient: true) || Convertible(error.Type, payload)) return null;
        if (_facts.Trait("From") is not { } from || !from.Methods.TryGetValue("from", out var method)) return null;
        if (_traits.Solve(new Obligation(from, payload, [error.Type], [], error.Span), [], out _) != Verdict.Holds) return null;
        var callee = Instantiate(method, error.Span);
        Unify.Types(_unknowns, callee.TypeArguments[0], payload);
        if (callee.TypeArguments.Length > 1) Unify.Types(_unknowns, callee.TypeArguments[1], error.Type);
        foreach (var obligation in callee.Obligations) Require(obligation);
        return new TypedExpression.Call(callee.Target, [Coerce(error, callee.Types[0], Why.Plain)], callee.Result, error.Span);
    }

    private TypedExpression InferTry(Expression.Try attempt, Type? expected)
    {
        var hint = _facts.Result(expected is null || TypeShape.IsNever(expected) ? _unknowns.Fresh() : expected, _unknowns.Fresh());
        var operand = Infer(attempt.Operand, hint);
        if (operand.Type.Resolved is Type.Meta)
            operand = Coerce(operand, _facts.Result(_unknowns.Fresh(), FailPayload()), Why.Plain);
        switch (operand.Type.Resolved)
        {
            case Type.Error:
                return operand;
            case Type.Named { Symbol.Builtin: BuiltinType.Result, Arguments: [var value, var error] }:
                return TryResult(operand, value, error, attempt.Span);
            case Type.Named { Symbol.Builtin: BuiltinType.Option, Arguments: [var content] } option:
                return TryOption(operand, option, content, attempt.Span);
            case Type.Named { Symbol.Builtin: BuiltinType.Never }:
                return operand;
            case var other:
                Error("E0001", attempt.Span, $"type mismatch: `?` expects a `Result`, got `{Show(other)}`", $"this is `{Show(other)}`");
                return ErrorAt(attempt.Span);
        }
    }

    private TypedExpression TryResult(TypedExpression operand, Type value, Type error, TextSpan span)
    {
        var payload = FailPayload();
        var symbol = new LocalSymbol("", error, span);
        var caught = new TypedExpression.Local(symbol, error, span);
        if (Converted(caught, payload) is { } converted)
        {
            Perform(FailRow(payload), span);
            var content = new LocalSymbol("", value, span);
            var result = ((Type.Named)operand.Type.Resolved).Symbol;
            var failure = new TypedExpression.Convert(Conversion.Absurd, new TypedExpression.Fail(converted, _facts.Never, span), value, span);
            return new TypedExpression.Case(operand,
            [
                new TypedArm(new TypedPattern.Constructor(FindVariant(result, "Ok")!, [new TypedPattern.Binding(content, value, span)], operand.Type, span), null, new TypedExpression.Local(content, value, span)),
                new TypedArm(new TypedPattern.Constructor(FindVariant(result, "Err")!, [new TypedPattern.Binding(symbol, error, span)], operand.Type, span), null, failure),
            ], value, span);
        }
        if (Unify.Types(_unknowns, payload, error) is { } mismatch)
        {
            Report(mismatch, payload, error, span, Why.Plain);
            return ErrorOf(value, span);
        }
        Perform(FailRow(payload), span);
        return new TypedExpression.Try(operand, value, span);
    }

    /// <summary><c>?</c> on an Option fails with <c>()</c>.</summary>
    private TypedExpression TryOption(TypedExpression operand, Type.Named option, Type content, TextSpan span)
    {
        var payload = FailPayload();
        if (Unify.Types(_unknowns, payload, _facts.Unit) is not null)
        {
            Error("E0001", span, $"type mismatch: `?` on an `Option` fails with `Unit`, but failures here are `{Show(payload)}`", $"this is `{Show(operand.Type)}`",
                "turn it into a `Result` first, with `Result.from_option`");
            return ErrorOf(content, span);
        }
        Perform(FailRow(payload), span);
        var symbol = new LocalSymbol("", content, span);
        var failure = new TypedExpression.Convert(Conversion.Absurd, new TypedExpression.Fail(new TypedExpression.Unit(_facts.Unit, span), _facts.Never, span), content, span);
        return new TypedExpression.Case(operand,
        [
            new TypedArm(new TypedPattern.Constructor(FindVariant(option.Symbol, "Some")!, [new TypedPattern.Binding(symbol, content, span)], option, span), null, new TypedExpression.Local(symbol, content, span)),
            new TypedArm(new TypedPattern.Constructor(FindVariant(option.Symbol, "None")!, [], option, span), null, failure),
        ], content, span);
    }

    private TypedExpression InferCatch(Expression.Catch attempt, Type? expected)
    {
        var hint = expected?.Resolved is Type.Named { Symbol.Builtin: BuiltinType.Result, Arguments: [var wantedValue, var wantedError] } ? (wantedValue, wantedError) : ((Type, Type)?)null;
        var errors = _bag.HasErrors;
        var inside = OpenEffects(EffectBoundary.Catch);
        var payload = inside.FailPayload = _unknowns.Fresh();
        var body = Infer(attempt.Body, hint?.Item1);
        if (hint is { Item1: var wanted } && wanted.Resolved is not Type.Meta) body = Coerce(body, wanted, Why.Plain);
        var row = UnionOf(inside, attempt.Span);
        CloseEffects();
        var fail = _facts.Program.FailEffect;
        if (Rows.Find(row, fail) is null && row.Tail?.Resolved is Type.Meta open)
        {
            // A function that is not known yet may be the one that fails.
            Unify.Row(_unknowns, new Row([], open), new Row(FailRow(payload).Entries, _unknowns.Fresh(VariableKind.EffectRow)));
            row = Rows.Flatten(row);
        }
        if (Rows.Find(row, fail) is null && !TypeShape.IsError(body.Type) && _bag.HasErrors == errors)
        {
            Error("E0012", attempt.Span, "expression cannot fail; catch is unnecessary", "", "remove `catch`");
            return ErrorAt(attempt.Span);
        }
        foreach (var (performed, span) in inside.Performed)
        {
            var flat = Rows.Flatten(performed);
            var rest = new Row(Rows.Without(flat.Entries, fail), flat.Tail);
            if (!rest.IsEmpty) _effects.Performed.Add((rest, span));
        }
        if (hint is { Item2: var declared } && Unify.Types(_unknowns, declared, payload) is not null)
        {
            Error("E0001", attempt.Span, $"type annotation mismatch: declared `{Show(declared)}`, but value has type `{Show(payload)}`", $"this fails with `{Show(payload)}`");
            return ErrorAt(attempt.Span);
        }
        return new TypedExpression.Catch(body, _facts.Result(body.Type, payload), attempt.Span);
    }

    private TypedExpression InferPanic(Expression.Panic panic)
    {
        var message = Check(panic.Message, _facts.String, new Why(WhyKind.Argument));
        return new TypedExpression.Panic(message, _facts.Never, panic.Span);
    }
}
