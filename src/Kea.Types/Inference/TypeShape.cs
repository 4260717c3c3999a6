namespace Kea.Types.Inference;

/// <summary>Questions about the structure of types, with solved unknowns looked through.</summary>
internal static class TypeShape
{
    /// <summary>Structural equality without solving anything.</summary>
    public static bool Same(Type left, Type right)
    {
        left = left.Resolved;
        right = right.Resolved;
        if (ReferenceEquals(left, right)) return true;
        switch (left)
        {
            case Type.Named a:
                return right is Type.Named b && ReferenceEquals(a.Symbol, b.Symbol) && Same(a.Arguments, b.Arguments);
            case Type.Meta a:
                return right is Type.Meta c && a.Cell == c.Cell;
            case Type.Function a:
                return right is Type.Function d && Same(a.Parameters, d.Parameters) && Same(a.Result, d.Result) && Same(a.Effects, d.Effects);
            case Type.Tuple a:
                return right is Type.Tuple e && Same(a.Elements, e.Elements);
            case Type.Record a:
                return right is Type.Record f && Same(a.Row, f.Row);
            case Type.RowArgument or Type.Variable { Symbol.Kind: not VariableKind.Type }:
                return right is Type.RowArgument or Type.Variable { Symbol.Kind: not VariableKind.Type } && Same(Rows.Of(left), Rows.Of(right));
            case Type.Variable a:
                return right is Type.Variable g && ReferenceEquals(a.Symbol, g.Symbol);
            case Type.Projection a:
                return right is Type.Projection h && ReferenceEquals(a.Trait, h.Trait) && a.Member == h.Member && Same(a.Base, h.Base);
            case Type.Forall a:
                return right is Type.Forall i && a.Variables.Length == i.Variables.Length
                    && Same(a.Body, Substitute.In(i.Body, i.Variables, ImmutableArray.CreateRange(a.Variables, Type (v) => new Type.Variable(v))));
            case Type.Error:
                return right is Type.Error;
        }
        return false;
    }

    private static bool Same(ImmutableArray<Type> left, ImmutableArray<Type> right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++) if (!Same(left[i], right[i])) return false;
        return true;
    }

    public static bool Same(Row left, Row right)
    {
        var a = Rows.Flatten(left);
        var b = Rows.Flatten(right);
        if (a.Entries.Length != b.Entries.Length || a.Tail is null != b.Tail is null) return false;
        for (var i = 0; i < a.Entries.Length; i++)
            if (Rows.Compare(a.Entries[i], b.Entries[i]) != 0 || !Same(a.Entries[i].Payload, b.Entries[i].Payload)) return false;
        if (a.Tail is null) return true;
        return (a.Tail.Resolved, b.Tail!.Resolved) switch
        {
            (Type.Variable x, Type.Variable y) => ReferenceEquals(x.Symbol, y.Symbol),
            (Type.Meta x, Type.Meta y) => x.Cell == y.Cell,
            _ => false,
        };
    }

    /// <summary>Collects the unsolved unknowns of a type, each once, in order of occurrence.</summary>
    public static void Collect(Type type, List<MetaVariable> into)
    {
        switch (type.Resolved)
        {
            case Type.Meta { Cell: var cell }:
                if (!into.Contains(cell)) into.Add(cell);
                if (cell.LowerBounds is { } bounds) foreach (var bound in bounds) Collect(bound, into);
                break;
            case Type.Named { Arguments: var arguments }:
                foreach (var argument in arguments) Collect(argument, into);
                break;
            case Type.Function function:
                foreach (var parameter in function.Parameters) Collect(parameter, into);
                Collect(function.Effects, into);
                Collect(function.Result, into);
                break;
            case Type.Tuple { Elements: var elements }:
                foreach (var element in elements) Collect(element, into);
                break;
            case Type.Record { Row: var row }:
                Collect(row, into);
                break;
            case Type.RowArgument { Row: var row }:
                Collect(row, into);
                break;
            case Type.Forall { Body: var body }:
                Collect(body, into);
                break;
            case Type.Projection { Base: var target }:
                Collect(target, into);
                break;
            case Type.Variable or Type.Error:
                break;
        }
    }

    private static void Collect(Row row, List<MetaVariable> into)
    {
        foreach (var entry in row.Entries) Collect(entry.Payload, into);
        if (row.Tail is not null) Collect(row.Tail, into);
    }

    public static bool HasUnknown(Type type)
    {
        var found = new List<MetaVariable>();
        Collect(type, found);
        return found.Count > 0;
    }

    public static bool Mentions(Type type, TypeSymbol symbol) => type.Resolved switch
    {
        Type.Named named => ReferenceEquals(named.Symbol, symbol) || named.Arguments.Any(a => Mentions(a, symbol)),
        Type.Tuple tuple => tuple.Elements.Any(e => Mentions(e, symbol)),
        _ => false,
    };

    public static bool Is(Type type, BuiltinType builtin) => type.Resolved is Type.Named named && named.Symbol.Builtin == builtin;
    public static bool IsNever(Type type) => Is(type, BuiltinType.Never);
    public static bool IsError(Type type) => type.Resolved is Type.Error;
}
