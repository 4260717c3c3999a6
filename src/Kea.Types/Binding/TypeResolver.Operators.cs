using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Inference;

namespace Kea.Types.Binding;

/// <summary>The record operators of 6.6.3: <c>Partial</c>, <c>Required</c>, <c>Pick</c>, <c>Omit</c>, <c>Merge</c> on closed rows and structs.</summary>
internal sealed partial class TypeResolver
{
    /// <summary>Null when the name is none of the operators.</summary>
    private Type? RecordOperator(TypeSyntax.Named syntax, string name)
    {
        var arguments = syntax.Arguments;
        switch (name)
        {
            case "Partial" when arguments.Length == 1:
                return Map(arguments[0], t => context.Builtins[BuiltinType.Option] is { } option ? new Type.Named(option, [t]) : new Type.Error());
            case "Required" when arguments.Length == 1:
                return Map(arguments[0], t => t is Type.Named { Symbol.Builtin: BuiltinType.Option } optional ? optional.Arguments[0] : t);
            case "Pick" or "Omit" when arguments.Length > 1:
                return Selected(syntax, name == "Pick");
            case "Merge" when arguments.Length == 2:
                if (FieldsOf(arguments[0]) is not { } left || FieldsOf(arguments[1]) is not { } right) return new Type.Error();
                return Closed([.. left.Where(l => !right.Any(r => r.Label == l.Label)), .. right]);
        }
        return null;
    }

    private Type Map(TypeSyntax syntax, Func<Type, Type> change) =>
        FieldsOf(syntax) is { } fields ? Closed([.. fields.Select(f => f with { Payload = change(f.Payload) })]) : new Type.Error();

    private Type Selected(TypeSyntax.Named syntax, bool keep)
    {
        if (FieldsOf(syntax.Arguments[0]) is not { } fields) return new Type.Error();
        var labels = new HashSet<string>();
        foreach (var argument in syntax.Arguments.AsSpan()[1..])
        {
            if (argument is not TypeSyntax.Variable { Arguments.IsEmpty: true } label) return Error("E0001", argument.Span, "a field name is expected here");
            if (!fields.Exists(f => f.Label == label.Name.Text)) return Error("E0002", argument.Span, $"there is no field `{label.Name.Text}`");
            labels.Add(label.Name.Text);
        }
        return Closed([.. fields.Where(f => labels.Contains(f.Label) == keep)]);
    }

    private static Type.Record Closed(ImmutableArray<RowEntry> fields) => new(new Row(fields.Sort(CompareEntries), null));

    private List<RowEntry>? FieldsOf(TypeSyntax syntax)
    {
        switch (Resolve(syntax))
        {
            case Type.Error: return null;
            case Type.Record { Row: { Tail: null } row }: return [.. row.Entries];
            case Type.Named { Symbol: { Kind: TypeKind.Struct } symbol } named:
                // Aliases come before fields, but an alias may be made from fields.
                if (!context.AliasesAreResolved && symbol.Fields.IsEmpty) TypeDeclarations.Fields(symbol, context, new DiagnosticBag());
                return [.. symbol.Fields.Select(f => new RowEntry(f.Name, null, Substitute.In(f.Type, symbol.Parameters, named.Arguments)))];
            default:
                Error("E0001", syntax.Span, "record operators apply to structs and closed record types");
                return null;
        }
    }
}
