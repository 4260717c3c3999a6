using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>
/// <c>Live.loop</c> and <c>Live.keep</c> (10.10): the state lies in a counted box, which the runtime holds while code and the
/// state's own layout change.
/// </summary>
/// <remarks>
/// A box is what <c>Continue(state)</c> is: an object with the state as its only field and tag 0. An iteration takes a box and
/// gives back what the step did: <c>Continue</c> (tag 0), <c>Halt</c> (tag 1), or the error of a failure in a box of tag 2.
/// </remarks>
internal sealed partial class FunctionLowering
{
    private const int HaltTag = 1, FailureTag = 2;

    /// <returns>Whether the instance is one of them, and is lowered now.</returns>
    private static bool LowerLive(LoweringContext context, Instance instance)
    {
        var symbol = instance.Symbol;
        if (symbol.Module is not { Origin: ModuleOrigin.Standard, Name: "Live" } || symbol.OwnerType is not null) return false;
        // What does not change runs the library's own loop.
        if (symbol.Name != "keep" && !(symbol.Name == "loop" && context.Session.IsReloadable)) return false;
        var lowering = new FunctionLowering(context, context.Program.SourceOf(symbol), instance.Signature.Module, new LambdaNames(instance.Signature.Name), instance.Substitution, null)
        {
            _result = instance.Result,
            _failure = instance.Failure,
        };
        ImmutableArray<ValueId> parameters = [.. instance.Parameters.Select(p => lowering._b.NewValue(lowering.Of(p)))];
        if (symbol.Name == "loop") lowering.Loop(instance, parameters[0], parameters[1]);
        else lowering.Keep(instance, parameters[0], parameters[1]);
        lowering.Finish(instance.Signature, parameters, lowering.LocationOf(symbol.Span));
        return true;
    }

    /// <summary>
    /// The closure code of a declared function, and the code of one iteration with it as a step; for loops that were begun by
    /// code of an earlier version.
    /// </summary>
    public static ImmutableArray<FunctionId> LowerStep(LoweringContext context, FunctionSymbol step, ImmutableArray<ClosedType> arguments)
    {
        var substitution = new TypeSubstitution(step.TypeVariables, arguments, null);
        var parameters = context.Types.CloseAll([.. step.Parameters.Select(p => p.Type)], substitution);
        var type = context.Types.Function(parameters, context.Types.FailureOf(step.Effects, substitution), context.Types.Close(step.Result, substitution));
        var closure = ClosureCode(context, new ResolvedTarget.Function(step, arguments), type, context.ModuleName(step.Module));
        context.States[StateName(parameters[0], type.Failure)] = parameters[0].Source;
        return [closure.Id, Turn(context, parameters[0], type, context.ModuleName(step.Module)).Id];
    }

    private void Loop(Instance instance, ValueId init, ValueId step)
    {
        var state = instance.Result;
        var boxes = StepBoxes(state);
        var failed = instance.Failure is { } failure ? FailureBox(failure) : (LayoutId?)null;
        _context.States[StateName(state, instance.Failure)] = state.Source;
        var box = _b.Emit(MirType.Ref, new Inst.Alloc(boxes[0], [init]));
        var turn = _b.Emit(MirType.Ref, new Inst.FunctionRef(Turn(_context, state, (ClosedType.Function)instance.Parameters[1], _module).Id));
        var end = _b.Runtime(RuntimeFunctions.LiveLoop, box, step, turn, _b.String(StateName(state, instance.Failure)));
        if (failed is { } errors)
        {
            var outcomes = Shapes.Session.Enum($"Live.Outcome({state.Name}, {instance.Failure!.Name})", [boxes[0], boxes[HaltTag], errors]);
            var (halt, fail) = (_b.NewBlock(), _b.NewBlock());
            _b.End(new Terminator.SwitchVariant(end, outcomes, [(HaltTag, new Edge(halt.Id, [])), (FailureTag, new Edge(fail.Id, []))], null));
            _b.Continue(fail);
            FailWith(_b.Emit(Of(instance.Failure!), new Inst.Project(end, errors, 0)));
            _b.Continue(halt);
        }
        Deliver(Destination.Return, _b.Emit(Of(state), new Inst.Project(end, boxes[HaltTag], 0)));
    }

    /// <summary>One iteration as closure code: <c>(self, box, step) -> box</c>. The runtime calls it in whatever world is current.</summary>
    private static MirSignature Turn(LoweringContext context, ClosedType state, ClosedType.Function step, string module) =>
        context.Synthetic($"Live.turn[{StateName(state, step.Failure)}]", module, [MirType.Ref, MirType.Ref, MirType.Ref], MirType.Ref, isClosureCode: true, (at, values) =>
        {
            at._result = step.Result;
            var held = at._b.Emit(at.Of(state), new Inst.Project(values[1], at.StepBoxes(state)[0], 0));
            var outcome = at._b.Emit(at.Shapes.OfResult(step.Result, step.Failure), new Inst.CallClosure(values[2], [held]));
            at.WithFailure(new Outcome(outcome, step.Result, step.Failure),
                (error, _) => at._b.Return(at._b.Emit(MirType.Ref, new Inst.Alloc(at.FailureBox(step.Failure!), [error]))),
                at._b.Return);
        });

    private LayoutId FailureBox(ClosedType failure) => Shapes.Session.Layout($"Live.Failed({failure.Name})", LayoutKind.Fields, FailureTag, [Of(failure)]);

    private void Keep(Instance instance, ValueId name, ValueId init)
    {
        var state = instance.Result;
        var box = StepBoxes(state)[0];
        _context.States[StateName(state, null)] = state.Source;
        var type = _b.String(StateName(state, null));
        var kept = _b.Runtime(RuntimeFunctions.LiveKept, name, type);
        var (first, again) = (_b.NewBlock(), _b.NewBlock());
        _b.Branch(_b.Emit(MirType.Boolean, new Inst.IsNull(kept)), first, again);
        _b.Continue(again);
        Deliver(Destination.Return, _b.Emit(Of(state), new Inst.Project(_b.Emit(MirType.Ref, new Inst.Cast(CastOp.Reinterpret, kept)), box, 0)));
        _b.Continue(first);
        var made = _b.Emit(Shapes.OfResult(state, instance.Failure), new Inst.CallClosure(init, []));
        var value = Settle(made, state, instance.Failure);
        _b.Runtime(RuntimeFunctions.LiveKeep, name, _b.Emit(MirType.Ref, new Inst.Alloc(box, [value])), type);
        Deliver(Destination.Return, value);
    }

    /// <summary>What is kept under a name already; a panic if nothing is.</summary>
    private ValueId KeptValue(Instance instance, ValueId name)
    {
        var state = instance.Result;
        _context.States[StateName(state, null)] = state.Source;
        var kept = _b.Runtime(RuntimeFunctions.LiveKept, name, _b.String(StateName(state, null)));
        var (missing, found) = (_b.NewBlock(), _b.NewBlock());
        _b.Branch(_b.Emit(MirType.Boolean, new Inst.IsNull(kept)), missing, found);
        _b.Continue(missing);
        _b.End(new Terminator.Panic(PanicKind.Message, _b.String("a value that a name was bound to is gone; make anew what was made with it")));
        _b.Continue(found);
        return _b.Emit(Of(state), new Inst.Project(_b.Emit(MirType.Ref, new Inst.Cast(CastOp.Reinterpret, kept)), StepBoxes(state)[0], 0));
    }

    /// <summary>The layouts of <c>Continue(state)</c> and <c>Halt(state)</c>.</summary>
    private ImmutableArray<LayoutId> StepBoxes(ClosedType state) =>
        Shapes.SumOf(Types.Nominal(Program.StandardType("Step", "Step"), [state])) is SumShape.Boxed(_, var layouts, _)
            ? [.. layouts.Select(l => l!.Value)]
            : throw new InvalidOperationException("lowering: Step is a boxed enum");

    /// <summary>How the runtime and reload plans name what a box holds.</summary>
    private static string StateName(ClosedType state, ClosedType? failure) => failure is null ? state.Name : $"{state.Name} ! {failure.Name}";
}
