using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Leaves out the bodies that the entry and the roots of a program cannot reach; without any everything stays. Ids stay too.</summary>
public static class RemoveUnused
{
    public static MirProgram Run(MirProgram program)
    {
        if (!program.HasRoots) return program;
        var bodies = new MirFunction?[program.Signatures.Length];
        foreach (var function in program.Functions) bodies[function.Id.Index] = function;
        var reached = new bool[bodies.Length];
        var work = new Stack<FunctionId>();
        if (program.Entry is { } entry) Reach(entry);
        foreach (var root in program.Roots) Reach(root);
        while (work.TryPop(out var id))
        {
            if (bodies[id.Index] is not { } body) continue;
            foreach (var block in body.Blocks)
                foreach (var instruction in block.Instructions)
                    switch (instruction.Operation)
                    {
                        case Inst.Call(var callee, _): Reach(callee); break;
                        case Inst.FunctionRef(var code): Reach(code); break;
                        case Inst.MakeClosure(var code, _, _): Reach(code); break;
                    }
        }
        var functions = ImmutableArray.CreateBuilder<MirFunction>();
        foreach (var function in program.Functions) if (reached[function.Id.Index]) functions.Add(function);
        return program with { Functions = functions.ToImmutable() };

        void Reach(FunctionId id)
        {
            if (reached[id.Index]) return;
            reached[id.Index] = true;
            work.Push(id);
        }
    }
}
