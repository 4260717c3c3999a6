namespace Kea.Llvm.Interop;

// Borrowed things of LLVM under LLVMSharp's names. They live no longer than their context or module; what is owned has an
// owner class in Owners.cs.

public readonly record struct LLVMContextRef(nint Handle);
public readonly record struct LLVMModuleRef(nint Handle);
public readonly record struct LLVMTypeRef(nint Handle);
public readonly record struct LLVMValueRef(nint Handle) { public bool IsNull => Handle == 0; }
public readonly record struct LLVMBasicBlockRef(nint Handle) { public bool IsNull => Handle == 0; }
public readonly record struct LLVMMetadataRef(nint Handle) { public bool IsNull => Handle == 0; }
public readonly record struct LLVMAttributeRef(nint Handle) { public bool IsNull => Handle == 0; }
public readonly record struct LLVMTargetRef(nint Handle);
public readonly record struct LLVMErrorRef(nint Handle) { public bool IsNull => Handle == 0; }
public readonly record struct LLVMOrcExecutionSessionRef(nint Handle);
public readonly record struct LLVMOrcJITDylibRef(nint Handle);
public readonly record struct LLVMOrcSymbolStringPoolEntryRef(nint Handle);
public readonly record struct LLVMOrcMaterializationUnitRef(nint Handle);

/// <summary>A name with the address it stands for, as <c>LLVMOrcAbsoluteSymbols</c> takes it.</summary>
public readonly record struct LLVMJITSymbol(LLVMOrcSymbolStringPoolEntryRef Name, ulong Address, byte Generic, byte Target);

public enum LLVMLinkage { External = 0, AvailableExternally = 1, Internal = 8, Private = 9 }

public enum LLVMAtomicOrdering { Monotonic = 2 }

public enum LLVMUnnamedAddr { None = 0, Local = 1, Global = 2 }

public enum LLVMCallConv : uint { C = 0, Fast = 8 }

public enum LLVMTailCallKind { None = 0, Tail = 1, MustTail = 2, NoTail = 3 }

public enum LLVMIntPredicate
{
    EQ = 32, NE = 33, UGT = 34, UGE = 35, ULT = 36, ULE = 37, SGT = 38, SGE = 39, SLT = 40, SLE = 41,
}

public enum LLVMRealPredicate { OEQ = 1, OGT = 2, OGE = 3, OLT = 4, OLE = 5, UNE = 14 }

public enum LLVMCodeGenFileType { Assembly = 0, Object = 1 }

public enum LLVMCodeGenOptLevel { None = 0, Less = 1, Default = 2, Aggressive = 3 }

public enum LLVMRelocMode { Default = 0, Static = 1, PIC = 2 }

public enum LLVMCodeModel { Default = 0, JITDefault = 1, Tiny = 2, Small = 3 }

public enum LLVMVerifierFailureAction { AbortProcess = 0, PrintMessage = 1, ReturnStatus = 2 }

public enum LLVMModuleFlagBehavior { Error = 0, Warning = 1, Require = 2, Override = 3, Append = 4, AppendUnique = 5 }

/// <summary>Functions take attributes at these places, then at 1 + the parameter's index.</summary>
public static class LLVMAttributeIndex
{
    public const uint Return = 0;
    public const uint Function = uint.MaxValue;
}
