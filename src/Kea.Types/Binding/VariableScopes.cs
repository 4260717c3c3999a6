using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>A scope that also knows what <c>Self</c> is and which traits its variables have, for projections.</summary>
public interface IProjectingScope : ITypeVariableScope
{
    /// <summary>The implementing type inside an implementation; null in a trait, where Self is a variable.</summary>
    Type? SelfType { get; }
    /// <summary>The implementation whose associated types <c>Self.Item</c> names.</summary>
    ImplementationSymbol? Implementation { get; }
    /// <summary>Traits that bounds give a variable, without supertraits.</summary>
    IEnumerable<TraitSymbol> BoundsOf(string variable);
}

/// <summary>
/// Type variables of one signature: those of the owner, then its own in the order in which they are first written. Also serves
/// annotations in the function's body, where it creates nothing any more.
/// </summary>
public sealed class SignatureScope : IProjectingScope
{
    private readonly ImmutableArray<TypeVariable> _owner;
    // Most signatures have neither, so both are made when needed.
    private List<TypeVariable>? _own;
    private List<(string Variable, TraitSymbol Trait)>? _bounds;
    private List<Bound>? _extra;
    private bool _isComplete;

    internal SignatureScope(ImmutableArray<TypeVariable> owner, Type? selfType = null, ImplementationSymbol? implementation = null) =>
        (_owner, SelfType, Implementation) = (owner, selfType, implementation);

    /// <summary>No variables: the scope of a const's initialiser.</summary>
    public static SignatureScope Empty => new([]) { _isComplete = true };

    /// <summary>The scope for the body of a bound function.</summary>
    public static SignatureScope Of(FunctionSymbol function)
    {
        var scope = new SignatureScope(function.TypeVariables, function.OwnerImplementation?.Self, function.OwnerImplementation) { _isComplete = true };
        foreach (var bound in function.Bounds) scope.AddBound(bound.Variable.Name, bound.Trait);
        if (function.OwnerImplementation is { } implementation)
            foreach (var bound in implementation.Bounds) scope.AddBound(bound.Variable.Name, bound.Trait);
        if (function.OwnerTrait is { } trait && function.OwnerImplementation is null) scope.AddBound(trait.Self.Name, trait);
        return scope;
    }

    public Type? SelfType { get; }
    public ImplementationSymbol? Implementation { get; }
    /// <summary>Bounds of variables that <c>impl Trait</c> made.</summary>
    internal IReadOnlyList<Bound> Extra => _extra is null ? [] : _extra;
    internal void AddExtra(Bound bound) => (_extra ??= []).Add(bound);

    internal void AddBound(string variable, TraitSymbol trait)
    {
        _bounds ??= [];
        if (!_bounds.Contains((variable, trait))) _bounds.Add((variable, trait));
    }

    public IEnumerable<TraitSymbol> BoundsOf(string variable) => _bounds is null ? [] : _bounds.Where(b => b.Variable == variable).Select(b => b.Trait);

    public TypeVariable? Variable(string name, VariableKind? implicitKind)
    {
        if (_own is not null)
            foreach (var variable in _own)
                if (variable.Name == name) return variable;
        foreach (var variable in _owner)
            if (variable.Name == name) return variable;
        return implicitKind is { } kind && !_isComplete ? Add(name, kind) : null;
    }

    internal TypeVariable Add(string name, VariableKind kind)
    {
        var variable = new TypeVariable(name, kind);
        (_own ??= []).Add(variable);
        return variable;
    }

    /// <summary>A variable that the signature implies without naming it, under the first letter that is free.</summary>
    internal TypeVariable AddUnnamed()
    {
        var name = "a";
        for (var letter = 0; Variable(name, null) is not null; letter++) name = letter < 26 ? ((char)('a' + letter)).ToString() : $"a{letter}";
        return Add(name, VariableKind.Type);
    }

    internal bool IsOwn(TypeVariable variable) => _own is not null && _own.Contains(variable);

    /// <summary>All variables, those of the owner first; nothing can be added afterwards.</summary>
    internal ImmutableArray<TypeVariable> Complete()
    {
        _isComplete = true;
        return _own is null ? _owner : [.. _owner, .. _own];
    }
}

/// <summary>Declared parameters only: what the fields of a struct or the target of an alias may mention.</summary>
internal sealed class DeclaredScope(ImmutableArray<TypeVariable> parameters) : ITypeVariableScope
{
    public TypeVariable? Variable(string name, VariableKind? implicitKind)
    {
        foreach (var parameter in parameters)
            if (parameter.Name == name) return parameter;
        return null;
    }
}

/// <summary>The variables of a <c>forall</c> in front of those around it.</summary>
internal sealed class ForallScope(Dictionary<string, TypeVariable> variables, ITypeVariableScope outer) : IProjectingScope
{
    private readonly IProjectingScope? _projecting = outer as IProjectingScope;

    public Type? SelfType => _projecting?.SelfType;
    public ImplementationSymbol? Implementation => _projecting?.Implementation;
    public IEnumerable<TraitSymbol> BoundsOf(string variable) => variables.ContainsKey(variable) ? [] : _projecting?.BoundsOf(variable) ?? [];
    public TypeVariable? Variable(string name, VariableKind? implicitKind) => variables.GetValueOrDefault(name) ?? outer.Variable(name, implicitKind);
}
