namespace Kea.Mir;

/// <summary>The words of the text form for the operators that are enums; the parser reads the same tables backwards.</summary>
internal static class Mnemonics
{
    public static string Of(ArithmeticOp op) => op switch
    {
        ArithmeticOp.Add => "add",
        ArithmeticOp.Subtract => "sub",
        ArithmeticOp.Multiply => "mul",
        ArithmeticOp.Divide => "div",
        ArithmeticOp.Remainder => "rem",
        ArithmeticOp.ExactAdd => "add_exact",
        ArithmeticOp.ExactSubtract => "sub_exact",
        ArithmeticOp.ExactMultiply => "mul_exact",
        ArithmeticOp.WrappingAdd => "add_wrap",
        ArithmeticOp.WrappingSubtract => "sub_wrap",
        ArithmeticOp.WrappingMultiply => "mul_wrap",
        ArithmeticOp.And => "and",
        ArithmeticOp.Or => "or",
        ArithmeticOp.Xor => "xor",
        ArithmeticOp.ShiftLeft => "shl",
        ArithmeticOp.ShiftRight => "shr",
        ArithmeticOp.ShiftRightUnsigned => "shru",
        ArithmeticOp.FloatAdd => "fadd",
        ArithmeticOp.FloatSubtract => "fsub",
        ArithmeticOp.FloatMultiply => "fmul",
        ArithmeticOp.FloatDivide => "fdiv",
    };

    public static string Of(UnaryOp op) => op switch
    {
        UnaryOp.Negate => "neg",
        UnaryOp.Not => "not",
        UnaryOp.FloatNegate => "fneg",
        UnaryOp.FloatAbs => "fabs",
        UnaryOp.FloatSqrt => "fsqrt",
        UnaryOp.FloatFloor => "ffloor",
        UnaryOp.FloatCeil => "fceil",
        UnaryOp.FloatRoundEven => "fround",
        UnaryOp.PopCount => "popcount",
        UnaryOp.LeadingZeros => "clz",
        UnaryOp.TrailingZeros => "ctz",
    };

    public static string Of(CompareOp op) => op switch
    {
        CompareOp.Equal => "eq",
        CompareOp.NotEqual => "ne",
        CompareOp.Less => "lt",
        CompareOp.LessOrEqual => "le",
        CompareOp.Greater => "gt",
        CompareOp.GreaterOrEqual => "ge",
    };

    public static string Of(CastOp op) => op switch
    {
        CastOp.SignExtend => "sext",
        CastOp.ZeroExtend => "zext",
        CastOp.Truncate => "trunc",
        CastOp.UnsignedToSignedChecked => "u64_to_i64",
        CastOp.SignedToFloat => "int_to_float",
        CastOp.UnsignedToFloat => "uint_to_float",
        CastOp.FloatToSignedSaturating => "float_to_int",
        CastOp.FloatExtend => "fext",
        CastOp.FloatTruncate => "ftrunc",
        CastOp.Reinterpret => "reinterpret",
    };

    public static string Of(LayoutKind kind) => kind switch
    {
        LayoutKind.Fields => "fields",
        LayoutKind.String => "string",
        LayoutKind.Vector => "vector",
        LayoutKind.Closure => "closure",
    };

    public static string Of(PanicKind kind) => kind switch
    {
        PanicKind.Overflow => "overflow",
        PanicKind.DivideByZero => "divide_by_zero",
        PanicKind.RemainderByZero => "remainder_by_zero",
        PanicKind.Message => "message",
        PanicKind.UnhandledFail => "unhandled_fail",
    };

    /// <summary>Finds the member with that word; the enums are small.</summary>
    public static T? Find<T>(ReadOnlySpan<char> word, Func<T, string> name) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (word.SequenceEqual(name(value))) return value;
        return null;
    }
}
