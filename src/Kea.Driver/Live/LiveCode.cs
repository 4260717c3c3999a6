using System.Collections.Immutable;
using Kea.Mir;

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

/// <summary>All functions that a version of a running program can reach, lowered.</summary>
/// <param name="Instances">Which of them are declared functions at types.</param>
/// <param name="Values">Which of them are the closure code of declared functions.</param>
/// <param name="States">Types that loops and kept values have had, by name.</param>
internal sealed record LiveCode(
    FunctionId Entry, ImmutableDictionary<FunctionId, CodeFunction> Functions, ImmutableDictionary<FunctionId, LoweredInstance> Instances,
    ImmutableDictionary<FunctionId, LoweredInstance> Values, ImmutableDictionary<string, Kea.Types.Type> States)
{
    public static LiveCode Of(LoweredProgram lowered) => new(
        lowered.Entries[0],
        lowered.Program.Functions.ToImmutableDictionary(f => f.Id, CodeFunction.Of),
        lowered.Instances.ToImmutableDictionary(i => i.Id),
        ById([], lowered.Values),
        lowered.States);

    /// <summary>This code with some functions in the place of others, and without what nothing reaches any more.</summary>
    /// <param name="roots">What is to stay besides what the entry reaches.</param>
    public LiveCode With(IEnumerable<MirFunction> functions, IEnumerable<LoweredInstance> instances, IEnumerable<FunctionId> roots, IEnumerable<LoweredInstance> values, ImmutableDictionary<string, Kea.Types.Type>? states)
    {
        var changed = functions.Select(CodeFunction.Of).ToArray();
        var all = Functions.SetItems(changed.Select(f => KeyValuePair.Create(f.Lowered.Id, f)));
        // What uses the same functions as before reaches the same.
        if (all.Count == Functions.Count && changed.All(f => Functions[f.Lowered.Id].Uses.ToHashSet().SetEquals(f.Uses)))
            return this with { Functions = all, Instances = ById(Instances, instances), Values = ById(Values, values) };
        var reached = new HashSet<FunctionId>();
        var open = new Stack<FunctionId>(roots.Prepend(Entry));
        while (open.TryPop(out var next))
            if (all.TryGetValue(next, out var function) && reached.Add(next))
                foreach (var used in function.Uses) open.Push(used);
        var gone = all.Keys.Where(id => !reached.Contains(id)).ToArray();
        return new LiveCode(
            Entry, all.RemoveRange(gone), ById(Instances, instances).RemoveRange(gone), ById(Values, values).RemoveRange(gone),
            states is null ? States : States.SetItems(states));
    }

    private static ImmutableDictionary<FunctionId, LoweredInstance> ById(ImmutableDictionary<FunctionId, LoweredInstance> known, IEnumerable<LoweredInstance> more) =>
        known.SetItems(more.Select(m => KeyValuePair.Create(m.Id, m)));

    /// <summary>
    /// The functions that are new or do something else than in the code before. A function and its lambdas change together: what
    /// one makes the other runs.
    /// </summary>
    public ImmutableArray<MirFunction> ChangedSince(LiveCode before)
    {
        var families = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (id, function) in Functions)
            if (!before.Functions.TryGetValue(id, out var old) || (!ReferenceEquals(old, function) && old.Text != function.Text)) families.Add(Lambdas.RootOf(function.Lowered.Name));
        return [.. Functions.Values.Select(f => f.Lowered).Where(f => families.Contains(Lambdas.RootOf(f.Name))).OrderBy(f => f.Id.Index)];
    }
}
