using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>A program's tables with what is often asked of them. Immutable; make one per version of a program.</summary>
public sealed class MirTables
{
    private readonly bool[] _countedAggregates;

    public MirTables(MirProgram program)
    {
        Program = program;
        _countedAggregates = new bool[program.Aggregates.Length];
        // An aggregate can only contain ones that come to an end, so this settles after as many rounds as they are nested.
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var aggregate in program.Aggregates)
            {
                if (_countedAggregates[aggregate.Id.Index]) continue;
                foreach (var field in aggregate.Fields)
                    if (IsCounted(field)) _countedAggregates[aggregate.Id.Index] = changed = true;
            }
        }
    }

    public MirProgram Program { get; }
    public Layout this[LayoutId id] => Program.Layouts[id.Index];
    public AggregateType this[AggregateId id] => Program.Aggregates[id.Index];
    public EnumLayout this[EnumId id] => Program.Enums[id.Index];
    public MirSignature this[FunctionId id] => Program.Signatures[id.Index];

    /// <summary>Whether a value of the type holds references that are counted.</summary>
    public bool IsCounted(MirType type) => type switch
    {
        MirType.Reference => true,
        MirType.Aggregate(var id) => _countedAggregates[id.Index],
        MirType.Int => false,
        MirType.Bool => false,
        MirType.Float => false,
        MirType.Pointer => false,
        MirType.Unit => false,
        MirType.Token => false,
    };

    /// <summary>Whether ownership of the value matters: counted ones, and tokens, which are given up exactly once.</summary>
    public bool IsLinear(MirType type) => type is MirType.Token || IsCounted(type);

    /// <summary>Bytes of an object with this layout, header included; null for those whose size varies.</summary>
    public int? SizeOf(LayoutId id)
    {
        var layout = this[id];
        if (layout.Kind is LayoutKind.String or LayoutKind.Vector) return null;
        var offset = layout.Kind == LayoutKind.Closure ? 16 : 8;
        foreach (var field in layout.Fields) offset = SizeWith(field, offset);
        return (offset + 7) & ~7;
    }

    private int SizeWith(MirType type, int offset)
    {
        if (type is MirType.Aggregate(var id))
        {
            offset = Align(offset, Alignment(type));
            foreach (var field in this[id].Fields) offset = SizeWith(field, offset);
            return Align(offset, Alignment(type));
        }
        return Align(offset, Alignment(type)) + (type is MirType.Unit ? 0 : Alignment(type));
    }

    private int Alignment(MirType type)
    {
        switch (type)
        {
            case MirType.Int(var bits): return bits / 8;
            case MirType.Float(var bits): return bits / 8;
            case MirType.Bool or MirType.Unit: return 1;
            case MirType.Pointer or MirType.Reference or MirType.Token: return 8;
            case MirType.Aggregate(var id):
                var most = 1;
                foreach (var field in this[id].Fields) most = Math.Max(most, Alignment(field));
                return most;
        }
        throw new InvalidOperationException($"{type} is no MirType.");
    }

    private static int Align(int offset, int to) => (offset + to - 1) / to * to;
}
