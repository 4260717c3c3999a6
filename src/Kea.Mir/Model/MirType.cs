using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>A monomorphic machine-level type. What a Kea type becomes is decided in one place, Representation.</summary>
public abstract record MirType
{
    private MirType() { }

    /// <summary><c>i8 i16 i32 i64</c>; signedness belongs to the operation.</summary>
    public sealed record Int(int Bits) : MirType;
    /// <summary><c>bool</c>: one bit in a value, one byte in memory.</summary>
    public sealed record Bool : MirType;
    /// <summary><c>f16 f32 f64</c>.</summary>
    public sealed record Float(int Bits) : MirType;
    /// <summary><c>ptr</c>: a raw address; not counted.</summary>
    public sealed record Pointer : MirType;
    /// <summary><c>unit</c>: no bits.</summary>
    public sealed record Unit : MirType;

    /// <summary>
    /// <c>ref</c>, <c>ref~</c> (may be an immediate), <c>ref?</c> (may be null), <c>ref~?</c>: a counted heap object.
    /// Immediates are odd words, <c>2 * variant + 1</c>; null is zero. Neither is counted.
    /// </summary>
    public sealed record Reference(bool MayBeImmediate, bool MayBeNull) : MirType;

    /// <summary><c>agg3</c>: several values side by side in registers; never allocated by itself.</summary>
    public sealed record Aggregate(AggregateId Id) : MirType;

    /// <summary><c>token</c>: the memory of a dead object, for <see cref="Inst.AllocReuse"/>; null when there is none.</summary>
    public sealed record Token : MirType;

    public static readonly MirType I8 = new Int(8), I16 = new Int(16), I32 = new Int(32), I64 = new Int(64);
    public static readonly MirType F32 = new Float(32), F64 = new Float(64);
    public static readonly MirType Boolean = new Bool(), Raw = new Pointer(), Nothing = new Unit(), Reuse = new Token();
    public static readonly MirType Ref = new Reference(false, false);
}

/// <summary>An SSA value of one function; printed <c>v7</c>.</summary>
public readonly record struct ValueId(int Index) { public override string ToString() => $"v{Index}"; }
/// <summary>A basic block of one function; printed <c>b3</c>.</summary>
public readonly record struct BlockId(int Index) { public override string ToString() => $"b{Index}"; }
/// <summary>A heap object layout of the program; printed <c>layout4</c>.</summary>
public readonly record struct LayoutId(int Index) { public override string ToString() => $"layout{Index}"; }
/// <summary>An unboxed aggregate of the program; printed <c>agg2</c>.</summary>
public readonly record struct AggregateId(int Index) { public override string ToString() => $"agg{Index}"; }
/// <summary>A boxed enum of the program; printed <c>enum5</c>.</summary>
public readonly record struct EnumId(int Index) { public override string ToString() => $"enum{Index}"; }
/// <summary>A function of the program; printed <c>@9</c> or by its name.</summary>
public readonly record struct FunctionId(int Index) { public override string ToString() => $"@{Index}"; }

public enum LayoutKind
{
    /// <summary>Header, then the fields.</summary>
    Fields,
    /// <summary>Header, length, bytes, NUL. One predefined layout.</summary>
    String,
    /// <summary>Header, length, capacity, then elements of Fields[0] at offset 32.</summary>
    Vector,
    /// <summary>Header, code pointer, then captures.</summary>
    Closure,
}

/// <summary>How a heap object looks. Fields lie after the header in the order given, each naturally aligned.</summary>
/// <param name="Tag">The variant's index in the header; 0 for structs.</param>
/// <param name="Name">For people: <c>List(Int).Cons</c>.</param>
public sealed record Layout(LayoutId Id, string Name, LayoutKind Kind, int Tag, ImmutableArray<MirType> Fields)
{
    /// <summary>An object's header has 16 bits for the number of its layout.</summary>
    public const int CountMax = 1 << 16;
}

/// <summary>An unboxed tuple, struct, Option or Result. A sum keeps its tag (i8) in field 0 and its payloads after it; references of the absent variant are null.</summary>
public sealed record AggregateType(AggregateId Id, string Name, ImmutableArray<MirType> Fields);

/// <summary>A boxed enum: per variant its layout, or null for one that is an immediate.</summary>
public sealed record EnumLayout(EnumId Id, string Name, ImmutableArray<LayoutId?> Variants);
