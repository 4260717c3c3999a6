namespace Kea.Mir;

public enum PipelineSetting
{
    /// <summary>At once, for code that is reloaded: linear passes only, conventions as the signatures say.</summary>
    Quick,
    /// <summary>The same, and running loops ask for optimised code.</summary>
    QuickCounting,
    /// <summary>
    /// Like QuickCounting, for programs that change: without passes that add functions, whose ids would mean others in the next version.
    /// </summary>
    Reloadable,
    /// <summary>Static programs: everything, across functions.</summary>
    Optimised,
    /// <summary>The same for functions that are hot together in a program that somebody may interrupt.</summary>
    Hot,
}

/// <summary>What happens to a program between lowering and code generation, in order.</summary>
public static class Pipeline
{
    public static MirProgram Run(MirProgram program, PipelineSetting setting) => setting switch
    {
        PipelineSetting.Quick => Quick(program),
        PipelineSetting.Reloadable => InsertPolls.WhereNothingCounts(UnpackAggregates.Run(InsertCounts.Run(LoopRests.Ask(program)))),
        PipelineSetting.QuickCounting => InsertPolls.WhereNothingCounts(Quick(LoopRests.Ask(program))),
        PipelineSetting.Optimised => Optimised(program),
        PipelineSetting.Hot => InsertPolls.Run(Optimised(program)),
    };

    private static MirProgram Quick(MirProgram program)
    {
        program = InsertCounts.Run(program);
        program = UnpackAggregates.Run(program);
        program = ConstructorTails.Run(program);
        return program;
    }

    private static MirProgram Optimised(MirProgram program)
    {
        program = Simplify.Run(program);
        program = SpecializeClosures.Run(program);
        program = Simplify.Run(program);
        program = Inline.Run(program);
        program = Simplify.Run(program);
        program = RemoveUnused.Run(program);
        program = InferBorrow.Run(program);
        program = InsertCounts.Run(program);
        program = UnpackAggregates.Run(program);
        program = FuseDupDrop.Run(program);
        program = SinkDups.Run(program);
        program = SpecializeDrops.Run(program);
        program = Reuse.Run(program);
        program = ConstructorTails.Run(program);
        program = Uniqueness.Run(program);
        program = SpecializeLoops.Run(program);
        return program;
    }
}
