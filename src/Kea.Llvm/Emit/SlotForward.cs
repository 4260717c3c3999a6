using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>A function that calls what a slot holds, with its own parameters and result: what late-bound closures run.</summary>
internal static unsafe class SlotForward
{
    /// <param name="checks">Whether the call is checked.</param>
    public static LLVMValueRef Add(ModuleEmission module, FunctionId function, int slot, bool checks)
    {
        var signature = module.Program.Signatures[function.Index];
        var forward = module.AddFunction(signature, LLVMLinkage.Internal);
        module.Builder.PositionAtEnd(Native.LLVMAppendBasicBlockInContext(module.Types.Context, forward, NativeText.Empty));
        module.Builder.SetLocation(default);
        var parameters = new LLVMValueRef[Native.LLVMCountParams(forward)];
        for (var i = 0; i < parameters.Length; i++) parameters[i] = Native.LLVMGetParam(forward, (uint)i);
        var code = ReloadableLinkage.LoadSlot(module, parameters[0], slot);
        if (checks) CallChecks.Leave(module, parameters[0], function, code, "a function value");
        var call = module.Builder.Call(module.FunctionType(signature), code, parameters);
        Native.LLVMSetInstructionCallConv(call, LLVMCallConv.Fast);
        Native.LLVMSetTailCallKind(call, ResultPlace.IsInRegisters(module.Program, signature.Result) ? LLVMTailCallKind.MustTail : LLVMTailCallKind.Tail);
        if (module.Types.HasValue(signature.Result)) module.Builder.Ret(call);
        else module.Builder.RetVoid();
        return forward;
    }
}
