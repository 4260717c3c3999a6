using System.Collections.Immutable;
using System.Text;
using Kea.Llvm;
using Kea.Llvm.Interop;
using Kea.Mir;
using Kea.Source;
using Kea.Types;

namespace Kea.Driver;

/// <summary>A text form that may be written beside an executable.</summary>
public enum EmittedForm { Mir, Llvm, Assembly }

/// <param name="Output">Ends in <c>.o</c> for an object file; else an executable is linked.</param>
public sealed record BuildRequest(string Output, string Cpu, EmittedForm? Emit);

/// <summary>What a build wrote. Without an output the diagnostics say why.</summary>
/// <param name="Bytes">Size of the output.</param>
public sealed record BuildOutcome(string? Output, long Bytes, bool IsObject, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>Ahead of time: a checked program to one static executable or an object file (language reference 14.4).</summary>
public static class Build
{
    /// <param name="program">Checked without errors, with a main.</param>
    public static BuildOutcome Run(CheckedProgram program, BuildRequest request, ToolchainPaths paths)
    {
        if (!ProcessorNames.All.Contains(request.Cpu))
        {
            var close = EditDistance.Closest(request.Cpu, ProcessorNames.All);
            return Failed($"unknown processor `{request.Cpu}`", close is null ? "name one that LLVM knows, such as `x86-64-v3`, or `native`" : $"did you mean `{close}`?");
        }
        try
        {
            var lowered = CompilerFault.During("lowering", () => Lowering.Lower(program, new LoweringRoots.Main(), new LoweringSession()));
            if (!lowered.Diagnostics.IsEmpty) return new BuildOutcome(null, 0, false, lowered.Diagnostics);
            var mir = CompilerFault.During("optimisation", () => Pipeline.Run(lowered.Program, PipelineSetting.Optimised));
            return Write(mir, program.Entry.Source.Path, request, new RuntimeFiles(paths.Native));
        }
        catch (LlvmException e)
        {
            return Failed(e.Message);
        }
    }

    private static BuildOutcome Write(MirProgram mir, string mainFile, BuildRequest request, RuntimeFiles runtime)
    {
        if (!File.Exists(runtime.Bitcode)) return Failed($"the runtime is not built: {runtime.Bitcode} is missing");
        var isObject = request.Output.EndsWith(".o", StringComparison.Ordinal);
        var processor = Processor.Static(request.Cpu);
        if (request.Emit is { } form && Emit(mir, mainFile, form, processor, runtime, request.Output) is { } emitProblem) return Failed(emitProblem);
        var code = CompilerFault.During("code generation", () => StaticProgram.Compile(mir, mainFile, processor, runtime, StaticOutput.Object));
        var problem = isObject ? StaticLinker.Write(code, request.Output) : StaticLinker.Link(code, request.Output, runtime);
        return problem is null ? new BuildOutcome(request.Output, new FileInfo(request.Output).Length, isObject, []) : Failed(problem);
    }

    private static string? Emit(MirProgram mir, string mainFile, EmittedForm form, Processor processor, RuntimeFiles runtime, string output)
    {
        var (text, extension) = form switch
        {
            EmittedForm.Mir => (Encoding.UTF8.GetBytes(MirPrinter.Print(mir)), ".mir"),
            EmittedForm.Llvm => (StaticProgram.Compile(mir, mainFile, processor, runtime, StaticOutput.LlvmIr), ".ll"),
            EmittedForm.Assembly => (StaticProgram.Compile(mir, mainFile, processor, runtime, StaticOutput.Assembly), ".s"),
        };
        return StaticLinker.Write(text, Path.ChangeExtension(output, extension));
    }

    private static BuildOutcome Failed(string message, string? help = null) =>
        new(null, 0, false, [new Diagnostic("E0904", Severity.Error, message, null, [], [], help)]);
}
