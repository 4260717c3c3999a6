using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types;

/// <summary>What a name of a module's text refers to, by the ranks of 2.2: own declarations, named imports, imported modules, prelude.</summary>
/// <remarks>Look-ups return every candidate of the best rank that has any; more than one is an ambiguity, which the caller reports.</remarks>
public interface IModuleScope
{
    ModuleSymbol Module { get; }

    /// <summary>Functions callable by their plain name: this module's, then those of <c>use M.{name}</c>.</summary>
    ImmutableArray<FunctionSymbol> Functions(string name);
    /// <summary>Those of <c>use M.{name}</c> alone.</summary>
    ImmutableArray<FunctionSymbol> ImportedFunctions(string name);
    /// <summary>File-scope and struct consts reachable by plain name at file scope.</summary>
    ConstSymbol? Const(string name);
    ImmutableArray<VariantSymbol> Constructors(string name);
    ImmutableArray<TypeSymbol> Types(string name);
    ImmutableArray<TraitSymbol> Traits(string name);
    ImmutableArray<EffectSymbol> Effects(string name);
    /// <summary>A module by alias or dotted name, if imported (or of the prelude, or the module itself).</summary>
    ModuleSymbol? FindModule(string name);
    /// <summary>Traits whose methods unqualified method syntax may use (8.9).</summary>
    ImmutableArray<TraitSymbol> TraitsInScope { get; }
    /// <summary>Every plain name that could have been meant, for "did you mean".</summary>
    IEnumerable<string> NamesInScope { get; }
}

/// <summary>Type variables visible in a signature or body, by name.</summary>
public interface ITypeVariableScope
{
    /// <summary>The variable, or null. With <paramref name="implicitKind"/> an unknown one may be created (signatures).</summary>
    TypeVariable? Variable(string name, VariableKind? implicitKind);
}

/// <summary>The bound declarations of a whole program: input of body checking.</summary>
public interface IBoundProgram
{
    ImmutableArray<ModuleSymbol> Modules { get; }
    /// <summary>Those that were not taken over from an earlier program.</summary>
    ImmutableArray<ModuleSymbol> Fresh { get; }
    ModuleSymbol Entry { get; }
    IModuleScope ScopeOf(ModuleSymbol module);

    /// <summary>A type as written inside a body or signature; reports unknown names and wrong arity.</summary>
    /// <param name="owner">The struct whose members are in scope unqualified, or null.</param>
    /// <param name="hole">Makes the type for <c>_</c>; null where holes are rejected.</param>
    Type ResolveType(TypeSyntax syntax, ModuleSymbol module, TypeSymbol? owner, ITypeVariableScope variables, Func<VariableKind, Type>? hole, DiagnosticBag bag);
    Row ResolveEffects(EffectRowSyntax syntax, ModuleSymbol module, TypeSymbol? owner, ITypeVariableScope variables, Func<VariableKind, Type>? hole, DiagnosticBag bag);

    /// <summary>Binds the signature of one more function, as all were bound; whatever else is declared stays.</summary>
    /// <param name="owner">The type that it is a function of; null at file scope.</param>
    /// <param name="source">The text that the declaration's spans refer to.</param>
    FunctionSymbol Declare(ModuleSymbol module, TypeSymbol? owner, Declaration.Function declaration, SourceText source, DiagnosticBag bag);

    /// <summary>Implementations of a trait, written and derived, of the whole program.</summary>
    ImmutableArray<ImplementationSymbol> ImplementationsOf(TraitSymbol trait);
    TypeSymbol Primitive(BuiltinType type);
    TypeSymbol StandardType(string module, string name);
    TraitSymbol StandardTrait(string module, string name);
    FunctionSymbol StandardFunction(string module, string name);
    EffectSymbol FailEffect { get; }
}
