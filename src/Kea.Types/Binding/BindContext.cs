using System.Collections.Immutable;

namespace Kea.Types.Binding;

/// <summary>What every phase after the imports needs: the modules, their scopes, and what is built in. Immutable once made.</summary>
/// <param name="fresh">The modules that are bound; all others have been, with an earlier program.</param>
/// <param name="imports">Of each module.</param>
internal sealed class BindContext(
    ModuleTable table, ImmutableArray<ModuleContents> fresh, Builtins builtins, Dictionary<ModuleContents, ImmutableArray<Import>> imports, Dictionary<ModuleSymbol, ModuleScope> scopes, int workers)
{
    public ModuleTable Table { get; } = table;
    public ImmutableArray<ModuleContents> Fresh { get; } = fresh;
    public Builtins Builtins { get; } = builtins;

    public ModuleScope ScopeOf(ModuleSymbol module) => scopes[module];

    public ImmutableArray<Import> ImportsOf(ModuleContents module) => imports[module];

    /// <summary>Aliases have been resolved, so that targets may be read from several threads.</summary>
    public bool AliasesAreResolved { get; set; }

    /// <summary>Runs one phase for every module that is bound, side by side.</summary>
    public void ForEachModule(Action<ModuleContents> phase) => SideBySide.Each(Fresh, workers, phase);
}
