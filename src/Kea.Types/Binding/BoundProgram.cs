using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>The bound declarations of a program. Immutable; its methods may be called from several threads.</summary>
internal sealed class BoundProgram(BindContext context, ModuleSymbol entry, Dictionary<TraitSymbol, ImmutableArray<ImplementationSymbol>> implementations) : IBoundProgram
{
    public BindContext Context => context;
    public ImmutableArray<ModuleSymbol> Modules { get; } = [.. context.Table.All.Select(m => m.Symbol)];
    public ImmutableArray<ModuleSymbol> Fresh { get; } = [.. context.Fresh.Select(m => m.Symbol)];
    public ModuleSymbol Entry { get; } = entry;
    public EffectSymbol FailEffect => context.Builtins.Fail;

    public IModuleScope ScopeOf(ModuleSymbol module) => context.ScopeOf(module);

    public Type ResolveType(TypeSyntax syntax, ModuleSymbol module, TypeSymbol? owner, ITypeVariableScope variables, Func<VariableKind, Type>? hole, DiagnosticBag bag) =>
        new TypeResolver(context, context.ScopeOf(module), owner, variables, hole, bag).Resolve(syntax);

    public Row ResolveEffects(EffectRowSyntax syntax, ModuleSymbol module, TypeSymbol? owner, ITypeVariableScope variables, Func<VariableKind, Type>? hole, DiagnosticBag bag) =>
        new TypeResolver(context, context.ScopeOf(module), owner, variables, hole, bag).Effects(syntax);

    public FunctionSymbol Declare(ModuleSymbol module, TypeSymbol? owner, Declaration.Function declaration, SourceText source, DiagnosticBag bag)
    {
        var contents = new ModuleContents(module, context.Table.Contents[module].Prefix) { Bag = bag, Source = source };
        var function = Binding.Declare.OneFunction(contents, declaration, owner);
        Signatures.Bind(contents, context);
        Annotations.Check(contents);
        return function;
    }

    public ImmutableArray<ImplementationSymbol> ImplementationsOf(TraitSymbol trait) => implementations.GetValueOrDefault(trait, []);

    public TypeSymbol Primitive(BuiltinType type) => context.Builtins[type] ?? Missing(type.ToString());

    public TypeSymbol StandardType(string module, string name) =>
        context.Table.Standard(module)?.Symbol.Types.GetValueOrDefault(name) ?? Missing($"{module}.{name}");

    public TraitSymbol StandardTrait(string module, string name) =>
        context.Table.Standard(module)?.Symbol.Traits.GetValueOrDefault(name) ?? new TraitSymbol(name, Entry);

    public FunctionSymbol StandardFunction(string module, string name) =>
        context.Table.Standard(module)?.Symbol.Functions.GetValueOrDefault(name) ?? new FunctionSymbol(name, $"{module}.{name}", Entry);

    /// <summary>Stands for what a missing standard module should have declared; that the module is missing has been reported.</summary>
    private static TypeSymbol Missing(string name) => new(name, null, TypeKind.Opaque);
}
