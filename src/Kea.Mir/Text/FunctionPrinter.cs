using System.Collections.Immutable;
using System.Text;

namespace Kea.Mir;

/// <summary>Prints function bodies for <see cref="MirPrinter"/>.</summary>
internal sealed class FunctionPrinter(ImmutableArray<MirSignature> signatures, StringBuilder text, bool locations)
{
    public void Print(MirFunction function)
    {
        text.Append("fn ").Append(function.Id.ToString()).Append(' ').Append(MirPrinter.Quote(function.Name)).Append(" in ").Append(MirPrinter.Quote(function.Module));
        if (locations) Where(function.Location, text.Append(" at ").Append(MirPrinter.Quote(function.SourcePath)));
        if (locations)
            foreach (var (id, name, path) in function.Inlined) text.Append(" inlines ").Append(id.ToString()).Append(' ').Append(MirPrinter.Quote(name)).Append(' ').Append(MirPrinter.Quote(path));
        text.Append(" (");
        for (var i = 0; i < function.Parameters.Length; i++)
        {
            var (value, ownership) = function.Parameters[i];
            text.Append(i > 0 ? ", " : "").Append(value.ToString()).Append(": ").Append(ownership == Ownership.Borrowed ? "borrowed " : "");
            text.Append(MirPrinter.Print(function.TypeOf(value)));
        }
        text.Append(") -> ").Append(MirPrinter.Print(function.Result)).Append(function.IsClosureCode ? " closure {\n" : " {\n");
        foreach (var block in function.Blocks) Print(function, block);
        text.Append("}\n");
    }

    private void Print(MirFunction function, Block block)
    {
        text.Append(block.Id.ToString());
        if (block.Parameters.Length > 0)
        {
            text.Append('(');
            for (var i = 0; i < block.Parameters.Length; i++)
            {
                var parameter = block.Parameters[i];
                text.Append(i > 0 ? ", " : "").Append(parameter.ToString()).Append(": ").Append(MirPrinter.Print(function.TypeOf(parameter)));
                foreach (var borrowed in block.Borrows)
                    if (borrowed.Parameter == parameter) text.Append(" of ").Append(borrowed.Owner.ToString());
            }
            text.Append(')');
        }
        text.Append(":\n");
        foreach (var (result, operation, location) in block.Instructions)
        {
            text.Append("  ");
            if (result is { } value) text.Append(value.ToString()).Append(": ").Append(MirPrinter.Print(function.TypeOf(value))).Append(" = ");
            text.Append(Operation(operation));
            Where(location, text);
            if (operation is Inst.Call(var callee, _)) Name(callee);
            if (operation is Inst.MakeClosure(var code, _, _)) Name(code);
            if (operation is Inst.FunctionRef(var referred)) Name(referred);
            text.Append('\n');
        }
        text.Append("  ").Append(Terminate(block.Terminator));
        Where(block.TerminatorLocation, text);
        text.Append('\n');
    }

    internal static string Operation(Inst inst) => inst switch
    {
        Inst.Const(var value) => $"const {value}",
        Inst.FloatConst(var value) => $"fconst {MirPrinter.Number(value)}",
        Inst.StringConst(var value) => $"string {MirPrinter.Quote(value)}",
        Inst.UnitConst => "unit",
        Inst.Immediate(var variant) => $"immediate {variant}",
        Inst.Null => "null",
        Inst.FunctionRef(var function) => $"function {function}",
        Inst.Arithmetic(var op, var signed, var left, var right) => $"{Mnemonics.Of(op)}{Unsigned(signed)} {left}, {right}",
        Inst.Unary(var op, var operand) => $"{Mnemonics.Of(op)} {operand}",
        Inst.Compare(var op, var signed, var left, var right) => $"{Mnemonics.Of(op)}{Unsigned(signed)} {left}, {right}",
        Inst.Cast(var op, var operand) => $"{Mnemonics.Of(op)} {operand}",
        Inst.IsNull(var operand) => $"is_null {operand}",
        Inst.Select(var condition, var ifTrue, var ifFalse) => $"select {condition}, {ifTrue}, {ifFalse}",
        Inst.MakeAggregate(var aggregate, var fields) => $"make {aggregate}{List(fields)}",
        Inst.Extract(var aggregate, var field) => $"extract {aggregate}.{field}",
        Inst.Unpack(var aggregate, var moved) => $"unpack {aggregate} moved {List(moved)}",
        Inst.Alloc(var layout, var fields) => $"alloc {layout}{List(fields)}",
        Inst.AllocReuse(var token, var layout, var fields) => $"alloc_reuse {token}, {layout}{List(fields)}",
        Inst.MakeClosure(var function, var layout, var captures) => $"closure {function}, {layout}{List(captures)}",
        Inst.Project(var o, var layout, var field) => $"project {o}, {layout}.{field}",
        Inst.Take(var o, var layout, var field) => $"take {o}, {layout}.{field}",
        Inst.StoreField(var o, var layout, var field, var value) => $"store_field {o}, {layout}.{field}, {value}",
        Inst.Variant(var o, var e) => $"variant {o}, {e}",
        Inst.Dup(var value) => $"dup {value}",
        Inst.Drop(var value) => $"drop {value}",
        Inst.IsUnique(var o) => $"is_unique {o}",
        Inst.IsHot(var rest) => $"is_hot {rest}",
        Inst.Poll => "poll",
        Inst.DropReuse(var o, var layout) => $"drop_reuse {o}, {layout}",
        Inst.FreeCell(var o, var layout) cell => $"free_cell {o}, {layout} moved {List(cell.Moved)}",
        Inst.TakeCell(var o, var layout) cell => $"take_cell {o}, {layout} moved {List(cell.Moved)}",
        Inst.Decrement(var o) => $"decrement {o}",
        Inst.FreeToken(var token) => $"free_token {token}",
        Inst.Call(var function, var arguments) => $"call {function}{List(arguments)}",
        Inst.CallClosure(var closure, var arguments) => $"call_closure {closure}{List(arguments)}",
        Inst.CallRuntime(var function, var arguments) => $"call_runtime {MirPrinter.Quote(function.Symbol)}{List(arguments)}",
        Inst.CallForeign(var symbol, var arguments) => $"call_foreign {MirPrinter.Quote(symbol)}{List(arguments)}",
        Inst.Length(var o, var kind) => $"length {Mnemonics.Of(kind)} {o}",
        Inst.VectorCapacity(var vector) => $"vector_capacity {vector}",
        Inst.VectorNew(var layout, var capacity) => $"vector_new {layout}, {capacity}",
        Inst.VectorReserve(var vector, var layout, var needed) => $"vector_reserve {vector}, {layout}, {needed}",
        Inst.StringByte(var s, var index) => $"string_byte {s}, {index}",
        Inst.VectorGet(var vector, var layout, var index) => $"vector_get {vector}, {layout}, {index}",
        Inst.VectorTake(var vector, var layout, var index) => $"vector_take {vector}, {layout}, {index}",
        Inst.VectorUnique(var vector, var layout) => $"vector_unique {vector}, {layout}",
        Inst.VectorStore(var vector, var layout, var index, var value) => $"vector_store {vector}, {layout}, {index}, {value}",
        Inst.VectorSetLength(var vector, var length) => $"vector_set_length {vector}, {length}",
        Inst.Load(var address) => $"load {address}",
        Inst.Store(var address, var value) => $"store {address}, {value}",
        Inst.PointerAdd(var address, var index, var element) => $"pointer_add {address}, {index}, {MirPrinter.Print(element)}",
    };

    internal static string Terminate(Terminator terminator) => terminator switch
    {
        Terminator.Jump(var target) => $"jump {To(target)}",
        Terminator.Branch(var condition, var then, var otherwise) => $"branch {condition}, {To(then)}, {To(otherwise)}",
        Terminator.SwitchInt(var value, var cases, var otherwise) => $"switch {value} [{Cases(cases)}]{Default(otherwise)}",
        Terminator.SwitchVariant(var o, var e, var cases, var otherwise) => $"switch_variant {o}, {e} [{Cases(cases)}]{Default(otherwise)}",
        Terminator.Return(var value) => $"return {value}",
        Terminator.Panic(var kind, var message) => message is { } m ? $"panic {Mnemonics.Of(kind)} {m}" : $"panic {Mnemonics.Of(kind)}",
        Terminator.Unreachable => "unreachable",
    };

    private void Where(Location location, StringBuilder to)
    {
        if (!locations || location.Line <= 0) return;
        to.Append(" !").Append(location.Line).Append(':').Append(location.Column);
        if (location.Scope > 0) to.Append('/').Append(location.Scope);
    }

    private void Name(FunctionId id)
    {
        if (id.Index < signatures.Length) text.Append("  ; ").Append(signatures[id.Index].Name.ReplaceLineEndings(" "));
    }

    private static string Unsigned(bool signed) => signed ? "" : ".u";
    private static string List(ImmutableArray<ValueId> values) => $"({string.Join(", ", values)})";
    internal static string To(Edge edge) => edge.Arguments.Length == 0 ? edge.Target.ToString() : $"{edge.Target}{List(edge.Arguments)}";
    private static string Default(Edge? edge) => edge is null ? "" : $" default {To(edge)}";

    private static string Cases<T>(ImmutableArray<(T Value, Edge Target)> cases)
    {
        var parts = new string[cases.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = $"{cases[i].Value}: {To(cases[i].Target)}";
        return string.Join(", ", parts);
    }
}
