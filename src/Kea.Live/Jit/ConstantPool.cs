using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Kea.Live;

/// <summary>An object outside every heap, which is never counted: a text, or the late-bound closure of a function.</summary>
/// <param name="slot">What the closure leads through; -1 for a text.</param>
internal sealed class Immortal(nint address, int bytes, int slot, string text)
{
    public nint Address => address;
    public int Bytes => bytes;
    public int Slot => slot;
    public string Text => text;

    /// <summary>The code of the closure, where it has some of its own; freed with it.</summary>
    public CodeUnit? Forward { get; set; }

    /// <summary>Units that name it in their code.</summary>
    public int Units { get; set; }

    /// <summary>How often the moves of the program's versions name it.</summary>
    public int Versions { get; set; }

    /// <summary>The number of the candidate whose own it is; 0 if any other code may have led to it.</summary>
    public int MadeFor { get; set; }

    /// <summary>Whether values referred to it when the program was last looked through.</summary>
    public bool IsReferred { get; set; }

    public bool IsHeld => Units + Versions > 0;
}

/// <summary>
/// Immortal objects that values may refer to after the code that made them is gone: strings by content, and closures of
/// functions without captures by slot. Interned, so that reloading the same constants takes no memory.
/// </summary>
internal sealed unsafe class ConstantPool : IDisposable
{
    private const int Count = int.MinValue;
    private const int StringHeader = 16, ClosureBytes = 16;
    private const int PageBytes = 4096, ThunkBytes = 16, ThunksPerPage = PageBytes / ThunkBytes;

    private readonly Dictionary<string, Immortal> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Immortal> _closures = [];
    private readonly Dictionary<nint, Immortal> _all = [];
    private readonly Dictionary<int, nint> _thunkPages = [];

    public IReadOnlyCollection<Immortal> All => _all.Values;
    public IReadOnlyCollection<Immortal> Closures => _closures.Values;

    public Immortal Text(string text)
    {
        if (_texts.TryGetValue(text, out var made)) return made;
        var bytes = Encoding.UTF8.GetByteCount(text);
        made = New(StringHeader + bytes + 1, -1, text);
        *(long*)(made.Address + 8) = bytes;
        Encoding.UTF8.GetBytes(text, new Span<byte>((void*)(made.Address + StringHeader), bytes));
        _texts.Add(text, made);
        return made;
    }

    /// <summary>The closure made here for a slot; null if there is none.</summary>
    public Immortal? FindClosure(int slot) => _closures.GetValueOrDefault(slot);

    /// <summary>A closure whose code goes on to whatever the slot holds in the world of the context that calls it.</summary>
    /// <param name="forward">That code where a plain jump will not do: for calls that are checked, and functions whose context does not come first. Else null.</param>
    public Immortal Closure(int slot, CodeUnit? forward)
    {
        var made = New(ClosureBytes, slot, "");
        made.Forward = forward;
        *(nint*)(made.Address + 8) = forward is null ? Thunk(slot) : forward.Addresses[0];
        _closures.Add(slot, made);
        return made;
    }

    /// <summary>The object at an address; null if it is none of these.</summary>
    public Immortal? At(nint address) => _all.GetValueOrDefault(address);

    /// <summary>Nothing refers to it any more.</summary>
    public void Free(Immortal gone)
    {
        _all.Remove(gone.Address);
        if (gone.Slot >= 0) _closures.Remove(gone.Slot);
        else _texts.Remove(gone.Text);
        gone.Forward?.Free();
        NativeMemory.AlignedFree((void*)gone.Address);
    }

    public void Dispose()
    {
        foreach (var immortal in _all.Values)
        {
            immortal.Forward?.Free();
            NativeMemory.AlignedFree((void*)immortal.Address);
        }
        foreach (var page in _thunkPages.Values) Native.Release(page, PageBytes);
        _all.Clear();
        _thunkPages.Clear();
    }

    private Immortal New(int bytes, int slot, string text)
    {
        var at = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 16);
        NativeMemory.Clear((void*)at, (nuint)bytes);
        *(int*)at = Count;
        var made = new Immortal(at, bytes, slot, text);
        _all.Add(at, made);
        return made;
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
