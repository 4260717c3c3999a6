namespace Kea.Types.Inference;

/// <summary>Patterns of structs and records (4.5).</summary>
internal sealed partial class BodyChecker
{
    private TypedPattern RecordPattern(Pattern.Record pattern, Type type, PatternNames names)
    {
        var symbol = (type.Resolved as Type.Named)?.Symbol;
        if (pattern.Path is { } path)
        {
            var space = ResolveNamespace([.. path.Parts]);
            symbol = space.Type ?? (space.Module is { } module ? Visible(module.Types.GetValueOrDefault(module.LastSegment)) : null);
            if (symbol is not { Kind: TypeKind.Struct })
            {
                Error("E0005", path.Span, $"unknown record type `{path}`", "", Closest(path.Last.Text, _scope.NamesInScope));
                return SkipFields(pattern, type, names);
            }
            var own = symbol.Parameters.IsEmpty ? TypeOf(symbol) : new Type.Named(symbol, _unknowns.FreshFor(symbol.Parameters));
            if (!MustBe(own, type, pattern.Span)) return SkipFields(pattern, type, names);
        }
        if (HasDuplicates(pattern)) return SkipFields(pattern, type, names);
        return symbol is { Kind: TypeKind.Struct } && type.Resolved is Type.Named named
            ? StructPattern(pattern, named, names) : RowPattern(pattern, type, names);
    }

    private bool HasDuplicates(Pattern.Record pattern)
    {
        var seen = new HashSet<string>();
        foreach (var field in pattern.Fields)
        {
            if (seen.Add(field.Name.Text)) continue;
            Error("E0003", field.Name.Span, $"duplicate field `{field.Name.Text}` in pattern");
            return true;
        }
        return false;
    }

    private TypedPattern SkipFields(Pattern.Record pattern, Type type, PatternNames names)
    {
        foreach (var field in pattern.Fields) CheckPattern(field.Pattern, _facts.Error, names);
        return new TypedPattern.Error(type, pattern.Span);
    }

    private TypedPattern StructPattern(Pattern.Record pattern, Type.Named type, PatternNames names)
    {
        var symbol = type.Symbol;
        var fields = ImmutableArray.CreateBuilder<(string, TypedPattern)>(pattern.Fields.Length);
        foreach (var given in pattern.Fields)
        {
            if (FindField(symbol, given.Name.Text) is { } field && IsFieldVisible(symbol, field))
            {
                fields.Add((field.Name, CheckPattern(given.Pattern, FieldType(type, field), names)));
                continue;
            }
            Error("E0011", given.Name.Span, $"unknown field `{given.Name.Text}` in pattern of `{symbol.Name}`", "", ClosestOrAll(given.Name.Text, "its fields are", symbol.Fields.Select(f => f.Name)));
            CheckPattern(given.Pattern, _facts.Error, names);
        }
        var missing = symbol.Fields.Where(f => pattern.Fields.All(g => g.Name.Text != f.Name)).Select(f => f.Name).ToList();
        if (!pattern.HasRest && missing.Count > 0)
            Error("E0002", pattern.Span, $"missing {(missing.Count == 1 ? "field" : "fields")} {List(missing)} in pattern of `{symbol.Name}`", "", "add it, or end with `..`");
        return new TypedPattern.Record(fields.ToImmutable(), type, pattern.Span);
    }

    private TypedPattern RowPattern(Pattern.Record pattern, Type type, PatternNames names)
    {
        ImmutableArray<RowEntry> entries = [];
        foreach (var field in pattern.Fields) entries = Rows.With(entries, new RowEntry(field.Name.Text, null, _unknowns.Fresh()));
        var row = new Row(entries, pattern.HasRest ? _unknowns.Fresh(VariableKind.RecordRow) : null);
        if (!MustBe(new Type.Record(row), type, pattern.Span)) return SkipFields(pattern, type, names);
        var fields = ImmutableArray.CreateBuilder<(string, TypedPattern)>(pattern.Fields.Length);
        foreach (var field in pattern.Fields) fields.Add((field.Name.Text, CheckPattern(field.Pattern, Rows.Find(row, field.Name.Text)!.Payload, names)));
        return new TypedPattern.Record(fields.ToImmutable(), type, pattern.Span);
    }
}
