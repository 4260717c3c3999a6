using System.Collections.Immutable;

namespace Kea.Mir;

public enum ArithmeticOp
{
    /// <summary>Panic on overflow, and Divide/Remainder on zero.</summary>
    Add, Subtract, Multiply, Divide, Remainder,
    WrappingAdd, WrappingSubtract, WrappingMultiply,
    /// <summary>Signed; a pass has shown that the result fits.</summary>
    ExactAdd, ExactSubtract, ExactMultiply,
    And, Or, Xor,
    /// <summary>Shift amounts are taken modulo the bit width.</summary>
    ShiftLeft, ShiftRight, ShiftRightUnsigned,
    FloatAdd, FloatSubtract, FloatMultiply, FloatDivide,
}

public enum UnaryOp
{
    /// <summary>Panics on overflow.</summary>
    Negate,
    /// <summary>Complement; of a bool, negation.</summary>
    Not,
    FloatNegate, FloatAbs, FloatSqrt, FloatFloor, FloatCeil, FloatRoundEven,
    /// <summary>Results are i64.</summary>
    PopCount, LeadingZeros, TrailingZeros,
}

public enum CompareOp { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual }

public enum CastOp
{
    SignExtend, ZeroExtend, Truncate,
    /// <summary>u64 to i64; panics above 2^63 - 1.</summary>
    UnsignedToSignedChecked,
    SignedToFloat, UnsignedToFloat,
    /// <summary>Truncates, saturates, NaN gives 0.</summary>
    FloatToSignedSaturating,
    FloatExtend, FloatTruncate,
    /// <summary>
    /// Same bits, another MirType: i64 and ptr, ref and ref?. Moves ownership from an owned value; of a borrowed one
    /// (a projection, a borrowed parameter) the result is borrowed as well.
    /// </summary>
    Reinterpret,
}

/// <summary>
/// What one MIR instruction computes. Each value is defined once. Ownership: an operand is <i>consumed</i> unless the case
/// says <i>borrows</i>; a counted result is owned by its definer unless the case says <i>borrowed</i>. Before the pass
/// InsertCounts there is no Dup or Drop and ownership is not yet linear. Immortal values (constants, functions, immediates,
/// null, and aggregates of nothing else) are not owned by anyone: they may be consumed any number of times, or never.
/// The exact rules are those of <see cref="OwnershipAnalysis"/>, which every consumer of counted MIR uses.
/// </summary>
public abstract record Inst
{
    private Inst() { }

    /// <summary>An integer or bool of the result's type.</summary>
    public sealed record Const(long Value) : Inst;
    public sealed record FloatConst(double Value) : Inst;
    /// <summary>An immortal string.</summary>
    public sealed record StringConst(string Value) : Inst;
    public sealed record UnitConst : Inst;
    /// <summary>A variant without payload of a boxed enum.</summary>
    public sealed record Immediate(int VariantIndex) : Inst;
    /// <summary>Null reference or pointer.</summary>
    public sealed record Null : Inst;
    /// <summary>The immortal closure object of a function without captures, which is closure code.</summary>
    public sealed record FunctionRef(FunctionId Function) : Inst;

    public sealed record Arithmetic(ArithmeticOp Op, bool Signed, ValueId Left, ValueId Right) : Inst;
    public sealed record Unary(UnaryOp Op, ValueId Operand) : Inst;
    /// <summary>Numbers, bools, raw pointers, immediates. Float comparison is ordered, NotEqual unordered.</summary>
    public sealed record Compare(CompareOp Op, bool Signed, ValueId Left, ValueId Right) : Inst;
    public sealed record Cast(CastOp Op, ValueId Operand) : Inst;
    /// <summary>Borrows. True for a null reference or pointer.</summary>
    public sealed record IsNull(ValueId Operand) : Inst;
    /// <summary>Of values that are not counted; for counted ones branch.</summary>
    public sealed record Select(ValueId Condition, ValueId IfTrue, ValueId IfFalse) : Inst;

    public sealed record MakeAggregate(AggregateId Aggregate, ImmutableArray<ValueId> Fields) : Inst;
    /// <summary>Borrows the aggregate; the result is borrowed from it.</summary>
    public sealed record Extract(ValueId Aggregate, int Field) : Inst;
    /// <summary>
    /// Consumes an aggregate without any code: each of its counted fields is owned from now on by the value in Moved that was
    /// extracted from it (one for every counted field). Made by passes only.
    /// </summary>
    public sealed record Unpack(ValueId Aggregate, ImmutableArray<ValueId> Moved) : Inst;

    /// <summary>A new object with count one. For closures field 0 is not given: see <see cref="MakeClosure"/>.</summary>
    public sealed record Alloc(LayoutId Layout, ImmutableArray<ValueId> Fields) : Inst;
    /// <summary>Like Alloc, in the token's memory when it is not null (its size fits).</summary>
    public sealed record AllocReuse(ValueId Token, LayoutId Layout, ImmutableArray<ValueId> Fields) : Inst;
    /// <summary>A closure object: code and captures.</summary>
    public sealed record MakeClosure(FunctionId Function, LayoutId Layout, ImmutableArray<ValueId> Captures) : Inst;
    /// <summary>Borrows the object; the result is borrowed from it. For closures field 0 is the first capture.</summary>
    public sealed record Project(ValueId Object, LayoutId Layout, int Field) : Inst;
    /// <summary>
    /// Borrows the object, which must be unique. Moves a field's content out: the result is owned, and the field holds nothing
    /// until a StoreField to it in the same block, before anything that can panic.
    /// </summary>
    public sealed record Take(ValueId Object, LayoutId Layout, int Field) : Inst;
    /// <summary>Borrows the object, which must be unique; the old content is not dropped (see <see cref="Take"/>).</summary>
    public sealed record StoreField(ValueId Object, LayoutId Layout, int Field, ValueId Value) : Inst;
    /// <summary>Borrows. The variant's index as i32.</summary>
    public sealed record Variant(ValueId Object, EnumId Enum) : Inst;

    /// <summary>Borrows. One more reference; of an aggregate, to each counted part, any of which may be null whatever its type says (a sum's absent payload).</summary>
    public sealed record Dup(ValueId Value) : Inst;
    /// <summary>Of an aggregate: of each counted part; see <see cref="Dup"/> for null parts.</summary>
    public sealed record Drop(ValueId Value) : Inst;
    /// <summary>Borrows. Count is one (false for immediates, null and shared objects).</summary>
    public sealed record IsUnique(ValueId Object) : Inst;
    /// <summary>Drops the object; the result is its memory if it was unique, else null.</summary>
    public sealed record DropReuse(ValueId Object, LayoutId Layout) : Inst;
    /// <summary>
    /// Gives up the memory of a unique object whose fields have been moved out: from now on the values in Moved, one Project
    /// for every counted field, own what they were borrowed from.
    /// </summary>
    public sealed record FreeCell(ValueId Object, LayoutId Layout) : Inst { public ImmutableArray<ValueId> Moved { get; init; } = []; }
    /// <summary>Turns a unique object whose fields have been moved out (as in <see cref="FreeCell"/>) into a token.</summary>
    public sealed record TakeCell(ValueId Object, LayoutId Layout) : Inst { public ImmutableArray<ValueId> Moved { get; init; } = []; }
    /// <summary>Drops a reference to an object that is known not to be unique (it may be immortal).</summary>
    public sealed record Decrement(ValueId Object) : Inst;
    /// <summary>Gives back a token's memory, if any.</summary>
    public sealed record FreeToken(ValueId Token) : Inst;

    /// <summary>
    /// Counts one more round of a loop. True when there is optimised code for the rest of the function from here on; it is
    /// declared as Rest, takes what is alive, and has no body in the program that asks.
    /// </summary>
    public sealed record IsHot(FunctionId Rest) : Inst;

    /// <summary>Where an interruption takes effect: if somebody wants what runs to end, the frame drops what it owns and unwinds.</summary>
    public sealed record Poll : Inst;

    /// <summary>A Kea function; which operands are consumed follows from its parameters.</summary>
    public sealed record Call(FunctionId Function, ImmutableArray<ValueId> Arguments) : Inst;
    /// <summary>Borrows the closure, consumes the arguments.</summary>
    public sealed record CallClosure(ValueId Closure, ImmutableArray<ValueId> Arguments) : Inst;
    /// <summary>A service of the runtime; operand ownership from <see cref="RuntimeFunction"/>.</summary>
    public sealed record CallRuntime(RuntimeFunction Function, ImmutableArray<ValueId> Arguments) : Inst;
    /// <summary>A C function by symbol; all operands are plain values.</summary>
    public sealed record CallForeign(string Symbol, ImmutableArray<ValueId> Arguments) : Inst;

    /// <summary>Borrows. Bytes of a string, or elements of a vector, as i64.</summary>
    public sealed record Length(ValueId Object, LayoutKind Kind) : Inst;
    /// <summary>Borrows. Elements that a vector has room for, as i64.</summary>
    public sealed record VectorCapacity(ValueId Vector) : Inst;
    /// <summary>A new empty vector with room for so many elements (i64, not negative).</summary>
    public sealed record VectorNew(LayoutId Layout, ValueId Capacity) : Inst;
    /// <summary>Consumes a vector; the same elements in a unique one with room for at least so many (<c>kea_vector_reserve</c>).</summary>
    public sealed record VectorReserve(ValueId Vector, LayoutId Layout, ValueId Needed) : Inst;
    /// <summary>Borrows. Byte of a string as i64; the index is in range.</summary>
    public sealed record StringByte(ValueId Text, ValueId Index) : Inst;
    /// <summary>Borrows. An element, borrowed from the vector; the index is in range.</summary>
    public sealed record VectorGet(ValueId Vector, LayoutId Layout, ValueId Index) : Inst;
    /// <summary>
    /// Borrows the vector, which must be unique; the index is in range. The element moved out (a plain load): owned. Its place
    /// is then overwritten by VectorStore or cut off by VectorSetLength before the vector is used otherwise.
    /// </summary>
    public sealed record VectorTake(ValueId Vector, LayoutId Layout, ValueId Index) : Inst;
    /// <summary>Consumes a vector; the same one if unique, else a copy.</summary>
    public sealed record VectorUnique(ValueId Vector, LayoutId Layout) : Inst;
    /// <summary>Borrows the vector, which must be unique; the old element is not dropped (see <see cref="VectorTake"/>); the index is below the capacity.</summary>
    public sealed record VectorStore(ValueId Vector, LayoutId Layout, ValueId Index, ValueId Value) : Inst;
    /// <summary>Borrows the vector, which must be unique: sets the length only. A push stores first and sets the length then.</summary>
    public sealed record VectorSetLength(ValueId Vector, ValueId NewLength) : Inst;

    /// <summary>A counted result is one more reference (code generation dups it after the load).</summary>
    public sealed record Load(ValueId Address) : Inst;
    /// <summary>The old content is not dropped.</summary>
    public sealed record Store(ValueId Address, ValueId Value) : Inst;
    /// <summary>Address plus index times the size of an element of the given type.</summary>
    public sealed record PointerAdd(ValueId Address, ValueId Index, MirType Element) : Inst;
}

/// <summary>Where a block's control goes.</summary>
public abstract record Terminator
{
    private Terminator() { }
    public sealed record Jump(Edge Target) : Terminator;
    public sealed record Branch(ValueId Condition, Edge Then, Edge Else) : Terminator;
    public sealed record SwitchInt(ValueId Value, ImmutableArray<(long Value, Edge Target)> Cases, Edge? Default) : Terminator;
    /// <summary>By variant of a boxed enum; borrows. Without a default the cases are all variants that can occur.</summary>
    public sealed record SwitchVariant(ValueId Object, EnumId Enum, ImmutableArray<(int Variant, Edge Target)> Cases, Edge? Default) : Terminator;
    public sealed record Return(ValueId Value) : Terminator;
    /// <summary>Ends the computation. The message (a string, consumed) is given for <see cref="PanicKind.Message"/> only.</summary>
    public sealed record Panic(PanicKind Kind, ValueId? Message) : Terminator;
    public sealed record Unreachable : Terminator;
}

public sealed record Edge(BlockId Target, ImmutableArray<ValueId> Arguments);

public enum PanicKind { Overflow, DivideByZero, RemainderByZero, Message, UnhandledFail }
