using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>A loop of a function, with what is alive when a round begins.</summary>
/// <param name="Header">The block that every round begins with.</param>
/// <param name="Alive">The header's parameters, then the other values that the rest of the function needs, constants left out.</param>
public sealed record LoopRest(int Header, ImmutableArray<ValueId> Alive);

/// <summary>
/// The ways out of a running loop into optimised code, before counts. The first tier asks at the head of each round whether
/// there is such code for the rest of the function, and if so calls it with everything that is alive:
/// <code>
///   header(i, sum):               header(i, sum):
///     …                      =>     hot = is_hot @rest;  branch hot, leave, round
///                                 leave:  r = call @rest(i, sum, xs);  return r
///                                 round:  …
/// </code>
/// The call consumes its arguments like any other, so that counting it needs no rule of its own. The rest itself is the
/// function from the header on, as a function.
/// </summary>
public static class LoopRests
{
    /// <summary>A loop that needs more than this is left to end where it began.</summary>
    private const int AliveMax = 32;

    /// <summary>The loops of a function. The same body always gives the same list.</summary>
    public static ImmutableArray<LoopRest> Of(MirFunction function, MirTables tables)
    {
        var flow = ControlFlow.Of(function);
        var headers = Headers(flow);
        if (headers.Count == 0) return [];
        var values = new ValueLiveness(function, tables, flow);
        var rests = ImmutableArray.CreateBuilder<LoopRest>(headers.Count);
        foreach (var header in headers)
        {
            var alive = ImmutableArray.CreateBuilder<ValueId>();
            alive.AddRange(function.Blocks[header].Parameters);
            foreach (var value in values.AtEntry(header)) if (!values.IsConstant(value)) alive.Add(value);
            if (alive.Count <= AliveMax) rests.Add(new(header, alive.ToImmutable()));
        }
        return rests.ToImmutable();
    }

    /// <summary>Puts the questions in. The rests are declared behind the other functions and listed in <see cref="MirFunction.Rests"/>.</summary>
    public static MirProgram Ask(MirProgram program)
    {
        var tables = new MirTables(program);
        var signatures = program.Signatures.ToBuilder();
        var functions = ImmutableArray.CreateBuilder<MirFunction>(program.Functions.Length);
        foreach (var function in program.Functions) functions.Add(Ask(function, tables, signatures));
        return program with { Functions = functions.MoveToImmutable(), Signatures = signatures.ToImmutable() };
    }

    /// <summary>
    /// Tables in which the rests of these functions are declared. Functions that went through <see cref="Ask(MirProgram)"/>
    /// apart from the program's others bring their own; those of functions left out since are a gap that nobody looks into.
    /// </summary>
    public static MirProgram Declare(MirProgram program, IReadOnlyList<MirFunction> functions)
    {
        var signatures = program.Signatures.ToBuilder();
        foreach (var function in functions)
            foreach (var rest in function.Rests)
            {
                while (signatures.Count <= rest.Id.Index) signatures.Add(rest);
                signatures[rest.Id.Index] = rest;
            }
        return signatures.Count == program.Signatures.Length ? program : program with { Signatures = signatures.ToImmutable() };
    }

    /// <summary>The rest of a function from one of its loops on.</summary>
    public static MirFunction Rest(MirFunction function, MirTables tables, LoopRest rest, FunctionId id, string name) =>
        new RestOfFunction(Scoped.Of(function), tables, rest).Make() with { Id = id, Name = name };

    private static List<int> Headers(ControlFlow flow)
    {
        var headers = new List<int>();
        foreach (var block in flow.Order)
            foreach (var from in flow.Predecessors(block))
                if (flow.PlaceOf(from) >= flow.PlaceOf(block) && flow.Dominates(block, from))
                {
                    headers.Add(block);
                    break;
                }
        return headers;
    }

    private static MirFunction Ask(MirFunction function, MirTables tables, ImmutableArray<MirSignature>.Builder signatures)
    {
        var rests = Of(function, tables);
        if (rests.IsEmpty) return function;
        var editor = new FunctionEditor(function);
        var declared = ImmutableArray.CreateBuilder<MirSignature>(rests.Length);
        foreach (var rest in rests)
        {
            var id = new FunctionId(signatures.Count);
            var parameters = ImmutableArray.CreateBuilder<(MirType, Ownership)>(rest.Alive.Length);
            foreach (var value in rest.Alive) parameters.Add((function.TypeOf(value), Ownership.Owned));
            declared.Add(new(id, $"{function.Name}@loop{declared.Count}", function.Module, parameters.MoveToImmutable(), function.Result, false));
            signatures.Add(declared[^1]);
            var header = editor.Blocks[rest.Header];
            var at = header.Place;
            var round = editor.NewBlock(header.End, header.EndLocation);
            editor.Blocks[round.Index].Code = header.Code;
            var result = editor.NewValue(function.Result);
            var leave = editor.NewBlock(new Terminator.Return(result), at);
            editor.Blocks[leave.Index].Code.Add(new(result, new Inst.Call(id, rest.Alive), at));
            var hot = editor.NewValue(MirType.Boolean);
            header.Code = [new(hot, new Inst.IsHot(id), at)];
            header.End = new Terminator.Branch(hot, new(leave, []), new(round, []));
            header.EndLocation = at;
        }
        return editor.Finish() with { Rests = declared.MoveToImmutable() };
    }
}
