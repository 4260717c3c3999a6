using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>
/// Puts polls in, so that a running program can be interrupted wherever it is. Nothing goes on for long without passing one:
/// <list type="bullet">
/// <item>a loop polls in every round, unless it is a fast copy (<see cref="SpecializeLoops"/>) that calls nothing: its rounds are
/// counted and moderate in number, and a poll would keep the code generator from vectorising it;</item>
/// <item>of the calls that close a cycle of calls each polls, before it: those back to a function that is under way, and those
/// of unknown code, which may lead back;</item>
/// <item>what may block returns early, and a poll follows.</item>
/// </list>
/// </summary>
/// <remarks>Runs after counts and after every pass that moves code. A poll is like any instruction that may panic.</remarks>
public static class InsertPolls
{
    /// <summary>Instructions of a loop that goes without, at most. So a round takes some nanoseconds, and all of them seconds at worst.</summary>
    private const int ShortMax = 32;

    /// <summary>For functions compiled together, whose calls of each other are direct and count nothing.</summary>
    public static MirProgram Run(MirProgram program)
    {
        var closing = new ClosingCalls(program);
        return EachFunction.Of(program, (function, _) => Function(function, closing));
    }

    /// <summary>For quick code, which comes to the runtime through its counters: at entries, and in the loops that ask for better code.</summary>
    public static MirProgram WhereNothingCounts(MirProgram program) => EachFunction.Of(program, (function, _) => Function(function, null));

    private static MirFunction Function(MirFunction function, ClosingCalls? closing)
    {
        var flow = ControlFlow.Of(function);
        var blocks = new HashSet<int>();
        foreach (var loop in Loops(function, flow))
            if (!Counts(function.Blocks[loop.Header]) && !IsShort(function, flow, loop)) blocks.Add(PlaceIn(function, flow, loop));
        if (closing is not null) AddCalls(function, flow, closing, blocks);
        var mayBlock = MayBlock(function);
        if (blocks.Count == 0 && !mayBlock) return function;
        var editor = new FunctionEditor(function);
        foreach (var block in editor.Blocks)
            for (var i = block.Code.Count - 1; mayBlock && i >= 0; i--)
                if (MayBlock(block.Code[i].Operation)) block.Code.Insert(i + 1, Poll(block.Code[i].Location));
        foreach (var index in blocks)
        {
            var block = editor.Blocks[index];
            block.Code.Insert(0, Poll(block.Place));
        }
        return editor.Finish();
    }

    private static Instruction Poll(Location at) => new(null, new Inst.Poll(), at);

    private static List<NaturalLoop> Loops(MirFunction function, ControlFlow flow)
    {
        var loops = new List<NaturalLoop>();
        Dictionary<ValueId, long>? constants = null;
        foreach (var header in flow.Order)
        {
            var latches = flow.Predecessors(header).Where(from => flow.PlaceOf(from) >= flow.PlaceOf(header)).Distinct().ToArray();
            if (latches.Length > 0) loops.Add(NaturalLoop.Of(flow, header, latches, constants ??= NaturalLoop.ConstantsOf(function)));
        }
        return loops;
    }

    private static bool Counts(Block header) => header.Instructions.Any(i => i.Operation is Inst.IsHot);

    /// <summary>
    /// Behind the test of a loop that tests first, where an optimiser can turn the loop round; else at its head. Every round passes both.
    /// </summary>
    private static int PlaceIn(MirFunction function, ControlFlow flow, NaturalLoop loop)
    {
        var inside = new HashSet<int>();
        var edges = new EdgeWalk(function.Blocks[loop.Header].Terminator);
        while (edges.Next(out var edge)) if (loop.Blocks.Contains(edge.Target.Index)) inside.Add(edge.Target.Index);
        return inside.Count == 1 && inside.First() is var body && body != loop.Header && flow.Predecessors(body).Count == 1 ? body : loop.Header;
    }

    private static bool IsShort(MirFunction function, ControlFlow flow, NaturalLoop loop)
    {
        var size = 0;
        var counts = false;
        if (LoopCounter.Find(function, loop) is not { } counter) return false;
        foreach (var index in loop.Blocks)
        {
            if (index != loop.Header && flow.Predecessors(index).Any(from => flow.PlaceOf(from) >= flow.PlaceOf(index))) return false;
            foreach (var instruction in function.Blocks[index].Instructions)
            {
                size++;
                counts |= instruction.Result == counter.Next && instruction.Operation is Inst.Arithmetic(ArithmeticOp.ExactAdd or ArithmeticOp.ExactSubtract, _, _, _);
                if (instruction.Operation is Inst.Call or Inst.CallClosure or Inst.CallRuntime or Inst.CallForeign) return false;
            }
        }
        return counts && size <= ShortMax;
    }

    /// <summary>The blocks whose calls close cycles, except behind another poll of the function that each activation passes before.</summary>
    private static void AddCalls(MirFunction function, ControlFlow flow, ClosingCalls closing, HashSet<int> blocks)
    {
        foreach (var index in flow.Order)
        {
            if (blocks.Contains(index) || !function.Blocks[index].Instructions.Any(i => closing.Closes(function.Id, i.Operation))) continue;
            if (!blocks.Any(other => flow.Dominates(other, index))) blocks.Add(index);
        }
    }

    private static bool MayBlock(MirFunction function) => function.Blocks.Any(block => block.Instructions.Any(i => MayBlock(i.Operation)));
    private static bool MayBlock(Inst inst) => inst is Inst.CallRuntime({ MayBlock: true }, _);
}

/// <summary>
/// Calls without which the calls of a program would have no cycle: back edges of a walk over them, and calls that leave the
/// program, since what is outside may call its roots.
/// </summary>
internal sealed class ClosingCalls
{
    private readonly Dictionary<FunctionId, FunctionId[]> _callees;
    private readonly HashSet<(FunctionId Caller, FunctionId Callee)> _back = [];

    public ClosingCalls(MirProgram program)
    {
        _callees = program.Functions.ToDictionary(function => function.Id, Callees);
        var (open, done) = (new HashSet<FunctionId>(), new HashSet<FunctionId>());
        var path = new Stack<(FunctionId Function, int Next)>();
        foreach (var start in program.Functions)
        {
            if (!done.Contains(start.Id)) Enter(start.Id);
            while (path.TryPop(out var top))
            {
                var callees = _callees[top.Function];
                if (top.Next == callees.Length)
                {
                    open.Remove(top.Function);
                    done.Add(top.Function);
                    continue;
                }
                path.Push((top.Function, top.Next + 1));
                var callee = callees[top.Next];
                if (open.Contains(callee)) _back.Add((top.Function, callee));
                else if (_callees.ContainsKey(callee) && !done.Contains(callee)) Enter(callee);
            }
        }

        void Enter(FunctionId function)
        {
            open.Add(function);
            path.Push((function, 0));
        }
    }

    public bool Closes(FunctionId caller, Inst inst) => inst switch
    {
        Inst.CallClosure => true,
        Inst.CallRuntime(var function, _) => function == RuntimeFunctions.LiveLoop, // It calls a closure.
        Inst.Call(var callee, _) => !_callees.ContainsKey(callee) || _back.Contains((caller, callee)),
        _ => false,
    };

    private static FunctionId[] Callees(MirFunction function) =>
        [.. function.Blocks.SelectMany(block => block.Instructions).Select(i => i.Operation).OfType<Inst.Call>().Select(call => call.Function).Distinct()];
}
