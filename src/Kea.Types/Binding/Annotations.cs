using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Annotations: which stand where, and their arguments (2.15).</summary>
internal static class Annotations
{
    /// <summary>The single string argument, or null.</summary>
    public static string? Text(Annotation annotation) =>
        annotation.Arguments is [{ Label: null, Value: Expression.Literal { Value: LiteralValue.String(var text) } }] ? text : null;

    /// <summary>The text of <c>@deprecated</c>, empty when it has none; null without it.</summary>
    public static string? Deprecation(Header header)
    {
        foreach (var annotation in header.Annotations)
            if (annotation.Name.Text == "deprecated") return Text(annotation) ?? "";
        return null;
    }

    /// <summary>Where an annotation may stand; several together.</summary>
    [Flags]
    private enum Targets
    {
        Function = 1, Expr = 2, Struct = 4, Enum = 8, Const = 16, Field = 32, Variant = 64, VariantField = 128, Parameter = 256, Operation = 512,
        Functions = Function | Expr,
    }

    private enum Arguments { None, OneText, AtMostOneText, OneExpression, OneName, Traits, Tagged, CheckedElsewhere }

    private static readonly ImmutableArray<(string Name, Targets Targets, Arguments Arguments)> Known =
    [
        ("derive", Targets.Struct | Targets.Enum, Arguments.Traits),
        ("deprecated", Targets.Functions | Targets.Struct | Targets.Enum | Targets.Const, Arguments.AtMostOneText),
        ("with", Targets.Parameter | Targets.Functions, Arguments.None),
        ("deferred", Targets.Operation, Arguments.None),
        ("unsafe", Targets.Functions, Arguments.None),
        ("unboxed", Targets.Struct, Arguments.None),
        ("fip", Targets.Functions, Arguments.None),
        ("intrinsic", Targets.Functions, Arguments.OneText),
        ("extern", Targets.Function, Arguments.CheckedElsewhere),
        ("link", Targets.Function | Targets.Struct, Arguments.OneText),
        ("rename", Targets.Field | Targets.Variant | Targets.VariantField, Arguments.OneText),
        ("default", Targets.Field | Targets.VariantField, Arguments.OneExpression),
        ("skip_if", Targets.Field | Targets.VariantField, Arguments.OneName),
        ("tagged", Targets.Enum, Arguments.Tagged),
        ("tailrec", 0, Arguments.None),
        ("inline", Targets.Functions, Arguments.None),
        ("pure", Targets.Functions, Arguments.None),
        ("test", Targets.Function, Arguments.None),
        ("before_reload", Targets.Function, Arguments.None),
        ("after_reload", Targets.Function, Arguments.None),
        ("smoke", Targets.Function, Arguments.None),
        ("nodoc", 0, Arguments.None),
        ("install", 0, Arguments.None),
    ];

    public static void Check(ModuleContents module)
    {
        foreach (var function in module.Functions)
        {
            if (function.Declaration is not { } declaration || function.OwnerImplementation is not null) continue;
            var target = declaration.IsExpr ? Targets.Expr : Targets.Function;
            foreach (var annotation in declaration.Header.Annotations)
            {
                Place(annotation, target, module);
                OnFunction(annotation, function, module);
            }
            foreach (var parameter in declaration.Signature.Parameters)
                foreach (var annotation in parameter.Annotations) Place(annotation, Targets.Parameter, module);
        }
        foreach (var constant in module.Consts)
            foreach (var annotation in constant.Declaration!.Header.Annotations) Place(annotation, Targets.Const, module);
        foreach (var type in module.Types) OnType(type, module);
    }

    private static void OnType(TypeSymbol type, ModuleContents module)
    {
        var header = type.Declaration!.Header;
        var serializes = Derives(header, "Encode") || Derives(header, "Decode");
        switch (type.Declaration)
        {
            case Declaration.Struct declaration:
                foreach (var annotation in header.Annotations) Place(annotation, Targets.Struct, module);
                foreach (var field in declaration.Fields)
                    foreach (var annotation in field.Header.Annotations) PlaceInData(annotation, Targets.Field, type, serializes, module);
                if (type.IsUnboxed) ValueTypes(type, module);
                break;
            case Declaration.Enum declaration:
                foreach (var annotation in header.Annotations) Place(annotation, Targets.Enum, module);
                foreach (var variant in declaration.Variants)
                {
                    foreach (var annotation in variant.Header.Annotations) PlaceInData(annotation, Targets.Variant, type, serializes, module);
                    foreach (var field in variant.Fields)
                        foreach (var annotation in field.Annotations) PlaceInData(annotation, Targets.VariantField, type, serializes, module);
                }
                break;
        }
    }

    private static bool Derives(Header header, string trait) =>
        header.Annotations.Any(a => a.Name.Text == "derive" && a.Arguments.Any(g => g.Value is Expression.Upper upper && upper.Name.Text == trait));

    private static void PlaceInData(Annotation annotation, Targets target, TypeSymbol type, bool serializes, ModuleContents module)
    {
        Place(annotation, target, module);
        // A default also serves the migration of running state, so it is of use to any type.
        if (annotation.Name.Text is "rename" or "skip_if" && !serializes)
            module.Bag.Warning("W1008", module.At(annotation.Span), $"`@{annotation.Name.Text}` has no effect: `{type.Name}` derives neither `Encode` nor `Decode`");
    }

    private static void Place(Annotation annotation, Targets target, ModuleContents module)
    {
        var name = annotation.Name.Text;
        if (annotation.Name.IsMissing) return;
        foreach (var known in Known)
        {
            if (known.Name != name) continue;
            if ((known.Targets & target) == 0) Error(annotation, $"`@{name}` is not valid on {NameOf(target)}", module, Where(name, known.Targets));
            else Count(annotation, known.Arguments, module);
            return;
        }
        var closest = EditDistance.Closest(name, Known.Select(k => k.Name));
        Error(annotation, $"unknown annotation `@{name}`", module, closest is null ? null : $"did you mean `@{closest}`?");
    }

    /// <summary>Where it may stand, as advice.</summary>
    private static string Where(string name, Targets targets)
    {
        if (name == "tailrec") return "`@tailrec` goes before a call";
        if (targets == 0) return $"`@{name}` is about the whole file: write it at the top, before everything else";
        string[] places = [.. Enum.GetValues<Targets>().Where(t => t != Targets.Functions && targets.HasFlag(t)).Select(PlaceOf)];
        return $"`@{name}` goes before {(places is [.. var first, var last] && first.Length > 0 ? $"{string.Join(", ", first)} or {last}" : places[0])}";
    }

    private static string PlaceOf(Targets target) => target switch
    {
        Targets.Function => "`fn`",
        Targets.Expr => "`expr`",
        Targets.Struct => "`struct`",
        Targets.Enum => "`enum`",
        Targets.Const => "`const`",
        Targets.Field => "a field",
        Targets.Variant => "a variant",
        Targets.VariantField => "a field of a variant",
        Targets.Parameter => "a parameter",
        _ => "an operation of an effect",
    };

    private static string NameOf(Targets target) => target switch
    {
        Targets.Function => "function declaration",
        Targets.Expr => "expr declaration",
        Targets.Struct => "record declaration",
        Targets.Enum => "type declaration",
        Targets.Const => "const declaration",
        Targets.Field => "record field",
        Targets.Variant => "type variant",
        Targets.VariantField => "variant field",
        Targets.Parameter => "parameter",
        _ => "effect operation",
    };

    private static void Count(Annotation annotation, Arguments expected, ModuleContents module)
    {
        var name = annotation.Name.Text;
        var arguments = annotation.Arguments;
        switch (expected)
        {
            case Arguments.None:
                if (annotation.HasParentheses) Error(annotation, $"`@{name}` does not accept arguments", module);
                break;
            case Arguments.OneText:
                if (Text(annotation) is null) Error(annotation, $"`@{name}` expects exactly one positional string argument", module);
                break;
            case Arguments.AtMostOneText:
                if (!arguments.IsEmpty && Text(annotation) is null) Error(annotation, $"`@{name}` expects at most one positional string argument", module);
                break;
            case Arguments.OneExpression:
                if (arguments is not [{ Label: null }]) Error(annotation, $"`@{name}` expects exactly one positional argument", module);
                else Pure(arguments[0].Value, module);
                break;
            case Arguments.OneName:
                if (arguments is not [{ Label: null, Value: Expression.Variable or Expression.Field or Expression.Lambda }]) Error(annotation, $"`@{name}` expects exactly one positional argument, a predicate", module);
                break;
            case Arguments.Tagged:
                if (!IsTagged(arguments)) Error(annotation, "`@tagged` expects `style: :atom` and perhaps `field: \"name\"`", module);
                break;
            case Arguments.Traits or Arguments.CheckedElsewhere:
                break;
        }
    }

    private static bool IsTagged(ImmutableArray<Argument> arguments) =>
        arguments is [{ Label.Text: "style", Value: Expression.Atom }]
            or [{ Label.Text: "style", Value: Expression.Atom }, { Label.Text: "field", Value: Expression.Literal { Value: LiteralValue.String } }];

    public static bool IsImpure(Expression argument) => argument is Expression.Call or Expression.Try or Expression.Fail or Expression.Handle or Expression.Panic;

    /// <summary>An argument is evaluated by the compiler, so it may not do anything.</summary>
    private static void Pure(Expression argument, ModuleContents module)
    {
        if (IsImpure(argument))
            module.Bag.Error("E0012", module.At(argument.Span), "annotation arguments must be pure expressions");
    }

    /// <summary>What an annotation demands of its function.</summary>
    private static void OnFunction(Annotation annotation, FunctionSymbol function, ModuleContents module)
    {
        switch (annotation.Name.Text)
        {
            case "fip" when annotation.Arguments.IsEmpty:
                Error(annotation, "`@fip` verification is not supported yet", module, "remove the annotation; the function means the same without it");
                break;
            case "pure" when !function.Effects.IsEmpty:
                Error(annotation, $"`@pure` contradicts the effects of `{function.Name}`: `{TypePrinter.Text(function.Effects)}`", module);
                break;
            case "test" or "before_reload" or "after_reload" or "smoke" when !function.Parameters.IsEmpty:
                Error(annotation, $"`@{annotation.Name.Text}` needs a function without parameters", module);
                break;
            case "smoke" when function.Result.Resolved is not Type.Named { Symbol.Builtin: BuiltinType.Bool }:
                Error(annotation, $"`@smoke` needs a function that returns `Bool`, and `{function.Name}` returns `{TypePrinter.Text(function.Result)}`", module);
                break;
            case "before_reload" or "after_reload" or "smoke" when function.Effects.Entries.FirstOrDefault(e => e.Effect is not { IsCapability: true } and not { IsFail: true }) is { Label: { } label }:
                Error(annotation, $"`@{annotation.Name.Text}` may perform capability effects only, not `{label}`", module);
                break;
        }
    }

    /// <summary>The fields of an <c>@unboxed</c> struct live inside it, so all must be values (9.8).</summary>
    private static void ValueTypes(TypeSymbol type, ModuleContents module)
    {
        foreach (var field in type.Fields)
        {
            if (IsValue(field.Type, [type])) continue;
            module.Bag.Error("E0012", module.At(field.Span), $"`@unboxed` field `{field.Name}` must be a value type", $"`{TypePrinter.Text(field.Type)}` is not one");
        }
    }

    private static bool IsValue(Type type, ImmutableArray<TypeSymbol> around) => type switch
    {
        Type.Named named => IsValue(named.Symbol, around),
        Type.Tuple(var elements) => elements.All(e => IsValue(e, around)),
        Type.Error => true,
        _ => false,
    };

    private static bool IsValue(TypeSymbol symbol, ImmutableArray<TypeSymbol> around)
    {
        if (symbol.Kind == TypeKind.Struct) return symbol.IsUnboxed && !around.Contains(symbol) && symbol.Fields.All(f => IsValue(f.Type, around.Add(symbol)));
        return symbol.Builtin is >= BuiltinType.Int and <= BuiltinType.Char or BuiltinType.Unit or BuiltinType.Ptr;
    }

    private static void Error(Annotation annotation, string message, ModuleContents module, string? help = null) =>
        module.Bag.Error("E0012", module.At(annotation.Span), message, "", help);
}
