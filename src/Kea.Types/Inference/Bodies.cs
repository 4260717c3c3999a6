namespace Kea.Types.Inference;

/// <summary>Everything in a module that has a body or an initialiser.</summary>
internal static class Bodies
{
    public static void Of(ModuleSymbol module, List<FunctionSymbol> functions, List<ConstSymbol> constants)
    {
        foreach (var function in module.Functions.Values) Add(function, functions);
        foreach (var type in module.Types.Values) OfType(type, functions, constants, []);
        foreach (var trait in module.Traits.Values)
            foreach (var method in trait.Methods.Values) Add(method, functions);
        foreach (var implementation in module.Implementations)
            foreach (var method in implementation.Methods.Values)
                if (ReferenceEquals(method.OwnerImplementation, implementation)) Add(method, functions);
        foreach (var test in module.Tests) functions.Add(test.Function);
        constants.AddRange(module.Consts.Values);
    }

    private static void OfType(TypeSymbol type, List<FunctionSymbol> functions, List<ConstSymbol> constants, HashSet<TypeSymbol> seen)
    {
        if (!seen.Add(type)) return;
        foreach (var method in type.Methods.Values) Add(method, functions);
        constants.AddRange(type.Consts.Values);
        foreach (var field in type.Fields) if (field.Default is { } value) constants.Add(value);
        foreach (var variant in type.Variants)
            foreach (var value in variant.Defaults) if (value is not null) constants.Add(value);
        foreach (var nested in type.NestedTypes.Values) OfType(nested, functions, constants, seen);
    }

    private static void Add(FunctionSymbol function, List<FunctionSymbol> functions)
    {
        functions.Add(function);
        foreach (var parameter in function.Parameters) if (parameter.Default is { } value) functions.Add(value);
    }
}
