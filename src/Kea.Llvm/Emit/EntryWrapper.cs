using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>What the runtime calls: <c>int64_t entry(kea_context *)</c> under the C convention around a Kea function.</summary>
internal static unsafe class EntryWrapper
{
    public const string Name = "kea.entry";

    /// <param name="code">Gives the code to call where the builder stands; it is given the context.</param>
    public static LLVMValueRef Add(ModuleEmission module, FunctionId entry, Func<LLVMValueRef, LLVMValueRef> code)
    {
        using var name = new NativeText(Name);
        var type = TypeMap.Function(module.Types.I64, [module.Types.Pointer]);
        var wrapper = Native.LLVMAddFunction(module.Module.Ref, name.Pointer, type);
        Native.LLVMSetLinkage(wrapper, LLVMLinkage.Internal);
        module.Attributes.OfFunction(wrapper, module.Attributes.UnwindTable);
        var block = Native.LLVMAppendBasicBlockInContext(module.Types.Context, wrapper, NativeText.Empty);
        module.Builder.PositionAtEnd(block);
        module.Builder.SetLocation(default);
        var signature = module.Program.Signatures[entry.Index];
        var context = Native.LLVMGetParam(wrapper, 0);
        var call = module.Builder.Call(module.FunctionType(signature), code(context), [context]);
        Native.LLVMSetInstructionCallConv(call, LLVMCallConv.Fast);
        module.Builder.Ret(signature.Result is MirType.Int ? call : module.Types.Const64(0));
        return wrapper;
    }
}
