using System.Collections.Immutable;

namespace Kea.Types.Inference;

/// <summary>
/// Which of the project's types a function has to do with: those of its signature, of each expression and pattern, and those that
/// functions are used at. A body in which a type is not met means what it meant, whatever becomes of the type.
/// </summary>
internal static class TypesMet
{
    /// <returns>Full names, <c>Module.Type</c>.</returns>
    public static ImmutableHashSet<string> In(FunctionSymbol function, TypedBody? body) => In(function, body?.Parameters ?? [], body?.Body);

    /// <summary>Those of a const's value.</summary>
    public static ImmutableHashSet<string> In(TypedExpression value) => In(null, [], value);

    private static ImmutableHashSet<string> In(FunctionSymbol? function, ImmutableArray<TypedPattern> parameters, TypedExpression? body)
    {
        var met = new HashSet<TypeSymbol>(ReferenceEqualityComparer.Instance);
        foreach (var parameter in function?.Parameters ?? []) Visit(parameter.Type);
        if (function is not null)
        {
            Visit(function.Result);
            TypeWalk.Visit(function.Effects, Add);
        }
        foreach (var pattern in parameters) Pattern(pattern);
        if (body is not null) TypedParts.Visit(body, Expression);
        return [.. met.Select(t => $"{t.Module!.Name}.{t.Name}")];

        void Visit(Type type) => TypeWalk.Visit(type, Add);

        void Add(Type type)
        {
            if (type is Type.Named { Symbol: { Module.Origin: ModuleOrigin.Project } symbol }) met.Add(symbol);
        }

        void All(ImmutableArray<Type> types)
        {
            foreach (var type in types) Visit(type);
        }

        void Expression(TypedExpression expression)
        {
            Visit(expression.Type);
            foreach (var pattern in TypedParts.PatternsOf(expression)) Pattern(pattern);
            switch (expression)
            {
                case TypedExpression.Call call: Target(call.Target); break;
                case TypedExpression.FunctionValue value:
                    Target(value.Target);
                    if (value.Target is CallTarget.Value(var callee)) TypedParts.Visit(callee, Expression);
                    break;
                case TypedExpression.PolymorphicLocal local: All(local.TypeArguments); break;
                case TypedExpression.LayoutQuery query: Visit(query.Of); break;
                default: break;
            }
        }

        void Target(CallTarget target)
        {
            switch (target)
            {
                case CallTarget.Function(_, var arguments): All(arguments); break;
                case CallTarget.Operation(_, var arguments): All(arguments); break;
                case CallTarget.Builtin(_, var of): Visit(of); break;
                case CallTarget.TraitMethod(_, _, var self, var traitArguments, var methodArguments):
                    Visit(self);
                    All(traitArguments);
                    All(methodArguments);
                    break;
                case CallTarget.Value: break;
            }
        }

        void Pattern(TypedPattern pattern)
        {
            Visit(pattern.Type);
            switch (pattern)
            {
                case TypedPattern.As(var inner, _, _, _): Pattern(inner); break;
                case TypedPattern.Rewrap(var inner, _, _): Pattern(inner); break;
                case TypedPattern.Constructor(_, var fields, _, _): Patterns(fields); break;
                case TypedPattern.Tuple(var elements, _, _): Patterns(elements); break;
                case TypedPattern.Or(var alternatives, _, _): Patterns(alternatives); break;
                case TypedPattern.Record(var fields, _, _):
                    foreach (var (_, field) in fields) Pattern(field);
                    break;
                default: break;
            }
        }

        void Patterns(ImmutableArray<TypedPattern> patterns)
        {
            foreach (var pattern in patterns) Pattern(pattern);
        }
    }
}
