using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// Gives the memory of a dying object to a later allocation of the same size in the function, so that a match that builds what
/// it takes apart allocates nothing when the old object is unique. The token flows forward along all paths on which it is
/// there; the first fitting allocation takes it, and it is freed on edges to paths that have none.
/// </summary>
/// <remarks>
/// Candidates are the cells that <see cref="SpecializeDrops"/> frees (the token becomes a parameter of the block where the
/// two ways meet) and plain drops of objects whose layout is known (Drop becomes DropReuse).
/// From Perceus (see <see cref="InsertCounts"/>), reuse analysis; a token does not go round a loop.
/// </remarks>
public static class Reuse
{
    public static MirProgram Run(MirProgram program) => EachFunction.Of(program, Run);

    public static MirFunction Run(MirFunction function, MirTables tables)
    {
        if (!Allocates(function)) return function;
        return new Pass(function, tables).Run();
    }

    private static bool Allocates(MirFunction function)
    {
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Operation is Inst.Alloc) return true;
        return false;
    }

    private sealed class Pass(MirFunction function, MirTables tables)
    {
        private readonly ControlFlow _flow = ControlFlow.Of(function);
        private readonly FunctionEditor _editor = new(function);
        private readonly List<(int Block, int Edge, ValueId Token, Location Location)> _freed = [];
        private bool _changed;

        public MirFunction Run()
        {
            // From the end to the start, so that a token goes to the allocation next to it before one from farther away can.
            for (var i = _flow.Order.Length - 1; i >= 0; i--) Candidates(function.Blocks[_flow.Order[i]]);
            foreach (var index in _flow.Order) AtJoin(index);
            if (!_changed) return function;
            foreach (var (block, edge, token, location) in _freed) _editor.OnEdge(block, edge, [new(null, new Inst.FreeToken(token), location)], _flow);
            return _editor.Finish();
        }

        private void Candidates(Block block)
        {
            for (var i = block.Instructions.Length - 1; i >= 0; i--)
            {
                switch (block.Instructions[i].Operation)
                {
                    case Inst.FreeCell(_, var layout): FromCell(block, block.Instructions[i], layout); break;
                    case Inst.Drop(var o) when function.TypeOf(o) is MirType.Reference && KnownLayout(block, i, o) is { } known: FromDrop(block, block.Instructions[i], o, known); break;
                }
            }
        }

        private void FromCell(Block block, Instruction free, LayoutId layout)
        {
            if (block.Terminator is not Terminator.Jump(var join) || tables.SizeOf(layout) is not { } size) return;
            var predecessors = _flow.Predecessors(join.Target.Index);
            if (predecessors.Count != 2) return;
            var other = predecessors[0] == block.Id.Index ? predecessors[1] : predecessors[0];
            if (_editor.Blocks[other].End is not Terminator.Jump) return;
            var paths = Follow(join.Target.Index, 0, size);
            if (paths is null) return;
            var token = _editor.NewValue(MirType.Reuse);
            var (taken, none) = (_editor.NewValue(MirType.Reuse), _editor.NewValue(MirType.Reuse));
            var (cell, from) = ((Inst.FreeCell)free.Operation, _editor.Blocks[block.Id.Index]);
            Replace(from, free, new(taken, new Inst.TakeCell(cell.Object, layout) { Moved = cell.Moved }, free.Location));
            AddArgument(from, taken);
            _editor.Blocks[other].Code.Add(new(none, new Inst.Null(), free.Location));
            AddArgument(_editor.Blocks[other], none);
            _editor.Blocks[join.Target.Index].Parameters.Add(token);
            Commit(paths, token);

            static void AddArgument(EditedBlock source, ValueId argument) =>
                source.End = Rename.Edges(source.End, edge => edge with { Arguments = edge.Arguments.Add(argument) });
        }

        private void FromDrop(Block block, Instruction drop, ValueId o, LayoutId layout)
        {
            if (tables.SizeOf(layout) is not { } size) return;
            var place = _editor.Blocks[block.Id.Index].Code.FindIndex(instruction => ReferenceEquals(instruction, drop));
            var paths = Follow(block.Id.Index, place + 1, size);
            if (paths is null) return;
            var token = _editor.NewValue(MirType.Reuse);
            Replace(_editor.Blocks[block.Id.Index], drop, new(token, new Inst.DropReuse(o, layout), drop.Location));
            Commit(paths, token);
        }

        /// <summary>
        /// Arms of a match often meet before they allocate. Where a block still allocates, and some of the ways to it free a cell
        /// of that size, a token comes in as a parameter: the cell on those ways, null on the others.
        /// </summary>
        private void AtJoin(int join)
        {
            if (_flow.Predecessors(join).Count < 2) return;
            for (var tokens = 0; tokens < 3; tokens++)
            {
                if (NextAllocation(join) is not { } size || !CanSupply(join, size, 0) || Follow(join, 0, size) is not { } paths) return;
                Commit(paths, Receive(join, size, 0));
            }
        }

        private int? NextAllocation(int block)
        {
            foreach (var instruction in _editor.Blocks[block].Code)
                if (instruction.Operation is Inst.Alloc(var layout, _) && tables.SizeOf(layout) is { } size) return size;
            return null;
        }

        /// <summary>All ways to the block are jumps that can pass a token, and one of them has a cell to give.</summary>
        private bool CanSupply(int block, int size, int depth)
        {
            var any = false;
            foreach (var predecessor in _flow.Predecessors(block))
            {
                if (_editor.Blocks[predecessor].End is not Terminator.Jump) return false;
                any |= FreedIn(predecessor, size) is not null || (depth < 3 && PassesOn(block, predecessor) && CanSupply(predecessor, size, depth + 1));
            }
            return any;
        }

        /// <summary>Comes before the block on every path, so a token that it receives cannot go round a loop unused.</summary>
        private bool PassesOn(int block, int predecessor) => _flow.PlaceOf(predecessor) < _flow.PlaceOf(block) && _flow.Predecessors(predecessor).Count > 1;

        private Instruction? FreedIn(int block, int size)
        {
            foreach (var instruction in _editor.Blocks[block].Code)
                if (instruction.Operation is Inst.FreeCell(_, var layout) && tables.SizeOf(layout) == size) return instruction;
            return null;
        }

        /// <summary>Makes the parameter, and the arguments of all who jump there.</summary>
        private ValueId Receive(int block, int size, int depth)
        {
            var token = _editor.NewValue(MirType.Reuse);
            foreach (var predecessor in _flow.Predecessors(block))
            {
                var source = _editor.Blocks[predecessor];
                ValueId given;
                if (FreedIn(predecessor, size) is { } free)
                {
                    var cell = (Inst.FreeCell)free.Operation;
                    given = _editor.NewValue(MirType.Reuse);
                    Replace(source, free, new(given, new Inst.TakeCell(cell.Object, cell.Layout) { Moved = cell.Moved }, free.Location));
                }
                else if (depth < 3 && PassesOn(block, predecessor) && CanSupply(predecessor, size, depth + 1)) given = Receive(predecessor, size, depth + 1);
                else
                {
                    given = _editor.NewValue(MirType.Reuse);
                    source.Code.Add(new(given, new Inst.Null(), source.EndLocation));
                }
                source.End = Rename.Edges(source.End, edge => edge with { Arguments = edge.Arguments.Add(given) });
            }
            _editor.Blocks[block].Parameters.Add(token);
            return token;
        }

        /// <summary>Where a token from a place would go; null when no allocation on any path can use it.</summary>
        private Paths? Follow(int start, int place, int size)
        {
            var paths = new Paths();
            var carries = new Dictionary<int, Instruction?>();     // block: the allocation that takes the token there, or null
            var region = new List<int>();
            for (var i = _flow.PlaceOf(start); i < _flow.Order.Length; i++)
            {
                var block = _flow.Order[i];
                if (block != start && !ArrivesOnAllPaths(block)) continue;
                region.Add(block);
                carries[block] = FirstFit(block, block == start ? place : 0, size);
                if (region.Count > 64) break;
            }
            // Backwards: on which of these paths is there an allocation at all?
            var useful = new HashSet<int>();
            for (var i = region.Count - 1; i >= 0; i--)
            {
                var block = region[i];
                if (carries[block] is not null) { useful.Add(block); continue; }
                var edges = new EdgeWalk(_editor.Blocks[block].End);
                while (edges.Next(out var edge))
                    if (edge.Target.Index != start && carries.ContainsKey(edge.Target.Index) && useful.Contains(edge.Target.Index)) useful.Add(block);
            }
            if (!useful.Contains(start)) return null;
            foreach (var block in region)
            {
                if (!useful.Contains(block)) continue;
                if (carries[block] is { } allocation) { paths.Uses.Add((block, allocation)); continue; }
                var edges = new EdgeWalk(_editor.Blocks[block].End);
                for (var e = 0; edges.Next(out var edge); e++)
                    if (edge.Target.Index == start || !useful.Contains(edge.Target.Index)) paths.Ends.Add((block, e));
            }
            return paths;

            bool ArrivesOnAllPaths(int block)
            {
                var predecessors = _flow.Predecessors(block);
                foreach (var predecessor in predecessors)
                    if (!carries.TryGetValue(predecessor, out var taken) || taken is not null) return false;
                return predecessors.Count > 0;
            }
        }

        private Instruction? FirstFit(int block, int place, int size)
        {
            var code = _editor.Blocks[block].Code;
            for (var i = place; i < code.Count; i++)
                if (code[i].Operation is Inst.Alloc(var layout, _) && tables.SizeOf(layout) == size) return code[i];
            return null;
        }

        private void Commit(Paths paths, ValueId token)
        {
            _changed = true;
            foreach (var (block, allocation) in paths.Uses)
            {
                var (layout, fields) = (Inst.Alloc)allocation.Operation;
                Replace(_editor.Blocks[block], allocation, allocation with { Operation = new Inst.AllocReuse(token, layout, fields) });
            }
            foreach (var (block, edge) in paths.Ends) _freed.Add((block, edge, token, _editor.Blocks[block].EndLocation));
        }

        private static void Replace(EditedBlock block, Instruction old, Instruction fresh)
        {
            var place = block.Code.FindIndex(instruction => ReferenceEquals(instruction, old));
            block.Code[place] = fresh;
        }

        /// <summary>From a read in the same block, or from the case of the switch that leads here.</summary>
        private LayoutId? KnownLayout(Block block, int place, ValueId o)
        {
            if (SpecializeDrops.LayoutOf(block, place, o) is { } layout) return tables[layout].Kind == LayoutKind.Fields ? layout : null;
            var at = block.Id.Index;
            for (var steps = 0; steps < 8 && _flow.Predecessors(at) is [var predecessor]; steps++)
            {
                if (function.Blocks[predecessor].Terminator is Terminator.SwitchVariant(var tested, var id, var cases, _) && tested == o)
                {
                    foreach (var (variant, edge) in cases)
                        if (edge.Target.Index == at) return tables[id].Variants[variant];
                    return null;
                }
                at = predecessor;
            }
            return null;
        }
    }

    private sealed class Paths
    {
        public List<(int Block, Instruction Allocation)> Uses { get; } = [];
        public List<(int Block, int Edge)> Ends { get; } = [];
    }
}
