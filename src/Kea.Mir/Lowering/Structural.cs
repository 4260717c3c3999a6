using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>
/// Equality, order, text and hash of any closed type: instructions for primitives, implementations for nominal types, and for
/// tuples and records a function per type that goes through the parts.
/// </summary>
internal sealed partial class FunctionLowering
{
    private ValueId EmitEquals(ClosedType type, ValueId left, ValueId right)
    {
        type = Structural(type);
        switch (type.BuiltinOrNone)
        {
            case BuiltinType.Unit or BuiltinType.Never or BuiltinType.TypeValue: return _b.Bool(true);
            case BuiltinType.String or BuiltinType.Atom: return _b.Runtime(RuntimeFunctions.StringEqual, left, right);
            case BuiltinType.Bool or BuiltinType.Char or BuiltinType.Ptr: return _b.Compare(CompareOp.Equal, false, left, right);
            case var primitive when IsNumber(primitive): return _b.Compare(CompareOp.Equal, Representation.IsSigned(primitive), left, right);
        }
        if (Shapes.IsProduct(type) && type is not ClosedType.Nominal) return CallSynthetic(ProductEquality(type), [left, right]);
        var (symbol, arguments) = Implementation("Eq", "eq", type);
        if (symbol.Origin == FunctionOrigin.Derived && Of(type) is MirType.Int) return _b.Compare(CompareOp.Equal, false, left, right);
        return CallFunction(symbol, arguments, [left, right]);
    }

    private ValueId EmitNotEquals(ClosedType type, ValueId left, ValueId right) =>
        IsScalar(type) ? _b.Compare(CompareOp.NotEqual, Representation.IsSigned(type.BuiltinOrNone), left, right) : _b.Not(EmitEquals(type, left, right));

    private ValueId EmitOrder(CompareOp op, ClosedType type, ValueId left, ValueId right)
    {
        if (IsScalar(type)) return _b.Compare(op, Representation.IsSigned(type.BuiltinOrNone), left, right);
        if (type.IsString) return _b.Compare(op, true, _b.Runtime(RuntimeFunctions.StringCompare, left, right), _b.Int(0));
        var ordering = EmitCompare(type, left, right);
        return op switch
        {
            CompareOp.Less => OrderingIs(ordering, CompareOp.Equal, "Less"),
            CompareOp.LessOrEqual => OrderingIs(ordering, CompareOp.NotEqual, "Greater"),
            CompareOp.Greater => OrderingIs(ordering, CompareOp.Equal, "Greater"),
            CompareOp.GreaterOrEqual => OrderingIs(ordering, CompareOp.NotEqual, "Less"),
            CompareOp.Equal => OrderingIs(ordering, CompareOp.Equal, "Equal"),
            CompareOp.NotEqual => OrderingIs(ordering, CompareOp.NotEqual, "Equal"),
        };
    }

    /// <summary>An Ordering.</summary>
    private ValueId EmitCompare(ClosedType type, ValueId left, ValueId right)
    {
        type = Structural(type);
        if (Shapes.IsProduct(type) && type is not ClosedType.Nominal) return CallSynthetic(ProductOrder(type), [left, right]);
        if (type.IsUnit || type.IsNever) return OrderingConst("Equal");
        return CallMethod("Ord", "compare", type, [left, right]);
    }

    private ValueId EmitShow(ClosedType type, ValueId value)
    {
        type = Structural(type);
        switch (type.BuiltinOrNone)
        {
            case BuiltinType.String or BuiltinType.Atom: return value;
            case BuiltinType.Unit or BuiltinType.Never: return _b.String("()");
            case BuiltinType.Char: return _b.Runtime(RuntimeFunctions.CharToString, value);
            case BuiltinType.UInt64: return _b.Runtime(RuntimeFunctions.UIntToString, value);
            case var integer when Representation.IsInteger(integer): return _b.Runtime(RuntimeFunctions.IntToString, Widen(value, integer, BuiltinType.Int));
            case BuiltinType.Float or BuiltinType.Float64: return _b.Runtime(RuntimeFunctions.FloatToString, value);
        }
        if (Shapes.IsProduct(type) && type is not ClosedType.Nominal) return CallSynthetic(ProductText(type), [value]);
        return CallMethod("Show", "show", type, [value]);
    }

    private ValueId EmitHash(ClosedType type, ValueId value)
    {
        type = Structural(type);
        switch (type.BuiltinOrNone)
        {
            case BuiltinType.String or BuiltinType.Atom: return _b.Runtime(RuntimeFunctions.StringHash, value);
            case BuiltinType.Unit or BuiltinType.Never: return _b.Int(0);
            case BuiltinType.Char or BuiltinType.Bool: return _b.Emit(MirType.I64, new Inst.Cast(CastOp.ZeroExtend, value));
            case BuiltinType.UInt64: return value;
            case var integer when Representation.IsInteger(integer): return Widen(value, integer, BuiltinType.Int);
        }
        if (Shapes.IsProduct(type) && type is not ClosedType.Nominal) return CallSynthetic(ProductHash(type), [value]);
        return CallMethod("Hash", "hash", type, [value]);
    }

    /// <summary>Unique values are looked through; opaque types have their own implementations.</summary>
    private static ClosedType Structural(ClosedType type)
    {
        while (type is ClosedType.Nominal { Builtin: BuiltinType.Unique } unique) type = unique.Arguments[0];
        return type;
    }

    private static bool IsNumber(BuiltinType type) => Representation.IsInteger(type) || Representation.IsFloat(type);
    private static bool IsScalar(ClosedType type) => IsNumber(type.BuiltinOrNone) || type.BuiltinOrNone is BuiltinType.Char or BuiltinType.Bool;

    private ClosedType.Nominal Ordering => Types.Nominal(Program.StandardType("Order", "Ordering"), []);

    private ValueId OrderingConst(string variant)
    {
        foreach (var candidate in Ordering.Symbol.Variants) if (candidate.Name == variant) return _b.Const(Of(Ordering), candidate.Index);
        throw new InvalidOperationException($"lowering: Ordering has no {variant}");
    }

    private ValueId OrderingIs(ValueId ordering, CompareOp op, string variant) => _b.Compare(op, false, ordering, OrderingConst(variant));

    private MirSignature ProductEquality(ClosedType type) =>
        _context.Synthetic($"Eq.eq({type.Name})", _module, [Of(type), Of(type)], MirType.Boolean, false, (at, values) =>
        {
            var types = at.Shapes.FieldsOf(type).Types;
            var differs = at._b.NewBlock();
            for (var i = 0; i < types.Length; i++)
            {
                var next = at._b.NewBlock();
                at._b.Branch(at.EmitEquals(types[i], at.ProductField(values[0], type, i), at.ProductField(values[1], type, i)), next, differs);
                at._b.Continue(next);
            }
            at._b.Return(at._b.Bool(true));
            at._b.Continue(differs);
            at._b.Return(at._b.Bool(false));
        });

    private MirSignature ProductOrder(ClosedType type) =>
        _context.Synthetic($"Ord.compare({type.Name})", _module, [Of(type), Of(type)], Of(Ordering), false, (at, values) =>
        {
            var types = at.Shapes.FieldsOf(type).Types;
            for (var i = 0; i < types.Length; i++)
            {
                var (next, differs) = (at._b.NewBlock(), at._b.NewBlock());
                var order = at.EmitCompare(types[i], at.ProductField(values[0], type, i), at.ProductField(values[1], type, i));
                at._b.Branch(at.OrderingIs(order, CompareOp.Equal, "Equal"), next, differs);
                at._b.Continue(differs);
                at._b.Return(order);
                at._b.Continue(next);
            }
            at._b.Return(at.OrderingConst("Equal"));
        });

    /// <summary><c>(a, b)</c>, or <c>#{ x: a, y: b }</c>.</summary>
    private MirSignature ProductText(ClosedType type) =>
        _context.Synthetic($"Show.show({type.Name})", _module, [Of(type)], MirType.Ref, false, (at, values) =>
        {
            var fields = at.Shapes.FieldsOf(type);
            var isTuple = type is ClosedType.Tuple;
            var text = at._b.String("");
            for (var i = 0; i < fields.Types.Length; i++)
            {
                var before = (i == 0 ? isTuple ? "(" : "#{ " : ", ") + (isTuple ? "" : fields.Labels[i] + ": ");
                text = i == 0 ? at._b.String(before) : at._b.Runtime(RuntimeFunctions.StringConcat, text, at._b.String(before));
                text = at._b.Runtime(RuntimeFunctions.StringConcat, text, at.EmitShow(fields.Types[i], at.ProductField(values[0], type, i)));
            }
            var end = fields.Types.IsEmpty ? "#{ }" : isTuple ? ")" : " }";
            at._b.Return(at._b.Runtime(RuntimeFunctions.StringConcat, text, at._b.String(end)));
        });

    /// <summary>As a derived Hash: start with 0, times 31 plus the part's, wrapping.</summary>
    private MirSignature ProductHash(ClosedType type) =>
        _context.Synthetic($"Hash.hash({type.Name})", _module, [Of(type)], MirType.I64, false, (at, values) =>
        {
            var types = at.Shapes.FieldsOf(type).Types;
            var hash = at._b.Int(0);
            for (var i = 0; i < types.Length; i++)
            {
                var mixed = at._b.Emit(MirType.I64, new Inst.Arithmetic(ArithmeticOp.WrappingMultiply, true, hash, at._b.Int(31)));
                hash = at._b.Emit(MirType.I64, new Inst.Arithmetic(ArithmeticOp.WrappingAdd, true, mixed, at.EmitHash(types[i], at.ProductField(values[0], type, i))));
            }
            at._b.Return(hash);
        });

    private MirSignature ListContains(ClosedType.Nominal type)
    {
        var element = type.Arguments[0];
        return _context.Synthetic($"List.contains({element.Name})", _module, [Of(type), Of(element)], MirType.Boolean, false, (at, values) =>
        {
            var (nil, cons) = ListVariants(type);
            var (loop, some, found, next, none) = (at._b.NewBlock(), at._b.NewBlock(), at._b.NewBlock(), at._b.NewBlock(), at._b.NewBlock());
            var list = at._b.AddParameter(loop, at.Of(type));
            at._b.Jump(loop, values[0]);
            at._b.Continue(loop);
            at.SwitchOnList(list, type, some, none);
            at._b.Continue(some);
            var head = at.VariantField(list, type, cons, 0);
            at._b.Branch(at.EmitEquals(element, values[1], head), found, next);
            at._b.Continue(found);
            at._b.Return(at._b.Bool(true));
            at._b.Continue(next);
            at._b.Jump(loop, at.VariantField(list, type, cons, 1));
            at._b.Continue(none);
            at._b.Return(at._b.Bool(false));
        });
    }

    private void SwitchOnList(ValueId list, ClosedType.Nominal type, BlockBuilder cons, BlockBuilder nil)
    {
        var (nilIndex, consIndex) = ListVariants(type);
        var boxed = (SumShape.Boxed)Shapes.SumOf(type);
        _b.End(new Terminator.SwitchVariant(list, boxed.Enum, [(nilIndex, new Edge(nil.Id, [])), (consIndex, new Edge(cons.Id, []))], null));
    }
}
