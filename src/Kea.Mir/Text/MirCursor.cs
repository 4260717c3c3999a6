using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Kea.Source;

namespace Kea.Mir;

/// <summary>
/// The place in the text where the parser is, with the readers of single words. After the first mistake it stands at the end
/// of the text for good, so that every loop of the parser stops by itself.
/// </summary>
internal sealed class MirCursor
{
    /// <summary>A bound on indices, so that a typing error does not ask for gigabytes.</summary>
    private const int IndexMax = 1 << 22;

    private readonly SourceText _source;
    private readonly List<MirToken> _tokens = [];
    private readonly DiagnosticBag _bag = new();
    private int _at;

    public MirCursor(SourceText source)
    {
        _source = source;
        var lexer = new MirLexer(source.Text);
        do _tokens.Add(lexer.Next()); while (_tokens[^1].Kind != MirTokenKind.End);
    }

    public bool Failed => _bag.HasErrors;
    public bool AtEnd => Current.Kind == MirTokenKind.End;
    public ImmutableArray<Diagnostic> Diagnostics => _bag.ToImmutable();
    public ReadOnlySpan<char> CurrentText => _source.Slice(Current.Span);
    public bool AtNumber => Current.Kind == MirTokenKind.Number;

    private MirToken Current => _tokens[_at];

    public void Fail(string expectation)
    {
        if (Failed) return;
        var found = AtEnd ? "the end of the text" : $"`{CurrentText}`";
        _bag.Error(MirParser.Code, new(_source, Current.Span), $"{expectation}; found {found}");
        _at = _tokens.Count - 1;
    }

    public bool Accept(string text)
    {
        if (AtEnd || Current.Kind == MirTokenKind.String || !CurrentText.SequenceEqual(text)) return false;
        _at++;
        return true;
    }

    public void Expect(string text) { if (!Accept(text)) Fail($"expected `{text}`"); }

    /// <summary>Accepts the closing mark of a list; also true at the end of the text, with the mistake reported.</summary>
    public bool Closes(string mark)
    {
        if (Accept(mark)) return true;
        if (!AtEnd) return false;
        Fail($"expected `{mark}`");
        return true;
    }

    public bool LooksLike(string prefix) => IsNumbered(_at, prefix);

    /// <summary>At <c>v7 :</c>, a definition.</summary>
    public bool LooksLikeDefinition() => IsNumbered(_at, "v") && _at + 1 < _tokens.Count && _source.Slice(_tokens[_at + 1].Span).SequenceEqual(":");

    public ReadOnlySpan<char> Word()
    {
        if (Current.Kind != MirTokenKind.Word) { Fail("expected a word"); return ""; }
        return _source.Slice(_tokens[_at++].Span);
    }

    public int Integer()
    {
        var value = Long();
        if (value is >= 0 and < IndexMax) return (int)value;
        Fail("expected a small number");
        return 0;
    }

    public long Long()
    {
        if (Current.Kind == MirTokenKind.Number && long.TryParse(CurrentText, CultureInfo.InvariantCulture, out var value)) { _at++; return value; }
        Fail("expected a whole number");
        return 0;
    }

    public double Double()
    {
        var text = CurrentText;
        if (text.StartsWith("0x") && ulong.TryParse(text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)) { _at++; return BitConverter.UInt64BitsToDouble(bits); }
        if (AtNumber && double.TryParse(text, CultureInfo.InvariantCulture, out var value)) { _at++; return value; }
        Fail("expected a number");
        return 0;
    }

    public string Text()
    {
        if (Current.Kind != MirTokenKind.String || CurrentText is not ['"', .. var inner, '"']) { Fail("expected a text in quotes"); return ""; }
        var value = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] != '\\') { value.Append(inner[i]); continue; }
            if (!Escape(inner, ref i, value)) { Fail("there is a wrong escape in this text"); return ""; }
        }
        _at++;
        return value.ToString();
    }

    public ValueId Value() => new(Numbered("v"));
    public BlockId Block() => new(Numbered("b"));
    public LayoutId Layout() => new(Numbered("layout"));
    public AggregateId Aggregate() => new(Numbered("agg"));
    public EnumId Enum() => new(Numbered("enum"));
    public FunctionId Function() => new(Numbered("@"));

    /// <summary>The head of a table's row, <c>layout3 =</c>; rows come in the order of their ids.</summary>
    public int Row(string prefix, int expected)
    {
        var index = Numbered(prefix);
        if (index != expected) Fail($"expected the row {prefix}{expected} before this");
        Expect("=");
        return expected;
    }

    public MirType Type()
    {
        if (IsNumbered(_at, "agg")) return new MirType.Aggregate(Aggregate());
        MirType? type = CurrentText switch
        {
            "i8" => MirType.I8,
            "i16" => MirType.I16,
            "i32" => MirType.I32,
            "i64" => MirType.I64,
            "f16" => new MirType.Float(16),
            "f32" => MirType.F32,
            "f64" => MirType.F64,
            "bool" => MirType.Boolean,
            "ptr" => MirType.Raw,
            "unit" => MirType.Nothing,
            "token" => MirType.Reuse,
            "ref" => MirType.Ref,
            "ref~" => new MirType.Reference(true, false),
            "ref?" => new MirType.Reference(false, true),
            "ref~?" => new MirType.Reference(true, true),
            _ => null,
        };
        if (type is null) { Fail("expected a type"); return MirType.Nothing; }
        _at++;
        return type;
    }

    public ImmutableArray<MirType> TypeList()
    {
        var types = ImmutableArray.CreateBuilder<MirType>();
        Expect("(");
        while (!Closes(")")) types.Add(Type());
        return types.ToImmutable();
    }

    public ImmutableArray<(MirType, Ownership)> ParameterTypes()
    {
        var types = ImmutableArray.CreateBuilder<(MirType, Ownership)>();
        Expect("(");
        while (!Closes(")"))
        {
            var ownership = Accept("borrowed") ? Ownership.Borrowed : Ownership.Owned;
            types.Add((Type(), ownership));
        }
        return types.ToImmutable();
    }

    public ImmutableArray<ValueId> Values()
    {
        var values = ImmutableArray.CreateBuilder<ValueId>();
        Expect("(");
        while (!Closes(")")) values.Add(Value());
        return values.ToImmutable();
    }

    /// <summary><c>!line:column</c>, <c>!line:column/scope</c>, or nothing.</summary>
    public Location Location()
    {
        if (!Accept("!")) return default;
        var line = Integer();
        Expect(":");
        var column = Integer();
        return new(line, column) { Scope = Accept("/") ? Integer() : 0 };
    }

    private int Numbered(string prefix)
    {
        if (IsNumbered(_at, prefix) && int.TryParse(CurrentText[prefix.Length..], CultureInfo.InvariantCulture, out var index) && index < IndexMax)
        {
            _at++;
            return index;
        }
        Fail($"expected `{prefix}` with a number");
        return 0;
    }

    private bool IsNumbered(int at, string prefix)
    {
        if (_tokens[at].Kind != MirTokenKind.Word) return false;
        var text = _source.Slice(_tokens[at].Span);
        return text.Length > prefix.Length && text.StartsWith(prefix) && text[prefix.Length..].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool Escape(ReadOnlySpan<char> inner, ref int i, StringBuilder value)
    {
        if (++i >= inner.Length) return false;
        switch (inner[i])
        {
            case '"' or '\\': value.Append(inner[i]); return true;
            case 'n': value.Append('\n'); return true;
            case 't': value.Append('\t'); return true;
            case 'u':
                var end = inner[i..].IndexOf('}');
                if (end < 3 || inner[i + 1] != '{' || !ushort.TryParse(inner[(i + 2)..(i + end)], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var unit)) return false;
                value.Append((char)unit);
                i += end;
                return true;
            default: return false;
        }
    }
}
