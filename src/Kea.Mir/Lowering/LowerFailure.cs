using Kea.Types;

namespace Kea.Mir;

/// <summary>Fail, <c>?</c> and <c>catch</c>: results in registers and branches.</summary>
internal sealed partial class FunctionLowering
{
    /// <summary>Leaves for the nearest catch of this function, or returns the failure.</summary>
    private void FailWith(ValueId error)
    {
        if (!_b.IsReachable) return;
        if (_catch is { } target) Arrive(target.Join, MakeError(target.Ok, target.Error, error));
        else if (_failure is not null) _b.Return(MakeError(_result!, _failure, error));
        else throw new InvalidOperationException("lowering: a failure in a function that cannot fail");
    }

    /// <summary>The value of a call that may have failed; goes on only if it has not.</summary>
    private ValueId Settle(ValueId outcome, ClosedType result, ClosedType? failure)
    {
        if (failure is null) return outcome;
        if (!_b.IsReachable) return _b.NewValue(Of(result));
        var tag = _b.Emit(MirType.I8, new Inst.Extract(outcome, 0));
        var (succeeded, failed) = (_b.NewBlock(), _b.NewBlock());
        _b.End(new Terminator.SwitchInt(tag, [(0, new Edge(succeeded.Id, [])), (1, new Edge(failed.Id, []))], null));
        _b.Continue(failed);
        var destination = _catch is null ? Destination.Return : new Destination.CatchIt(_catch);
        if (ResultTypeOf(destination) == _b.TypeOf(outcome)) DeliverResult(destination, outcome);
        else FailWith(_b.Emit(Of(failure), new Inst.Extract(outcome, 2)));
        _b.Continue(succeeded);
        var value = _b.Emit(Of(result), new Inst.Extract(outcome, 1));
        if (result.IsNever) _b.Unreachable();
        return value;
    }

    private ValueId LowerTry(TypedExpression.Try expression)
    {
        var type = (ClosedType.Nominal)TypeOf(expression.Operand);
        var outcome = Value(expression.Operand);
        At(expression);
        return Settle(outcome, type.Arguments[0], type.Arguments[1]);
    }

    /// <summary>At the end of a function or catch with the same parts the Result itself is the outcome.</summary>
    private void LowerTryInto(TypedExpression.Try expression, Destination destination)
    {
        var type = TypeOf(expression.Operand);
        if (Of(type) == ResultTypeOf(destination))
        {
            var outcome = Value(expression.Operand);
            if (_b.IsReachable) DeliverResult(destination, outcome);
        }
        else Deliver(destination, LowerTry(expression));
    }

    private ValueId LowerFail(TypedExpression.Fail expression)
    {
        FailWith(Value(expression.Value));
        return _b.NewValue(Of(TypeOf(expression)));
    }

    /// <summary>The value of a catch is the Result itself: what a fallible call returned is passed on as it is.</summary>
    private ValueId LowerCatch(TypedExpression.Catch expression)
    {
        var type = (ClosedType.Nominal)TypeOf(expression);
        var target = new CatchTarget(new JoinPoint(Of(type)), type.Arguments[0], type.Arguments[1], _catch);
        _catch = target;
        Into(expression.Body, new Destination.CatchIt(target));
        _catch = target.Outer;
        return Resolve(target.Join);
    }
}
