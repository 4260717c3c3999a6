using System.Runtime.InteropServices;

namespace Kea.Llvm.Interop;

/// <summary>LLVM 22's C API: the only place where it is imported. Names are UTF-8 and end in NUL; nothing is marshalled.</summary>
internal static unsafe partial class Native
{
    private const string Library = "libLLVM.so.22.1";

    internal static ReadOnlySpan<byte> EmptyName => "\0"u8;

    // Core: contexts, modules.
    [LibraryImport(Library)] internal static partial LLVMContextRef LLVMContextCreate();
    [LibraryImport(Library)] internal static partial void LLVMContextDispose(LLVMContextRef context);
    [LibraryImport(Library)] internal static partial void LLVMContextSetDiscardValueNames(LLVMContextRef context, int discard);
    [LibraryImport(Library)] internal static partial LLVMModuleRef LLVMModuleCreateWithNameInContext(byte* name, LLVMContextRef context);
    [LibraryImport(Library)] internal static partial void LLVMDisposeModule(LLVMModuleRef module);
    [LibraryImport(Library)] internal static partial void LLVMSetTarget(LLVMModuleRef module, byte* triple);
    [LibraryImport(Library)] internal static partial byte* LLVMGetTarget(LLVMModuleRef module);
    [LibraryImport(Library)] internal static partial byte* LLVMGetDataLayoutStr(LLVMModuleRef module);
    [LibraryImport(Library)] internal static partial void LLVMSetDataLayout(LLVMModuleRef module, byte* layout);
    [LibraryImport(Library)] internal static partial byte* LLVMPrintModuleToString(LLVMModuleRef module);
    [LibraryImport(Library)] internal static partial void LLVMDisposeMessage(byte* message);
    [LibraryImport(Library)] internal static partial int LLVMVerifyModule(LLVMModuleRef module, LLVMVerifierFailureAction action, byte** message);
    [LibraryImport(Library)] internal static partial void LLVMAddModuleFlag(LLVMModuleRef module, LLVMModuleFlagBehavior behavior, byte* key, nuint keyLength, LLVMMetadataRef value);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetFirstFunction(LLVMModuleRef module);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetNextFunction(LLVMValueRef function);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetFirstGlobal(LLVMModuleRef module);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetNextGlobal(LLVMValueRef global);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetNamedFunction(LLVMModuleRef module, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetNamedGlobal(LLVMModuleRef module, byte* name);
    [LibraryImport(Library)] internal static partial byte* LLVMGetValueName2(LLVMValueRef value, nuint* length);
    [LibraryImport(Library)] internal static partial void LLVMSetValueName2(LLVMValueRef value, byte* name, nuint length);
    [LibraryImport(Library)] internal static partial int LLVMIsDeclaration(LLVMValueRef global);
    [LibraryImport(Library)] internal static partial void LLVMDeleteFunction(LLVMValueRef function);

    // Types.
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMIntTypeInContext(LLVMContextRef context, uint bits);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMHalfTypeInContext(LLVMContextRef context);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMFloatTypeInContext(LLVMContextRef context);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMDoubleTypeInContext(LLVMContextRef context);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMVoidTypeInContext(LLVMContextRef context);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMPointerTypeInContext(LLVMContextRef context, uint addressSpace);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMStructTypeInContext(LLVMContextRef context, LLVMTypeRef* elements, uint count, int packed);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMArrayType2(LLVMTypeRef element, ulong count);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMFunctionType(LLVMTypeRef result, LLVMTypeRef* parameters, uint count, int isVariadic);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMGlobalGetValueType(LLVMValueRef global);
    [LibraryImport(Library)] internal static partial LLVMTypeRef LLVMTypeOf(LLVMValueRef value);

    // Constants and globals.
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMConstInt(LLVMTypeRef type, ulong value, int signExtend);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMConstReal(LLVMTypeRef type, double value);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMConstNull(LLVMTypeRef type);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetPoison(LLVMTypeRef type);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMConstStringInContext2(LLVMContextRef context, byte* text, nuint length, int dontNullTerminate);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMConstStructInContext(LLVMContextRef context, LLVMValueRef* values, uint count, int packed);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMConstArray2(LLVMTypeRef element, LLVMValueRef* values, ulong count);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMConstIntToPtr(LLVMValueRef value, LLVMTypeRef type);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMAddGlobal(LLVMModuleRef module, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial void LLVMSetInitializer(LLVMValueRef global, LLVMValueRef value);
    [LibraryImport(Library)] internal static partial void LLVMSetGlobalConstant(LLVMValueRef global, int isConstant);
    [LibraryImport(Library)] internal static partial void LLVMSetLinkage(LLVMValueRef global, LLVMLinkage linkage);
    [LibraryImport(Library)] internal static partial LLVMLinkage LLVMGetLinkage(LLVMValueRef global);
    [LibraryImport(Library)] internal static partial void LLVMSetUnnamedAddress(LLVMValueRef global, LLVMUnnamedAddr unnamed);
    [LibraryImport(Library)] internal static partial void LLVMSetOrdering(LLVMValueRef memoryAccess, LLVMAtomicOrdering ordering);
    [LibraryImport(Library)] internal static partial void LLVMSetAlignment(LLVMValueRef value, uint bytes);
    [LibraryImport(Library)] internal static partial void LLVMSetVisibility(LLVMValueRef global, uint visibility);

    // Functions.
    [LibraryImport(Library)] internal static partial uint LLVMCountParams(LLVMValueRef function);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMAddFunction(LLVMModuleRef module, byte* name, LLVMTypeRef type);
    [LibraryImport(Library)] internal static partial void LLVMSetFunctionCallConv(LLVMValueRef function, LLVMCallConv convention);
    [LibraryImport(Library)] internal static partial void LLVMSetPersonalityFn(LLVMValueRef function, LLVMValueRef personality);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetParam(LLVMValueRef function, uint index);
    [LibraryImport(Library)] internal static partial uint LLVMGetEnumAttributeKindForName(byte* name, nuint length);
    [LibraryImport(Library)] internal static partial LLVMAttributeRef LLVMCreateEnumAttribute(LLVMContextRef context, uint kind, ulong value);
    [LibraryImport(Library)] internal static partial LLVMAttributeRef LLVMCreateStringAttribute(LLVMContextRef context, byte* key, uint keyLength, byte* value, uint valueLength);
    [LibraryImport(Library)] internal static partial LLVMAttributeRef LLVMGetEnumAttributeAtIndex(LLVMValueRef function, uint index, uint kind);
    [LibraryImport(Library)] internal static partial void LLVMAddAttributeAtIndex(LLVMValueRef function, uint index, LLVMAttributeRef attribute);
    [LibraryImport(Library)] internal static partial void LLVMAddCallSiteAttribute(LLVMValueRef call, uint index, LLVMAttributeRef attribute);
    [LibraryImport(Library)] internal static partial void LLVMRemoveEnumAttributeAtIndex(LLVMValueRef function, uint index, uint kind);
    [LibraryImport(Library)] internal static partial void LLVMRemoveStringAttributeAtIndex(LLVMValueRef function, uint index, byte* key, uint keyLength);
    [LibraryImport(Library)] internal static partial uint LLVMLookupIntrinsicID(byte* name, nuint length);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetIntrinsicDeclaration(LLVMModuleRef module, uint id, LLVMTypeRef* types, nuint count);

    // Blocks and builders.
    [LibraryImport(Library)] internal static partial LLVMBasicBlockRef LLVMAppendBasicBlockInContext(LLVMContextRef context, LLVMValueRef function, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetNextInstruction(LLVMValueRef instruction);
    [LibraryImport(Library)] internal static partial void LLVMInstructionEraseFromParent(LLVMValueRef instruction);
    [LibraryImport(Library)] internal static partial void LLVMSetOperand(LLVMValueRef user, uint index, LLVMValueRef value);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildArrayAlloca(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef count, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMIsAPHINode(LLVMValueRef value);
    [LibraryImport(Library)] internal static partial void LLVMMoveBasicBlockAfter(LLVMBasicBlockRef block, LLVMBasicBlockRef after);
    [LibraryImport(Library)] internal static partial LLVMBasicBlockRef LLVMGetEntryBasicBlock(LLVMValueRef function);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMGetFirstInstruction(LLVMBasicBlockRef block);
    [LibraryImport(Library)] internal static partial LLVMBuilderRef LLVMCreateBuilderInContext(LLVMContextRef context);
    [LibraryImport(Library)] internal static partial void LLVMDisposeBuilder(LLVMBuilderRef builder);
    [LibraryImport(Library)] internal static partial void LLVMPositionBuilderAtEnd(LLVMBuilderRef builder, LLVMBasicBlockRef block);
    [LibraryImport(Library)] internal static partial void LLVMPositionBuilderBefore(LLVMBuilderRef builder, LLVMValueRef instruction);
    [LibraryImport(Library)] internal static partial LLVMBasicBlockRef LLVMGetInsertBlock(LLVMBuilderRef builder);
    [LibraryImport(Library)] internal static partial void LLVMSetCurrentDebugLocation2(LLVMBuilderRef builder, LLVMMetadataRef location);

    // Instructions.
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildRetVoid(LLVMBuilderRef builder);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildRet(LLVMBuilderRef builder, LLVMValueRef value);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildBr(LLVMBuilderRef builder, LLVMBasicBlockRef target);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildCondBr(LLVMBuilderRef builder, LLVMValueRef condition, LLVMBasicBlockRef then, LLVMBasicBlockRef otherwise);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildSwitch(LLVMBuilderRef builder, LLVMValueRef value, LLVMBasicBlockRef otherwise, uint count);
    [LibraryImport(Library)] internal static partial void LLVMAddCase(LLVMValueRef switchInstruction, LLVMValueRef value, LLVMBasicBlockRef target);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildUnreachable(LLVMBuilderRef builder);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildPhi(LLVMBuilderRef builder, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial void LLVMAddIncoming(LLVMValueRef phi, LLVMValueRef* values, LLVMBasicBlockRef* blocks, uint count);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildCall2(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef function, LLVMValueRef* arguments, uint count, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildInvoke2(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef function, LLVMValueRef* arguments, uint count, LLVMBasicBlockRef then, LLVMBasicBlockRef pad, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildLandingPad(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef personality, uint clauses, byte* name);
    [LibraryImport(Library)] internal static partial void LLVMSetCleanup(LLVMValueRef landingPad, int isCleanup);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildResume(LLVMBuilderRef builder, LLVMValueRef exception);
    [LibraryImport(Library)] internal static partial void LLVMSetInstructionCallConv(LLVMValueRef call, LLVMCallConv convention);
    [LibraryImport(Library)] internal static partial void LLVMSetTailCallKind(LLVMValueRef call, LLVMTailCallKind kind);
    [LibraryImport(Library)] internal static partial void LLVMSetMetadata(LLVMValueRef instruction, uint kind, LLVMValueRef node);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildAdd(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildSub(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildMul(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildSDiv(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildUDiv(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildSRem(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildURem(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildAnd(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildOr(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildXor(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildShl(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildAShr(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildLShr(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildFAdd(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildFSub(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildFMul(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildFDiv(LLVMBuilderRef builder, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildFNeg(LLVMBuilderRef builder, LLVMValueRef value, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildNot(LLVMBuilderRef builder, LLVMValueRef value, byte* name);
    [LibraryImport(Library)] internal static partial void LLVMSetNUW(LLVMValueRef instruction, int hasNuw);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMIsAInstruction(LLVMValueRef value);
    [LibraryImport(Library)] internal static partial void LLVMSetNSW(LLVMValueRef instruction, int hasNsw);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildICmp(LLVMBuilderRef builder, LLVMIntPredicate predicate, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildFCmp(LLVMBuilderRef builder, LLVMRealPredicate predicate, LLVMValueRef left, LLVMValueRef right, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildSelect(LLVMBuilderRef builder, LLVMValueRef condition, LLVMValueRef then, LLVMValueRef otherwise, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildExtractValue(LLVMBuilderRef builder, LLVMValueRef aggregate, uint index, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildInsertValue(LLVMBuilderRef builder, LLVMValueRef aggregate, LLVMValueRef element, uint index, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildLoad2(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef address, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildStore(LLVMBuilderRef builder, LLVMValueRef value, LLVMValueRef address);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildGEP2(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef address, LLVMValueRef* indices, uint count, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildInBoundsGEP2(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef address, LLVMValueRef* indices, uint count, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildTrunc(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildZExt(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildSExt(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildSIToFP(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildUIToFP(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildFPExt(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildFPTrunc(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildPtrToInt(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildIntToPtr(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMBuildBitCast(LLVMBuilderRef builder, LLVMValueRef value, LLVMTypeRef type, byte* name);

    // Metadata.
    [LibraryImport(Library)] internal static partial uint LLVMGetMDKindIDInContext(LLVMContextRef context, byte* name, uint length);
    [LibraryImport(Library)] internal static partial LLVMMetadataRef LLVMMDStringInContext2(LLVMContextRef context, byte* text, nuint length);
    [LibraryImport(Library)] internal static partial LLVMMetadataRef LLVMMDNodeInContext2(LLVMContextRef context, LLVMMetadataRef* nodes, nuint count);
    [LibraryImport(Library)] internal static partial LLVMValueRef LLVMMetadataAsValue(LLVMContextRef context, LLVMMetadataRef node);
    [LibraryImport(Library)] internal static partial LLVMMetadataRef LLVMValueAsMetadata(LLVMValueRef value);

    // Debug information.
    [LibraryImport(Library)] internal static partial nint LLVMCreateDIBuilder(LLVMModuleRef module);
    [LibraryImport(Library)] internal static partial void LLVMDisposeDIBuilder(nint builder);
    [LibraryImport(Library)] internal static partial void LLVMDIBuilderFinalize(nint builder);
    [LibraryImport(Library)] internal static partial LLVMMetadataRef LLVMDIBuilderCreateFile(nint builder, byte* name, nuint nameLength, byte* folder, nuint folderLength);
    [LibraryImport(Library)] internal static partial LLVMMetadataRef LLVMDIBuilderCreateCompileUnit(nint builder, uint language, LLVMMetadataRef file, byte* producer, nuint producerLength, int isOptimized, byte* flags, nuint flagsLength, uint runtimeVersion, byte* splitName, nuint splitNameLength, uint kind, uint dwoId, int splitDebugInlining, int forProfiling, byte* sysRoot, nuint sysRootLength, byte* sdk, nuint sdkLength);
    [LibraryImport(Library)] internal static partial LLVMMetadataRef LLVMDIBuilderCreateSubroutineType(nint builder, LLVMMetadataRef file, LLVMMetadataRef* parameters, uint count, uint flags);
    [LibraryImport(Library)] internal static partial LLVMMetadataRef LLVMDIBuilderCreateFunction(nint builder, LLVMMetadataRef scope, byte* name, nuint nameLength, byte* linkageName, nuint linkageNameLength, LLVMMetadataRef file, uint line, LLVMMetadataRef type, int isLocal, int isDefinition, uint scopeLine, uint flags, int isOptimized);
    [LibraryImport(Library)] internal static partial LLVMMetadataRef LLVMDIBuilderCreateDebugLocation(LLVMContextRef context, uint line, uint column, LLVMMetadataRef scope, LLVMMetadataRef inlinedAt);
    [LibraryImport(Library)] internal static partial void LLVMSetSubprogram(LLVMValueRef function, LLVMMetadataRef subprogram);
    [LibraryImport(Library)] internal static partial int LLVMStripModuleDebugInfo(LLVMModuleRef module);

    // Bitcode, linking modules, passes.
    [LibraryImport(Library)] internal static partial int LLVMParseBitcodeInContext2(LLVMContextRef context, nint buffer, LLVMModuleRef* module);
    [LibraryImport(Library)] internal static partial int LLVMLinkModules2(LLVMModuleRef destination, LLVMModuleRef source);
    [LibraryImport(Library)] internal static partial nint LLVMCreatePassBuilderOptions();
    [LibraryImport(Library)] internal static partial void LLVMDisposePassBuilderOptions(nint options);
    [LibraryImport(Library)] internal static partial void LLVMPassBuilderOptionsSetMergeFunctions(nint options, int value);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMRunPasses(LLVMModuleRef module, byte* passes, nint machine, nint options);
    [LibraryImport(Library)] internal static partial byte* LLVMGetErrorMessage(LLVMErrorRef error);
    [LibraryImport(Library)] internal static partial void LLVMDisposeErrorMessage(byte* message);

    // Memory buffers.
    [LibraryImport(Library)] internal static partial int LLVMCreateMemoryBufferWithContentsOfFile(byte* path, nint* buffer, byte** message);
    [LibraryImport(Library)] internal static partial nint LLVMCreateMemoryBufferWithMemoryRangeCopy(byte* data, nuint length, byte* name);
    [LibraryImport(Library)] internal static partial byte* LLVMGetBufferStart(nint buffer);
    [LibraryImport(Library)] internal static partial nuint LLVMGetBufferSize(nint buffer);
    [LibraryImport(Library)] internal static partial void LLVMDisposeMemoryBuffer(nint buffer);

    // Target machines.
    [LibraryImport(Library)] internal static partial void LLVMInitializeX86TargetInfo();
    [LibraryImport(Library)] internal static partial void LLVMInitializeX86Target();
    [LibraryImport(Library)] internal static partial void LLVMInitializeX86TargetMC();
    [LibraryImport(Library)] internal static partial void LLVMInitializeX86AsmPrinter();
    [LibraryImport(Library)] internal static partial void LLVMInitializeX86AsmParser();
    [LibraryImport(Library)] internal static partial int LLVMGetTargetFromTriple(byte* triple, LLVMTargetRef* target, byte** message);
    [LibraryImport(Library)] internal static partial nint LLVMCreateTargetMachineOptions();
    [LibraryImport(Library)] internal static partial void LLVMDisposeTargetMachineOptions(nint options);
    [LibraryImport(Library)] internal static partial void LLVMTargetMachineOptionsSetCPU(nint options, byte* cpu);
    [LibraryImport(Library)] internal static partial void LLVMTargetMachineOptionsSetFeatures(nint options, byte* features);
    [LibraryImport(Library)] internal static partial void LLVMTargetMachineOptionsSetCodeGenOptLevel(nint options, LLVMCodeGenOptLevel level);
    [LibraryImport(Library)] internal static partial void LLVMTargetMachineOptionsSetRelocMode(nint options, LLVMRelocMode mode);
    [LibraryImport(Library)] internal static partial void LLVMTargetMachineOptionsSetCodeModel(nint options, LLVMCodeModel model);
    [LibraryImport(Library)] internal static partial nint LLVMCreateTargetMachineWithOptions(LLVMTargetRef target, byte* triple, nint options);
    [LibraryImport(Library)] internal static partial void LLVMDisposeTargetMachine(nint machine);
    [LibraryImport(Library)] internal static partial void LLVMSetTargetMachineFastISel(nint machine, int enable);
    [LibraryImport(Library)] internal static partial nint LLVMCreateTargetDataLayout(nint machine);
    [LibraryImport(Library)] internal static partial byte* LLVMCopyStringRepOfTargetData(nint layout);
    [LibraryImport(Library)] internal static partial void LLVMDisposeTargetData(nint layout);
    [LibraryImport(Library)] internal static partial byte* LLVMGetDefaultTargetTriple();
    [LibraryImport(Library)] internal static partial byte* LLVMGetHostCPUName();
    [LibraryImport(Library)] internal static partial byte* LLVMGetHostCPUFeatures();
    [LibraryImport(Library)] internal static partial int LLVMTargetMachineEmitToMemoryBuffer(nint machine, LLVMModuleRef module, LLVMCodeGenFileType kind, byte** message, nint* buffer);

    // Object files: symbols of a unit.
    [LibraryImport(Library)] internal static partial nint LLVMCreateBinary(nint buffer, LLVMContextRef context, byte** message);
    [LibraryImport(Library)] internal static partial void LLVMDisposeBinary(nint binary);
    [LibraryImport(Library)] internal static partial nint LLVMObjectFileCopySymbolIterator(nint binary);
    [LibraryImport(Library)] internal static partial int LLVMObjectFileIsSymbolIteratorAtEnd(nint binary, nint iterator);
    [LibraryImport(Library)] internal static partial void LLVMMoveToNextSymbol(nint iterator);
    [LibraryImport(Library)] internal static partial void LLVMDisposeSymbolIterator(nint iterator);
    [LibraryImport(Library)] internal static partial byte* LLVMGetSymbolName(nint iterator);
    [LibraryImport(Library)] internal static partial ulong LLVMGetSymbolAddress(nint iterator);
    [LibraryImport(Library)] internal static partial ulong LLVMGetSymbolSize(nint iterator);
    [LibraryImport(Library)] internal static partial nint LLVMObjectFileCopySectionIterator(nint binary);
    [LibraryImport(Library)] internal static partial void LLVMMoveToContainingSection(nint section, nint symbol);
    [LibraryImport(Library)] internal static partial int LLVMObjectFileIsSectionIteratorAtEnd(nint binary, nint section);
    [LibraryImport(Library)] internal static partial byte* LLVMGetSectionName(nint section);
    [LibraryImport(Library)] internal static partial void LLVMDisposeSectionIterator(nint section);

    // ORC.
    [LibraryImport(Library)] internal static partial nint LLVMOrcCreateLLJITBuilder();
    [LibraryImport(Library)] internal static partial void LLVMOrcDisposeLLJITBuilder(nint builder);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMOrcCreateLLJIT(nint* jit, nint builder);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMOrcDisposeLLJIT(nint jit);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMOrcLLJITEnableDebugSupport(nint jit);
    [LibraryImport(Library)] internal static partial LLVMOrcExecutionSessionRef LLVMOrcLLJITGetExecutionSession(nint jit);
    [LibraryImport(Library)] internal static partial LLVMOrcJITDylibRef LLVMOrcLLJITGetMainJITDylib(nint jit);
    [LibraryImport(Library)] internal static partial LLVMOrcSymbolStringPoolEntryRef LLVMOrcLLJITMangleAndIntern(nint jit, byte* name);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMOrcLLJITAddObjectFileWithRT(nint jit, nint tracker, nint buffer);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMOrcLLJITLookup(nint jit, ulong* address, byte* name);
    [LibraryImport(Library)] internal static partial nint LLVMOrcJITDylibCreateResourceTracker(LLVMOrcJITDylibRef dylib);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMOrcResourceTrackerRemove(nint tracker);
    [LibraryImport(Library)] internal static partial void LLVMOrcReleaseResourceTracker(nint tracker);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMOrcCreateDynamicLibrarySearchGeneratorForPath(nint* generator, byte* path, byte globalPrefix, nint filter, nint filterContext);
    [LibraryImport(Library)] internal static partial void LLVMOrcJITDylibAddGenerator(LLVMOrcJITDylibRef dylib, nint generator);
    [LibraryImport(Library)] internal static partial LLVMOrcMaterializationUnitRef LLVMOrcAbsoluteSymbols(LLVMJITSymbol* symbols, nuint count);
    [LibraryImport(Library)] internal static partial LLVMErrorRef LLVMOrcJITDylibDefine(LLVMOrcJITDylibRef dylib, LLVMOrcMaterializationUnitRef unit);
}
