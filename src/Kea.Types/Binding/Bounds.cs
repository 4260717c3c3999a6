using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary><c>where</c> clauses of signatures and implementations (2.4.3, 8.4).</summary>
internal static class Bounds
{
    /// <summary>Says which traits variables have, before any type is resolved: <c>c.Item</c> needs to know.</summary>
    public static void Announce(ImmutableArray<WhereItem> items, SignatureScope scope, TypeResolver resolver)
    {
        foreach (var item in items)
            if (item is WhereItem.Bound bound && resolver.Trait(bound.Trait) is { } trait) scope.AddBound(bound.Variable.Text, trait);
    }

    /// <summary>The bounds, with the equations of each put into it. Traits that are unknown have been reported by <see cref="Announce"/>.</summary>
    public static ImmutableArray<Bound> Bind(ImmutableArray<WhereItem> items, SignatureScope scope, TypeResolver resolver, ModuleContents module)
    {
        if (items.IsEmpty) return [];
        var bounds = new List<Bound>(items.Length);
        foreach (var item in items)
        {
            switch (item)
            {
                case WhereItem.Bound bound: Add(bounds, bound, scope, resolver, module); break;
                case WhereItem.Lacks lacks: Lacks(lacks, scope, module); break;
                case WhereItem.RowBound or WhereItem.Equation: break;
            }
        }
        // Equations refer to bounds anywhere in the clause.
        foreach (var item in items)
            if (item is WhereItem.Equation { Variable: { } variable } equation) Equate(bounds, equation, variable, resolver, module);
        return [.. bounds];
    }

    /// <summary>Fields that variables must have; for signatures only.</summary>
    public static ImmutableArray<RowBound> Rows(ImmutableArray<WhereItem> items, SignatureScope scope, TypeResolver resolver, ModuleContents module)
    {
        if (!items.Any(i => i is WhereItem.RowBound)) return [];
        var bounds = ImmutableArray.CreateBuilder<RowBound>();
        foreach (var item in items)
        {
            if (item is not WhereItem.RowBound { Row: TypeSyntax.Record row } bound || Variable(bound.Variable, scope, module) is not { } variable) continue;
            if (variable.Kind != VariableKind.Type)
                module.Bag.Error("E0001", module.At(bound.Span), $"kind mismatch: `{variable.Name}` is {TypeResolver.KindName(variable.Kind)}, only types have fields");
            else if (row.Tail?.Text != "_")
                module.Bag.Error("E0012", module.At(bound.Span), "a bound by a record row ends in `| _`", "", "a parameter can have the row type itself: `{ name: String | r }`");
            else
                bounds.Add(new RowBound(variable, resolver.Fields(row)));
        }
        return bounds.DrainToImmutable();
    }

    private static void Add(List<Bound> bounds, WhereItem.Bound item, SignatureScope scope, TypeResolver resolver, ModuleContents module)
    {
        if (scope.BoundsOf(item.Variable.Text).FirstOrDefault(t => t.Name == item.Trait.Last.Text) is not { } trait) return;
        if (Variable(item.Variable, scope, module) is not { } variable) return;
        var arguments = ImmutableArray.CreateBuilder<Type>(item.Arguments.Length);
        foreach (var argument in item.Arguments) arguments.Add(resolver.Resolve(argument));
        if (arguments.Count != trait.Parameters.Length)
        {
            var message = arguments.Count == 0
                ? $"ambiguous bound `{variable.Name}: {trait.Name}`: which `{trait.Name}` is meant?"
                : $"trait `{trait.Name}` expects {trait.Parameters.Length} type arguments but got {arguments.Count}";
            module.Bag.Error(arguments.Count == 0 ? "E0010" : "E0009", module.At(item.Span), message);
            return;
        }
        var bound = new Bound(variable, trait, arguments.MoveToImmutable(), []);
        // The same bound twice says nothing new.
        if (!bounds.Exists(b => ReferenceEquals(b.Variable, variable) && b.Trait == trait && TypeEquality.Same(new Type.Tuple(b.Arguments), new Type.Tuple(bound.Arguments)))) bounds.Add(bound);
    }

    private static TypeVariable? Variable(Name name, SignatureScope scope, ModuleContents module)
    {
        if (scope.Variable(name.Text, null) is { } variable) return variable;
        module.Bag.Error("E0005", module.At(name.Span), $"unknown type variable `{name.Text}` in where clause", "the signature does not mention it");
        return null;
    }

    private static void Lacks(WhereItem.Lacks item, SignatureScope scope, ModuleContents module)
    {
        if (scope.Variable(item.Row.Text, null) is not { } row)
            module.Bag.Error("E0005", module.At(item.Row.Span), $"unknown row variable `{item.Row.Text}`");
        else if (row.Kind != VariableKind.RecordRow)
            module.Bag.Error("E0001", module.At(item.Row.Span), $"kind mismatch: `{row.Name}` is {TypeResolver.KindName(row.Kind)}, only record rows lack labels");
        else
            row.Lacks.Add(item.Label.Text);
    }

    private static void Equate(List<Bound> bounds, WhereItem.Equation item, Name variable, TypeResolver resolver, ModuleContents module)
    {
        var type = resolver.Resolve(item.Type);
        for (var i = 0; i < bounds.Count; i++)
        {
            var bound = bounds[i];
            if (bound.Variable.Name != variable.Text || (item.Trait is { } named && named.Text != bound.Trait.Name)) continue;
            if (!bound.Trait.Types.Any(t => t.Name == item.Member.Text)) continue;
            foreach (var (member, before) in bound.Equations)
            {
                if (member != item.Member.Text) continue;
                if (!TypeEquality.Same(before, type))
                    module.Bag.Error("E0010", module.At(item.Span), $"`{variable.Text}.{member}` cannot be both `{TypePrinter.Text(before)}` and `{TypePrinter.Text(type)}`");
                return;
            }
            bounds[i] = bound with { Equations = bound.Equations.Add((item.Member.Text, type)) };
            return;
        }
        if (Supertrait(bounds, variable.Text, item) is { } super)
        {
            bounds.Add(super with { Equations = [(item.Member.Text, type)] });
            return;
        }
        module.Bag.Error("E0005", module.At(item.Span), $"`{variable.Text}` has no associated type `{item.Member.Text}`", "it needs a bound by a trait that declares it");
    }

    /// <summary>An equation on what a supertrait declares is a bound by that supertrait.</summary>
    private static Bound? Supertrait(List<Bound> bounds, string variable, WhereItem.Equation item)
    {
        foreach (var bound in bounds)
        {
            if (bound.Variable.Name != variable) continue;
            foreach (var super in bound.Trait.AllSupertraits())
                if ((item.Trait is not { } named || named.Text == super.Name) && super.Types.Any(t => t.Name == item.Member.Text))
                    return new Bound(bound.Variable, super, [], []);
        }
        return null;
    }
}
