using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>What optimised code is entered by.</summary>
public abstract record HotRoot
{
    private HotRoot() { }

    public abstract FunctionId Function { get; }

    /// <summary>A call of the function.</summary>
    public sealed record Whole(FunctionId Body) : HotRoot { public override FunctionId Function => Body; }
    /// <summary>A round of one of its loops, counted as in <see cref="LoopRests.Of"/>.</summary>
    public sealed record Loop(FunctionId Body, int Index) : HotRoot { public override FunctionId Function => Body; }
}

/// <summary>
/// Functions that are hot together as a program of their own. Inside it every convention is free; from outside it is entered
/// by roots alone, whose conventions follow from the signatures. A root is a function that only calls the real one, so that
/// calls within the program need not keep to it.
/// </summary>
public static class HotProgram
{
    private const string HotSuffix = "@hot", LoopSuffix = "@loop";

    /// <summary>The name that stands in the source, for a function that was made here.</summary>
    public static string WrittenName(string name)
    {
        name = CalledName(name);
        var loop = name.LastIndexOf(LoopSuffix, StringComparison.Ordinal);
        return loop >= 0 && name.AsSpan(loop + LoopSuffix.Length).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..loop] : name;
    }

    /// <summary>The name by which callers outside know a function that was made here, or any other.</summary>
    public static string CalledName(string name) => name.EndsWith(HotSuffix, StringComparison.Ordinal) ? name[..^HotSuffix.Length] : name;

    /// <param name="tables">Tables and signatures that the bodies refer to.</param>
    /// <param name="bodies">As lowered, before any pass. Functions that are called but not among them are called as their signatures say.</param>
    /// <returns>The program before optimisation, its roots in the order given.</returns>
    public static MirProgram Of(MirProgram tables, ImmutableArray<MirFunction> bodies, IReadOnlyList<HotRoot> roots)
    {
        var program = tables with { Functions = bodies, Entry = null };
        var facts = new MirTables(program);
        var table = new FunctionTable(program);
        var ids = ImmutableArray.CreateBuilder<FunctionId>(roots.Count);
        foreach (var root in roots)
        {
            var body = table.BodyOf(root.Function)!;
            var isItself = root is HotRoot.Whole && body.IsClosureCode;
            ids.Add(isItself ? body.Id : table.Add(id => Enter(root, body, facts, id)));
        }
        var made = table.Snapshot();
        var ofRoots = ids.MoveToImmutable();
        return made with { Roots = ofRoots, Signatures = WithAbi(made.Signatures, roots, ofRoots) };
    }

    /// <summary>Roots that are called as the functions that they stand for say so.</summary>
    private static ImmutableArray<MirSignature> WithAbi(ImmutableArray<MirSignature> signatures, IReadOnlyList<HotRoot> roots, IReadOnlyList<FunctionId> ids)
    {
        var all = signatures.ToBuilder();
        for (var i = 0; i < roots.Count; i++)
            if (roots[i] is HotRoot.Whole(var body)) all[ids[i].Index] = all[ids[i].Index] with { Abi = all[body.Index].Abi };
        return all.MoveToImmutable();
    }

    private static MirFunction Enter(HotRoot root, MirFunction body, MirTables tables, FunctionId id) => root switch
    {
        HotRoot.Whole => Call(body, id),
        HotRoot.Loop(_, var index) => LoopRests.Rest(body, tables, LoopRests.Of(body, tables)[index], id, body.Name + LoopSuffix + index),
    };

    private static MirFunction Call(MirFunction body, FunctionId id)
    {
        var types = ImmutableArray.CreateBuilder<MirType>(body.Parameters.Length + 1);
        var parameters = ImmutableArray.CreateBuilder<MirParameter>(body.Parameters.Length);
        var arguments = ImmutableArray.CreateBuilder<ValueId>(body.Parameters.Length);
        foreach (var parameter in body.Parameters)
        {
            arguments.Add(new(types.Count));
            parameters.Add(parameter with { Value = new(types.Count) });
            types.Add(body.TypeOf(parameter.Value));
        }
        var result = new ValueId(types.Count);
        types.Add(body.Result);
        var call = new Instruction(result, new Inst.Call(body.Id, arguments.MoveToImmutable()), body.Location);
        return new(id, body.Name + HotSuffix, body.Module, body.SourcePath, body.Location, parameters.MoveToImmutable(), body.Result, false,
            [new(new(0), [], [call], new Terminator.Return(result), body.Location)], types.MoveToImmutable());
    }
}
