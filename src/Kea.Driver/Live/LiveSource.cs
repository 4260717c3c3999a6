using System.Collections.Immutable;
using Kea.Live;
using Kea.Mir;

namespace Kea.Driver.Live;

/// <summary>One version's code for the loader. Functions go through the passes when somebody needs them.</summary>
/// <param name="tables">The session's tables; functions are given apart.</param>
internal sealed class LiveSource(MirProgram tables, LiveCode code) : ICodeSource
{
    public MirProgram Program => tables;

    public ImmutableArray<MirFunction> Unit(string module) =>
        Finished([.. code.Functions.Values.Select(f => f.Lowered).Where(f => f.Module == module).OrderBy(f => f.Id.Index)]);

    public MirFunction? Lowered(FunctionId function) => code.Functions.GetValueOrDefault(function)?.Lowered;

    /// <summary>All versions of a program are lowered in one session.</summary>
    public bool Continues(ICodeSource earlier) => earlier is LiveSource;

    /// <summary>Functions as they are compiled: counted, at the least.</summary>
    public ImmutableArray<MirFunction> Finished(ImmutableArray<MirFunction> functions) =>
        CompilerFault.During("optimisation", () => Pipeline.Run(tables with { Functions = functions }, PipelineSetting.Reloadable)).Functions;
}
