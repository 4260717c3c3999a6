using Kea.Llvm.Interop;
using Kea.Mir;

namespace Kea.Llvm.Emit;

// Numbers. Overflow and division checks branch to a cold block that calls the runtime and never comes back.
internal sealed unsafe partial class EmitFunction
{
    private LLVMValueRef Constant(long value, ValueId result)
    {
        _constants[result.Index] = value;
        return _types.Const(_types.Of(TypeOf(result)), value);
    }

    private LLVMValueRef Arithmetic(ArithmeticOp op, bool signed, ValueId leftId, ValueId rightId)
    {
        var (left, right) = (Value(leftId), Value(rightId));
        var type = TypeOf(leftId);
        return op switch
        {
            ArithmeticOp.Add => Checked(signed ? "llvm.sadd.with.overflow" : "llvm.uadd.with.overflow", type, left, right),
            ArithmeticOp.Subtract => Checked(signed ? "llvm.ssub.with.overflow" : "llvm.usub.with.overflow", type, left, right),
            ArithmeticOp.Multiply => Checked(signed ? "llvm.smul.with.overflow" : "llvm.umul.with.overflow", type, left, right),
            ArithmeticOp.Divide => Divide(signed, type, left, rightId),
            ArithmeticOp.Remainder => Remainder(signed, type, left, rightId),
            ArithmeticOp.WrappingAdd => _builder.Add(left, right),
            ArithmeticOp.WrappingSubtract => _builder.Sub(left, right),
            ArithmeticOp.WrappingMultiply => _builder.Mul(left, right),
            ArithmeticOp.ExactAdd => NoWrap(_builder.Add(left, right)),
            ArithmeticOp.ExactSubtract => NoWrap(_builder.Sub(left, right)),
            ArithmeticOp.ExactMultiply => NoWrap(_builder.Mul(left, right)),
            ArithmeticOp.And => _builder.And(left, right),
            ArithmeticOp.Or => _builder.Or(left, right),
            ArithmeticOp.Xor => _builder.Xor(left, right),
            ArithmeticOp.ShiftLeft => _builder.Shl(left, ShiftAmount(leftId, rightId)),
            ArithmeticOp.ShiftRight => signed
                ? _builder.AShr(left, ShiftAmount(leftId, rightId))
                : _builder.LShr(left, ShiftAmount(leftId, rightId)),
            ArithmeticOp.ShiftRightUnsigned => _builder.LShr(left, ShiftAmount(leftId, rightId)),
            ArithmeticOp.FloatAdd => _builder.FAdd(left, right),
            ArithmeticOp.FloatSubtract => _builder.FSub(left, right),
            ArithmeticOp.FloatMultiply => _builder.FMul(left, right),
            ArithmeticOp.FloatDivide => _builder.FDiv(left, right),
        };
    }

    private static LLVMValueRef NoWrap(LLVMValueRef result)
    {
        // A constant folded away is no instruction and needs no flag.
        if (!Native.LLVMIsAInstruction(result).IsNull) Native.LLVMSetNSW(result, 1);
        return result;
    }

    /// <summary>The result of an operation that LLVM computes together with its overflow bit.</summary>
    private LLVMValueRef Checked(string intrinsic, MirType type, LLVMValueRef left, LLVMValueRef right)
    {
        var (functionType, function) = _module.Intrinsic(intrinsic, _types.Of(type));
        var pair = _builder.Call(functionType, function, [left, right]);
        var value = _builder.ExtractValue(pair, 0);
        PanicIf(_builder.ExtractValue(pair, 1), PanicKind.Overflow);
        return value;
    }

    private LLVMValueRef Divide(bool signed, MirType type, LLVMValueRef left, ValueId rightId)
    {
        var right = Value(rightId);
        var llvmType = _types.Of(type);
        PanicIfZero(rightId, llvmType, PanicKind.DivideByZero);
        if (!signed) return _builder.UDiv(left, right);
        if (!IsKnown(rightId, out var known) || known == -1)
        {
            var least = _builder.ICmp(LLVMIntPredicate.EQ, left, _types.Const(llvmType, Least(type)));
            var minusOne = _builder.ICmp(LLVMIntPredicate.EQ, right, _types.Const(llvmType, -1));
            PanicIf(_builder.And(least, minusOne), PanicKind.Overflow);
        }
        return _builder.SDiv(left, right);
    }

    /// <summary>The least number modulo -1 is 0, but the processor traps on it: modulo -1 is taken modulo 1.</summary>
    private LLVMValueRef Remainder(bool signed, MirType type, LLVMValueRef left, ValueId rightId)
    {
        var right = Value(rightId);
        var llvmType = _types.Of(type);
        PanicIfZero(rightId, llvmType, PanicKind.RemainderByZero);
        if (!signed) return _builder.URem(left, right);
        if (IsKnown(rightId, out var known) && known != -1) return _builder.SRem(left, right);
        var minusOne = _builder.ICmp(LLVMIntPredicate.EQ, right, _types.Const(llvmType, -1));
        return _builder.SRem(left, _builder.Select(minusOne, _types.Const(llvmType, 1), right));
    }

    private void PanicIfZero(ValueId value, LLVMTypeRef type, PanicKind kind)
    {
        if (IsKnown(value, out var known) && known != 0) return;
        PanicIf(_builder.ICmp(LLVMIntPredicate.EQ, Value(value), _types.Const(type, 0)), kind);
    }

    private bool IsKnown(ValueId value, out long constant) => _constants.TryGetValue(value.Index, out constant);

    private static long Least(MirType type) => type is MirType.Int(var bits) ? long.MinValue >> (64 - bits) : 0;

    /// <summary>The amount in the width of what is shifted, modulo that width.</summary>
    private LLVMValueRef ShiftAmount(ValueId shifted, ValueId amount)
    {
        var (width, own) = (BitsOf(TypeOf(shifted)), BitsOf(TypeOf(amount)));
        var type = _types.Of(TypeOf(shifted));
        var value = own > width ? _builder.Trunc(Value(amount), type) : own < width ? _builder.ZExt(Value(amount), type) : Value(amount);
        return _builder.And(value, _types.Const(type, width - 1));
    }

    private static int BitsOf(MirType type) => type is MirType.Int(var bits)
        ? bits
        : throw new InvalidOperationException($"{type} is not an integer.");

    private LLVMValueRef Unary(UnaryOp op, ValueId operandId)
    {
        var operand = Value(operandId);
        var type = TypeOf(operandId);
        return op switch
        {
            UnaryOp.Negate => Checked("llvm.ssub.with.overflow", type, _types.Const(_types.Of(type), 0), operand),
            UnaryOp.Not => _builder.Not(operand),
            UnaryOp.FloatNegate => _builder.FNeg(operand),
            UnaryOp.FloatAbs => CallIntrinsic("llvm.fabs", type, [operand]),
            UnaryOp.FloatSqrt => CallIntrinsic("llvm.sqrt", type, [operand]),
            UnaryOp.FloatFloor => CallIntrinsic("llvm.floor", type, [operand]),
            UnaryOp.FloatCeil => CallIntrinsic("llvm.ceil", type, [operand]),
            UnaryOp.FloatRoundEven => CallIntrinsic("llvm.rint", type, [operand]),
            UnaryOp.PopCount => Widen(CallIntrinsic("llvm.ctpop", type, [operand]), type),
            UnaryOp.LeadingZeros => Widen(CallIntrinsic("llvm.ctlz", type, [operand, _types.Const(_types.I1, 0)]), type),
            UnaryOp.TrailingZeros => Widen(CallIntrinsic("llvm.cttz", type, [operand, _types.Const(_types.I1, 0)]), type),
        };
    }

    private LLVMValueRef CallIntrinsic(string name, MirType type, ReadOnlySpan<LLVMValueRef> arguments)
    {
        var (functionType, function) = _module.Intrinsic(name, _types.Of(type));
        return _builder.Call(functionType, function, arguments);
    }

    private LLVMValueRef Widen(LLVMValueRef value, MirType type) =>
        BitsOf(type) == 64 ? value : _builder.ZExt(value, _types.I64);

    private LLVMValueRef Compare(CompareOp op, bool signed, ValueId left, ValueId right)
    {
        if (!_types.HasValue(TypeOf(left))) // All units are equal.
            return _types.Const(_types.I1, op is CompareOp.Equal or CompareOp.LessOrEqual or CompareOp.GreaterOrEqual ? 1 : 0);
        if (TypeOf(left) is MirType.Float)
        {
            var real = op switch
            {
                CompareOp.Equal => LLVMRealPredicate.OEQ,
                CompareOp.NotEqual => LLVMRealPredicate.UNE,
                CompareOp.Less => LLVMRealPredicate.OLT,
                CompareOp.LessOrEqual => LLVMRealPredicate.OLE,
                CompareOp.Greater => LLVMRealPredicate.OGT,
                CompareOp.GreaterOrEqual => LLVMRealPredicate.OGE,
            };
            return _builder.FCmp(real, Value(left), Value(right));
        }
        var predicate = op switch
        {
            CompareOp.Equal => LLVMIntPredicate.EQ,
            CompareOp.NotEqual => LLVMIntPredicate.NE,
            CompareOp.Less => signed ? LLVMIntPredicate.SLT : LLVMIntPredicate.ULT,
            CompareOp.LessOrEqual => signed ? LLVMIntPredicate.SLE : LLVMIntPredicate.ULE,
            CompareOp.Greater => signed ? LLVMIntPredicate.SGT : LLVMIntPredicate.UGT,
            CompareOp.GreaterOrEqual => signed ? LLVMIntPredicate.SGE : LLVMIntPredicate.UGE,
        };
        return _builder.ICmp(predicate, Value(left), Value(right));
    }

    private LLVMValueRef Cast(CastOp op, ValueId operandId, MirType result)
    {
        var operand = Value(operandId);
        var from = TypeOf(operandId);
        var type = _types.Of(result);
        return op switch
        {
            CastOp.SignExtend => from == result ? operand : _builder.SExt(operand, type),
            CastOp.ZeroExtend => from == result ? operand : _builder.ZExt(operand, type),
            CastOp.Truncate => from == result ? operand : _builder.Trunc(operand, type),
            CastOp.UnsignedToSignedChecked => CheckedSign(operand, from),
            CastOp.SignedToFloat => _builder.SIToFP(operand, type),
            CastOp.UnsignedToFloat => _builder.UIToFP(operand, type),
            CastOp.FloatToSignedSaturating => Saturate(operand, from, type),
            CastOp.FloatExtend => from == result ? operand : _builder.FPExt(operand, type),
            CastOp.FloatTruncate => from == result ? operand : _builder.FPTrunc(operand, type),
            CastOp.Reinterpret => Reinterpret(operand, from, result),
        };
    }

    private LLVMValueRef CheckedSign(LLVMValueRef operand, MirType type)
    {
        PanicIf(_builder.ICmp(LLVMIntPredicate.SLT, operand, _types.Const(_types.Of(type), 0)), PanicKind.Overflow);
        return operand;
    }

    private LLVMValueRef Saturate(LLVMValueRef operand, MirType from, LLVMTypeRef result)
    {
        var (type, function) = _module.Intrinsic("llvm.fptosi.sat", result, _types.Of(from));
        return _builder.Call(type, function, [operand]);
    }

    private LLVMValueRef Reinterpret(LLVMValueRef operand, MirType from, MirType to)
    {
        var (source, target) = (_types.Of(from), _types.Of(to));
        if (source == target) return operand;
        if (target == _types.Pointer) return _builder.IntToPtr(operand, target);
        return source == _types.Pointer ? _builder.PtrToInt(operand, target) : _builder.BitCast(operand, target);
    }

    private LLVMValueRef Select(ValueId condition, ValueId then, ValueId otherwise) =>
        _types.HasValue(TypeOf(then)) ? _builder.Select(Value(condition), Value(then), Value(otherwise)) : default;
}
