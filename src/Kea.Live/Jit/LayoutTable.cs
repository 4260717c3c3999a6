using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Kea.Llvm.Emit;
using Kea.Mir;
using LayoutKind = Kea.Mir.LayoutKind;

namespace Kea.Live;

/// <summary>
/// The table of <c>kea_layout</c> that contexts of this process walk objects by. It only grows, in place; equal layouts of
/// different versions of a program share a number. Beside it, row for row, stands what objects are compared by (<c>kea_plain</c>).
/// </summary>
internal sealed unsafe class LayoutTable : IDisposable
{
    public const int StringNumber = 0;

    private const nuint TableBytes = Layout.CountMax * (nuint)RowBytes;
    private const nuint PlainTableBytes = Layout.CountMax * (nuint)PlainRowBytes;
    private const int RowBytes = 24, PlainRowBytes = 16;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<nint> _memory = [];

    public LayoutTable()
    {
        (Address, Plain) = (Native.Reserve(TableBytes), Native.Reserve(PlainTableBytes));
        Add("String", LayoutKind.String, new ObjectShape([], ObjectShapes.StringBytesOffset, 8, []));
    }

    public nint Address { get; }

    /// <summary>Of each layout the bytes that mean something besides its references; nothing of closures, which have their identity.</summary>
    public nint Plain { get; }

    /// <summary>Rows that there may ever be; those not in use are zero.</summary>
    public int Capacity => Layout.CountMax;

    public int NumberOf(Layout layout, ObjectShape shape) =>
        layout.Kind == LayoutKind.String ? StringNumber : Add(layout.Name, layout.Kind, shape);

    public string NameOf(int number) => Marshal.PtrToStringUTF8(*(nint*)(Address + number * RowBytes + 16)) ?? "";

    public void Dispose()
    {
        foreach (var memory in _memory) NativeMemory.Free((void*)memory);
        Native.Release(Address, TableBytes);
        Native.Release(Plain, PlainTableBytes);
    }

    private int Add(string name, LayoutKind kind, ObjectShape shape)
    {
        ImmutableArray<PlainRun> plain = kind == LayoutKind.Closure ? [] : shape.Plain;
        var key = Key(name, kind, shape, plain);
        if (_numbers.TryGetValue(key, out var number)) return number;
        number = _numbers.Count;
        if (number == Layout.CountMax) throw new InvalidOperationException("lowering has let more layouts through than can be numbered");
        var row = Address + number * RowBytes;
        *(uint*)row = (uint)shape.Size;
        *(ushort*)(row + 4) = (ushort)kind;
        *(ushort*)(row + 6) = (ushort)shape.ReferenceOffsets.Length;
        *(nint*)(row + 8) = Copy(MemoryMarshal.AsBytes(shape.ReferenceOffsets.AsSpan()));
        *(nint*)(row + 16) = Copy(Encoding.UTF8.GetBytes(name + "\0"));
        *(nint*)(Plain + number * PlainRowBytes) = Copy(MemoryMarshal.AsBytes(plain.AsSpan()));
        *(long*)(Plain + number * PlainRowBytes + 8) = plain.Length;
        _numbers.Add(key, number);
        return number;
    }

    private static string Key(string name, LayoutKind kind, ObjectShape shape, ImmutableArray<PlainRun> plain)
    {
        var key = new StringBuilder(name).Append('|').Append((int)kind).Append('|').Append(shape.Size);
        foreach (var offset in shape.ReferenceOffsets) key.Append('|').Append(offset);
        foreach (var (at, bytes) in plain) key.Append('|').Append(at).Append('+').Append(bytes);
        return key.ToString();
    }

    private nint Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return 0;
        var at = (nint)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>((void*)at, bytes.Length));
        _memory.Add(at);
        return at;
    }
}
