namespace Kea.Types.Binding;

/// <summary>What every phase after the imports needs: the modules, their scopes, and what is built in. Immutable once made.</summary>
internal sealed class BindContext(ModuleTable table, Builtins builtins, Dictionary<ModuleSymbol, ModuleScope> scopes, int workers)
{
    public ModuleTable Table { get; } = table;
    public Builtins Builtins { get; } = builtins;

    public ModuleScope ScopeOf(ModuleSymbol module) => scopes[module];

    /// <summary>Aliases have been resolved, so that targets may be read from several threads.</summary>
    public bool AliasesAreResolved { get; set; }

    /// <summary>Runs one phase for every module, side by side.</summary>
    public void ForEachModule(Action<ModuleContents> phase) => SideBySide.Each(Table.All, workers, phase);
}
