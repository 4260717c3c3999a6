using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// Makes ownership explicit: puts in every Dup and Drop, so that counts are exact and everything dies as early as possible.
/// </summary>
/// <remarks>
/// After A. Reinking, N. Xie, L. de Moura, D. Leijen, "Perceus: garbage free reference counting with reuse", PLDI 2021, on SSA
/// with block parameters. A use that consumes takes the value's own reference if it is the last one, else a Dup goes before it;
/// after a last use that only borrows goes a Drop; what dies on an edge is dropped on that edge.
/// <see cref="CountingPlan"/> decides for each projected value whether it gets a reference of its own right after the projection
/// (then its parent may die at once) or lives off its parent, whose life it extends. Linear but for the liveness sets.
/// </remarks>
public static class InsertCounts
{
    public static MirProgram Run(MirProgram program)
    {
        var tables = new MirTables(program);
        var functions = ImmutableArray.CreateBuilder<MirFunction>(program.Functions.Length);
        foreach (var function in program.Functions) functions.Add(Run(function, tables));
        return program with { Functions = functions.MoveToImmutable() };
    }

    public static MirFunction Run(MirFunction function, MirTables tables)
    {
        var flow = ControlFlow.Of(function);
        var plan = CountingPlan.Of(function, tables, flow);
        if (plan.TrackedCount == 0 && !plan.HasLent) return function;
        return new Inserter(function, tables, flow, plan, CountingLiveness.Of(function, tables, flow, plan)).Run();
    }

    private sealed class Inserter(MirFunction function, MirTables tables, ControlFlow flow, CountingPlan plan, CountingLiveness liveness)
    {
        private readonly OperandList _operands = new();
        private readonly BitRow _live = new(plan.TrackedCount);
        private readonly BitRow _target = new(plan.TrackedCount);
        private readonly List<Instruction>?[] _atStart = new List<Instruction>?[function.Blocks.Length];
        private readonly List<Block> _edgeBlocks = [];
        private readonly List<Instruction> _backwards = [];
        private readonly List<(ValueId Value, int Count)> _consumed = [];
        private readonly List<ValueId> _after = [];

        public MirFunction Run()
        {
            var bodies = new ImmutableArray<Instruction>[function.Blocks.Length];
            var terminators = new Terminator[function.Blocks.Length];
            for (var i = 0; i < function.Blocks.Length; i++)
            {
                var block = function.Blocks[i];
                (bodies[i], terminators[i]) = flow.IsReachable(i) ? Rewrite(block) : (block.Instructions, block.Terminator);
            }
            EntryDrops();
            var blocks = ImmutableArray.CreateBuilder<Block>(function.Blocks.Length + _edgeBlocks.Count);
            for (var i = 0; i < bodies.Length; i++)
            {
                var body = _atStart[i] is { } first ? [.. first, .. bodies[i]] : bodies[i];
                blocks.Add(function.Blocks[i] with { Instructions = body, Terminator = terminators[i] });
            }
            blocks.AddRange(_edgeBlocks);
            return function with { Blocks = blocks.MoveToImmutable() };
        }

        private (ImmutableArray<Instruction>, Terminator) Rewrite(Block block)
        {
            _backwards.Clear();
            var terminator = End(block);
            for (var i = block.Instructions.Length - 1; i >= 0; i--) Step(block.Instructions[i]);
            foreach (var parameter in block.Parameters)
                if (plan.TrackOf(parameter) is >= 0 and var track && !_live[track]) Emit(new Inst.Drop(parameter), default);
            foreach (var (_, owner) in block.Borrows)
            {
                if (plan.KeeperOf(owner) is not { } keeper || _live[plan.TrackOf(keeper)]) continue;
                Emit(new Inst.Drop(keeper), default);
                _live[plan.TrackOf(keeper)] = true;
            }
            _backwards.Reverse();
            return ([.. _backwards], terminator);
        }

        /// <summary>Everything is emitted in reverse here: what is to come after the instruction first.</summary>
        private void Step(Instruction instruction)
        {
            var (result, operation, location) = instruction;
            Operands.Collect(operation, tables, _operands);
            var forwards = result is { } forwarded && plan.Values[forwarded] == OwnershipKind.Owned;
            SumUp(forwards);
            if (result is { } r && plan.TrackOf(r) is >= 0 and var own)
            {
                var isOwned = plan.Values[r] == OwnershipKind.Owned;
                if (!_live[own] && isOwned) Emit(new Inst.Drop(r), location);
                // A last borrow of the operands ends after the result has got its own reference.
                LastBorrows(location);
                if (_live[own] && !isOwned) Emit(new Inst.Dup(r), location);
                _live[own] = false;
            }
            else LastBorrows(location);
            _backwards.Add(instruction);
            Duplicates(location);
            Use();
        }

        /// <summary>Sorts the operands into what is consumed, how often, and what is borrowed last here.</summary>
        private void SumUp(bool forwards)
        {
            _consumed.Clear();
            _after.Clear();
            foreach (var operand in _operands.Span)
                if (operand.Use == OperandUse.Consume || (operand.Use == OperandUse.Forward && forwards)) Consumes(operand.Value);
            foreach (var operand in _operands.Span)
            {
                if (operand.Use == OperandUse.Consume || (operand.Use == OperandUse.Forward && forwards)) continue;
                if (plan.KeeperOf(operand.Value) is { } keeper && !_live[plan.TrackOf(keeper)] && !_after.Contains(keeper)) _after.Add(keeper);
            }
        }

        private void Consumes(ValueId value)
        {
            if (plan.TrackOf(value) < 0 && !plan.IsLent(value)) return;
            for (var i = 0; i < _consumed.Count; i++)
            {
                if (_consumed[i].Value != value) continue;
                _consumed[i] = (value, _consumed[i].Count + 1);
                return;
            }
            _consumed.Add((value, 1));
        }

        private void LastBorrows(Location location)
        {
            foreach (var keeper in _after) Emit(new Inst.Drop(keeper), location);
        }

        /// <summary>The references that consuming uses need beyond the one there is.</summary>
        private void Duplicates(Location location)
        {
            foreach (var (value, count) in _consumed)
            {
                var track = plan.TrackOf(value);
                var stays = track < 0 || _live[track] || _after.Contains(value);
                for (var i = stays ? 0 : 1; i < count; i++) Emit(new Inst.Dup(value), location);
            }
        }

        private void Use()
        {
            foreach (var operand in _operands.Span)
                if (plan.KeeperOf(operand.Value) is { } keeper) _live[plan.TrackOf(keeper)] = true;
        }

        private Terminator End(Block block)
        {
            var (terminator, location) = (block.Terminator, block.TerminatorLocation);
            if (terminator is Terminator.Jump(var target))
            {
                _live.CopyFrom(liveness.Entry(target.Target.Index));
                Arguments(target);
                // What a borrowed parameter's argument lived off ends here; its owner goes on.
                foreach (var argument in target.Arguments)
                {
                    if (plan.KeeperOf(argument) is not { } keeper || _live[plan.TrackOf(keeper)] || IsConsumed(keeper) || _after.Contains(keeper)) continue;
                    Emit(new Inst.Drop(keeper), location);
                    _after.Add(keeper);
                }
                Duplicates(location);
                UseArguments(target);
                return terminator;
            }
            _live.Clear();
            var edges = new EdgeWalk(terminator);
            while (edges.Next(out var edge))
            {
                _live.Union(liveness.Entry(edge.Target.Index));
                UseArguments(edge);
            }
            Operands.Collect(terminator, _operands);
            SumUp(false);
            Duplicates(location);
            Use();
            return ReplaceEdges(terminator, location);
        }

        private Terminator ReplaceEdges(Terminator terminator, Location location) => terminator switch
        {
            Terminator.Branch(var condition, var then, var otherwise) => new Terminator.Branch(condition, OnEdge(then, location), OnEdge(otherwise, location)),
            Terminator.SwitchInt(var value, var cases, var otherwise) => new Terminator.SwitchInt(value, OnEdges(cases, location), otherwise is null ? null : OnEdge(otherwise, location)),
            Terminator.SwitchVariant(var o, var e, var cases, var otherwise) => new Terminator.SwitchVariant(o, e, OnEdges(cases, location), otherwise is null ? null : OnEdge(otherwise, location)),
            Terminator.Jump => terminator,
            Terminator.Return => terminator,
            Terminator.Panic => terminator,
            Terminator.Unreachable => terminator,
        };

        private ImmutableArray<(T, Edge)> OnEdges<T>(ImmutableArray<(T Value, Edge Target)> cases, Location location)
        {
            var replaced = ImmutableArray.CreateBuilder<(T, Edge)>(cases.Length);
            foreach (var (value, edge) in cases) replaced.Add((value, OnEdge(edge, location)));
            return replaced.MoveToImmutable();
        }

        /// <summary>What happens on one edge of several: references for its arguments, and an end for what the target does not need.</summary>
        private Edge OnEdge(Edge edge, Location location)
        {
            var code = new List<Instruction>();
            _target.CopyFrom(liveness.Entry(edge.Target.Index));
            Arguments(edge);
            foreach (var (value, count) in _consumed)
            {
                var track = plan.TrackOf(value);
                for (var i = track < 0 || _target[track] ? 0 : 1; i < count; i++) code.Add(new(null, new Inst.Dup(value), location));
            }
            var duplicates = code.Count;
            for (var track = _live.NextDifference(_target, 0); track >= 0; track = _live.NextDifference(_target, track + 1))
            {
                var value = plan.ValueOf(track);
                if (!IsConsumed(value)) code.Add(new(null, new Inst.Drop(value), location));
            }
            if (code.Count == 0) return edge;
            if (duplicates == 0 && flow.Predecessors(edge.Target.Index).Count == 1)
            {
                _atStart[edge.Target.Index] = code;
                return edge;
            }
            var id = new BlockId(function.Blocks.Length + _edgeBlocks.Count);
            _edgeBlocks.Add(new(id, [], [.. code], new Terminator.Jump(edge), location));
            return new(id, []);
        }

        private void Arguments(Edge edge)
        {
            _consumed.Clear();
            _after.Clear();
            var parameters = function.Blocks[edge.Target.Index].Parameters;
            for (var i = 0; i < parameters.Length; i++)
                if (plan.Values[parameters[i]] == OwnershipKind.Owned) Consumes(edge.Arguments[i]);
        }

        private void UseArguments(Edge edge)
        {
            foreach (var argument in edge.Arguments)
                if (plan.KeeperOf(argument) is { } keeper) _live[plan.TrackOf(keeper)] = true;
        }

        private bool IsConsumed(ValueId value)
        {
            foreach (var consumed in _consumed)
                if (consumed.Value == value) return true;
            return false;
        }

        private void EntryDrops()
        {
            var entry = liveness.Entry(0);
            List<Instruction>? drops = null;
            foreach (var (value, _) in function.Parameters)
                if (plan.TrackOf(value) is >= 0 and var track && !entry[track]) (drops ??= []).Add(new(null, new Inst.Drop(value), function.Location));
            if (drops is null) return;
            if (_atStart[0] is { } others) drops.AddRange(others);
            _atStart[0] = drops;
        }

        private void Emit(Inst inst, Location location) => _backwards.Add(new(null, inst, location));
    }
}
