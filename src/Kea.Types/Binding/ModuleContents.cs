using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>What the binder knows of a module beyond its public symbol.</summary>
/// <param name="prefix">Begins the stable identities of what the module declares; the module's name, or <c>Kea.Name</c> for a standard module that the project hides.</param>
internal sealed class ModuleContents(ModuleSymbol symbol, string prefix)
{
    public ModuleSymbol Symbol { get; } = symbol;
    public string Prefix { get; } = prefix;
    /// <summary>What spans refer to; another text than the symbol's for what has been edited since.</summary>
    public SourceText Source { get; init; } = symbol.Source;
    public bool IsStandard => Symbol.Origin == ModuleOrigin.Standard;

    /// <summary>One bag per module, so that modules can be bound side by side. A module that is taken over into another program has another one there.</summary>
    public DiagnosticBag Bag { get; set; } = new();

    public Dictionary<string, List<VariantSymbol>> Constructors { get; } = [];
    /// <summary>Constructors of enums inside structs: in scope here, but behind those at file scope.</summary>
    public Dictionary<string, List<VariantSymbol>> NestedConstructors { get; } = [];
    /// <summary>By full name (<c>Outer.Inner</c>).</summary>
    public Dictionary<string, AliasSymbol> Aliases { get; } = [];
    /// <summary>Structs, enums and opaque types with the nested ones, outer before inner.</summary>
    public List<TypeSymbol> Types { get; } = [];
    /// <summary>Functions, methods and test bodies whose signatures are still to be bound.</summary>
    public List<FunctionSymbol> Functions { get; } = [];
    public List<ConstSymbol> Consts { get; } = [];
    /// <summary>Effects that are the module's own, not built-in ones, and standard declarations of built-in ones.</summary>
    public List<(EffectSymbol Symbol, Declaration.Effect Declaration, TypeSymbol? Outer)> Effects { get; } = [];
    public List<Declaration.Implementation> Implementations { get; } = [];
    public List<Declaration.Use> Uses { get; } = [];
    /// <summary>The operation that fixes the payload, where the module declares <c>effect Fail</c> without a parameter.</summary>
    public Declaration.Function? FailOperation { get; set; }
    public Type? FailPayload { get; set; }

    public SourceSpan At(TextSpan span) => new(Source, span);
}

/// <summary>A type or effect-row alias; it is expanded wherever it stands, so no later phase sees it.</summary>
internal sealed class AliasSymbol(string name, ModuleContents module, Declaration.Alias declaration, TypeSymbol? outer)
{
    public string Name { get; } = name;
    public ModuleContents Module { get; } = module;
    public Declaration.Alias Declaration { get; } = declaration;
    public TypeSymbol? Outer { get; } = outer;
    public bool IsPublic => Declaration.Header.IsPublic;
    public System.Collections.Immutable.ImmutableArray<TypeVariable> Parameters { get; set; } = [];
    /// <summary>Null until resolved; a row alias has a RowArgument.</summary>
    public Type? Target { get; set; }
    public bool IsResolving { get; set; }

    /// <summary>The target is a bracketed effect list.</summary>
    public bool IsEffectRow => Declaration.Target is TypeSyntax.EffectList;
}
