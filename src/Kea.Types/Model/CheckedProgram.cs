using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Binding;

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

/// <summary>A program whose declarations are bound. Bodies are checked when first asked for and kept.</summary>
/// <remarks>Safe to ask from several threads.</remarks>
public abstract class CheckedProgram
{
    /// <summary>Its declarations. Versions that differ in functions alone share them.</summary>
    public abstract IBoundProgram Bound { get; }

    public abstract ImmutableArray<ModuleSymbol> Modules { get; }
    public abstract ModuleSymbol Entry { get; }
    /// <summary>The entry function, or null if the entry module has none.</summary>
    public abstract FunctionSymbol? Main { get; }

    /// <summary>The checked body. Null for signatures, intrinsics and foreign functions.</summary>
    public abstract TypedBody? BodyOf(FunctionSymbol function);
    /// <summary>The text that the spans of a function's body refer to.</summary>
    public abstract SourceText SourceOf(FunctionSymbol function);

    /// <summary>All functions of the project, generated ones, defaults and tests included.</summary>
    public abstract IEnumerable<FunctionSymbol> ProjectFunctions { get; }

    /// <summary>The same of some modules.</summary>
    public abstract IEnumerable<FunctionSymbol> FunctionsOf(IReadOnlySet<ModuleSymbol> modules);

    /// <summary>Full names of the project's types that a function has to do with. A function in which a type is not met means what it meant, whatever becomes of the type.</summary>
    public abstract ImmutableHashSet<string> TypesMetIn(FunctionSymbol function);

    /// <summary>The same for what a const is computed from.</summary>
    public abstract ImmutableHashSet<string> TypesMetIn(ConstSymbol constant);

    /// <summary>A module's function at file scope.</summary>
    public abstract FunctionSymbol? FunctionOf(ModuleSymbol module, string name);

    /// <summary>Functions that <see cref="WithFunctions"/> has put in, here or on the way here.</summary>
    public abstract IEnumerable<FunctionSymbol> EditedFunctions { get; }

    /// <summary>
    /// This program with other functions, which are checked; everything that they do not touch is shared. This program stays as it is.
    /// </summary>
    /// <param name="edits">With a body for each function that uses one whose signature differs: what they mean may be another thing now.</param>
    /// <returns>Null where a body decides something about others, so that all have to be checked.</returns>
    public abstract EditedProgram? WithFunctions(ImmutableArray<FunctionEdit> edits);

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
