using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Kea.Llvm.Emit;
using Kea.Mir;
using LayoutKind = Kea.Mir.LayoutKind;

namespace Kea.Live;

/// <summary>
/// The table of <c>kea_layout</c> that contexts of this process walk objects by. It only grows, in place; equal layouts of
/// different versions of a program share a number.
/// </summary>
internal sealed unsafe class LayoutTable : IDisposable
{
    public const int StringNumber = 0;

    private const nuint TableBytes = Layout.CountMax * (nuint)RowBytes;
    private const int RowBytes = 24;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<nint> _memory = [];

    public LayoutTable()
    {
        Address = Native.Reserve(TableBytes);
        Add("String", LayoutKind.String, new ObjectShape([], ObjectShapes.StringBytesOffset, 8, []));
    }

    public nint Address { get; }
    /// <summary>Rows that there may ever be; those not in use are zero.</summary>
    public int Capacity => Layout.CountMax;

    public int NumberOf(Layout layout, ObjectShape shape) =>
        layout.Kind == LayoutKind.String ? StringNumber : Add(layout.Name, layout.Kind, shape);

    public string NameOf(int number) => Marshal.PtrToStringUTF8(*(nint*)(Address + number * RowBytes + 16)) ?? "";

    public void Dispose()
    {
        foreach (var memory in _memory) NativeMemory.Free((void*)memory);
        Native.Release(Address, TableBytes);
    }

    private int Add(string name, LayoutKind kind, ObjectShape shape)
    {
        var key = Key(name, kind, shape);
        if (_numbers.TryGetValue(key, out var number)) return number;
        number = _numbers.Count;
        if (number == Layout.CountMax) throw new InvalidOperationException("lowering has let more layouts through than can be numbered");
        var row = Address + number * RowBytes;
        *(uint*)row = (uint)shape.Size;
        *(ushort*)(row + 4) = (ushort)kind;
        *(ushort*)(row + 6) = (ushort)shape.ReferenceOffsets.Length;
        *(nint*)(row + 8) = Copy(MemoryMarshal.AsBytes(shape.ReferenceOffsets.AsSpan()));
        *(nint*)(row + 16) = Copy(Encoding.UTF8.GetBytes(name + "\0"));
        _numbers.Add(key, number);
        return number;
    }

    private static string Key(string name, LayoutKind kind, ObjectShape shape)
    {
        var key = new StringBuilder(name).Append('|').Append((int)kind).Append('|').Append(shape.Size);
        foreach (var offset in shape.ReferenceOffsets) key.Append('|').Append(offset);
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
