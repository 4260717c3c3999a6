using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace Kea.Mir.Tests;

/// <summary>What a run came to: the result as text or the panic, what was written, and the objects that were left.</summary>
internal sealed record Outcome(string Result, string Output, int Live, int Allocations);

/// <summary>
/// Runs MIR in the plainest way, before counts (nothing is ever freed) or after (every count is followed, a touch of a dead
/// object is an error, and a panic drops what <see cref="OwnershipAnalysis"/> says the frames own).
/// </summary>
internal sealed partial class Interpreter
{
    private readonly MirProgram _program;
    private readonly MirTables _tables;
    private readonly bool _counted;
    private readonly MirFunction?[] _bodies;
    private readonly OwnershipAnalysis?[] _ownership;
    private readonly StringBuilder _output = new();
    private long _fuel;
    private int _live;
    private int _serial;
    private int _depth;

    private Interpreter(MirProgram program, bool counted, long fuel)
    {
        (_program, _tables, _counted, _fuel) = (program, new MirTables(program), counted, fuel);
        _bodies = new MirFunction?[program.Signatures.Length];
        _ownership = new OwnershipAnalysis?[program.Signatures.Length];
        foreach (var function in program.Functions) _bodies[function.Id.Index] = function;
    }

    /// <returns>Null when the fuel ran out.</returns>
    public static Outcome? Run(MirProgram program, FunctionId function, bool counted, ImmutableArray<long> arguments, long fuel = 200_000)
    {
        Outcome? outcome = null;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? broken = null;
        var thread = new Thread(() =>
        {
            try { outcome = new Interpreter(program, counted, fuel).Run(function, arguments); }
            catch (OutOfFuel) { }
            catch (Exception e) { broken = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e); }
        }, 512 << 20);
        thread.Start();
        thread.Join();
        broken?.Throw();
        return outcome;
    }

    private Outcome Run(FunctionId function, ImmutableArray<long> arguments)
    {
        string text;
        try
        {
            var result = Call(function, [.. arguments.Select(a => (object)a)]);
            text = Show(result, 0);
            if (_counted) Drop(result);
        }
        catch (MirPanic panic) { text = panic.Message; }
        return new(text, _output.ToString(), _live, _serial);
    }

    private object Call(FunctionId id, object[] arguments)
    {
        var function = _bodies[id.Index] ?? throw new MirBroken($"{_tables[id].Name} has no body");
        if (++_depth > 20_000) throw new OutOfFuel();
        var frame = new object[function.ValueTypes.Length];
        for (var i = 0; i < arguments.Length; i++) frame[function.Parameters[i].Value.Index] = arguments[i];
        OwnershipCursor? cursor = null;
        var block = function.Blocks[0];
        if (_counted) cursor = (_ownership[id.Index] ??= OwnershipAnalysis.Of(function, _tables)).CursorAt(block.Id);
        try
        {
            while (true)
            {
                foreach (var instruction in block.Instructions)
                {
                    if (--_fuel < 0) throw new OutOfFuel();
                    cursor?.Consume(instruction);
                    var result = Execute(function, instruction, frame);
                    if (instruction.Result is { } value) frame[value.Index] = result;
                    cursor?.Produce(instruction);
                }
                if (--_fuel < 0) throw new OutOfFuel();
                cursor?.Consume(block.Terminator);
                if (Next(block.Terminator, frame, out var edge)) { _depth--; return frame[((Terminator.Return)block.Terminator).Value.Index]; }
                block = Enter(function, edge!, frame);
                cursor?.Enter(block.Id);
            }
        }
        catch (MirPanic) when (_counted)
        {
            foreach (var (value, count) in cursor!.Owned())
                for (var i = 0; i < count; i++) Drop(frame[value.Index]);
            _depth--;
            throw;
        }
    }

    private static Block Enter(MirFunction function, Edge edge, object[] frame)
    {
        var block = function.Blocks[edge.Target.Index];
        var moved = new object[edge.Arguments.Length];
        for (var i = 0; i < moved.Length; i++) moved[i] = frame[edge.Arguments[i].Index];
        for (var i = 0; i < moved.Length; i++) frame[block.Parameters[i].Index] = moved[i];
        return block;
    }

    /// <summary>True for a return.</summary>
    private bool Next(Terminator terminator, object[] frame, out Edge? edge)
    {
        edge = null;
        switch (terminator)
        {
            case Terminator.Jump(var target): edge = target; break;
            case Terminator.Branch(var condition, var then, var otherwise): edge = (long)frame[condition.Index] != 0 ? then : otherwise; break;
            case Terminator.SwitchInt(var value, var cases, var otherwise):
                edge = otherwise;
                foreach (var (number, target) in cases) if (number == (long)frame[value.Index]) edge = target;
                break;
            case Terminator.SwitchVariant(var o, var id, var cases, var otherwise):
                edge = otherwise;
                foreach (var (variant, target) in cases) if (variant == VariantOf(frame[o.Index])) edge = target;
                break;
            case Terminator.Return: return true;
            case Terminator.Panic(var kind, var message):
                var text = message is { } m ? Alive(frame[m.Index]).Text : "";
                if (message is { } given && _counted) Drop(frame[given.Index]);
                throw new MirPanic(kind, text);
            case Terminator.Unreachable: throw new MirBroken("reached the unreachable");
        }
        if (edge is null) throw new MirBroken("no case fits");
        return false;
    }

    private object Execute(MirFunction function, Instruction instruction, object[] frame)
    {
        object At(ValueId value) => frame[value.Index];
        long Word(ValueId value) => (long)frame[value.Index];
        object[] All(ImmutableArray<ValueId> values) => [.. values.Select(v => frame[v.Index])];
        var type = instruction.Result is { } r ? function.TypeOf(r) : MirType.Nothing;
        switch (instruction.Operation)
        {
            case Inst.Const(var value): return value;
            case Inst.FloatConst(var value): return value;
            case Inst.StringConst(var value): return new Cell(-1, default) { IsImmortal = true, Text = value };
            case Inst.UnitConst: return Nothing.Value;
            case Inst.Immediate(var variant): return new Odd(variant);
            case Inst.Null: return Nothing.Value;
            case Inst.FunctionRef(var code): return new Cell(-1, default) { IsImmortal = true, Code = code };
            case Inst.Arithmetic(var op, var signed, var left, var right):
                return type is MirType.Float ? FloatArithmetic(op, (double)At(left), (double)At(right)) : Arithmetic(op, signed, Bits(type), Word(left), Word(right));
            case Inst.Unary(var op, var operand): return Unary(op, Bits(function.TypeOf(operand)), At(operand));
            case Inst.Compare(var op, var signed, var left, var right): return Compare(op, signed, At(left), At(right)) ? 1L : 0L;
            case Inst.Cast(var op, var operand): return Cast(op, At(operand), Bits(function.TypeOf(operand)), type);
            case Inst.IsNull(var operand): return At(operand) is Nothing or 0L ? 1L : 0L;
            case Inst.Select(var condition, var left, var right): return Word(condition) != 0 ? At(left) : At(right);
            case Inst.MakeAggregate(_, var fields): return All(fields);
            case Inst.Extract(var aggregate, var field): return ((object[])At(aggregate))[field];
            case Inst.Unpack: return Nothing.Value;
            case Inst.Alloc(var layout, var fields): return New(layout, All(fields));
            case Inst.AllocReuse(var token, var layout, var fields): return Reuse(At(token), layout, All(fields));
            case Inst.MakeClosure(var code, var layout, var captures):
                var closure = New(layout, All(captures));
                closure.Code = code;
                return closure;
            case Inst.Project(var o, _, var field): return Alive(At(o)).Fields[field];
            case Inst.Take(var o, _, var field): return Unique(At(o)).Fields[field];
            case Inst.StoreField(var o, _, var field, var value): Unique(At(o)).Fields[field] = At(value); return Nothing.Value;
            case Inst.Variant(var o, _): return (long)VariantOf(At(o));
            case Inst.Dup(var value): Dup(At(value)); return Nothing.Value;
            case Inst.Drop(var value): Drop(At(value)); return Nothing.Value;
            case Inst.Poll: return Nothing.Value;
            case Inst.IsHot(var rest): return _bodies[rest.Index] is null ? 0L : 1L;
            case Inst.IsUnique(var o): return At(o) is Cell { IsImmortal: false } cell && Alive(cell).Count == 1 ? 1L : 0L;
            case Inst.DropReuse(var o, _):
                if (At(o) is not Cell { IsImmortal: false } dying || Alive(dying).Count > 1) { Drop(At(o)); return Nothing.Value; }
                foreach (var field in dying.Fields) Drop(field);
                return AsToken(dying);
            case Inst.FreeCell(var o, _): Free(Unique(At(o))); return Nothing.Value;
            case Inst.TakeCell(var o, _): return AsToken(Unique(At(o)));
            case Inst.Decrement(var o): Decrement(Alive(At(o))); return Nothing.Value;
            case Inst.FreeToken(var token): if (At(token) is Cell { IsToken: true } memory) Free(memory); return Nothing.Value;
            case Inst.Call(var id, var arguments): return Call(id, All(arguments));
            case Inst.CallClosure(var called, var arguments):
                var target = Alive(At(called));
                return Call(target.Code, [target, .. All(arguments)]);
            case Inst.CallRuntime(var service, var arguments): return Service(service, All(arguments));
            case Inst.CallForeign(var symbol, _): throw new MirBroken($"{symbol} is foreign");
            case Inst.Length(var o, var kind): return (long)(kind == LayoutKind.String ? Encoding.UTF8.GetByteCount(Alive(At(o)).Text) : Alive(At(o)).Fields.Count);
            case Inst.VectorCapacity(var vector): return (long)Alive(At(vector)).Capacity;
            case Inst.VectorNew(var layout, var capacity):
                var made = New(layout, []);
                made.Capacity = (int)Word(capacity);
                return made;
            case Inst.VectorReserve(var vector, _, var needed):
                var grown = MadeUnique(Alive(At(vector)));
                grown.Capacity = Math.Max(grown.Capacity, (int)Word(needed));
                return grown;
            case Inst.StringByte(var text, var index): return (long)Encoding.UTF8.GetBytes(Alive(At(text)).Text)[Word(index)];
            case Inst.VectorGet(var vector, _, var index): return Alive(At(vector)).Fields[(int)Word(index)];
            case Inst.VectorTake(var vector, _, var index): return Unique(At(vector)).Fields[(int)Word(index)];
            case Inst.VectorUnique(var vector, _): return MadeUnique(Alive(At(vector)));
            case Inst.VectorStore(var vector, _, var index, var value): StoreElement(Unique(At(vector)), (int)Word(index), At(value)); return Nothing.Value;
            case Inst.VectorSetLength(var vector, var length): SetLength(Unique(At(vector)), (int)Word(length)); return Nothing.Value;
            case Inst.Load or Inst.Store or Inst.PointerAdd: throw new MirBroken("raw memory is not interpreted");
        }
        throw new MirBroken($"{instruction.Operation} is unknown");
    }

    private static object Arithmetic(ArithmeticOp op, bool signed, int bits, long left, long right)
    {
        if (!signed) (left, right) = (Zero(left, bits), Zero(right, bits));
        BigInteger a = signed ? left : (ulong)left, b = signed ? right : (ulong)right;
        var shift = (int)(right & (bits - 1));
        switch (op)
        {
            case ArithmeticOp.Add: return Checked(a + b, signed, bits);
            case ArithmeticOp.Subtract: return Checked(a - b, signed, bits);
            case ArithmeticOp.Multiply: return Checked(a * b, signed, bits);
            case ArithmeticOp.Divide: return right == 0 ? throw new MirPanic(PanicKind.DivideByZero, "") : Checked(BigInteger.Divide(a, b), signed, bits);
            case ArithmeticOp.Remainder: return right == 0 ? throw new MirPanic(PanicKind.RemainderByZero, "") : Checked(BigInteger.Remainder(a, b), signed, bits);
            case ArithmeticOp.ExactAdd: return Checked(a + b, signed, bits);
            case ArithmeticOp.ExactSubtract: return Checked(a - b, signed, bits);
            case ArithmeticOp.ExactMultiply: return Checked(a * b, signed, bits);
            case ArithmeticOp.WrappingAdd: return Sign(left + right, bits);
            case ArithmeticOp.WrappingSubtract: return Sign(left - right, bits);
            case ArithmeticOp.WrappingMultiply: return Sign(left * right, bits);
            case ArithmeticOp.And: return left & right;
            case ArithmeticOp.Or: return left | right;
            case ArithmeticOp.Xor: return left ^ right;
            case ArithmeticOp.ShiftLeft: return Sign(left << shift, bits);
            case ArithmeticOp.ShiftRight: return left >> shift;
            case ArithmeticOp.ShiftRightUnsigned: return Sign((long)((ulong)Zero(left, bits) >> shift), bits);
        }
        throw new MirBroken($"{op} of integers");
    }

    private static object FloatArithmetic(ArithmeticOp op, double left, double right) => op switch
    {
        ArithmeticOp.FloatAdd => left + right,
        ArithmeticOp.FloatSubtract => left - right,
        ArithmeticOp.FloatMultiply => left * right,
        ArithmeticOp.FloatDivide => left / right,
        _ => throw new MirBroken($"{op} of floats"),
    };

    private static object Unary(UnaryOp op, int bits, object value) => op switch
    {
        UnaryOp.Negate => Checked(-(BigInteger)(long)value, true, bits),
        UnaryOp.Not => bits == 1 ? 1 - (long)value : Sign(~(long)value, bits),
        UnaryOp.FloatNegate => -(double)value,
        UnaryOp.FloatAbs => Math.Abs((double)value),
        UnaryOp.FloatSqrt => Math.Sqrt((double)value),
        UnaryOp.FloatFloor => Math.Floor((double)value),
        UnaryOp.FloatCeil => Math.Ceiling((double)value),
        UnaryOp.FloatRoundEven => Math.Round((double)value),
        UnaryOp.PopCount => (long)BitOperations.PopCount((ulong)Zero((long)value, bits)),
        UnaryOp.LeadingZeros => (long)BitOperations.LeadingZeroCount((ulong)Zero((long)value, bits)) - (64 - bits),
        UnaryOp.TrailingZeros => (long)value == 0 ? (long)bits : BitOperations.TrailingZeroCount((long)value),
    };

    private static bool Compare(CompareOp op, bool signed, object left, object right)
    {
        if (left is double a && right is double b)
        {
            return op switch
            {
                CompareOp.Equal => a == b,
                CompareOp.NotEqual => a != b,
                CompareOp.Less => a < b,
                CompareOp.LessOrEqual => a <= b,
                CompareOp.Greater => a > b,
                CompareOp.GreaterOrEqual => a >= b,
            };
        }
        var order = left is long x && right is long y ? (signed ? x.CompareTo(y) : ((ulong)x).CompareTo((ulong)y)) : Equals(left, right) ? 0 : 1;
        return op switch
        {
            CompareOp.Equal => order == 0,
            CompareOp.NotEqual => order != 0,
            CompareOp.Less => order < 0,
            CompareOp.LessOrEqual => order <= 0,
            CompareOp.Greater => order > 0,
            CompareOp.GreaterOrEqual => order >= 0,
        };
    }

    private static object Cast(CastOp op, object value, int fromBits, MirType to) => op switch
    {
        CastOp.SignExtend => Sign((long)value, Bits(to)),
        CastOp.ZeroExtend => Sign(Zero((long)value, fromBits), Bits(to)),
        CastOp.Truncate => Sign((long)value, Bits(to)),
        CastOp.UnsignedToSignedChecked => (long)value < 0 ? throw new MirPanic(PanicKind.Overflow, "") : value,
        CastOp.SignedToFloat => (double)(long)value,
        CastOp.UnsignedToFloat => (double)(ulong)Zero((long)value, fromBits),
        CastOp.FloatToSignedSaturating => double.IsNaN((double)value) ? 0L : (long)(double)value,
        CastOp.FloatExtend => value,
        CastOp.FloatTruncate => value,
        CastOp.Reinterpret => value,
    };

    private static object Checked(BigInteger value, bool signed, int bits)
    {
        var (low, high) = signed ? (-(BigInteger.One << (bits - 1)), (BigInteger.One << (bits - 1)) - 1) : (0, (BigInteger.One << bits) - 1);
        if (value < low || value > high) throw new MirPanic(PanicKind.Overflow, "");
        return Sign((long)(ulong)(value & ulong.MaxValue), bits);
    }

    private static long Zero(long value, int bits) => bits == 64 ? value : value & ((1L << bits) - 1);
    private static long Sign(long value, int bits) => bits == 64 ? value : bits == 1 ? value & 1 : value << (64 - bits) >> (64 - bits);

    private static int Bits(MirType type) => type switch
    {
        MirType.Int(var bits) => bits,
        MirType.Bool => 1,
        _ => 64,
    };
}
