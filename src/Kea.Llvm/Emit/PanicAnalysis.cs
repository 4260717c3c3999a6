using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>Which functions of a program may unwind, so that calls to the others need no clean-up.</summary>
internal static class PanicAnalysis
{
    /// <param name="isDirect">Whether a call is bound to the body in the program; any other callee may panic.</param>
    /// <param name="counts">Whether the function's calls are counted, and so may be interrupted.</param>
    /// <returns>By function id. Cost: linear in instructions and calls.</returns>
    public static bool[] MayPanic(MirProgram program, IReadOnlyList<MirFunction> functions, Func<FunctionId, FunctionId, bool> isDirect, Func<MirFunction, bool> counts)
    {
        var may = new bool[program.Signatures.Length];
        Array.Fill(may, true);
        foreach (var function in functions) may[function.Id.Index] = false;
        var callers = new Dictionary<FunctionId, List<FunctionId>>();
        var work = new Stack<FunctionId>();
        foreach (var function in functions)
        {
            if (!Scan(function, isDirect, callers) && !counts(function)) continue;
            may[function.Id.Index] = true;
            work.Push(function.Id);
        }
        while (work.TryPop(out var callee))
        {
            if (!callers.TryGetValue(callee, out var list)) continue;
            foreach (var caller in list)
            {
                if (may[caller.Index]) continue;
                may[caller.Index] = true;
                work.Push(caller);
            }
        }
        return may;
    }

    private static bool Scan(MirFunction function, Func<FunctionId, FunctionId, bool> isDirect, Dictionary<FunctionId, List<FunctionId>> callers)
    {
        var panics = false;
        foreach (var block in function.Blocks)
        {
            foreach (var instruction in block.Instructions)
            {
                if (instruction.Operation is Inst.Call(var callee, _) && isDirect(function.Id, callee))
                {
                    if (!callers.TryGetValue(callee, out var list)) callers.Add(callee, list = []);
                    list.Add(function.Id);
                }
                else panics |= Panics(instruction.Operation);
            }
            panics |= block.Terminator is Terminator.Panic;
        }
        return panics;
    }

    /// <summary>Whether the instruction itself may unwind; a call of a Kea function may.</summary>
    private static bool Panics(Inst inst) => inst switch
    {
        Inst.Arithmetic(var op, _, _, _) => op is ArithmeticOp.Add or ArithmeticOp.Subtract or ArithmeticOp.Multiply
            or ArithmeticOp.Divide or ArithmeticOp.Remainder,
        Inst.Unary(var op, _) => op is UnaryOp.Negate,
        Inst.Cast(var op, _) => op is CastOp.UnsignedToSignedChecked,
        Inst.Call or Inst.CallClosure or Inst.IsHot or Inst.Poll => true,
        Inst.CallRuntime(var function, _) => function.MayPanic,
        Inst.Const or Inst.FloatConst or Inst.StringConst or Inst.UnitConst or Inst.Immediate or Inst.Null or Inst.FunctionRef
            or Inst.Compare or Inst.IsNull or Inst.Select or Inst.MakeAggregate or Inst.Extract or Inst.Unpack or Inst.Take or Inst.Alloc or Inst.AllocReuse
            or Inst.MakeClosure or Inst.Project or Inst.StoreField or Inst.Variant or Inst.Dup or Inst.Drop or Inst.IsUnique
            or Inst.DropReuse or Inst.FreeCell or Inst.TakeCell or Inst.Decrement or Inst.FreeToken or Inst.CallForeign
            or Inst.Length or Inst.StringByte or Inst.VectorGet or Inst.VectorUnique or Inst.VectorStore
            or Inst.VectorSetLength or Inst.VectorCapacity or Inst.VectorNew or Inst.VectorReserve or Inst.VectorTake or Inst.Load or Inst.Store or Inst.PointerAdd => false,
    };
}
