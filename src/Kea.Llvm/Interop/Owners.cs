using System.Runtime.InteropServices;

namespace Kea.Llvm.Interop;

/// <summary>Something of LLVM that must be given back. One class per kind, one release function each.</summary>
public abstract class LlvmOwner : SafeHandle
{
    private static int _live;

    protected LlvmOwner(nint raw) : base(0, ownsHandle: true)
    {
        SetHandle(raw);
        Interlocked.Increment(ref _live);
    }

    /// <summary>How many owners hold something. A test ends at the number it began with.</summary>
    public static int Live => Volatile.Read(ref _live);

    public sealed override bool IsInvalid => handle == 0;

    /// <summary>The raw handle; valid while this owner is.</summary>
    internal nint Raw => IsClosed ? throw new ObjectDisposedException(GetType().Name) : handle;

    protected sealed override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref _live);
        Release(handle);
        return true;
    }

    private protected abstract void Release(nint raw);

    /// <summary>Hands the thing to a callee that frees it from now on; this owner is empty after.</summary>
    internal nint TransferOwnership()
    {
        var raw = Raw;
        SetHandleAsInvalid();
        Interlocked.Decrement(ref _live);
        return raw;
    }
}

public sealed class LlvmContext() : LlvmOwner(Native.LLVMContextCreate().Handle)
{
    public LLVMContextRef Ref => new(Raw);
    private protected override void Release(nint raw) => Native.LLVMContextDispose(new(raw));
}

public sealed class LlvmModule : LlvmOwner
{
    internal LlvmModule(LLVMModuleRef raw) : base(raw.Handle) { }
    public LLVMModuleRef Ref => new(Raw);
    private protected override void Release(nint raw) => Native.LLVMDisposeModule(new(raw));

    /// <summary>The module as LLVM's text.</summary>
    public unsafe string Print() => NativeText.TakeMessage(Native.LLVMPrintModuleToString(Ref));

    /// <summary>What LLVM's verifier objects to, or null.</summary>
    public unsafe string? Verify()
    {
        byte* message = null;
        var failed = Native.LLVMVerifyModule(Ref, LLVMVerifierFailureAction.ReturnStatus, &message) != 0;
        var text = NativeText.TakeMessage(message);
        return failed ? text : null;
    }
}

public sealed class LlvmBuilder(LLVMContextRef context) : LlvmOwner(Native.LLVMCreateBuilderInContext(context).Handle)
{
    public LLVMBuilderRef Ref => new(Raw);
    private protected override void Release(nint raw) => Native.LLVMDisposeBuilder(new(raw));
}

public sealed class LlvmDebugBuilder(LLVMModuleRef module) : LlvmOwner(Native.LLVMCreateDIBuilder(module))
{
    private protected override void Release(nint raw) => Native.LLVMDisposeDIBuilder(raw);
}

public sealed class LlvmTargetMachine : LlvmOwner
{
    internal LlvmTargetMachine(nint raw) : base(raw) { }
    private protected override void Release(nint raw) => Native.LLVMDisposeTargetMachine(raw);
}

public sealed class LlvmPassOptions() : LlvmOwner(Native.LLVMCreatePassBuilderOptions())
{
    private protected override void Release(nint raw) => Native.LLVMDisposePassBuilderOptions(raw);
}

public sealed unsafe class LlvmMemoryBuffer : LlvmOwner
{
    internal LlvmMemoryBuffer(nint raw) : base(raw) { }
    private protected override void Release(nint raw) => Native.LLVMDisposeMemoryBuffer(raw);

    /// <summary>The bytes; valid while the owner is.</summary>
    public ReadOnlySpan<byte> Bytes => new(Native.LLVMGetBufferStart(Raw), checked((int)Native.LLVMGetBufferSize(Raw)));

    public static LlvmMemoryBuffer CopyOf(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* data = bytes)
        fixed (byte* name = Native.EmptyName)
            return new(Native.LLVMCreateMemoryBufferWithMemoryRangeCopy(data, (nuint)bytes.Length, name));
    }
}

/// <summary>An LLJIT; disposing it unloads what it still holds.</summary>
public sealed unsafe class LlvmJit : LlvmOwner
{
    private LlvmJit(nint raw) : base(raw) { }

    internal static LlvmJit Create()
    {
        nint jit;
        NativeText.Check(Native.LLVMOrcCreateLLJIT(&jit, 0));
        return new(jit);
    }

    private protected override void Release(nint raw) => NativeText.Check(Native.LLVMOrcDisposeLLJIT(raw));
}

/// <summary>What was added to a JIT under one name; disposing it unloads that.</summary>
public sealed class LlvmResourceTracker(LLVMOrcJITDylibRef dylib) : LlvmOwner(Native.LLVMOrcJITDylibCreateResourceTracker(dylib))
{
    private protected override void Release(nint raw)
    {
        NativeText.Check(Native.LLVMOrcResourceTrackerRemove(raw));
        Native.LLVMOrcReleaseResourceTracker(raw);
    }
}
