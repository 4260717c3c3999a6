using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>What a unit needs from the process it is loaded into. Addresses stay good for as long as the process lives.</summary>
public interface IUnitEnvironment
{
    /// <summary>The slot that calls of this function go through; the unit holds it from now on.</summary>
    int SlotOf(FunctionId function);
    /// <summary>The layout's number in the process's table.</summary>
    int LayoutNumber(LayoutId layout);
    /// <summary>An immortal string object; not in the unit, since values outlive units.</summary>
    nint Text(string text);
    /// <summary>The immortal closure object of a function without captures; late bound, not in the unit either.</summary>
    nint ClosureObject(FunctionId function);
    /// <summary>
    /// The code that closure objects of this function hold; it stays for as long as there may be such objects. Zero where that is
    /// what the function's slot holds.
    /// </summary>
    nint ClosureCode(FunctionId function);
    /// <summary>What counts the calls of a function; null where nothing is counted.</summary>
    HotCounter? EntryCounter(FunctionId function, bool forwards);
    /// <summary>What counts the rounds of a loop. Calls of the rest go through the same slot.</summary>
    HotCounter RestCounter(FunctionId rest);
    /// <summary>Whether calls through slots check what they find there.</summary>
    bool ChecksCalls { get; }
}

/// <summary>
/// A unit that can be replaced while it runs: calls go <c>context → world → slot</c>, direct ones only inside a recursive
/// group. It exports one table with the addresses of its functions, in the order in which they were given.
/// </summary>
/// <param name="roots">
/// Of a unit of functions that are hot together: what its table holds. Such a unit belongs to one set of versions, so all
/// calls within it are direct; closures that it makes outlive that set and get code that does not depend on it.
/// </param>
internal sealed unsafe class ReloadableLinkage(
    ModuleEmission module, IReadOnlyList<MirFunction> functions, IUnitEnvironment environment, string tableName, IReadOnlyList<FunctionId>? roots = null) : ILinkage
{
    private readonly RecursiveGroups? _groups = roots is null ? new(functions) : null;
    private readonly Dictionary<FunctionId, LLVMValueRef> _functions = [];
    private readonly HashSet<FunctionId> _own = Ids(functions);
    private LLVMValueRef _personality;

    public LLVMValueRef Declare(FunctionId function)
    {
        if (_functions.TryGetValue(function, out var declared)) return declared;
        declared = module.AddFunction(module.Program.Signatures[function.Index], LLVMLinkage.Internal);
        _functions.Add(function, declared);
        return declared;
    }

    public bool IsDirect(FunctionId caller, FunctionId callee) => _groups?.AreTogether(caller, callee) ?? _own.Contains(callee);

    public LLVMValueRef Callee(EmitFunction caller, FunctionId callee) =>
        IsDirect(caller.Mir.Id, callee) ? Declare(callee) : CalleeAt(caller, environment.SlotOf(callee), callee);

    public LLVMValueRef CalleeAt(EmitFunction caller, int slot, FunctionId callee)
    {
        var code = LoadSlot(module, caller.Context, slot);
        if (environment.ChecksCalls) CallChecks.Leave(module, caller.Context, callee, code, HotProgram.WrittenName(caller.Mir.Name));
        return code;
    }

    /// <summary>Optimised units are entered by their roots alone.</summary>
    public bool ChecksArrival(FunctionId function) => environment.ChecksCalls && (roots is null || roots.Contains(function));

    public LLVMValueRef ClosureCode(EmitFunction caller, FunctionId function)
    {
        if (_groups is null) return environment.ClosureCode(function) is var code and not 0 ? Address(code) : LoadSlot(module, caller.Context, environment.SlotOf(function));
        if (!_own.Contains(function)) return LoadSlot(module, caller.Context, environment.SlotOf(function));
        return Declare(function);
    }

    public LLVMValueRef Personality
    {
        get
        {
            if (_personality.IsNull) _personality = MakePersonality();
            return _personality;
        }
    }

    /// <summary>Closure objects and direct calls hold on to the code, whatever the slots say.</summary>
    public HotCounter? EntryCounter(MirFunction function) =>
        _groups is null ? null : environment.EntryCounter(function.Id, function.IsClosureCode || _groups.IsRecursive(function.Id));

    public HotCounter RestCounter(FunctionId rest) => environment.RestCounter(rest);

    public LLVMValueRef ClosureObject(FunctionId function) => Address(environment.ClosureObject(function));
    public LLVMValueRef Text(string text) => Address(environment.Text(text));
    public int LayoutNumber(LayoutId layout) => environment.LayoutNumber(layout);

    public void Finish()
    {
        var addresses = new LLVMValueRef[roots?.Count ?? functions.Count];
        for (var i = 0; i < addresses.Length; i++) addresses[i] = Declare(roots?[i] ?? functions[i].Id);
        Export(module, module.ConstArray(module.Types.Pointer, addresses), tableName);
    }

    /// <summary>A world and its slots do not change for an activation, so an optimiser may move the loads.</summary>
    public static LLVMValueRef LoadSlot(ModuleEmission module, LLVMValueRef context, int slot)
    {
        var world = module.Facts.Invariant(module.Builder.Load(module.Types.Pointer, context));
        var entry = module.Builder.InBoundsGEP(module.Types.Pointer, world, module.Types.Const64(slot));
        return module.Facts.Invariant(module.Builder.Load(module.Types.Pointer, entry));
    }

    public static void Export(ModuleEmission module, LLVMValueRef value, string name)
    {
        var table = module.Constant(value, 8);
        using var text = new NativeText(name);
        Native.LLVMSetValueName2(table, text.Pointer, (nuint)text.Length);
        Native.LLVMSetUnnamedAddress(table, LLVMUnnamedAddr.None);
        Native.LLVMSetLinkage(table, LLVMLinkage.External);
    }

    /// <summary>
    /// A jump to the runtime's personality under a name of the unit's own. Frames refer to their personality through a word
    /// <c>DW.ref.NAME</c> that the first unit in the process with that name would lend to all others: too far away for some
    /// of them, and gone when it is unloaded.
    /// </summary>
    private LLVMValueRef MakePersonality()
    {
        using var name = new NativeText($"{tableName}.personality");
        var (type, target) = module.Runtime.Personality;
        var function = Native.LLVMAddFunction(module.Module.Ref, name.Pointer, type);
        Native.LLVMSetLinkage(function, LLVMLinkage.Internal);
        module.Attributes.OfFunction(function, module.Attributes.UnwindTable);
        module.Builder.PositionAtEnd(Native.LLVMAppendBasicBlockInContext(module.Types.Context, function, NativeText.Empty));
        module.Builder.SetLocation(default);
        var arguments = new LLVMValueRef[5];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = Native.LLVMGetParam(function, (uint)i);
        var call = module.Builder.Call(type, target, arguments);
        Native.LLVMSetTailCallKind(call, LLVMTailCallKind.MustTail);
        module.Builder.Ret(call);
        return function;
    }

    private LLVMValueRef Address(nint address) => Native.LLVMConstIntToPtr(module.Types.Const64(address), module.Types.Pointer);

    private static HashSet<FunctionId> Ids(IReadOnlyList<MirFunction> functions)
    {
        var ids = new HashSet<FunctionId>();
        foreach (var function in functions) ids.Add(function.Id);
        return ids;
    }
}
