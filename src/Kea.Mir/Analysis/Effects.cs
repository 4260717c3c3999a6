namespace Kea.Mir;

/// <summary>What an instruction may do besides computing its result.</summary>
public static class Effects
{
    /// <summary>It may unwind: a checked operation, or a call of something that may.</summary>
    public static bool MayPanic(Inst inst, MirTables tables) => inst switch
    {
        Inst.Arithmetic(var op, _, _, _) => op is ArithmeticOp.Add or ArithmeticOp.Subtract or ArithmeticOp.Multiply or ArithmeticOp.Divide or ArithmeticOp.Remainder,
        Inst.Unary(var op, _) => op == UnaryOp.Negate,
        Inst.Cast(var op, _) => op == CastOp.UnsignedToSignedChecked,
        Inst.Call or Inst.CallClosure or Inst.IsHot or Inst.Poll => true,
        Inst.CallRuntime(var function, _) => function.MayPanic,
        _ => false,
    };

    /// <summary>
    /// It may go when nobody uses its result: nothing but the result could be observed. Reads of memory count as pure here, and
    /// so do allocations; what panics does not.
    /// </summary>
    public static bool IsRemovable(Inst inst, MirTables tables) => inst switch
    {
        Inst.Dup or Inst.Drop or Inst.DropReuse or Inst.FreeCell or Inst.TakeCell or Inst.Decrement or Inst.FreeToken or Inst.Unpack => false,
        Inst.StoreField or Inst.VectorStore or Inst.VectorSetLength or Inst.Store or Inst.Take or Inst.VectorTake => false,
        Inst.CallForeign => false,
        Inst.CallRuntime(var function, _) => function.Pure && !function.MayPanic,
        _ => !MayPanic(inst, tables),
    };
}
