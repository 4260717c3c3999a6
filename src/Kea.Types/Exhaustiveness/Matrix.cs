using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Kea.Types.Inference;

namespace Kea.Types.Exhaustiveness;

/// <summary>A row of the matrix: the patterns still to be matched, first column first. Null is the empty row.</summary>
internal sealed record Line(Shape First, Line? Rest);

/// <summary>The types of the columns, in step with the rows.</summary>
internal sealed record Columns(Type First, Columns? Rest);

/// <summary>
/// The two questions asked of a pattern matrix: which values no row matches, and whether a row matches any value that the rows before do not.
/// </summary>
/// <remarks>
/// Source: L. Maranget, "Warnings for pattern matching", JFP 2007 (algorithms I and U). The problem is exponential at worst, so the
/// work is bounded; past the bound the answers are the safe ones: a value is missing, a row is useful.
/// </remarks>
internal sealed class Matrix(Func<VariantSymbol, Type, bool> canOccur)
{
    private const int StepsMax = 300_000;
    private int _steps;

    private bool IsExhausted(int cost)
    {
        _steps += cost + 1;
        return _steps > StepsMax || !RuntimeHelpers.TryEnsureSufficientExecutionStack();
    }

    /// <summary>Values that no row matches, as rows of patterns; at most <paramref name="limit"/>, in declaration order.</summary>
    public List<Line?> Missing(List<Line?> rows, Columns? columns, int limit)
    {
        if (columns is null) return rows.Count == 0 ? [null] : [];
        if (IsExhausted(rows.Count)) return [Wildcards(columns)];
        rows = ExpandOrs(rows);
        var heads = Heads(columns.First, rows);
        if (heads.IsEmpty) return Prefix(Shape.Wildcard, Missing(Default(rows), columns.Rest, limit));

        var found = new List<Line?>();
        // Constructors that no row names all leave the same rows; those are looked at once.
        List<Line?>? byDefault = null;
        foreach (var head in heads)
        {
            if (found.Count >= limit) break;
            var left = limit - found.Count;
            if (IsNamed(rows, head))
            {
                foreach (var line in Missing(Specialise(rows, head), Inside(head, columns), left)) found.Add(Wrap(head, line));
                continue;
            }
            byDefault ??= Missing(Default(rows), columns.Rest, left);
            for (var i = 0; i < byDefault.Count && i < left; i++) found.Add(new Line(Plain(head), byDefault[i]));
        }
        return found;
    }

    /// <summary>Whether the row matches a value that none of the rows matches.</summary>
    public bool IsUseful(List<Line?> rows, Line? row, Columns? columns)
    {
        if (row is null || columns is null) return rows.Count == 0;
        if (rows.Count == 0 || IsExhausted(rows.Count)) return true;
        switch (row.First)
        {
            case Shape.Or or:
                var before = rows;
                foreach (var alternative in or.Alternatives)
                {
                    if (IsUseful(before, new Line(alternative, row.Rest), columns)) return true;
                    before = [.. before, new Line(alternative, row.Rest)];
                }
                return false;
            case Shape.Constructor(var head, _):
                return IsUseful(Specialise(ExpandOrs(rows), head), SpecialiseOne(row, head), Inside(head, columns));
            case Shape.Fields:
                rows = ExpandOrs(rows);
                var record = Head.Record(Labels([.. rows, row]));
                return IsUseful(Specialise(rows, record), SpecialiseOne(row, record), Inside(record, columns));
            case Shape.Any:
                return IsWildcardUseful(ExpandOrs(rows), row, columns);
        }
        return true;
    }

    private bool IsWildcardUseful(List<Line?> rows, Line row, Columns columns)
    {
        var heads = Heads(columns.First, rows);
        if (heads.IsEmpty) return IsUseful(Default(rows), row.Rest, columns.Rest);
        var triedDefault = false;
        foreach (var head in heads)
        {
            if (IsNamed(rows, head))
            {
                if (IsUseful(Specialise(rows, head), SpecialiseOne(row, head), Inside(head, columns))) return true;
            }
            else if (!triedDefault)
            {
                triedDefault = true;
                if (IsUseful(Default(rows), row.Rest, columns.Rest)) return true;
            }
        }
        return false;
    }

    /// <summary>
    /// All constructors that the first column's values may have, if the rows tell them apart there; none where every row takes
    /// anything or the type has more values than can be listed.
    /// </summary>
    private ImmutableArray<Head> Heads(Type type, List<Line?> rows)
    {
        foreach (var row in rows)
        {
            switch (row!.First)
            {
                case Shape.Constructor({ Kind: HeadKind.Variant } head, _):
                    var owner = ((VariantSymbol)head.Key).Owner;
                    return [.. owner.Variants.Where(v => canOccur(v, type)).Select(Head.Variant)];
                case Shape.Constructor({ Kind: HeadKind.Bool }, _):
                    return [Head.Bool(true), Head.Bool(false)];
                case Shape.Constructor({ Kind: HeadKind.Tuple or HeadKind.Wrapper } head, _):
                    return [head];
                case Shape.Fields:
                    return [Head.Record(Labels(rows))];
            }
        }
        return [];
    }

    private static ImmutableArray<string> Labels(List<Line?> rows)
    {
        var labels = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
            if (row!.First is Shape.Fields fields)
                foreach (var (label, _) in fields.Given) labels.Add(label);
        return [.. labels];
    }

    private static bool IsNamed(List<Line?> rows, Head head)
    {
        if (head.Kind is not (HeadKind.Variant or HeadKind.Bool)) return true;
        foreach (var row in rows)
            if (row!.First is Shape.Constructor(var other, _) && Same(other, head)) return true;
        return false;
    }

    private static bool Same(Head left, Head right) => left.Kind == right.Kind && left.Key.Equals(right.Key);

    /// <summary>Rows with an alternative in the first column become one row for each.</summary>
    private static List<Line?> ExpandOrs(List<Line?> rows)
    {
        if (!rows.Exists(r => r!.First is Shape.Or)) return rows;
        var expanded = new List<Line?>(rows.Count + 4);
        foreach (var row in rows) Expand(row!, expanded);
        return expanded;
    }

    private static void Expand(Line row, List<Line?> into)
    {
        if (row.First is not Shape.Or or) into.Add(row);
        else foreach (var alternative in or.Alternatives) Expand(new Line(alternative, row.Rest), into);
    }

    /// <summary>What is left of the rows when the first column's value has a constructor that none of them names.</summary>
    private static List<Line?> Default(List<Line?> rows)
    {
        var left = new List<Line?>();
        foreach (var row in rows)
            if (row!.First is Shape.Any) left.Add(row.Rest);
        return left;
    }

    /// <summary>What is left of the rows when the first column's value has this constructor: its fields come first.</summary>
    private static List<Line?> Specialise(List<Line?> rows, Head head)
    {
        var left = new List<Line?>();
        foreach (var row in rows)
            if (Fits(row!.First, head)) left.Add(SpecialiseOne(row, head));
        return left;
    }

    private static bool Fits(Shape shape, Head head) => shape switch
    {
        Shape.Any => true,
        Shape.Fields => head.Kind == HeadKind.Record,
        Shape.Constructor constructor => Same(constructor.Head, head),
        Shape.Or => false,
    };

    private static Line? SpecialiseOne(Line row, Head head)
    {
        var rest = row.Rest;
        switch (row.First)
        {
            case Shape.Constructor(_, var arguments):
                for (var i = arguments.Length - 1; i >= 0; i--) rest = new Line(arguments[i], rest);
                return rest;
            case Shape.Fields fields:
                var labels = (ImmutableArray<string>)head.Key;
                for (var i = labels.Length - 1; i >= 0; i--) rest = new Line(FieldShape(fields, labels[i]), rest);
                return rest;
            default:
                for (var i = 0; i < head.Arity; i++) rest = new Line(Shape.Wildcard, rest);
                return rest;
        }
    }

    private static Shape FieldShape(Shape.Fields fields, string label)
    {
        foreach (var (given, shape) in fields.Given)
            if (given == label) return shape;
        return Shape.Wildcard;
    }

    /// <summary>The columns when the first has this constructor. What a GADT variant fixes is put into the other columns too.</summary>
    private static Columns? Inside(Head head, Columns columns)
    {
        var type = columns.First.Resolved;
        var rest = columns.Rest;
        if (head is { Kind: HeadKind.Variant, Key: VariantSymbol { Equations.IsEmpty: false } variant }) (type, rest) = Refinement.Assume(variant, type, rest);
        var parts = Parts(head, type);
        var inner = rest;
        for (var i = parts.Length - 1; i >= 0; i--) inner = new Columns(parts[i], inner);
        return inner;
    }

    private static ImmutableArray<Type> Parts(Head head, Type type)
    {
        switch (head.Kind)
        {
            case HeadKind.Variant:
                var variant = (VariantSymbol)head.Key;
                var arguments = type is Type.Named named && ReferenceEquals(named.Symbol, variant.Owner) ? named.Arguments : [];
                return [.. variant.Fields.Select(f => arguments.IsEmpty ? f.Type : Substitute.In(f.Type, variant.Owner.Parameters, arguments))];
            case HeadKind.Tuple when type is Type.Tuple(var elements) && elements.Length == head.Arity:
                return elements;
            case HeadKind.Record:
                return [.. ((ImmutableArray<string>)head.Key).Select(l => FieldType(type, l))];
            case HeadKind.Wrapper when type is Type.Named wrapped:
                return [wrapped.Symbol.Representation is { } inside ? Substitute.In(inside, wrapped.Symbol.Parameters, wrapped.Arguments)
                    : wrapped.Arguments.IsEmpty ? new Type.Error() : wrapped.Arguments[0]];
            case HeadKind.Bool or HeadKind.Literal:
                return [];
            default:
                return [.. Enumerable.Repeat<Type>(new Type.Error(), head.Arity)];
        }
    }

    private static Type FieldType(Type type, string label)
    {
        switch (type)
        {
            case Type.Named named:
                foreach (var field in named.Symbol.Fields)
                    if (field.Name == label) return Substitute.In(field.Type, named.Symbol.Parameters, named.Arguments);
                break;
            case Type.Record(var row):
                for (var rest = row; rest is not null; rest = (rest.Tail?.Resolved as Type.RowArgument)?.Row)
                    foreach (var entry in rest.Entries)
                        if (entry.Label == label) return entry.Payload;
                break;
        }
        return new Type.Error();
    }

    private static List<Line?> Prefix(Shape shape, List<Line?> lines)
    {
        for (var i = 0; i < lines.Count; i++) lines[i] = new Line(shape, lines[i]);
        return lines;
    }

    /// <summary>Puts the fields that a line starts with back under their constructor.</summary>
    private static Line Wrap(Head head, Line? line)
    {
        var arguments = ImmutableArray.CreateBuilder<Shape>(head.Arity);
        for (var i = 0; i < head.Arity; i++)
        {
            arguments.Add(line!.First);
            line = line.Rest;
        }
        return new Line(new Shape.Constructor(head, arguments.MoveToImmutable()), line);
    }

    private static Shape Plain(Head head) => new Shape.Constructor(head, [.. Enumerable.Repeat(Shape.Wildcard, head.Arity)]);

    private static Line? Wildcards(Columns? columns) => columns is null ? null : new Line(Shape.Wildcard, Wildcards(columns.Rest));
}
