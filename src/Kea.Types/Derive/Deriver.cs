using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Binding;

namespace Kea.Types.Derive;

/// <summary>Generates implementations for <c>@derive</c>, and <c>Eq</c> for types that have only <c>Ord</c>.</summary>
/// <remarks>Bodies are syntax, checked and lowered like written ones; that is also how a field without the trait is found.</remarks>
internal static class Deriver
{
    /// <summary>To be called when all written implementations are known; adds to the lists of the modules that are bound. What their types implement is written there as well.</summary>
    public static void Run(BindContext context)
    {
        var written = new HashSet<(TraitSymbol, TypeSymbol)>();
        foreach (var module in context.Fresh)
            foreach (var implementation in module.Symbol.Implementations)
                if (implementation.Self is Type.Named named) written.Add((implementation.Trait, named.Symbol));
        // A module derives for its own types only, so modules do not get in each other's way.
        context.ForEachModule(module =>
        {
            foreach (var type in module.Types)
                if (type.Kind is TypeKind.Struct or TypeKind.Enum) Annotated(type, module, context, written);
        });
        EqFromOrd(context, written);
    }

    private static void Annotated(TypeSymbol type, ModuleContents module, BindContext context, HashSet<(TraitSymbol, TypeSymbol)> written)
    {
        var done = new List<TraitSymbol>();
        foreach (var annotation in type.Declaration!.Header.Annotations)
        {
            if (annotation.Name.Text != "derive") continue;
            if (annotation.Arguments.IsEmpty)
                module.Bag.Error("E0012", module.At(annotation.Span), "`@derive` requires at least one trait name argument", "", "write the traits: `@derive(Eq, Show)`");
            foreach (var argument in annotation.Arguments)
            {
                if (argument is { Label: null, Value: Expression.Upper name }) Derive(name.Name, type, module, context, written, done);
                else module.Bag.Error("E0012", module.At(argument.Value.Span), "arguments of `@derive` must be trait names");
            }
        }
    }

    private static void Derive(Name name, TypeSymbol type, ModuleContents module, BindContext context, HashSet<(TraitSymbol, TypeSymbol)> written, List<TraitSymbol> done)
    {
        if (name.Text is "Encode" or "Decode" or "Arbitrary")
        {
            module.Bag.Error("E0012", module.At(name.Span), $"unsupported derive trait `{name.Text}`: it is not supported yet", "", $"write `{type.Name} as {name.Text}` by hand");
            return;
        }
        if (name.Text is not ("Eq" or "Show" or "Ord" or "Hash"))
        {
            var closest = EditDistance.Closest(name.Text, ["Eq", "Show", "Ord", "Hash", "Encode", "Decode"]);
            module.Bag.Error("E0012", module.At(name.Span), $"unsupported derive trait `{name.Text}`", "", closest is null ? "derivable are Eq, Show, Ord and Hash" : $"did you mean `{closest}`?");
            return;
        }
        if (context.Table.Standard(name.Text)?.Symbol.Traits.GetValueOrDefault(name.Text) is not { } trait)
        {
            module.Bag.Error("E0010", module.At(name.Span), $"cannot derive `{name.Text}`: the standard module `{name.Text}` is not part of the program");
            return;
        }
        // A written implementation wins silently, and a trait named twice is derived once.
        if (written.Contains((trait, type)) || done.Contains(trait)) return;
        done.Add(trait);
        var implementation = Implementation(trait, type, module, name.Span);
        module.Symbol.Implementations.Add(implementation);
        switch (name.Text)
        {
            case "Eq": AddMethod(implementation, "eq", m => Recipes.Eq(type, m[0].Name, m[1].Name, name.Span), module); break;
            case "Show": AddMethod(implementation, "show", m => Recipes.Show(type, m[0].Name, name.Span), module); break;
            case "Ord": AddMethod(implementation, "compare", m => Recipes.Ord(type, m[0].Name, m[1].Name, name.Span), module); break;
            case "Hash": AddMethod(implementation, "hash", m => Recipes.Hash(type, m[0].Name, name.Span), module); break;
        }
    }

    private static ImplementationSymbol Implementation(TraitSymbol trait, TypeSymbol type, ModuleContents module, TextSpan span) => new(trait, module.Symbol)
    {
        Variables = type.Parameters,
        Self = TypeResolver.Generic(type),
        Bounds = [.. type.Parameters.Where(p => p.Kind == VariableKind.Type && OccursInField(type, p)).Select(p => new Bound(p, trait, [], []))],
        IsDerived = true,
        Span = span,
    };

    private static bool OccursInField(TypeSymbol type, TypeVariable parameter) =>
        type.Fields.Any(f => TypeWalk.Mentions(f.Type, parameter)) || type.Variants.Any(v => v.Fields.Any(f => TypeWalk.Mentions(f.Type, parameter)));

    private static void AddMethod(ImplementationSymbol implementation, string name, Func<ImmutableArray<ParameterSymbol>, Expression> body, ModuleContents module)
    {
        // A library whose trait looks different is not one that these recipes fit.
        if (!implementation.Trait.Methods.TryGetValue(name, out var declared)) return;
        var head = ((Type.Named)implementation.Self).Symbol.Name;
        var parameters = declared.Parameters.Select(p => p with { Type = Conformance.Instantiate(p.Type, implementation), Span = implementation.Span, Default = null }).ToImmutableArray();
        implementation.Methods.Add(name, new FunctionSymbol(name, $"{module.Prefix}.{head} as {implementation.Trait.Name}.{name}", module.Symbol)
        {
            Origin = FunctionOrigin.Derived,
            OwnerTrait = implementation.Trait,
            OwnerImplementation = implementation,
            TypeVariables = implementation.Variables,
            Parameters = parameters,
            Result = Conformance.Instantiate(declared.Result, implementation),
            Bounds = implementation.Bounds,
            MakeBody = () => body(parameters),
            Span = implementation.Span,
            IsPublic = true,
        });
    }

    /// <summary>A type that implements or derives Ord and has no Eq gets one (8.5).</summary>
    private static void EqFromOrd(BindContext context, HashSet<(TraitSymbol, TypeSymbol)> written)
    {
        if (context.Table.Standard("Eq")?.Symbol.Traits.GetValueOrDefault("Eq") is not { } eq) return;
        if (context.Table.Standard("Ord")?.Symbol.Traits.GetValueOrDefault("Ord") is not { } ord) return;
        foreach (var module in context.Fresh)
            foreach (var implementation in module.Symbol.Implementations)
                if (implementation.Trait == eq && implementation.Self is Type.Named named) written.Add((eq, named.Symbol));
        foreach (var module in context.Fresh)
        {
            foreach (var ordered in module.Symbol.Implementations.Where(i => i.Trait == ord).ToArray())
            {
                if (ordered.Self is not Type.Named named || !written.Add((eq, named.Symbol))) continue;
                var implementation = new ImplementationSymbol(eq, module.Symbol)
                {
                    Variables = ordered.Variables,
                    Self = ordered.Self,
                    Bounds = ordered.Bounds,
                    IsDerived = true,
                    Span = ordered.Span,
                };
                module.Symbol.Implementations.Add(implementation);
                AddMethod(implementation, "eq", m => Recipes.EqByOrd(m[0].Name, m[1].Name, ordered.Span), module);
            }
        }
    }
}
