namespace Kea.Types.Inference;

/// <summary>Const initialisers (2.5.3): a few forms only, no effects.</summary>
internal sealed partial class BodyChecker
{
    /// <summary>Checks the value of a const and collects the consts that it refers to.</summary>
    public static TypedExpression Constant(ProgramFacts facts, ConstSymbol constant, DiagnosticBag bag)
    {
        var checker = new BodyChecker(facts, null, constant.Module, constant.Module.Source, constant.Owner, bag);
        if (constant.Value is null) return checker.ErrorAt(constant.Span);
        if (checker.Unsupported(constant.Value) is { } form)
        {
            checker.Error("E0012", form.Span, $"const initializer for `{constant.Name}` is not supported yet: it may not contain this expression", "",
                "a const may use literals, other consts, operators, tuples, lists, maps, structs, records, constructors, interpolation and ranges");
            return checker.ErrorAt(constant.Span);
        }
        var value = checker.Check(constant.Value, constant.Type, Why.Annotation);
        checker.SolveAll();
        checker.Settle();
        return value;
    }

    /// <summary>A value that the running program keeps, which a session binds to a name: it has been computed before.</summary>
    private bool IsKept(Expression callee) =>
        callee is Expression.Variable { Name: var name } && _module.Functions.TryGetValue(name.Text, out var function) && function.Intrinsic == ModuleSymbol.KeptValue;

    /// <summary>The innermost part of an initialiser that is of no allowed form; null when all is well.</summary>
    private Expression? Unsupported(Expression expression)
    {
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()) return expression;
        Expression? First(IEnumerable<Expression> parts)
        {
            foreach (var part in parts) if (Unsupported(part) is { } found) return found;
            return null;
        }
        return expression switch
        {
            Expression.Literal or Expression.Unit or Expression.Atom or Expression.Variable or Expression.Upper or Expression.LayoutQuery or Expression.Error => null,
            Expression.Field field => PathOf(field.Target) is not null ? null : Unsupported(field.Target),
            Expression.Call call => PathOf(call.Callee) is not null || IsKept(call.Callee) ? First(call.Arguments.Select(a => a.Value)) : call,
            Expression.Unary unary => Unsupported(unary.Operand),
            Expression.Binary binary => First([binary.Left, binary.Right]),
            Expression.Ascription ascription => Unsupported(ascription.Operand),
            Expression.Tuple tuple => First(tuple.Elements),
            Expression.List list => First(list.Elements),
            Expression.Map map => First(map.Entries.SelectMany(e => new[] { e.Key, e.Value })),
            Expression.Record record => First(record.Items.Select(i => i.Value)),
            Expression.Update update => First(update.Items.Select(i => i.Value).Prepend(update.Base)),
            Expression.Interpolation text => First(text.Parts.OfType<InterpolationPart.Hole>().Select(h => h.Expression)),
            _ => expression,
        };
    }
}
