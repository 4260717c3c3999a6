using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>
/// A whole program in one module: direct calls, internal linkage, strings and closures of functions as constants. It exports
/// <c>kea_main_program</c>, which the runtime's <c>main</c> runs.
/// </summary>
internal sealed unsafe class StaticLinkage(ModuleEmission module) : ILinkage
{
    private readonly LLVMValueRef[] _functions = new LLVMValueRef[module.Program.Signatures.Length];
    private readonly LLVMValueRef[] _closures = new LLVMValueRef[module.Program.Signatures.Length];
    private readonly HashSet<FunctionId> _bodies = [.. module.Program.Functions.Select(function => function.Id)];
    private readonly Dictionary<string, LLVMValueRef> _texts = new(StringComparer.Ordinal);

    public LLVMValueRef Declare(FunctionId function)
    {
        ref var declared = ref _functions[function.Index];
        if (declared.IsNull)
            declared = module.AddFunction(
                module.Program.Signatures[function.Index], _bodies.Contains(function) ? LLVMLinkage.Internal : LLVMLinkage.External);
        return declared;
    }

    public LLVMValueRef Callee(EmitFunction caller, FunctionId callee) => Declare(callee);
    public LLVMValueRef CalleeAt(EmitFunction caller, int slot, FunctionId callee) => throw new InvalidOperationException("a static program has no slots");
    public bool ChecksArrival(FunctionId function) => false;
    public bool IsDirect(FunctionId caller, FunctionId callee) => true;
    public LLVMValueRef ClosureCode(EmitFunction caller, FunctionId function) => Declare(function);
    public int LayoutNumber(LayoutId layout) => layout.Index;
    public HotCounter? EntryCounter(MirFunction function) => null;
    public HotCounter RestCounter(FunctionId rest) => throw new InvalidOperationException("a static program counts nothing");
    public LLVMValueRef Personality => module.Runtime.Personality.Function;

    public LLVMValueRef ClosureObject(FunctionId function)
    {
        ref var made = ref _closures[function.Index];
        if (made.IsNull) made = module.Constant(module.ConstStruct([.. ImmortalObject.Header(module), Declare(function)]), 8);
        return made;
    }

    public LLVMValueRef Text(string text)
    {
        if (!_texts.TryGetValue(text, out var made)) _texts.Add(text, made = module.Constant(ImmortalObject.Text(module, text), 8));
        return made;
    }

    public void Finish()
    {
        if (module.Program.Entry is not { } entry) return;
        var (layouts, count) = LayoutConstants.Table(module);
        ReadOnlySpan<LLVMValueRef> fields = [EntryWrapper.Add(module, entry, _ => Declare(entry)), layouts, module.Types.Const64(count)];
        var program = module.Constant(module.ConstStruct(fields), 8);
        using var name = new NativeText("kea_main_program");
        Native.LLVMSetValueName2(program, name.Pointer, (nuint)name.Length);
        Native.LLVMSetUnnamedAddress(program, LLVMUnnamedAddr.None);
        Native.LLVMSetLinkage(program, LLVMLinkage.External);
    }
}
