namespace Kea.Types.Inference;

/// <summary>Fields, struct literals, anonymous records, functional update (3.9, 3.10, 6.6).</summary>
internal sealed partial class BodyChecker
{
    private static Type FieldType(Type.Named type, FieldSymbol field) => Substitute.In(field.Type, type.Symbol.Parameters, type.Arguments);

    /// <summary>In a struct of another package that marks fields, only the marked ones are visible (2.3).</summary>
    private bool IsFieldVisible(TypeSymbol symbol, FieldSymbol field)
    {
        if (field.IsPublic || symbol.Module is null || symbol.Module.Origin == _module.Origin) return true;
        foreach (var other in symbol.Fields) if (other.IsPublic) return false;
        return true;
    }

    private static FieldSymbol? FindField(TypeSymbol symbol, string name)
    {
        foreach (var field in symbol.Fields) if (field.Name == name) return field;
        return null;
    }

    private TypedExpression FieldOf(TypedExpression target, Name name, TextSpan span)
    {
        if (name.IsMissing) return ErrorAt(span);
        switch (target.Type.Resolved)
        {
            case Type.Error:
                return ErrorAt(span);
            case Type.Tuple tuple:
                return TupleElement(target, tuple, name, span);
            case Type.Record { Row: var row }:
                return RecordField(target, Rows.Flatten(row), name, span);
            case Type.Meta unknown:
                var type = _unknowns.Fresh();
                var open = new Type.Record(new Row([new RowEntry(name.Text, null, type)], _unknowns.Fresh(VariableKind.RecordRow)));
                if (Unify.Types(_unknowns, unknown, open) is { } mismatch) Report(mismatch, unknown, open, span, Why.Plain);
                return new TypedExpression.Field(target, name.Text, type, span);
            case Type.Named named:
                return NamedField(target, named, name, span);
            case Type.Variable { Symbol: var variable } when BoundField(variable, name.Text) is { } bound:
                return new TypedExpression.Field(target, name.Text, bound.Payload, span);
            case var other:
                Error("E0011", name.Span, $"type `{Show(other)}` has no field `{name.Text}`", "",
                    other is Type.Variable { Symbol: var rigid } ? $"add `where {rigid.Name}: {{ {name.Text}: T | _ }}` to the signature" : null);
                return ErrorAt(span);
        }
    }

    private TypedExpression TupleElement(TypedExpression target, Type.Tuple tuple, Name name, TextSpan span)
    {
        if (!int.TryParse(name.Text, out var index))
        {
            Error("E0012", name.Span, "tuple field access expects a numeric index");
            return ErrorAt(span);
        }
        if (index < tuple.Elements.Length) return new TypedExpression.TupleElement(target, index, tuple.Elements[index], span);
        Error("E0012", name.Span, $"tuple index `{index}` is out of bounds", $"this tuple has {Count(tuple.Elements.Length, "element")}");
        return ErrorAt(span);
    }

    private TypedExpression RecordField(TypedExpression target, Row row, Name name, TextSpan span)
    {
        if (Rows.Find(row, name.Text) is { } entry) return new TypedExpression.Field(target, name.Text, entry.Payload, span);
        if (row.Tail?.Resolved is Type.Meta tail)
        {
            var type = _unknowns.Fresh();
            var rest = new Row([new RowEntry(name.Text, null, type)], _unknowns.Fresh(VariableKind.RecordRow));
            if (Unify.Row(_unknowns, new Row([], tail), rest) is { } mismatch) Report(mismatch, target.Type, target.Type, span, Why.Plain);
            return new TypedExpression.Field(target, name.Text, type, span);
        }
        Error("E0011", name.Span, $"type `{Show(target.Type)}` has no field `{name.Text}`", "", ClosestOrAll(name.Text, "its fields are", row.Entries.Select(e => e.Label)));
        return ErrorAt(span);
    }

    private TypedExpression NamedField(TypedExpression target, Type.Named type, Name name, TextSpan span)
    {
        var symbol = type.Symbol;
        if (symbol.Kind == TypeKind.Opaque && name.Text == "value")
        {
            if (IsOpen(symbol)) return new TypedExpression.Rewrap(target, Representation(symbol, type.Arguments), span);
            Error("E0012", name.Span, $"`{symbol.Name}` is opaque: only its own package can look inside");
            return ErrorAt(span);
        }
        if (symbol.Builtin == BuiltinType.Unique && symbol.Kind != TypeKind.Enum)
            return FieldOf(new TypedExpression.Rewrap(target, type.Arguments[0], target.Span), name, span);
        if (FindField(symbol, name.Text) is { } field)
        {
            if (IsFieldVisible(symbol, field)) return new TypedExpression.Field(target, name.Text, FieldType(type, field), span);
            Error("E0012", name.Span, $"field `{name.Text}` of `{symbol.Name}` is not public in its package");
            return ErrorAt(span);
        }
        var isMethod = symbol.Methods.ContainsKey(name.Text) || _facts.HomeOf(symbol)?.Functions.ContainsKey(name.Text) == true;
        Error("E0011", name.Span, $"type `{Show(type)}` has no field `{name.Text}`", "",
            isMethod ? $"`{name.Text}` is a method; call it with brackets: `.{name.Text}()`" : ClosestOrAll(name.Text, "its fields are", symbol.Fields.Select(f => f.Name)));
        return ErrorAt(span);
    }

    private TypedExpression InferRecord(Expression.Record record, Type? expected)
    {
        if (record.Path is null) return AnonymousRecord(record, expected);
        if (StructNamed(record.Path) is { } symbol) return StructLiteral(record, symbol, expected);
        foreach (var item in record.Items) Infer(item.Value, null);
        return ErrorAt(record.Span);
    }

    private TypeSymbol? StructNamed(Expression pathExpression)
    {
        if (PathOf(pathExpression) is not { } path)
        {
            Error("E0001", pathExpression.Span, "a record literal starts with the name of a struct");
            return null;
        }
        var space = ResolveNamespace(path);
        var symbol = space.Type;
        // In `Geometry.Point`, and for a module whose namesake is a struct, the path names the type itself.
        if (symbol is null && space.Module is { } module) symbol = Visible(module.Types.GetValueOrDefault(module.LastSegment));
        if (symbol is { Kind: TypeKind.Struct }) return symbol;
        if (symbol is null && HasFailedImport()) return null;
        Error(symbol is null ? "E0005" : "E0001", pathExpression.Span, symbol is null ? $"unknown type `{space.Name}`" : $"unknown record type `{space.Name}`: it is not a struct", "",
            symbol is null ? DidYouMean(space.Name) : null);
        return null;
    }

    private TypedExpression StructLiteral(Expression.Record record, TypeSymbol symbol, Type? expected)
    {
        UseOf(symbol, record.Path!.Span);
        var arguments = _unknowns.FreshFor(symbol.Parameters);
        var type = new Type.Named(symbol, arguments);
        Push(type, expected);
        var given = new bool[symbol.Fields.Length];
        var values = ImmutableArray.CreateBuilder<(int, TypedExpression)>(record.Items.Length);
        var extra = new List<Name>();
        var duplicates = new List<Name>();
        TypedExpression? spread = null;
        var spreadFirst = false;
        for (var i = 0; i < record.Items.Length; i++)
        {
            var item = record.Items[i];
            if (item.Name is not { } name)
            {
                if (spread is not null) Error("E0006", item.Span, "a struct literal takes one spread `..`");
                else if (i != 0 && i != record.Items.Length - 1) Error("E0006", item.Span, "the spread `..` stands first or last");
                spread = Check(item.Value, type, Why.Plain);
                spreadFirst = i == 0;
                continue;
            }
            if (FindField(symbol, name.Text) is not { } field || !IsFieldVisible(symbol, field))
            {
                extra.Add(name);
                Infer(item.Value, null);
                continue;
            }
            if (given[field.Index])
            {
                duplicates.Add(name);
                Infer(item.Value, null);
                continue;
            }
            given[field.Index] = true;
            values.Add((field.Index, Check(item.Value, FieldType(type, field), Why.Field(name.Text) with { Label = FieldLabel(symbol, field) })));
        }
        CloseEffectVariables(arguments, record.Span);
        var missing = spread is null ? symbol.Fields.Where(f => !given[f.Index]).ToList() : [];
        if (ReportFields(record, symbol, missing, extra, duplicates)) return ErrorOf(type, record.Span);
        return new TypedExpression.Struct(symbol, values.ToImmutable(), spread, spreadFirst, type, record.Span);
    }

    private static Label? FieldLabel(TypeSymbol symbol, FieldSymbol field) =>
        symbol.Module is { } module && field.Span.Length > 0 ? new Label(At(module, field.Span), "expected because of this field") : null;

    private bool ReportFields(Expression.Record record, TypeSymbol symbol, List<FieldSymbol> missing, List<Name> extra, List<Name> duplicates)
    {
        var kinds = (missing.Count > 0 ? 1 : 0) + (extra.Count > 0 ? 1 : 0) + (duplicates.Count > 0 ? 1 : 0);
        if (kinds == 0) return false;
        if (kinds > 1)
        {
            var lines = "";
            if (missing.Count > 0) lines += $"\n    missing: {List(missing.Select(f => f.Name))}";
            if (extra.Count > 0) lines += $"\n    extra: {List(extra.Select(n => n.Text))}";
            if (duplicates.Count > 0) lines += $"\n    duplicate: {List(duplicates.Select(n => n.Text))}";
            Error("E0013", record.Span, $"record fields of `{symbol.Name}` do not match{lines}");
        }
        else if (missing.Count > 0)
        {
            Error("E0002", record.Span, $"missing {(missing.Count == 1 ? "field" : "fields")} {List(missing.Select(f => f.Name))} in `{symbol.Name}`");
        }
        else if (extra.Count > 0)
        {
            foreach (var name in extra)
                Error("E0011", name.Span, $"unknown field `{name.Text}` in `{symbol.Name}`", "", ClosestOrAll(name.Text, "its fields are", symbol.Fields.Select(f => f.Name)));
        }
        else
        {
            foreach (var name in duplicates) Error("E0003", name.Span, $"duplicate field `{name.Text}` in `{symbol.Name}`");
        }
        return true;
    }

    private TypedExpression AnonymousRecord(Expression.Record record, Type? expected)
    {
        var hints = expected?.Resolved is Type.Record { Row: var hint } ? Rows.Flatten(hint) : null;
        var fields = ImmutableArray.CreateBuilder<(string, TypedExpression)>(record.Items.Length);
        ImmutableArray<RowEntry> entries = [];
        TypedExpression? spread = null;
        var isWrong = false;
        foreach (var item in record.Items)
        {
            if (item.Name is not { } name)
            {
                if (spread is not null) Error("E0006", item.Span, "a record takes one spread `..`");
                spread = Infer(item.Value, null);
                continue;
            }
            var wanted = hints is null ? null : Rows.Find(hints, name.Text)?.Payload;
            var value = wanted is null ? Infer(item.Value, null) : Check(item.Value, wanted, Why.Field(name.Text));
            if (Rows.Find(new Row(entries, null), name.Text) is not null)
            {
                Error("E0003", name.Span, $"duplicate field `{name.Text}`");
                isWrong = true;
                continue;
            }
            entries = Rows.With(entries, new RowEntry(name.Text, null, value.Type));
            fields.Add((name.Text, value));
        }
        if (isWrong) return ErrorAt(record.Span);
        if (spread is null) return new TypedExpression.Record(fields.ToImmutable(), null, new Type.Record(new Row(entries, null)), record.Span);
        if (RowOfBase(spread) is not { } row) return ErrorAt(record.Span);
        return Extend(row, entries, record.Span) is { } type ? new TypedExpression.Record(fields.ToImmutable(), spread, type, record.Span) : ErrorAt(record.Span);
    }
}
