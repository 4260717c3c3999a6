using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// Checks MIR after every pass in tests and debug builds. What holds when it finds nothing:
/// <list type="number">
/// <item>Blocks and functions stand at their ids; the entry block has no parameters and no edge leads to it.</item>
/// <item>Each value is defined once, and its definition dominates every use (in blocks that can be reached).</item>
/// <item>Edges give as many arguments as the target has parameters, of their types; no block ends without a terminator.</item>
/// <item>Operands and results have the types that the instruction, layout, aggregate or signature asks for. A reference may
/// stand where one that may also be an immediate or null is wanted; the other way needs a Reinterpret.</item>
/// <item>Layouts fit: fields exist, cells are plain objects, a token is only used for an object of its size.</item>
/// <item>A borrowed block parameter's owner dominates the block, and every argument is that owner or borrowed from it.</item>
/// <item>Before InsertCounts: there is no instruction that counts.</item>
/// <item>After InsertCounts, on every path: each owned value is consumed exactly once per reference (Dup adds one), nothing
/// is owned at the end, joins agree on what is owned, and whatever is looked at is alive: it has a reference, or what it was
/// borrowed from has, or it is constant or lent by the caller.</item>
/// <item>What was moved out leaves nothing behind: Moved lists name one projection for each counted field, and a place that
/// Take or VectorTake emptied is filled or cut off in the same block before anything can panic.</item>
/// </list>
/// </summary>
public static class Verify
{
    /// <summary>Everything wrong with the program, a line each; empty is good.</summary>
    /// <param name="counted">Whether InsertCounts has run.</param>
    public static ImmutableArray<string> Program(MirProgram program, bool counted)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < program.Layouts.Length; i++) if (program.Layouts[i].Id.Index != i) errors.Add($"layout{i} does not stand at its id");
        for (var i = 0; i < program.Aggregates.Length; i++) if (program.Aggregates[i].Id.Index != i) errors.Add($"agg{i} does not stand at its id");
        for (var i = 0; i < program.Enums.Length; i++) if (program.Enums[i].Id.Index != i) errors.Add($"enum{i} does not stand at its id");
        for (var i = 0; i < program.Signatures.Length; i++) if (program.Signatures[i].Id.Index != i) errors.Add($"function @{i} does not stand at its id");
        if (errors.Count > 0) return errors.ToImmutable();
        var tables = new MirTables(program);
        foreach (var function in program.Functions) errors.AddRange(Function(function, tables, counted));
        return errors.ToImmutable();
    }

    /// <summary>As <see cref="Program"/> for one function.</summary>
    public static ImmutableArray<string> Function(MirFunction function, MirTables tables, bool counted)
    {
        var report = new VerifyReport(function);
        Shape.Check(function, tables, report);
        // The later checks index by what the earlier ones have made sure of.
        if (report.IsClean) Types.Check(function, tables, report);
        if (report.IsClean && counted) Counts.Check(function, tables, report);
        if (report.IsClean && !counted) Counts.CheckNone(function, report);
        return report.Errors;
    }

    /// <summary>Throws when something is wrong: a mistake of ours, never of the program that is compiled.</summary>
    public static void OrThrow(MirProgram program, bool counted, string after)
    {
        var errors = Program(program, counted);
        if (errors.Length > 0) throw new InvalidOperationException($"MIR is broken after {after}:\n{string.Join('\n', errors)}");
    }

    private static class Shape
    {
        public static void Check(MirFunction function, MirTables tables, VerifyReport report) => new VerifyShape(function, tables, report).Run();
    }

    private static class Types
    {
        public static void Check(MirFunction function, MirTables tables, VerifyReport report) => new VerifyTypes(function, tables, report).Run();
    }

    private static class Counts
    {
        public static void Check(MirFunction function, MirTables tables, VerifyReport report) => new VerifyCounts(function, tables, report).Run();

        public static void CheckNone(MirFunction function, VerifyReport report)
        {
            foreach (var block in function.Blocks)
                foreach (var instruction in block.Instructions)
                    if (VerifyCounts.IsCounting(instruction.Operation)) report.Add(block.Id, instruction.Operation, "counts before InsertCounts");
        }
    }
}

/// <summary>Collects what is wrong with one function.</summary>
internal sealed class VerifyReport(MirFunction function)
{
    private readonly ImmutableArray<string>.Builder _errors = ImmutableArray.CreateBuilder<string>();

    public bool IsClean => _errors.Count == 0;
    public ImmutableArray<string> Errors => _errors.ToImmutable();

    public void Add(BlockId block, object? where, string message)
    {
        if (_errors.Count >= 20) return;
        var text = where switch
        {
            Inst inst => $" `{FunctionPrinter.Operation(inst)}`",
            Terminator terminator => $" `{FunctionPrinter.Terminate(terminator)}`",
            Instruction(var result, var inst, _) => result is { } value ? $" `{value} = {FunctionPrinter.Operation(inst)}`" : $" `{FunctionPrinter.Operation(inst)}`",
            Edge edge => $" edge to {FunctionPrinter.To(edge)}",
            _ => "",
        };
        _errors.Add($"{function.Name} {block}{text}: {message}");
    }
}
