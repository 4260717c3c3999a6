using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

/// <summary>
/// One MIR function as LLVM IR: <c>fastcc</c>, the context first, references as <c>ptr</c>, aggregates as first-class
/// structs, block parameters as phis. Blocks are emitted in reverse postorder, so a value is defined before it is used.
/// The other parts of this class are one family of instructions each.
/// </summary>
internal sealed unsafe partial class EmitFunction
{
    private readonly ModuleEmission _module;
    private readonly ILinkage _linkage;
    private readonly MirFunction _function;
    private readonly TypeMap _types;
    private readonly LLVMBuilderRef _builder;
    private readonly LLVMValueRef[] _values;
    /// <summary>Integer constants by value, so that a division by a literal needs no check.</summary>
    private readonly Dictionary<int, long> _constants = [];
    private readonly LLVMBasicBlockRef[] _blocks;
    private readonly ControlFlow _flow;
    private readonly OwnedValues _owned;
    private readonly LLVMMetadataRef _scope;
    private Location _location;
    private (Location Location, LLVMMetadataRef Node) _place;

    public LLVMValueRef Function { get; }
    public LLVMValueRef Context { get; }
    public LLVMBuilderRef Builder => _builder;
    public MirFunction Mir => _function;

    public static void Into(ModuleEmission module, ILinkage linkage, LLVMValueRef function, MirFunction mir) =>
        new EmitFunction(module, linkage, function, mir).Run();

    private EmitFunction(ModuleEmission module, ILinkage linkage, LLVMValueRef function, MirFunction mir)
    {
        (_module, _linkage, _function, Function) = (module, linkage, mir, function);
        (_types, _builder) = (module.Types, module.Builder);
        _values = new LLVMValueRef[mir.ValueTypes.Length];
        _blocks = new LLVMBasicBlockRef[mir.Blocks.Length];
        _stateAtEnd = new int[mir.Blocks.Length];
        _flow = ControlFlow.Of(mir);
        _owned = new OwnedValues(mir, module.Tables, _flow);
        _held = new HeldTable(mir, module, _owned);
        Context = Native.LLVMGetParam(function, 0);
        if (module.Debug is { } debug) _scope = debug.Function(function, mir);
        if (!module.MayPanic[mir.Id.Index]) module.Attributes.OfFunction(function, module.Attributes.NoUnwind);
    }

    private LLVMValueRef Value(ValueId id) => _values[id.Index];
    private MirType TypeOf(ValueId id) => _function.ValueTypes[id.Index];

    private void Run()
    {
        BindParameters();
        At(_function.Location);
        var order = _flow.Order;
        var counter = _linkage.EntryCounter(_function);
        // LLVM's entry block has no way in but the call.
        var prologue = counter is not null || _flow.Predecessors(0).Count > 0 ? NewBlock() : default;
        foreach (var index in order) _blocks[index] = NewBlock();
        MakePhis(order);
        _builder.PositionAtEnd(prologue.IsNull ? _blocks[0] : prologue);
        if (_linkage.ChecksArrival(_function.Id)) CallChecks.Arrive(_module, Context, _function.Id);
        if (_module.Options.CleanUps == CleanUps.FrameRecords) OpenRecord();
        if (!prologue.IsNull)
        {
            if (counter is { } calls)
            {
                _owned.Enter(0);
                CountEntry(calls);
            }
            _builder.Br(_blocks[0]);
        }
        foreach (var index in order) EmitBlock(index);
        EmitPads();
        if (_module.Options.CleanUps == CleanUps.FrameRecords) CloseRecord();
    }

    private void EmitBlock(int index)
    {
        var block = _function.Blocks[index];
        _builder.PositionAtEnd(_blocks[index]);
        _owned.Enter(index);
        EnterState(index);
        for (var i = 0; i < block.Instructions.Length; i++)
        {
            var instruction = block.Instructions[i];
            At(instruction.Location);
            if (i == block.Instructions.Length - 1 && TryTailCall(instruction, block.Terminator)) return;
            _owned.Consume(instruction);
            var value = Emit(instruction.Operation, instruction.Result);
            _owned.Produce(instruction);
            if (instruction.Result is { } result) _values[result.Index] = value;
        }
        At(block.TerminatorLocation);
        Emit(block.Terminator);
        _stateAtEnd[index] = _state;
    }

    private LLVMValueRef Emit(Inst inst, ValueId? result) => inst switch
    {
        Inst.Const(var value) => Constant(value, result!.Value),
        Inst.FloatConst(var value) => Native.LLVMConstReal(_types.Of(TypeOf(result!.Value)), value),
        Inst.StringConst(var text) => _linkage.Text(text),
        Inst.UnitConst => default,
        Inst.Immediate(var variant) => Native.LLVMConstIntToPtr(_types.Const64(2L * variant + 1), _types.Pointer),
        Inst.Null => Native.LLVMConstNull(_types.Pointer),
        Inst.FunctionRef(var function) => _linkage.ClosureObject(function),
        Inst.Arithmetic(var op, var signed, var left, var right) => Arithmetic(op, signed, left, right),
        Inst.Unary(var op, var operand) => Unary(op, operand),
        Inst.Compare(var op, var signed, var left, var right) => Compare(op, signed, left, right),
        Inst.Cast(var op, var operand) => Cast(op, operand, TypeOf(result!.Value)),
        Inst.IsNull(var operand) => _builder.ICmp(LLVMIntPredicate.EQ, Value(operand), Native.LLVMConstNull(_types.Pointer)),
        Inst.Select(var condition, var then, var otherwise) => Select(condition, then, otherwise),
        Inst.MakeAggregate(var aggregate, var fields) => MakeAggregate(aggregate, fields),
        Inst.Extract(var aggregate, var field) => Extract(aggregate, field),
        Inst.Unpack => default,
        Inst.Alloc(var layout, var fields) => Alloc(layout, fields),
        Inst.AllocReuse(var token, var layout, var fields) => AllocReuse(token, layout, fields),
        Inst.MakeClosure(var function, var layout, var captures) => MakeClosure(function, layout, captures),
        Inst.Project(var from, var layout, var field) => Project(from, layout, field),
        Inst.Take(var from, var layout, var field) => Project(from, layout, field),
        Inst.StoreField(var into, var layout, var field, var value) => StoreField(into, layout, field, value),
        Inst.Variant(var from, var id) => Variant(from, id),
        Inst.Dup(var value) => Dup(Value(value), TypeOf(value)),
        Inst.Drop(var value) => Drop(Value(value), TypeOf(value)),
        Inst.IsUnique(var from) => IsUnique(from),
        Inst.IsHot(var rest) => IsHot(rest),
        Inst.Poll => Poll(),
        Inst.DropReuse(var from, _) => DropReuse(from),
        Inst.FreeCell(var from, _) => Free(Value(from)),
        Inst.TakeCell(var from, _) => Value(from),
        Inst.Decrement(var from) => CallHelper(_module.Runtime.Decrement, [Context, Value(from)]),
        Inst.FreeToken(var token) => Drop(Value(token), MirType.Reuse),
        Inst.Call(var callee, var arguments) => Call(callee, arguments),
        Inst.CallClosure(var closure, var arguments) => CallClosure(closure, arguments, result),
        Inst.CallRuntime(var function, var arguments) => CallRuntime(function, arguments),
        Inst.CallForeign(var symbol, var arguments) => CallForeign(symbol, arguments, result),
        Inst.Length(var from, _) => Length(from),
        Inst.VectorCapacity(var vector) => VectorCapacity(vector),
        Inst.VectorNew(var layout, var capacity) => VectorNew(layout, capacity),
        Inst.VectorReserve(var vector, _, var needed) => VectorReserve(vector, needed),
        Inst.StringByte(var text, var index) => StringByte(text, index),
        Inst.VectorGet(var vector, var layout, var index) => VectorGet(vector, layout, index),
        Inst.VectorTake(var vector, var layout, var index) => VectorGet(vector, layout, index),
        Inst.VectorUnique(var vector, _) => VectorUnique(vector),
        Inst.VectorStore(var vector, var layout, var index, var value) => VectorStore(vector, layout, index, value),
        Inst.VectorSetLength(var vector, var length) => VectorSetLength(vector, length),
        Inst.Load(var address) => LoadShared(TypeOf(result!.Value), Value(address)),
        Inst.Store(var address, var value) => StoreParts(TypeOf(value), Value(value), Value(address), alias: null),
        Inst.PointerAdd(var address, var index, var element) => PointerAdd(address, index, element),
    };

    private void BindParameters()
    {
        uint at = 1;
        foreach (var parameter in _function.Parameters)
            if (_types.HasValue(TypeOf(parameter.Value)))
                _values[parameter.Value.Index] = Native.LLVMGetParam(Function, at++);
    }

    private void MakePhis(int[] order)
    {
        foreach (var index in order)
        {
            var parameters = _function.Blocks[index].Parameters;
            if (parameters.Length == 0) continue;
            _builder.PositionAtEnd(_blocks[index]);
            foreach (var parameter in parameters)
                if (_types.HasValue(TypeOf(parameter))) _values[parameter.Index] = _builder.Phi(_types.Of(TypeOf(parameter)));
        }
    }

    private LLVMBasicBlockRef NewBlock() => Native.LLVMAppendBasicBlockInContext(_types.Context, Function, NativeText.Empty);

    /// <summary>What is emitted next belongs to this place in the source.</summary>
    private void At(Location location)
    {
        _location = location;
        if (_module.Debug is not { } debug) return;
        if (_place.Node.IsNull || _place.Location != location) _place = (location, debug.Place(_scope, location));
        _builder.SetLocation(_place.Node);
    }
}
