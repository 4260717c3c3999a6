using System.Collections.Immutable;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>Where the parts of a heap object or an unboxed aggregate lie in memory.</summary>
/// <param name="Offsets">One per field. Of a vector: none, its elements are found by <paramref name="Size"/>.</param>
/// <param name="Size">Bytes with header, a multiple of 8; of a vector: the stride of an element.</param>
/// <param name="ReferenceOffsets">Where the counted references are; of a vector: within an element.</param>
public sealed record ObjectShape(ImmutableArray<int> Offsets, int Size, int Alignment, ImmutableArray<int> ReferenceOffsets)
{
    /// <summary>All other bytes that mean something, in order and as few runs as there can be; what is in neither is padding.</summary>
    public ImmutableArray<PlainRun> Plain { get; init; } = [];
}

/// <summary>Bytes of an object, or of a vector's element, that hold no reference.</summary>
public readonly record struct PlainRun(int Offset, int Bytes);

/// <summary>
/// The memory layout of a program's objects. Every number agrees with <c>runtime/include/kea/abi.h</c>: fields follow the
/// header in the order given, each naturally aligned; a vector's elements begin at offset 32.
/// </summary>
public sealed class ObjectShapes(MirProgram program)
{
    public const int HeaderBytes = 8;
    public const int TagOffset = 6;
    public const int LengthOffset = 8;
    public const int CapacityOffset = 16;
    public const int StringBytesOffset = 16;
    public const int VectorElementsOffset = 32;
    public const int ClosureCodeOffset = 8;
    public const int ClosureCapturesOffset = 16;

    private readonly ObjectShape?[] _layouts = new ObjectShape?[program.Layouts.Length];
    private readonly ObjectShape?[] _aggregates = new ObjectShape?[program.Aggregates.Length];

    public ObjectShape Of(LayoutId id) => _layouts[id.Index] ??= Compute(program.Layouts[id.Index]);

    public ObjectShape Of(AggregateId id) =>
        _aggregates[id.Index] ??= Place(program.Aggregates[id.Index].Fields, start: 0, leastAlignment: 1);

    /// <summary>Bytes in memory, a multiple of the alignment; zero for unit.</summary>
    public int SizeOf(MirType type) => type switch
    {
        MirType.Int(var bits) => bits / 8,
        MirType.Bool => 1,
        MirType.Float(var bits) => bits / 8,
        MirType.Pointer or MirType.Reference or MirType.Token => 8,
        MirType.Unit => 0,
        MirType.Aggregate(var id) => Of(id).Size,
    };

    public int AlignmentOf(MirType type) => type switch
    {
        MirType.Unit => 1,
        MirType.Aggregate(var id) => Of(id).Alignment,
        MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Reference or MirType.Token => SizeOf(type),
    };

    /// <summary>Whether dropping a value of the type may do anything.</summary>
    public bool IsCounted(MirType type) => type switch
    {
        MirType.Reference or MirType.Token => true,
        MirType.Aggregate(var id) => Of(id).ReferenceOffsets.Length > 0,
        MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Unit => false,
    };

    private ObjectShape Compute(Layout layout)
    {
        switch (layout.Kind)
        {
            case LayoutKind.Fields:
                return Place(layout.Fields, HeaderBytes, leastAlignment: 8);
            case LayoutKind.Closure:
                return Place(layout.Fields, ClosureCapturesOffset, leastAlignment: 8);
            case LayoutKind.String:
                return new([], StringBytesOffset, 8, []);
            case LayoutKind.Vector:
                var references = ImmutableArray.CreateBuilder<int>();
                AddReferences(layout.Fields[0], 0, references);
                return new([], SizeOf(layout.Fields[0]), 8, references.DrainToImmutable()) { Plain = PlainOf(layout.Fields, [0]) };
        }
        throw new InvalidOperationException($"Layout kind {layout.Kind} has no shape.");
    }

    private ObjectShape Place(ImmutableArray<MirType> fields, int start, int leastAlignment)
    {
        var offsets = ImmutableArray.CreateBuilder<int>(fields.Length);
        var references = ImmutableArray.CreateBuilder<int>();
        var (at, alignment) = (start, leastAlignment);
        foreach (var field in fields)
        {
            var own = AlignmentOf(field);
            alignment = Math.Max(alignment, own);
            at = RoundUp(at, own);
            offsets.Add(at);
            AddReferences(field, at, references);
            at += SizeOf(field);
        }
        var all = offsets.MoveToImmutable();
        return new(all, RoundUp(at, alignment), alignment, references.DrainToImmutable()) { Plain = PlainOf(fields, all) };
    }

    private ImmutableArray<PlainRun> PlainOf(ImmutableArray<MirType> fields, ImmutableArray<int> offsets)
    {
        var runs = ImmutableArray.CreateBuilder<PlainRun>();
        for (var i = 0; i < fields.Length; i++)
            foreach (var run in PlainOf(fields[i]))
            {
                var at = offsets[i] + run.Offset;
                if (runs.Count > 0 && runs[^1] is var last && last.Offset + last.Bytes == at) runs[^1] = last with { Bytes = last.Bytes + run.Bytes };
                else runs.Add(new PlainRun(at, run.Bytes));
            }
        return runs.DrainToImmutable();
    }

    private ImmutableArray<PlainRun> PlainOf(MirType type) => type switch
    {
        MirType.Reference or MirType.Token or MirType.Unit => [],
        MirType.Aggregate(var id) => Of(id).Plain,
        MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer => [new PlainRun(0, SizeOf(type))],
    };

    private void AddReferences(MirType type, int at, ImmutableArray<int>.Builder references)
    {
        if (type is MirType.Reference) references.Add(at);
        else if (type is MirType.Aggregate(var id))
            foreach (var inner in Of(id).ReferenceOffsets) references.Add(at + inner);
    }

    private static int RoundUp(int value, int alignment) => (value + alignment - 1) / alignment * alignment;
}
