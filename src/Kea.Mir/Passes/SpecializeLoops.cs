using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// Gives an innermost loop a second, faster version and chooses between the two before the loop begins:
/// <code>
///   loop(v, x, j): if j == n …          if j0 &lt; n and x, j0, n are moderate:  u = vector_unique v0; fast(u, x, j0)
///     i = add x, j                 →    else: loop(v0, x0, j0)
///     u = vector_unique v               fast: the same with i = add_exact x, j and no vector_unique
/// </code>
/// In the fast version sums and products of moderate numbers need no overflow check, and a vector that the loop passes along
/// is made unique once. Without side exits in its middle the code generator can then vectorise the loop.
/// </summary>
/// <remarks>Runs after counts: that a vector stays unique follows from linear ownership, since the loop never dups it.</remarks>
internal static class SpecializeLoops
{
    /// <summary>What is copied, at most; larger loops gain little.</summary>
    private const int InstructionsMax = 160;
    private const int LoopsMax = 6;

    public static MirProgram Run(MirProgram program) => EachFunction.Of(program, Function);

    private static MirFunction Function(MirFunction function, MirTables tables)
    {
        var done = new HashSet<int>();
        for (var i = 0; i < LoopsMax; i++)
        {
            var flow = ControlFlow.Of(function);
            if (NextLoop(function, flow, done) is not { } loop) break;
            done.Add(loop.Header);
            if (LoopFacts.Of(function, tables, loop) is not { } facts) continue;
            var editor = new FunctionEditor(function);
            done.Add(new LoopCopy(function, editor, flow, loop, facts).Insert());
            function = editor.Finish();
        }
        return function;
    }

    /// <summary>An innermost loop that has not been looked at and whose header dominates few instructions.</summary>
    private static NaturalLoop? NextLoop(MirFunction function, ControlFlow flow, HashSet<int> done)
    {
        var constants = NaturalLoop.ConstantsOf(function);
        foreach (var header in flow.Order)
        {
            if (header == 0 || done.Contains(header)) continue;
            var latches = flow.Predecessors(header).Where(p => flow.Dominates(header, p)).Distinct().ToArray();
            if (latches.Length == 0) continue;
            var loop = NaturalLoop.Of(flow, header, latches, constants);
            var isInnermost = loop.Blocks.All(b => b == header || flow.Predecessors(b).All(p => !flow.Dominates(b, p)));
            if (isInnermost && loop.Region.Sum(b => function.Blocks[b].Instructions.Length + 1) <= InstructionsMax) return loop;
        }
        return null;
    }
}

/// <param name="Blocks">Header and all blocks from which a latch is reached without passing the header.</param>
/// <param name="Latches">Blocks with an edge back to the header.</param>
/// <param name="Region">All blocks that the header dominates: the loop and what follows it alone. Values of the loop are used nowhere else.</param>
/// <param name="Constants">Of the whole function.</param>
internal sealed record NaturalLoop(int Header, HashSet<int> Blocks, int[] Latches, List<int> Region, Dictionary<ValueId, long> Constants)
{
    public long? ConstantOf(ValueId value) => Constants.TryGetValue(value, out var constant) ? constant : null;

    public static Dictionary<ValueId, long> ConstantsOf(MirFunction function)
    {
        var constants = new Dictionary<ValueId, long>();
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Operation is Inst.Const(var value)) constants.Add(instruction.Result!.Value, value);
        return constants;
    }

    public static NaturalLoop Of(ControlFlow flow, int header, int[] latches, Dictionary<ValueId, long> constants)
    {
        var blocks = new HashSet<int> { header };
        var work = new Stack<int>(latches);
        while (work.TryPop(out var block))
        {
            if (!blocks.Add(block)) continue;
            foreach (var before in flow.Predecessors(block)) work.Push(before);
        }
        return new(header, blocks, latches, [.. flow.Order.Where(b => flow.Dominates(header, b))], constants);
    }
}

/// <summary>What must hold before a loop for its fast version, and what that version leaves out.</summary>
/// <param name="Moderate">Values from outside, or header parameters that stand for what they are at first, that must be moderate.</param>
/// <param name="Below">The first of each pair is less than the second (signed).</param>
/// <param name="Exact">Checked operations of the loop, by result, that cannot overflow then.</param>
/// <param name="Vector">The position of a header parameter that is made unique before, or -1.</param>
/// <param name="Unique">Results of VectorUnique that are their operand then.</param>
internal sealed record LoopFacts(
    HashSet<ValueId> Moderate, ImmutableArray<(ValueId Left, ValueId Right)> Below, HashSet<ValueId> Exact, int Vector, LayoutId VectorLayout, HashSet<ValueId> Unique)
{
    /// <summary>Null when a second version would gain nothing.</summary>
    public static LoopFacts? Of(MirFunction function, MirTables tables, NaturalLoop loop)
    {
        var counter = LoopCounter.Find(function, loop);
        if (counter is null) return null;
        var sizes = new Magnitudes(function, loop, counter);
        var exact = new HashSet<ValueId>();
        foreach (var block in loop.Blocks)
            foreach (var instruction in function.Blocks[block].Instructions)
                if (instruction.Result is { } result && sizes.CannotOverflow(instruction)) exact.Add(result);
        var vector = UniqueVector.Find(function, tables, loop);
        var more = exact.Count(v => v != counter.Next);
        if (more == 0 && vector is null) return null;
        return new(sizes.Leaves, counter.FirstBelow, exact, vector?.Position ?? -1, vector?.Layout ?? default, vector?.Results ?? []);
    }
}

/// <summary>A header parameter that goes up or down by one until it meets a bound.</summary>
/// <param name="Next">Its value in the next round.</param>
/// <param name="FirstBelow">What must hold before the first round for it to stay between its first value and the bound.</param>
internal sealed record LoopCounter(ValueId Parameter, ValueId Bound, ValueId Next, ImmutableArray<(ValueId Left, ValueId Right)> FirstBelow)
{
    public static LoopCounter? Find(MirFunction function, NaturalLoop loop)
    {
        var header = function.Blocks[loop.Header];
        if (header.Terminator is not Terminator.Branch(var condition, var then, var otherwise)) return null;
        var staysOnTrue = loop.Blocks.Contains(then.Target.Index);
        if (staysOnTrue == loop.Blocks.Contains(otherwise.Target.Index)) return null;
        foreach (var instruction in header.Instructions)
        {
            if (instruction.Result != condition || instruction.Operation is not Inst.Compare(var op, true, var left, var right)) continue;
            if (function.TypeOf(left) is not MirType.Int(64)) return null;
            return Of(function, loop, staysOnTrue ? op : Opposite(op), left, right) ?? Of(function, loop, Mirrored(staysOnTrue ? op : Opposite(op)), right, left);
        }
        return null;
    }

    /// <summary>With the counter on the left of a test that holds while the loop goes on.</summary>
    private static LoopCounter? Of(MirFunction function, NaturalLoop loop, CompareOp op, ValueId parameter, ValueId bound)
    {
        var position = function.Blocks[loop.Header].Parameters.IndexOf(parameter);
        if (position < 0 || !LoopValues.IsInvariant(function, loop, bound)) return null;
        if (LoopValues.NextOf(function, loop, position) is not { } next || StepOf(function, loop, next, parameter) is not { } step) return null;
        return (step, op) switch
        {
            (1, CompareOp.NotEqual or CompareOp.Less) => new(parameter, bound, next, [(parameter, bound)]),
            (-1, CompareOp.NotEqual or CompareOp.Greater) => new(parameter, bound, next, [(bound, parameter)]),
            _ => null,
        };
    }

    private static long? StepOf(MirFunction function, NaturalLoop loop, ValueId next, ValueId parameter)
    {
        foreach (var block in loop.Blocks)
        {
            foreach (var instruction in function.Blocks[block].Instructions)
            {
                if (instruction.Result != next || instruction.Operation is not Inst.Arithmetic(var op, true, var left, var right)) continue;
                if (left == parameter && loop.ConstantOf(right) is { } step)
                    return IsSum(op) ? step : op is ArithmeticOp.Subtract or ArithmeticOp.ExactSubtract ? -step : null;
                if (right == parameter && IsSum(op)) return loop.ConstantOf(left);
            }
        }
        return null;
    }

    private static bool IsSum(ArithmeticOp op) => op is ArithmeticOp.Add or ArithmeticOp.ExactAdd;

    private static CompareOp Opposite(CompareOp op) => op switch
    {
        CompareOp.Equal => CompareOp.NotEqual,
        CompareOp.NotEqual => CompareOp.Equal,
        CompareOp.Less => CompareOp.GreaterOrEqual,
        CompareOp.LessOrEqual => CompareOp.Greater,
        CompareOp.Greater => CompareOp.LessOrEqual,
        CompareOp.GreaterOrEqual => CompareOp.Less,
    };

    private static CompareOp Mirrored(CompareOp op) => op switch
    {
        CompareOp.Equal => CompareOp.Equal,
        CompareOp.NotEqual => CompareOp.NotEqual,
        CompareOp.Less => CompareOp.Greater,
        CompareOp.LessOrEqual => CompareOp.GreaterOrEqual,
        CompareOp.Greater => CompareOp.Less,
        CompareOp.GreaterOrEqual => CompareOp.LessOrEqual,
    };
}

/// <summary>Questions about values around one loop.</summary>
internal static class LoopValues
{
    /// <summary>The same in all rounds: from outside, a constant, or a header parameter that is always passed on as it is.</summary>
    public static bool IsInvariant(MirFunction function, NaturalLoop loop, ValueId value)
    {
        if (loop.ConstantOf(value) is not null) return true;
        var position = function.Blocks[loop.Header].Parameters.IndexOf(value);
        if (position >= 0) return NextOf(function, loop, position) == value;
        foreach (var block in loop.Region)
        {
            if (function.Blocks[block].Parameters.Contains(value)) return false;
            foreach (var instruction in function.Blocks[block].Instructions)
                if (instruction.Result == value) return false;
        }
        return true;
    }

    /// <summary>What a header parameter is in the next round, if that is one value.</summary>
    public static ValueId? NextOf(MirFunction function, NaturalLoop loop, int position)
    {
        ValueId? next = null;
        foreach (var latch in loop.Latches)
        {
            var edges = new EdgeWalk(function.Blocks[latch].Terminator);
            while (edges.Next(out var edge))
            {
                if (edge.Target.Index != loop.Header) continue;
                if (next is { } known && known != edge.Arguments[position]) return null;
                next = edge.Arguments[position];
            }
        }
        return next;
    }
}

/// <summary>Bounds on how large values of a loop are, given that counter, bound and other leaves are moderate.</summary>
internal sealed class Magnitudes(MirFunction function, NaturalLoop loop, LoopCounter counter)
{
    /// <summary>Moderate means between -2^30 and 2^30: the product of two, and sums of many, fit 63 bits.</summary>
    public const long Moderate = 1L << 30;
    private const double Unknown = double.PositiveInfinity;
    private const double LengthMax = 1L << 47;

    private readonly Dictionary<ValueId, Inst> _definitions = loop.Blocks.SelectMany(b => function.Blocks[b].Instructions)
        .Where(i => i.Result is not null).ToDictionary(i => i.Result!.Value, i => i.Operation);
    private readonly Dictionary<ValueId, (double Size, HashSet<ValueId> Leaves)> _known = [];

    /// <summary>Values that must be moderate for what <see cref="CannotOverflow"/> has promised; always the counter's first value and bound.</summary>
    public HashSet<ValueId> Leaves { get; } = [counter.Parameter, counter.Bound];

    public bool CannotOverflow(Instruction instruction)
    {
        if (instruction.Operation is not Inst.Arithmetic(ArithmeticOp.Add or ArithmeticOp.Subtract or ArithmeticOp.Multiply, true, _, _)) return false;
        if (function.TypeOf(instruction.Result!.Value) is not MirType.Int(64)) return false;
        var (size, leaves) = SizeOf(instruction.Result!.Value, 0);
        if (size >= long.MaxValue / 2) return false;
        Leaves.UnionWith(leaves);
        return true;
    }

    private (double Size, HashSet<ValueId> Leaves) SizeOf(ValueId value, int depth)
    {
        if (_known.TryGetValue(value, out var known)) return known;
        if (depth > 16) return (Unknown, []);
        return _known[value] = Compute(value, depth + 1);
    }

    private (double, HashSet<ValueId>) Compute(ValueId value, int depth)
    {
        if (loop.ConstantOf(value) is { } constant) return (Math.Abs((double)constant), []);
        if (function.TypeOf(value) is not MirType.Int(64)) return (Unknown, []);
        if (value == counter.Parameter || LoopValues.IsInvariant(function, loop, value)) return (Moderate, [value]);
        if (!_definitions.TryGetValue(value, out var definition)) return (Unknown, []);
        switch (definition)
        {
            case Inst.Arithmetic(var op, true, var left, var right):
                var (l, leftLeaves) = SizeOf(left, depth);
                var (r, rightLeaves) = SizeOf(right, depth);
                var size = op switch
                {
                    ArithmeticOp.Add or ArithmeticOp.Subtract => l + r,
                    ArithmeticOp.Multiply => l * r,
                    ArithmeticOp.Divide => l,
                    ArithmeticOp.Remainder => Math.Min(l, r),
                    _ => Unknown,
                };
                // A checked sum that overflows does not go on, so its value is bounded only by what its operands promise.
                return double.IsNaN(size) || size == Unknown ? (Unknown, []) : (size, [.. leftLeaves, .. rightLeaves]);
            case Inst.Length: return (LengthMax, []);
            case Inst.StringByte: return (byte.MaxValue, []);
            case Inst.Cast(CastOp.ZeroExtend or CastOp.SignExtend, var narrow) when function.TypeOf(narrow) is MirType.Int(var bits and < 64): return (Math.Pow(2, bits), []);
            default: return (Unknown, []);
        }
    }
}

/// <summary>A vector that a loop passes from round to round, changing it in place.</summary>
/// <param name="Position">Of the header's parameter.</param>
/// <param name="Results">Of every VectorUnique on the way: all the same vector once it is unique.</param>
internal sealed record UniqueVector(int Position, LayoutId Layout, HashSet<ValueId> Results)
{
    public static UniqueVector? Find(MirFunction function, MirTables tables, NaturalLoop loop)
    {
        var header = function.Blocks[loop.Header];
        for (var position = 0; position < header.Parameters.Length; position++)
            if (function.TypeOf(header.Parameters[position]) is MirType.Reference && At(function, tables, loop, position) is { } found) return found;
        return null;
    }

    private static UniqueVector? At(MirFunction function, MirTables tables, NaturalLoop loop, int position)
    {
        var parameter = function.Blocks[loop.Header].Parameters[position];
        if (function.Blocks[loop.Header].Borrows.Any(b => b.Parameter == parameter)) return null;
        var same = new HashSet<ValueId> { parameter };
        var results = new HashSet<ValueId>();
        LayoutId? layout = null;
        var operands = new OperandList();
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var index in loop.Blocks)
                foreach (var instruction in function.Blocks[index].Instructions)
                    if (instruction.Operation is Inst.VectorUnique(var vector, var of) && same.Contains(vector) && same.Add(instruction.Result!.Value))
                    {
                        results.Add(instruction.Result.Value);
                        (layout, grew) = (of, true);
                    }
            grew |= GrowThroughParameters(function, loop, same);
        }
        if (layout is not { } known) return null;
        foreach (var index in loop.Blocks)
        {
            foreach (var instruction in function.Blocks[index].Instructions)
            {
                if (instruction.Operation is Inst.VectorUnique) continue;
                Operands.Collect(instruction.Operation, tables, operands);
                foreach (var operand in operands.Span)
                    if (operand.Use != OperandUse.Borrow && same.Contains(operand.Value)) return null;
            }
        }
        return AlwaysReturns(function, loop, position, same) && EachRoundChanges(function, loop, results) ? new(position, known, results) : null;
    }

    /// <summary>A block parameter inside the loop is the vector when every edge brings it.</summary>
    private static bool GrowThroughParameters(MirFunction function, NaturalLoop loop, HashSet<ValueId> same)
    {
        var grew = false;
        foreach (var index in loop.Blocks)
        {
            if (index == loop.Header) continue;
            var parameters = function.Blocks[index].Parameters;
            for (var i = 0; i < parameters.Length; i++)
            {
                if (same.Contains(parameters[i])) continue;
                var all = true;
                foreach (var other in loop.Blocks)
                {
                    var edges = new EdgeWalk(function.Blocks[other].Terminator);
                    while (edges.Next(out var edge)) all &= edge.Target.Index != index || same.Contains(edge.Arguments[i]);
                }
                if (all) grew |= same.Add(parameters[i]);
            }
        }
        return grew;
    }

    private static bool AlwaysReturns(MirFunction function, NaturalLoop loop, int position, HashSet<ValueId> same)
    {
        foreach (var latch in loop.Latches)
        {
            var edges = new EdgeWalk(function.Blocks[latch].Terminator);
            while (edges.Next(out var edge))
                if (edge.Target.Index == loop.Header && !same.Contains(edge.Arguments[position])) return false;
        }
        return true;
    }

    /// <summary>Else a shared vector would be copied for a loop that may never change it.</summary>
    private static bool EachRoundChanges(MirFunction function, NaturalLoop loop, HashSet<ValueId> results)
    {
        var flow = ControlFlow.Of(function);
        foreach (var index in loop.Blocks)
            foreach (var instruction in function.Blocks[index].Instructions)
                if (instruction.Result is { } result && results.Contains(result) && loop.Latches.All(latch => flow.Dominates(index, latch))) return true;
        return false;
    }
}
