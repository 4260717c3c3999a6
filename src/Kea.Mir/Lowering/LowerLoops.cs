using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary><c>for</c>: a loop whose state is in block parameters, by what is iterated.</summary>
internal sealed partial class FunctionLowering
{
    private ValueId LowerFor(TypedExpression.For loop)
    {
        var type = TypeOf(loop.Iterable);
        if (loop.Iterable is TypedExpression.Range range)
        {
            var from = Value(range.From);
            OverRange(loop, ((ClosedType.Nominal)type).Arguments[0], from, Value(range.To), range.Inclusive ? null : _b.Bool(false), range.Inclusive);
            return _b.Unit();
        }
        var iterated = Value(loop.Iterable);
        if (!_b.IsReachable) return _b.Unit();
        At(loop.Iterable);
        Over(loop, iterated, type);
        return _b.Unit();
    }

    private void Over(TypedExpression.For loop, ValueId iterated, ClosedType type)
    {
        switch (type.BuiltinOrNone)
        {
            case BuiltinType.List: OverList(loop, iterated, (ClosedType.Nominal)type); break;
            case BuiltinType.Vector: OverVector(loop, iterated, (ClosedType.Nominal)type); break;
            case BuiltinType.Option: OverOption(loop, iterated, (ClosedType.Nominal)type); break;
            case BuiltinType.Range: OverRangeValue(loop, iterated, (ClosedType.Nominal)type); break;
            case BuiltinType.Set: OverLibraryList(loop, iterated, (ClosedType.Nominal)type, "Set"); break;
            case BuiltinType.Map: OverLibraryList(loop, iterated, (ClosedType.Nominal)type, "Map"); break;
            default: OverUserType(loop, iterated, type); break;
        }
    }

    private void OverList(TypedExpression.For loop, ValueId list, ClosedType.Nominal type)
    {
        var (_, cons) = ListVariants(type);
        var (header, body, after) = (_b.NewBlock(), _b.NewBlock(), _b.NewBlock());
        var rest = _b.AddParameter(header, Of(type));
        _b.Jump(header, list);
        _b.Continue(header);
        SwitchOnList(rest, type, body, after);
        _b.Continue(body);
        var head = VariantField(rest, type, cons, 0);
        var tail = VariantField(rest, type, cons, 1);
        Bind(loop.Pattern, head, type.Arguments[0]);
        Value(loop.Body);
        _b.Jump(header, tail);
        _b.Continue(after);
    }

    private void OverLibraryList(TypedExpression.For loop, ValueId collection, ClosedType.Nominal type, string module)
    {
        var list = CallStandard(module, "to_list", type.Arguments, [collection]);
        var element = type.Arguments.Length == 1 ? type.Arguments[0] : Types.Tuple(type.Arguments);
        OverList(loop, list, Types.Nominal(Program.StandardType("List", "List"), [element]));
    }

    private void OverVector(TypedExpression.For loop, ValueId vector, ClosedType.Nominal type)
    {
        var (header, body, after) = (_b.NewBlock(), _b.NewBlock(), _b.NewBlock());
        var length = VectorLength(vector);
        var index = _b.AddParameter(header, MirType.I64);
        _b.Jump(header, _b.Int(0));
        _b.Continue(header);
        _b.Branch(_b.Compare(CompareOp.Less, true, index, length), body, after);
        _b.Continue(body);
        Bind(loop.Pattern, _b.Emit(Of(type.Arguments[0]), new Inst.VectorGet(vector, Shapes.VectorLayout(type), index)), type.Arguments[0]);
        Value(loop.Body);
        _b.Jump(header, Next(index, MirType.I64));
        _b.Continue(after);
    }

    private void OverOption(TypedExpression.For loop, ValueId option, ClosedType.Nominal type)
    {
        var some = type.Symbol.Variants[0].Fields.IsEmpty ? 1 : 0;
        var (body, after) = (_b.NewBlock(), _b.NewBlock());
        SwitchOnOption(option, type, body, after);
        _b.Continue(body);
        Bind(loop.Pattern, VariantField(option, type, some, 0), type.Arguments[0]);
        Value(loop.Body);
        _b.Jump(after);
        _b.Continue(after);
    }

    private void SwitchOnOption(ValueId option, ClosedType.Nominal type, BlockBuilder some, BlockBuilder none)
    {
        var someIndex = type.Symbol.Variants[0].Fields.IsEmpty ? 1 : 0;
        if (Shapes.SumOf(type) is SumShape.Nullable) _b.Branch(_b.Emit(MirType.Boolean, new Inst.IsNull(option)), none, some);
        else _b.End(new Terminator.SwitchInt(
            _b.Emit(MirType.I8, new Inst.Extract(option, 0)), [(1 - someIndex, new Edge(none.Id, [])), (someIndex, new Edge(some.Id, []))], null));
    }

    private void OverRangeValue(TypedExpression.For loop, ValueId range, ClosedType.Nominal type)
    {
        var bound = Of(type.Arguments[0]);
        var from = _b.Emit(bound, new Inst.Extract(range, 0));
        var to = _b.Emit(bound, new Inst.Extract(range, 1));
        OverRange(loop, type.Arguments[0], from, to, _b.Emit(MirType.Boolean, new Inst.Extract(range, 2)), true);
    }

    /// <param name="isInclusive">Null when it is known to be.</param>
    /// <param name="mayBeInclusive">False for <c>a..b</c> written out.</param>
    private void OverRange(TypedExpression.For loop, ClosedType element, ValueId from, ValueId to, ValueId? isInclusive, bool mayBeInclusive)
    {
        var type = Of(element);
        var signed = Representation.IsSigned(element.BuiltinOrNone);
        var (header, body, next, after) = (_b.NewBlock(), _b.NewBlock(), _b.NewBlock(), _b.NewBlock());
        var at = _b.AddParameter(header, type);
        _b.Jump(header, from);
        _b.Continue(header);
        if (!mayBeInclusive)
        {
            _b.Branch(_b.Compare(CompareOp.Less, signed, at, to), body, after);
        }
        else if (isInclusive is null)
        {
            _b.Branch(_b.Compare(CompareOp.LessOrEqual, signed, at, to), body, after);
        }
        else
        {
            var (last, below) = (_b.NewBlock(), _b.NewBlock());
            _b.Branch(_b.Compare(CompareOp.Less, signed, at, to), body, below);
            _b.Continue(below);
            _b.Branch(isInclusive.Value, last, after);
            _b.Continue(last);
            _b.Branch(_b.Compare(CompareOp.Equal, signed, at, to), body, after);
        }
        _b.Continue(body);
        Bind(loop.Pattern, at, element);
        Value(loop.Body);
        // The greatest value has no successor, so the end is found before stepping on.
        if (mayBeInclusive) _b.Branch(_b.Compare(CompareOp.Equal, signed, at, to), after, next);
        else _b.Jump(next);
        _b.Continue(next);
        _b.Jump(header, Next(at, type));
        _b.Continue(after);
    }

    private ValueId Next(ValueId index, MirType type) =>
        _b.Emit(type, new Inst.Arithmetic(ArithmeticOp.WrappingAdd, true, index, _b.Const(type, 1)));

    /// <summary>Through the iterator that Iterable.iter gives, or through the value itself.</summary>
    private void OverUserType(TypedExpression.For loop, ValueId iterated, ClosedType type)
    {
        if (!IsIterable(type))
        {
            OverIterator(loop, iterated, type);
            return;
        }
        var (symbol, arguments) = Implementation("Iterable", "iter", type);
        var iterator = _context.Instance(symbol, arguments, _module).Result;
        OverIterator(loop, CallFunction(symbol, arguments, [iterated]), iterator);
    }

    private bool IsIterable(ClosedType type) =>
        Program.Implements(Program.StandardTrait("Iterable", "Iterable"), type.Source);

    /// <summary>Asks Iterator.next until it has no more.</summary>
    private void OverIterator(TypedExpression.For loop, ValueId iterated, ClosedType type)
    {
        var (symbol, arguments) = Implementation("Iterator", "next", type);
        var instance = _context.Instance(symbol, arguments, _module);
        var option = (ClosedType.Nominal)instance.Result;
        var pair = option.Arguments[0];
        var some = option.Symbol.Variants[0].Fields.IsEmpty ? 1 : 0;
        var (header, body, after) = (_b.NewBlock(), _b.NewBlock(), _b.NewBlock());
        var state = _b.AddParameter(header, Of(type));
        _b.Jump(header, iterated);
        _b.Continue(header);
        var step = CallFunction(symbol, arguments, [state]);
        SwitchOnOption(step, option, body, after);
        _b.Continue(body);
        var advanced = VariantField(step, option, some, 0);
        Bind(loop.Pattern, ProductField(advanced, pair, 0), Shapes.FieldsOf(pair).Types[0]);
        var rest = ProductField(advanced, pair, 1);
        Value(loop.Body);
        _b.Jump(header, rest);
        _b.Continue(after);
    }
}
