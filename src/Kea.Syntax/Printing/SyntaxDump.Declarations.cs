using System.Collections.Immutable;
using System.Globalization;

namespace Kea.Syntax;

public static partial class SyntaxDump
{
    private static IEnumerable<Sexp?> Dump(Header header) =>
    [
        header.Doc is { } doc ? Sexp.Of("doc", Quoted(doc.Text)) : null,
        .. header.Annotations.Select(Dump),
        Flag(header.IsPublic, "pub"),
    ];

    private static Sexp Dump(Declaration declaration) => declaration switch
    {
        Declaration.Use use => DumpUse(use),
        Declaration.Function function => DumpFunction(function),
        Declaration.Const(var header, var name, var type, var value, _) =>
            Sexp.Of("const", [.. Dump(header), Named(name), Dump(type), Dump(value)]),
        Declaration.Struct(var header, var name, var parameters, var fields, var members, _) =>
            Sexp.Of("struct", [.. Dump(header), Named(name), Parameters(parameters), .. fields.Select(Dump), .. members.Select(Dump)]),
        Declaration.Enum(var header, var name, var parameters, var variants, var members, _) =>
            Sexp.Of("enum", [.. Dump(header), Named(name), Parameters(parameters), .. variants.Select(Dump), .. members.Select(Dump)]),
        Declaration.Alias(var header, var name, var parameters, var target, _) =>
            Sexp.Of("alias", [.. Dump(header), Named(name), Parameters(parameters), Dump(target)]),
        Declaration.Opaque(var header, var name, var parameters, var target, _) =>
            Sexp.Of("opaque", [.. Dump(header), Named(name), Parameters(parameters), Dump(target)]),
        Declaration.Trait @trait => DumpTrait(@trait),
        Declaration.Implementation implementation => DumpImplementation(implementation),
        Declaration.Effect(var header, var name, var parameters, var operations, _) =>
            Sexp.Of("effect", [.. Dump(header), Named(name), Parameters(parameters), .. operations.Select(DumpFunction)]),
        Declaration.Test test => DumpTest(test),
        Declaration.Error(var header, _) => Sexp.Of("error", Dump(header)),
    };

    private static Sexp DumpUse(Declaration.Use use) => Sexp.Of("use",
    [
        .. Dump(use.Header), use.Path.ToString(),
        use.Names is { } names ? Names("names", names) : null,
        use.AsName is { } alias ? Sexp.Of("as", Named(alias)) : null,
    ]);

    private static Sexp DumpFunction(Declaration.Function function) => Sexp.Of(function.IsExpr ? "expr" : "fn",
    [
        .. Dump(function.Header), Named(function.Name), .. Dump(function.Signature),
        function.Body is { } body ? Dump(body) : null,
    ]);

    private static IEnumerable<Sexp?> Dump(Signature signature) =>
    [
        Sexp.Of("params", signature.Parameters.Select(Dump)),
        signature.HasArrow ? Arrow(signature.Effects) : Flag("no-arrow"),
        signature.HasArrow ? Dump(signature.Result) : null,
        Many("where", signature.Where, Dump),
    ];

    private static Sexp Dump(Parameter parameter)
    {
        var mode = parameter.Mode switch
        {
            ParameterMode.Plain => null,
            ParameterMode.Positional => Flag("_"),
            ParameterMode.Labelled => Sexp.Of("label", NameOrNone(parameter.Label)),
        };
        return Sexp.Of("param",
        [
            .. parameter.Annotations.Select(Dump), Flag(parameter.IsBorrow, "borrow"), mode, Dump(parameter.Pattern),
            parameter.Type is { } type ? Sexp.Of(":", Dump(type)) : null,
            parameter.Default is { } value ? Sexp.Of("=", Dump(value)) : null,
        ]);
    }

    private static Sexp? Parameters(ImmutableArray<TypeParameter> parameters) => Many("type-params", parameters,
        p => p.Kind is { } kind ? Sexp.Of(":", Named(p.Name), kind) : Named(p.Name));

    private static Sexp Dump(FieldDeclaration field) =>
        Sexp.Of("field", [.. Dump(field.Header), Named(field.Name), Dump(field.Type)]);

    private static Sexp Dump(Variant variant) => Sexp.Of("variant",
    [
        .. Dump(variant.Header), Named(variant.Name),
        .. variant.Fields.Select(f => Sexp.Of("field", [.. f.Annotations.Select(Dump), NameOrNone(f.Name), Dump(f.Type)])),
        variant.Result is { } result ? Sexp.Of("result", Dump(result)) : null,
        Many("where", variant.Equations, e => Sexp.Of("=", Named(e.Parameter), Dump(e.Type))),
    ]);

    private static Sexp DumpTrait(Declaration.Trait @trait) => Sexp.Of("trait",
    [
        .. Dump(@trait.Header), Named(@trait.Name), Parameters(@trait.Parameters),
        NamesIfAny("super", @trait.Supertraits), Many("where", @trait.Where, Dump),
        Many("depends", @trait.Dependencies, d => Sexp.Of("->", Names("from", d.From), Names("to", d.To))),
        .. @trait.Types.Select(Dump), .. @trait.Methods.Select(DumpFunction),
    ]);

    private static Sexp Dump(AssociatedType type) => Sexp.Of("type",
    [
        type.Doc is { } doc ? Sexp.Of("doc", Quoted(doc.Text)) : null, Named(type.Name), Flag(type.HasParameter, "_"),
        NamesIfAny("bounds", type.Bounds), type.Default is { } value ? Sexp.Of("=", Dump(value)) : null,
    ]);

    private static Sexp DumpImplementation(Declaration.Implementation implementation) => Sexp.Of("impl",
    [
        .. Dump(implementation.Header), implementation.Type.ToString(), NamesIfAny("params", implementation.Parameters),
        Sexp.Of("as", [implementation.TraitPath.ToString(), .. implementation.TraitArguments.Select(Dump)]),
        Many("where", implementation.Where, Dump), .. implementation.Methods.Select(DumpFunction),
    ]);

    private static Sexp Dump(WhereItem item) => item switch
    {
        WhereItem.Bound(var variable, var path, var arguments, _) =>
            Sexp.Of(":", [Named(variable), path.ToString(), .. arguments.Select(Dump)]),
        WhereItem.RowBound(var variable, var row, _) => Sexp.Of(":", Named(variable), Dump(row)),
        WhereItem.Equation(var variable, var @trait, var member, var type, _) =>
            Sexp.Of("=", Sexp.Of(".", NameOrNone(variable), NameOrNone(@trait), Named(member)), Dump(type)),
        WhereItem.Lacks(var row, var label, _) => Sexp.Of("lacks", Named(row), Named(label)),
    };

    private static Sexp DumpTest(Declaration.Test test) => Sexp.Of("test",
    [
        .. Dump(test.Header), Flag(test.IsProperty, "property"),
        test.Iterations is { } count ? Sexp.Of("iterations", count.ToString(CultureInfo.InvariantCulture)) : null,
        Quoted(test.Title), NamesIfAny("tags", test.Tags), Dump(test.Body),
    ]);
}
