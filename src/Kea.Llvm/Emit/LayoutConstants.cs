using System.Collections.Immutable;
using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>The table of <c>kea_layout</c> by which the runtime walks objects, as constants of a static program.</summary>
internal static class LayoutConstants
{
    public static (LLVMValueRef Table, int Count) Table(ModuleEmission module)
    {
        var layouts = module.Program.Layouts;
        var rows = new LLVMValueRef[layouts.Length];
        for (var i = 0; i < rows.Length; i++) rows[i] = Row(module, layouts[i]);
        var element = module.Types.Struct(
            [module.Types.I32, module.Types.I16, module.Types.I16, module.Types.Pointer, module.Types.Pointer]);
        return (module.Constant(module.ConstArray(element, rows), 8), rows.Length);
    }

    private static LLVMValueRef Row(ModuleEmission module, Layout layout)
    {
        var (types, shape) = (module.Types, module.Shapes.Of(layout.Id));
        return module.ConstStruct(
        [
            types.Const(types.I32, shape.Size),
            types.Const(types.I16, (int)layout.Kind),
            types.Const(types.I16, shape.ReferenceOffsets.Length),
            Offsets(module, shape.ReferenceOffsets),
            module.CString(layout.Name),
        ]);
    }

    private static LLVMValueRef Offsets(ModuleEmission module, ImmutableArray<int> offsets)
    {
        if (offsets.Length == 0) return Native.LLVMConstNull(module.Types.Pointer);
        var values = new LLVMValueRef[offsets.Length];
        for (var i = 0; i < values.Length; i++) values[i] = module.Types.Const(module.Types.I32, offsets[i]);
        return module.Constant(module.ConstArray(module.Types.I32, values), 4);
    }
}
