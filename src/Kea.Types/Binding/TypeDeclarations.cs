using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Fields of structs and variants, representations of opaque types, operations of effects.</summary>
internal static class TypeDeclarations
{
    public static void Bind(ModuleContents module, BindContext context)
    {
        foreach (var type in module.Types)
        {
            switch (type.Declaration)
            {
                case Declaration.Struct: Fields(type, context, module.Bag); break;
                case Declaration.Enum declaration: Variants(type, declaration, module, context); break;
                case Declaration.Opaque declaration:
                    type.Representation = Resolver(type, context, module.Bag).Resolve(declaration.Target);
                    break;
            }
        }
        foreach (var constant in module.Consts)
            constant.Type = Resolver(constant.Owner, module, context, [], module.Bag).Resolve(constant.Declaration!.Type);
    }

    public static void Fields(TypeSymbol type, BindContext context, DiagnosticBag bag)
    {
        var declaration = (Declaration.Struct)type.Declaration!;
        if (declaration.Fields.IsEmpty) return;
        var resolver = Resolver(type, context, bag);
        var fields = ImmutableArray.CreateBuilder<FieldSymbol>(declaration.Fields.Length);
        // One marked field makes the others private to the package (2.3).
        var anyMarked = declaration.Fields.Any(f => f.Header.IsPublic);
        var seen = new HashSet<string>();
        foreach (var field in declaration.Fields)
        {
            var resolved = resolver.Resolve(field.Type);
            if (field.Name.IsMissing || !seen.Add(field.Name.Text)) continue;
            fields.Add(new FieldSymbol(field.Name.Text, resolved, fields.Count, !anyMarked || field.Header.IsPublic, field.Name.Span)
            {
                Default = Default(field.Header.Annotations, $"{type.Name}.{field.Name.Text}", resolved, type.Module!),
            });
        }
        type.Fields = fields.DrainToImmutable();
    }

    /// <summary>What <c>@default</c> says, as a const without a name to use it by; a wrong use of the annotation has been reported.</summary>
    private static ConstSymbol? Default(ImmutableArray<Annotation> annotations, string field, Type type, ModuleSymbol module)
    {
        foreach (var annotation in annotations)
        {
            if (annotation.Name.Text != "default" || annotation.Arguments is not [{ Label: null, Value: var value }] || Annotations.IsImpure(value)) continue;
            return new ConstSymbol("@default", $"{module.Name}.{field}.@default", module) { Type = type, Value = value, Span = value.Span };
        }
        return null;
    }

    private static void Variants(TypeSymbol type, Declaration.Enum declaration, ModuleContents module, BindContext context)
    {
        var resolver = Resolver(type, context, module.Bag);
        var at = 0;
        foreach (var variant in declaration.Variants)
        {
            // Duplicates and unnamed variants have no symbol.
            if (at >= type.Variants.Length || type.Variants[at].Name != variant.Name.Text) continue;
            var symbol = type.Variants[at++];
            var names = new HashSet<string>();
            var fields = ImmutableArray.CreateBuilder<(string?, Type)>(variant.Fields.Length);
            var defaults = ImmutableArray.CreateBuilder<ConstSymbol?>(variant.Fields.Length);
            foreach (var field in variant.Fields)
            {
                var resolved = resolver.Resolve(field.Type);
                defaults.Add(Default(field.Annotations, $"{type.Name}.{symbol.Name}.{field.Name?.Text ?? $"{fields.Count}"}", resolved, module.Symbol));
                fields.Add((field.Name?.Text, resolved));
                if (field.Name is { } name && !names.Add(name.Text))
                    module.Bag.Error("E0003", module.At(name.Span), $"duplicate field `{name.Text}` in variant `{symbol.Name}`", "declared a second time");
            }
            symbol.Fields = fields.DrainToImmutable();
            symbol.Defaults = defaults.DrainToImmutable();
            symbol.Equations = Equations(type, variant, resolver, module, context);
        }
    }

    /// <summary>What a GADT variant fixes: from its stated result type, or from <c>where T = Int</c> (2.6.1).</summary>
    private static ImmutableArray<(TypeVariable, Type)> Equations(TypeSymbol type, Variant variant, TypeResolver resolver, ModuleContents module, BindContext context)
    {
        var equations = ImmutableArray.CreateBuilder<(TypeVariable, Type)>();
        if (variant.Result is { } result)
        {
            if (resolver.Resolve(result) is Type.Named named && ReferenceEquals(named.Symbol, type))
            {
                for (var i = 0; i < named.Arguments.Length; i++)
                    if (named.Arguments[i] is not Type.Variable(var variable) || !ReferenceEquals(variable, type.Parameters[i]))
                        equations.Add((type.Parameters[i], named.Arguments[i]));
            }
            else if (!NamesEnum(result, type))
            {
                module.Bag.Error("E0006", module.At(result.Span), "enum variant return type must target the enclosing enum name", $"this must be `{type.Name}`");
            }
            else
            {
                module.Bag.Error("E0006", module.At(result.Span), "enum variant return type argument arity mismatch", $"`{type.Name}` has {type.Parameters.Length} parameters");
            }
        }
        foreach (var (parameter, equal) in variant.Equations)
        {
            var resolved = resolver.Resolve(equal);
            var variable = type.Parameters.FirstOrDefault(p => p.Name == parameter.Text);
            if (variable is null) module.Bag.Error("E0005", module.At(parameter.Span), $"unknown type `{parameter.Text}`", $"`{type.Name}` has no such parameter");
            else equations.Add((variable, resolved));
        }
        return equations.DrainToImmutable();
    }

    private static bool NamesEnum(TypeSyntax syntax, TypeSymbol type) =>
        syntax is TypeSyntax.Named named && (named.Path.ToString() == type.Name || named.Path.Last.Text == type.Name[(type.Name.LastIndexOf('.') + 1)..]);

    private static TypeResolver Resolver(TypeSymbol type, BindContext context, DiagnosticBag bag) =>
        Resolver(type, context.Table.Contents[type.Module!], context, type.Parameters, bag);

    private static TypeResolver Resolver(TypeSymbol? owner, ModuleContents module, BindContext context, ImmutableArray<TypeVariable> variables, DiagnosticBag bag) =>
        new(context, context.ScopeOf(module.Symbol), owner, new DeclaredScope(variables), null, bag);
}
