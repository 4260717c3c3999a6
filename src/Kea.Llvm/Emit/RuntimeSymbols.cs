using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>The C functions that a module calls, declared on first use with what is known of them.</summary>
internal sealed unsafe class RuntimeSymbols(ModuleEmission module)
{
    private readonly Dictionary<string, (LLVMTypeRef Type, LLVMValueRef Function)> _declared = new(StringComparer.Ordinal);

    public (LLVMTypeRef Type, LLVMValueRef Function) Dup => Helper("kea_dup", module.Types.Void, [module.Types.Pointer]);
    public (LLVMTypeRef Type, LLVMValueRef Function) DupAny => Helper("kea_dup_any", module.Types.Void, [module.Types.Pointer]);
    public (LLVMTypeRef Type, LLVMValueRef Function) Drop => OnContext("kea_drop");
    public (LLVMTypeRef Type, LLVMValueRef Function) DropAny => OnContext("kea_drop_any");
    public (LLVMTypeRef Type, LLVMValueRef Function) Decrement => OnContext("kea_decrement");
    public (LLVMTypeRef Type, LLVMValueRef Function) Free => OnContext("kea_free");
    public (LLVMTypeRef Type, LLVMValueRef Function) DropReuse =>
        Helper("kea_drop_reuse", module.Types.Pointer, [module.Types.Pointer, module.Types.Pointer]);
    public (LLVMTypeRef Type, LLVMValueRef Function) IsUniqueAny =>
        Helper("kea_is_unique_any", module.Types.I1, [module.Types.Pointer], zeroExtendResult: true);
    public (LLVMTypeRef Type, LLVMValueRef Function) VectorUnique =>
        Helper("kea_vector_unique", module.Types.Pointer, [module.Types.Pointer, module.Types.Pointer]);

    public (LLVMTypeRef Type, LLVMValueRef Function) Hot =>
        Helper("kea_hot", module.Types.I1, [module.Types.Pointer, module.Types.Pointer, module.Types.I64], zeroExtendResult: true);

    /// <summary>Ends the computation, as a poll has seen that somebody wants.</summary>
    public (LLVMTypeRef Type, LLVMValueRef Function) Interrupted => EndsIn("kea_interrupted", [module.Types.Pointer, module.Types.Pointer]);
    public (LLVMTypeRef Type, LLVMValueRef Function) CallLeaves => OfChecks("kea_call_leaves", [module.Types.Pointer, module.Types.Pointer, module.Types.Pointer]);
    public (LLVMTypeRef Type, LLVMValueRef Function) CallArrives => OfChecks("kea_call_arrives", [module.Types.Pointer, module.Types.I64, module.Types.Pointer]);

    public (LLVMTypeRef Type, LLVMValueRef Function) VectorNew =>
        Helper("kea_vector_new", module.Types.Pointer, [module.Types.Pointer, module.Types.I64, module.Types.I64]);
    public (LLVMTypeRef Type, LLVMValueRef Function) VectorReserve =>
        Helper("kea_vector_reserve", module.Types.Pointer, [module.Types.Pointer, module.Types.Pointer, module.Types.I64]);

    public (LLVMTypeRef Type, LLVMValueRef Function) Alloc
    {
        get
        {
            if (_declared.TryGetValue("kea_alloc", out var found)) return found;
            found = Helper("kea_alloc", module.Types.Pointer, [module.Types.Pointer, module.Types.I64]);
            module.Attributes.OfResult(found.Function, module.Attributes.NoAlias);
            module.Attributes.OfResult(found.Function, module.Attributes.NonNull);
            module.Attributes.OfResult(found.Function, module.Attributes.Align8);
            return found;
        }
    }

    /// <summary>A function that ends the computation by unwinding.</summary>
    public (LLVMTypeRef Type, LLVMValueRef Function) Panic(PanicKind kind)
    {
        var pointer = module.Types.Pointer;
        var symbol = kind switch
        {
            PanicKind.Overflow => "kea_panic_overflow",
            PanicKind.DivideByZero => "kea_panic_divide_by_zero",
            PanicKind.RemainderByZero => "kea_panic_remainder_by_zero",
            PanicKind.Message => "kea_panic_message",
            PanicKind.UnhandledFail => "kea_unhandled_fail",
        };
        return EndsIn(symbol, kind is PanicKind.Message ? [pointer, pointer, pointer] : [pointer, pointer]);
    }

    /// <summary>Returns, or ends the run without unwinding.</summary>
    private (LLVMTypeRef Type, LLVMValueRef Function) OfChecks(string symbol, ReadOnlySpan<LLVMTypeRef> parameters)
    {
        if (_declared.TryGetValue(symbol, out var found)) return found;
        found = Declare(symbol, module.Types.Void, parameters);
        module.Attributes.OfFunction(found.Function, module.Attributes.NoUnwind);
        return found;
    }

    private (LLVMTypeRef Type, LLVMValueRef Function) EndsIn(string symbol, ReadOnlySpan<LLVMTypeRef> parameters)
    {
        if (_declared.TryGetValue(symbol, out var found)) return found;
        found = Declare(symbol, module.Types.Void, parameters);
        module.Attributes.OfFunction(found.Function, module.Attributes.NoReturn);
        module.Attributes.OfFunction(found.Function, module.Attributes.Cold);
        return found;
    }

    public (LLVMTypeRef Type, LLVMValueRef Function) Personality => Declare("kea_personality", module.Types.I32,
        [module.Types.I32, module.Types.I32, module.Types.I64, module.Types.Pointer, module.Types.Pointer]);

    /// <summary>A service of the runtime, typed as its table entry says.</summary>
    public (LLVMTypeRef Type, LLVMValueRef Function) Service(RuntimeFunction function)
    {
        if (_declared.TryGetValue(function.Symbol, out var found)) return found;
        var types = new List<MirType>(function.Parameters.Length);
        foreach (var (type, _) in function.Parameters) types.Add(type);
        found = CFunction(function.Symbol, function.TakesContext, types, function.Result);
        if (!function.MayPanic) module.Attributes.OfFunction(found.Function, module.Attributes.NoUnwind);
        return found;
    }

    /// <summary>A foreign C function, typed as it is called.</summary>
    public (LLVMTypeRef Type, LLVMValueRef Function) Foreign(string symbol, List<MirType> parameters, MirType result)
    {
        if (_declared.TryGetValue(symbol, out var found)) return found;
        found = CFunction(symbol, takesContext: false, parameters, result);
        module.Attributes.OfFunction(found.Function, module.Attributes.NoUnwind);
        return found;
    }

    private (LLVMTypeRef Type, LLVMValueRef Function) OnContext(string symbol) =>
        Helper(symbol, module.Types.Void, [module.Types.Pointer, module.Types.Pointer]);

    private (LLVMTypeRef Type, LLVMValueRef Function) Helper(
        string symbol, LLVMTypeRef result, ReadOnlySpan<LLVMTypeRef> parameters, bool zeroExtendResult = false)
    {
        if (_declared.TryGetValue(symbol, out var found)) return found;
        found = Declare(symbol, result, parameters);
        module.Attributes.OfFunction(found.Function, module.Attributes.NoUnwind);
        module.Attributes.OfFunction(found.Function, module.Attributes.WillReturn);
        if (zeroExtendResult) module.Attributes.OfResult(found.Function, module.Attributes.ZeroExtend);
        return found;
    }

    private (LLVMTypeRef Type, LLVMValueRef Function) CFunction(string symbol, bool takesContext, List<MirType> parameters, MirType result)
    {
        var types = new List<LLVMTypeRef>(parameters.Count + 1);
        if (takesContext) types.Add(module.Types.Pointer);
        foreach (var type in parameters) if (module.Types.HasValue(type)) types.Add(module.Types.Of(type));
        var declared = Declare(symbol, module.Types.Of(result), [.. types]);
        var at = takesContext ? 1 : 0;
        foreach (var type in parameters)
        {
            if (!module.Types.HasValue(type)) continue;
            if (Extension(type) is { } extension) module.Attributes.OfParameter(declared.Function, at, extension);
            at++;
        }
        if (Extension(result) is { } ofResult) module.Attributes.OfResult(declared.Function, ofResult);
        return declared;
    }

    /// <summary>How C widens what is narrower than a register; MIR's small integers carry no sign, C's here are signed.</summary>
    private LLVMAttributeRef? Extension(MirType type) => type switch
    {
        MirType.Bool => module.Attributes.ZeroExtend,
        MirType.Int(8 or 16) => module.Attributes.SignExtend,
        MirType.Int or MirType.Float or MirType.Pointer or MirType.Unit or MirType.Reference or MirType.Aggregate or MirType.Token => null,
    };

    private (LLVMTypeRef Type, LLVMValueRef Function) Declare(string symbol, LLVMTypeRef result, ReadOnlySpan<LLVMTypeRef> parameters)
    {
        if (_declared.TryGetValue(symbol, out var found)) return found;
        using var name = new NativeText(symbol);
        var type = TypeMap.Function(result, parameters);
        found = (type, Native.LLVMAddFunction(module.Module.Ref, name.Pointer, type));
        _declared.Add(symbol, found);
        return found;
    }
}
