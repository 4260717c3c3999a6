using System.Collections.Immutable;
using System.Text;

namespace Kea.Mir;

/// <summary>
/// Calls of closures that are made in the same function become direct calls; functions that are given such a closure are
/// copied for it, with what it captures as parameters instead: <c>List.map(xs, |x| x + k)</c> calls a <c>List.map</c> of its own
/// that takes <c>xs</c> and <c>k</c> and calls the closure's code directly. In the end no closure object is left.
/// </summary>
/// <remarks>
/// The copy makes the closure at its start, so that <see cref="Simplify"/> can see through it. A recursive call with the same
/// closure finds the same copy, since copies are looked up by function and codes; so there are finitely many.
/// </remarks>
public static class SpecializeClosures
{
    private const int SizeMax = 400;
    private const int CopiesMax = 5000;

    public static MirProgram Run(MirProgram program)
    {
        var table = new FunctionTable(program);
        var copies = new Dictionary<string, FunctionId>(StringComparer.Ordinal);
        // Copies join the end of the order and are looked at in turn.
        for (var i = 0; i < table.Order.Count; i++)
            if (table.BodyOf(table.Order[i]) is { } body) table.Replace(new Pass(table, copies, body).Run());
        return table.Snapshot();
    }

    private sealed class Pass(FunctionTable table, Dictionary<string, FunctionId> copies, MirFunction function)
    {
        private readonly Inst?[] _definitions = new Inst?[function.ValueTypes.Length];

        public MirFunction Run()
        {
            var any = false;
            foreach (var block in function.Blocks)
                foreach (var instruction in block.Instructions)
                    if (instruction is (not null and { } result, Inst.MakeClosure or Inst.FunctionRef, _)) { _definitions[result.Index] = instruction.Operation; any = true; }
            if (!any) return function;
            var blocks = ImmutableArray.CreateBuilder<Block>(function.Blocks.Length);
            foreach (var block in function.Blocks)
            {
                var code = ImmutableArray.CreateBuilder<Instruction>(block.Instructions.Length);
                foreach (var instruction in block.Instructions) code.Add(instruction with { Operation = Direct(instruction.Operation) });
                blocks.Add(block with { Instructions = code.MoveToImmutable() });
            }
            return function with { Blocks = blocks.MoveToImmutable() };
        }

        private Inst Direct(Inst inst)
        {
            if (inst is Inst.CallClosure(var closure, var given) && CodeOf(closure) is { } code) inst = new Inst.Call(code, [closure, .. given]);
            return inst is Inst.Call(var callee, var arguments) ? Copied(callee, arguments) ?? inst : inst;
        }

        private FunctionId? CodeOf(ValueId value) => _definitions[value.Index] switch
        {
            Inst.MakeClosure(var code, _, _) => code,
            Inst.FunctionRef(var code) => code,
            _ => null,
        };

        private Inst? Copied(FunctionId id, ImmutableArray<ValueId> arguments)
        {
            if (table.BodyOf(id) is not { } callee) return null;
            StringBuilder? key = null;
            for (var i = 0; i < arguments.Length; i++)
            {
                if (CodeOf(arguments[i]) is not { } code || !IsCalled(callee, i)) continue;
                key ??= new StringBuilder().Append(id.Index);
                key.Append(' ').Append(i).Append(':').Append(code.Index);
                if (_definitions[arguments[i].Index] is Inst.MakeClosure(_, var layout, _)) key.Append('/').Append(layout.Index);
            }
            if (key is null || FunctionTable.SizeOf(callee) > SizeMax) return null;
            var chosen = key.ToString();
            if (!copies.TryGetValue(chosen, out var copy))
            {
                if (copies.Count >= CopiesMax) return null;
                copies[chosen] = copy = table.Add(newId => Copy(callee, newId, arguments));
            }
            var passed = ImmutableArray.CreateBuilder<ValueId>();
            for (var i = 0; i < arguments.Length; i++)
            {
                if (CodeOf(arguments[i]) is null || !IsCalled(callee, i)) passed.Add(arguments[i]);
                else if (_definitions[arguments[i].Index] is Inst.MakeClosure(_, _, var captures)) passed.AddRange(captures);
            }
            return new Inst.Call(copy, passed.ToImmutable());
        }

        /// <summary>The parameter is called, or handed on to something that may call it; of closure code, the closure itself.</summary>
        private static bool IsCalled(MirFunction callee, int parameter)
        {
            if (callee.IsClosureCode) return parameter == 0;
            var value = callee.Parameters[parameter].Value;
            foreach (var block in callee.Blocks)
                foreach (var instruction in block.Instructions)
                {
                    if (instruction.Operation is Inst.CallClosure(var called, _) && called == value) return true;
                    if (instruction.Operation is Inst.Call(_, var arguments) && arguments.Contains(value)) return true;
                    if (instruction.Operation is Inst.MakeClosure(_, _, var captures) && captures.Contains(value)) return true;
                }
            return false;
        }

        private MirFunction Copy(MirFunction callee, FunctionId id, ImmutableArray<ValueId> arguments)
        {
            var types = callee.ValueTypes.ToBuilder();
            var parameters = ImmutableArray.CreateBuilder<MirParameter>();
            var made = ImmutableArray.CreateBuilder<Instruction>();
            var name = new StringBuilder(callee.Name).Append('[');
            for (var i = 0; i < callee.Parameters.Length; i++)
            {
                var parameter = callee.Parameters[i];
                if (CodeOf(arguments[i]) is not { } code || !IsCalled(callee, i)) { parameters.Add(parameter with { Ownership = Ownership.Owned }); continue; }
                name.Append(name[^1] == '[' ? "" : ", ").Append(table.SignatureOf(code).Name).Append('@').Append(i);
                if (_definitions[arguments[i].Index] is not Inst.MakeClosure(_, var layout, var captures)) { made.Add(new(parameter.Value, new Inst.FunctionRef(code), callee.Location)); continue; }
                var taken = ImmutableArray.CreateBuilder<ValueId>();
                foreach (var capture in captures)
                {
                    taken.Add(new(types.Count));
                    parameters.Add(new(new(types.Count), Ownership.Owned));
                    types.Add(function.TypeOf(capture));
                }
                made.Add(new(parameter.Value, new Inst.MakeClosure(code, layout, taken.ToImmutable()), callee.Location));
            }
            var original = Scoped.Of(callee);
            var entry = original.Blocks[0];
            var blocks = original.Blocks.SetItem(0, entry with { Instructions = [.. made, .. entry.Instructions] });
            return original with { Id = id, Name = name.Append(']').ToString(), Parameters = parameters.ToImmutable(), Blocks = blocks, ValueTypes = types.ToImmutable(), IsClosureCode = false };
        }
    }
}
