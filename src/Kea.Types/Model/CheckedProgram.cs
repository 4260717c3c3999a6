using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types;

/// <summary>One parsed module of a program, as the checker takes it. The checker knows no file paths beyond what diagnostics show.</summary>
public sealed record ModuleInput(string Name, SyntaxTree Tree, ModuleOrigin Origin);

/// <summary>What a trait method call means for a monomorphic type.</summary>
public abstract record MethodResolution
{
    private MethodResolution() { }
    public sealed record Found(FunctionSymbol Symbol, ImmutableArray<Type> TypeArguments) : MethodResolution;

    /// <summary>Tuples, anonymous records, and primitives whose instance has no body in the library: componentwise, made by lowering.</summary>
    public sealed record Structural : MethodResolution;
}

/// <summary>Another body for a function whose declaration says what it said.</summary>
/// <param name="Source">The text that the body's spans refer to.</param>
public sealed record BodyEdit(FunctionSymbol Function, Expression Body, SourceText Source);

/// <summary>A program whose declarations are bound. Bodies are checked when first asked for and kept.</summary>
/// <remarks>Safe to ask from several threads.</remarks>
public abstract class CheckedProgram
{
    public abstract ImmutableArray<ModuleSymbol> Modules { get; }
    public abstract ModuleSymbol Entry { get; }
    /// <summary>The entry function, or null if the entry module has none.</summary>
    public abstract FunctionSymbol? Main { get; }

    /// <summary>The checked body. Null for signatures, intrinsics and foreign functions.</summary>
    public abstract TypedBody? BodyOf(FunctionSymbol function);
    /// <summary>The text that the spans of a function's body refer to.</summary>
    public abstract SourceText SourceOf(FunctionSymbol function);

    /// <summary>
    /// This program with other bodies, which are checked; everything that they do not touch is shared. This program stays as it is.
    /// </summary>
    /// <returns>With what was found in these bodies; null where a body decides something about others, so that all have to be checked.</returns>
    public abstract Phase<CheckedProgram>? WithBodies(ImmutableArray<BodyEdit> edits);

    public abstract TypedExpression ConstValue(ConstSymbol constant);

    /// <summary>The function that a trait method call reaches; the self type and arguments hold no variables.</summary>
    public abstract MethodResolution ResolveMethod(TraitSymbol trait, FunctionSymbol method, Type self, ImmutableArray<Type> traitArguments, ImmutableArray<Type> methodArguments);

    /// <summary>Whether a type without variables has the trait, structurally or by an implementation.</summary>
    public abstract bool Implements(TraitSymbol trait, Type self);

    /// <summary>Normalises projections (<c>a.Item</c>) in a type without variables.</summary>
    public abstract Type Normalize(Type type);

    /// <summary>A type, trait or function of the standard library that lowering needs by name, such as ("Show", "Show").</summary>
    public abstract TypeSymbol StandardType(string module, string name);
    public abstract TraitSymbol StandardTrait(string module, string name);
    public abstract FunctionSymbol StandardFunction(string module, string name);
    public abstract TypeSymbol Primitive(BuiltinType type);
}
