using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>Where LLVM returns the result of a function.</summary>
public static class ResultPlace
{
    /// <summary>
    /// True where that is certain. A result in memory, which most need that have four parts or more, has its address from the caller,
    /// as a parameter before all others; LLVM does not make jumps of such calls.
    /// </summary>
    public static bool IsInRegisters(MirProgram program, MirType result) => Parts(program, result) <= 3;

    private static int Parts(MirProgram program, MirType type) => type switch
    {
        MirType.Aggregate(var id) => program.Aggregates[id.Index].Fields.Sum(field => Parts(program, field)),
        MirType.Unit => 0,
        MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Reference or MirType.Token => 1,
    };
}
