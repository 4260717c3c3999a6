using System.Collections.Immutable;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Mir;

/// <summary>The two ways to lower an expression: to a value here, or into a destination.</summary>
internal sealed partial class FunctionLowering
{
    /// <summary>Lowers the expression and ends the block; control goes on at the destination.</summary>
    private void Into(TypedExpression expression, Destination destination)
    {
        switch (expression)
        {
            case TypedExpression.Block block:
                for (var i = 0; i < block.Statements.Length - 1 && _b.IsReachable; i++) LowerStatement(block, i);
                if (_b.IsReachable) Into(block.Statements[^1], destination);
                break;
            case TypedExpression.If choice: LowerIf(choice, destination); break;
            case TypedExpression.Case cases: LowerCase(cases, destination); break;
            case TypedExpression.Call call: LowerCallInto(call, destination); break;
            case TypedExpression.Try attempt: LowerTryInto(attempt, destination); break;
            case TypedExpression.Convert { Kind: Conversion.Absurd } never:
                Value(never.Operand);
                _b.Unreachable();
                break;
            case TypedExpression.Convert { Kind: Conversion.SameRepresentation or Conversion.StructToRow } same when !ChangesValue(same):
                Into(same.Operand, destination);
                break;
            case TypedExpression.Rewrap wrap: Into(wrap.Operand, destination); break;
            default: Deliver(destination, Value(expression)); break;
        }
    }

    /// <summary>The value of the expression, computed in the current block; what it is when control does not return does not matter.</summary>
    private ValueId Value(TypedExpression expression) => expression switch
    {
        TypedExpression.Integer(var value, _, _) integer => _b.Const(Of(TypeOf(integer)), unchecked((long)value)),
        TypedExpression.Float(var value, _, _) real => _b.Emit(Of(TypeOf(real)), new Inst.FloatConst(value)),
        TypedExpression.Char(var point, _, _) => _b.Const(MirType.I32, point),
        TypedExpression.String(var value, _, _) => _b.String(value),
        TypedExpression.Bool(var value, _, _) => _b.Bool(value),
        TypedExpression.Unit => _b.Unit(),
        // Atoms are immortal strings with their colon, which is also how they are shown.
        TypedExpression.Atom(var name, _, _) => _b.String(":" + name),
        TypedExpression.Local(var symbol, _, _) => LocalValue(symbol),
        TypedExpression.Const(var symbol, _, _) => ConstValue(symbol),
        TypedExpression.FunctionValue function => LowerFunctionValue(function, (ClosedType.Function)TypeOf(function)),
        TypedExpression.Call call => LowerCall(call),
        TypedExpression.Construct construct => LowerConstruct(construct),
        TypedExpression.Struct literal => LowerStruct(literal),
        TypedExpression.Record record => LowerRecord(record),
        TypedExpression.Update update => LowerUpdate(update),
        TypedExpression.Field field => LowerField(field),
        TypedExpression.Tuple tuple => LowerTuple(tuple),
        TypedExpression.TupleElement element => LowerTupleElement(element),
        TypedExpression.List list => LowerList(list),
        TypedExpression.Range range => LowerRange(range),
        TypedExpression.Rewrap wrap => Value(wrap.Operand),
        TypedExpression.Binary binary => LowerBinary(binary),
        TypedExpression.Negate negate => LowerNegate(negate),
        TypedExpression.Not or TypedExpression.If or TypedExpression.Case or TypedExpression.Block => Joined(expression),
        TypedExpression.Interpolation interpolation => LowerInterpolation(interpolation),
        TypedExpression.Convert convert => LowerConvert(convert),
        TypedExpression.Let let => LowerLet(let.Pattern, let.Value),
        TypedExpression.LetPolymorphic let => LowerLetPolymorphic(let),
        TypedExpression.PolymorphicLocal local => LowerPolymorphicLocal(local),
        TypedExpression.Lambda lambda => LowerLambda(lambda, (ClosedType.Function)TypeOf(lambda)),
        TypedExpression.While loop => LowerWhile(loop),
        TypedExpression.For loop => LowerFor(loop),
        TypedExpression.Fail fail => LowerFail(fail),
        TypedExpression.Try attempt => LowerTry(attempt),
        TypedExpression.Catch caught => LowerCatch(caught),
        TypedExpression.Panic panic => LowerPanic(panic),
        TypedExpression.LayoutQuery query => LowerLayoutQuery(query),
        TypedExpression.Error => throw new InvalidOperationException("lowering: a program with errors"),
    };

    private ValueId Joined(TypedExpression expression)
    {
        if (expression is TypedExpression.Not not) return _b.Not(Value(not.Operand));
        if (expression is TypedExpression.Block block)
        {
            for (var i = 0; i < block.Statements.Length - 1 && _b.IsReachable; i++) LowerStatement(block, i);
            return _b.IsReachable ? Value(block.Statements[^1]) : _b.NewValue(Of(TypeOf(block)));
        }
        var join = new JoinPoint(Of(TypeOf(expression)));
        Into(expression, new Destination.JoinIt(join));
        return Resolve(join);
    }

    private ImmutableArray<ValueId> Values(ImmutableArray<TypedExpression> expressions)
    {
        var values = ImmutableArray.CreateBuilder<ValueId>(expressions.Length);
        foreach (var expression in expressions) values.Add(Value(expression));
        return values.MoveToImmutable();
    }

    private void LowerStatement(TypedExpression.Block block, int index)
    {
        var statement = block.Statements[index];
        if (statement is TypedExpression.Let { Pattern: TypedPattern.Binding(var name, _, _), Value: TypedExpression.Lambda lambda }
            && IsOnlyCalled(name, block.Statements, index + 1))
        {
            _locals[name] = LowerKnownLambda(lambda, (ClosedType.Function)TypeOf(lambda));
            return;
        }
        if (statement is TypedExpression.Let let) Bind(let.Pattern, Value(let.Value), Close(let.Value.Type));
        else Value(statement);
    }

    private ValueId LowerLet(TypedPattern pattern, TypedExpression value)
    {
        Bind(pattern, Value(value), Close(value.Type));
        return _b.Unit();
    }

    private ValueId LocalValue(LocalSymbol symbol) => Find(symbol) switch
    {
        LocalBinding.Value(var id, _) => id,
        LocalBinding.Known => throw new InvalidOperationException($"lowering: {symbol.Name} was taken to be only called"),
        LocalBinding.Polymorphic polymorphic => LowerPolymorphic(polymorphic, []),
    };

    private ValueId ConstValue(ConstSymbol symbol)
    {
        var value = Program.ConstValue(symbol);
        if (IsScalar(value)) return Value(value);
        var code = _context.Const(symbol);
        return _b.Emit(code.Result, new Inst.Call(code.Id, []));
    }

    private static bool IsScalar(TypedExpression value) => value switch
    {
        TypedExpression.Integer or TypedExpression.Float or TypedExpression.Char or TypedExpression.String
            or TypedExpression.Bool or TypedExpression.Unit or TypedExpression.Atom or TypedExpression.LayoutQuery => true,
        TypedExpression.Construct construct => construct.Arguments.IsEmpty,
        TypedExpression.Negate negate => IsScalar(negate.Operand),
        TypedExpression.Convert convert => IsScalar(convert.Operand),
        TypedExpression.Const => true,
        _ => false,
    };

    private ValueId LowerPanic(TypedExpression.Panic panic)
    {
        var message = Value(panic.Message);
        At(panic);
        _b.End(new Terminator.Panic(PanicKind.Message, message));
        return _b.NewValue(Of(TypeOf(panic)));
    }

    private ValueId LowerLayoutQuery(TypedExpression.LayoutQuery query)
    {
        var (size, alignment) = Shapes.SizeOf(Of(Close(query.Of)));
        return _b.Int(query.IsAlign ? alignment : size);
    }

    private ValueId LowerConvert(TypedExpression.Convert convert)
    {
        switch (convert.Kind)
        {
            case Conversion.Absurd:
                Value(convert.Operand);
                _b.Unreachable();
                return _b.NewValue(Of(TypeOf(convert)));
            case Conversion.WidenInteger:
                var value = Value(convert.Operand);
                At(convert);
                return Widen(value, TypeOf(convert.Operand).BuiltinOrNone, TypeOf(convert).BuiltinOrNone);
            case Conversion.StructToRow: return SeenAsRecord(Value(convert.Operand), TypeOf(convert.Operand), TypeOf(convert));
            case Conversion.FunctionRow: return LowerFunctionRow(convert);
            case Conversion.SameRepresentation: return Value(convert.Operand);
            default: throw new InvalidOperationException($"lowering: conversion {convert.Kind}");
        }
    }

    private bool ChangesValue(TypedExpression.Convert convert) =>
        convert.Kind == Conversion.StructToRow && ChangesAsRecord(TypeOf(convert.Operand), TypeOf(convert));

    private ValueId Widen(ValueId value, BuiltinType from, BuiltinType to)
    {
        var (small, large) = (Representation.IntegerOf(from), Representation.IntegerOf(to));
        if (from == BuiltinType.UInt64 && to != BuiltinType.UInt64) return _b.Emit(large, new Inst.Cast(CastOp.UnsignedToSignedChecked, value));
        if (small == large) return value;
        return _b.Emit(large, new Inst.Cast(Representation.IsSigned(from) ? CastOp.SignExtend : CastOp.ZeroExtend, value));
    }
}
