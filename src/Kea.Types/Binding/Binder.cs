using System.Collections.Immutable;
using Kea.Source;
using Kea.Types.Derive;

namespace Kea.Types.Binding;

/// <summary>Binds the declarations of a whole program: everything but bodies.</summary>
/// <remarks>
/// The phases below run one after the other, each over all modules; those that touch only their own module run side by side.
/// Each phase may use what the ones before it have filled in.
/// </remarks>
public static class Binder
{
    /// <param name="modules">All modules of the program, standard ones included; one that is referred to and absent is reported.</param>
    /// <param name="workers">How many modules at once at most; what is found does not depend on it.</param>
    public static Phase<IBoundProgram> Bind(ImmutableArray<ModuleInput> modules, string entryName, int workers = SideBySide.AllProcessors)
    {
        var builtins = new Builtins();
        var table = new ModuleTable(modules, entryName);
        SideBySide.Each(table.All, workers, module => Declare.Module(module, builtins));
        foreach (var module in table.All)
            if (module.IsStandard)
                foreach (var type in module.Symbol.Types.Values) builtins.Register(type);

        var imports = Imports.Resolve(table);
        var context = new BindContext(table, builtins, Scopes(table, imports, builtins), workers);

        Kinds.Infer(context);
        Aliases.ResolveAll(context);
        context.ForEachModule(m => Traits.Skeleton(m, context));
        context.ForEachModule(m => Traits.Supertraits(m, context));
        context.ForEachModule(m => EffectDeclarations.FailPayload(m, context));
        context.ForEachModule(m => TypeDeclarations.Bind(m, context));
        foreach (var module in table.All) EffectDeclarations.Bind(module, context);
        context.ForEachModule(m => Traits.Bind(m, context));
        context.ForEachModule(m => Signatures.Bind(m, context));
        context.ForEachModule(m => Implementations.Bind(m, context));

        Deriver.Run(context);
        var index = ImplementationIndex.Build(context);
        context.ForEachModule(Traits.Cycles);
        context.ForEachModule(m => Conformance.Check(m, index));
        context.ForEachModule(m => Annotations.Check(m));
        context.ForEachModule(m => DeclarationWarnings.Check(m, context));

        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var name in ModuleReferences.Always)
            if (table.Standard(name) is null) diagnostics.Add(new Diagnostic("E0005", Severity.Error, $"standard module `{name}` not found", null, [], [], "the standard library is not complete"));
        foreach (var module in table.All) diagnostics.AddRange(module.Bag.ToImmutable());
        var entry = (table.Entry ?? (table.All.IsEmpty ? null : table.All[0]))?.Symbol
            ?? new ModuleSymbol(entryName, EmptyTree(entryName), ModuleOrigin.Project);
        return new Phase<IBoundProgram>(new BoundProgram(context, entry, index.ByTrait()), diagnostics.DrainToImmutable());
    }

    private static Dictionary<ModuleSymbol, ModuleScope> Scopes(ModuleTable table, ImmutableArray<Import>[] imports, Builtins builtins)
    {
        var scopes = new Dictionary<ModuleSymbol, ModuleScope>(imports.Length);
        for (var i = 0; i < imports.Length; i++) scopes.Add(table.All[i].Symbol, new ModuleScope(table.All[i], imports[i], table, builtins));
        return scopes;
    }

    private static Kea.Syntax.SyntaxTree EmptyTree(string name) => new(new SourceText(name, ""), [], [], null, []);
}
