using System.Text;
using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>One LLVM module while it is being filled: what its functions share.</summary>
internal sealed unsafe class ModuleEmission : IDisposable
{
    private readonly Dictionary<(string Path, string Function, Location At), LLVMValueRef> _sites = [];
    private readonly Dictionary<string, LLVMValueRef> _cStrings = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, LLVMTypeRef First, LLVMTypeRef? Second), (LLVMTypeRef Type, LLVMValueRef Function)> _intrinsics = [];
    private readonly LlvmBuilder _builder;

    public readonly MirProgram Program;
    public readonly MirTables Tables;
    public readonly ObjectShapes Shapes;
    public readonly EmitOptions Options;
    public readonly LlvmModule Module;
    public readonly TypeMap Types;
    public readonly Attributes Attributes;
    public readonly Facts Facts;
    public readonly RuntimeSymbols Runtime;
    public readonly DebugInfo? Debug;
    public readonly LLVMBuilderRef Builder;

    /// <summary>By function id; calls to the others need no clean-up.</summary>
    public bool[] MayPanic = [];

    public ModuleEmission(MirProgram program, LlvmContext context, string name, string mainFile, Processor processor, EmitOptions options)
    {
        (Program, Tables, Options, Shapes) = (program, new MirTables(program), options, new ObjectShapes(program));
        using var text = new NativeText(name);
        Module = new LlvmModule(Native.LLVMModuleCreateWithNameInContext(text.Pointer, context.Ref));
        processor.Describe(Module);
        Types = new TypeMap(context.Ref, program);
        Attributes = new Attributes(context.Ref);
        Facts = new Facts(Types, options.Facts);
        Runtime = new RuntimeSymbols(this);
        _builder = new LlvmBuilder(context.Ref);
        Builder = _builder.Ref;
        if (options.DebugInfo) Debug = new DebugInfo(Module.Ref, Types, mainFile, options.Facts);
    }

    public void Dispose()
    {
        Debug?.Dispose();
        _builder.Dispose();
        Module.Dispose();
    }

    /// <summary>Emits bodies and what the linkage exports, and closes the debug information.</summary>
    public void Emit(IReadOnlyList<MirFunction> functions, ILinkage linkage)
    {
        MayPanic = PanicAnalysis.MayPanic(Program, functions, linkage.IsDirect, function => linkage.EntryCounter(function) is not null);
        foreach (var function in functions) EmitFunction.Into(this, linkage, linkage.Declare(function.Id), function);
        linkage.Finish();
        Debug?.Finish();
    }

    /// <summary>The LLVM type of a Kea function: the context, then what has a value.</summary>
    public LLVMTypeRef FunctionType(MirSignature signature)
    {
        var types = new LLVMTypeRef[signature.Parameters.Length + 1];
        types[0] = Types.Pointer;
        var count = 1;
        foreach (var (type, _) in signature.Parameters) if (Types.HasValue(type)) types[count++] = Types.Of(type);
        return TypeMap.Function(Types.Of(signature.Result), types.AsSpan(0, count));
    }

    /// <summary>Adds a Kea function with the attributes that its signature implies.</summary>
    public LLVMValueRef AddFunction(MirSignature signature, LLVMLinkage linkage)
    {
        using var name = new NativeText(signature.Name);
        var function = Native.LLVMAddFunction(Module.Ref, name.Pointer, FunctionType(signature));
        Native.LLVMSetFunctionCallConv(function, LLVMCallConv.Fast);
        Native.LLVMSetLinkage(function, linkage);
        Attributes.OfFunction(function, Attributes.UnwindTable);
        if (!Options.Facts) return function;
        Attributes.OfParameter(function, 0, Attributes.NonNull);
        Attributes.OfParameter(function, 0, Attributes.NoUndef);
        Attributes.OfParameter(function, 0, Attributes.ContextBytes);
        var at = 1;
        foreach (var (type, _) in signature.Parameters)
        {
            if (!Types.HasValue(type)) continue;
            if (type is MirType.Reference(var immediate, var isNull))
            {
                if (!isNull) Attributes.OfParameter(function, at, Attributes.NonNull);
                if (!immediate) Attributes.OfParameter(function, at, Attributes.Align8);
            }
            if (type is not MirType.Aggregate) Attributes.OfParameter(function, at, Attributes.NoUndef);
            at++;
        }
        return function;
    }

    /// <summary>An LLVM intrinsic that is overloaded on one type, or on two.</summary>
    public (LLVMTypeRef Type, LLVMValueRef Function) Intrinsic(string name, LLVMTypeRef type, LLVMTypeRef? second = null)
    {
        if (_intrinsics.TryGetValue((name, type, second), out var found)) return found;
        using var text = new NativeText(name);
        var id = Native.LLVMLookupIntrinsicID(text.Pointer, (nuint)text.Length);
        var types = stackalloc LLVMTypeRef[2] { type, second ?? default };
        var function = Native.LLVMGetIntrinsicDeclaration(Module.Ref, id, types, second is null ? 1u : 2u);
        found = (Native.LLVMGlobalGetValueType(function), function);
        _intrinsics.Add((name, type, second), found);
        return found;
    }

    /// <summary>A <c>kea_site</c>: where a panic happened.</summary>
    public LLVMValueRef Site(MirFunction function, Location at)
    {
        var key = (function.SourcePath, function.Name, at);
        if (_sites.TryGetValue(key, out var site)) return site;
        // Inlined code names the function and file that it was written in.
        var (name, path) = function.ScopeOf(at);
        site = Constant(ConstStruct([
            CString(path), CString(name), Types.Const(Types.I32, at.Line), Types.Const(Types.I32, at.Column)]), 8);
        _sites.Add(key, site);
        return site;
    }

    public LLVMValueRef CString(string text)
    {
        if (_cStrings.TryGetValue(text, out var global)) return global;
        global = Constant(Bytes(text), 1);
        _cStrings.Add(text, global);
        return global;
    }

    /// <summary>The bytes of a text with a NUL behind them.</summary>
    public LLVMValueRef Bytes(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = bytes) return Native.LLVMConstStringInContext2(Types.Context, first, (nuint)bytes.Length, 0);
    }

    public LLVMValueRef ConstStruct(ReadOnlySpan<LLVMValueRef> values)
    {
        fixed (LLVMValueRef* first = values) return Native.LLVMConstStructInContext(Types.Context, first, (uint)values.Length, 0);
    }

    public LLVMValueRef ConstArray(LLVMTypeRef element, ReadOnlySpan<LLVMValueRef> values)
    {
        fixed (LLVMValueRef* first = values) return Native.LLVMConstArray2(element, first, (ulong)values.Length);
    }

    /// <summary>A private read-only global.</summary>
    public LLVMValueRef Constant(LLVMValueRef value, uint alignment)
    {
        var global = Native.LLVMAddGlobal(Module.Ref, Native.LLVMTypeOf(value), NativeText.Empty);
        Native.LLVMSetInitializer(global, value);
        Native.LLVMSetGlobalConstant(global, 1);
        Native.LLVMSetLinkage(global, LLVMLinkage.Private);
        Native.LLVMSetUnnamedAddress(global, LLVMUnnamedAddr.Global);
        Native.LLVMSetAlignment(global, alignment);
        return global;
    }
}
