using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>Integer methods (6.2.3), <c>T.try_from</c> and <c>Ptr.*</c> (9.11).</summary>
internal sealed partial class FunctionLowering
{
    private ValueId EmitBuiltin(ResolvedTarget.Builtin target, ImmutableArray<ValueId> a, ClosedType result)
    {
        var type = Of(target.Of);
        var signed = Representation.IsSigned(target.Of.BuiltinOrNone);
        ValueId Binary(ArithmeticOp op) => _b.Emit(type, new Inst.Arithmetic(op, signed, a[0], a[1]));
        ValueId Shift(ArithmeticOp op) => _b.Emit(type, new Inst.Arithmetic(op, signed, a[0], ShiftAmount(a[1], type)));
        ValueId Count(UnaryOp op) => _b.Emit(MirType.I64, new Inst.Unary(op, a[0]));
        // Of an element without bits a pointer still takes a byte (9.11).
        var element = type is MirType.Unit ? MirType.I8 : type;
        switch (target.Name)
        {
            case "bit_and": return Binary(ArithmeticOp.And);
            case "bit_or": return Binary(ArithmeticOp.Or);
            case "bit_xor": return Binary(ArithmeticOp.Xor);
            case "bit_not": return _b.Emit(type, new Inst.Unary(UnaryOp.Not, a[0]));
            case "shift_left": return Shift(ArithmeticOp.ShiftLeft);
            case "shift_right": return Shift(signed ? ArithmeticOp.ShiftRight : ArithmeticOp.ShiftRightUnsigned);
            case "shift_right_unsigned": return Shift(ArithmeticOp.ShiftRightUnsigned);
            case "wrapping_add": return Binary(ArithmeticOp.WrappingAdd);
            case "wrapping_sub": return Binary(ArithmeticOp.WrappingSubtract);
            case "wrapping_mul": return Binary(ArithmeticOp.WrappingMultiply);
            case "popcount": return Count(UnaryOp.PopCount);
            case "leading_zeros": return Count(UnaryOp.LeadingZeros);
            case "trailing_zeros": return Count(UnaryOp.TrailingZeros);
            case "try_from": return EmitTryFrom(a[0], target.Argument!.BuiltinOrNone, target.Of, (ClosedType.Nominal)result);
            case "ptr_null": return _b.Emit(MirType.Raw, new Inst.Null());
            case "ptr_is_null": return _b.Emit(MirType.Boolean, new Inst.IsNull(a[0]));
            case "ptr_read": return type is MirType.Unit ? _b.Unit() : _b.Emit(type, new Inst.Load(a[0]));
            case "ptr_write":
                if (type is not MirType.Unit) _b.Emit(new Inst.Store(a[0], a[1]));
                return _b.Unit();
            case "ptr_offset": return _b.Emit(MirType.Raw, new Inst.PointerAdd(a[0], a[1], element));
            case "ptr_cast": return a[0];
            case "ptr_alloc": return _b.Runtime(RuntimeFunctions.PointerAlloc, a[0], _b.Int(Shapes.SizeOf(element).Size));
            case "ptr_free": return _b.Runtime(RuntimeFunctions.PointerFree, a[0]);
            default: throw new InvalidOperationException($"lowering: no built-in {target.Name}");
        }
    }

    // Only the low bits of an amount count, and they survive a truncation.
    private ValueId ShiftAmount(ValueId amount, MirType type) =>
        type is MirType.Int { Bits: < 64 } ? _b.Emit(type, new Inst.Cast(CastOp.Truncate, amount)) : amount;

    private ValueId EmitTryFrom(ValueId value, BuiltinType from, ClosedType to, ClosedType.Nominal option)
    {
        var (none, some) = option.Symbol.Variants[0].Fields.IsEmpty ? (0, 1) : (1, 0);
        var wide = from == BuiltinType.UInt64 ? value : Widen(value, from, BuiltinType.Int);
        var narrow = Of(to);
        var (fits, misses) = (_b.NewBlock(), _b.NewBlock());
        if (Range(from, to.BuiltinOrNone) is not var (low, high)) _b.Jump(fits);
        else if (from == BuiltinType.UInt64) _b.Branch(_b.Compare(CompareOp.LessOrEqual, false, wide, _b.Int(high)), fits, misses);
        else if (high == long.MaxValue) _b.Branch(_b.Compare(CompareOp.GreaterOrEqual, true, wide, _b.Int(low)), fits, misses);
        else
        {
            var above = _b.NewBlock();
            _b.Branch(_b.Compare(CompareOp.GreaterOrEqual, true, wide, _b.Int(low)), above, misses);
            _b.Continue(above);
            _b.Branch(_b.Compare(CompareOp.LessOrEqual, true, wide, _b.Int(high)), fits, misses);
        }
        var join = new JoinPoint(Of(option));
        _b.Continue(fits);
        var same = narrow == MirType.I64 ? wide : _b.Emit(narrow, new Inst.Cast(CastOp.Truncate, wide));
        Arrive(join, MakeVariant(option, some, [same]));
        _b.Continue(misses);
        Arrive(join, MakeVariant(option, none, []));
        return Resolve(join);
    }

    /// <summary>The values of the source, as i64, that the target holds; null when that is all of them.</summary>
    private static (long Low, long High)? Range(BuiltinType from, BuiltinType to) => to switch
    {
        BuiltinType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        BuiltinType.Int16 => (short.MinValue, short.MaxValue),
        BuiltinType.Int32 => (int.MinValue, int.MaxValue),
        BuiltinType.UInt8 => (0, byte.MaxValue),
        BuiltinType.UInt16 => (0, ushort.MaxValue),
        BuiltinType.UInt32 => (0, uint.MaxValue),
        BuiltinType.UInt64 => from == BuiltinType.UInt64 ? null : (0, long.MaxValue),
        _ => from == BuiltinType.UInt64 ? (0, long.MaxValue) : null,
    };
}
