namespace Kea.Types.Inference;

/// <summary>
/// Moves of <c>Unique</c> bindings and loans by <c>borrow</c> (3.23, 9.6, 9.7). A value is moved where it is consumed: by an
/// argument, a match, a capture, an alias, a result. Afterwards it may not be used, and branches must agree about it.
/// </summary>
/// <param name="consumes">Whether a function consumes its parameter of this index; one that provably does not borrows it.</param>
/// <param name="bag">Null when only the question is whether a parameter is consumed.</param>
internal sealed class MoveChecker(SourceText source, Func<FunctionSymbol, int, bool> consumes, DiagnosticBag? bag)
{
    private ImmutableDictionary<LocalSymbol, TextSpan> _moved = ImmutableDictionary<LocalSymbol, TextSpan>.Empty;
    private readonly HashSet<LocalSymbol> _borrowed = [];

    public static void Check(TypedBody body, Func<FunctionSymbol, int, bool> consumes, DiagnosticBag bag)
    {
        var checker = new MoveChecker(body.Function.Module.Source, consumes, bag);
        for (var i = 0; i < body.Parameters.Length; i++)
            if (body.Function.Parameters[i].IsBorrow && body.Parameters[i] is TypedPattern.Binding binding) checker._borrowed.Add(binding.Symbol);
        checker.Visit(body.Body, consume: true);
    }

    /// <summary>Does the body consume this parameter on some path?</summary>
    public static bool Consumes(TypedBody body, int parameter, Func<FunctionSymbol, int, bool> consumes)
    {
        if (body.Parameters[parameter] is not TypedPattern.Binding { Symbol: var symbol }) return true;
        var checker = new MoveChecker(body.Function.Module.Source, consumes, null);
        checker.Visit(body.Body, consume: true);
        return checker._everMoved.Contains(symbol);
    }

    private readonly HashSet<LocalSymbol> _everMoved = [];

    public static bool IsUnique(Type type) => type.Resolved is Type.Named { Symbol: { Name: "Unique" } };

    private SourceSpan At(TextSpan span) => new(source, span);

    private void Use(LocalSymbol symbol, TextSpan span, bool consume)
    {
        if (_moved.TryGetValue(symbol, out var moved))
        {
            bag?.Error("E0012", At(span), $"use of moved value `{symbol.Name}`", "used here", null, new Label(At(moved), "value was moved here"));
            _moved = _moved.Remove(symbol);
            return;
        }
        if (!consume) return;
        if (_borrowed.Contains(symbol))
        {
            bag?.Error("E0012", At(span), $"borrowed value `{symbol.Name}` cannot be consumed", "consumed here");
            return;
        }
        _everMoved.Add(symbol);
        _moved = _moved.SetItem(symbol, span);
    }

    private void Visit(TypedExpression expression, bool consume)
    {
        switch (expression)
        {
            case TypedExpression.Local local when IsUnique(local.Type): Use(local.Symbol, local.Span, consume); break;
            case TypedExpression.Call call: Call(call); break;
            case TypedExpression.Block block:
                for (var i = 0; i < block.Statements.Length; i++) Visit(block.Statements[i], consume && i == block.Statements.Length - 1);
                break;
            case TypedExpression.Let let: Let(let); break;
            case TypedExpression.LetPolymorphic let: Visit(let.Value, true); break;
            case TypedExpression.If conditional:
                Visit(conditional.Condition, false);
                Branches([conditional.Then, .. conditional.Else is { } otherwise ? [otherwise] : ImmutableArray<TypedExpression>.Empty], conditional.Else is null, consume);
                break;
            case TypedExpression.Case match:
                Visit(match.Scrutinee, true);
                foreach (var arm in match.Arms) if (arm.Guard is { } guard) Visit(guard, false);
                Branches(ImmutableArray.CreateRange(match.Arms, a => a.Body), false, consume);
                break;
            case TypedExpression.Lambda lambda: Capture(lambda); break;
            case TypedExpression.While loop: Loop(loop.Condition, loop.Body); break;
            case TypedExpression.For loop:
                Visit(loop.Iterable, true);
                Loop(null, loop.Body);
                break;
            case TypedExpression.Rewrap rewrap: Visit(rewrap.Operand, consume); break;
            case TypedExpression.Convert convert: Visit(convert.Operand, consume); break;
            default:
                // Looking at a value, or computing with it, leaves it; storing or passing it on takes it.
                var looks = expression is TypedExpression.Field or TypedExpression.TupleElement or TypedExpression.Binary
                    or TypedExpression.Negate or TypedExpression.Not or TypedExpression.Interpolation;
                foreach (var part in TypedParts.Of(expression)) Visit(part, !looks);
                break;
        }
    }

    private void Call(TypedExpression.Call call)
    {
        if (call.Target is CallTarget.Value value) Visit(value.Callee, false);
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            var borrows = call.Target is CallTarget.Function { Symbol: var function } && i < function.Parameters.Length
                && (function.Parameters[i].IsBorrow || (IsUnique(function.Parameters[i].Type) && !consumes(function, i)));
            Visit(call.Arguments[i], !borrows);
        }
    }

    /// <summary>An alias takes the value over; an alias of a loan is a loan.</summary>
    private void Let(TypedExpression.Let let)
    {
        if (let is { Pattern: TypedPattern.Binding alias, Value: TypedExpression.Local local } && IsUnique(local.Type) && _borrowed.Contains(local.Symbol))
        {
            Use(local.Symbol, local.Span, consume: false);
            _borrowed.Add(alias.Symbol);
            return;
        }
        Visit(let.Value, let.Pattern is not TypedPattern.Wildcard);
    }

    private void Branches(ImmutableArray<TypedExpression> branches, bool mayBeSkipped, bool consume)
    {
        var before = _moved;
        var ends = new List<ImmutableDictionary<LocalSymbol, TextSpan>>();
        if (mayBeSkipped) ends.Add(before);
        foreach (var branch in branches)
        {
            _moved = before;
            Visit(branch, consume);
            // A branch that does not return says nothing about what follows.
            if (!Ends(branch)) ends.Add(_moved);
        }
        _moved = before;
        foreach (var end in ends)
        {
            foreach (var (symbol, span) in end)
            {
                if (_moved.ContainsKey(symbol)) continue;
                if (!ends.TrueForAll(e => e.ContainsKey(symbol)))
                    bag?.Error("E0012", At(span), $"branch move mismatch for `{symbol.Name}`", "moved here, but not in every branch", "move it in all branches or in none");
                _moved = _moved.SetItem(symbol, span);
            }
        }
    }

    private static bool Ends(TypedExpression branch) => branch switch
    {
        TypedExpression.Convert { Kind: Conversion.Absurd } => true,
        TypedExpression.Block block => Ends(block.Statements[^1]),
        _ => TypeShape.IsNever(branch.Type),
    };

    /// <summary>A lambda takes what it captures; inside, it is there to be used once.</summary>
    private void Capture(TypedExpression.Lambda lambda)
    {
        var own = TypedParts.BoundIn(lambda);
        var captured = new Dictionary<LocalSymbol, TextSpan>();
        TypedParts.Visit(lambda.Body, e =>
        {
            if (e is TypedExpression.Local local && IsUnique(local.Type) && !own.Contains(local.Symbol)) captured.TryAdd(local.Symbol, local.Span);
        });
        var before = _moved;
        foreach (var (symbol, span) in captured) Use(symbol, span, consume: true);
        var after = _moved;
        _moved = before;
        if (!captured.Keys.Any(s => _borrowed.Contains(s) || before.ContainsKey(s))) Visit(lambda.Body, consume: true);
        _moved = after;
    }

    /// <summary>What a round moves would be gone in the next.</summary>
    private void Loop(TypedExpression? condition, TypedExpression body)
    {
        var before = _moved;
        if (condition is not null) Visit(condition, false);
        Visit(body, false);
        var inside = TypedParts.BoundIn(body);
        foreach (var (symbol, span) in _moved)
            if (!before.ContainsKey(symbol) && !inside.Contains(symbol))
                bag?.Error("E0012", At(span), $"use of moved value `{symbol.Name}`", "moved in every round of a loop", null, new Label(At(span), "value was moved here"));
    }
}
