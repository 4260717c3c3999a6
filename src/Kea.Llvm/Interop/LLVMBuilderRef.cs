namespace Kea.Llvm.Interop;

/// <summary>Appends instructions to a block. Values get no names: LLVM would throw them away again.</summary>
public readonly unsafe record struct LLVMBuilderRef(nint Handle)
{
    private static byte* NoName => NativeText.Empty;

    public LLVMBasicBlockRef InsertBlock => Native.LLVMGetInsertBlock(this);
    public void PositionAtEnd(LLVMBasicBlockRef block) => Native.LLVMPositionBuilderAtEnd(this, block);

    public void PositionBefore(LLVMValueRef instruction) => Native.LLVMPositionBuilderBefore(this, instruction);

    public LLVMValueRef Add(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildAdd(this, left, right, NoName);
    public LLVMValueRef Sub(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildSub(this, left, right, NoName);
    public LLVMValueRef Mul(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildMul(this, left, right, NoName);
    public LLVMValueRef SDiv(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildSDiv(this, left, right, NoName);
    public LLVMValueRef UDiv(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildUDiv(this, left, right, NoName);
    public LLVMValueRef SRem(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildSRem(this, left, right, NoName);
    public LLVMValueRef URem(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildURem(this, left, right, NoName);
    public LLVMValueRef And(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildAnd(this, left, right, NoName);
    public LLVMValueRef Or(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildOr(this, left, right, NoName);
    public LLVMValueRef Xor(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildXor(this, left, right, NoName);
    public LLVMValueRef Shl(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildShl(this, left, right, NoName);
    public LLVMValueRef AShr(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildAShr(this, left, right, NoName);
    public LLVMValueRef LShr(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildLShr(this, left, right, NoName);
    public LLVMValueRef FAdd(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildFAdd(this, left, right, NoName);
    public LLVMValueRef FSub(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildFSub(this, left, right, NoName);
    public LLVMValueRef FMul(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildFMul(this, left, right, NoName);
    public LLVMValueRef FDiv(LLVMValueRef left, LLVMValueRef right) => Native.LLVMBuildFDiv(this, left, right, NoName);
    public LLVMValueRef FNeg(LLVMValueRef value) => Native.LLVMBuildFNeg(this, value, NoName);
    public LLVMValueRef Not(LLVMValueRef value) => Native.LLVMBuildNot(this, value, NoName);

    public LLVMValueRef ICmp(LLVMIntPredicate predicate, LLVMValueRef left, LLVMValueRef right) =>
        Native.LLVMBuildICmp(this, predicate, left, right, NoName);
    public LLVMValueRef FCmp(LLVMRealPredicate predicate, LLVMValueRef left, LLVMValueRef right) =>
        Native.LLVMBuildFCmp(this, predicate, left, right, NoName);
    public LLVMValueRef Select(LLVMValueRef condition, LLVMValueRef then, LLVMValueRef otherwise) =>
        Native.LLVMBuildSelect(this, condition, then, otherwise, NoName);

    public LLVMValueRef Trunc(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildTrunc(this, value, type, NoName);
    public LLVMValueRef ZExt(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildZExt(this, value, type, NoName);
    public LLVMValueRef SExt(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildSExt(this, value, type, NoName);
    public LLVMValueRef SIToFP(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildSIToFP(this, value, type, NoName);
    public LLVMValueRef UIToFP(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildUIToFP(this, value, type, NoName);
    public LLVMValueRef FPExt(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildFPExt(this, value, type, NoName);
    public LLVMValueRef FPTrunc(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildFPTrunc(this, value, type, NoName);
    public LLVMValueRef PtrToInt(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildPtrToInt(this, value, type, NoName);
    public LLVMValueRef IntToPtr(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildIntToPtr(this, value, type, NoName);
    public LLVMValueRef BitCast(LLVMValueRef value, LLVMTypeRef type) => Native.LLVMBuildBitCast(this, value, type, NoName);

    public LLVMValueRef ExtractValue(LLVMValueRef aggregate, int index) =>
        Native.LLVMBuildExtractValue(this, aggregate, (uint)index, NoName);
    public LLVMValueRef InsertValue(LLVMValueRef aggregate, LLVMValueRef element, int index) =>
        Native.LLVMBuildInsertValue(this, aggregate, element, (uint)index, NoName);

    public LLVMValueRef ArrayAlloca(LLVMTypeRef type, LLVMValueRef count) => Native.LLVMBuildArrayAlloca(this, type, count, NoName);
    public LLVMValueRef Load(LLVMTypeRef type, LLVMValueRef address) => Native.LLVMBuildLoad2(this, type, address, NoName);
    public LLVMValueRef Store(LLVMValueRef value, LLVMValueRef address) => Native.LLVMBuildStore(this, value, address);
    public LLVMValueRef InBoundsGEP(LLVMTypeRef type, LLVMValueRef address, LLVMValueRef index) =>
        Native.LLVMBuildInBoundsGEP2(this, type, address, &index, 1, NoName);
    public LLVMValueRef GEP(LLVMTypeRef type, LLVMValueRef address, LLVMValueRef index) =>
        Native.LLVMBuildGEP2(this, type, address, &index, 1, NoName);

    public LLVMValueRef Phi(LLVMTypeRef type) => Native.LLVMBuildPhi(this, type, NoName);
    public LLVMValueRef Br(LLVMBasicBlockRef target) => Native.LLVMBuildBr(this, target);
    public LLVMValueRef CondBr(LLVMValueRef condition, LLVMBasicBlockRef then, LLVMBasicBlockRef otherwise) =>
        Native.LLVMBuildCondBr(this, condition, then, otherwise);
    public LLVMValueRef Switch(LLVMValueRef value, LLVMBasicBlockRef otherwise, int count) =>
        Native.LLVMBuildSwitch(this, value, otherwise, (uint)count);
    public LLVMValueRef Ret(LLVMValueRef value) => Native.LLVMBuildRet(this, value);
    public LLVMValueRef RetVoid() => Native.LLVMBuildRetVoid(this);
    public LLVMValueRef Unreachable() => Native.LLVMBuildUnreachable(this);
    public LLVMValueRef Resume(LLVMValueRef exception) => Native.LLVMBuildResume(this, exception);

    public LLVMValueRef Call(LLVMTypeRef type, LLVMValueRef function, ReadOnlySpan<LLVMValueRef> arguments)
    {
        fixed (LLVMValueRef* first = arguments)
            return Native.LLVMBuildCall2(this, type, function, first, (uint)arguments.Length, NoName);
    }

    public LLVMValueRef Invoke(
        LLVMTypeRef type, LLVMValueRef function, ReadOnlySpan<LLVMValueRef> arguments, LLVMBasicBlockRef then, LLVMBasicBlockRef pad)
    {
        fixed (LLVMValueRef* first = arguments)
            return Native.LLVMBuildInvoke2(this, type, function, first, (uint)arguments.Length, then, pad, NoName);
    }

    public LLVMValueRef CleanupPad(LLVMTypeRef type)
    {
        var pad = Native.LLVMBuildLandingPad(this, type, default, 0, NoName);
        Native.LLVMSetCleanup(pad, 1);
        return pad;
    }

    public void SetLocation(LLVMMetadataRef location) => Native.LLVMSetCurrentDebugLocation2(this, location);
}

/// <summary>Gives a phi one more way in.</summary>
public static unsafe class LLVMPhi
{
    public static void AddIncoming(LLVMValueRef phi, LLVMValueRef value, LLVMBasicBlockRef from) =>
        Native.LLVMAddIncoming(phi, &value, &from, 1);
}
