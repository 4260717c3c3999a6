namespace Kea.Types.Inference;

/// <summary>Makes two types equal by solving unknowns in place, or says what stands in the way (6.6.1, 6.13).</summary>
/// <remarks>
/// What was solved before a clash stays solved; the caller reports the clash and goes on with Error.
/// Rows: D. Rémy, "Type checking records and variants in a natural extension of ML", POPL 1989, with lacks constraints.
/// </remarks>
internal static class Unify
{
    /// <returns>Null when the types are equal now.</returns>
    public static Mismatch? Types(Unknowns unknowns, Type expected, Type actual)
    {
        expected = expected.Resolved;
        actual = actual.Resolved;
        if (ReferenceEquals(expected, actual)) return null;
        if (expected is Type.Meta left) return Solve(unknowns, left.Cell, actual, expectedIsMeta: true);
        if (actual is Type.Meta right) return Solve(unknowns, right.Cell, expected, expectedIsMeta: false);
        if (expected is Type.Error || actual is Type.Error) return null;
        switch (expected)
        {
            case Type.Named a when actual is Type.Named b && ReferenceEquals(a.Symbol, b.Symbol):
                return All(unknowns, a.Arguments, b.Arguments);
            case Type.Variable { Symbol.Kind: not VariableKind.Type } or Type.RowArgument:
                return actual is Type.RowArgument or Type.Variable { Symbol.Kind: not VariableKind.Type }
                    ? Row(unknowns, Rows.Of(expected), Rows.Of(actual)) : Mismatch.OfTypes;
            case Type.Variable a:
                return actual is Type.Variable same && ReferenceEquals(a.Symbol, same.Symbol) ? null : Mismatch.OfTypes;
            case Type.Function a when actual is Type.Function b && a.Parameters.Length == b.Parameters.Length:
                return All(unknowns, a.Parameters, b.Parameters)
                    ?? Types(unknowns, a.Result, b.Result)
                    ?? Row(unknowns, a.Effects, b.Effects);
            case Type.Tuple a when actual is Type.Tuple b && a.Elements.Length == b.Elements.Length:
                return All(unknowns, a.Elements, b.Elements);
            case Type.Record a when actual is Type.Record b:
                return Row(unknowns, a.Row, b.Row);
            case Type.Projection a when actual is Type.Projection b && ReferenceEquals(a.Trait, b.Trait) && a.Member == b.Member:
                return Types(unknowns, a.Base, b.Base);
            case Type.Forall a when actual is Type.Forall b && a.Variables.Length == b.Variables.Length:
                var names = ImmutableArray.CreateRange(a.Variables, Type (v) => new Type.Variable(v));
                return Types(unknowns, a.Body, Substitute.In(b.Body, b.Variables, names));
            default:
                return Mismatch.OfTypes;
        }
    }

    private static Mismatch? All(Unknowns unknowns, ImmutableArray<Type> expected, ImmutableArray<Type> actual)
    {
        for (var i = 0; i < expected.Length; i++)
            if (Types(unknowns, expected[i], actual[i]) is { } mismatch) return mismatch;
        return null;
    }

    private static Mismatch? Solve(Unknowns unknowns, MetaVariable cell, Type type, bool expectedIsMeta)
    {
        if (cell.Kind == VariableKind.Type)
        {
            if (type is Type.Meta { Cell: var other } && other.Kind == VariableKind.Type)
            {
                if (other.Level > cell.Level) (cell, type) = (other, new Type.Meta(cell));
            }
            else if (!Adopt(cell, type))
            {
                return Mismatch.Infinite;
            }
            cell.Solution = type;
            return null;
        }
        var own = new Row([], new Type.Meta(cell));
        var given = Rows.Of(type);
        return expectedIsMeta ? Row(unknowns, own, given) : Row(unknowns, given, own);
    }

    /// <summary>Makes two rows, of fields or of effects, equal.</summary>
    public static Mismatch? Row(Unknowns unknowns, Row expected, Row actual)
    {
        var a = Settled(unknowns, expected);
        var b = Settled(unknowns, actual);
        if (a.IsEmpty && b.IsEmpty) return null;
        List<RowEntry>? onlyA = null, onlyB = null;
        int i = 0, j = 0;
        while (i < a.Entries.Length || j < b.Entries.Length)
        {
            var order = i == a.Entries.Length ? 1 : j == b.Entries.Length ? -1 : Rows.Compare(a.Entries[i], b.Entries[j]);
            if (order < 0)
            {
                (onlyA ??= []).Add(a.Entries[i++]);
            }
            else if (order > 0)
            {
                (onlyB ??= []).Add(b.Entries[j++]);
            }
            else
            {
                if (Types(unknowns, a.Entries[i].Payload, b.Entries[j].Payload) is not null)
                    return Mismatch.Field(a.Entries[i].Label, a.Entries[i].Payload, b.Entries[j].Payload);
                i++;
                j++;
            }
        }
        return Tails(unknowns, a.Tail?.Resolved, b.Tail?.Resolved, onlyA, onlyB);
    }

    private static Mismatch? Tails(Unknowns unknowns, Type? a, Type? b, List<RowEntry>? onlyA, List<RowEntry>? onlyB)
    {
        // Unifying payloads may have solved a tail; then the surplus meets what it stands for now.
        if (a is Type.RowArgument || b is Type.RowArgument)
            return Row(unknowns, new Row([.. onlyA ?? []], a), new Row([.. onlyB ?? []], b));
        var openA = (a as Type.Meta)?.Cell;
        var openB = (b as Type.Meta)?.Cell;
        if (onlyA is null && onlyB is null && SameTail(a, b)) return null;
        if ((onlyB is not null && openA is null) || (onlyA is not null && openB is null)
            || (openA is not null && openA == openB) || (openA is null && openB is null))
            return Surplus(onlyA, onlyB, openA, openB, a, b);
        if (openA is not null && openB is not null && (onlyA is not null || onlyB is not null))
        {
            var rest = unknowns.Fresh(openA.Kind);
            rest.Cell.Level = Math.Min(openA.Level, openB.Level);
            return Bind(openA, onlyB, rest) ?? Bind(openB, onlyA, rest);
        }
        return openA is not null ? Bind(openA, onlyB, b) : Bind(openB!, onlyA, a);
    }

    private static bool SameTail(Type? a, Type? b) => (a, b) switch
    {
        (null, null) => true,
        (Type.Variable x, Type.Variable y) => ReferenceEquals(x.Symbol, y.Symbol),
        (Type.Meta x, Type.Meta y) => x.Cell == y.Cell,
        (Type.Error, _) or (_, Type.Error) => true,
        _ => false,
    };

    private static Mismatch Surplus(List<RowEntry>? onlyA, List<RowEntry>? onlyB, MetaVariable? openA, MetaVariable? openB, Type? a, Type? b)
    {
        if (openA is not null && openA == openB) return Mismatch.Infinite;
        var isEffects = (onlyA ?? onlyB)?[0].Effect is not null
            || (a ?? b) is Type.Variable { Symbol.Kind: VariableKind.EffectRow } || (openA ?? openB) is { Kind: VariableKind.EffectRow };
        var missing = openB is null ? Names(onlyA, a as Type.Variable) : [];
        var extra = openA is null ? Names(onlyB, b as Type.Variable) : [];
        return isEffects ? Mismatch.Effects(missing, extra) : Mismatch.Labels(missing, extra);
    }

    private static ImmutableArray<string> Names(List<RowEntry>? entries, Type.Variable? tail)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        if (entries is not null) foreach (var entry in entries) names.Add(entry.Label);
        if (tail is not null && names.Count == 0) names.Add(tail.Symbol.Name);
        return names.ToImmutable();
    }

    /// <summary>Solves an open tail to entries and a further tail; lacks constraints move along.</summary>
    private static Mismatch? Bind(MetaVariable open, List<RowEntry>? entries, Type? tail)
    {
        if (open.Lacks is { } lacks)
        {
            if (entries is not null) foreach (var entry in entries) if (lacks.Contains(entry.Label)) return Mismatch.Lacks(entry.Label);
            if (tail is Type.Meta { Cell: var next }) (next.Lacks ??= []).UnionWith(lacks);
            if (tail is Type.Variable { Symbol: var variable })
                foreach (var label in lacks) if (!variable.Lacks.Contains(label)) return Mismatch.Lacks(label);
        }
        if (entries is not null && tail is Type.Meta { Cell: var rest })
            foreach (var entry in entries) if (entry.Effect is null) (rest.Lacks ??= []).Add(entry.Label);
        var row = new Row(entries is null ? [] : [.. entries], tail);
        var solution = Rows.AsTail(row);
        if (!Adopt(open, solution)) return Mismatch.Infinite;
        open.Solution = solution;
        return null;
    }

    /// <summary>A flat row whose open effect tail has taken in the rows it must include, so that it can be made equal to another.</summary>
    private static Row Settled(Unknowns unknowns, Row row)
    {
        var flat = Rows.Flatten(row);
        if (flat.Tail is not Type.Meta { Cell: { Kind: VariableKind.EffectRow } cell }) return flat;
        cell.IsShared = true;
        if (cell.LowerBounds is null) return flat;
        EffectBounds.Settle(unknowns, cell, keepOpen: true);
        return Rows.Flatten(flat);
    }

    /// <summary>
    /// Prepares a type to become the solution of an unknown: false if it contains the unknown; else everything open in it
    /// gets at most the unknown's level and counts as shared.
    /// </summary>
    private static bool Adopt(MetaVariable cell, Type type)
    {
        switch (type.Resolved)
        {
            case Type.Meta { Cell: var inner }:
                if (inner == cell) return false;
                inner.IsShared = true;
                if (inner.Level > cell.Level) inner.Level = cell.Level;
                if (inner.LowerBounds is { } bounds) foreach (var bound in bounds) if (!Adopt(cell, bound)) return false;
                return true;
            case Type.Named { Arguments: var arguments }:
                return Adopt(cell, arguments);
            case Type.Function function:
                return Adopt(cell, function.Parameters) && Adopt(cell, function.Result) && Adopt(cell, function.Effects);
            case Type.Tuple { Elements: var elements }:
                return Adopt(cell, elements);
            case Type.Record { Row: var row }:
                return Adopt(cell, row);
            case Type.RowArgument { Row: var row }:
                return Adopt(cell, row);
            case Type.Projection { Base: var target }:
                return Adopt(cell, target);
            case Type.Forall { Body: var body }:
                return Adopt(cell, body);
            case Type.Variable or Type.Error:
                return true;
        }
        return true;
    }

    private static bool Adopt(MetaVariable cell, ImmutableArray<Type> types)
    {
        foreach (var type in types) if (!Adopt(cell, type)) return false;
        return true;
    }

    private static bool Adopt(MetaVariable cell, Row row)
    {
        foreach (var entry in row.Entries) if (!Adopt(cell, entry.Payload)) return false;
        return row.Tail is null || Adopt(cell, row.Tail);
    }
}
