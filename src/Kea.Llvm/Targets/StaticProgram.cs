using Kea.Llvm.Emit;
using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm;

public enum StaticOutput
{
    /// <summary>
    /// An ELF object with the program and what it uses of the runtime. It defines <c>main</c>; with the arguments in the
    /// runtime's <c>link.txt</c> any ELF linker makes an executable of it.
    /// </summary>
    Object,
    Assembly,
    /// <summary>LLVM IR as it goes to the code generator.</summary>
    LlvmIr,
}

/// <summary>Ahead of time: one program, optimised together with the runtime's bitcode.</summary>
public static unsafe class StaticProgram
{
    private const string Passes = "globaldce,default<O3>";

    /// <param name="mainFile">The path shown in debug information.</param>
    /// <returns>The object's bytes, or text.</returns>
    /// <remarks>The bitcode that <paramref name="runtime"/> names must exist.</remarks>
    public static byte[] Compile(MirProgram program, string mainFile, Processor processor, RuntimeFiles runtime, StaticOutput output)
    {
        using var context = new LlvmContext();
        using var machine = processor.Machine(CodeLevel.Full, forJit: false);
        using var emission = new ModuleEmission(program, context, "kea", mainFile, processor, EmitOptions.Optimised);
        emission.Emit(program.Functions, new StaticLinkage(emission));
        RuntimeBitcode.LinkWhole(context, emission.Module, runtime.Bitcode);
        ObjectWriter.Optimise(emission.Module, machine, Passes);
        if (output == StaticOutput.LlvmIr) return System.Text.Encoding.UTF8.GetBytes(emission.Module.Print());
        var kind = output == StaticOutput.Assembly ? LLVMCodeGenFileType.Assembly : LLVMCodeGenFileType.Object;
        using var buffer = ObjectWriter.Emit(emission.Module, machine, kind);
        return buffer.Bytes.ToArray();
    }

    /// <summary>The program's own IR, before any optimisation.</summary>
    public static string Print(MirProgram program, string mainFile, Processor processor, EmitOptions options)
    {
        using var context = new LlvmContext();
        using var emission = new ModuleEmission(program, context, "kea", mainFile, processor, options);
        emission.Emit(program.Functions, new StaticLinkage(emission));
        return emission.Module.Print();
    }
}
