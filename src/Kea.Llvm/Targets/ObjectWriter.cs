using Kea.Llvm.Interop;

namespace Kea.Llvm;

/// <summary>From an LLVM module to bytes: passes, then code.</summary>
internal static unsafe class ObjectWriter
{
    /// <summary>Runs a textual pass pipeline such as <c>default&lt;O2&gt;</c>.</summary>
    public static void Optimise(LlvmModule module, LlvmTargetMachine machine, string passes)
    {
        using var text = new NativeText(passes);
        using var options = new LlvmPassOptions();
        Native.LLVMPassBuilderOptionsSetMergeFunctions(options.Raw, 1);
        NativeText.Check(Native.LLVMRunPasses(module.Ref, text.Pointer, machine.Raw, options.Raw));
    }

    public static LlvmMemoryBuffer Emit(LlvmModule module, LlvmTargetMachine machine, LLVMCodeGenFileType kind)
    {
        byte* message = null;
        nint buffer = 0;
        if (Native.LLVMTargetMachineEmitToMemoryBuffer(machine.Raw, module.Ref, kind, &message, &buffer) != 0)
            throw new LlvmException(NativeText.TakeMessage(message));
        return new LlvmMemoryBuffer(buffer);
    }
}
