using System.Collections.Immutable;

namespace Kea.Syntax;

public static partial class SyntaxDump
{
    private static Sexp Dump(Expression expression) => expression switch
    {
        Expression.Literal(var value, _) => Dump(value),
        Expression.Unit => "()",
        Expression.Interpolation(var parts, _) => Sexp.Of("interpolate", parts.Select(Dump)),
        Expression.Atom(var name, _) => ":" + name,
        Expression.Variable(var name, _) => Named(name),
        Expression.Upper(var name, _) => Named(name),
        Expression.Field(var target, var name, _) => Sexp.Of(".", Dump(target), Named(name)),
        Expression.Call call => Sexp.Of(call.IsBracketed ? "call()" : "call", [Dump(call.Callee), .. call.Arguments.Select(Dump)]),
        Expression.TailRecursive(var invocation, _) => Sexp.Of("@tailrec", Dump(invocation)),
        Expression.Try(var operand, _) => Sexp.Of("?", Dump(operand)),
        Expression.Unary(var @operator, var operand, _, _) => Sexp.Of(Symbol(@operator), Dump(operand)),
        Expression.Binary(var @operator, var left, var right, _, _) => Sexp.Of(Symbol(@operator), Dump(left), Dump(right)),
        Expression.Ascription(var operand, var type, _) => Sexp.Of("as", Dump(operand), Dump(type)),
        Expression.When(var body, var condition, _) => Sexp.Of("when", Dump(body), Dump(condition)),
        Expression.Tuple(var elements, _) => Sexp.Of("tuple", elements.Select(Dump)),
        Expression.List(var elements, _) => Sexp.Of("list", elements.Select(Dump)),
        Expression.Map(var entries, _) => Sexp.Of("map", entries.Select(e => Sexp.Of("=>", Dump(e.Key), Dump(e.Value)))),
        Expression.Record(var path, var items, _) =>
            Sexp.Of("record", [path is null ? Flag("#") : Dump(path), .. items.Select(Dump)]),
        Expression.Update(var @base, var items, _) => Sexp.Of("update", [Dump(@base), .. items.Select(Dump)]),
        Expression.Lambda(var parameters, var body, _) => Sexp.Of("lambda", Sexp.Of("params", parameters.Select(Dump)), Dump(body)),
        Expression.AnonymousFunction(var parameters, var effects, var result, var body, _) =>
            Sexp.Of("fn", Sexp.Of("params", parameters.Select(Dump)), Arrow(effects), Dump(result), Dump(body)),
        Expression.Block(var statements, _) => Sexp.Of("block", statements.Select(Dump)),
        Expression.Let(var pattern, var type, var value, _) =>
            Sexp.Of("let", Dump(pattern), type is null ? null : Sexp.Of(":", Dump(type)), Dump(value)),
        Expression.With(var pattern, var invocation, var rest, _) =>
            Sexp.Of("with", pattern is null ? null : Sexp.Of("<-", Dump(pattern)), Dump(invocation), Dump(rest)),
        Expression.If(var condition, var then, var otherwise, _) =>
            Sexp.Of("if", Dump(condition), Dump(then), otherwise is null ? null : Dump(otherwise)),
        Expression.Case(var scrutinee, var arms, _) => Sexp.Of("case", [Dump(scrutinee), .. arms.Select(Dump)]),
        Expression.Cond(var arms, _) => Sexp.Of("cond", arms.Select(Dump)),
        Expression.For(var pattern, var iterable, var body, _) => Sexp.Of("for", Dump(pattern), Dump(iterable), Dump(body)),
        Expression.While(var condition, var body, _) => Sexp.Of("while", Dump(condition), Dump(body)),
        Expression.Handle(var body, var clauses, var then, _) =>
            Sexp.Of("handle", [Dump(body), .. clauses.Select(Dump), then is null ? null : Dump(then)]),
        Expression.Unsafe(var body, _) => Sexp.Of("unsafe", Dump(body)),
        Expression.Resume(var value, _) => Sexp.Of("resume", Dump(value)),
        Expression.Fail(var value, _) => Sexp.Of("fail", Dump(value)),
        Expression.Catch(var body, _) => Sexp.Of("catch", Dump(body)),
        Expression.Panic(var message, _) => Sexp.Of("panic", Dump(message)),
        Expression.LayoutQuery(var isAlign, var type, _) => Sexp.Of(isAlign ? "align_of" : "size_of", Dump(type)),
        Expression.Assertion(var word, var arguments, _) => Sexp.Of("assertion", [Named(word), .. arguments.Select(Dump)]),
        Expression.TypeArgument(var type, _) => Sexp.Of("type", Dump(type)),
        Expression.Placeholder => "$",
        Expression.Error => "<error>",
    };

    private static Sexp Dump(InterpolationPart part) => part switch
    {
        InterpolationPart.Text(var text) => Quoted(text),
        InterpolationPart.Hole(var expression) => Sexp.Of("hole", Dump(expression)),
    };

    private static Sexp Dump(RecordItem item) =>
        item.Name is { } name ? Sexp.Of(":", Named(name), Dump(item.Value)) : Sexp.Of("..", Dump(item.Value));

    private static Sexp Dump(LambdaParameter parameter) =>
        parameter.Type is { } type ? Sexp.Of(":", Dump(parameter.Pattern), Dump(type)) : Dump(parameter.Pattern);

    private static Sexp Dump(CaseArm arm) => Sexp.Of("->",
        Dump(arm.Pattern), arm.Guard is { } guard ? Sexp.Of("when", Dump(guard)) : null, Dump(arm.Body));

    private static Sexp Dump(CondArm arm) => Sexp.Of("->", arm.Condition is { } c ? Dump(c) : Flag("_"), Dump(arm.Body));

    private static Sexp Dump(HandlerClause clause) => Sexp.Of("clause",
        $"{clause.Effect}.{clause.Operation}", Sexp.Of("params", clause.Parameters.Select(Dump)),
        clause.Continuation is { } k ? Sexp.Of("with", Named(k)) : null, Dump(clause.Body));

    private static Sexp Dump(ThenClause then) => Sexp.Of("then", NameOrNone(then.Parameter), Dump(then.Body));

    internal static string Symbol(UnaryOperator @operator) => @operator switch
    {
        UnaryOperator.Negate => "-",
        UnaryOperator.Not => "not",
    };

    internal static string Symbol(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Or => "or",
        BinaryOperator.And => "and",
        BinaryOperator.In => "in",
        BinaryOperator.NotIn => "not in",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Range => "..",
        BinaryOperator.RangeInclusive => "..=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Concat => "++",
        BinaryOperator.Combine => "<>",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
    };

    private static Sexp Dump(Pattern pattern) => pattern switch
    {
        Pattern.Wildcard => "_",
        Pattern.Variable(var name, _) => Named(name),
        Pattern.Literal(var value, var negated, _) => negated ? Sexp.Of("-", Dump(value)) : Dump(value),
        Pattern.Unit => "()",
        Pattern.Constructor(var path, var arguments, var hasRest, var hasParentheses, _) => Sexp.Of("ctor",
            [path.ToString(), Flag(hasParentheses && arguments.IsEmpty && !hasRest, "()"), .. arguments.Select(Dump), Flag(hasRest, "..")]),
        Pattern.Const(var owner, var name, _) => Sexp.Of("const", owner.ToString(), Named(name)),
        Pattern.Record(var path, var fields, var hasRest, _) => Sexp.Of("record",
            [path is null ? Flag("#") : path.ToString(), .. fields.Select(Dump), Flag(hasRest, "..")]),
        Pattern.Tuple(var elements, _) => Sexp.Of("tuple", elements.Select(Dump)),
        Pattern.List(var elements, var rest, var isCons, _) => Sexp.Of(isCons ? "::" : "list",
            [.. elements.Select(Dump), rest is null ? null : isCons ? Dump(rest) : Sexp.Of("..", Dump(rest))]),
        Pattern.As(var inner, var name, _) => Sexp.Of("as", Dump(inner), Named(name)),
        Pattern.Or(var alternatives, _) => Sexp.Of("|", alternatives.Select(Dump)),
        Pattern.Error => "<error>",
    };

    private static Sexp Dump(ArgumentPattern argument) =>
        argument.Label is { } label ? Sexp.Of(":", Named(label), Dump(argument.Pattern)) : Dump(argument.Pattern);

    private static Sexp Dump(FieldPattern field) =>
        field.Punned ? Named(field.Name) : Sexp.Of(":", Named(field.Name), Dump(field.Pattern));
}
