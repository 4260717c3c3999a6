using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>
/// How emitted functions reach each other and what outlives them. Static programs and reloadable units are its two
/// implementations, so that the emission of function bodies is written once.
/// </summary>
internal interface ILinkage
{
    /// <summary>The LLVM function that a body goes into.</summary>
    LLVMValueRef Declare(FunctionId function);

    /// <summary>The code to call, where the builder stands: a function of this module, or an address loaded from a slot.</summary>
    LLVMValueRef Callee(EmitFunction caller, FunctionId callee);

    /// <summary>Whether a call from one function to the other is bound to the body in this module.</summary>
    bool IsDirect(FunctionId caller, FunctionId callee);

    /// <summary>The same from a certain slot, which holds code of that function.</summary>
    LLVMValueRef CalleeAt(EmitFunction caller, int slot, FunctionId callee);

    /// <summary>Whether the function looks at its beginning if it is the one that was meant to be called.</summary>
    bool ChecksArrival(FunctionId function);

    /// <summary>The code address that a new closure object holds.</summary>
    LLVMValueRef ClosureCode(EmitFunction caller, FunctionId function);

    /// <summary>The immortal closure object of a function without captures.</summary>
    LLVMValueRef ClosureObject(FunctionId function);

    /// <summary>An immortal string object.</summary>
    LLVMValueRef Text(string text);

    /// <summary>The layout's number in object headers and in the table that the runtime walks.</summary>
    int LayoutNumber(LayoutId layout);

    /// <summary>What counts the calls of a function; null where nothing is counted.</summary>
    HotCounter? EntryCounter(MirFunction function);

    /// <summary>What counts the rounds of a loop, by the rest of its function.</summary>
    HotCounter RestCounter(FunctionId rest);

    /// <summary>The personality of functions with landing pads.</summary>
    LLVMValueRef Personality { get; }

    /// <summary>Called once, after the last body: what the module exports.</summary>
    void Finish();
}
