using System.Collections.Immutable;
using Kea.Source;
using Kea.Types.Derive;

namespace Kea.Types.Binding;

/// <summary>Binds the declarations of a whole program: everything but bodies.</summary>
/// <remarks>
/// The phases below run one after the other, each over all modules that are not taken over from an earlier program; those that touch only
/// their own module run side by side. Each phase may use what the ones before it have filled in.
/// </remarks>
public static class Binder
{
    /// <param name="modules">All modules of the program, standard ones included; one that is referred to and absent is reported.</param>
    /// <param name="workers">How many modules at once at most; what is found does not depend on it.</param>
    /// <param name="before">
    /// A program that was bound without errors. Its modules that are here with the same trees, and use only such modules, are taken over with all their symbols; nothing is reported about them again.
    /// </param>
    public static Phase<IBoundProgram> Bind(ImmutableArray<ModuleInput> modules, string entryName, int workers = SideBySide.AllProcessors, IBoundProgram? before = null)
    {
        var known = (before as BoundProgram)?.Context;
        var kept = known is null ? [] : KeptModules.Of(known, modules, entryName);
        var builtins = kept.Count == 0 ? new Builtins() : known!.Builtins;
        var table = new ModuleTable(modules, entryName, kept);
        ImmutableArray<ModuleContents> fresh = kept.Count == 0 ? table.All : [.. table.All.Where(m => !KeptModules.Contains(kept, m))];
        foreach (var module in kept.Values) module.Bag = new DiagnosticBag();
        SideBySide.Each(fresh, workers, module => Declare.Module(module, builtins));
        foreach (var module in fresh)
            if (module.IsStandard)
                foreach (var type in module.Symbol.Types.Values) builtins.Register(type);

        var imports = Imports.Resolve(table, module => KeptModules.Contains(kept, module) ? known!.ImportsOf(module) : null);
        var context = new BindContext(table, fresh, builtins, ByModule(table, imports), Scopes(table, imports, builtins, module => KeptModules.Contains(kept, module) ? known!.ScopeOf(module.Symbol) : null), workers);

        Kinds.Infer(context);
        Aliases.ResolveAll(context);
        context.ForEachModule(m => Traits.Skeleton(m, context));
        context.ForEachModule(m => Traits.Supertraits(m, context));
        context.ForEachModule(m => EffectDeclarations.FailPayload(m, context));
        context.ForEachModule(m => TypeDeclarations.Bind(m, context));
        foreach (var module in fresh) EffectDeclarations.Bind(module, context);
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

    private static Dictionary<ModuleContents, ImmutableArray<Import>> ByModule(ModuleTable table, ImmutableArray<Import>[] imports)
    {
        var byModule = new Dictionary<ModuleContents, ImmutableArray<Import>>(imports.Length);
        for (var i = 0; i < imports.Length; i++) byModule.Add(table.All[i], imports[i]);
        return byModule;
    }

    private static Dictionary<ModuleSymbol, ModuleScope> Scopes(ModuleTable table, ImmutableArray<Import>[] imports, Builtins builtins, Func<ModuleContents, ModuleScope?> known)
    {
        var scopes = new Dictionary<ModuleSymbol, ModuleScope>(imports.Length);
        for (var i = 0; i < imports.Length; i++) scopes.Add(table.All[i].Symbol, known(table.All[i]) ?? new ModuleScope(table.All[i], imports[i], table, builtins));
        return scopes;
    }

    private static Kea.Syntax.SyntaxTree EmptyTree(string name) => new(new SourceText(name, ""), [], [], null, []);
}
