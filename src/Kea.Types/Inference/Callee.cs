namespace Kea.Types.Inference;

/// <summary>A declared function, trait method or operation with fresh unknowns for its variables, ready to be called.</summary>
/// <param name="Types">Of the parameters.</param>
/// <param name="TypeArguments">The unknowns, in the order of the symbol's variables.</param>
internal sealed record Callee(
    string Name, ImmutableArray<ParameterSymbol> Parameters, ImmutableArray<Type> Types, Row Effects, Type Result,
    ImmutableArray<Type> TypeArguments, CallTarget Target, ModuleSymbol? Module)
{
    /// <summary>What to demand once the arguments are known.</summary>
    public ImmutableArray<Obligation> Obligations { get; init; } = [];
    public FunctionSymbol? Function { get; init; }
    public bool IsOfPar { get; init; }
}

/// <summary>An argument as given: syntax, or a value that has been inferred already (a receiver).</summary>
internal readonly record struct GivenArgument(Name? Label, Expression? Syntax, TypedExpression? Typed, TextSpan Span)
{
    public static GivenArgument Of(Argument argument) => new(argument.Label, argument.Value, null, argument.Value.Span);
    public static GivenArgument Of(TypedExpression receiver) => new(null, null, receiver, receiver.Span);
}
