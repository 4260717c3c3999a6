using System.Globalization;

namespace Kea.Live.Tests.Migration;

/// <summary>A type of the generated programs.</summary>
internal abstract record Shape
{
    private Shape() { }
    public sealed record Number(string Name) : Shape;
    public sealed record Text : Shape;
    public sealed record Flag : Shape;
    public sealed record Declared(string Name) : Shape;
    public sealed record ListOf(Shape Element) : Shape;
    public sealed record MapOf(Shape Value) : Shape;
    public sealed record Maybe(Shape Inner) : Shape;
    public sealed record Pair(Shape First, Shape Second) : Shape;

    public string Source(bool isArgument = false) => this switch
    {
        Number(var name) => name,
        Text => "String",
        Flag => "Bool",
        Declared(var name) => name,
        ListOf(var element) => Applied($"List {element.Source(true)}", isArgument),
        MapOf(var value) => $"Map(String, {value.Source()})",
        Maybe(var inner) => Applied($"Option {inner.Source(true)}", isArgument),
        Pair(var first, var second) => $"({first.Source()}, {second.Source()})",
    };

    private static string Applied(string text, bool isArgument) => isArgument ? $"({text})" : text;
}

/// <summary>A value of the generated programs: how it is written, and how <c>Show</c> prints it.</summary>
internal abstract record Value
{
    private Value() { }
    public sealed record Number(long Of) : Value;
    public sealed record Text(string Of) : Value;
    public sealed record Flag(bool Of) : Value;
    /// <param name="Variant">Null for a struct.</param>
    public sealed record Made(string Type, string? Variant, IReadOnlyList<(string? Label, Value Of)> Fields) : Value;
    public sealed record List(IReadOnlyList<Value> Elements) : Value;
    public sealed record Map(Value? Only) : Value;
    public sealed record Maybe(Value? Inner) : Value;
    public sealed record Pair(Value First, Value Second) : Value;

    public string Source => this switch
    {
        Number(var number) => number.ToString(CultureInfo.InvariantCulture),
        Text(var text) => $"\"{text}\"",
        Flag(var flag) => flag ? "true" : "false",
        Made(var type, null, var fields) => $"{type} {{ {string.Join(", ", fields.Select(f => $"{f.Label}: {f.Of.Source}"))} }}",
        Made(_, var variant, { Count: 0 }) => variant!,
        Made(_, var variant, var fields) => $"{variant}({string.Join(", ", fields.Select(f => f.Label is null ? f.Of.Source : $"{f.Label}: {f.Of.Source}"))})",
        List(var elements) => $"[{string.Join(", ", elements.Select(e => e.Source))}]",
        Map(null) => "%{}",
        Map(var value) => $"%{{\"k\" => {value!.Source}}}",
        Maybe(null) => "None",
        Maybe(var inner) => $"Some({inner!.Source})",
        Pair(var first, var second) => $"({first.Source}, {second.Source})",
    };

    public string Printed => this switch
    {
        Number(var number) => number.ToString(CultureInfo.InvariantCulture),
        Text(var text) => text,
        Flag(var flag) => flag ? "true" : "false",
        Made(var type, null, var fields) => $"{type}({string.Join(", ", fields.Select(f => $"{f.Label}: {f.Of.Printed}"))})",
        Made(_, var variant, { Count: 0 }) => variant!,
        Made(_, var variant, var fields) => $"{variant}({string.Join(", ", fields.Select(f => f.Of.Printed))})",
        List(var elements) => $"[{string.Join(", ", elements.Select(e => e.Printed))}]",
        Map(null) => "%{}",
        Map(var value) => $"%{{k => {value!.Printed}}}",
        Maybe(null) => "None",
        Maybe(var inner) => $"Some({inner!.Printed})",
        Pair(var first, var second) => $"({first.Printed}, {second.Printed})",
    };
}

/// <param name="Label">Null for a positional field of a variant.</param>
/// <param name="Default">Of a field that has <c>@default</c>.</param>
internal sealed record FieldShape(string? Label, Shape Type, Value? Default = null);

/// <param name="Name">Null for the one of a struct.</param>
internal sealed record VariantShape(string? Name, IReadOnlyList<FieldShape> Fields);

internal sealed record Declaration(string Name, IReadOnlyList<VariantShape> Variants)
{
    public string Source => Variants is [{ Name: null }]
        ? $"@derive(Show)\nstruct {Name}\n{string.Concat(Variants[0].Fields.Select(f => $"{Default(f, "  ", "\n")}  {f.Label}: {f.Type.Source()}\n"))}"
        : $"@derive(Show)\nenum {Name}\n{string.Concat(Variants.Select(v => $"  {v.Name}{Payload(v)}\n"))}";

    private static string Payload(VariantShape variant) =>
        variant.Fields.Count == 0 ? "" : $"({string.Join(", ", variant.Fields.Select(f => Default(f, "", " ") + (f.Label is null ? "" : f.Label + ": ") + f.Type.Source()))})";

    private static string Default(FieldShape field, string before, string after) => field.Default is { } value ? $"{before}@default({value.Source}){after}" : "";
}

/// <summary>
/// Declarations, another version of them that the table of 10.11.2 (b) covers, and values. Everything follows from the seed.
/// What a value becomes is worked out here from the two versions alone, by names.
/// </summary>
internal sealed class Evolution
{
    private static readonly string[][] _wider = [["Int8", "Int16", "Int32", "Int"], ["UInt8", "UInt16", "UInt32", "UInt64"], ["UInt8", "Int16", "Int64"]];
    private readonly Random _random;
    private readonly Dictionary<string, Declaration> _old = [], _now = [];
    private int _names;

    public Evolution(int seed)
    {
        _random = new Random(seed);
        var count = _random.Next(1, 5);
        for (var i = 0; i < count; i++) Declare(i == count - 1 ? "S" : $"T{i}");
        foreach (var declaration in _old.Values) _now.Add(declaration.Name, Evolve(declaration));
        State = MakeValue(new Shape.ListOf(new Shape.Declared("S")), 3);
    }

    public Value State { get; }
    public bool Drops { get; private set; }
    public string OldSource => string.Concat(_old.Values.Select(d => d.Source));
    public string NewSource => string.Concat(_now.Values.OrderBy(_ => _random.Next()).Select(d => d.Source));
    public Value Migrated => Convert(State, new Shape.ListOf(new Shape.Declared("S")), new Shape.ListOf(new Shape.Declared("S")));

    private bool Chance(int percent) => _random.Next(100) < percent;
    private string NewName() => $"f{_names++}";

    private void Declare(string name)
    {
        var isStruct = name == "S" || Chance(60);
        var variants = Enumerable.Range(0, isStruct ? 1 : _random.Next(1, 5)).Select(i => new VariantShape(isStruct ? null : $"{name}V{i}", Fields(name, isStruct))).ToList();
        // A value must end somewhere.
        if (!isStruct) variants.Add(new VariantShape($"{name}End", []));
        _old.Add(name, new Declaration(name, variants));
    }

    private List<FieldShape> Fields(string owner, bool isStruct)
    {
        var isNamed = isStruct || Chance(60);
        return [.. Enumerable.Range(0, _random.Next(isStruct ? 1 : 0, 5)).Select(_ => new FieldShape(isNamed ? NewName() : null, MakeShape(2, owner, isStruct)))];
    }

    private Shape MakeShape(int depth, string owner, bool isStruct)
    {
        switch (_random.Next(depth > 0 ? 10 : 4))
        {
            case 0 or 1: return new Shape.Number(Pick(["Int8", "UInt8", "Int16", "UInt32", "Int"]));
            case 2: return new Shape.Text();
            case 3: return new Shape.Flag();
            case 4: return new Shape.ListOf(MakeShape(depth - 1, owner, false));
            case 5: return new Shape.Maybe(MakeShape(depth - 1, owner, isStruct));
            case 6: return new Shape.Pair(MakeShape(depth - 1, owner, isStruct), MakeShape(depth - 1, owner, isStruct));
            case 7: return new Shape.MapOf(MakeShape(depth - 1, owner, false));
            case 8 when !isStruct: return new Shape.Declared(owner);
            default: return _old.Count == 0 ? new Shape.Text() : new Shape.Declared(Pick([.. _old.Keys]));
        }
    }

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    private Declaration Evolve(Declaration declaration)
    {
        var isStruct = declaration.Variants[0].Name is null;
        var variants = declaration.Variants.Select(Evolve).ToList();
        if (!isStruct && Chance(40)) variants.Add(new VariantShape($"{declaration.Name}More", Chance(50) ? [] : [new FieldShape(null, new Shape.Text())]));
        return new Declaration(declaration.Name, Chance(50) ? [.. variants.OrderBy(_ => _random.Next())] : variants);
    }

    private VariantShape Evolve(VariantShape variant)
    {
        var fields = variant.Fields.Select(f => f with { Type = Evolve(f.Type) }).ToList();
        if (fields.Any(f => f.Label is null)) return variant with { Fields = fields };
        if (fields.Count > 1 && Chance(25))
        {
            fields.RemoveAt(_random.Next(fields.Count));
            Drops = true;
        }
        if (Chance(30)) fields.Add(new FieldShape(NewName(), new Shape.Maybe(new Shape.Text())));
        if (Chance(30)) fields.Add(new FieldShape(NewName(), new Shape.Number("Int"), new Value.Number(_random.Next(1000))));
        if (Chance(15)) fields.Add(new FieldShape(NewName(), new Shape.ListOf(new Shape.Text()), new Value.List([new Value.Text("d")])));
        return variant with { Fields = Chance(50) ? [.. fields.OrderBy(_ => _random.Next())] : fields };
    }

    private Shape Evolve(Shape shape)
    {
        var inner = shape switch
        {
            Shape.Number(var name) when Chance(30) && _wider.Where(w => w.Contains(name)).ToArray() is { Length: > 0 } ways => Wider(name, Pick(ways)),
            Shape.ListOf(var element) => new Shape.ListOf(Evolve(element)),
            Shape.MapOf(var value) => new Shape.MapOf(Evolve(value)),
            // An Option of an Option would have two readings: the whole was wrapped, or what is in it.
            Shape.Maybe(var some) => new Shape.Maybe(some is not Shape.Maybe && Evolve(some) is var other and not Shape.Maybe ? other : some),
            Shape.Pair(var first, var second) => new Shape.Pair(Evolve(first), Evolve(second)),
            _ => shape,
        };
        return shape is not Shape.Maybe && Chance(15) ? new Shape.Maybe(inner) : inner;
    }

    private Shape.Number Wider(string name, string[] ladder)
    {
        var at = Array.IndexOf(ladder, name);
        return new Shape.Number(ladder[_random.Next(at, ladder.Length)]);
    }

    private Value MakeValue(Shape shape, int depth) => shape switch
    {
        Shape.Number(var name) => new Value.Number(name == "Int8" ? _random.Next(-128, 128) : name == "UInt8" ? _random.Next(256) : name == "Int16" ? _random.Next(-32768, 32768) : name == "Int" ? _random.NextInt64() : _random.NextInt64(1L << 32)),
        Shape.Text => new Value.Text(Pick(["", "a", "long text that does not fit"])),
        Shape.Flag => new Value.Flag(Chance(50)),
        Shape.Declared(var name) => MakeDeclared(_old[name], depth),
        Shape.ListOf(var element) => new Value.List([.. Enumerable.Range(0, _random.Next(depth > 0 ? 4 : 1)).Select(_ => MakeValue(element, depth - 1))]),
        Shape.MapOf(var value) => new Value.Map(Chance(50) ? MakeValue(value, depth - 1) : null),
        Shape.Maybe(var inner) => new Value.Maybe(depth > 0 && Chance(60) ? MakeValue(inner, depth - 1) : null),
        Shape.Pair(var first, var second) => new Value.Pair(MakeValue(first, depth - 1), MakeValue(second, depth - 1)),
    };

    private Value.Made MakeDeclared(Declaration declaration, int depth)
    {
        var variant = depth > 0 ? Pick([.. declaration.Variants]) : declaration.Variants[^1];
        return new Value.Made(declaration.Name, variant.Name, [.. variant.Fields.Select(f => (f.Label, MakeValue(f.Type, depth - 1)))]);
    }

    /// <summary>The table, read by a person.</summary>
    private Value Convert(Value value, Shape from, Shape to) => (value, from, to) switch
    {
        (_, not Shape.Maybe, Shape.Maybe(var inner)) => new Value.Maybe(Convert(value, from, inner)),
        (Value.Maybe(null), _, _) => value,
        (Value.Maybe(var some), Shape.Maybe(var a), Shape.Maybe(var b)) => new Value.Maybe(Convert(some!, a, b)),
        (Value.List(var elements), Shape.ListOf(var a), Shape.ListOf(var b)) => new Value.List([.. elements.Select(e => Convert(e, a, b))]),
        (Value.Map(null), _, _) => value,
        (Value.Map(var only), Shape.MapOf(var a), Shape.MapOf(var b)) => new Value.Map(Convert(only!, a, b)),
        (Value.Pair(var first, var second), Shape.Pair a, Shape.Pair b) => new Value.Pair(Convert(first, a.First, b.First), Convert(second, a.Second, b.Second)),
        (Value.Made made, _, _) => Convert(made),
        _ => value,
    };

    private Value.Made Convert(Value.Made value)
    {
        var before = _old[value.Type].Variants.Single(v => v.Name == value.Variant).Fields;
        var after = _now[value.Type].Variants.Single(v => v.Name == value.Variant).Fields;
        var fields = new List<(string?, Value)>();
        for (var i = 0; i < after.Count; i++)
        {
            var at = after[i].Label is null ? i : before.ToList().FindIndex(f => f.Label == after[i].Label);
            fields.Add((after[i].Label, at >= 0 ? Convert(value.Fields[at].Of, before[at].Type, after[i].Type) : after[i].Default ?? new Value.Maybe(null)));
        }
        return value with { Fields = fields };
    }
}
