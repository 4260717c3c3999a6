namespace Kea.Types.Inference;

/// <summary>What a qualified path may mean: one name can be a module, a type, a trait and an effect at once (3.4).</summary>
internal sealed class Namespace
{
    public required string Name { get; init; }
    public ModuleSymbol? Module { get; init; }
    public TypeSymbol? Type { get; init; }
    public TraitSymbol? Trait { get; init; }
    public EffectSymbol? Effect { get; init; }
    public bool IsEmpty => Module is null && Type is null && Trait is null && Effect is null;
}

/// <summary>An item of a namespace.</summary>
internal abstract record Member
{
    private Member() { }
    public sealed record Function(FunctionSymbol Symbol) : Member;
    /// <summary>A function and a trait method of one name, such as <c>Eq.eq</c>; the arguments decide (8.9).</summary>
    public sealed record FunctionOrMethod(FunctionSymbol Symbol, FunctionSymbol Method) : Member;
    public sealed record Operation(OperationSymbol Symbol) : Member;
    public sealed record Const(ConstSymbol Symbol) : Member;
    /// <summary><c>Int8.try_from</c>, <c>Ptr.read</c>, <c>Int.popcount</c>.</summary>
    public sealed record Builtin(string Name, TypeSymbol Owner) : Member;
}
