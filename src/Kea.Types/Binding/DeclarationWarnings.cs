using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Warnings about declarations that are allowed but probably not meant.</summary>
internal static class DeclarationWarnings
{
    public static void Check(ModuleContents module, BindContext context)
    {
        if (module.IsStandard) return;
        MissingModuleDoc(module);
        if (context.Table.HidesStandard(module))
            module.Bag.Warning("W1007", module.At(new(0, 0)), $"module `{module.Symbol.Name}` hides the standard module of that name", "", $"the standard one is `Kea.{module.Symbol.Name}`");
        foreach (var type in module.Types)
            foreach (var field in type.Fields)
                if (type.Methods.TryGetValue(field.Name, out var method) && method.Parameters.Length == 1)
                    module.Bag.Warning("W1005", module.At(method.Span), $"`{type.Name}` has a field and a method named `{field.Name}`", "", $"`x.{field.Name}` is the field, `x.{field.Name}()` the method");
    }

    private static void MissingModuleDoc(ModuleContents module)
    {
        var tree = module.Symbol.Tree;
        if (tree.ModuleDoc is not null || tree.FileAnnotations.Any(a => a.Name.Text == "nodoc")) return;
        foreach (var declaration in tree.Declarations)
        {
            if (!declaration.Header.IsPublic) continue;
            module.Bag.Warning("W1001", module.At(NameOf(declaration)?.Span ?? declaration.Span), "a module with public items should begin with a doc block", "",
                "describe the module in a `doc` block at the top, or write `@nodoc` there");
            return;
        }
    }

    private static Name? NameOf(Declaration declaration) => declaration switch
    {
        Declaration.Function function => function.Name,
        Declaration.Const constant => constant.Name,
        Declaration.Struct structure => structure.Name,
        Declaration.Enum enumeration => enumeration.Name,
        Declaration.Alias alias => alias.Name,
        Declaration.Opaque opaque => opaque.Name,
        Declaration.Trait trait => trait.Name,
        Declaration.Effect effect => effect.Name,
        Declaration.Use => null,
        Declaration.Implementation => null,
        Declaration.Test => null,
        Declaration.Error => null,
    };
}
