using System.Runtime.InteropServices;
using Kea.Llvm.Interop;

namespace Kea.Llvm;

/// <summary>How much work LLVM's code generator does.</summary>
public enum CodeLevel
{
    /// <summary>FastISel, no optimisation: what a reload publishes first.</summary>
    Quick,
    Full,
}

/// <summary>The machine that code is made for: triple, processor, features. Immutable; target machines are made from it per thread.</summary>
public sealed unsafe class Processor
{
    public const string DefaultCpu = "x86-64-v2";
    public const string NativeCpu = "native";

    private readonly string _dataLayout;

    public string Triple { get; }
    public string Cpu { get; }
    public string Features { get; }

    private Processor(string triple, string cpu, string features)
    {
        (Triple, Cpu, Features) = (triple, cpu, features);
        Native.LLVMInitializeX86TargetInfo();
        Native.LLVMInitializeX86Target();
        Native.LLVMInitializeX86TargetMC();
        Native.LLVMInitializeX86AsmPrinter();
        Native.LLVMInitializeX86AsmParser();
        using var machine = Machine(CodeLevel.Quick, forJit: false);
        var layout = Native.LLVMCreateTargetDataLayout(machine.Raw);
        _dataLayout = NativeText.TakeMessage(Native.LLVMCopyStringRepOfTargetData(layout));
        Native.LLVMDisposeTargetData(layout);
    }

    /// <summary>This machine, for code that runs in this process.</summary>
    public static Processor Host() => new("x86_64-unknown-linux-gnu", HostCpu(), HostFeatures());

    /// <summary>A processor by LLVM's name, for static executables; <c>native</c> is this machine's.</summary>
    public static Processor Static(string cpu = DefaultCpu) => cpu == NativeCpu
        ? new("x86_64-unknown-linux-musl", HostCpu(), HostFeatures())
        : new("x86_64-unknown-linux-musl", cpu, "");

    /// <summary>A target machine of its own: they are not for two threads at once.</summary>
    public LlvmTargetMachine Machine(CodeLevel level, bool forJit)
    {
        LLVMTargetRef target;
        byte* message = null;
        using var triple = new NativeText(Triple);
        using var cpu = new NativeText(Cpu);
        using var features = new NativeText(Features);
        if (Native.LLVMGetTargetFromTriple(triple.Pointer, &target, &message) != 0)
            throw new LlvmException(NativeText.TakeMessage(message));
        var options = Native.LLVMCreateTargetMachineOptions();
        Native.LLVMTargetMachineOptionsSetCPU(options, cpu.Pointer);
        Native.LLVMTargetMachineOptionsSetFeatures(options, features.Pointer);
        var speed = level == CodeLevel.Quick ? LLVMCodeGenOptLevel.None : LLVMCodeGenOptLevel.Default;
        Native.LLVMTargetMachineOptionsSetCodeGenOptLevel(options, speed);
        Native.LLVMTargetMachineOptionsSetRelocMode(options, forJit ? LLVMRelocMode.PIC : LLVMRelocMode.Static);
        Native.LLVMTargetMachineOptionsSetCodeModel(options, LLVMCodeModel.Small);
        var machine = new LlvmTargetMachine(Native.LLVMCreateTargetMachineWithOptions(target, triple.Pointer, options));
        Native.LLVMDisposeTargetMachineOptions(options);
        if (level == CodeLevel.Quick) Native.LLVMSetTargetMachineFastISel(machine.Raw, 1);
        return machine;
    }

    /// <summary>Tells a module what it is for.</summary>
    internal void Describe(LlvmModule module)
    {
        using var triple = new NativeText(Triple);
        using var layout = new NativeText(_dataLayout);
        Native.LLVMSetTarget(module.Ref, triple.Pointer);
        Native.LLVMSetDataLayout(module.Ref, layout.Pointer);
    }

    private static string HostCpu() => NativeText.TakeMessage(Native.LLVMGetHostCPUName());
    private static string HostFeatures() => NativeText.TakeMessage(Native.LLVMGetHostCPUFeatures());
}
