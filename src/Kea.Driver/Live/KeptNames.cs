using System.Collections.Immutable;
using Kea.Live;
using Kea.Mir;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>Names of <c>Live.keep</c> that code writes out, compared with what is kept and with each other (L014).</summary>
internal static class KeptNames
{
    /// <param name="moves">What happens to kept values on the way to the new version.</param>
    public static ImmutableArray<AppliedRule> Conflicts(LiveCode code, IHeldStates held, ImmutableArray<KeptMove> moves)
    {
        var keeps = new Dictionary<FunctionId, string>();
        foreach (var id in code.ByDeclaration.GetValueOrDefault("Live.keep", []))
            if (code.Instances.TryGetValue(id, out var instance) && instance.Symbol.Module.Origin == ModuleOrigin.Standard && TypeOf(code.Functions[id].Lowered) is { } type) keeps.Add(id, type);
        if (keeps.Count == 0) return [];
        var known = new Dictionary<string, (string Type, string Where)>(StringComparer.Ordinal);
        foreach (var kept in held.Kept)
            foreach (var name in kept.Names) known[name] = (moves.FirstOrDefault(m => m.FromType == kept.Type)?.ToType ?? kept.Type, "the running program keeps it");
        var conflicts = new SortedDictionary<string, AppliedRule>(StringComparer.Ordinal);
        var askers = keeps.Keys.SelectMany(id => code.Users.GetValueOrDefault(id, [])).Distinct().Select(id => code.Functions[id]);
        foreach (var function in askers.OrderBy(f => f.Lowered.Name, StringComparer.Ordinal))
            foreach (var (name, type) in NamesIn(function.Lowered, keeps))
            {
                var asker = Lambdas.RootOf(function.Lowered.Name);
                if (!known.TryGetValue(name, out var other)) known[name] = (type, $"{asker} does");
                else if (other.Type != type)
                    conflicts.TryAdd(name, new("L014", name, $"Live.keep: {asker} asks for '{name}' as {Shown(type)}, and {other.Where} as {Shown(other.Type)}", "use another name, or start the program anew"));
            }
        return [.. conflicts.Values];
    }

    private static IEnumerable<(string Name, string Type)> NamesIn(MirFunction function, Dictionary<FunctionId, string> keeps)
    {
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Operation is Inst.Call(var callee, var arguments) && keeps.TryGetValue(callee, out var type) && Origin(function, arguments[0]) is Inst.StringConst(var name))
                    yield return (name, type);
    }

    /// <summary>The type of which an instance of <c>Live.keep</c> keeps values, as the runtime names it.</summary>
    private static string? TypeOf(MirFunction keep)
    {
        foreach (var block in keep.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Operation is Inst.CallRuntime call && call.Function == RuntimeFunctions.LiveKept && Origin(keep, call.Arguments[1]) is Inst.StringConst(var type)) return type;
        return null;
    }

    private static Inst? Origin(MirFunction function, ValueId value) =>
        function.Blocks.SelectMany(b => b.Instructions).FirstOrDefault(i => i.Result == value)?.Operation;

    /// <summary>Without the versions of shapes, which are ours.</summary>
    private static string Shown(string type) => System.Text.RegularExpressions.Regex.Replace(type, @"'\d+", "");
}
