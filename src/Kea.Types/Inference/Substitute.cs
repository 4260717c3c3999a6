namespace Kea.Types.Inference;

/// <summary>Puts types in the place of quantified variables. Returns the same object where nothing changes.</summary>
internal static class Substitute
{
    public static Type In(Type type, ImmutableArray<TypeVariable> variables, ImmutableArray<Type> arguments)
    {
        if (variables.IsEmpty) return type;
        switch (type)
        {
            case Type.Named named:
                if (named.Arguments.IsEmpty) return type;
                var namedArguments = In(named.Arguments, variables, arguments);
                return namedArguments == named.Arguments ? type : new Type.Named(named.Symbol, namedArguments);
            case Type.Variable variable:
                for (var i = 0; i < variables.Length; i++)
                    if (ReferenceEquals(variables[i], variable.Symbol)) return arguments[i];
                return type;
            case Type.Meta { Cell.Solution: { } solution }:
                return In(solution, variables, arguments);
            case Type.Meta:
                return type;
            case Type.Function function:
                var parameters = In(function.Parameters, variables, arguments);
                var effects = In(function.Effects, variables, arguments);
                var result = In(function.Result, variables, arguments);
                return parameters == function.Parameters && ReferenceEquals(effects, function.Effects) && ReferenceEquals(result, function.Result)
                    ? type : new Type.Function(parameters, effects, result);
            case Type.Tuple tuple:
                var elements = In(tuple.Elements, variables, arguments);
                return elements == tuple.Elements ? type : new Type.Tuple(elements);
            case Type.Record record:
                var recordRow = In(record.Row, variables, arguments);
                return ReferenceEquals(recordRow, record.Row) ? type : new Type.Record(recordRow);
            case Type.RowArgument argument:
                var row = In(argument.Row, variables, arguments);
                return ReferenceEquals(row, argument.Row) ? type : new Type.RowArgument(row);
            case Type.Forall forall:
                var body = In(forall.Body, variables, arguments);
                return ReferenceEquals(body, forall.Body) ? type : new Type.Forall(forall.Variables, body);
            case Type.Projection projection:
                var target = In(projection.Base, variables, arguments);
                return ReferenceEquals(target, projection.Base) ? type : projection with { Base = target };
            case Type.Error:
                return type;
        }
        return type;
    }

    public static ImmutableArray<Type> In(ImmutableArray<Type> types, ImmutableArray<TypeVariable> variables, ImmutableArray<Type> arguments)
    {
        Type[]? changed = null;
        for (var i = 0; i < types.Length; i++)
        {
            var type = In(types[i], variables, arguments);
            if (changed is null && !ReferenceEquals(type, types[i])) changed = types.ToArray();
            if (changed is not null) changed[i] = type;
        }
        return changed is null ? types : ImmutableCollectionsMarshal.AsImmutableArray(changed);
    }

    public static Row In(Row row, ImmutableArray<TypeVariable> variables, ImmutableArray<Type> arguments)
    {
        if (row.IsEmpty || variables.IsEmpty) return row;
        RowEntry[]? changed = null;
        for (var i = 0; i < row.Entries.Length; i++)
        {
            var entry = row.Entries[i];
            var payload = In(entry.Payload, variables, arguments);
            if (changed is null && !ReferenceEquals(payload, entry.Payload)) changed = row.Entries.ToArray();
            if (changed is not null) changed[i] = ReferenceEquals(payload, entry.Payload) ? entry : entry with { Payload = payload };
        }
        var tail = row.Tail is null ? null : In(row.Tail, variables, arguments);
        if (changed is null && ReferenceEquals(tail, row.Tail)) return row;
        var entries = changed is null ? row.Entries : ImmutableCollectionsMarshal.AsImmutableArray(changed);
        return Rows.Flatten(new Row(entries, tail));
    }

    public static Bound In(Bound bound, ImmutableArray<TypeVariable> variables, ImmutableArray<Type> arguments)
    {
        var equations = bound.Equations;
        for (var i = 0; i < equations.Length; i++)
            equations = equations.SetItem(i, (equations[i].Member, In(equations[i].Type, variables, arguments)));
        return bound with { Arguments = In(bound.Arguments, variables, arguments), Equations = equations };
    }
}
