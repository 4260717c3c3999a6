using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// An aggregate that dies after its parts were extracted and dup'ed is taken apart instead, which costs nothing:
/// <code>
/// v2: ref = extract v1.1      v2: ref = extract v1.1
/// dup v2                =>    unpack v1 moved (v2)
/// drop v1
/// </code>
/// Counted parts that nobody extracted are extracted and dropped. One walk over each block.
/// </summary>
public static class UnpackAggregates
{
    public static MirProgram Run(MirProgram program) => EachFunction.Of(program, Run);

    public static MirFunction Run(MirFunction function, MirTables tables)
    {
        FunctionEditor? editor = null;
        PartDefinitions? definitions = null;
        for (var b = 0; b < function.Blocks.Length; b++)
        {
            var code = function.Blocks[b].Instructions;
            for (var i = 0; i < code.Length; i++)
            {
                if (code[i].Operation is not Inst.Drop(var aggregate) || function.TypeOf(aggregate) is not MirType.Aggregate) continue;
                var dups = MovedParts.Before(function.Blocks[b], i, aggregate, tables, definitions ??= new(function));
                if (dups.Count == 0) continue;
                editor ??= new(function);
                Rewrite(editor, b, code[i], aggregate, dups, tables);
            }
        }
        return editor is null ? function : editor.Finish();
    }

    private static void Rewrite(FunctionEditor editor, int block, Instruction drop, ValueId aggregate, List<MovedPart> dups, MirTables tables)
    {
        // The list is copied with the dups left out; earlier rewrites have moved places, so instructions are found by identity.
        var fields = tables[((MirType.Aggregate)editor.Types[aggregate.Index]).Id].Fields;
        var (moved, dropped) = (ImmutableArray.CreateBuilder<ValueId>(), new List<ValueId>());
        var fresh = new List<Instruction>();
        foreach (var part in dups) moved.Add(part.Value);
        for (var field = 0; field < fields.Length; field++)
        {
            if (!tables.IsCounted(fields[field]) || dups.Exists(d => d.Field == field)) continue;
            // An absent payload is null whatever its type says.
            var type = fields[field] is MirType.Reference(var immediate, _) ? new MirType.Reference(immediate, true) : fields[field];
            var rest = editor.NewValue(type);
            fresh.Add(new(rest, new Inst.Extract(aggregate, field), drop.Location));
            moved.Add(rest);
            dropped.Add(rest);
        }
        var code = new List<Instruction>();
        foreach (var instruction in editor.Blocks[block].Code)
        {
            if (dups.Exists(d => ReferenceEquals(d.Dup, instruction))) continue;
            if (!ReferenceEquals(instruction, drop)) { code.Add(instruction); continue; }
            code.AddRange(fresh);
            code.Add(new(null, new Inst.Unpack(aggregate, moved.ToImmutable()), drop.Location));
            foreach (var rest in dropped) code.Add(new(null, new Inst.Drop(rest), drop.Location));
        }
        editor.Blocks[block].Code = code;
    }
}

/// <summary>A part that got a reference of its own while its whole was still there.</summary>
internal readonly record struct MovedPart(ValueId Value, int Field, Instruction Dup);

internal static class MovedParts
{
    /// <summary>
    /// The parts of a value, one per field at most, that the block dup'ed before it drops the value at a place, and that nothing
    /// has consumed in between: without the Dup they would have lived off the whole until there.
    /// </summary>
    /// <param name="definitions">By value; for the parts that were read in blocks before.</param>
    public static List<MovedPart> Before(Block block, int drop, ValueId whole, MirTables tables, PartDefinitions definitions)
    {
        var parts = new List<MovedPart>();
        if (!definitions.HasParts(whole)) return parts;
        var consumed = new HashSet<ValueId>();
        var operands = new OperandList();
        for (var i = drop - 1; i >= 0; i--)
        {
            var instruction = block.Instructions[i];
            if (instruction.Operation is Inst.Dup(var value))
            {
                var field = definitions[value] switch
                {
                    Inst.Extract(var from, var index) when from == whole => index,
                    Inst.Project(var from, _, var index) when from == whole => index,
                    _ => -1,
                };
                if (field >= 0 && !consumed.Contains(value) && !parts.Exists(p => p.Field == field)) parts.Add(new(value, field, instruction));
                continue;
            }
            Operands.Collect(instruction.Operation, tables, operands);
            foreach (var operand in operands.Span)
                if (operand.Use is OperandUse.Consume or OperandUse.Forward or OperandUse.Receive) consumed.Add(operand.Value);
            // What changes the whole in place changes what its parts are.
            if (UseSummary.Mutated(instruction.Operation) == whole) break;
        }
        parts.Reverse();
        return parts;
    }
}

/// <summary>What each value of a function is computed by, and which ones have parts that got references of their own.</summary>
internal sealed class PartDefinitions
{
    private readonly Inst?[] _definitions;
    private readonly bool[] _hasParts;

    public PartDefinitions(MirFunction function)
    {
        (_definitions, _hasParts) = (new Inst?[function.ValueTypes.Length], new bool[function.ValueTypes.Length]);
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Result is { } result) _definitions[result.Index] = instruction.Operation;
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Operation is Inst.Dup(var value) && WholeOf(value) is { } whole) _hasParts[whole.Index] = true;
    }

    /// <summary>Null for parameters.</summary>
    public Inst? this[ValueId value] => _definitions[value.Index];

    public bool HasParts(ValueId whole) => _hasParts[whole.Index];

    private ValueId? WholeOf(ValueId part) => _definitions[part.Index] switch
    {
        Inst.Extract(var from, _) => from,
        Inst.Project(var from, _, _) => from,
        _ => null,
    };
}
