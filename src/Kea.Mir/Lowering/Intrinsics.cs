using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>What <c>@intrinsic("…")</c> names: a service of the runtime, or instructions (<c>kea.…</c>).</summary>
internal sealed partial class FunctionLowering
{
    private ValueId EmitIntrinsic(string name, Instance instance, ImmutableArray<ValueId> a)
    {
        var result = Of(instance.Result);
        if (RuntimeFunctions.Find(name) is { } service)
        {
            var value = _b.Runtime(service, a.AsSpan());
            return service.Result == result ? value : Zero(result);
        }
        if (ArithmeticOf(name) is { } op) return _b.Emit(MirType.I64, new Inst.Arithmetic(op, true, a[0], a[1]));
        if (UnaryOf(name) is { } unary) return _b.Emit(result, new Inst.Unary(unary, a[0]));
        switch (name)
        {
            case "kea.int.to_float": return _b.Emit(result, new Inst.Cast(CastOp.SignedToFloat, a[0]));
            case "kea.float.to_int": return _b.Emit(result, new Inst.Cast(CastOp.FloatToSignedSaturating, a[0]));
            case "kea.char.to_int": return _b.Emit(result, new Inst.Cast(CastOp.ZeroExtend, a[0]));
            case "kea.char.from_int_unchecked": return _b.Emit(result, new Inst.Cast(CastOp.Truncate, a[0]));
            case "strlen" or "kea.string.length": return _b.Emit(result, new Inst.Length(a[0], LayoutKind.String));
            case "kea.string.byte": return _b.Emit(result, new Inst.StringByte(a[0], a[1]));
            case "kea.string.equal": return _b.Runtime(RuntimeFunctions.StringEqual, a[0], a[1]);
            case "kea.string.compare": return _b.Runtime(RuntimeFunctions.StringCompare, a[0], a[1]);
            case ModuleSymbol.KeptValue: return KeptValue(instance, a[0]);
            case "kea.panic":
                _b.End(new Terminator.Panic(PanicKind.Message, a[0]));
                return _b.NewValue(result);
        }
        return name.StartsWith("kea.vector.", StringComparison.Ordinal) ? EmitVector(name, instance, a) : ForeignIntrinsic(name, ForC(a, instance), result);
    }

    // Any other name is a C function (9.12.4), which takes a string as its NUL-terminated bytes.
    private ValueId ForeignIntrinsic(string name, ImmutableArray<ValueId> arguments, MirType result)
    {
        if (name.StartsWith("kea.", StringComparison.Ordinal) || name.StartsWith("__kea_", StringComparison.Ordinal))
            throw new InvalidOperationException($"lowering: no intrinsic {name}");
        var plain = ImmutableArray.CreateBuilder<ValueId>(arguments.Length);
        foreach (var argument in arguments)
            plain.Add(_b.TypeOf(argument) is MirType.Reference ? _b.Runtime(RuntimeFunctions.Find("__kea_text_as_ptr")!, argument) : argument);
        return _b.Emit(result, new Inst.CallForeign(name, plain.MoveToImmutable()));
    }

    /// <summary>C takes 8 and 16 bits in a whole register, extended by the sign of the Kea type, which MIR's integers do not have.</summary>
    private ImmutableArray<ValueId> ForC(ImmutableArray<ValueId> arguments, Instance instance)
    {
        var widened = arguments;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (_b.TypeOf(arguments[i]) is not MirType.Int(8 or 16)) continue;
            var extend = Representation.IsSigned(instance.Parameters[i].BuiltinOrNone) ? CastOp.SignExtend : CastOp.ZeroExtend;
            widened = widened.SetItem(i, _b.Emit(new MirType.Int(32), new Inst.Cast(extend, arguments[i])));
        }
        return widened;
    }

    private ValueId EmitVector(string name, Instance instance, ImmutableArray<ValueId> a)
    {
        var vector = name == "kea.vector.with_capacity" ? instance.Result : instance.Parameters[0];
        var layout = Shapes.VectorLayout(vector);
        var element = Of(((ClosedType.Nominal)vector).Arguments[0]);
        switch (name)
        {
            case "kea.vector.with_capacity": return _b.Emit(MirType.Ref, new Inst.VectorNew(layout, a[0]));
            case "kea.vector.length": return VectorLength(a[0]);
            case "kea.vector.capacity": return _b.Emit(MirType.I64, new Inst.VectorCapacity(a[0]));
            case "kea.vector.get": return _b.Emit(element, new Inst.VectorGet(a[0], layout, a[1]));
            case "kea.vector.set": return SetElement(Unique(a[0], layout), layout, element, a[1], a[2]);
            case "kea.vector.push":
                var length = VectorLength(a[0]);
                var longer = _b.Emit(MirType.I64, new Inst.Arithmetic(ArithmeticOp.WrappingAdd, true, length, _b.Int(1)));
                var roomy = _b.Emit(MirType.Ref, new Inst.VectorReserve(a[0], layout, longer));
                _b.Emit(new Inst.VectorStore(roomy, layout, length, a[1]));
                _b.Emit(new Inst.VectorSetLength(roomy, longer));
                return roomy;
            case "kea.vector.pop":
                var unique = Unique(a[0], layout);
                var shorter = _b.Emit(MirType.I64, new Inst.Arithmetic(ArithmeticOp.WrappingSubtract, true, VectorLength(unique), _b.Int(1)));
                if (IsCounted(element)) _b.Emit(element, new Inst.VectorTake(unique, layout, shorter));
                _b.Emit(new Inst.VectorSetLength(unique, shorter));
                return unique;
            case "kea.vector.swap":
                var both = Unique(a[0], layout);
                var first = _b.Emit(element, new Inst.VectorTake(both, layout, a[1]));
                var second = _b.Emit(element, new Inst.VectorTake(both, layout, a[2]));
                _b.Emit(new Inst.VectorStore(both, layout, a[1], second));
                _b.Emit(new Inst.VectorStore(both, layout, a[2], first));
                return both;
            default: throw new InvalidOperationException($"lowering: no intrinsic {name}");
        }
    }

    private ValueId SetElement(ValueId vector, LayoutId layout, MirType element, ValueId index, ValueId value)
    {
        // The old element is moved out and, nobody wanting it, dropped.
        if (IsCounted(element)) _b.Emit(element, new Inst.VectorTake(vector, layout, index));
        _b.Emit(new Inst.VectorStore(vector, layout, index, value));
        return vector;
    }

    private ValueId Unique(ValueId vector, LayoutId layout) => _b.Emit(MirType.Ref, new Inst.VectorUnique(vector, layout));
    private ValueId VectorLength(ValueId vector) => _b.Emit(MirType.I64, new Inst.Length(vector, LayoutKind.Vector));

    private bool IsCounted(MirType type) => type switch
    {
        MirType.Reference => true,
        MirType.Aggregate(var id) => _context.Session[id].Fields.Any(IsCounted),
        MirType.Int or MirType.Bool or MirType.Float or MirType.Pointer or MirType.Unit or MirType.Token => false,
    };

    private static ArithmeticOp? ArithmeticOf(string name) => name switch
    {
        "kea.int.add_wrapping" => ArithmeticOp.WrappingAdd,
        "kea.int.sub_wrapping" => ArithmeticOp.WrappingSubtract,
        "kea.int.mul_wrapping" => ArithmeticOp.WrappingMultiply,
        "kea.int.and" => ArithmeticOp.And,
        "kea.int.or" => ArithmeticOp.Or,
        "kea.int.xor" => ArithmeticOp.Xor,
        "kea.int.shl" => ArithmeticOp.ShiftLeft,
        "kea.int.shr" => ArithmeticOp.ShiftRight,
        "kea.int.shru" => ArithmeticOp.ShiftRightUnsigned,
        _ => null,
    };

    private static UnaryOp? UnaryOf(string name) => name switch
    {
        "kea.int.not" => UnaryOp.Not,
        "kea.int.popcount" => UnaryOp.PopCount,
        "kea.int.clz" => UnaryOp.LeadingZeros,
        "kea.int.ctz" => UnaryOp.TrailingZeros,
        "kea.float.sqrt" => UnaryOp.FloatSqrt,
        "kea.float.floor" => UnaryOp.FloatFloor,
        "kea.float.ceil" => UnaryOp.FloatCeil,
        "kea.float.round" => UnaryOp.FloatRoundEven,
        "kea.float.abs" => UnaryOp.FloatAbs,
        _ => null,
    };
}
