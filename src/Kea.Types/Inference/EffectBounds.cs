namespace Kea.Types.Inference;

/// <summary>
/// Effect variables of a call are found from below: each callback adds the row it needs, and when the call is checked the
/// variable becomes exactly the union. So <c>List.map(xs, pure)</c> is pure wherever it stands.
/// </summary>
internal static class EffectBounds
{
    /// <summary>Is every effect of <paramref name="given"/> allowed where <paramref name="expected"/> is expected (7.8.2)?</summary>
    public static Mismatch? Include(Unknowns unknowns, Row expected, Row given)
    {
        var allowed = Rows.Flatten(expected);
        var needed = Rows.Flatten(given);
        List<RowEntry>? surplus = null;
        foreach (var entry in needed.Entries)
        {
            if (Find(allowed, entry) is not { } same) (surplus ??= []).Add(entry);
            else if (Unify.Types(unknowns, same.Payload, entry.Payload) is not null) return Mismatch.Field(entry.Label, same.Payload, entry.Payload);
        }
        var open = (allowed.Tail?.Resolved as Type.Meta)?.Cell;
        switch (needed.Tail?.Resolved)
        {
            case null or Type.Error:
                break;
            case Type.Meta tail when open is null || tail.Cell != open:
                if (surplus is not null && open is null) break;
                // The given row is itself unknown: it gets all that is allowed.
                if (surplus is not null) Require(open!, surplus, null);
                return Unify.Row(unknowns, new Row([.. allowed.Entries.Where(e => Find(needed, e) is null)], allowed.Tail), new Row([], tail));
            case Type.Variable variable when allowed.Tail?.Resolved is not Type.Variable same || !ReferenceEquals(same.Symbol, variable.Symbol):
                if (open is null) return Mismatch.Effects([], [.. surplus?.Select(e => e.Label) ?? [], variable.Symbol.Name]);
                Require(open, surplus, variable);
                return null;
        }
        if (surplus is null) return null;
        if (open is null) return allowed.Tail?.Resolved is Type.Error ? null : Mismatch.Effects([], [.. surplus.Select(e => e.Label)]);
        Require(open, surplus, null);
        return null;
    }

    private static RowEntry? Find(Row row, RowEntry wanted)
    {
        foreach (var entry in row.Entries) if (Rows.Compare(entry, wanted) == 0) return entry;
        return null;
    }

    private static void Require(MetaVariable open, List<RowEntry>? entries, Type? tail) =>
        (open.LowerBounds ??= []).Add(new Row(entries is null ? [] : [.. entries], tail));

    /// <summary>Solves an effect tail to the union of the rows it must include.</summary>
    /// <param name="keepOpen">More may join later: the solution ends in a fresh tail unless a bound brings one.</param>
    public static Mismatch? Settle(Unknowns unknowns, MetaVariable cell, bool keepOpen)
    {
        if (cell.Solution is not null) return null;
        var bounds = cell.LowerBounds ?? [];
        cell.LowerBounds = null;
        var union = Union(unknowns, bounds, out var mismatch);
        if (union.Tail is Type.Meta { Cell: var own } && own == cell) union = union with { Tail = null };
        if (union.Tail is null && keepOpen)
        {
            var rest = unknowns.Fresh(VariableKind.EffectRow);
            rest.Cell.Level = cell.Level;
            rest.Cell.IsShared = cell.IsShared;
            rest.Cell.Lacks = cell.Lacks;
            union = union with { Tail = rest };
        }
        cell.Solution = Rows.AsTail(union);
        return mismatch;
    }

    /// <summary>The union of effect rows. Several unknown tails become one; an unknown beside a named tail becomes that.</summary>
    /// <param name="mismatch">Two entries of one effect with different payloads, or two named tails.</param>
    public static Row Union(Unknowns unknowns, IEnumerable<Row> rows, out Mismatch? mismatch)
    {
        mismatch = null;
        ImmutableArray<RowEntry> entries = [];
        Type? tail = null;
        foreach (var each in rows)
        {
            var row = Rows.Flatten(each);
            foreach (var entry in row.Entries)
            {
                if (Find(new Row(entries, null), entry) is { } same)
                {
                    if (Unify.Types(unknowns, same.Payload, entry.Payload) is not null) mismatch ??= Mismatch.Field(entry.Label, same.Payload, entry.Payload);
                }
                else
                {
                    entries = Rows.With(entries, entry);
                }
            }
            var next = row.Tail?.Resolved;
            if (next is null or Type.Error) continue;
            if (next is Type.Meta { Cell: { LowerBounds: not null } bounded })
            {
                Settle(unknowns, bounded, keepOpen: true);
                var settled = Rows.Of(next);
                foreach (var entry in settled.Entries) if (Find(new Row(entries, null), entry) is null) entries = Rows.With(entries, entry);
                next = settled.Tail?.Resolved;
            }
            tail = tail?.Resolved;
            if (tail is null) tail = next;
            else if (tail is Type.Meta && next is not null) mismatch ??= Unify.Types(unknowns, tail, next);
            else if (next is Type.Meta) mismatch ??= Unify.Types(unknowns, next, tail);
            else if (tail is Type.Variable a && next is Type.Variable b && !ReferenceEquals(a.Symbol, b.Symbol))
                mismatch ??= Mismatch.Effects([], [a.Symbol.Name, b.Symbol.Name]);
        }
        return Rows.Flatten(new Row(entries, tail));
    }
}
