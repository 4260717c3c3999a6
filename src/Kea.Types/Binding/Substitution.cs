using System.Collections.Immutable;

namespace Kea.Types.Binding;

/// <summary>Puts types in the place of quantified variables. Returns the same object where nothing changes.</summary>
internal static class Substitution
{
    public static Type In(Type type, ImmutableArray<TypeVariable> variables, ImmutableArray<Type> arguments) =>
        variables.IsEmpty ? type : new Walk(variables, arguments).Type(type);

    public static Row In(Row row, ImmutableArray<TypeVariable> variables, ImmutableArray<Type> arguments) =>
        variables.IsEmpty || row.IsEmpty ? row : new Walk(variables, arguments).Row(row);

    public static Bound In(Bound bound, ImmutableArray<TypeVariable> variables, ImmutableArray<Type> arguments)
    {
        var walk = new Walk(variables, arguments);
        return bound with { Arguments = walk.All(bound.Arguments), Equations = [.. bound.Equations.Select(e => (e.Member, walk.Type(e.Type)))] };
    }

    private readonly struct Walk(ImmutableArray<TypeVariable> variables, ImmutableArray<Type> arguments)
    {
        public Type Type(Type type)
        {
            switch (type.Resolved)
            {
                case Kea.Types.Type.Named named:
                    var inner = All(named.Arguments);
                    return inner == named.Arguments ? named : new Type.Named(named.Symbol, inner);
                case Kea.Types.Type.Variable variable:
                    for (var i = 0; i < variables.Length; i++)
                        if (ReferenceEquals(variables[i], variable.Symbol)) return arguments[i];
                    return variable;
                case Kea.Types.Type.Function function:
                    return new Type.Function(All(function.Parameters), Row(function.Effects), Type(function.Result));
                case Kea.Types.Type.Tuple tuple:
                    return new Type.Tuple(All(tuple.Elements));
                case Kea.Types.Type.Record record:
                    return new Type.Record(Row(record.Row));
                case Kea.Types.Type.RowArgument argument:
                    return new Type.RowArgument(Row(argument.Row));
                case Kea.Types.Type.Forall forall:
                    return new Type.Forall(forall.Variables, Type(forall.Body));
                case Kea.Types.Type.Projection projection:
                    return projection with { Base = Type(projection.Base) };
                default:
                    return type.Resolved;
            }
        }

        public ImmutableArray<Type> All(ImmutableArray<Type> types)
        {
            ImmutableArray<Type>.Builder? changed = null;
            for (var i = 0; i < types.Length; i++)
            {
                var type = Type(types[i]);
                if (changed is null && ReferenceEquals(type, types[i])) continue;
                changed ??= types.ToBuilder();
                changed[i] = type;
            }
            return changed?.MoveToImmutable() ?? types;
        }

        public Row Row(Row row)
        {
            if (row.IsEmpty) return row;
            var entries = row.Entries;
            for (var i = 0; i < entries.Length; i++)
            {
                var payload = Type(entries[i].Payload);
                if (!ReferenceEquals(payload, entries[i].Payload)) entries = entries.SetItem(i, entries[i] with { Payload = payload });
            }
            var tail = row.Tail is null ? null : Type(row.Tail);
            if (tail is not Kea.Types.Type.RowArgument(var rest)) return new Row(entries, tail);
            foreach (var entry in rest.Entries)
                if (!entries.Any(e => e.Label == entry.Label && ReferenceEquals(e.Effect, entry.Effect))) entries = entries.Add(entry);
            return new Row(entries.Sort((a, b) => string.CompareOrdinal(a.Label, b.Label)), rest.Tail);
        }
    }
}
