using System.Collections.Immutable;
using Kea.Mir;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>A function of a version, as it came out of lowering.</summary>
/// <param name="Uses">Functions that it calls or refers to.</param>
internal sealed record CodeFunction(MirFunction Lowered, ImmutableArray<FunctionId> Uses)
{
    private string? _text;

    public static CodeFunction Of(MirFunction function)
    {
        var uses = new HashSet<FunctionId>();
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
            {
                var used = instruction.Operation switch
                {
                    Inst.Call(var callee, _) => callee,
                    Inst.FunctionRef(var referred) => referred,
                    Inst.MakeClosure(var code, _, _) => code,
                    _ => (FunctionId?)null,
                };
                if (used is { } id) uses.Add(id);
            }
        return new CodeFunction(function, [.. uses]);
    }

    /// <summary>What it does, without where that stands in the source: equal texts are equal code.</summary>
    public string Text => _text ??= MirPrinter.Print(Lowered);
}

/// <summary>
/// All functions that a version of a running program can reach, lowered. Versions share what they have in common; see
/// <see cref="CodeEdit"/> for how one comes from another.
/// </summary>
internal sealed record LiveCode(FunctionId Entry)
{
    /// <summary>Something that it can reach reads standard input.</summary>
    public bool ReadsInput => Functions.Values.Any(f => f.Lowered.Blocks.Any(b => b.Instructions.Any(i => i.Operation is Inst.CallRuntime { Function.Symbol: "kea_io_read_line" })));

    /// <summary>What runs around reloads; it stays whatever main reaches.</summary>
    public CodeHooks Hooks { get; init; } = CodeHooks.None;

    public ImmutableDictionary<FunctionId, CodeFunction> Functions { get; init; } = ImmutableDictionary<FunctionId, CodeFunction>.Empty;

    /// <summary>For each function those that use it: the edges of <see cref="CodeFunction.Uses"/> from their other end.</summary>
    public ImmutableDictionary<FunctionId, ImmutableHashSet<FunctionId>> Users { get; init; } = ImmutableDictionary<FunctionId, ImmutableHashSet<FunctionId>>.Empty;

    /// <summary>Which of the functions are declared functions at types.</summary>
    public ImmutableDictionary<FunctionId, LoweredInstance> Instances { get; init; } = ImmutableDictionary<FunctionId, LoweredInstance>.Empty;

    /// <summary>Which are the closure code of declared functions.</summary>
    public ImmutableDictionary<FunctionId, LoweredInstance> Values { get; init; } = ImmutableDictionary<FunctionId, LoweredInstance>.Empty;

    /// <summary>Instances and values by the qualified name of what was declared.</summary>
    public ImmutableDictionary<string, ImmutableArray<FunctionId>> ByDeclaration { get; init; } = ImmutableDictionary.Create<string, ImmutableArray<FunctionId>>(StringComparer.Ordinal);

    /// <summary>Which functions are one iteration of a loop, by their names.</summary>
    public ImmutableDictionary<string, FunctionId> Turns { get; init; } = ImmutableDictionary.Create<string, FunctionId>(StringComparer.Ordinal);

    /// <summary>Types that loops and kept values have had, by name.</summary>
    public ImmutableDictionary<string, Kea.Types.Type> States { get; init; } = ImmutableDictionary.Create<string, Kea.Types.Type>(StringComparer.Ordinal);

    /// <summary>Everything that was lowered for a version by itself.</summary>
    public static LiveCode Of(LoweredProgram lowered)
    {
        var edit = new CodeEdit(new LiveCode(lowered.Entries[0]));
        edit.Put(lowered.Program.Functions, lowered);
        return edit.Done();
    }
}
