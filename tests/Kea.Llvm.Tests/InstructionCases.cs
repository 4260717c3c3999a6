using System.Globalization;
using System.Text;

namespace Kea.Llvm.Tests;

/// <summary>One instruction applied to operands that the optimiser of the unit cannot see.</summary>
/// <param name="Operands">Type and value of each, <c>i8 -128</c>; they are v0, v1, ….</param>
/// <param name="Instruction">After the equals sign.</param>
/// <param name="Expected">The result's bits as i64: bools and unsigned ones widened with zeros, floats reinterpreted.</param>
internal sealed record InstructionCase(string[] Operands, string Type, string Instruction, long Expected)
{
    public override string ToString() => $"{Instruction} on ({string.Join(", ", Operands)}) gives {Type} {Expected}";
}

/// <summary>
/// What each instruction means at its edges, for static code and for code in process: both test projects compile this file.
/// </summary>
internal static class InstructionCases
{
    private const long Least = long.MinValue, Most = long.MaxValue;

    public static readonly InstructionCase[] All =
    [
        Of("i64", "add v0, v1", 12, "i64 5", "i64 7"),
        Of("i64", "add v0, v1", Most, $"i64 {Most - 1}", "i64 1"),
        Of("i64", "add.u v0, v1", -1, "i64 -2", "i64 1"),
        Of("i8", "add v0, v1", 127, "i8 100", "i8 27"),
        Of("i8", "add.u v0, v1", -1, "i8 -128", "i8 127"),
        Of("i64", "sub v0, v1", Least, $"i64 {Least + 1}", "i64 1"),
        Of("i32", "sub.u v0, v1", 1, "i32 -1", "i32 -2"),
        Of("i64", "mul v0, v1", Least, $"i64 {Least}", "i64 1"),
        Of("i64", "mul v0, v1", -Most, $"i64 {Most}", "i64 -1"),
        Of("i16", "mul.u v0, v1", -2, "i16 32767", "i16 2"),
        Of("i64", "div v0, v1", -3, "i64 -7", "i64 2"),
        Of("i64", "div v0, v1", Least, $"i64 {Least}", "i64 1"),
        Of("i64", "div.u v0, v1", Most, "i64 -1", "i64 2"),
        Of("i64", "rem v0, v1", -2, "i64 -5", "i64 3"),
        Of("i64", "rem v0, v1", 0, $"i64 {Least}", "i64 -1"),
        Of("i8", "rem v0, v1", 0, "i8 -128", "i8 -1"),
        Of("i64", "rem.u v0, v1", 5, "i64 -1", "i64 10"),
        Of("i64", "add_wrap v0, v1", Least, $"i64 {Most}", "i64 1"),
        Of("i64", "sub_wrap v0, v1", Most, $"i64 {Least}", "i64 1"),
        Of("i64", "mul_wrap v0, v1", -2, $"i64 {Most}", "i64 2"),
        Of("i64", "and v0, v1", 8, "i64 12", "i64 10"),
        Of("i64", "or v0, v1", 14, "i64 12", "i64 10"),
        Of("i64", "xor v0, v1", 6, "i64 12", "i64 10"),
        Of("i64", "shl v0, v1", 2, "i64 1", "i64 65"),
        Of("i64", "shl v0, v1", Least, "i64 1", "i64 -1"),
        Of("i8", "shl v0, v1", 2, "i8 1", "i64 9"),
        Of("i32", "shl v0, v1", 16, "i32 1", "i64 100"),
        Of("i64", "shr v0, v1", -1, "i64 -2", "i64 65"),
        Of("i8", "shr v0, v1", -64, "i8 -128", "i64 1"),
        Of("i64", "shru v0, v1", Most, "i64 -1", "i64 1"),
        Of("i8", "shru v0, v1", 64, "i8 -128", "i64 257"),
        Float("fadd v0, v1", 0.1 + 0.2, "f64 0.1", "f64 0.2"),
        Float("fsub v0, v1", -0.5, "f64 1", "f64 1.5"),
        Float("fmul v0, v1", double.PositiveInfinity, "f64 1E+308", "f64 10"),
        Float("fdiv v0, v1", double.NegativeInfinity, "f64 -1", "f64 0"),
        Of("i64", "neg v0", -Most, $"i64 {Most}"),
        Of("i16", "neg v0", 32767, "i16 -32767"),
        Of("i64", "not v0", -1, "i64 0"),
        Of("bool", "not v0", 0, "bool 1"),
        Float("fneg v0", -0.0, "f64 0"),
        Float("fabs v0", 2.5, "f64 -2.5"),
        Float("fsqrt v0", 1.5, "f64 2.25"),
        Float("ffloor v0", -3, "f64 -2.5"),
        Float("fceil v0", -2, "f64 -2.5"),
        Float("fround v0", 2, "f64 2.5"),
        Float("fround v0", 4, "f64 3.5"),
        Of("i64", "popcount v0", 64, "i64 -1"),
        Of("i64", "popcount v0", 8, "i8 -1"),
        Of("i64", "clz v0", 64, "i64 0"),
        Of("i64", "clz v0", 7, "i8 1"),
        Of("i64", "ctz v0", 64, "i64 0"),
        Of("i64", "ctz v0", 3, "i32 8"),
        Of("bool", "lt v0, v1", 1, "i64 -1", "i64 0"),
        Of("bool", "lt.u v0, v1", 0, "i64 -1", "i64 0"),
        Of("bool", "ge.u v0, v1", 1, "i8 -1", "i8 1"),
        Of("bool", "gt v0, v1", 0, "i8 -1", "i8 1"),
        Of("bool", "le v0, v1", 1, "i64 3", "i64 3"),
        Of("bool", "eq v0, v1", 1, "bool 1", "bool 1"),
        Of("bool", "ne v0, v1", 1, "bool 1", "bool 0"),
        Of("bool", "eq v0, v1", 0, "f64 0x7ff8000000000000", "f64 0x7ff8000000000000"),
        Of("bool", "ne v0, v1", 1, "f64 0x7ff8000000000000", "f64 1"),
        Of("bool", "lt v0, v1", 0, "f64 0x7ff8000000000000", "f64 1"),
        Of("bool", "eq v0, v1", 1, "f64 0", "f64 -0"),
        Of("bool", "ge v0, v1", 1, "f64 0x7ff0000000000000", "f64 1"),
        Of("i64", "sext v0", -1, "i8 -1"),
        Of("i64", "zext v0", 255, "i8 -1"),
        Of("i64", "zext v0", 1, "bool 1"),
        Of("i8", "trunc v0", -1, "i64 511"),
        Of("i64", "u64_to_i64 v0", Most, $"i64 {Most}"),
        Float("int_to_float v0", -1, "i64 -1"),
        Float("uint_to_float v0", 18446744073709551615.0, "i64 -1"),
        Of("i64", "float_to_int v0", -2, "f64 -2.9"),
        Of("i64", "float_to_int v0", Most, "f64 1E+30"),
        Of("i64", "float_to_int v0", Least, "f64 -1E+30"),
        Of("i64", "float_to_int v0", 0, "f64 0x7ff8000000000000"),
        Of("i8", "float_to_int v0", 127, "f64 300"),
        Of("i64", "select v0, v1, v2", 7, "bool 1", "i64 7", "i64 8"),
        Of("i64", "select v0, v1, v2", 8, "bool 0", "i64 7", "i64 8"),
    ];

    /// <summary>What a case does instead of giving a result.</summary>
    public static readonly (InstructionCase Case, string Message)[] Panics =
    [
        (Of("i64", "add v0, v1", 0, $"i64 {Most}", "i64 1"), "integer overflow"),
        (Of("i8", "add v0, v1", 0, "i8 127", "i8 1"), "integer overflow"),
        (Of("i8", "add.u v0, v1", 0, "i8 -1", "i8 1"), "integer overflow"),
        (Of("i64", "sub v0, v1", 0, $"i64 {Least}", "i64 1"), "integer overflow"),
        (Of("i64", "sub.u v0, v1", 0, "i64 0", "i64 1"), "integer overflow"),
        (Of("i64", "mul v0, v1", 0, $"i64 {Most}", "i64 2"), "integer overflow"),
        (Of("i64", "mul v0, v1", 0, $"i64 {Least}", "i64 -1"), "integer overflow"),
        (Of("i64", "mul.u v0, v1", 0, "i64 -1", "i64 2"), "integer overflow"),
        (Of("i64", "neg v0", 0, $"i64 {Least}"), "integer overflow"),
        (Of("i64", "div v0, v1", 0, $"i64 {Least}", "i64 -1"), "integer overflow"),
        (Of("i64", "div v0, v1", 0, "i64 1", "i64 0"), "integer division by zero"),
        (Of("i64", "div.u v0, v1", 0, "i64 1", "i64 0"), "integer division by zero"),
        (Of("i64", "rem v0, v1", 0, "i64 1", "i64 0"), "integer remainder by zero"),
        (Of("i8", "rem.u v0, v1", 0, "i8 1", "i8 0"), "integer remainder by zero"),
        (Of("i64", "u64_to_i64 v0", 0, "i64 -1"), "integer overflow"),
    ];

    /// <summary>A program that prints every case's result, one a line.</summary>
    public static string PrintingProgram()
    {
        var text = new StringBuilder(Prelude);
        var value = 0;
        text.Append("fn @0 \"Main.main\" in \"Main\" () -> i64 {\nb0:\n");
        for (var i = 0; i < All.Length; i++)
        {
            var result = AppendCall(text, All[i], i + 1, ref value);
            text.Append(CultureInfo.InvariantCulture, $"  v{value}: ref = call_runtime \"kea_int_to_string\"(v{result})\n");
            text.Append(CultureInfo.InvariantCulture, $"  v{value + 1}: unit = call_runtime \"kea_io_stdout\"(v{value})\n  drop v{value}\n");
            text.Append(CultureInfo.InvariantCulture, $"  v{value + 2}: ref = string \"\\n\"\n  v{value + 3}: unit = call_runtime \"kea_io_stdout\"(v{value + 2})\n");
            value += 4;
        }
        text.Append(CultureInfo.InvariantCulture, $"  v{value}: i64 = const 0\n  return v{value}\n}}\n");
        for (var i = 0; i < All.Length; i++) AppendFunction(text, All[i], i + 1);
        return text.Append("entry @0\n").ToString();
    }

    /// <summary>A program that does the case whose number is the number of its arguments, while it owns a string.</summary>
    public static string PanickingProgram()
    {
        var text = new StringBuilder(Prelude);
        text.Append("fn @0 \"Main.main\" in \"Main\" () -> i64 {\nb0:\n  v0: i64 = call_runtime \"kea_io_arg_count\"()\n");
        text.Append("  v1: ref = call_runtime \"kea_int_to_string\"(v0)\n  switch v0 [");
        for (var i = 0; i < Panics.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? ", " : "")}{i}: b{i + 1}");
        text.Append(CultureInfo.InvariantCulture, $"] default b{Panics.Length + 1}\n");
        var value = 2;
        for (var i = 0; i < Panics.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"b{i + 1}:\n");
            var result = AppendCall(text, Panics[i].Case, i + 1, ref value);
            text.Append(CultureInfo.InvariantCulture, $"  drop v1\n  return v{result}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"b{Panics.Length + 1}:\n  drop v1\n  unreachable\n}}\n");
        for (var i = 0; i < Panics.Length; i++) AppendFunction(text, Panics[i].Case, i + 1);
        return text.Append("entry @0\n").ToString();
    }

    private const string Prelude = """
        layout0 = string "String" ()
        runtime "kea_io_stdout" context (borrowed ref) -> unit
        runtime "kea_int_to_string" context (i64) -> ref
        runtime "kea_io_arg_count" context () -> i64

        """;

    private static InstructionCase Of(string type, string instruction, long expected, params string[] operands) =>
        new(operands, type, instruction, expected);

    private static InstructionCase Float(string instruction, double expected, params string[] operands) =>
        new(operands, "f64", instruction, BitConverter.DoubleToInt64Bits(expected));

    /// <returns>The value that holds the result as i64.</returns>
    private static int AppendCall(StringBuilder text, InstructionCase test, int function, ref int value)
    {
        var first = value;
        foreach (var operand in test.Operands)
        {
            var (type, constant) = (operand.Split(' ')[0], operand.Split(' ')[1]);
            text.Append(CultureInfo.InvariantCulture, $"  v{value++}: {type} = {(type == "f64" ? "fconst" : "const")} {constant}\n");
        }
        var arguments = string.Join(", ", Enumerable.Range(first, test.Operands.Length).Select(v => $"v{v}"));
        text.Append(CultureInfo.InvariantCulture, $"  v{value}: i64 = call @{function}({arguments})\n");
        return value++;
    }

    private static void AppendFunction(StringBuilder text, InstructionCase test, int function)
    {
        var parameters = string.Join(", ", test.Operands.Select((operand, i) => $"v{i}: {operand.Split(' ')[0]}"));
        var result = test.Operands.Length;
        text.Append(CultureInfo.InvariantCulture, $"fn @{function} \"Main.case{function}\" in \"Main\" ({parameters}) -> i64 {{\nb0:\n");
        text.Append(CultureInfo.InvariantCulture, $"  v{result}: {test.Type} = {test.Instruction}\n");
        if (test.Type != "i64")
        {
            var widen = test.Type switch { "f64" => "reinterpret", "bool" => "zext", _ => "sext" };
            text.Append(CultureInfo.InvariantCulture, $"  v{result + 1}: i64 = {widen} v{result}\n");
            result++;
        }
        text.Append(CultureInfo.InvariantCulture, $"  return v{result}\n}}\n");
    }
}
