using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types;

/// <summary>Where a module comes from; decides visibility and ownership.</summary>
public enum ModuleOrigin { Project, Standard }

/// <summary>One file's worth of declarations. Filled by the binder, then read-only.</summary>
public sealed class ModuleSymbol(string name, SyntaxTree tree, ModuleOrigin origin)
{
    /// <summary>The intrinsic that gives what <c>Live.keep</c> keeps under a name, and may stand for a const: a prompt binds names to such values.</summary>
    public const string KeptValue = "kea.live.kept";

    /// <summary>Dotted, such as <c>Geometry.Solid</c>.</summary>
    public string Name { get; } = name;
    public string LastSegment => Name[(Name.LastIndexOf('.') + 1)..];
    public SyntaxTree Tree { get; } = tree;
    public SourceText Source => Tree.Source;
    public ModuleOrigin Origin { get; } = origin;
    public Dictionary<string, FunctionSymbol> Functions { get; } = [];
    public Dictionary<string, TypeSymbol> Types { get; } = [];
    public Dictionary<string, TraitSymbol> Traits { get; } = [];
    public Dictionary<string, EffectSymbol> Effects { get; } = [];
    public Dictionary<string, ConstSymbol> Consts { get; } = [];
    public List<ImplementationSymbol> Implementations { get; } = [];
    public List<TestSymbol> Tests { get; } = [];

    /// <summary>Names of the functions at file scope that have annotations at all, as the file has them; looked for once.</summary>
    public string[] AnnotatedFunctions => field ??= [.. Tree.Declarations.OfType<Declaration.Function>().Where(f => !f.Header.Annotations.IsEmpty).Select(f => f.Name.Text)];

    public override string ToString() => Name;
}

public enum TypeKind { Primitive, Struct, Enum, Opaque }

/// <summary>Types the compiler itself knows (2.14.3); None for all others.</summary>
public enum BuiltinType
{
    None, Int, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float, Float16, Float32, Float64,
    Bool, Char, String, Bytes, Unit, Never, Atom, Ptr, Range, Unique, TypeValue,
    Option, Result, List, Map, Set, Vector, Ordering,
}

/// <summary>A nominal type; identity is the object.</summary>
public sealed class TypeSymbol(string name, ModuleSymbol? module, TypeKind kind)
{
    /// <summary>With outer structs: <c>Http.Verb</c>.</summary>
    public string Name { get; } = name;
    /// <summary>Null for primitives.</summary>
    public ModuleSymbol? Module { get; } = module;
    public TypeKind Kind { get; } = kind;
    public BuiltinType Builtin { get; internal set; }
    public ImmutableArray<TypeVariable> Parameters { get; internal set; } = [];
    /// <summary>Struct fields in declaration order.</summary>
    public ImmutableArray<FieldSymbol> Fields { get; internal set; } = [];
    public ImmutableArray<VariantSymbol> Variants { get; internal set; } = [];
    /// <summary>What an opaque type wraps.</summary>
    public Type? Representation { get; internal set; }
    public bool IsUnboxed { get; internal set; }
    public bool IsPublic { get; internal set; }
    public Dictionary<string, FunctionSymbol> Methods { get; } = [];
    public Dictionary<string, ConstSymbol> Consts { get; } = [];
    /// <summary>Nested declarations by their inner name.</summary>
    public Dictionary<string, TypeSymbol> NestedTypes { get; } = [];
    /// <summary>The struct that this type is nested in.</summary>
    public TypeSymbol? Outer { get; internal set; }
    public Declaration? Declaration { get; internal set; }
    /// <summary>The text of <c>@deprecated</c>, empty when it has none; null when the item is not deprecated.</summary>
    public string? Deprecation { get; internal set; }
    /// <summary>The type without arguments, for symbols that have no parameters; always the same object.</summary>
    public Type Plain => field ??= new Type.Named(this, []);
    public override string ToString() => Name;
}

public sealed record FieldSymbol(string Name, Type Type, int Index, bool IsPublic, TextSpan Span)
{
    /// <summary>The argument of <c>@default</c>: a const that only annotations and migrations know of.</summary>
    public ConstSymbol? Default { get; init; }
}

public sealed class VariantSymbol(string name, TypeSymbol owner, int index)
{
    public string Name { get; } = name;
    public TypeSymbol Owner { get; } = owner;
    /// <summary>Position in the declaration; also the run-time tag.</summary>
    public int Index { get; } = index;
    /// <summary>Names are null for positional fields.</summary>
    public ImmutableArray<(string? Name, Type Type)> Fields { get; internal set; } = [];
    /// <summary>For each field what <see cref="FieldSymbol.Default"/> is for those of structs; empty until bound.</summary>
    public ImmutableArray<ConstSymbol?> Defaults { get; internal set; } = [];
    /// <summary>What a GADT variant fixes of its owner's parameters; empty otherwise.</summary>
    public ImmutableArray<(TypeVariable Parameter, Type Type)> Equations { get; internal set; } = [];
    public override string ToString() => $"{Owner.Name}.{Name}";
}

/// <summary>A parameter of a declared function.</summary>
/// <param name="Label">How it may be named at a call; null for positional-only.</param>
/// <param name="Default">A function of the earlier parameters that computes the default.</param>
public sealed record ParameterSymbol(string Name, string? Label, Type Type, bool IsBorrow, bool IsWith, FunctionSymbol? Default, TextSpan Span);

/// <summary>What a body is made from.</summary>
public enum FunctionOrigin { Written, Derived, ParameterDefault, TraitDefault, Test }

/// <summary>A declared function, method, trait method or operation implementation; identity is the object.</summary>
public sealed class FunctionSymbol(string name, string qualifiedName, ModuleSymbol module)
{
    public string Name { get; } = name;
    /// <summary>Stable identity that survives edits: module path, owner, name (<c>Geometry.Vec2.norm2</c>, <c>Shop.Item as Show.show</c>).</summary>
    public string QualifiedName { get; } = qualifiedName;
    public ModuleSymbol Module { get; } = module;
    public FunctionOrigin Origin { get; internal set; }
    public TypeSymbol? OwnerType { get; internal set; }
    public TraitSymbol? OwnerTrait { get; internal set; }
    public ImplementationSymbol? OwnerImplementation { get; internal set; }
    /// <summary>All quantified variables, those of the owner (type, implementation, or for trait methods Self first, then trait parameters) before the function's own.</summary>
    public ImmutableArray<TypeVariable> TypeVariables { get; internal set; } = [];
    public ImmutableArray<ParameterSymbol> Parameters { get; internal set; } = [];
    public Row Effects { get; internal set; } = Row.Empty;
    public Type Result { get; internal set; } = new Type.Error();
    public ImmutableArray<Bound> Bounds { get; internal set; } = [];
    /// <summary>Fields that type variables must have (6.6.4).</summary>
    public ImmutableArray<RowBound> RowBounds { get; internal set; } = [];
    /// <summary>What the signature leaves to the body; empty once <see cref="Inference.SignatureHoles"/> has looked.</summary>
    internal ImmutableArray<SignatureHole> Holes { get; set; } = [];
    public bool IsPublic { get; internal set; }
    public bool IsUnsafe { get; internal set; }
    /// <summary>Part of the signature has been found out from the body.</summary>
    public bool IsInferred { get; internal set; }
    /// <summary>The argument of <c>@intrinsic</c>.</summary>
    public string? Intrinsic { get; internal set; }
    /// <summary>True for <c>@extern("c")</c>: a C function of this name.</summary>
    public bool IsExtern { get; internal set; }
    /// <summary>Libraries of <c>@link</c>.</summary>
    public ImmutableArray<string> Links { get; internal set; } = [];
    /// <summary>The text of <c>@deprecated</c>, empty when it has none; null when the item is not deprecated.</summary>
    public string? Deprecation { get; internal set; }
    public Signature? Signature { get; internal set; }
    /// <summary>Derived bodies are made when first asked for (benign race: the result always says the same).</summary>
    public Expression? Body { get => field ??= MakeBody?.Invoke(); internal set; }
    internal Func<Expression>? MakeBody { get; init; }
    public TextSpan Span { get; internal set; }
    /// <summary>As written; null for generated functions.</summary>
    public Declaration.Function? Declaration { get; internal set; }
    public override string ToString() => QualifiedName;
}

/// <summary><c>a: { name: String | _ }</c>: whatever the variable stands for is a struct or record with at least these fields.</summary>
public sealed record RowBound(TypeVariable Variable, Row Fields);

/// <summary>A <c>_</c> in a signature, or the payload of an effect that was left out (2.4.2, 2.14.2).</summary>
internal sealed record SignatureHole(MetaVariable Cell, TextSpan Span, bool IsPayload);

/// <summary><c>a: Ord</c>, with the equations that fix associated types.</summary>
public sealed record Bound(TypeVariable Variable, TraitSymbol Trait, ImmutableArray<Type> Arguments, ImmutableArray<(string Member, Type Type)> Equations);

public sealed class TraitSymbol(string name, ModuleSymbol module)
{
    public string Name { get; } = name;
    public ModuleSymbol Module { get; } = module;
    public TypeVariable Self { get; internal set; } = new("Self", VariableKind.Type);
    /// <summary>Extra parameters, without the implementing type.</summary>
    public ImmutableArray<TypeVariable> Parameters { get; internal set; } = [];
    public ImmutableArray<TraitSymbol> Supertraits { get; internal set; } = [];
    public ImmutableArray<AssociatedTypeSymbol> Types { get; internal set; } = [];
    /// <summary>Signatures; one with a body is a default.</summary>
    public Dictionary<string, FunctionSymbol> Methods { get; } = [];
    public ImmutableArray<TraitDependency> Dependencies { get; internal set; } = [];
    public bool IsPublic { get; internal set; }
    public Declaration.Trait? Declaration { get; internal set; }
    public override string ToString() => Name;
}

/// <param name="Bounds">Traits that every assignment must implement.</param>
public sealed record AssociatedTypeSymbol(string Name, Type? Default, ImmutableArray<TraitSymbol> Bounds);

/// <summary>A functional dependency between the implementing type and the parameters of a trait.</summary>
public sealed record TraitDependency(ImmutableArray<TypeVariable> From, ImmutableArray<TypeVariable> To);

/// <summary><c>Type params as Trait</c>, written or derived.</summary>
public sealed class ImplementationSymbol(TraitSymbol trait, ModuleSymbol module)
{
    public TraitSymbol Trait { get; } = trait;
    public ModuleSymbol Module { get; } = module;
    public ImmutableArray<TypeVariable> Variables { get; internal set; } = [];
    public Type Self { get; internal set; } = new Type.Error();
    public ImmutableArray<Type> TraitArguments { get; internal set; } = [];
    public ImmutableArray<Bound> Bounds { get; internal set; } = [];
    public Dictionary<string, Type> AssociatedTypes { get; } = [];
    public Dictionary<string, FunctionSymbol> Methods { get; } = [];
    public bool IsDerived { get; internal set; }
    /// <summary>The header; for a derived one the trait's name in the annotation.</summary>
    public TextSpan Span { get; internal set; }
    public Declaration.Implementation? Declaration { get; internal set; }
}

/// <summary>An effect; the built-in names (7.2.1) of matching shape share one global identity across declarations.</summary>
public sealed class EffectSymbol(string name, ModuleSymbol? module)
{
    public string Name { get; } = name;
    public ModuleSymbol? Module { get; } = module;
    /// <summary>True for IO, Clock, Rand, Net, Test, Par, Send, Spawn, Alloc, Live that the runtime serves.</summary>
    public bool IsCapability { get; internal set; }
    public bool IsFail { get; internal set; }
    public ImmutableArray<TypeVariable> Parameters { get; internal set; } = [];
    public Dictionary<string, OperationSymbol> Operations { get; } = [];
    public bool IsPublic { get; internal set; }
    public Declaration.Effect? Declaration { get; internal set; }

    /// <summary>Whether a name is one that the compiler knows, whoever declares an effect of that name.</summary>
    public static bool IsBuiltin(string name) => Binding.BuiltinEffects.IsBuiltinName(name);
    public override string ToString() => Name;
}

public sealed class OperationSymbol(string name, EffectSymbol effect)
{
    public string Name { get; } = name;
    public EffectSymbol Effect { get; } = effect;
    /// <summary>Those of the effect before the operation's own.</summary>
    public ImmutableArray<TypeVariable> TypeVariables { get; internal set; } = [];
    public ImmutableArray<ParameterSymbol> Parameters { get; internal set; } = [];
    public Type Result { get; internal set; } = new Type.Error();
    public bool IsDeferred { get; internal set; }
    public TextSpan Span { get; internal set; }
    public override string ToString() => $"{Effect.Name}.{Name}";
}

public sealed class ConstSymbol(string name, string qualifiedName, ModuleSymbol module)
{
    public string Name { get; } = name;
    public string QualifiedName { get; } = qualifiedName;
    public ModuleSymbol Module { get; } = module;
    /// <summary>The text of <c>@deprecated</c>, empty when it has none; null when the item is not deprecated.</summary>
    public string? Deprecation { get; internal set; }
    public TypeSymbol? Owner { get; internal set; }
    public Type Type { get; internal set; } = new Type.Error();
    public Expression? Value { get; internal set; }
    public TextSpan Span { get; internal set; }
    public bool IsPublic { get; internal set; }
    public Declaration.Const? Declaration { get; internal set; }
}

/// <summary>A <c>test</c> block; its body is a parameterless function that may perform capability effects and <c>Fail String</c> (or whatever it fails with).</summary>
public sealed record TestSymbol(string Title, ImmutableArray<string> Tags, bool IsProperty, int Iterations, FunctionSymbol Function, TextSpan Span);

/// <summary>A binding inside a body; identity is the object.</summary>
public sealed class LocalSymbol(string name, Type type, TextSpan span)
{
    public string Name { get; } = name;
    public Type Type { get; internal set; } = type;
    public TextSpan Span { get; } = span;
    public override string ToString() => Name;
}
