namespace Kea.Types.Inference;

/// <summary>Bounds by record rows: what a type variable's fields are, and that each use of the function keeps to it (6.6.4).</summary>
internal sealed partial class BodyChecker
{
    private sealed record RowObligation(Type Self, Row Fields, TextSpan Span);

    private readonly List<RowObligation> _rows = [];

    /// <summary>The fields that the signature grants a variable.</summary>
    private Row FieldsOf(TypeVariable variable)
    {
        var fields = Row.Empty;
        foreach (var bound in _function?.RowBounds ?? [])
            if (ReferenceEquals(bound.Variable, variable)) fields = new Row(Rows.Merge(fields.Entries, bound.Fields.Entries), null);
        return fields;
    }

    private RowEntry? BoundField(TypeVariable variable, string label) => Rows.Find(FieldsOf(variable), label);

    private void RequireFields(RowObligation obligation)
    {
        if (obligation.Self.Resolved is Type.Meta) _rows.Add(obligation);
        else CheckFields(obligation);
    }

    private bool SolveFields()
    {
        var progress = false;
        for (var i = 0; i < _rows.Count; i++)
        {
            var waiting = _rows[i];
            if (waiting.Self.Resolved is Type.Meta) continue;
            _rows.RemoveAt(i--);
            progress = true;
            CheckFields(waiting);
        }
        return progress;
    }

    /// <summary>What nothing else determines becomes the record that has just these fields.</summary>
    private void SettleFields()
    {
        foreach (var waiting in _rows.ToArray())
            if (waiting.Self.Resolved is Type.Meta { Cell: { Solution: null } cell }) cell.Solution = new Type.Record(waiting.Fields);
        SolveFields();
    }

    private void CheckFields(RowObligation obligation)
    {
        if (TypeShape.IsError(obligation.Self)) return;
        var missing = new List<string>();
        foreach (var entry in obligation.Fields.Entries)
        {
            if (FieldIn(obligation.Self, entry) is not { } found) missing.Add(entry.Label);
            else if (Unify.Types(_unknowns, entry.Payload, found) is not null)
                Error("E0001", obligation.Span, $"field `{entry.Label}` has type `{Show(found)}` in `{Show(obligation.Self)}`, but must have type `{Show(entry.Payload)}` here");
        }
        if (missing.Count > 0)
            Error("E0002", obligation.Span, $"missing {(missing.Count == 1 ? "field" : "fields")} {List(missing)} in `{Show(obligation.Self)}`", "the bound of this function asks for it");
    }

    private Type? FieldIn(Type type, RowEntry wanted)
    {
        switch (type.Resolved)
        {
            case Type.Named { Symbol: { Kind: TypeKind.Struct } symbol } named:
                return FindField(symbol, wanted.Label) is { } field && IsFieldVisible(symbol, field) ? FieldType(named, field) : null;
            case Type.Record { Row: var row }:
                var flat = Rows.Flatten(row);
                if (Rows.Find(flat, wanted.Label) is { } entry) return entry.Payload;
                if (flat.Tail is not Type.Meta tail) return null;
                var rest = new Row([wanted], _unknowns.Fresh(VariableKind.RecordRow));
                return Unify.Row(_unknowns, new Row([], tail), rest) is null ? wanted.Payload : null;
            case Type.Variable { Symbol: var variable }:
                return BoundField(variable, wanted.Label)?.Payload;
            default:
                return null;
        }
    }

    /// <summary><c>x~{ f: e }</c> where x is of a variable's type: the type stays.</summary>
    private TypedExpression UpdateBound(Expression.Update update, TypedExpression target, Row fields)
    {
        var values = ImmutableArray.CreateBuilder<(string, TypedExpression)>(update.Items.Length);
        var isWrong = false;
        foreach (var item in update.Items)
        {
            var name = item.Name!.Value;
            if (Rows.Find(fields, name.Text) is { } entry)
            {
                values.Add((name.Text, Check(item.Value, entry.Payload, Why.Field(name.Text))));
                continue;
            }
            Error("E0011", name.Span, $"unknown field `{name.Text}` in functional update", "", ClosestOrAll(name.Text, "its fields are", fields.Entries.Select(e => e.Label)));
            Infer(item.Value, null);
            isWrong = true;
        }
        return isWrong ? ErrorAt(update.Span) : new TypedExpression.Update(target, values.ToImmutable(), target.Type, update.Span);
    }
}
