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
        LinkRuntime(context, emission.Module, runtime);
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

    /// <summary>Merges the runtime into the program. Only <c>main</c> stays visible, so that what is unused goes.</summary>
    private static void LinkRuntime(LlvmContext context, LlvmModule program, RuntimeFiles runtime)
    {
        using var bytes = LlvmMemoryBuffer.CopyOf(File.ReadAllBytes(runtime.Bitcode));
        LLVMModuleRef parsed;
        if (Native.LLVMParseBitcodeInContext2(context.Ref, bytes.Raw, &parsed) != 0)
            throw new LlvmException($"{runtime.Bitcode} is not bitcode of LLVM 22");
        ForProcessorOf(program, parsed);
        if (Native.LLVMLinkModules2(program.Ref, parsed) != 0)
            throw new LlvmException($"{runtime.Bitcode} does not fit the program");
        for (var f = Native.LLVMGetFirstFunction(program.Ref); !f.IsNull; f = Native.LLVMGetNextFunction(f)) Hide(f);
        for (var g = Native.LLVMGetFirstGlobal(program.Ref); !g.IsNull; g = Native.LLVMGetNextGlobal(g)) Hide(g);
    }

    private static void Hide(LLVMValueRef global)
    {
        if (Native.LLVMIsDeclaration(global) != 0 || Native.LLVMGetLinkage(global) != LLVMLinkage.External) return;
        nuint length;
        var name = new ReadOnlySpan<byte>(Native.LLVMGetValueName2(global, &length), (int)length);
        if (!name.SequenceEqual("main"u8)) Native.LLVMSetLinkage(global, LLVMLinkage.Internal);
    }

    /// <summary>Code of the runtime is made for the processor of the program, not for the one it was compiled for.</summary>
    private static void ForProcessorOf(LlvmModule program, LLVMModuleRef runtime)
    {
        ReadOnlySpan<string> keys = ["target-cpu", "target-features", "tune-cpu"];
        foreach (var key in keys)
        {
            using var text = new NativeText(key);
            for (var f = Native.LLVMGetFirstFunction(runtime); !f.IsNull; f = Native.LLVMGetNextFunction(f))
                Native.LLVMRemoveStringAttributeAtIndex(f, LLVMAttributeIndex.Function, text.Pointer, (uint)text.Length);
        }
        Native.LLVMSetTarget(runtime, Native.LLVMGetTarget(program.Ref));
        Native.LLVMSetDataLayout(runtime, Native.LLVMGetDataLayoutStr(program.Ref));
    }
}
