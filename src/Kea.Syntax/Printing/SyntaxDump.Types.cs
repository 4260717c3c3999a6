using System.Globalization;

namespace Kea.Syntax;

public static partial class SyntaxDump
{
    private static Sexp Dump(TypeSyntax type) => type switch
    {
        TypeSyntax.Named(var path, { IsEmpty: true }, _, _) => path.ToString(),
        TypeSyntax.Named(var path, var arguments, var juxtaposed, _) =>
            Sexp.Of(juxtaposed ? "apply" : "apply()", [path.ToString(), .. arguments.Select(Dump)]),
        TypeSyntax.Variable(var name, { IsEmpty: true }, _) => Named(name),
        TypeSyntax.Variable(var name, var arguments, _) => Sexp.Of("apply", [Named(name), .. arguments.Select(Dump)]),
        TypeSyntax.Projection projection => Sexp.Of("project",
            [Dump(projection.Base), NameOrNone(projection.Trait), Named(projection.Member), Many("of", projection.Arguments, Dump)]),
        TypeSyntax.Tuple(var elements, _) => Sexp.Of("tuple", elements.Select(Dump)),
        TypeSyntax.Unit => "()",
        TypeSyntax.Function(var parameters, var effects, var result, _) =>
            Sexp.Of("fn", Sexp.Of("params", parameters.Select(Dump)), Arrow(effects), Dump(result)),
        TypeSyntax.Record(var fields, var tail, _) => Sexp.Of("row",
            [.. fields.Select(f => Sexp.Of(":", Named(f.Name), Dump(f.Type))), tail is { } name ? Sexp.Of("|", Named(name)) : null]),
        TypeSyntax.EffectList(var row, _) => Sexp.Of("effects", Items(row)),
        TypeSyntax.Optional(var inner, _) => Sexp.Of("?", Dump(inner)),
        TypeSyntax.Forall(var variables, var body, _) => Sexp.Of("forall", Names("vars", variables), Dump(body)),
        TypeSyntax.Any(var traits, var where, _) => Sexp.Of("any",
            [.. traits.Select(Named), Many("where", where, e => Sexp.Of("=", Named(e.Member), Dump(e.Type)))]),
        TypeSyntax.Impl(var @trait, _) => Sexp.Of("impl", Named(@trait)),
        TypeSyntax.Hole => "_",
        TypeSyntax.Integer(var value, _) => value.ToString(CultureInfo.InvariantCulture),
        TypeSyntax.Error => "<error>",
    };

    private static Sexp Arrow(EffectRowSyntax row) =>
        row.Written ? Sexp.Of(row.IsAlias ? "-alias>" : "-[]>", Items(row)) : Flag("->");

    private static IEnumerable<Sexp?> Items(EffectRowSyntax row) =>
    [
        .. row.Items.Select(i => i.Arguments.IsEmpty
            ? (Sexp)i.Path.ToString()
            : Sexp.Of("apply", [i.Path.ToString(), .. i.Arguments.Select(Dump)])),
        row.Tail is { } tail ? Sexp.Of("|", Named(tail)) : null,
    ];
}
