using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Where several ways of computing one value meet.</summary>
internal sealed class JoinPoint(MirType type)
{
    public MirType Type { get; } = type;
    public List<(BlockBuilder From, ValueId Value)> Arrivals { get; } = [];
}

/// <summary>The end of a <c>catch</c>: its join takes the Result, whose parts have these types.</summary>
internal sealed record CatchTarget(JoinPoint Join, ClosedType Ok, ClosedType Error, CatchTarget? Outer);

/// <summary>What becomes of the value of an expression, so that branches need no detour through a common place.</summary>
internal abstract record Destination
{
    private Destination() { }

    /// <summary>The function's value (in Ok, if it can fail).</summary>
    public sealed record ReturnIt : Destination;
    /// <summary>The value of a catch body: Ok of it.</summary>
    public sealed record CatchIt(CatchTarget Target) : Destination;
    public sealed record JoinIt(JoinPoint Join) : Destination;

    public static readonly Destination Return = new ReturnIt();
}

internal sealed partial class FunctionLowering
{
    private void Deliver(Destination destination, ValueId value)
    {
        if (!_b.IsReachable) return;
        switch (destination)
        {
            case Destination.ReturnIt: _b.Return(_failure is null ? value : MakeOk(_result!, _failure, value)); break;
            case Destination.CatchIt(var target): Arrive(target.Join, MakeOk(target.Ok, target.Error, value)); break;
            case Destination.JoinIt(var join): Arrive(join, value); break;
        }
    }

    /// <summary>The aggregate type that a fallible call may hand on unchanged here; null where it must be taken apart.</summary>
    private MirType? ResultTypeOf(Destination destination) => destination switch
    {
        Destination.ReturnIt => _failure is null ? null : Shapes.OfResult(_result!, _failure),
        Destination.CatchIt(var target) => target.Join.Type,
        Destination.JoinIt => null,
    };

    private void DeliverResult(Destination destination, ValueId result)
    {
        if (destination is Destination.CatchIt(var target)) Arrive(target.Join, result);
        else _b.Return(result);
    }

    private void Arrive(JoinPoint join, ValueId value)
    {
        if (_b.Detach() is { } block) join.Arrivals.Add((block, value));
    }

    /// <summary>Goes on where the ways meet; a single way needs no block of its own.</summary>
    private ValueId Resolve(JoinPoint join)
    {
        if (join.Arrivals.Count == 0) return _b.NewValue(join.Type);
        if (join.Arrivals.Count == 1)
        {
            _b.Continue(join.Arrivals[0].From);
            return join.Arrivals[0].Value;
        }
        var meeting = _b.NewBlock();
        var carriesValue = join.Type is not MirType.Unit;
        var value = carriesValue ? _b.AddParameter(meeting, join.Type) : default;
        foreach (var (from, arrived) in join.Arrivals)
        {
            _b.Continue(from);
            if (carriesValue) _b.Jump(meeting, arrived);
            else _b.Jump(meeting);
        }
        _b.Continue(meeting);
        return carriesValue ? value : _b.Unit();
    }

    private ValueId MakeOk(ClosedType ok, ClosedType error, ValueId value) =>
        _b.Aggregate(Shapes.ResultAggregate(ok, error), _b.Const(MirType.I8, 0), value, Zero(Of(error)));

    private ValueId MakeError(ClosedType ok, ClosedType error, ValueId value) =>
        _b.Aggregate(Shapes.ResultAggregate(ok, error), _b.Const(MirType.I8, 1), Zero(Of(ok)), value);

    private ValueId Zero(MirType type) => Data.Zero(type);
}
