namespace Kea.Types.Inference;

/// <summary>Blocks and <c>let</c> with generalisation (3.1, 3.2, 6.7).</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferBlock(Expression.Block block, Type? expected, bool isTail, Why? why = null)
    {
        var scope = OpenScope();
        var statements = new TypedExpression[block.Statements.Length];
        var hasEnded = false;
        for (var i = 0; i < statements.Length; i++)
        {
            if (hasEnded && (i == 0 || TypeShape.IsNever(statements[i - 1].Type)))
                _bag.Warning("W1002", At(block.Statements[i].Span), "unreachable code", "the statement before it does not return");
            if (i == statements.Length - 1)
            {
                _isTail = isTail;
                statements[i] = why is { } reason ? Check(block.Statements[i], expected!, reason) : Infer(block.Statements[i], expected);
                _isTail = false;
            }
            else
            {
                statements[i] = Infer(block.Statements[i], null);
                hasEnded = TypeShape.IsNever(statements[i].Type);
            }
        }
        CloseScope(scope);
        if (statements.Length == 1) return statements[0] is TypedExpression.Let ? new TypedExpression.Block([statements[0]], _facts.Unit, block.Span) : statements[0];
        return new TypedExpression.Block(ImmutableCollectionsMarshal.AsImmutableArray(statements), statements[^1].Type, block.Span);
    }

    private TypedExpression InferLet(Expression.Let let)
    {
        if (let.Pattern is Pattern.Variable variable && let.Type is null && IsValue(let.Value)) return InferGeneral(let, variable);
        // A `let` that is itself the value binds nothing out here (3.2).
        var inner = OpenScope();
        TypedExpression value;
        if (let.Type is { } written)
        {
            var declared = ResolveType(written);
            value = Check(let.Value, declared, Why.Annotation with { Label = new Label(At(written.Span), "declared here") });
            if (value is TypedExpression.Error) value = new TypedExpression.Error(declared, value.Span);
        }
        else
        {
            value = Infer(let.Value, null);
        }
        CloseScope(inner);
        var pattern = ParameterPattern(let.Pattern, value.Type, BindingKind.Pattern, "let binding");
        return new TypedExpression.Let(pattern, value, _facts.Unit, let.Span);
    }

    /// <summary>A syntactic value (6.7.3): evaluating it does nothing, so each use may have its own type.</summary>
    private static bool IsValue(Expression expression) => expression switch
    {
        Expression.Lambda or Expression.AnonymousFunction or Expression.Literal or Expression.Unit or Expression.Variable or Expression.Upper => true,
        Expression.Field field => PathOf(field) is not null,
        Expression.Call { Callee: var callee, Arguments: var arguments } => PathOf(callee) is not null && arguments.All(a => IsValue(a.Value)),
        Expression.Tuple tuple => tuple.Elements.All(IsValue),
        Expression.List list => list.Elements.All(IsValue),
        Expression.Record record => record.Items.All(i => i.Name is not null && IsValue(i.Value)),
        _ => false,
    };

    private TypedExpression InferGeneral(Expression.Let let, Pattern.Variable variable)
    {
        var outerName = _lambdaName;
        if (let.Value is Expression.Lambda) _lambdaName = variable.Name.Text;
        _unknowns.Level++;
        var value = Infer(let.Value, null);
        _unknowns.Level--;
        _lambdaName = outerName;
        SolveAll();
        var open = new List<MetaVariable>();
        TypeShape.Collect(value.Type, open);
        open.RemoveAll(m => m.Level <= _unknowns.Level);
        if (open.Count == 0)
        {
            var symbol = Declare(variable.Name.Text, value.Type, variable.Span, BindingKind.Pattern);
            return new TypedExpression.Let(new TypedPattern.Binding(symbol, value.Type, variable.Span), value, _facts.Unit, let.Span);
        }
        var variables = Quantify(open);
        var bounds = ImmutableArray.CreateBuilder<Obligation>();
        for (var i = _pending.Count - 1; i >= 0; i--)
        {
            if (_pending[i].Self.Resolved is not Type.Variable { Symbol: var bounded } || !variables.Contains(bounded)) continue;
            bounds.Add(_pending[i]);
            _pending.RemoveAt(i);
        }
        var general = Declare(variable.Name.Text, value.Type, variable.Span, BindingKind.Pattern);
        _locals[_localCount - 1].Scheme = new LocalScheme(variables, bounds.ToImmutable(), GeneralOperands(variables));
        return new TypedExpression.LetPolymorphic(general, variables, value, _facts.Unit, let.Span);
    }

    private ImmutableArray<TypeVariable> Quantify(List<MetaVariable> open)
    {
        var variables = ImmutableArray.CreateBuilder<TypeVariable>(open.Count);
        foreach (var cell in open)
        {
            if (cell.Solution is not null) continue;
            if (cell.LowerBounds is not null)
            {
                EffectBounds.Settle(_unknowns, cell, keepOpen: false);
                continue;
            }
            var variable = new TypeVariable($"t{_quantified++}", cell.Kind);
            if (cell.Lacks is not null) variable.Lacks.UnionWith(cell.Lacks);
            cell.Solution = new Type.Variable(variable);
            variables.Add(variable);
        }
        return variables.ToImmutable();
    }

    private int _quantified;
}
