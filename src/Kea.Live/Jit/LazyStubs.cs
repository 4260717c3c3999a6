using System.Buffers.Binary;

namespace Kea.Live;

/// <summary>A stable address that leads to a function's code, which is compiled when it is first called.</summary>
internal sealed unsafe class LazyStub(int index, nint address, nint* cell, nint lazy)
{
    public int Index { get; } = index;
    public nint Address { get; } = address;

    /// <summary>From now on the stub jumps to the code. Callers that have read its address long ago are served as well.</summary>
    public void Resolve(nint code) => Volatile.Write(ref *cell, code);

    internal void Reset() => Volatile.Write(ref *cell, lazy);
}

/// <summary>
/// Stubs for first calls. A block is one page of code, written once and then executable, and one page of cells:
/// <code>
///     stub i:   jmp *cell_i            ff 25 …        cell_i: lazy i, later the function's code
///     lazy i:   push $i                68 …
///               jmp common             e9 …
///     common:   save argument registers; code = resolve(user, i); restore; jmp *code
/// </code>
/// A stub that has been resolved never enters the resolver again. Freed stubs are used again.
/// </summary>
internal sealed unsafe class LazyStubs : IDisposable
{
    private const int PageBytes = 4096;
    public const int StubBytes = 16;
    private const int LazyOffset = 6;
    private const int CommonBytes = 512;
    private const int PerBlock = (PageBytes - CommonBytes) / StubBytes;

    private readonly nint _resolver, _user;
    private readonly List<nint> _blocks = [];
    private readonly List<LazyStub> _all = [];
    private readonly Stack<LazyStub> _unused = [];

    /// <param name="resolver">C: <c>void *resolve(void *user, int64_t stub)</c>; called on the thread that made the call.</param>
    public LazyStubs(nint resolver, nint user) => (_resolver, _user) = (resolver, user);

    public int Count => _all.Count - _unused.Count;

    public LazyStub New()
    {
        if (_unused.Count == 0) AddBlock();
        var stub = _unused.Pop();
        stub.Reset();
        return stub;
    }

    /// <summary>Nobody can come to the stub any more.</summary>
    public void Free(LazyStub stub) => _unused.Push(stub);

    public void Dispose()
    {
        foreach (var block in _blocks) Native.Release(block, 2 * PageBytes);
        _blocks.Clear();
    }

    private void AddBlock()
    {
        var block = Native.Reserve(2 * PageBytes);
        _blocks.Add(block);
        var code = new Span<byte>((void*)block, PageBytes);
        var cells = (nint*)(block + PageBytes);
        var common = PerBlock * StubBytes;
        WriteCommon(code[common..]);
        var first = _all.Count;
        for (var i = 0; i < PerBlock; i++)
        {
            var at = i * StubBytes;
            var lazy = block + at + LazyOffset;
            WriteStub(code.Slice(at, StubBytes), first + i, PageBytes + i * 8 - at, common - at);
            cells[i] = lazy;
            _all.Add(new LazyStub(first + i, block + at, &cells[i], lazy));
        }
        for (var i = PerBlock - 1; i >= 0; i--) _unused.Push(_all[first + i]);
        Native.Protect(block, PageBytes, Native.ReadExecute);
    }

    private static void WriteStub(Span<byte> to, int index, int cellDistance, int commonDistance)
    {
        to[0] = 0xff; // jmp *[rip + cell]
        to[1] = 0x25;
        BinaryPrimitives.WriteInt32LittleEndian(to[2..], cellDistance - 6);
        to[6] = 0x68; // push index
        BinaryPrimitives.WriteInt32LittleEndian(to[7..], index);
        to[11] = 0xe9; // jmp common
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], commonDistance - 16);
    }

    /// <summary>All registers that may hold arguments are kept: six integers, r10, rax, and the low sixteen bytes of xmm0–7.</summary>
    private void WriteCommon(Span<byte> to)
    {
        var at = 0;
        Emit(to, ref at, [0x55, 0x48, 0x89, 0xe5]); // push rbp; mov rbp, rsp
        Emit(to, ref at, [0x57, 0x56, 0x52, 0x51, 0x41, 0x50, 0x41, 0x51, 0x41, 0x52, 0x50]); // push rdi rsi rdx rcx r8 r9 r10 rax
        Emit(to, ref at, [0x48, 0x81, 0xec, 0x88, 0, 0, 0]); // sub rsp, 136: sixteen-byte alignment for the call
        for (byte i = 0; i < 8; i++) Emit(to, ref at, [0x0f, 0x11, (byte)(0x44 | i << 3), 0x24, (byte)(i * 16)]); // movups [rsp + 16 i], xmm_i
        Emit(to, ref at, [0x48, 0xbf]); // mov rdi, user
        EmitAddress(to, ref at, _user);
        Emit(to, ref at, [0x48, 0x63, 0x75, 0x08]); // movsxd rsi, [rbp + 8]
        Emit(to, ref at, [0x48, 0xb8]); // mov rax, resolver
        EmitAddress(to, ref at, _resolver);
        Emit(to, ref at, [0xff, 0xd0]); // call rax
        Emit(to, ref at, [0x49, 0x89, 0xc3]); // mov r11, rax
        for (byte i = 0; i < 8; i++) Emit(to, ref at, [0x0f, 0x10, (byte)(0x44 | i << 3), 0x24, (byte)(i * 16)]); // movups xmm_i, [rsp + 16 i]
        Emit(to, ref at, [0x48, 0x81, 0xc4, 0x88, 0, 0, 0]); // add rsp, 136
        Emit(to, ref at, [0x58, 0x41, 0x5a, 0x41, 0x59, 0x41, 0x58, 0x59, 0x5a, 0x5e, 0x5f]); // pop them in reverse
        Emit(to, ref at, [0x5d, 0x48, 0x83, 0xc4, 0x08]); // pop rbp; add rsp, 8: the index
        Emit(to, ref at, [0x41, 0xff, 0xe3]); // jmp r11
    }

    private static void Emit(Span<byte> to, ref int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to[at..]);
        at += bytes.Length;
    }

    private static void EmitAddress(Span<byte> to, ref int at, nint address)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to[at..], address);
        at += 8;
    }
}
