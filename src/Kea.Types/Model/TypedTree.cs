using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types;

/// <summary>A checked body. Patterns of parameters have been bound by the pattern list.</summary>
/// <param name="Parameters">One pattern for each parameter of the symbol; most are a plain Binding.</param>
public sealed record TypedBody(FunctionSymbol Function, ImmutableArray<TypedPattern> Parameters, TypedExpression Body);

/// <summary>
/// An expression with its type: names resolved, labels, defaults, receivers, <c>with</c>, map literals and method calls
/// desugared, every implicit conversion explicit. Arguments stand in parameter order and are evaluated in that order
/// (where the source order differs, the checker has bound them with Let first).
/// </summary>
public abstract record TypedExpression
{
    private TypedExpression(Type type, TextSpan span) => (Type, Span) = (type, span);
    public Type Type { get; }
    public TextSpan Span { get; }

    /// <summary>Of any integer type; fits it.</summary>
    public sealed record Integer(Int128 Value, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Float(double Value, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Char(int CodePoint, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record String(string Value, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Bool(bool Value, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Unit(Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Atom(string Name, Type Type, TextSpan Span) : TypedExpression(Type, Span);

    public sealed record Local(LocalSymbol Symbol, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>A const of a struct or module; its body is a constant expression from <see cref="CheckedProgram.ConstValue"/>.</summary>
    public sealed record Const(ConstSymbol Symbol, Type Type, TextSpan Span) : TypedExpression(Type, Span);

    /// <summary>A declared function, trait method or operation as a value. Not <see cref="CallTarget.Value"/>.</summary>
    public sealed record FunctionValue(CallTarget Target, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Call(CallTarget Target, ImmutableArray<TypedExpression> Arguments, Type Type, TextSpan Span) : TypedExpression(Type, Span);

    /// <summary>A variant with all its fields, in declaration order.</summary>
    public sealed record Construct(VariantSymbol Variant, ImmutableArray<TypedExpression> Arguments, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>A struct literal: given fields in source order; the rest come from the spread, which is evaluated where it stands (first or last).</summary>
    public sealed record Struct(TypeSymbol Symbol, ImmutableArray<(int Field, TypedExpression Value)> Fields, TypedExpression? Spread, bool SpreadFirst, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>An anonymous record, fields in source order; with a base its fields are added to the base's.</summary>
    public sealed record Record(ImmutableArray<(string Label, TypedExpression Value)> Fields, TypedExpression? Base, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary><c>base~{ … }</c> on a struct or record: base first, then the values in source order. A label that the base's (monomorphic) type lacks extends it.</summary>
    public sealed record Update(TypedExpression Base, ImmutableArray<(string Label, TypedExpression Value)> Fields, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>A field of a struct, or of a record row (which, once monomorphic, may be a record or a struct).</summary>
    public sealed record Field(TypedExpression Target, string Label, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Tuple(ImmutableArray<TypedExpression> Elements, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record TupleElement(TypedExpression Target, int Index, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record List(ImmutableArray<TypedExpression> Elements, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Range(TypedExpression From, TypedExpression To, bool Inclusive, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>Wraps or unwraps an opaque or Unique value; the representation does not change.</summary>
    public sealed record Rewrap(TypedExpression Operand, Type Type, TextSpan Span) : TypedExpression(Type, Span);

    /// <summary>
    /// An operator on two operands of one type (after conversion). And/Or are short-circuit. Which instruction or trait
    /// method it means follows from the monomorphic operand type: numbers, Bool, Char, String directly; else Eq.eq, Ord.compare,
    /// Additive, Numeric, Concatenable, Monoid; tuples and records componentwise. In/NotIn: the right operand is a
    /// List, Set, Map, Range or String.
    /// </summary>
    public sealed record Binary(BinaryOperator Operator, TypedExpression Left, TypedExpression Right, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Negate(TypedExpression Operand, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Not(TypedExpression Operand, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>Parts are text, or expressions whose type is String or has Show.</summary>
    public sealed record Interpolation(ImmutableArray<TypedExpression> Parts, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Convert(Conversion Kind, TypedExpression Operand, Type Type, TextSpan Span) : TypedExpression(Type, Span);

    /// <summary>Statements in order; the value is the last one's. Bindings of a Let are visible in what follows.</summary>
    public sealed record Block(ImmutableArray<TypedExpression> Statements, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>Binds by a pattern that always matches; of type Unit.</summary>
    public sealed record Let(TypedPattern Pattern, TypedExpression Value, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>A generalised local lambda: each use instantiates it (see <see cref="PolymorphicLocal"/>).</summary>
    public sealed record LetPolymorphic(LocalSymbol Symbol, ImmutableArray<TypeVariable> Variables, TypedExpression Value, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record PolymorphicLocal(LocalSymbol Symbol, ImmutableArray<Type> TypeArguments, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Lambda(ImmutableArray<TypedPattern> Parameters, TypedExpression Body, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <param name="Else">Null when left out; the whole is then Unit.</param>
    public sealed record If(TypedExpression Condition, TypedExpression Then, TypedExpression? Else, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>Exhaustive; arms in order.</summary>
    public sealed record Case(TypedExpression Scrutinee, ImmutableArray<TypedArm> Arms, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record While(TypedExpression Condition, TypedExpression Body, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>Iterates a List, Range, Vector, Option, Set, Map (pairs), or through Iterable/Iterator where those are implemented.</summary>
    public sealed record For(TypedPattern Pattern, TypedExpression Iterable, TypedExpression Body, Type Type, TextSpan Span) : TypedExpression(Type, Span);

    /// <summary>Fails with the operand, whose type is the payload of the enclosing function's, lambda's or Catch's Fail.</summary>
    public sealed record Fail(TypedExpression Value, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary><c>e?</c> on a Result.</summary>
    public sealed record Try(TypedExpression Operand, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>Of type Result(T, E): whatever fails inside (E is the payload) ends here.</summary>
    public sealed record Catch(TypedExpression Body, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record Panic(TypedExpression Message, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    public sealed record LayoutQuery(bool IsAlign, Type Of, Type Type, TextSpan Span) : TypedExpression(Type, Span);
    /// <summary>Stands where a diagnostic was reported; a program with one is never lowered.</summary>
    public sealed record Error(Type Type, TextSpan Span) : TypedExpression(Type, Span);
}

/// <summary>An implicit conversion made explicit.</summary>
public enum Conversion
{
    /// <summary>To an integer type that holds all values; UInt64 to Int panics above 2^63 - 1.</summary>
    WidenInteger,
    /// <summary>From Never: the operand does not return.</summary>
    Absurd,
    /// <summary>Struct seen as a record row; the value keeps its identity.</summary>
    StructToRow,
    /// <summary>A function whose effect row is smaller than the target's; matters only if the target can fail and the operand cannot.</summary>
    FunctionRow,
    /// <summary>Between Int and Int64, Float and Float64: same representation.</summary>
    SameRepresentation,
}

/// <summary>What a call reaches.</summary>
public abstract record CallTarget
{
    private CallTarget() { }

    /// <param name="TypeArguments">One for each of the symbol's TypeVariables.</param>
    public sealed record Function(FunctionSymbol Symbol, ImmutableArray<Type> TypeArguments) : CallTarget;

    /// <summary>A trait method; the implementation is found when Self is monomorphic (<see cref="CheckedProgram.ResolveMethod"/>).</summary>
    /// <param name="MethodArguments">For the method's own variables (those after Self and the trait's parameters).</param>
    public sealed record TraitMethod(TraitSymbol Trait, FunctionSymbol Method, Type Self, ImmutableArray<Type> TraitArguments, ImmutableArray<Type> MethodArguments) : CallTarget;

    /// <summary>An operation of a capability effect that the runtime serves (Fail.fail is <see cref="TypedExpression.Fail"/>).</summary>
    public sealed record Operation(OperationSymbol Symbol, ImmutableArray<Type> TypeArguments) : CallTarget;
    public sealed record Value(TypedExpression Callee) : CallTarget;

    /// <summary>Integer methods (3.6.6), <c>T.try_from</c>, <c>Ptr.*</c>: <c>bit_and</c>, <c>try_from</c>, <c>ptr_read</c>, …</summary>
    /// <param name="Of">The integer type, or for Ptr the element type.</param>
    public sealed record Builtin(string Name, Type Of) : CallTarget;
}

public sealed record TypedArm(TypedPattern Pattern, TypedExpression? Guard, TypedExpression Body);

/// <summary>A pattern with names resolved and list sugar removed (Cons and Nil of the library's List).</summary>
public abstract record TypedPattern
{
    private TypedPattern(Type type, TextSpan span) => (Type, Span) = (type, span);
    public Type Type { get; }
    public TextSpan Span { get; }

    public sealed record Wildcard(Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record Binding(LocalSymbol Symbol, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record Integer(Int128 Value, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record Float(double Value, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record Char(int CodePoint, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record String(string Value, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record Bool(bool Value, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    /// <summary>One pattern for each field, in declaration order.</summary>
    public sealed record Constructor(VariantSymbol Variant, ImmutableArray<TypedPattern> Fields, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    /// <summary>A struct or record by some of its labels.</summary>
    public sealed record Record(ImmutableArray<(string Label, TypedPattern Pattern)> Fields, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record Tuple(ImmutableArray<TypedPattern> Elements, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    /// <summary>The inside of an opaque or Unique value.</summary>
    public sealed record Rewrap(TypedPattern Inner, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record Const(ConstSymbol Symbol, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record As(TypedPattern Inner, LocalSymbol Symbol, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    /// <summary>All alternatives bind the same LocalSymbols.</summary>
    public sealed record Or(ImmutableArray<TypedPattern> Alternatives, Type Type, TextSpan Span) : TypedPattern(Type, Span);
    public sealed record Error(Type Type, TextSpan Span) : TypedPattern(Type, Span);
}
