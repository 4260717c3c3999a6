using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Parameter lists: labels, modes and types (2.4.1); their order is the parser's business. Defaults are added by <see cref="Signatures"/>.</summary>
internal static class Parameters
{
    /// <param name="selfType">What an untyped <c>self</c> means; null where it needs a type like any other.</param>
    public static ImmutableArray<ParameterSymbol> Bind(string function, Signature signature, TypeResolver resolver, Type? selfType, ModuleContents module)
    {
        if (signature.Parameters.IsEmpty) return [];
        var parameters = ImmutableArray.CreateBuilder<ParameterSymbol>(signature.Parameters.Length);
        foreach (var parameter in signature.Parameters)
        {
            var name = NameOf(parameter.Pattern);
            var label = parameter.Mode switch
            {
                ParameterMode.Positional => null,
                ParameterMode.Labelled => parameter.Label?.Text,
                ParameterMode.Plain => parameter.Pattern is Pattern.Variable ? name : null,
            };
            if (label is not null) DuplicateLabel(parameters, label, parameter, module);
            var type = TypeOf(parameter, name, function, resolver, selfType, module);
            var isWith = parameter.Annotations.Any(a => a.Name.Text == "with");
            parameters.Add(new ParameterSymbol(name, label, type, parameter.IsBorrow, isWith, null, parameter.Pattern.Span));
        }
        return parameters.MoveToImmutable();
    }

    /// <summary>A name for messages and for parameters that a pattern takes apart.</summary>
    private static string NameOf(Pattern pattern) => pattern switch
    {
        Pattern.Variable variable => variable.Name.Text,
        Pattern.As named => named.Name.Text,
        _ => "_",
    };

    private static void DuplicateLabel(ImmutableArray<ParameterSymbol>.Builder parameters, string label, Parameter parameter, ModuleContents module)
    {
        foreach (var other in parameters)
            if (other.Label == label)
                module.Bag.Error("E0012", module.At(parameter.Span), $"duplicate parameter `{label}`", "declared a second time");
    }

    private static Type TypeOf(Parameter parameter, string name, string function, TypeResolver resolver, Type? selfType, ModuleContents module)
    {
        if (parameter.Type is { } written) return resolver.Resolve(written);
        if (name == "self" && selfType is not null) return selfType;
        module.Bag.Error("E0801", module.At(parameter.Span), $"parameter `{name}` of `{function}` needs a type annotation", "no type", $"write `{name}: T`");
        return new Type.Error();
    }
}
