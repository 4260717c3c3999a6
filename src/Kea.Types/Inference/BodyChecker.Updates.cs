namespace Kea.Types.Inference;

/// <summary>Records built on others: extension and functional update (3.10, 6.6.5).</summary>
internal sealed partial class BodyChecker
{
    /// <summary>The row of a value that a record is built on: a record's, a struct's visible fields, or an open one.</summary>
    private Row? RowOfBase(TypedExpression value)
    {
        switch (value.Type.Resolved)
        {
            case Type.Record { Row: var row }:
                return Rows.Flatten(row);
            case Type.Meta unknown:
                var open = new Row([], _unknowns.Fresh(VariableKind.RecordRow));
                Unify.Types(_unknowns, unknown, new Type.Record(open));
                return open;
            case Type.Named { Symbol.Kind: TypeKind.Struct } named:
                var entries = named.Symbol.Fields.Where(f => IsFieldVisible(named.Symbol, f)).Select(f => new RowEntry(f.Name, null, FieldType(named, f))).ToList();
                entries.Sort(Rows.Compare);
                return new Row([.. entries], null);
            case Type.Error:
                return null;
            case var other:
                Error("E0001", value.Span, $"type mismatch: expected a record, got `{Show(other)}`");
                return null;
        }
    }

    /// <summary>A row with further labels, which it must lack.</summary>
    private Type? Extend(Row row, ImmutableArray<RowEntry> additions, TextSpan span)
    {
        var entries = row.Entries;
        foreach (var addition in additions)
        {
            var lacks = Rows.Find(row, addition.Label) is null && row.Tail?.Resolved switch
            {
                Type.Variable { Symbol: var variable } => variable.Lacks.Contains(addition.Label),
                Type.Meta { Cell: var cell } => (cell.Lacks ??= []).Add(addition.Label) || true,
                _ => true,
            };
            if (!lacks)
            {
                Error("E0004", span, $"row already has label `{addition.Label}`", "",
                    row.Tail?.Resolved is Type.Variable { Symbol: var tail } ? $"add `where {tail.Name} lacks {addition.Label}` to the signature" : null);
                return null;
            }
            entries = Rows.With(entries, addition);
        }
        return new Type.Record(new Row(entries, row.Tail));
    }

    /// <summary><c>base~{ f: e }</c> (6.6.5).</summary>
    private TypedExpression InferUpdate(Expression.Update update, Type? expected)
    {
        var target = Infer(update.Base, expected);
        var seen = new HashSet<string>();
        foreach (var item in update.Items)
        {
            if (item.Name is { } name && seen.Add(name.Text)) continue;
            if (item.Name is { } twice) Error("E0003", twice.Span, $"duplicate field `{twice.Text}` in functional update");
            else Error("E0006", item.Span, "`..` is not allowed in a functional update");
            foreach (var other in update.Items) Infer(other.Value, null);
            return ErrorAt(update.Span);
        }
        switch (target.Type.Resolved)
        {
            case Type.Named { Symbol.Kind: TypeKind.Struct } named: return UpdateStruct(update, target, named);
            case Type.Record or Type.Meta: return UpdateRecord(update, target);
            case Type.Variable { Symbol: var variable } when FieldsOf(variable) is { IsEmpty: false } fields: return UpdateBound(update, target, fields);
        }
        foreach (var item in update.Items) Infer(item.Value, null);
        if (!TypeShape.IsError(target.Type)) Error("E0001", update.Base.Span, "functional update base must be a struct value", $"this is `{Show(target.Type)}`");
        return ErrorAt(update.Span);
    }

    private TypedExpression UpdateStruct(Expression.Update update, TypedExpression target, Type.Named type)
    {
        var fields = ImmutableArray.CreateBuilder<(string, TypedExpression)>(update.Items.Length);
        var isWrong = false;
        foreach (var item in update.Items)
        {
            var name = item.Name!.Value;
            if (FindField(type.Symbol, name.Text) is { } field && IsFieldVisible(type.Symbol, field))
            {
                fields.Add((name.Text, Check(item.Value, FieldType(type, field), Why.Field(name.Text) with { Label = FieldLabel(type.Symbol, field) })));
                continue;
            }
            Error("E0011", name.Span, $"unknown field `{name.Text}` in functional update", "", ClosestOrAll(name.Text, "its fields are", type.Symbol.Fields.Select(f => f.Name)));
            Infer(item.Value, null);
            isWrong = true;
        }
        return isWrong ? ErrorOf(type, update.Span) : new TypedExpression.Update(target, fields.ToImmutable(), target.Type, update.Span);
    }

    private TypedExpression UpdateRecord(Expression.Update update, TypedExpression target)
    {
        if (RowOfBase(target) is not { } row) return ErrorAt(update.Span);
        var fields = ImmutableArray.CreateBuilder<(string, TypedExpression)>(update.Items.Length);
        ImmutableArray<RowEntry> additions = [];
        foreach (var item in update.Items)
        {
            var name = item.Name!.Value;
            if (Rows.Find(row, name.Text) is { } entry)
            {
                fields.Add((name.Text, Check(item.Value, entry.Payload, Why.Field(name.Text))));
                continue;
            }
            var value = Infer(item.Value, null);
            fields.Add((name.Text, value));
            if (row.Tail is null)
            {
                Error("E0011", name.Span, $"unknown field `{name.Text}` in functional update", "", ClosestOrAll(name.Text, "its fields are", row.Entries.Select(e => e.Label)));
                return ErrorAt(update.Span);
            }
            additions = Rows.With(additions, new RowEntry(name.Text, null, value.Type));
        }
        return Extend(row, additions, update.Span) is { } type ? new TypedExpression.Update(target, fields.ToImmutable(), type, update.Span) : ErrorAt(update.Span);
    }
}
