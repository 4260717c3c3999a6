namespace Kea.Types.Inference;

/// <summary>Flow narrowing (6.8.1): in the guarded region a tested variable stands for its content.</summary>
internal sealed partial class BodyChecker
{
    /// <summary>A variable is known to be this variant.</summary>
    private readonly record struct Fact(string Variable, VariantSymbol Variant);

    private readonly record struct Facts(ImmutableArray<Fact> WhenTrue, ImmutableArray<Fact> WhenFalse)
    {
        public static readonly Facts None = new([], []);
    }

    private Facts Narrowing(Expression condition)
    {
        switch (condition)
        {
            case Expression.Unary { Operator: UnaryOperator.Not, Operand: var operand }:
                var inner = Narrowing(operand);
                return new Facts(inner.WhenFalse, inner.WhenTrue);
            case Expression.Binary { Operator: BinaryOperator.And, Left: var left, Right: var right }:
                return new Facts(Narrowing(left).WhenTrue.AddRange(Narrowing(right).WhenTrue), []);
            case Expression.Binary { Operator: BinaryOperator.Or, Left: var left, Right: var right }:
                return new Facts([], Narrowing(left).WhenFalse.AddRange(Narrowing(right).WhenFalse));
            case Expression.Call { IsBracketed: false, Callee: Expression.Field { Name.Text: var test, Target: Expression.Variable { Name.Text: var receiver } }, Arguments.IsEmpty: true }:
                return Test(receiver, test);
            case Expression.Call { IsBracketed: false, Callee: Expression.Field { Name.Text: var test, Target: Expression.Upper { Name: var module } },
                Arguments: [{ Label: null, Value: Expression.Variable { Name.Text: var argument } }] }
                when FindMember(ResolveNamespace([module]), test) is Member.Function { Symbol: { Module: { Origin: ModuleOrigin.Standard, Name: "Option" or "Result" } } }:
                return Test(argument, test);
            default:
                return Facts.None;
        }
    }

    private Facts Test(string variable, string test)
    {
        var local = FindLocal(variable);
        if (local < 0 || _locals[local].Scheme is not null || _locals[local].Symbol.Type.Resolved is not Type.Named { Symbol: var symbol }) return Facts.None;
        ImmutableArray<Fact> Is(string variant) => FindVariant(symbol, variant) is { } found ? [new Fact(variable, found)] : [];
        return (symbol.Builtin, test) switch
        {
            (BuiltinType.Option, "is_some") => new Facts(Is("Some"), []),
            (BuiltinType.Option, "is_none") => new Facts([], Is("Some")),
            (BuiltinType.Result, "is_ok") => new Facts(Is("Ok"), Is("Err")),
            (BuiltinType.Result, "is_err") => new Facts(Is("Err"), Is("Ok")),
            _ => Facts.None,
        };
    }

    /// <summary>
    /// Checks a region under facts. A use of a narrowed variable is a use of a new local, which is bound in front of the
    /// region to the content: <c>x + 1</c> becomes <c>let x' = case x { Some(v) -> v; _ -> panic }; x' + 1</c>.
    /// </summary>
    private TypedExpression Narrowed(ImmutableArray<Fact> facts, Func<TypedExpression> region)
    {
        if (facts.IsDefaultOrEmpty) return region();
        var scope = OpenScope();
        var narrowed = new List<(LocalSymbol Outer, LocalSymbol Inner, VariantSymbol Variant, int Index, int OuterIndex)>();
        foreach (var fact in facts)
        {
            var outer = FindLocal(fact.Variable);
            if (outer < 0 || _locals[outer].Symbol.Type.Resolved is not Type.Named named || !ReferenceEquals(named.Symbol, fact.Variant.Owner)) continue;
            var type = Substitute.In(fact.Variant.Fields[0].Type, named.Symbol.Parameters, named.Arguments);
            var symbol = _locals[outer].Symbol;
            var inner = Declare(fact.Variable, type, symbol.Span, BindingKind.Hidden);
            narrowed.Add((symbol, inner, fact.Variant, _localCount - 1, outer));
        }
        var body = region();
        var statements = new List<TypedExpression>();
        for (var i = narrowed.Count - 1; i >= 0; i--)
        {
            var (outer, inner, variant, index, outerIndex) = narrowed[i];
            if (!_locals[index].IsUsed) continue;
            _locals[outerIndex].IsUsed = true;
            statements.Insert(0, Extract(outer, inner, variant, body.Span));
        }
        CloseScope(scope);
        if (statements.Count == 0) return body;
        statements.Add(body);
        return new TypedExpression.Block([.. statements], body.Type, body.Span);
    }

    private TypedExpression Extract(LocalSymbol outer, LocalSymbol inner, VariantSymbol variant, TextSpan span)
    {
        var content = new LocalSymbol(outer.Name, inner.Type, span);
        var pattern = new TypedPattern.Constructor(variant, [new TypedPattern.Binding(content, inner.Type, span)], outer.Type, span);
        var impossible = new TypedExpression.Panic(new TypedExpression.String("a tested value changed", _facts.String, span), _facts.Never, span);
        var value = new TypedExpression.Case(new TypedExpression.Local(outer, outer.Type, span),
        [
            new TypedArm(pattern, null, new TypedExpression.Local(content, inner.Type, span)),
            new TypedArm(new TypedPattern.Wildcard(outer.Type, span), null, new TypedExpression.Convert(Conversion.Absurd, impossible, inner.Type, span)),
        ], inner.Type, span);
        return new TypedExpression.Let(new TypedPattern.Binding(inner, inner.Type, span), value, _facts.Unit, span);
    }

    private TypedExpression InferLogical(Expression.Binary binary)
    {
        var why = Why.Operator(Text(binary.Operator));
        var left = Check(binary.Left, _facts.Bool, why);
        var facts = Narrowing(binary.Left);
        var right = Narrowed(binary.Operator == BinaryOperator.And ? facts.WhenTrue : facts.WhenFalse, () => Check(binary.Right, _facts.Bool, why));
        return new TypedExpression.Binary(binary.Operator, left, right, _facts.Bool, binary.Span);
    }
}
