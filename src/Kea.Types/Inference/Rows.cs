namespace Kea.Types.Inference;

/// <summary>Rows as values: order of entries, following solved tails, union of effects.</summary>
internal static class Rows
{
    /// <summary>The row with solved tails followed, so that its tail is null, a Variable or an unsolved Meta.</summary>
    /// <remarks>Entries that occur twice (which only effect rows can have) are kept once; see <see cref="Unify"/> for their payloads.</remarks>
    public static Row Flatten(Row row)
    {
        if (row.Tail is null) return row;
        var tail = row.Tail.Resolved;
        if (tail is Type.RowArgument(var inner))
        {
            var rest = Flatten(inner);
            if (row.Entries.IsEmpty) return rest;
            return new Row(Merge(row.Entries, rest.Entries), rest.Tail);
        }
        return ReferenceEquals(tail, row.Tail) ? row : new Row(row.Entries, tail);
    }

    /// <summary>What a row variable or row argument stands for, as a row.</summary>
    public static Row Of(Type type) => type.Resolved switch
    {
        Type.RowArgument(var row) => Flatten(row),
        var tail => new Row([], tail),
    };

    /// <summary>The tail type that stands for a row: the tail itself where the row is nothing else.</summary>
    public static Type AsTail(Row row) => row.Entries.IsEmpty && row.Tail is { } tail ? tail : new Type.RowArgument(row);

    /// <summary>Order of entries: by label, and for effects of one name by module.</summary>
    public static int Compare(RowEntry left, RowEntry right)
    {
        var byLabel = string.CompareOrdinal(left.Label, right.Label);
        if (byLabel != 0 || ReferenceEquals(left.Effect, right.Effect)) return byLabel;
        return string.CompareOrdinal(left.Effect?.Module?.Name, right.Effect?.Module?.Name);
    }

    public static ImmutableArray<RowEntry> Merge(ImmutableArray<RowEntry> left, ImmutableArray<RowEntry> right)
    {
        if (right.IsEmpty) return left;
        if (left.IsEmpty) return right;
        var merged = ImmutableArray.CreateBuilder<RowEntry>(left.Length + right.Length);
        int i = 0, j = 0;
        while (i < left.Length && j < right.Length)
        {
            var order = Compare(left[i], right[j]);
            if (order > 0)
            {
                merged.Add(right[j++]);
                continue;
            }
            merged.Add(left[i++]);
            if (order == 0) j++;
        }
        while (i < left.Length) merged.Add(left[i++]);
        while (j < right.Length) merged.Add(right[j++]);
        return merged.DrainToImmutable();
    }

    public static RowEntry? Find(Row flat, string label)
    {
        foreach (var entry in flat.Entries) if (entry.Label == label) return entry;
        return null;
    }

    public static RowEntry? Find(Row flat, EffectSymbol effect)
    {
        foreach (var entry in flat.Entries) if (ReferenceEquals(entry.Effect, effect)) return entry;
        return null;
    }

    public static ImmutableArray<RowEntry> Without(ImmutableArray<RowEntry> entries, EffectSymbol effect)
    {
        for (var i = 0; i < entries.Length; i++) if (ReferenceEquals(entries[i].Effect, effect)) return entries.RemoveAt(i);
        return entries;
    }

    /// <summary>A record row with one more field; the label is not in it yet.</summary>
    public static ImmutableArray<RowEntry> With(ImmutableArray<RowEntry> entries, RowEntry entry)
    {
        var at = 0;
        while (at < entries.Length && Compare(entries[at], entry) < 0) at++;
        return entries.Insert(at, entry);
    }
}
