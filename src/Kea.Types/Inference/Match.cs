namespace Kea.Types.Inference;

/// <summary>One-way matching: finds what the variables of a pattern type stand for, without solving any unknown.</summary>
internal static class Match
{
    /// <param name="found">One slot for each variable; filled where the pattern mentions it.</param>
    /// <param name="lenient">Unknowns in the type fit anything; for asking whether two types may still become equal.</param>
    public static bool Fits(Type pattern, Type type, ImmutableArray<TypeVariable> variables, Type?[] found, bool lenient = false)
    {
        pattern = pattern.Resolved;
        type = type.Resolved;
        if (ReferenceEquals(pattern, type)) return true;
        if (pattern is Type.Variable { Symbol: var symbol })
        {
            var slot = variables.IndexOf(symbol);
            if (slot >= 0)
            {
                if (found[slot] is { } earlier) return lenient || TypeShape.Same(earlier, type);
                found[slot] = type;
                return true;
            }
        }
        if (type is Type.Error || pattern is Type.Error) return true;
        if (lenient && (type is Type.Meta || pattern is Type.Meta or Type.Projection)) return true;
        switch (pattern)
        {
            case Type.Named a:
                return type is Type.Named b && ReferenceEquals(a.Symbol, b.Symbol) && All(a.Arguments, b.Arguments, variables, found, lenient);
            case Type.Tuple a:
                return type is Type.Tuple c && a.Elements.Length == c.Elements.Length && All(a.Elements, c.Elements, variables, found, lenient);
            case Type.Function a:
                return type is Type.Function d && a.Parameters.Length == d.Parameters.Length
                    && All(a.Parameters, d.Parameters, variables, found, lenient)
                    && Fits(a.Result, d.Result, variables, found, lenient)
                    && (lenient || Row(a.Effects, d.Effects, variables, found));
            case Type.Record a:
                return type is Type.Record e && (lenient || Row(a.Row, e.Row, variables, found));
            case Type.RowArgument or Type.Variable { Symbol.Kind: not VariableKind.Type }:
                return Row(Rows.Of(pattern), Rows.Of(type), variables, found);
            case Type.Variable a:
                return type is Type.Variable f && ReferenceEquals(a.Symbol, f.Symbol);
            case Type.Projection or Type.Forall or Type.Meta or Type.Error:
                return TypeShape.Same(pattern, type);
        }
        return false;
    }

    private static bool All(ImmutableArray<Type> patterns, ImmutableArray<Type> types, ImmutableArray<TypeVariable> variables, Type?[] found, bool lenient)
    {
        if (patterns.Length != types.Length) return false;
        for (var i = 0; i < patterns.Length; i++) if (!Fits(patterns[i], types[i], variables, found, lenient)) return false;
        return true;
    }

    /// <summary>A row matches if it has the pattern's entries; what it has beyond them goes to the pattern's tail.</summary>
    private static bool Row(Row pattern, Row row, ImmutableArray<TypeVariable> variables, Type?[] found)
    {
        var wanted = Rows.Flatten(pattern);
        var given = Rows.Flatten(row);
        var rest = given.Entries;
        foreach (var entry in wanted.Entries)
        {
            var at = -1;
            for (var i = 0; i < rest.Length && at < 0; i++) if (Rows.Compare(rest[i], entry) == 0) at = i;
            if (at < 0 || !Fits(entry.Payload, rest[at].Payload, variables, found)) return false;
            rest = rest.RemoveAt(at);
        }
        var remainder = new Row(rest, given.Tail);
        if (wanted.Tail is Type.Variable { Symbol: var symbol } && variables.IndexOf(symbol) is >= 0 and var slot)
        {
            if (found[slot] is { } earlier) return TypeShape.Same(earlier, new Type.RowArgument(remainder));
            found[slot] = new Type.RowArgument(remainder);
            return true;
        }
        return remainder.Entries.IsEmpty && (wanted.Tail, remainder.Tail) switch
        {
            (null, null) => true,
            ({ } a, { } b) => TypeShape.Same(a, b),
            _ => false,
        };
    }
}
