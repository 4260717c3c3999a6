using System.Collections.Immutable;
using Kea.Live;
using Kea.Mir;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Live;

/// <summary>
/// All states that the code of a version can hold when it runs: a loop for each step that it gives to <c>Live.loop</c>, and
/// every type that <c>Live.keep</c> keeps.
/// </summary>
internal sealed class PossibleStates : IHeldStates
{
    private readonly LiveCode _code;

    public PossibleStates(LiveCode code)
    {
        _code = code;
        var kept = new SortedSet<string>(StringComparer.Ordinal);
        var loops = new Dictionary<FunctionId, string>();
        foreach (var (function, call) in Calls(RuntimeFunctions.LiveKept)) kept.Add(StateName(function, call.Arguments[1]));
        foreach (var (function, call) in Calls(RuntimeFunctions.LiveLoop)) loops[function.Id] = StateName(function, call.Arguments[3]);
        Kept = [.. kept.Select(t => new KeptState(t, []))];
        RunningLoops = [.. LoopsBegun(loops).Distinct().OrderBy(l => l.StateType, StringComparer.Ordinal).ThenBy(l => l.Step?.Name, StringComparer.Ordinal)];
    }

    public ImmutableArray<RunningLoop> RunningLoops { get; }
    public ImmutableArray<KeptState> Kept { get; }
    public IEnumerable<string> LoadedFunctions => [];

    private IEnumerable<(MirFunction Function, Inst.CallRuntime Call)> Calls(RuntimeFunction service) =>
        from function in _code.Functions.Values
        from block in function.Lowered.Blocks
        from instruction in block.Instructions
        where instruction.Operation is Inst.CallRuntime call && call.Function == service
        select (function.Lowered, (Inst.CallRuntime)instruction.Operation);

    private IEnumerable<RunningLoop> LoopsBegun(Dictionary<FunctionId, string> loops)
    {
        foreach (var function in _code.Functions.Values)
        {
            if (!function.Uses.Any(loops.ContainsKey)) continue;
            foreach (var block in function.Lowered.Blocks)
                foreach (var instruction in block.Instructions)
                    if (instruction.Operation is Inst.Call(var callee, var arguments) && loops.TryGetValue(callee, out var state))
                        foreach (var step in Steps(function.Lowered, arguments[1], state)) yield return new RunningLoop(state, step);
        }
    }

    /// <summary>What a value that is given as a step may be: the function that it names, a lambda (null), or any function that fits.</summary>
    private IEnumerable<SlotKey?> Steps(MirFunction function, ValueId value, string state)
    {
        switch (Origin(function, value))
        {
            case Inst.FunctionRef(var code): return [_code.Values.ContainsKey(code) ? KeyOf(code) : null];
            case Inst.MakeClosure: return [null];
        }
        var type = _code.States[state];
        SlotKey?[] fitting = [.. _code.Values.Values.Where(v => Takes(v.Symbol, type)).Select(v => (SlotKey?)KeyOf(v.Id))];
        return fitting.Length > 0 ? fitting : [null];
    }

    private static bool Takes(FunctionSymbol function, Type state) =>
        function is { TypeVariables.IsEmpty: true, Parameters.Length: 1 } && TypePrinter.Text(function.Parameters[0].Type) == TypePrinter.Text(state)
        && function.Result.Resolved is Type.Named({ Name: "Step", Module.Origin: ModuleOrigin.Standard }, _);

    private SlotKey KeyOf(FunctionId code) => new(_code.Functions[code].Lowered.Name, "");

    private static string StateName(MirFunction function, ValueId value) =>
        Origin(function, value) is Inst.StringConst(var name) ? name : throw new InvalidOperationException("lowering names the type of a state");

    private static Inst? Origin(MirFunction function, ValueId value) =>
        function.Blocks.SelectMany(b => b.Instructions).FirstOrDefault(i => i.Result == value)?.Operation;
}
