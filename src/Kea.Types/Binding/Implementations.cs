using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Headers and method signatures of <c>Type as Trait</c> blocks. Whether they fit the trait is for <see cref="Conformance"/>.</summary>
internal static class Implementations
{
    public static void Bind(ModuleContents module, BindContext context)
    {
        foreach (var declaration in module.Implementations)
            if (Header(declaration, module, context) is { } implementation)
            {
                module.Symbol.Implementations.Add(implementation);
                Methods(implementation, declaration, module, context);
            }
    }

    private static ImplementationSymbol? Header(Declaration.Implementation declaration, ModuleContents module, BindContext context)
    {
        var moduleScope = context.ScopeOf(module.Symbol);
        var scope = new SignatureScope([]);
        var resolver = new TypeResolver(context, moduleScope, null, scope, null, module.Bag);
        var trait = resolver.Trait(declaration.TraitPath);
        var self = Self(declaration, scope, resolver, moduleScope, module, context);
        if (trait is null || self is null) return null;

        var arguments = ImmutableArray.CreateBuilder<Type>(declaration.TraitArguments.Length);
        foreach (var argument in declaration.TraitArguments) arguments.Add(resolver.Resolve(argument));
        if (arguments.Count != trait.Parameters.Length)
        {
            module.Bag.Error("E0009", module.At(declaration.TraitPath.Span), $"trait `{trait.Name}` expects {trait.Parameters.Length} type argument{(trait.Parameters.Length == 1 ? "" : "s")} but got {arguments.Count}");
            return null;
        }
        var implementation = new ImplementationSymbol(trait, module.Symbol)
        {
            Self = self,
            TraitArguments = arguments.MoveToImmutable(),
            Declaration = declaration,
            Span = declaration.Type.Span.Until(declaration.TraitPath.Span),
        };
        Bounds.Announce(declaration.Where, scope, resolver);
        AssociatedTypes(implementation, declaration, scope, module, context);
        foreach (var row in declaration.Where.OfType<WhereItem.RowBound>())
            module.Bag.Error("E0012", module.At(row.Span), "an implementation cannot be bound by a record row", "", "bound rows belong to signatures of functions");
        implementation.Bounds = Bounds.Bind([.. declaration.Where.Where(w => w is not WhereItem.Equation { Variable: null })], scope, resolver, module);
        implementation.Variables = scope.Complete();
        return implementation;
    }

    /// <summary>The implementing type: a constructor with variables, or with types where an Upper name is one (2.8).</summary>
    private static Type? Self(Declaration.Implementation declaration, SignatureScope scope, TypeResolver resolver, ModuleScope moduleScope, ModuleContents module, BindContext context)
    {
        var found = TypeLookup.Find(declaration.Type, moduleScope, context.Table, null, out var hidden);
        if (hidden)
        {
            module.Bag.Error("E0012", module.At(declaration.Type.Span), $"`{declaration.Type}` is not public in its package");
            return null;
        }
        if (found is [{ Alias: { } alias }])
        {
            module.Bag.Error("E0010", module.At(declaration.Type.Span), $"`{alias.Name}` is an alias; a trait cannot be implemented for an alias", "", $"name the type itself: `{TypePrinter.Text(alias.Target ?? new Type.Error())}`");
            return null;
        }
        if (found is not [{ Type: { } symbol }])
        {
            // The resolver says what is wrong with the name.
            resolver.Resolve(new TypeSyntax.Named(declaration.Type, [], false, declaration.Type.Span));
            return null;
        }
        if (symbol.Parameters.Length != declaration.Parameters.Length)
        {
            module.Bag.Error("E0009", module.At(declaration.Type.Span), $"type `{symbol.Name}` expects {symbol.Parameters.Length} type argument{(symbol.Parameters.Length == 1 ? "" : "s")} but got {declaration.Parameters.Length}");
            return null;
        }
        if (symbol.Parameters.IsEmpty) return symbol.Plain;
        var arguments = ImmutableArray.CreateBuilder<Type>(symbol.Parameters.Length);
        for (var i = 0; i < symbol.Parameters.Length; i++)
        {
            var name = declaration.Parameters[i];
            var isType = name.Text.Length > 0 && char.IsAsciiLetterUpper(name.Text[0]) && !moduleScope.TypeNames(name.Text).IsEmpty;
            if (isType) arguments.Add(resolver.Resolve(new TypeSyntax.Named(new PathName([name], name.Span), [], false, name.Span)));
            else arguments.Add(TypeResolver.AsArgument(scope.Variable(name.Text, null) ?? scope.Add(name.Text, symbol.Parameters[i].Kind)));
        }
        return new Type.Named(symbol, arguments.MoveToImmutable());
    }

    /// <summary><c>Item = Type</c>; assignments may refer to each other in any order, so they are resolved on demand.</summary>
    private static void AssociatedTypes(ImplementationSymbol implementation, Declaration.Implementation declaration, SignatureScope scope, ModuleContents module, BindContext context)
    {
        var pending = new List<WhereItem.Equation>();
        foreach (var item in declaration.Where)
        {
            if (item is not WhereItem.Equation { Variable: null } equation) continue;
            if (!implementation.Trait.Types.Any(t => t.Name == equation.Member.Text))
                module.Bag.Error("E0010", module.At(equation.Span), $"trait `{implementation.Trait.Name}` has no associated type `{equation.Member.Text}`");
            else if (pending.Exists(p => p.Member.Text == equation.Member.Text))
                module.Bag.Error("E0010", module.At(equation.Span), $"associated type `{equation.Member.Text}` is assigned twice");
            else pending.Add(equation);
        }
        var inner = new SelfScope(scope, implementation);
        var resolver = new TypeResolver(context, context.ScopeOf(module.Symbol), null, inner, null, module.Bag);
        // An assignment that mentions another one's member waits for it; what is left after that is circular.
        for (var progress = true; progress && pending.Count > 0;)
        {
            progress = false;
            for (var i = 0; i < pending.Count; i++)
            {
                if (pending.Exists(p => p != pending[i] && MentionsMember(pending[i].Type, p.Member.Text))) continue;
                implementation.AssociatedTypes[pending[i].Member.Text] = resolver.Resolve(pending[i].Type);
                pending.RemoveAt(i--);
                progress = true;
            }
        }
        foreach (var left in pending)
            module.Bag.Error("E0010", module.At(left.Span), $"circular associated type `{left.Member.Text}`");
        foreach (var type in implementation.Trait.Types)
        {
            if (implementation.AssociatedTypes.ContainsKey(type.Name)) continue;
            if (type.Default is { } given) implementation.AssociatedTypes[type.Name] = Conformance.Instantiate(given, implementation);
            else if (!pending.Exists(p => p.Member.Text == type.Name))
                module.Bag.Error("E0010", module.At(implementation.Span), $"implementation of `{implementation.Trait.Name}` for `{TypePrinter.Text(implementation.Self)}` does not assign the associated type `{type.Name}`", "",
                    $"add `where {type.Name} = …`");
        }
    }

    private static bool MentionsMember(TypeSyntax syntax, string member)
    {
        var found = false;
        Visit(syntax);
        return found;

        void Visit(TypeSyntax type)
        {
            switch (type)
            {
                case TypeSyntax.Projection projection: found |= projection.Member.Text == member; break;
                case TypeSyntax.Named named:
                    found |= named.Path.Parts is [{ Text: "Self" }, var last] && last.Text == member;
                    foreach (var argument in named.Arguments) Visit(argument);
                    break;
                case TypeSyntax.Tuple tuple:
                    foreach (var element in tuple.Elements) Visit(element);
                    break;
                case TypeSyntax.Function function:
                    foreach (var parameter in function.Parameters) Visit(parameter);
                    Visit(function.Result);
                    break;
                case TypeSyntax.Optional optional: Visit(optional.Inner); break;
            }
        }
    }

    private static void Methods(ImplementationSymbol implementation, Declaration.Implementation declaration, ModuleContents module, BindContext context)
    {
        var trait = implementation.Trait;
        var head = implementation.Self is Type.Named named ? named.Symbol.Name : "";
        var arguments = implementation.TraitArguments.IsEmpty ? "" : $"({string.Join(", ", implementation.TraitArguments.Select(TypePrinter.Text))})";
        foreach (var method in declaration.Methods)
        {
            if (method.Name.IsMissing) continue;
            var function = new FunctionSymbol(method.Name.Text, $"{module.Prefix}.{head} as {trait.Name}{arguments}.{method.Name.Text}", module.Symbol)
            {
                Origin = FunctionOrigin.Written,
                OwnerTrait = trait,
                OwnerImplementation = implementation,
                Declaration = method,
                Signature = method.Signature,
                Body = method.Body,
                Span = method.Name.Span,
                IsPublic = true,
            };
            if (!implementation.Methods.TryAdd(function.Name, function))
            {
                module.Bag.Error("E0012", module.At(method.Name.Span), $"duplicate method `{function.Name}` in `{head} as {trait.Name}` block", "declared a second time");
                continue;
            }
            var scope = new SignatureScope(implementation.Variables, implementation.Self, implementation);
            foreach (var bound in implementation.Bounds) scope.AddBound(bound.Variable.Name, bound.Trait);
            Signatures.Function(function, scope, null, implementation.Self, implementation.Bounds, null, module, context);
        }
    }

    /// <summary>A header's variables, with <c>Self</c> known.</summary>
    private sealed class SelfScope(SignatureScope outer, ImplementationSymbol implementation) : IProjectingScope
    {
        public Type? SelfType => implementation.Self;
        public ImplementationSymbol? Implementation => implementation;
        public IEnumerable<TraitSymbol> BoundsOf(string variable) => outer.BoundsOf(variable);
        public TypeVariable? Variable(string name, VariableKind? implicitKind) => outer.Variable(name, implicitKind);
    }
}
