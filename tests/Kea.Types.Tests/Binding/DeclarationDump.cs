using System.Text;
using Kea.Syntax;
using Kea.Types.Binding;

namespace Kea.Types.Tests.Binding;

/// <summary>The symbols of a module as text, sorted by kind and name.</summary>
internal static class DeclarationDump
{
    public static string Of(ModuleSymbol module, IBoundProgram program)
    {
        var text = new StringBuilder($"module {module.Name}\n");
        foreach (var type in Sorted(module.Types)) Type(text, type, "  ");
        foreach (var trait in Sorted(module.Traits)) Trait(text, trait);
        foreach (var effect in Sorted(module.Effects)) Effect(text, effect);
        foreach (var constant in Sorted(module.Consts)) text.Append($"  const {constant.Name}: {TypePrinter.Text(constant.Type)}\n");
        foreach (var function in Sorted(module.Functions)) Function(text, function, "  ");
        foreach (var implementation in module.Implementations.OrderBy(i => TypePrinter.Text(i.Self) + i.Trait.Name, StringComparer.Ordinal)) Implementation(text, implementation);
        foreach (var test in module.Tests) text.Append($"  test \"{test.Title}\"{(test.IsProperty ? $" property {test.Iterations}" : "")}{string.Concat(test.Tags.Select(t => " :" + t))}\n");
        text.Append($"  traits in scope: {string.Join(", ", program.ScopeOf(module).TraitsInScope.Select(t => t.Name).Order(StringComparer.Ordinal))}\n");
        return text.ToString();
    }

    private static IEnumerable<T> Sorted<T>(Dictionary<string, T> table) => table.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Value);

    private static void Type(StringBuilder text, TypeSymbol type, string indent)
    {
        var representation = type.Representation is { } inside ? $" = {TypePrinter.Text(inside)}" : "";
        text.Append($"{indent}{type.Kind.ToString().ToLowerInvariant()} {type.Name}{Variables(type.Parameters)}{representation}{(type.IsPublic ? " public" : "")}\n");
        foreach (var field in type.Fields) text.Append($"{indent}  {field.Name}: {TypePrinter.Text(field.Type)}{(field.IsPublic ? "" : " hidden")}\n");
        foreach (var variant in type.Variants)
        {
            var fields = string.Join(", ", variant.Fields.Select(f => (f.Name is null ? "" : f.Name + ": ") + TypePrinter.Text(f.Type)));
            var equations = string.Join(", ", variant.Equations.Select(e => $"{e.Parameter} = {TypePrinter.Text(e.Type)}"));
            text.Append($"{indent}  {variant.Index} {variant.Name}({fields}){(equations.Length == 0 ? "" : " where " + equations)}\n");
        }
        foreach (var constant in Sorted(type.Consts)) text.Append($"{indent}  const {constant.Name}: {TypePrinter.Text(constant.Type)}\n");
        foreach (var method in Sorted(type.Methods)) Function(text, method, indent + "  ");
        foreach (var nested in Sorted(type.NestedTypes)) Type(text, nested, indent + "  ");
    }

    private static string Variables(IEnumerable<TypeVariable> variables)
    {
        var names = string.Join(", ", variables.Select(v => v.Kind switch
        {
            VariableKind.Type => v.Name,
            VariableKind.RecordRow => $"{v.Name}: Row{(v.Lacks.Count == 0 ? "" : " lacks " + string.Join(" ", v.Lacks.Order(StringComparer.Ordinal)))}",
            VariableKind.EffectRow => $"{v.Name}: Eff",
        }));
        return names.Length == 0 ? "" : $"[{names}]";
    }

    private static void Trait(StringBuilder text, TraitSymbol trait)
    {
        text.Append($"  trait {trait.Name} for {trait.Self.Name}{Variables(trait.Parameters)}{(trait.Supertraits.IsEmpty ? "" : ": " + string.Join(" + ", trait.Supertraits))}\n");
        foreach (var type in trait.Types)
            text.Append($"    type {type.Name}{string.Concat(type.Bounds.Select(b => ": " + b.Name))}{(type.Default is null ? "" : " = " + TypePrinter.Text(type.Default))}\n");
        foreach (var method in Sorted(trait.Methods)) Function(text, method, "    ");
    }

    private static void Effect(StringBuilder text, EffectSymbol effect)
    {
        text.Append($"  effect {effect.Name}{Variables(effect.Parameters)}{(effect.Module is null ? " builtin" : "")}{(effect.IsCapability ? " capability" : "")}\n");
        foreach (var operation in Sorted(effect.Operations))
            text.Append($"    {operation.Name}{Variables(operation.TypeVariables)}({string.Join(", ", operation.Parameters.Select(Parameter))}) -> {TypePrinter.Text(operation.Result)}{(operation.IsDeferred ? " deferred" : "")}\n");
    }

    private static void Function(StringBuilder text, FunctionSymbol function, string indent)
    {
        text.Append($"{indent}fn {function.Name}{Variables(function.TypeVariables)}({string.Join(", ", function.Parameters.Select(Parameter))}) {TypePrinter.Text(function.Effects)} {TypePrinter.Text(function.Result)}");
        text.Append(Where(function.Bounds));
        if (function.IsPublic) text.Append(" public");
        if (function.IsUnsafe) text.Append(" unsafe");
        if (function.Intrinsic is { } intrinsic) text.Append($" intrinsic {intrinsic}");
        if (function.IsExtern) text.Append($" extern{string.Concat(function.Links.Select(l => " link " + l))}");
        if (function.Deprecation is { } deprecation) text.Append($" deprecated \"{deprecation}\"");
        if (function.Origin is FunctionOrigin.TraitDefault) text.Append(" default");
        text.Append($"    -- {function.QualifiedName}\n");
        if (function.Origin == FunctionOrigin.Derived) text.Append(Indented(SyntaxDump.Of(function.Body!), indent + "  "));
    }

    private static string Parameter(ParameterSymbol parameter)
    {
        var label = parameter.Label is null ? "_ " : parameter.Label == parameter.Name ? "" : parameter.Label + " ";
        return $"{(parameter.IsWith ? "@with " : "")}{(parameter.IsBorrow ? "borrow " : "")}{label}{parameter.Name}: {TypePrinter.Text(parameter.Type)}{(parameter.Default is null ? "" : " = …")}";
    }

    private static string Where(IEnumerable<Bound> bounds)
    {
        var items = bounds.Select(b => $"{b.Variable}: {b.Trait}{(b.Arguments.IsEmpty ? "" : $"({string.Join(", ", b.Arguments.Select(TypePrinter.Text))})")}{string.Concat(b.Equations.Select(e => $" with {e.Member} = {TypePrinter.Text(e.Type)}"))}");
        var text = string.Join(", ", items);
        return text.Length == 0 ? "" : " where " + text;
    }

    private static void Implementation(StringBuilder text, ImplementationSymbol implementation)
    {
        var arguments = implementation.TraitArguments.IsEmpty ? "" : $"({string.Join(", ", implementation.TraitArguments.Select(TypePrinter.Text))})";
        text.Append($"  {TypePrinter.Text(implementation.Self)} as {implementation.Trait}{arguments}{(implementation.IsDerived ? " derived" : "")}{Where(implementation.Bounds)}");
        foreach (var (name, type) in implementation.AssociatedTypes.OrderBy(a => a.Key, StringComparer.Ordinal)) text.Append($" {name} = {TypePrinter.Text(type)}");
        text.Append('\n');
        foreach (var method in Sorted(implementation.Methods)) Function(text, method, "    ");
    }

    private static string Indented(string text, string indent) => string.Concat(text.TrimEnd('\n').Split('\n').Select(l => $"{indent}{l}\n"));
}
