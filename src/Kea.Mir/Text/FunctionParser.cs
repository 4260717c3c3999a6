using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>Reads one function, from behind <c>fn</c> to its closing brace.</summary>
internal sealed class FunctionParser(MirCursor cursor, Dictionary<string, RuntimeFunction> runtime)
{
    private readonly List<MirType> _types = [];

    public MirFunction Parse()
    {
        var id = cursor.Function();
        var name = cursor.Text();
        cursor.Expect("in");
        var module = cursor.Text();
        var path = cursor.Accept("at") ? cursor.Text() : "";
        var location = cursor.Location();
        var inlined = ImmutableArray.CreateBuilder<InlinedFunction>();
        while (cursor.Accept("inlines")) inlined.Add(new(cursor.Function(), cursor.Text(), cursor.Text()));
        var parameters = ImmutableArray.CreateBuilder<MirParameter>();
        cursor.Expect("(");
        while (!cursor.Closes(")"))
        {
            var value = cursor.Value();
            cursor.Expect(":");
            var ownership = cursor.Accept("borrowed") ? Ownership.Borrowed : Ownership.Owned;
            Define(value, cursor.Type());
            parameters.Add(new(value, ownership));
        }
        cursor.Expect("->");
        var result = cursor.Type();
        var isClosure = cursor.Accept("closure");
        cursor.Expect("{");
        var blocks = ImmutableArray.CreateBuilder<Block>();
        while (!cursor.Closes("}")) blocks.Add(ParseBlock(blocks.Count));
        if (blocks.Count == 0) cursor.Fail("a function needs a block");
        return new(id, name, module, path, location, parameters.ToImmutable(), result, isClosure, blocks.ToImmutable(), [.. _types]) { Inlined = inlined.ToImmutable() };
    }

    private Block ParseBlock(int index)
    {
        var id = cursor.Block();
        if (id.Index != index) cursor.Fail($"expected block b{index}: blocks come in the order of their ids");
        var parameters = ImmutableArray.CreateBuilder<ValueId>();
        var borrows = ImmutableArray.CreateBuilder<BorrowedBlockParameter>();
        if (cursor.Accept("("))
        {
            while (!cursor.Closes(")"))
            {
                var value = cursor.Value();
                cursor.Expect(":");
                Define(value, cursor.Type());
                parameters.Add(value);
                if (cursor.Accept("of")) borrows.Add(new(value, cursor.Value()));
            }
        }
        cursor.Expect(":");
        var instructions = ImmutableArray.CreateBuilder<Instruction>();
        while (!cursor.AtEnd)
        {
            if (Terminate() is { } terminator)
                return new(id, parameters.ToImmutable(), instructions.ToImmutable(), terminator, cursor.Location()) { Borrows = borrows.ToImmutable() };
            instructions.Add(ParseInstruction());
        }
        cursor.Fail("expected a terminator");
        return new(id, parameters.ToImmutable(), instructions.ToImmutable(), new Terminator.Unreachable(), default);
    }

    private Instruction ParseInstruction()
    {
        ValueId? result = null;
        if (cursor.LooksLikeDefinition())
        {
            var value = cursor.Value();
            cursor.Expect(":");
            Define(value, cursor.Type());
            cursor.Expect("=");
            result = value;
        }
        var operation = Operation();
        return new(result, operation, cursor.Location());
    }

    private Inst Operation()
    {
        var word = cursor.Word();
        switch (word)
        {
            case "const": return new Inst.Const(cursor.Long());
            case "fconst": return new Inst.FloatConst(cursor.Double());
            case "string": return new Inst.StringConst(cursor.Text());
            case "unit": return new Inst.UnitConst();
            case "immediate": return new Inst.Immediate(cursor.Integer());
            case "null": return new Inst.Null();
            case "function": return new Inst.FunctionRef(cursor.Function());
            case "is_null": return new Inst.IsNull(cursor.Value());
            case "select": return new Inst.Select(cursor.Value(), cursor.Value(), cursor.Value());
            case "make": return new Inst.MakeAggregate(cursor.Aggregate(), cursor.Values());
            case "extract": return new Inst.Extract(cursor.Value(), Field());
            case "unpack": return new Inst.Unpack(cursor.Value(), Moved());
            case "alloc": return new Inst.Alloc(cursor.Layout(), cursor.Values());
            case "alloc_reuse": return new Inst.AllocReuse(cursor.Value(), cursor.Layout(), cursor.Values());
            case "closure": return new Inst.MakeClosure(cursor.Function(), cursor.Layout(), cursor.Values());
            case "project": return new Inst.Project(cursor.Value(), cursor.Layout(), Field());
            case "take": return new Inst.Take(cursor.Value(), cursor.Layout(), Field());
            case "store_field": return new Inst.StoreField(cursor.Value(), cursor.Layout(), Field(), cursor.Value());
            case "variant": return new Inst.Variant(cursor.Value(), cursor.Enum());
            case "dup": return new Inst.Dup(cursor.Value());
            case "drop": return new Inst.Drop(cursor.Value());
            case "is_unique": return new Inst.IsUnique(cursor.Value());
            case "is_hot": return new Inst.IsHot(cursor.Function());
            case "poll": return new Inst.Poll();
            case "drop_reuse": return new Inst.DropReuse(cursor.Value(), cursor.Layout());
            case "free_cell": return new Inst.FreeCell(cursor.Value(), cursor.Layout()) { Moved = Moved() };
            case "take_cell": return new Inst.TakeCell(cursor.Value(), cursor.Layout()) { Moved = Moved() };
            case "decrement": return new Inst.Decrement(cursor.Value());
            case "free_token": return new Inst.FreeToken(cursor.Value());
            case "call": return new Inst.Call(cursor.Function(), cursor.Values());
            case "call_closure": return new Inst.CallClosure(cursor.Value(), cursor.Values());
            case "call_runtime": return new Inst.CallRuntime(RuntimeFunction(), cursor.Values());
            case "call_foreign": return new Inst.CallForeign(cursor.Text(), cursor.Values());
            case "length": { var kind = Kind(); return new Inst.Length(cursor.Value(), kind); }
            case "vector_capacity": return new Inst.VectorCapacity(cursor.Value());
            case "vector_new": return new Inst.VectorNew(cursor.Layout(), cursor.Value());
            case "vector_reserve": return new Inst.VectorReserve(cursor.Value(), cursor.Layout(), cursor.Value());
            case "string_byte": return new Inst.StringByte(cursor.Value(), cursor.Value());
            case "vector_get": return new Inst.VectorGet(cursor.Value(), cursor.Layout(), cursor.Value());
            case "vector_take": return new Inst.VectorTake(cursor.Value(), cursor.Layout(), cursor.Value());
            case "vector_unique": return new Inst.VectorUnique(cursor.Value(), cursor.Layout());
            case "vector_store": return new Inst.VectorStore(cursor.Value(), cursor.Layout(), cursor.Value(), cursor.Value());
            case "vector_set_length": return new Inst.VectorSetLength(cursor.Value(), cursor.Value());
            case "load": return new Inst.Load(cursor.Value());
            case "store": return new Inst.Store(cursor.Value(), cursor.Value());
            case "pointer_add": return new Inst.PointerAdd(cursor.Value(), cursor.Value(), cursor.Type());
        }
        return Operator(word);
    }

    /// <summary>The operations that are a member of an enum.</summary>
    private Inst Operator(ReadOnlySpan<char> word)
    {
        if (Mnemonics.Find<ArithmeticOp>(word, Mnemonics.Of) is { } arithmetic)
            return new Inst.Arithmetic(arithmetic, Signed(), cursor.Value(), cursor.Value());
        if (Mnemonics.Find<CompareOp>(word, Mnemonics.Of) is { } compare)
            return new Inst.Compare(compare, Signed(), cursor.Value(), cursor.Value());
        if (Mnemonics.Find<UnaryOp>(word, Mnemonics.Of) is { } unary) return new Inst.Unary(unary, cursor.Value());
        if (Mnemonics.Find<CastOp>(word, Mnemonics.Of) is { } cast) return new Inst.Cast(cast, cursor.Value());
        cursor.Fail($"`{word}` is no instruction; expected one before this");
        return new Inst.UnitConst();
    }

    private Terminator? Terminate()
    {
        if (cursor.Accept("jump")) return new Terminator.Jump(Edge());
        if (cursor.Accept("branch")) return new Terminator.Branch(cursor.Value(), Edge(), Edge());
        if (cursor.Accept("switch"))
        {
            var value = cursor.Value();
            return new Terminator.SwitchInt(value, Cases(static c => c.Long()), Default());
        }
        if (cursor.Accept("switch_variant"))
        {
            var (value, e) = (cursor.Value(), cursor.Enum());
            return new Terminator.SwitchVariant(value, e, Cases(static c => c.Integer()), Default());
        }
        if (cursor.Accept("return")) return new Terminator.Return(cursor.Value());
        if (cursor.Accept("unreachable")) return new Terminator.Unreachable();
        if (!cursor.Accept("panic")) return null;
        var kind = Mnemonics.Find<PanicKind>(cursor.Word(), Mnemonics.Of);
        if (kind is null) cursor.Fail("expected a kind of panic before this");
        return new Terminator.Panic(kind ?? PanicKind.Overflow, kind == PanicKind.Message ? cursor.Value() : null);
    }

    private ImmutableArray<(T, Edge)> Cases<T>(Func<MirCursor, T> read)
    {
        var cases = ImmutableArray.CreateBuilder<(T, Edge)>();
        cursor.Expect("[");
        while (!cursor.Closes("]"))
        {
            var value = read(cursor);
            cursor.Expect(":");
            cases.Add((value, Edge()));
        }
        return cases.ToImmutable();
    }

    private Edge? Default() => cursor.Accept("default") ? Edge() : null;

    private Edge Edge()
    {
        var target = cursor.Block();
        return new(target, cursor.CurrentText is "(" ? cursor.Values() : []);
    }

    private int Field()
    {
        cursor.Expect(".");
        return cursor.Integer();
    }

    private ImmutableArray<ValueId> Moved()
    {
        cursor.Expect("moved");
        return cursor.Values();
    }

    private bool Signed()
    {
        if (!cursor.Accept(".")) return true;
        cursor.Expect("u");
        return false;
    }

    private LayoutKind Kind()
    {
        var kind = Mnemonics.Find<LayoutKind>(cursor.Word(), Mnemonics.Of);
        if (kind is null) cursor.Fail("expected string or vector before this");
        return kind ?? LayoutKind.String;
    }

    private RuntimeFunction RuntimeFunction()
    {
        var symbol = cursor.Text();
        if (runtime.TryGetValue(symbol, out var function)) return function;
        cursor.Fail($"there is no `runtime` line for {symbol} before this");
        return new(symbol, false, [], MirType.Nothing, false, false);
    }

    private void Define(ValueId value, MirType type)
    {
        while (_types.Count <= value.Index) _types.Add(MirType.Nothing);
        _types[value.Index] = type;
    }
}
