using Kea.Llvm.Interop;

namespace Kea.Llvm;

/// <summary>Brings bodies of the runtime's functions into a program, so that the optimiser sees them.</summary>
internal static unsafe class RuntimeBitcode
{
    /// <summary>Merges the runtime into a static program. Only <c>main</c> stays visible, so that what is unused goes.</summary>
    public static void LinkWhole(LlvmContext context, LlvmModule program, string path)
    {
        Link(program, Parse(context, program, path), path);
        for (var f = Native.LLVMGetFirstFunction(program.Ref); !f.IsNull; f = Native.LLVMGetNextFunction(f)) Hide(f);
        for (var g = Native.LLVMGetFirstGlobal(program.Ref); !g.IsNull; g = Native.LLVMGetNextGlobal(g)) Hide(g);
    }

    /// <summary>
    /// Shows the optimiser of a unit the bodies of the functions that are meant to be inlined. Calls that are left go to the
    /// shared library, which alone has the runtime's state.
    /// </summary>
    public static void LinkInline(LlvmContext context, LlvmModule unit, string path)
    {
        var parsed = Parse(context, unit, path);
        uint always, never;
        fixed (byte* name = "alwaysinline"u8) always = Native.LLVMGetEnumAttributeKindForName(name, 12);
        fixed (byte* name = "noinline"u8) never = Native.LLVMGetEnumAttributeKindForName(name, 8);
        var noInline = Native.LLVMCreateEnumAttribute(context.Ref, never, 0);
        for (var f = Native.LLVMGetFirstFunction(parsed); !f.IsNull; f = Native.LLVMGetNextFunction(f))
        {
            if (Native.LLVMIsDeclaration(f) != 0 || Native.LLVMGetLinkage(f) != LLVMLinkage.External) continue;
            Native.LLVMSetLinkage(f, LLVMLinkage.AvailableExternally);
            if (Native.LLVMGetEnumAttributeAtIndex(f, LLVMAttributeIndex.Function, always).IsNull)
                Native.LLVMAddAttributeAtIndex(f, LLVMAttributeIndex.Function, noInline);
        }
        Link(unit, parsed, path);
    }

    private static LLVMModuleRef Parse(LlvmContext context, LlvmModule program, string path)
    {
        using var bytes = LlvmMemoryBuffer.CopyOf(File.ReadAllBytes(path));
        LLVMModuleRef parsed;
        if (Native.LLVMParseBitcodeInContext2(context.Ref, bytes.Raw, &parsed) != 0) throw new LlvmException($"{path} is not bitcode of LLVM 22");
        ForProcessorOf(program, parsed);
        return parsed;
    }

    private static void Link(LlvmModule program, LLVMModuleRef parsed, string path)
    {
        if (Native.LLVMLinkModules2(program.Ref, parsed) != 0) throw new LlvmException($"{path} does not fit the program");
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
