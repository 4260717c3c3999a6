using System.Collections.Immutable;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir;

/// <summary>What a call reaches once all types are closed.</summary>
internal abstract record ResolvedTarget
{
    private ResolvedTarget() { }
    public sealed record Function(FunctionSymbol Symbol, ImmutableArray<ClosedType> Arguments) : ResolvedTarget;
    /// <summary>A method of a trait that lowering itself implements for tuples, records and primitives.</summary>
    public sealed record Structural(string Method, ClosedType Self) : ResolvedTarget;
    public sealed record Operation(OperationSymbol Symbol) : ResolvedTarget;
    /// <param name="Argument">Type of the first argument, if any.</param>
    public sealed record Builtin(string Name, ClosedType Of, ClosedType? Argument) : ResolvedTarget;
}

/// <summary>What a call left: the result, or with a failure the aggregate of both.</summary>
internal readonly record struct Outcome(ValueId Value, ClosedType Result, ClosedType? Failure);

/// <summary>The function being lowered, when tail calls of itself are jumps.</summary>
internal sealed record SelfCall(Instance Instance, BlockBuilder Header);

internal sealed partial class FunctionLowering
{
    private SelfCall? _self;

    private ValueId LowerCall(TypedExpression.Call call)
    {
        // A lambda that is called on the spot is its body.
        if (call.Target is CallTarget.Value(TypedExpression.Lambda lambda))
        {
            BindArguments(lambda, call.Arguments);
            return Value(lambda.Body);
        }
        var outcome = EmitCall(call);
        return Settle(outcome.Value, outcome.Result, outcome.Failure);
    }

    private void LowerCallInto(TypedExpression.Call call, Destination destination)
    {
        if (call.Target is CallTarget.Value(TypedExpression.Lambda lambda))
        {
            BindArguments(lambda, call.Arguments);
            Into(lambda.Body, destination);
            return;
        }
        if (_self is not null && destination is Destination.ReturnIt && IsSelf(call.Target))
        {
            var arguments = Values(call.Arguments);
            _b.Jump(_self.Header, arguments.AsSpan());
            return;
        }
        var outcome = EmitCall(call);
        // What the callee returned is this function's own outcome: nothing to take apart.
        if (outcome.Failure is not null && _b.IsReachable && ResultTypeOf(destination) == _b.TypeOf(outcome.Value)) DeliverResult(destination, outcome.Value);
        else Deliver(destination, Settle(outcome.Value, outcome.Result, outcome.Failure));
    }

    private void BindArguments(TypedExpression.Lambda lambda, ImmutableArray<TypedExpression> arguments)
    {
        var values = Values(arguments);
        for (var i = 0; i < values.Length; i++) Bind(lambda.Parameters[i], values[i], Close(lambda.Parameters[i].Type));
    }

    private bool IsSelf(CallTarget target) =>
        ResolveDeclared(target) is ResolvedTarget.Function(var symbol, var arguments)
        && ReferenceEquals(symbol, _self!.Instance.Symbol) && arguments.AsSpan().SequenceEqual(_self.Instance.Arguments.AsSpan());

    private Outcome EmitCall(TypedExpression.Call call)
    {
        if (call.Target is CallTarget.Value(var callee)) return EmitValueCall(call, callee);
        var target = ResolveDeclared(call.Target)!;
        if (target is ResolvedTarget.Builtin builtin && !call.Arguments.IsEmpty) target = builtin with { Argument = TypeOf(call.Arguments[0]) };
        var arguments = Values(call.Arguments);
        At(call);
        if (target is ResolvedTarget.Operation(var operation) && IsCheck(operation) && call.Arguments[0] is TypedExpression.Binary) return EmitCheck(call, arguments[0]);
        return Emit(target, arguments, TypeOf(call));
    }

    private static bool IsCheck(OperationSymbol operation) => operation is { Name: "check", Effect: { Name: "Test", IsCapability: true } };

    /// <summary>A failed check of a comparison is reported with its source text (14.5).</summary>
    private Outcome EmitCheck(TypedExpression.Call call, ValueId passed)
    {
        var text = _source is null ? "" : _source.Slice(call.Arguments[0].Span).ToString();
        _b.Runtime(RuntimeFunctions.TestCheckWithMessage, passed, _b.String($"  check failed: {text}"));
        return new Outcome(_b.Unit(), TypeOf(call), null);
    }

    private Outcome EmitValueCall(TypedExpression.Call call, TypedExpression callee)
    {
        var type = (ClosedType.Function)TypeOf(callee);
        var known = KnownCode(callee, type);
        var closure = known is null ? Value(callee) : default;
        var arguments = Values(call.Arguments);
        At(call);
        if (!_b.IsReachable) return Unreached(type.Result, type.Failure);
        Inst operation = known is null
            ? new Inst.CallClosure(closure, arguments)
            : new Inst.Call(known.Code.Id, [.. arguments, .. known.Captures.Select(LocalValue)]);
        return Returned(_b.Emit(Shapes.OfResult(type.Result, type.Failure), operation), type.Result, type.Failure);
    }

    /// <summary>Null for a call of a value.</summary>
    private ResolvedTarget? ResolveDeclared(CallTarget target) => target switch
    {
        CallTarget.Function(var symbol, var arguments) => new ResolvedTarget.Function(symbol, Types.CloseAll(arguments, _substitution)),
        CallTarget.TraitMethod method => ResolveMethod(method),
        CallTarget.Operation(var symbol, _) => new ResolvedTarget.Operation(symbol),
        CallTarget.Builtin(var name, var of) => new ResolvedTarget.Builtin(name, Close(of), null),
        CallTarget.Value => null,
    };

    private ResolvedTarget.Function? Resolve(CallTarget.TraitMethod method) => ResolveMethod(method) as ResolvedTarget.Function;

    private ResolvedTarget ResolveMethod(CallTarget.TraitMethod method) => ResolveMethod(
        method.Trait, method.Method, Close(method.Self), Types.CloseAll(method.TraitArguments, _substitution), Types.CloseAll(method.MethodArguments, _substitution));

    private ResolvedTarget ResolveMethod(TraitSymbol trait, FunctionSymbol method, ClosedType self, ImmutableArray<ClosedType> traitArguments, ImmutableArray<ClosedType> methodArguments) =>
        Program.ResolveMethod(trait, method, self.Source, Sources(traitArguments), Sources(methodArguments)) switch
        {
            MethodResolution.Found(var symbol, var arguments) => new ResolvedTarget.Function(symbol, Types.CloseAll(arguments, TypeSubstitution.Empty)),
            MethodResolution.Structural => new ResolvedTarget.Structural(method.Name, self),
        };

    private static ImmutableArray<Type> Sources(ImmutableArray<ClosedType> types) => types.IsEmpty ? [] : [.. types.Select(t => t.Source)];

    private Outcome Emit(ResolvedTarget target, ImmutableArray<ValueId> arguments, ClosedType result)
    {
        if (!_b.IsReachable) return Unreached(result, null);
        return target switch
        {
            ResolvedTarget.Function(var symbol, var types) => EmitFunction(symbol, types, arguments),
            ResolvedTarget.Structural(var method, var self) => new Outcome(EmitStructural(method, self, arguments), result, null),
            ResolvedTarget.Operation(var symbol) => EmitOperation(symbol, arguments, result),
            ResolvedTarget.Builtin builtin => new Outcome(EmitBuiltin(builtin, arguments, result), result, null),
        };
    }

    private Outcome EmitFunction(FunctionSymbol symbol, ImmutableArray<ClosedType> types, ImmutableArray<ValueId> arguments)
    {
        var instance = _context.Instance(symbol, types, _module);
        if (symbol.Intrinsic is { } intrinsic) return Returned(EmitIntrinsic(intrinsic, instance, arguments), instance.Result, null);
        Inst call = symbol.IsExtern ? new Inst.CallForeign(symbol.Name, ForC(arguments, instance)) : new Inst.Call(instance.Signature.Id, arguments);
        return Returned(_b.Emit(instance.Signature.Result, call), instance.Result, instance.Failure);
    }

    private Outcome EmitOperation(OperationSymbol operation, ImmutableArray<ValueId> arguments, ClosedType result)
    {
        var name = $"__kea_{operation.Effect.Name}_{operation.Name}".ToLowerInvariant();
        var service = RuntimeFunctions.Find(name) ?? throw new InvalidOperationException($"lowering: the runtime has no {operation}");
        var value = _b.Runtime(service, arguments.AsSpan());
        return Returned(service.Result == Of(result) ? value : Zero(Of(result)), result, null);
    }

    private ValueId EmitStructural(string method, ClosedType self, ImmutableArray<ValueId> arguments) => method switch
    {
        "eq" => EmitEquals(self, arguments[0], arguments[1]),
        "compare" => EmitCompare(self, arguments[0], arguments[1]),
        "show" => EmitShow(self, arguments[0]),
        "hash" => EmitHash(self, arguments[0]),
        _ => throw new InvalidOperationException($"lowering: no structural {method} of {self.Name}"),
    };

    /// <summary>After a call that never returns nothing follows.</summary>
    private Outcome Returned(ValueId value, ClosedType result, ClosedType? failure)
    {
        if (result.IsNever && failure is null) _b.Unreachable();
        return new Outcome(value, result, failure);
    }

    private Outcome Unreached(ClosedType result, ClosedType? failure) => new(_b.NewValue(Shapes.OfResult(result, failure)), result, failure);

    private (FunctionSymbol Symbol, ImmutableArray<ClosedType> Arguments) Implementation(string trait, string method, ClosedType self)
    {
        var symbol = Program.StandardTrait(trait, trait);
        return ResolveMethod(symbol, symbol.Methods[method], self, [], []) is ResolvedTarget.Function(var found, var arguments)
            ? (found, arguments)
            : throw new InvalidOperationException($"lowering: {self.Name} has no implementation of {trait}");
    }

    private ValueId CallMethod(string trait, string method, ClosedType self, ImmutableArray<ValueId> arguments)
    {
        var (symbol, types) = Implementation(trait, method, self);
        return CallFunction(symbol, types, arguments);
    }

    private ValueId CallStandard(string module, string name, ImmutableArray<ClosedType> types, ImmutableArray<ValueId> arguments)
    {
        var symbol = Program.StandardFunction(module, name);
        // Further variables are effect rows of callbacks, and there are none here.
        while (types.Length < symbol.TypeVariables.Length) types = types.Add(Types.EmptyRow);
        return CallFunction(symbol, types, arguments);
    }

    private ValueId CallFunction(FunctionSymbol symbol, ImmutableArray<ClosedType> types, ImmutableArray<ValueId> arguments)
    {
        if (!_b.IsReachable) return _b.NewValue(_context.Instance(symbol, types, _module).Signature.Result);
        var outcome = EmitFunction(symbol, types, arguments);
        return Settle(outcome.Value, outcome.Result, outcome.Failure);
    }

    private ValueId CallSynthetic(MirSignature code, ImmutableArray<ValueId> arguments) => _b.Emit(code.Result, new Inst.Call(code.Id, arguments));
}
