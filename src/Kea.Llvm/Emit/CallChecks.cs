using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>
/// Code that checks calls through slots (<c>runtime/src/check_calls.c</c>): the caller leaves word whom it was compiled to call, and
/// the function that it comes to, behind whatever stub or tier, compares that with itself.
/// </summary>
internal static class CallChecks
{
    /// <summary>Before a call of what a slot holds; nothing may come between the two.</summary>
    /// <param name="caller">For the message.</param>
    public static void Leave(ModuleEmission module, LLVMValueRef context, FunctionId callee, LLVMValueRef code, string caller)
    {
        var call = module.Constant(module.ConstStruct([Fingerprint(module, callee), Name(module, callee), module.CString(caller)]), 8);
        var (type, leaves) = module.Runtime.CallLeaves;
        module.Builder.Call(type, leaves, [context, call, code]);
    }

    /// <summary>At the beginning of a function that slots may hold.</summary>
    public static void Arrive(ModuleEmission module, LLVMValueRef context, FunctionId function)
    {
        var (type, arrives) = module.Runtime.CallArrives;
        module.Builder.Call(type, arrives, [context, Fingerprint(module, function), Name(module, function)]);
    }

    private static LLVMValueRef Fingerprint(ModuleEmission module, FunctionId function) => module.Types.Const64((long)CallAbi.Fingerprint(module.Program, function));
    private static LLVMValueRef Name(ModuleEmission module, FunctionId function) => module.CString(HotProgram.CalledName(module.Program.Signatures[function.Index].Name));
}
