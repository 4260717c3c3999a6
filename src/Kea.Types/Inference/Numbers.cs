namespace Kea.Types.Inference;

/// <summary>The integer and float types: which there are, what they hold, what they widen to (6.1, 6.2).</summary>
internal static class Numbers
{
    /// <summary>What a type is as a number; None for all other types.</summary>
    public static BuiltinType Of(Type type) =>
        type.Resolved is Type.Named { Symbol.Builtin: var builtin } && (IsInteger(builtin) || IsFloat(builtin)) ? builtin : BuiltinType.None;

    public static bool IsInteger(BuiltinType type) => type is >= BuiltinType.Int and <= BuiltinType.UInt64;
    public static bool IsFloat(BuiltinType type) => type is >= BuiltinType.Float and <= BuiltinType.Float64;
    public static bool IsInteger(Type type) => IsInteger(Of(type));
    public static bool IsFloat(Type type) => IsFloat(Of(type));
    public static bool IsNumber(Type type) => Of(type) != BuiltinType.None;
    public static bool IsUnsigned(BuiltinType type) => type is >= BuiltinType.UInt8 and <= BuiltinType.UInt64;

    public static int Bits(BuiltinType type) => type switch
    {
        BuiltinType.Int8 or BuiltinType.UInt8 => 8,
        BuiltinType.Int16 or BuiltinType.UInt16 or BuiltinType.Float16 => 16,
        BuiltinType.Int32 or BuiltinType.UInt32 or BuiltinType.Float32 => 32,
        _ => 64,
    };

    public static Int128 Min(BuiltinType type) => IsUnsigned(type) ? 0 : -(Int128.One << (Bits(type) - 1));
    public static Int128 Max(BuiltinType type) => (Int128.One << (IsUnsigned(type) ? Bits(type) : Bits(type) - 1)) - 1;
    public static bool Fits(Int128 value, BuiltinType type) => value >= Min(type) && value <= Max(type);

    /// <summary>Does a finite value stay finite in the type?</summary>
    public static bool Fits(double value, BuiltinType type) => !double.IsFinite(value) || type switch
    {
        BuiltinType.Float32 => float.IsFinite((float)value),
        BuiltinType.Float16 => Half.IsFinite((Half)value),
        _ => true,
    };

    /// <summary>The type in which two different integer types meet (6.2.1).</summary>
    public static BuiltinType Meet(BuiltinType left, BuiltinType right)
    {
        if (left == right) return left;
        if (left == BuiltinType.Int || right == BuiltinType.Int || IsUnsigned(left) != IsUnsigned(right)) return BuiltinType.Int;
        return Bits(left) >= Bits(right) ? left : right;
    }

    /// <summary>The conversion that makes a number fit where another number type is expected; null where there is none (6.2.4).</summary>
    public static Conversion? Convert(BuiltinType from, BuiltinType to)
    {
        if ((from, to) is (BuiltinType.Int, BuiltinType.Int64) or (BuiltinType.Int64, BuiltinType.Int)
            or (BuiltinType.Float, BuiltinType.Float64) or (BuiltinType.Float64, BuiltinType.Float)) return Conversion.SameRepresentation;
        if (!IsInteger(from) || !IsInteger(to)) return null;
        if (to == BuiltinType.Int) return Conversion.WidenInteger;
        return Min(to) <= Min(from) && Max(to) >= Max(from) ? Conversion.WidenInteger : null;
    }
}
