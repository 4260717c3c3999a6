using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// An object that dies after its fields were read and dup'ed: when it is unique its fields are moved out and only the cell
/// goes; else the fields are dup'ed and the count falls. No count is touched on the unique way.
/// <code>
/// v2 = project v1, layout1.1           v2 = project v1, layout1.1
/// dup v2                               v9 = is_unique v1
/// drop v1                        =>    branch v9, b5, b6
/// rest                            b5:  free_cell v1, layout1 moved (v2); jump b7
///                                 b6:  dup v2; decrement v1; jump b7
///                                 b7:  rest
/// </code>
/// <see cref="Reuse"/> then makes tokens of the cells. From Perceus (see <see cref="InsertCounts"/>), drop specialisation.
/// </summary>
public static class SpecializeDrops
{
    public static MirProgram Run(MirProgram program) => EachFunction.Of(program, Run);

    public static MirFunction Run(MirFunction function, MirTables tables)
    {
        FunctionEditor? editor = null;
        PartDefinitions? definitions = null;
        for (var b = 0; b < function.Blocks.Length; b++)
        {
            var block = function.Blocks[b];
            var target = b;     // where the rest of the block is by now
            for (var i = 0; i < block.Instructions.Length; i++)
            {
                if (block.Instructions[i].Operation is not Inst.Drop(var o) || function.TypeOf(o) is not MirType.Reference) continue;
                var dups = MovedParts.Before(block, i, o, tables, definitions ??= new(function));
                if (dups.Count == 0 || definitions[dups[0].Value] is not Inst.Project(_, var layout, _)) continue;
                editor ??= new(function);
                target = Split(editor, target, block.Instructions[i], o, layout, dups, tables);
            }
        }
        return editor is null ? function : editor.Finish();
    }

    private static int Split(FunctionEditor editor, int from, Instruction drop, ValueId o, LayoutId layout, List<MovedPart> dups, MirTables tables)
    {
        var block = editor.Blocks[from];
        var place = block.Code.FindIndex(instruction => ReferenceEquals(instruction, drop));
        // A dup that an earlier split has left in another block stays; its field counts as not read.
        var here = dups.FindAll(d => block.Code.Exists(instruction => ReferenceEquals(instruction, d.Dup)));
        if (here.Count == 0) return from;
        var location = drop.Location;
        var rest = editor.NewBlock(block.End, block.EndLocation);
        editor.Blocks[rest.Index].Code.AddRange(block.Code[(place + 1)..]);
        var unique = editor.NewBlock(new Terminator.Jump(new(rest, [])), location);
        var shared = editor.NewBlock(new Terminator.Jump(new(rest, [])), location);
        var moved = ImmutableArray.CreateBuilder<ValueId>();
        foreach (var part in here)
        {
            moved.Add(part.Value);
            editor.Blocks[shared.Index].Code.Add(new(null, new Inst.Dup(part.Value), location));
        }
        editor.Blocks[shared.Index].Code.Add(new(null, new Inst.Decrement(o), location));
        Free(editor, editor.Blocks[unique.Index].Code, o, layout, here, moved, location, tables);
        block.Code.RemoveRange(place, block.Code.Count - place);
        block.Code.RemoveAll(instruction => here.Exists(d => ReferenceEquals(d.Dup, instruction)));
        var test = editor.NewValue(MirType.Boolean);
        block.Code.Add(new(test, new Inst.IsUnique(o), location));
        block.End = new Terminator.Branch(test, new(unique, []), new(shared, []));
        return rest.Index;
    }

    private static void Free(FunctionEditor editor, List<Instruction> code, ValueId o, LayoutId layout, List<MovedPart> parts, ImmutableArray<ValueId>.Builder moved, Location location, MirTables tables)
    {
        var fields = tables[layout].Fields;
        var dropped = new List<ValueId>();
        for (var field = 0; field < fields.Length; field++)
        {
            if (!tables.IsCounted(fields[field]) || parts.Exists(p => p.Field == field)) continue;
            var rest = editor.NewValue(fields[field]);
            code.Add(new(rest, new Inst.Project(o, layout, field), location));
            moved.Add(rest);
            dropped.Add(rest);
        }
        code.Add(new(null, new Inst.FreeCell(o, layout) { Moved = moved.ToImmutable() }, location));
        foreach (var rest in dropped) code.Add(new(null, new Inst.Drop(rest), location));
    }

    /// <summary>The layout that the block reads the object with; a cell's tag is known where its fields are read.</summary>
    internal static LayoutId? LayoutOf(Block block, int before, ValueId o)
    {
        for (var i = before - 1; i >= 0; i--)
            if (block.Instructions[i].Operation is Inst.Project(var from, var layout, _) && from == o) return layout;
        return null;
    }
}
