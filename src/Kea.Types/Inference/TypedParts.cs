namespace Kea.Types.Inference;

/// <summary>The direct parts of typed nodes, and what they bind.</summary>
public static class TypedParts
{
    /// <summary>Subexpressions in order of evaluation, bodies of lambdas included.</summary>
    public static ImmutableArray<TypedExpression> Of(TypedExpression expression)
    {
        switch (expression)
        {
            case TypedExpression.Call call: return call.Target is CallTarget.Value value ? call.Arguments.Insert(0, value.Callee) : call.Arguments;
            case TypedExpression.Construct construct: return construct.Arguments;
            case TypedExpression.Struct literal:
                var fields = ImmutableArray.CreateRange(literal.Fields, f => f.Value);
                return literal.Spread is not { } spread ? fields : literal.SpreadFirst ? fields.Insert(0, spread) : fields.Add(spread);
            case TypedExpression.Record record:
                var values = ImmutableArray.CreateRange(record.Fields, f => f.Value);
                return record.Base is { } from ? values.Insert(0, from) : values;
            case TypedExpression.Update update: return [update.Base, .. update.Fields.Select(f => f.Value)];
            case TypedExpression.Field field: return [field.Target];
            case TypedExpression.Tuple tuple: return tuple.Elements;
            case TypedExpression.TupleElement element: return [element.Target];
            case TypedExpression.List list: return list.Elements;
            case TypedExpression.Range range: return [range.From, range.To];
            case TypedExpression.Rewrap rewrap: return [rewrap.Operand];
            case TypedExpression.Binary binary: return [binary.Left, binary.Right];
            case TypedExpression.Negate negate: return [negate.Operand];
            case TypedExpression.Not not: return [not.Operand];
            case TypedExpression.Interpolation text: return text.Parts;
            case TypedExpression.Convert convert: return [convert.Operand];
            case TypedExpression.Block block: return block.Statements;
            case TypedExpression.Let let: return [let.Value];
            case TypedExpression.LetPolymorphic let: return [let.Value];
            case TypedExpression.Lambda lambda: return [lambda.Body];
            case TypedExpression.If conditional: return conditional.Else is { } otherwise ? [conditional.Condition, conditional.Then, otherwise] : [conditional.Condition, conditional.Then];
            case TypedExpression.Case match:
                return [match.Scrutinee, .. match.Arms.SelectMany(a => a.Guard is { } guard ? new[] { guard, a.Body } : [a.Body])];
            case TypedExpression.While loop: return [loop.Condition, loop.Body];
            case TypedExpression.For loop: return [loop.Iterable, loop.Body];
            case TypedExpression.Fail fail: return [fail.Value];
            case TypedExpression.Try attempt: return [attempt.Operand];
            case TypedExpression.Catch attempt: return [attempt.Body];
            case TypedExpression.Panic panic: return [panic.Message];
            case TypedExpression.Integer or TypedExpression.Float or TypedExpression.Char or TypedExpression.String or TypedExpression.Bool
                or TypedExpression.Unit or TypedExpression.Atom or TypedExpression.Local or TypedExpression.PolymorphicLocal or TypedExpression.Const
                or TypedExpression.FunctionValue or TypedExpression.LayoutQuery or TypedExpression.Error:
                return [];
        }
        return [];
    }

    /// <summary>Patterns that an expression itself binds, not those of its parts.</summary>
    public static ImmutableArray<TypedPattern> PatternsOf(TypedExpression expression) => expression switch
    {
        TypedExpression.Let let => [let.Pattern],
        TypedExpression.For loop => [loop.Pattern],
        TypedExpression.Lambda lambda => lambda.Parameters,
        TypedExpression.Case match => ImmutableArray.CreateRange(match.Arms, a => a.Pattern),
        _ => [],
    };

    public static void Bound(TypedPattern pattern, HashSet<LocalSymbol> into)
    {
        switch (pattern)
        {
            case TypedPattern.Binding binding: into.Add(binding.Symbol); break;
            case TypedPattern.As named:
                into.Add(named.Symbol);
                Bound(named.Inner, into);
                break;
            case TypedPattern.Constructor constructor:
                foreach (var field in constructor.Fields) Bound(field, into);
                break;
            case TypedPattern.Record record:
                foreach (var (_, field) in record.Fields) Bound(field, into);
                break;
            case TypedPattern.Tuple tuple:
                foreach (var element in tuple.Elements) Bound(element, into);
                break;
            case TypedPattern.Rewrap rewrap: Bound(rewrap.Inner, into); break;
            case TypedPattern.Or or: Bound(or.Alternatives[0], into); break;
        }
    }

    /// <summary>Everything bound anywhere inside.</summary>
    public static HashSet<LocalSymbol> BoundIn(TypedExpression expression)
    {
        var bound = new HashSet<LocalSymbol>();
        Visit(expression, e =>
        {
            foreach (var pattern in PatternsOf(e)) Bound(pattern, bound);
            if (e is TypedExpression.LetPolymorphic let) bound.Add(let.Symbol);
        });
        return bound;
    }

    /// <summary>The whole first, then the parts in order.</summary>
    public static void Visit(TypedExpression expression, Action<TypedExpression> visit)
    {
        visit(expression);
        foreach (var part in Of(expression)) Visit(part, visit);
    }
}
