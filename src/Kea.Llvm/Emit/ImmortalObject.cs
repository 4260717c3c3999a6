using System.Text;
using Kea.Llvm.Interop;

namespace Kea.Llvm.Emit;

/// <summary>Objects that are constants of a module: their count is <c>KEA_IMMORTAL</c> and never changes.</summary>
internal static class ImmortalObject
{
    public const int Count = int.MinValue;
    public const int StringLayout = 0;

    /// <summary>Count, layout, tag.</summary>
    public static LLVMValueRef[] Header(ModuleEmission module) =>
    [
        module.Types.Const(module.Types.I32, Count),
        module.Types.Const(module.Types.I16, StringLayout),
        module.Types.Const(module.Types.I16, 0),
    ];

    public static LLVMValueRef Text(ModuleEmission module, string text) => module.ConstStruct(
        [.. Header(module), module.Types.Const64(Encoding.UTF8.GetByteCount(text)), module.Bytes(text)]);
}
