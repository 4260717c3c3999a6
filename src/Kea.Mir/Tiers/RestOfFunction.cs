using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// A function that begins at the header of a loop of another one. Its blocks are those that can be reached from there. A value
/// that was alive in the header and is computed again later (in an outer loop) has two definitions now, so every block that
/// needs it gets it as a parameter.
/// </summary>
internal sealed class RestOfFunction(MirFunction function, MirTables tables, LoopRest rest)
{
    private readonly ControlFlow _flow = ControlFlow.Of(function);
    private readonly List<MirType> _types = [.. function.ValueTypes];
    private readonly Dictionary<(int Block, int Value), ValueId> _versions = [];
    private readonly List<ValueId> _twice = [];

    public MirFunction Make()
    {
        var values = new ValueLiveness(function, tables, _flow);
        var (order, places) = Reachable();
        var parameters = ImmutableArray.CreateBuilder<MirParameter>(rest.Alive.Length);
        var entry = ImmutableArray.CreateBuilder<Instruction>();
        var arguments = new List<ValueId>();
        var header = function.Blocks[rest.Header];
        var given = new Dictionary<ValueId, ValueId>();
        for (var i = 0; i < rest.Alive.Length; i++)
        {
            var value = rest.Alive[i];
            var isOwn = i < header.Parameters.Length;
            var isTwice = !isOwn && IsComputedAgain(value, values, places);
            var passed = isOwn || isTwice ? NewValue(function.TypeOf(value)) : value;
            parameters.Add(new(passed, Ownership.Owned));
            if (isOwn) arguments.Add(passed);
            else if (isTwice) given.Add(value, passed);
        }
        foreach (var value in values.AtEntry(rest.Header))
        {
            if (values.ConstantOf(value) is not { } constant) continue;
            var isTwice = IsComputedAgain(value, values, places);
            var made = isTwice ? NewValue(function.TypeOf(value)) : value;
            entry.Add(new(made, constant, header.TerminatorLocation));
            if (isTwice) given.Add(value, made);
        }
        _twice.AddRange(given.Keys.OrderBy(value => value.Index));
        foreach (var block in order)
            foreach (var value in _twice)
                if (values.IsAlive(value, block)) _versions.Add((block, value.Index), NewValue(function.TypeOf(value)));
        foreach (var value in _twice) arguments.Add(given[value]);

        var blocks = ImmutableArray.CreateBuilder<Block>(order.Count + 1);
        blocks.Add(new(new(0), [], entry.ToImmutable(), new Terminator.Jump(new(new(places[rest.Header]), [.. arguments])), header.TerminatorLocation));
        foreach (var index in order) blocks.Add(Copy(index, places));
        return function with { Parameters = parameters.MoveToImmutable(), Blocks = blocks.MoveToImmutable(), ValueTypes = [.. _types], IsClosureCode = false };
    }

    private static bool IsComputedAgain(ValueId value, ValueLiveness values, Dictionary<int, int> places) => places.ContainsKey(values.HomeOf(value));

    private Block Copy(int index, Dictionary<int, int> places)
    {
        var block = function.Blocks[index];
        var parameters = block.Parameters.ToBuilder();
        foreach (var value in _twice)
            if (_versions.TryGetValue((index, value.Index), out var version)) parameters.Add(version);
        var code = ImmutableArray.CreateBuilder<Instruction>(block.Instructions.Length);
        foreach (var instruction in block.Instructions) code.Add(instruction with { Operation = Rename.Values(instruction.Operation, Here) });
        var end = Rename.Edges(Rename.Values(block.Terminator, Here), edge =>
        {
            var arguments = Rename.Values(edge.Arguments, Here).ToBuilder();
            foreach (var value in _twice)
                if (_versions.ContainsKey((edge.Target.Index, value.Index))) arguments.Add(Here(value));
            return new(new(places[edge.Target.Index]), arguments.ToImmutable());
        });
        return new(new(places[index]), parameters.ToImmutable(), code.MoveToImmutable(), end, block.TerminatorLocation);

        ValueId Here(ValueId value) => _versions.TryGetValue((index, value.Index), out var version) ? version : value;
    }

    /// <summary>The blocks in the order of the function, and the number of each in the new one.</summary>
    private (List<int> Order, Dictionary<int, int> Places) Reachable()
    {
        var seen = new HashSet<int> { rest.Header };
        var work = new Stack<int>(seen);
        while (work.TryPop(out var at))
        {
            var edges = new EdgeWalk(function.Blocks[at].Terminator);
            while (edges.Next(out var edge)) if (seen.Add(edge.Target.Index)) work.Push(edge.Target.Index);
        }
        var order = new List<int>(seen.Count);
        var places = new Dictionary<int, int>();
        foreach (var block in _flow.Order)
        {
            if (!seen.Contains(block)) continue;
            order.Add(block);
            places.Add(block, order.Count);
        }
        return (order, places);
    }

    private ValueId NewValue(MirType type)
    {
        _types.Add(type);
        return new(_types.Count - 1);
    }
}
