using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// Tail recursion modulo constructor, after counts. A function that puts the result of its own call into a new object and
/// returns that, <c>Cons(f(x), map(rest, f))</c>, gets a sibling that is told where its result belongs and runs as a loop:
/// <code>
/// v6 = call @map(v4, v1)                 v7 = alloc layout1(v5, null)
/// v7 = alloc layout1(v5, v6)       =>    call @map.into(v4, v1, v7)
/// return v7                              return v7
/// </code>
/// and in <c>map.into</c>, whose last parameter holds the hole, the same place stores the new cell into the hole and goes round.
/// So the stack does not grow with the list. A panic on the way drops what is built so far; the hole is null then.
/// </summary>
/// <remarks>
/// All such places of a function must leave the same field open. D. Leijen, A. Lorenzen, "Tail recursion modulo context",
/// POPL 2023, for constructors only. Borrowed parameters must be passed on as they are or as a part of themselves.
/// </remarks>
public static class ConstructorTails
{
    public static MirProgram Run(MirProgram program)
    {
        var tables = new MirTables(program);
        var table = new FunctionTable(program);
        foreach (var function in program.Functions)
        {
            if (function.IsClosureCode || function.Result is not MirType.Reference) continue;
            var tails = Find(function, tables);
            if (tails.Count > 0) Transform(function, tails, tables, table);
        }
        return table.Snapshot();
    }

    /// <summary>A call whose result goes into the hole of the first of a chain of allocations, the last of which is returned.</summary>
    /// <param name="Path">From the returned object inwards to the one with the hole: layout and field at each step.</param>
    private sealed record Tail(int Block, int Place, ValueId Returned, ImmutableArray<(LayoutId Layout, int Field)> Path);

    private static List<Tail> Find(MirFunction function, MirTables tables)
    {
        var tails = new List<Tail>();
        foreach (var block in function.Blocks)
        {
            if (ReturnedBy(function, block) is not { } returned) continue;
            var path = new List<(LayoutId, int)>();
            var wanted = returned;
            for (var i = block.Instructions.Length - 1; i >= 0; i--)
            {
                var (result, operation, _) = block.Instructions[i];
                if (result != wanted) break;
                if (operation is Inst.Call(var callee, _) && callee == function.Id)
                {
                    if (path.Count > 0) tails.Add(new(block.Id.Index, i, returned, [.. path]));
                    break;
                }
                var (layout, fields) = operation switch
                {
                    Inst.Alloc(var made, var content) => (made, content),
                    Inst.AllocReuse(_, var made, var content) => (made, content),
                    _ => (default, default),
                };
                if (fields.IsDefault || i == 0 || block.Instructions[i - 1].Result is not { } before) break;
                var field = fields.IndexOf(before);
                if (field < 0 || fields.LastIndexOf(before) != field || tables[layout].Fields[field] != function.Result) break;
                path.Add((layout, field));
                wanted = before;
            }
        }
        if (tails.Count == 0) return tails;
        var hole = tails[0].Path[^1];
        return tails.TrueForAll(t => t.Path[^1] == hole) ? tails : [];
    }

    /// <summary>What a block returns, if only through a jump to a block that does nothing else.</summary>
    private static ValueId? ReturnedBy(MirFunction function, Block block)
    {
        if (block.Terminator is Terminator.Return(var value)) return value;
        if (block.Terminator is not Terminator.Jump(var edge) || function.Blocks[edge.Target.Index] is not { Instructions.Length: 0, Borrows.Length: 0, Terminator: Terminator.Return(var last) } target) return null;
        return target.Parameters is [var only] && only == last ? edge.Arguments[0] : null;
    }

    private static void Transform(MirFunction function, List<Tail> tails, MirTables tables, FunctionTable table)
    {
        if (Lent(function, tails, tables) is not { } lent) return;
        var into = table.Add(id => MakeInto(function, id, tails, lent, tables));
        var editor = new FunctionEditor(function);
        foreach (var tail in tails)
        {
            var block = editor.Blocks[tail.Block];
            var call = (Inst.Call)block.Code[tail.Place].Operation;
            var location = block.Code[tail.Place].Location;
            var holder = OpenHole(editor, block, tail, tables);
            block.Code.Add(new(null, new Inst.Call(into, call.Arguments.Add(holder)), location));
        }
        table.Replace(editor.Finish());
    }

    /// <summary>By parameter: whether the sibling's loop needs it as a variable. Null when a borrowed one is given something else.</summary>
    private static bool[]? Lent(MirFunction function, List<Tail> tails, MirTables tables)
    {
        var values = ValueOwnership.Of(function, tables, ControlFlow.Of(function));
        var varies = new bool[function.Parameters.Length];
        for (var i = 0; i < varies.Length; i++)
        {
            var parameter = function.Parameters[i].Value;
            varies[i] = values[parameter] != OwnershipKind.Lent;
            if (varies[i]) continue;
            foreach (var tail in tails)
            {
                var argument = ((Inst.Call)function.Blocks[tail.Block].Instructions[tail.Place].Operation).Arguments[i];
                if (argument == parameter) continue;
                varies[i] = true;
                ValueId? at = argument;
                while (at is { } one && one != parameter) at = values.OwnerOf(one);
                if (at is null && values[argument] != OwnershipKind.Immortal) return null;
            }
        }
        return varies;
    }

    /// <summary>Takes the call out and leaves null where its result belonged; the value that has the hole.</summary>
    private static ValueId OpenHole(FunctionEditor editor, EditedBlock block, Tail tail, MirTables tables)
    {
        var (layout, field) = tail.Path[^1];
        var hole = editor.NewValue(tables[layout].Fields[field]);
        block.Code[tail.Place] = new(hole, new Inst.Null(), block.Code[tail.Place].Location);
        var made = block.Code[tail.Place + 1];
        var open = made.Operation switch
        {
            Inst.Alloc(var l, var fields) => (Inst)new Inst.Alloc(l, fields.SetItem(field, hole)),
            Inst.AllocReuse(var token, var l, var fields) => new Inst.AllocReuse(token, l, fields.SetItem(field, hole)),
            _ => throw new InvalidOperationException("a tail is an allocation"),
        };
        block.Code[tail.Place + 1] = made with { Operation = open };
        return made.Result!.Value;
    }

    private static MirFunction MakeInto(MirFunction function, FunctionId id, List<Tail> tails, bool[] varies, MirTables tables)
    {
        var (layout, field) = tails[0].Path[^1];
        function = Scoped.Of(function);
        var editor = new FunctionEditor(function);
        var holder = editor.NewValue(function.Result);   // of the loop
        var given = editor.NewValue(function.Result);    // of the function
        var parameters = ImmutableArray.CreateBuilder<MirParameter>();
        var arguments = ImmutableArray.CreateBuilder<ValueId>();
        var borrows = ImmutableArray.CreateBuilder<BorrowedBlockParameter>();
        var variables = new List<ValueId>();
        for (var i = 0; i < varies.Length; i++)
        {
            var parameter = function.Parameters[i];
            if (!varies[i]) { parameters.Add(parameter); continue; }
            var first = editor.NewValue(function.TypeOf(parameter.Value));
            parameters.Add(parameter with { Value = first });
            arguments.Add(first);
            variables.Add(parameter.Value);
            if (parameter.Ownership == Ownership.Borrowed && tables.IsCounted(function.TypeOf(parameter.Value))) borrows.Add(new(parameter.Value, first));
        }
        parameters.Add(new(given, Ownership.Borrowed));
        arguments.Add(given);
        variables.Add(holder);
        borrows.Add(new(holder, given));
        var head = MoveEntry(editor);
        foreach (var tail in tails) GoRound(editor, tail, head, varies, holder, tables);
        foreach (var index in Enumerable.Range(0, editor.Blocks.Count))
        {
            var block = editor.Blocks[index];
            if (block.End is not Terminator.Return(var value)) continue;
            var unit = editor.NewValue(MirType.Nothing);
            block.Code.Add(new(null, new Inst.StoreField(holder, layout, field, value), block.EndLocation));
            block.Code.Add(new(unit, new Inst.UnitConst(), block.EndLocation));
            block.End = new Terminator.Return(unit);
        }
        editor.Blocks[head.Index].Parameters.AddRange(variables);
        editor.Blocks[head.Index].Borrows = borrows.ToImmutable();
        editor.Blocks[0].End = new Terminator.Jump(new(head, arguments.ToImmutable()));
        return editor.Finish() with { Id = id, Name = function.Name + ".into", Parameters = parameters.ToImmutable(), Result = MirType.Nothing };
    }

    /// <summary>The entry's code becomes the head of a loop; the entry only leads to it.</summary>
    private static BlockId MoveEntry(FunctionEditor editor)
    {
        var entry = editor.Blocks[0];
        var head = editor.NewBlock(entry.End, entry.EndLocation);
        editor.Blocks[head.Index].Code.AddRange(entry.Code);
        entry.Code.Clear();
        return head;
    }

    private static void GoRound(FunctionEditor editor, Tail tail, BlockId head, bool[] varies, ValueId holder, MirTables tables)
    {
        // A tail in the entry has moved with it.
        var block = editor.Blocks[tail.Block == 0 ? head.Index : tail.Block];
        var call = (Inst.Call)block.Code[tail.Place].Operation;
        var location = block.Code[tail.Place].Location;
        OpenHole(editor, block, tail, tables);
        var (layout, field) = tail.Path[^1];
        block.Code.Add(new(null, new Inst.StoreField(holder, layout, field, tail.Returned), location));
        // The new cell belongs to the old one now; it is found again through it.
        var next = editor.NewValue(tables[layout].Fields[field]);
        block.Code.Add(new(next, new Inst.Project(holder, layout, field), location));
        for (var i = 0; i < tail.Path.Length - 1; i++)
        {
            var inner = editor.NewValue(tables[tail.Path[i].Layout].Fields[tail.Path[i].Field]);
            block.Code.Add(new(inner, new Inst.Project(next, tail.Path[i].Layout, tail.Path[i].Field), location));
            next = inner;
        }
        var arguments = ImmutableArray.CreateBuilder<ValueId>();
        for (var i = 0; i < varies.Length; i++) if (varies[i]) arguments.Add(call.Arguments[i]);
        arguments.Add(next);
        block.End = new Terminator.Jump(new(head, arguments.ToImmutable()));
    }
}
