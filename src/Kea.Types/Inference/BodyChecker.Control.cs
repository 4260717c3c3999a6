namespace Kea.Types.Inference;

/// <summary>Conditionals, matches and loops (3.8, 3.12, 3.13).</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferIf(Expression.If conditional, Type? expected, bool isTail, Why? why = null)
    {
        var condition = Check(conditional.Condition, _facts.Bool, Why.Condition("if"));
        var narrowing = Narrowing(conditional.Condition);
        if (conditional.Else is null)
        {
            if (why is not null && expected!.Resolved is not Type.Named { Symbol.Builtin: BuiltinType.Unit })
            {
                Error("E0001", conditional.Span, "`if` requires an `else` branch", $"a value of type `{Show(expected)}` is needed here");
                Infer(conditional.Then, null);
                return ErrorAt(conditional.Span);
            }
            var only = Narrowed(narrowing.WhenTrue, () => Branch(conditional.Then, _facts.Unit, isTail, null));
            if (only.Type.Resolved is not (Type.Meta or Type.Error or Type.Named { Symbol.Builtin: BuiltinType.Unit or BuiltinType.Never }))
            {
                Error("E0001", conditional.Span, "`if` requires an `else` branch", $"without it this is `Unit`, but the branch is `{Show(only.Type)}`");
                return ErrorAt(conditional.Span);
            }
            only = Coerce(only, _facts.Unit, Why.Plain);
            return new TypedExpression.If(condition, only, null, _facts.Unit, conditional.Span);
        }
        var then = Narrowed(narrowing.WhenTrue, () => Branch(conditional.Then, expected, isTail, why));
        var (otherType, otherWhy) = Other(then, expected, why, WhyKind.IfBranch, "the first branch");
        var otherwise = Narrowed(narrowing.WhenFalse, () => Branch(conditional.Else, otherType, isTail, otherWhy));
        var type = Join([then, otherwise], why is null ? null : expected);
        return new TypedExpression.If(condition, Adapt(then, type), Adapt(otherwise, type), type, conditional.Span);
    }

    private TypedExpression Branch(Expression syntax, Type? expected, bool isTail, Why? why)
    {
        var scope = OpenScope();
        _isTail = isTail;
        var value = why is { } reason ? Check(syntax, expected!, reason) : Infer(syntax, expected);
        _isTail = false;
        CloseScope(scope);
        return value is TypedExpression.Let ? new TypedExpression.Block([value], value.Type, value.Span) : value;
    }

    /// <summary>What later branches must be once the first is known: the required type, or the first one's.</summary>
    private (Type? Expected, Why? Why) Other(TypedExpression first, Type? expected, Why? why, WhyKind kind, string label)
    {
        if (why is { } known)
        {
            if (TypeShape.IsNever(first.Type) || TypeShape.IsError(first.Type)) return (expected, why);
            return (expected, known with { FirstBranch = new Label(At(first.Span), $"{label} is `{Show(first.Type)}`"), Branches = BranchWords(kind) });
        }
        if (TypeShape.IsNever(first.Type) || TypeShape.IsError(first.Type)) return (expected, null);
        return (first.Type, new Why(kind, null, new Label(At(first.Span), $"{label} is `{Show(first.Type)}`")));
    }

    private static string BranchWords(WhyKind kind) => kind == WhyKind.IfBranch ? "if/else branches have different types" : "case arms have different types";

    private Type Join(ReadOnlySpan<TypedExpression> branches, Type? required)
    {
        if (required is not null) return required;
        foreach (var branch in branches) if (!TypeShape.IsNever(branch.Type) && !TypeShape.IsError(branch.Type)) return branch.Type;
        foreach (var branch in branches) if (TypeShape.IsError(branch.Type)) return branch.Type;
        return _facts.Never;
    }

    private static TypedExpression Adapt(TypedExpression branch, Type type) =>
        TypeShape.IsNever(branch.Type) && !TypeShape.IsNever(type) ? new TypedExpression.Convert(Conversion.Absurd, branch, type, branch.Span) : branch;

    private TypedExpression InferCond(Expression.Cond cond, Type? expected, bool isTail, Why? why = null)
    {
        var last = cond.Arms.IsEmpty ? null : cond.Arms[^1];
        if (last is null || !(last.Condition is null or Expression.Literal { Value: LiteralValue.Bool(true) }))
            Error("E0007", cond.Span, "non-exhaustive cond — add a _ -> ... catch-all");
        foreach (var arm in cond.Arms)
            if (arm.Condition is null && arm != last) _bag.Warning("W1002", At(arm.Span), "unreachable code", "arms after `_` are never reached");
        return CondFrom(cond, 0, expected, isTail, why);
    }

    /// <summary>The arms from one on, as nested conditionals.</summary>
    private TypedExpression CondFrom(Expression.Cond cond, int index, Type? expected, bool isTail, Why? why)
    {
        if (index >= cond.Arms.Length) return ErrorAt(cond.Span);
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Error("E0012", cond.Span, "expression is nested too deeply");
            return ErrorAt(cond.Span);
        }
        var arm = cond.Arms[index];
        if (arm.Condition is null) return Branch(arm.Body, expected, isTail, why);
        var isLast = index == cond.Arms.Length - 1;
        var condition = Check(arm.Condition, _facts.Bool, Why.Condition("cond"));
        var narrowing = Narrowing(arm.Condition);
        var then = Narrowed(narrowing.WhenTrue, () => Branch(arm.Body, expected, isTail, why));
        if (isLast) return then;
        var (otherType, otherWhy) = Other(then, expected, why, WhyKind.CaseArm, "the first arm");
        var otherwise = Narrowed(narrowing.WhenFalse, () => CondFrom(cond, index + 1, otherType, isTail, otherWhy));
        var type = Join([then, otherwise], why is null ? null : expected);
        return new TypedExpression.If(condition, Adapt(then, type), Adapt(otherwise, type), type, arm.Span);
    }

    private TypedExpression InferCase(Expression.Case match, Type? expected, bool isTail, Why? why = null)
    {
        var scrutinee = Infer(match.Scrutinee, null);
        var arms = new TypedArm[match.Arms.Length];
        var bodies = new TypedExpression[arms.Length];
        var errors = _bag.Count;
        TypedExpression? first = null;
        for (var i = 0; i < arms.Length; i++)
        {
            var syntax = match.Arms[i];
            var scope = OpenScope();
            var pattern = BindPattern(syntax.Pattern, scrutinee.Type, BindingKind.Pattern);
            var guard = syntax.Guard is null ? null : Guard(syntax.Guard);
            var narrowing = syntax.Guard is null ? [] : Narrowing(syntax.Guard).WhenTrue;
            var (type, reason) = first is null ? (expected, why) : Other(first, expected, why, WhyKind.CaseArm, "the first arm");
            bodies[i] = Narrowed(narrowing, () => Branch(syntax.Body, type, isTail, reason));
            if (first is null && !TypeShape.IsNever(bodies[i].Type) && !TypeShape.IsError(bodies[i].Type)) first = bodies[i];
            CloseScope(scope);
            arms[i] = new TypedArm(pattern, guard, bodies[i]);
        }
        var result = Join(bodies, why is null ? null : expected);
        for (var i = 0; i < arms.Length; i++) arms[i] = arms[i] with { Body = Adapt(bodies[i], result) };
        var typed = new TypedExpression.Case(scrutinee, ImmutableCollectionsMarshal.AsImmutableArray(arms), result, match.Span);
        if (!TypeShape.IsError(scrutinee.Type)) _matches.Add((typed, match));
        return typed;
    }

    /// <summary>Matches whose coverage is looked at when all types are known.</summary>
    private readonly List<(TypedExpression.Case Typed, Expression.Case Syntax)> _matches = [];

    private TypedExpression Guard(Expression syntax)
    {
        var effects = OpenEffects(EffectBoundary.Guard);
        var guard = Check(syntax, _facts.Bool, new Why(WhyKind.Guard));
        var row = UnionOf(effects, syntax.Span);
        CloseEffects();
        var names = row.Entries.Select(e => e.Label).ToList();
        if (row.Tail?.Resolved is Type.Variable { Symbol: var tail }) names.Add(tail.Name);
        if (names.Count > 0)
            Error("E0008", syntax.Span, $"effect in a guard: a `when` guard must be pure, but this one performs {List(names)}", $"performs {List(names)}", "do it before the `case`, in a `let`");
        return guard;
    }

    private TypedExpression InferWhen(Expression.When statement)
    {
        var condition = Check(statement.Condition, _facts.Bool, Why.Condition("when"));
        var body = Narrowed(Narrowing(statement.Condition).WhenTrue, () => Branch(statement.Body, _facts.Unit, false, new Why(WhyKind.Plain)));
        return new TypedExpression.If(condition, body, null, _facts.Unit, statement.Span);
    }

    private TypedExpression InferWhile(Expression.While loop)
    {
        var condition = Check(loop.Condition, _facts.Bool, Why.Condition("while"));
        var body = Narrowed(Narrowing(loop.Condition).WhenTrue, () => Branch(loop.Body, _facts.Unit, false, new Why(WhyKind.Plain)));
        return new TypedExpression.While(condition, body, _facts.Unit, loop.Span);
    }

    private TypedExpression InferFor(Expression.For loop)
    {
        var iterable = Infer(loop.Iterable, null);
        if (iterable.Type.Resolved is Type.Meta) iterable = Coerce(iterable, _facts.List(_unknowns.Fresh()), Why.Plain);
        var element = ElementOf(iterable.Type, loop.Iterable.Span);
        var scope = OpenScope();
        var pattern = ParameterPattern(loop.Pattern, element, BindingKind.Pattern, "for");
        var body = Branch(loop.Body, _facts.Unit, false, new Why(WhyKind.Plain));
        CloseScope(scope);
        return new TypedExpression.For(pattern, iterable, body, _facts.Unit, loop.Span);
    }

    /// <summary>What iterating a type yields (8.12).</summary>
    private Type ElementOf(Type type, TextSpan span)
    {
        switch (type.Resolved)
        {
            case Type.Error:
                return type;
            case Type.Named { Symbol.Builtin: BuiltinType.List or BuiltinType.Range or BuiltinType.Vector or BuiltinType.Option or BuiltinType.Set, Arguments: [var element] }:
                return element;
            case Type.Named { Symbol.Builtin: BuiltinType.Map, Arguments: [var key, var value] }:
                return new Type.Tuple([key, value]);
        }
        // Through Iterable the items are those of the iterator that it gives.
        var iterator = type;
        var found = false;
        if (_facts.Trait("Iterable") is { } iterable && Holds(iterable, type))
        {
            found = true;
            if (_traits.Project(type, iterable, "Item") is { } item && !TypeShape.IsError(item)) return Normalize(item, span);
            iterator = Normalize(_traits.Project(type, iterable, "Iter") ?? _facts.Error, span);
        }
        if (_facts.Trait("Iterator") is { } next && Holds(next, iterator))
            return Normalize(_traits.Project(iterator, next, "Item") ?? _facts.Error, span);
        if (!found) Error("E0010", span, $"type `{Show(type)}` does not implement trait `Iterable`", "this cannot be iterated");
        return _facts.Error;
    }

    private bool Holds(TraitSymbol trait, Type type) =>
        _traits.Solve(new Obligation(trait, type, [], [], default), [], out _) == Verdict.Holds;

    private TypedExpression InferUnsafe(Expression.Unsafe block, Type? expected, bool isTail, Why? why = null)
    {
        _unsafeDepth++;
        var value = Branch(block.Body, expected, isTail, why);
        _unsafeDepth--;
        return value;
    }
}
