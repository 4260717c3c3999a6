using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Mir;

/// <summary>
/// Reads the text form that <see cref="MirPrinter"/> writes. Never throws on bad text: the first mistake becomes a diagnostic
/// with its place, and what was read before it is returned. What the text means is the business of <see cref="Verify"/>.
/// </summary>
public static class MirParser
{
    /// <summary>The code of all its diagnostics.</summary>
    public const string Code = "M0001";

    public static Phase<MirProgram> ParseProgram(SourceText source)
    {
        var cursor = new MirCursor(source);
        var program = new ProgramParser(cursor).Parse();
        return new(program, cursor.Diagnostics);
    }

    public static Phase<MirProgram> ParseProgram(string text) => ParseProgram(new SourceText("text.mir", text));

    /// <summary>One function whose layouts, callees and runtime functions are those of the program.</summary>
    /// <returns>Null when the text is wrong.</returns>
    public static Phase<MirFunction?> ParseFunction(SourceText source, MirProgram program)
    {
        var cursor = new MirCursor(source);
        var runtime = new Dictionary<string, RuntimeFunction>(StringComparer.Ordinal);
        foreach (var function in program.Functions)
            foreach (var block in function.Blocks)
                foreach (var instruction in block.Instructions)
                    if (instruction.Operation is Inst.CallRuntime(var callee, _)) runtime[callee.Symbol] = callee;
        cursor.Expect("fn");
        var parsed = new FunctionParser(cursor, runtime).Parse();
        if (!cursor.AtEnd) cursor.Fail("expected the end of the text after the function");
        return new(cursor.Failed ? null : parsed, cursor.Diagnostics);
    }
}

/// <summary>Reads the tables and declarations around the functions.</summary>
internal sealed class ProgramParser(MirCursor cursor)
{
    private readonly List<Layout> _layouts = [];
    private readonly List<AggregateType> _aggregates = [];
    private readonly List<EnumLayout> _enums = [];
    private readonly List<MirSignature> _signatures = [];
    private readonly List<MirFunction> _functions = [];
    private readonly Dictionary<string, RuntimeFunction> _runtime = new(StringComparer.Ordinal);
    private FunctionId? _entry;
    private readonly List<FunctionId> _roots = [];

    public MirProgram Parse()
    {
        while (!cursor.AtEnd) Item();
        _signatures.Sort((left, right) => left.Id.Index.CompareTo(right.Id.Index));
        for (var i = 0; i < _signatures.Count && !cursor.Failed; i++)
            if (_signatures[i].Id.Index != i) cursor.Fail($"function @{i} is missing or there twice: ids index the table");
        return new([.. _layouts], [.. _aggregates], [.. _enums], [.. _signatures], [.. _functions], _entry) { Roots = [.. _roots] };
    }

    private void Item()
    {
        if (cursor.Accept("fn")) Function();
        else if (cursor.Accept("declare")) Declaration();
        else if (cursor.Accept("runtime")) Runtime();
        else if (cursor.Accept("entry")) _entry = cursor.Function();
        else if (cursor.Accept("root")) _roots.Add(cursor.Function());
        else if (cursor.LooksLike("layout")) LayoutRow();
        else if (cursor.LooksLike("agg"))
        {
            var id = new AggregateId(cursor.Row("agg", _aggregates.Count));
            _aggregates.Add(new(id, cursor.Text(), cursor.TypeList()));
        }
        else if (cursor.LooksLike("enum")) EnumRow();
        else cursor.Fail("expected layout, agg, enum, runtime, declare, fn, entry or root");
    }

    private void Function()
    {
        var function = new FunctionParser(cursor, _runtime).Parse();
        if (cursor.Failed) return;
        _functions.Add(function);
        var parameters = ImmutableArray.CreateBuilder<(MirType, Ownership)>(function.Parameters.Length);
        foreach (var (value, ownership) in function.Parameters) parameters.Add((function.TypeOf(value), ownership));
        _signatures.Add(new(function.Id, function.Name, function.Module, parameters.MoveToImmutable(), function.Result, function.IsClosureCode));
    }

    private void Declaration()
    {
        var id = cursor.Function();
        var name = cursor.Text();
        cursor.Expect("in");
        var module = cursor.Text();
        var parameters = cursor.ParameterTypes();
        cursor.Expect("->");
        _signatures.Add(new(id, name, module, parameters, cursor.Type(), cursor.Accept("closure")));
    }

    private void Runtime()
    {
        var symbol = cursor.Text();
        var context = cursor.Accept("context");
        var parameters = cursor.ParameterTypes();
        cursor.Expect("->");
        var result = cursor.Type();
        _runtime[symbol] = new(symbol, context, parameters, result, cursor.Accept("panics"), cursor.Accept("pure"), cursor.Accept("blocks"));
    }

    private void LayoutRow()
    {
        var id = new LayoutId(cursor.Row("layout", _layouts.Count));
        var kind = Mnemonics.Find<LayoutKind>(cursor.Word(), Mnemonics.Of);
        if (kind is null) cursor.Fail("expected fields, string, vector or closure");
        var name = cursor.Text();
        var tag = cursor.Accept("tag") ? cursor.Integer() : 0;
        _layouts.Add(new(id, name, kind ?? LayoutKind.Fields, tag, cursor.TypeList()));
    }

    private void EnumRow()
    {
        var id = new EnumId(cursor.Row("enum", _enums.Count));
        var name = cursor.Text();
        var variants = ImmutableArray.CreateBuilder<LayoutId?>();
        cursor.Expect("(");
        while (!cursor.Closes(")")) variants.Add(cursor.Accept("_") ? null : cursor.Layout());
        _enums.Add(new(id, name, variants.ToImmutable()));
    }
}
