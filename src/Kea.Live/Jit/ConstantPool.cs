using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Kea.Live;

/// <summary>
/// Immortal objects that values may refer to after the code that made them is gone: strings by content, and closures of
/// functions without captures by slot. Interned, so that reloading the same constants takes no memory.
/// </summary>
internal sealed unsafe class ConstantPool : IDisposable
{
    private const int Immortal = int.MinValue;
    private const int StringHeader = 16, ClosureBytes = 16;
    private const int PageBytes = 4096, ThunkBytes = 16, ThunksPerPage = PageBytes / ThunkBytes;

    private readonly Dictionary<string, nint> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, nint> _closures = [];
    private readonly Dictionary<nint, int> _closureSlots = [];
    private readonly Dictionary<int, nint> _thunkPages = [];
    private readonly List<nint> _memory = [];
    private readonly List<CodeUnit> _forwards = [];

    public nint Text(string text)
    {
        if (_texts.TryGetValue(text, out var made)) return made;
        var bytes = Encoding.UTF8.GetByteCount(text);
        made = NewObject(StringHeader + bytes + 1);
        *(long*)(made + 8) = bytes;
        Encoding.UTF8.GetBytes(text, new Span<byte>((void*)(made + StringHeader), bytes));
        _texts.Add(text, made);
        return made;
    }

    public bool HasClosure(int slot) => _closures.ContainsKey(slot);

    /// <summary>A closure whose code goes on to whatever the slot holds in the world of the context that calls it.</summary>
    /// <param name="forward">Makes such code for a function whose context does not come first, which a jump could not find; null for others.</param>
    public nint Closure(int slot, Func<CodeUnit>? forward)
    {
        if (_closures.TryGetValue(slot, out var made)) return made;
        made = NewObject(ClosureBytes);
        *(nint*)(made + 8) = forward is null ? Thunk(slot) : Kept(forward()).Addresses[0];
        _closures.Add(slot, made);
        _closureSlots.Add(made, slot);
        return made;
    }

    /// <summary>Slots that closures made here lead through.</summary>
    public IEnumerable<int> ClosureSlots => _closures.Keys;

    /// <summary>The slot of a closure made here; -1 for others.</summary>
    public int SlotOf(nint closure) => _closureSlots.GetValueOrDefault(closure, -1);

    public void Dispose()
    {
        foreach (var forward in _forwards) forward.Free();
        foreach (var memory in _memory) NativeMemory.AlignedFree((void*)memory);
        foreach (var page in _thunkPages.Values) Native.Release(page, PageBytes);
        _memory.Clear();
        _thunkPages.Clear();
    }

    private CodeUnit Kept(CodeUnit forward)
    {
        _forwards.Add(forward);
        return forward;
    }

    private nint NewObject(int bytes)
    {
        var at = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 16);
        NativeMemory.Clear((void*)at, (nuint)bytes);
        *(int*)at = Immortal;
        _memory.Add(at);
        return at;
    }

    /// <summary><c>mov rax, [rdi]; jmp *[rax + 8 slot]</c>, for functions that have the context in rdi. A page is written for all its slots at once and then executable.</summary>
    private nint Thunk(int slot)
    {
        var page = slot / ThunksPerPage;
        if (!_thunkPages.TryGetValue(page, out var code))
        {
            code = Native.Reserve(PageBytes);
            var bytes = new Span<byte>((void*)code, PageBytes);
            for (var i = 0; i < ThunksPerPage; i++)
            {
                var thunk = bytes.Slice(i * ThunkBytes, ThunkBytes);
                ReadOnlySpan<byte> fixedPart = [0x48, 0x8b, 0x07, 0xff, 0xa0];
                fixedPart.CopyTo(thunk);
                BinaryPrimitives.WriteInt32LittleEndian(thunk[5..], (page * ThunksPerPage + i) * 8);
            }
            Native.Protect(code, PageBytes, Native.ReadExecute);
            _thunkPages.Add(page, code);
        }
        return code + slot % ThunksPerPage * ThunkBytes;
    }
}
