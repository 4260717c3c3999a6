using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Kea.Mir;

/// <summary>
/// The text form of MIR, which <see cref="MirParser"/> reads back. One line per instruction, <c>v3: i64 = add v1, v2</c>;
/// commas are decoration, <c>;</c> starts a comment, <c>!3:5</c> is a source location.
/// </summary>
public static class MirPrinter
{
    /// <param name="locations">Also print where instructions come from.</param>
    public static string Print(MirProgram program, bool locations = false)
    {
        var text = new StringBuilder();
        PrintTables(program, text);
        var bodies = new HashSet<FunctionId>();
        foreach (var function in program.Functions) bodies.Add(function.Id);
        foreach (var signature in program.Signatures)
            if (!bodies.Contains(signature.Id)) PrintSignature(signature, text);
        foreach (var function in program.Functions)
        {
            text.Append('\n');
            new FunctionPrinter(program.Signatures, text, locations).Print(function);
        }
        if (program.Entry is { } entry) text.Append("\nentry ").Append(entry.ToString()).Append('\n');
        foreach (var root in program.Roots) text.Append("root ").Append(root.ToString()).Append('\n');
        return text.ToString();
    }

    /// <summary>One function; names of callees become comments where the program is given.</summary>
    public static string Print(MirFunction function, MirProgram? program = null, bool locations = false)
    {
        var text = new StringBuilder();
        new FunctionPrinter(program?.Signatures ?? [], text, locations).Print(function);
        return text.ToString();
    }

    public static string Print(MirType type) => type switch
    {
        MirType.Int(var bits) => bits switch { 8 => "i8", 16 => "i16", 32 => "i32", 64 => "i64", _ => $"i{bits}" },
        MirType.Bool => "bool",
        MirType.Float(var bits) => $"f{bits}",
        MirType.Pointer => "ptr",
        MirType.Unit => "unit",
        MirType.Reference(var immediate, var canBeNull) => (immediate, canBeNull) switch
        {
            (false, false) => "ref",
            (true, false) => "ref~",
            (false, true) => "ref?",
            (true, true) => "ref~?",
        },
        MirType.Aggregate(var id) => id.ToString(),
        MirType.Token => "token",
    };

    internal static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c == '\n') text.Append("\\n");
            else if (c == '\t') text.Append("\\t");
            else if (c < ' ' || c == 127 || char.IsSurrogate(c)) text.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)c:x}}}");
            else text.Append(c);
        }
        return text.Append('"').ToString();
    }

    internal static string Number(double value) =>
        double.IsFinite(value)
            ? value.ToString("R", CultureInfo.InvariantCulture)
            : $"0x{BitConverter.DoubleToUInt64Bits(value):x16}";

    private static void PrintTables(MirProgram program, StringBuilder text)
    {
        foreach (var layout in program.Layouts)
        {
            text.Append(layout.Id.ToString()).Append(" = ").Append(Mnemonics.Of(layout.Kind)).Append(' ').Append(Quote(layout.Name));
            if (layout.Tag != 0) text.Append(" tag ").Append(layout.Tag);
            Types(layout.Fields, text.Append(' ')).Append('\n');
        }
        foreach (var aggregate in program.Aggregates)
            Types(aggregate.Fields, text.Append(aggregate.Id.ToString()).Append(" = ").Append(Quote(aggregate.Name)).Append(' ')).Append('\n');
        foreach (var e in program.Enums)
        {
            text.Append(e.Id.ToString()).Append(" = ").Append(Quote(e.Name)).Append(" (");
            for (var i = 0; i < e.Variants.Length; i++)
                text.Append(i > 0 ? ", " : "").Append(e.Variants[i]?.ToString() ?? "_");
            text.Append(")\n");
        }
        var seen = new HashSet<RuntimeFunction>();
        foreach (var function in program.Functions)
            foreach (var block in function.Blocks)
                foreach (var instruction in block.Instructions)
                    if (instruction.Operation is Inst.CallRuntime(var callee, _) && seen.Add(callee)) PrintRuntime(callee, text);
    }

    private static void PrintRuntime(RuntimeFunction function, StringBuilder text)
    {
        text.Append("runtime ").Append(Quote(function.Symbol)).Append(function.TakesContext ? " context (" : " (");
        Parameters(function.Parameters, text).Append(") -> ").Append(Print(function.Result));
        text.Append(function.MayPanic ? " panics" : "").Append(function.Pure ? " pure" : "").Append(function.MayBlock ? " blocks" : "").Append('\n');
    }

    private static void PrintSignature(MirSignature signature, StringBuilder text)
    {
        text.Append("declare ").Append(signature.Id.ToString()).Append(' ').Append(Quote(signature.Name)).Append(" in ").Append(Quote(signature.Module)).Append(" (");
        Parameters(signature.Parameters, text).Append(") -> ").Append(Print(signature.Result));
        text.Append(signature.IsClosureCode ? " closure\n" : "\n");
    }

    private static StringBuilder Parameters(ImmutableArray<(MirType Type, Ownership Ownership)> parameters, StringBuilder text)
    {
        for (var i = 0; i < parameters.Length; i++)
            text.Append(i > 0 ? ", " : "").Append(parameters[i].Ownership == Ownership.Borrowed ? "borrowed " : "").Append(Print(parameters[i].Type));
        return text;
    }

    private static StringBuilder Types(ImmutableArray<MirType> types, StringBuilder text)
    {
        text.Append('(');
        for (var i = 0; i < types.Length; i++) text.Append(i > 0 ? ", " : "").Append(Print(types[i]));
        return text.Append(')');
    }
}
