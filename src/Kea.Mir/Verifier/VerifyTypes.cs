using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Types of operands, results and edges against layouts, aggregates and signatures.</summary>
internal sealed class VerifyTypes(MirFunction function, MirTables tables, VerifyReport report)
{
    private BlockId _block;
    private object _where = "";

    public void Run()
    {
        foreach (var block in function.Blocks)
        {
            _block = block.Id;
            foreach (var instruction in block.Instructions)
            {
                _where = instruction;
                Check(instruction.Operation, instruction.Result is { } result ? function.TypeOf(result) : null);
            }
            _where = block.Terminator;
            Check(block.Terminator);
            var edges = new EdgeWalk(block.Terminator);
            while (edges.Next(out var edge))
            {
                _where = edge;
                var parameters = function.Blocks[edge.Target.Index].Parameters;
                for (var i = 0; i < parameters.Length; i++) Fits(edge.Arguments[i], function.TypeOf(parameters[i]));
            }
        }
    }

    private void Check(Inst inst, MirType? result)
    {
        switch (inst)
        {
            case Inst.Const: Is(result, result is MirType.Int or MirType.Bool, "an integer or bool"); break;
            case Inst.FloatConst: Is(result, result is MirType.Float, "a float"); break;
            case Inst.StringConst: Gives(result, MirType.Ref); break;
            case Inst.UnitConst: Gives(result, MirType.Nothing); break;
            case Inst.Immediate: Is(result, result is MirType.Reference { MayBeImmediate: true }, "a reference that may be immediate"); break;
            // Any reference: the absent payload of a sum is null whatever its type says.
            case Inst.Null: Is(result, result is MirType.Reference or MirType.Pointer or MirType.Token, "a reference, a pointer or a token"); break;
            case Inst.FunctionRef(var id):
                Gives(result, MirType.Ref);
                if (!tables[id].IsClosureCode) Wrong($"{tables[id].Name} is not closure code");
                break;
            case Inst.Arithmetic(var op, _, var left, var right): Arithmetic(op, left, right, result); break;
            case Inst.Unary(var op, var operand): Unary(op, operand, result); break;
            case Inst.Compare(_, _, var left, var right):
                Gives(result, MirType.Boolean);
                if (!SameButForNull(Type(left), Type(right)) || Type(left) is MirType.Aggregate or MirType.Token) Wrong($"compares {Show(left)} with {Show(right)}");
                break;
            case Inst.Cast(var op, var operand): Cast(op, Type(operand), result); break;
            case Inst.IsNull(var operand):
                Gives(result, MirType.Boolean);
                if (Type(operand) is not (MirType.Reference or MirType.Pointer)) Wrong($"{Show(operand)} cannot be null");
                break;
            case Inst.Select(var condition, var left, var right):
                Fits(condition, MirType.Boolean);
                if (result is not null) { Fits(left, result); Fits(right, result); }
                if (result is null || tables.IsCounted(result)) Wrong("counted values must branch");
                break;
            case Inst.MakeAggregate(var id, var fields): Gives(result, new MirType.Aggregate(id)); List(fields, tables[id].Fields); break;
            case Inst.Extract(var aggregate, var field):
                if (Type(aggregate) is not MirType.Aggregate(var from)) Wrong($"{Show(aggregate)} is no aggregate");
                else Field(tables[from].Fields, field, result);
                break;
            case Inst.Unpack(var aggregate, _):
                None(result);
                if (Type(aggregate) is not MirType.Aggregate) Wrong($"{Show(aggregate)} is no aggregate");
                break;
            case Inst.Alloc(var layout, var fields): Object(layout, LayoutKind.Fields); Gives(result, MirType.Ref); List(fields, tables[layout].Fields); break;
            case Inst.AllocReuse(var token, var layout, var fields): Fits(token, MirType.Reuse); Object(layout, LayoutKind.Fields); Gives(result, MirType.Ref); List(fields, tables[layout].Fields); break;
            case Inst.MakeClosure(var id, var layout, var captures):
                Object(layout, LayoutKind.Closure);
                Gives(result, MirType.Ref);
                List(captures, tables[layout].Fields);
                if (!tables[id].IsClosureCode) Wrong($"{tables[id].Name} is not closure code");
                break;
            case Inst.Project(var o, var layout, var field): Cell(o, layout); Field(tables[layout].Fields, field, result); break;
            case Inst.Take(var o, var layout, var field): Cell(o, layout); Field(tables[layout].Fields, field, result); break;
            case Inst.StoreField(var o, var layout, var field, var value):
                None(result);
                Cell(o, layout);
                if (field >= tables[layout].Fields.Length) Wrong("there is no such field");
                else Fits(value, tables[layout].Fields[field]);
                break;
            case Inst.Variant(var o, _): Reference(o); Gives(result, MirType.I32); break;
            case Inst.Dup(var value): None(result); Counted(value); break;
            case Inst.Drop(var value): None(result); Counted(value); break;
            case Inst.IsHot: Gives(result, MirType.Boolean); break;
            case Inst.Poll: None(result); break;
            case Inst.IsUnique(var o): Gives(result, MirType.Boolean); Reference(o); break;
            case Inst.DropReuse(var o, var layout): Gives(result, MirType.Reuse); Cell(o, layout); break;
            case Inst.FreeCell(var o, var layout): None(result); Cell(o, layout); break;
            case Inst.TakeCell(var o, var layout): Gives(result, MirType.Reuse); Cell(o, layout); break;
            case Inst.Decrement(var o): None(result); Reference(o); break;
            case Inst.FreeToken(var token): None(result); Fits(token, MirType.Reuse); break;
            case Inst.Call(var id, var arguments): Call(arguments, tables[id].Parameters); GivesOrNone(result, tables[id].Result); break;
            case Inst.CallClosure(var closure, var arguments):
                Reference(closure);
                foreach (var argument in arguments) if (Type(argument) is MirType.Token) Wrong("a token cannot be passed");
                break;
            case Inst.CallRuntime(var callee, var arguments): Call(arguments, callee.Parameters); GivesOrNone(result, callee.Result); break;
            case Inst.CallForeign(_, var arguments):
                foreach (var argument in arguments) if (tables.IsLinear(Type(argument))) Wrong($"{Show(argument)} cannot cross the border");
                break;
            case Inst.Length(var o, var kind):
                Gives(result, MirType.I64);
                Reference(o);
                if (kind is not (LayoutKind.String or LayoutKind.Vector)) Wrong("only strings and vectors have a length");
                break;
            case Inst.VectorCapacity(var vector): Gives(result, MirType.I64); Reference(vector); break;
            case Inst.VectorNew(var layout, var capacity): Object(layout, LayoutKind.Vector); Fits(capacity, MirType.I64); Gives(result, MirType.Ref); break;
            case Inst.VectorReserve(var vector, var layout, var needed): Vector(vector, layout); Fits(needed, MirType.I64); Gives(result, MirType.Ref); break;
            case Inst.StringByte(var text, var index): Reference(text); Fits(index, MirType.I64); Gives(result, MirType.I64); break;
            case Inst.VectorGet(var vector, var layout, var index): Vector(vector, layout); Fits(index, MirType.I64); Field(tables[layout].Fields, 0, result); break;
            case Inst.VectorTake(var vector, var layout, var index): Vector(vector, layout); Fits(index, MirType.I64); Field(tables[layout].Fields, 0, result); break;
            case Inst.VectorUnique(var vector, var layout): Vector(vector, layout); Gives(result, MirType.Ref); break;
            case Inst.VectorStore(var vector, var layout, var index, var value):
                None(result);
                Vector(vector, layout);
                Fits(index, MirType.I64);
                Fits(value, tables[layout].Fields[0]);
                break;
            case Inst.VectorSetLength(var vector, var length): None(result); Reference(vector); Fits(length, MirType.I64); break;
            case Inst.Load(var address): Fits(address, MirType.Raw); if (result is null or MirType.Token) Wrong("needs a result"); break;
            case Inst.Store(var address, _): Fits(address, MirType.Raw); None(result); break;
            case Inst.PointerAdd(var address, var index, _): Fits(address, MirType.Raw); Fits(index, MirType.I64); Gives(result, MirType.Raw); break;
        }
    }

    private void Check(Terminator terminator)
    {
        switch (terminator)
        {
            case Terminator.Jump: break;
            case Terminator.Branch(var condition, _, _): Fits(condition, MirType.Boolean); break;
            case Terminator.SwitchInt(var value, _, _): if (Type(value) is not (MirType.Int or MirType.Bool)) Wrong($"{Show(value)} is no integer"); break;
            case Terminator.SwitchVariant(var o, _, _, _): Reference(o); break;
            case Terminator.Return(var value): Fits(value, function.Result); break;
            case Terminator.Panic(var kind, var message):
                if (kind == PanicKind.Message != message is not null) Wrong("a message belongs to the kind message");
                if (message is { } text) Reference(text);
                break;
            case Terminator.Unreachable: break;
        }
    }

    private void Arithmetic(ArithmeticOp op, ValueId left, ValueId right, MirType? result)
    {
        var isFloat = op is ArithmeticOp.FloatAdd or ArithmeticOp.FloatSubtract or ArithmeticOp.FloatMultiply or ArithmeticOp.FloatDivide;
        var logical = op is ArithmeticOp.And or ArithmeticOp.Or or ArithmeticOp.Xor;
        Is(result, isFloat ? result is MirType.Float : result is MirType.Int || (logical && result is MirType.Bool), "a number that fits the operation");
        if (result is null) return;
        Fits(left, result);
        Fits(right, result);
    }

    private void Unary(UnaryOp op, ValueId operand, MirType? result)
    {
        if (op is UnaryOp.PopCount or UnaryOp.LeadingZeros or UnaryOp.TrailingZeros)
        {
            Gives(result, MirType.I64);
            if (Type(operand) is not MirType.Int) Wrong($"{Show(operand)} is no integer");
            return;
        }
        var fits = op switch
        {
            UnaryOp.Negate => result is MirType.Int,
            UnaryOp.Not => result is MirType.Int or MirType.Bool,
            _ => result is MirType.Float,
        };
        Is(result, fits, "a number that fits the operation");
        if (result is not null) Fits(operand, result);
    }

    private void Cast(CastOp op, MirType from, MirType? to)
    {
        var (fromBits, toBits) = (Bits(from), Bits(to));
        var fits = op switch
        {
            CastOp.SignExtend or CastOp.ZeroExtend => IsWord(from) && to is MirType.Int && fromBits <= toBits,
            CastOp.Truncate => from is MirType.Int && IsWord(to) && fromBits >= toBits,
            CastOp.UnsignedToSignedChecked => from is MirType.Int && to is MirType.Int,
            CastOp.SignedToFloat or CastOp.UnsignedToFloat => from is MirType.Int && to is MirType.Float,
            CastOp.FloatToSignedSaturating => from is MirType.Float && to is MirType.Int,
            CastOp.FloatExtend => from is MirType.Float && to is MirType.Float && fromBits <= toBits,
            CastOp.FloatTruncate => from is MirType.Float && to is MirType.Float && fromBits >= toBits,
            CastOp.Reinterpret => fromBits == toBits || from == to,
        };
        if (!fits) Wrong($"cannot make {(to is null ? "nothing" : MirPrinter.Print(to))} of {MirPrinter.Print(from)}");
    }

    private static bool IsWord(MirType? type) => type is MirType.Int or MirType.Bool;

    private static int Bits(MirType? type) => type switch
    {
        MirType.Int(var bits) => bits,
        MirType.Float(var bits) => bits,
        MirType.Bool => 1,
        MirType.Pointer or MirType.Reference => 64,
        _ => -1,
    };

    private void Call(ImmutableArray<ValueId> arguments, ImmutableArray<(MirType Type, Ownership Ownership)> parameters)
    {
        if (arguments.Length != parameters.Length) { Wrong($"gives {arguments.Length} arguments for {parameters.Length} parameters"); return; }
        for (var i = 0; i < arguments.Length; i++) Fits(arguments[i], parameters[i].Type);
    }

    private void List(ImmutableArray<ValueId> values, ImmutableArray<MirType> types)
    {
        if (values.Length != types.Length) { Wrong($"gives {values.Length} values for {types.Length} fields"); return; }
        for (var i = 0; i < values.Length; i++)
        {
            // The absent payload of a sum is null whatever the field's type says.
            if (_where is Instruction(_, Inst.MakeAggregate, _) && Type(values[i]) is MirType.Reference && types[i] is MirType.Reference) continue;
            Fits(values[i], types[i]);
        }
    }

    private void Field(ImmutableArray<MirType> fields, int field, MirType? result)
    {
        if (field >= fields.Length) { Wrong("there is no such field"); return; }
        if (result is null || !Fits(fields[field], result)) Wrong($"the field is {MirPrinter.Print(fields[field])}");
    }

    /// <summary>A plain object or closure, whose fields have places of their own.</summary>
    private void Cell(ValueId o, LayoutId layout)
    {
        Reference(o);
        if (tables[layout].Kind is not (LayoutKind.Fields or LayoutKind.Closure)) Wrong($"{layout} has no fields");
    }

    private void Vector(ValueId vector, LayoutId layout)
    {
        Reference(vector);
        Object(layout, LayoutKind.Vector);
    }

    private void Object(LayoutId layout, LayoutKind kind)
    {
        if (tables[layout].Kind != kind) Wrong($"{layout} is not of the kind {Mnemonics.Of(kind)}");
        if (kind == LayoutKind.Vector && tables[layout].Fields.Length != 1) Wrong($"{layout} needs one element type");
    }

    private void Reference(ValueId value) { if (Type(value) is not MirType.Reference) Wrong($"{Show(value)} is no reference"); }
    private void Counted(ValueId value) { if (!tables.IsCounted(Type(value))) Wrong($"{Show(value)} is not counted"); }
    private void None(MirType? result) { if (result is not null) Wrong("has no result"); }
    private void Gives(MirType? result, MirType type) { if (result is null || !Fits(type, result)) Wrong($"gives {MirPrinter.Print(type)}"); }
    private void GivesOrNone(MirType? result, MirType type) { if (result is not null || type is not MirType.Unit) Gives(result, type); }
    private void Is(MirType? result, bool fits, string wanted) { if (result is null || !fits) Wrong($"the result should be {wanted}"); }
    private void Fits(ValueId value, MirType wanted) { if (!Fits(Type(value), wanted)) Wrong($"{Show(value)} should be {MirPrinter.Print(wanted)}"); }

    /// <summary>Whether a value of the first type may stand where the second is wanted.</summary>
    private static bool Fits(MirType type, MirType wanted)
    {
        if (type is MirType.Reference(var immediate, var canBeNull) && wanted is MirType.Reference(var mayImmediate, var mayNull))
            return (!immediate || mayImmediate) && (!canBeNull || mayNull);
        return type == wanted;
    }

    private static bool SameButForNull(MirType left, MirType right) => left == right || (left is MirType.Reference && right is MirType.Reference);
    private MirType Type(ValueId value) => function.TypeOf(value);
    private string Show(ValueId value) => $"{value}: {MirPrinter.Print(Type(value))}";
    private void Wrong(string message) => report.Add(_block, _where, message);
}
