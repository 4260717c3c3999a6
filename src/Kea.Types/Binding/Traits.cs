using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Trait declarations: the implementing type, supertraits, associated types, then method signatures.</summary>
internal static class Traits
{
    /// <summary>Everything but types, so that signatures anywhere can name associated types.</summary>
    public static void Skeleton(ModuleContents module, BindContext context)
    {
        foreach (var trait in module.Symbol.Traits.Values)
        {
            var declaration = trait.Declaration!;
            ImplementingType(trait, declaration);
            Dependencies(trait, declaration, module);
            var types = ImmutableArray.CreateBuilder<AssociatedTypeSymbol>(declaration.Types.Length);
            foreach (var type in declaration.Types)
            {
                if (types.Any(t => t.Name == type.Name.Text))
                    module.Bag.Error("E0012", module.At(type.Name.Span), $"duplicate associated type `{type.Name.Text}` in trait `{trait.Name}`", "declared a second time");
                else if (type.HasParameter)
                    module.Bag.Error("E0012", module.At(type.Name.Span), "an associated type with a parameter is allowed in the trait `Actor` only");
                else types.Add(new AssociatedTypeSymbol(type.Name.Text, null, []));
            }
            trait.Types = types.DrainToImmutable();
        }
    }

    /// <summary>The second half of the skeleton, once every trait has its parameters.</summary>
    public static void Supertraits(ModuleContents module, BindContext context)
    {
        foreach (var trait in module.Symbol.Traits.Values)
        {
            var declaration = trait.Declaration!;
            var resolver = Resolver(trait, new SignatureScope([]), module, context);
            var supers = ImmutableArray.CreateBuilder<TraitSymbol>();
            foreach (var name in declaration.Supertraits) AddSuper(trait, new PathName([name], name.Span), supers, resolver, module);
            foreach (var item in declaration.Where)
            {
                if (item is WhereItem.Bound bound && (bound.Variable.Text == "Self" || bound.Variable.Text == trait.Self.Name)) AddSuper(trait, bound.Trait, supers, resolver, module);
                else module.Bag.Error("E0012", module.At(item.Span), $"a where clause of a trait can only bound `{trait.Self.Name}`");
            }
            trait.Supertraits = supers.DrainToImmutable();
        }
    }

    /// <summary>Reports circular supertraits; to be called when all traits have theirs.</summary>
    public static void Cycles(ModuleContents module)
    {
        foreach (var trait in module.Symbol.Traits.Values)
        {
            if (!trait.AllSupertraits().Any(s => s.Supertraits.Contains(trait))) continue;
            module.Bag.Error("E0012", module.At(trait.Declaration!.Name.Span), $"circular supertraits: `{trait.Name}` requires itself");
        }
    }

    /// <summary>Types of associated types and signatures of methods.</summary>
    public static void Bind(ModuleContents module, BindContext context)
    {
        foreach (var trait in module.Symbol.Traits.Values)
        {
            AssociatedTypes(trait, module, context);
            ImmutableArray<TypeVariable> variables = [trait.Self, .. trait.Parameters];
            foreach (var function in trait.Methods.Values)
            {
                var scope = new SignatureScope(variables);
                scope.AddBound(trait.Self.Name, trait);
                Signatures.Function(function, scope, null, new Type.Variable(trait.Self), [], trait, module, context);
            }
        }
    }

    /// <summary>
    /// Without parameters, or where a signature mentions <c>Self</c> or an untyped <c>self</c>, the implementing type is Self; otherwise it is
    /// the first parameter of kind type (2.7.2).
    /// </summary>
    private static void ImplementingType(TraitSymbol trait, Declaration.Trait declaration)
    {
        if (trait.Parameters.IsEmpty || MentionsSelf(declaration)) return;
        var first = trait.Parameters.FirstOrDefault(p => p.Kind == VariableKind.Type);
        if (first is null) return;
        trait.Self = first;
        trait.Parameters = trait.Parameters.Remove(first);
    }

    private static bool MentionsSelf(Declaration.Trait declaration)
    {
        var found = false;
        var visitor = new SyntaxUses.Visitor((name, _, _) => found |= name == "Self", null);
        foreach (var method in declaration.Methods)
        {
            foreach (var parameter in method.Signature.Parameters)
            {
                if (parameter.Type is { } type) SyntaxUses.InType(type, visitor);
                else found |= parameter.Pattern is Pattern.Variable { Name.Text: "self" };
            }
            SyntaxUses.InType(method.Signature.Result, visitor);
            SyntaxUses.InRow(method.Signature.Effects, visitor);
        }
        return found;
    }

    private static void Dependencies(TraitSymbol trait, Declaration.Trait declaration, ModuleContents module)
    {
        if (declaration.Dependencies.IsEmpty) return;
        var dependencies = ImmutableArray.CreateBuilder<TraitDependency>(declaration.Dependencies.Length);
        foreach (var dependency in declaration.Dependencies)
        {
            var from = Side(dependency.From);
            var to = Side(dependency.To);
            foreach (var name in dependency.To)
                if (dependency.From.Any(f => f.Text == name.Text))
                    module.Bag.Error("E0012", module.At(name.Span), $"functional dependency of `{name.Text}` on itself");
            dependencies.Add(new TraitDependency(from, to));
        }
        trait.Dependencies = dependencies.DrainToImmutable();

        ImmutableArray<TypeVariable> Side(ImmutableArray<Name> names)
        {
            var variables = ImmutableArray.CreateBuilder<TypeVariable>(names.Length);
            foreach (var name in names)
            {
                var variable = trait.Self.Name == name.Text ? trait.Self : trait.Parameters.FirstOrDefault(p => p.Name == name.Text);
                if (variable is null) module.Bag.Error("E0012", module.At(name.Span), $"unknown parameter `{name.Text}` in functional dependency");
                else if (variables.Contains(variable)) module.Bag.Error("E0012", module.At(name.Span), $"duplicate parameter `{name.Text}` in functional dependency");
                else variables.Add(variable);
            }
            return variables.DrainToImmutable();
        }
    }

    private static void AddSuper(TraitSymbol trait, PathName path, ImmutableArray<TraitSymbol>.Builder supers, TypeResolver resolver, ModuleContents module)
    {
        var errors = module.Bag.Count;
        if (resolver.Trait(path) is not { } super)
        {
            // 8.1.5 gives unknown supertraits the code of trait declarations, not that of bounds.
            if (module.Bag.Count > errors) module.Bag.Recode(errors, "E0012");
            return;
        }
        if (super == trait) module.Bag.Error("E0012", module.At(path.Span), $"trait `{trait.Name}` cannot be its own supertrait");
        else if (supers.Contains(super)) module.Bag.Error("E0012", module.At(path.Span), $"duplicate supertrait `{super.Name}`");
        else if (!super.Parameters.IsEmpty) module.Bag.Error("E0010", module.At(path.Span), $"ambiguous bound: supertrait `{super.Name}` has parameters");
        else supers.Add(super);
    }

    private static void AssociatedTypes(TraitSymbol trait, ModuleContents module, BindContext context)
    {
        var resolver = Resolver(trait, new SignatureScope([trait.Self, .. trait.Parameters]), module, context);
        var types = trait.Types;
        foreach (var declared in trait.Declaration!.Types)
        {
            var at = types.IndexOf(types.FirstOrDefault(t => t.Name == declared.Name.Text)!);
            if (at < 0) continue;
            var bounds = ImmutableArray.CreateBuilder<TraitSymbol>();
            foreach (var name in declared.Bounds)
                if (resolver.Trait(new PathName([name], name.Span)) is { } bound) bounds.Add(bound);
            types = types.SetItem(at, new AssociatedTypeSymbol(declared.Name.Text, declared.Default is { } given ? resolver.Resolve(given) : null, bounds.DrainToImmutable()));
        }
        trait.Types = types;
    }

    private static TypeResolver Resolver(TraitSymbol trait, SignatureScope scope, ModuleContents module, BindContext context) =>
        new(context, context.ScopeOf(module.Symbol), null, scope, null, module.Bag) { InTrait = trait };
}
