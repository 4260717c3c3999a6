using System.Collections.Immutable;
using Kea.Source;
using Kea.Types.Inference;

namespace Kea.Types.Binding;

/// <summary>The checks of one implementation against its trait, used or not.</summary>
internal static partial class Conformance
{
    public static void Check(ModuleContents module, ImplementationIndex index)
    {
        foreach (var implementation in module.Symbol.Implementations)
        {
            Orphan(implementation, module);
            Supertraits(implementation, module, index);
            // Derived methods are made from the trait's signatures.
            if (implementation.IsDerived) continue;
            Methods(implementation, module);
            AssociatedTypes(implementation, module, index);
            foreach (var method in implementation.Methods.Values)
                if (implementation.Trait.Methods.TryGetValue(method.Name, out var declared)) Method(implementation, declared, method, module, index);
        }
    }

    private static void Orphan(ImplementationSymbol implementation, ModuleContents module)
    {
        if (!IsOrphan(implementation)) return;
        var type = ((Type.Named)implementation.Self).Symbol.Name;
        module.Bag.Error("E0010", module.At(implementation.Span),
            $"orphan rule violation: neither trait `{implementation.Trait.Name}` nor type `{type}` belongs to this package", "",
            "wrap the type in a struct or `opaque` type of your own");
    }

    /// <summary>The implementing package must own the trait or the type (8.3.2).</summary>
    public static bool IsOrphan(ImplementationSymbol implementation)
    {
        var origin = implementation.Module.Origin;
        return origin != ModuleOrigin.Standard && implementation.Trait.Module.Origin != origin
            && implementation.Self is Type.Named named && named.Symbol.Module?.Origin != origin;
    }

    private static void Supertraits(ImplementationSymbol implementation, ModuleContents module, ImplementationIndex index)
    {
        foreach (var super in implementation.Trait.Supertraits)
        {
            if (index.Satisfies(implementation.Self, super, implementation.Bounds)) continue;
            module.Bag.Error("E0010", module.At(implementation.Span),
                $"type `{TypePrinter.Text(implementation.Self)}` does not implement trait `{super.Name}`, which `{implementation.Trait.Name}` requires");
        }
    }

    private static void Methods(ImplementationSymbol implementation, ModuleContents module)
    {
        var trait = implementation.Trait;
        var missing = trait.Methods.Values.Where(m => m.Body is null && m.Intrinsic is null && !implementation.Methods.ContainsKey(m.Name)).Select(m => m.Name).Order(StringComparer.Ordinal).ToArray();
        var extra = implementation.Methods.Values.Where(m => !trait.Methods.ContainsKey(m.Name) && !(trait.Name == "Actor" && m.Name == "code_change"))
            .Select(m => m.Name).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length == 0 && extra.Length == 0) return;
        var head = $"implementation of `{trait.Name}` for `{TypePrinter.Text(implementation.Self)}`";
        var text = (missing.Length, extra.Length) switch
        {
            (_, 0) => $"{head} is missing method(s): {Names(missing)}",
            (0, _) => $"{head} has extra method(s) not in trait: {Names(extra)}",
            _ => $"{head} is missing method(s): {Names(missing)}; it has extra method(s) not in trait: {Names(extra)}",
        };
        module.Bag.Error("E0010", module.At(implementation.Span), text, "", null,
            [.. missing.Select(m => new Label(new SourceSpan(trait.Module.Source, trait.Methods[m].Span), $"`{m}` is declared here"))]);
    }

    private static string Names(string[] names) => string.Join(", ", names.Select(n => $"`{n}`"));

    private static void AssociatedTypes(ImplementationSymbol implementation, ModuleContents module, ImplementationIndex index)
    {
        foreach (var type in implementation.Trait.Types)
        {
            if (!implementation.AssociatedTypes.TryGetValue(type.Name, out var assigned)) continue;
            foreach (var bound in type.Bounds)
                if (!index.Satisfies(assigned, bound, implementation.Bounds))
                    module.Bag.Error("E0010", module.At(implementation.Span), $"type `{TypePrinter.Text(assigned)}` does not implement trait `{bound.Name}`, which the associated type `{type.Name}` requires");
        }
    }

    /// <summary>The method's types must equal the trait's after substitution; its effects may be fewer.</summary>
    private static void Method(ImplementationSymbol implementation, FunctionSymbol declared, FunctionSymbol method, ModuleContents module, ImplementationIndex index)
    {
        if (HasError(method)) return;
        var trait = implementation.Trait;
        var expected = (Type.Function)index.Normalise(Instantiate(TypeOf(declared), implementation));
        var found = (Type.Function)index.Normalise(Assigned(TypeOf(method), implementation));
        var own = declared.TypeVariables[(1 + trait.Parameters.Length)..];
        var meaning = new Type?[own.Length];
        if (!Fits(expected, found, own, meaning) || !AreDistinct(meaning, method, implementation) || DemandsMore(declared, method, implementation, own, meaning))
        {
            module.Bag.Error("E0010", module.At(method.Span),
                $"method `{method.Name}` has incompatible type: expected `{TypePrinter.Text(expected)}`, found `{TypePrinter.Text(found)}`", "", null,
                new Label(new SourceSpan(trait.Module.Source, declared.Span), "declared here"));
            return;
        }
        var row = Substitute.In(expected.Effects, own, [.. meaning.Select((m, i) => m ?? TypeResolver.AsArgument(own[i]))]);
        Effects(trait, method, Rows.Flatten(row), Rows.Flatten(found.Effects), module);
    }

    private static bool HasError(FunctionSymbol method)
    {
        var found = TypeWalk.Any(method.Result, t => t is Type.Error);
        foreach (var parameter in method.Parameters) found |= TypeWalk.Any(parameter.Type, t => t is Type.Error);
        return found;
    }

    private static Type.Function TypeOf(FunctionSymbol function) => new([.. function.Parameters.Select(p => p.Type)], function.Effects, function.Result);

    private static bool Fits(Type.Function expected, Type.Function found, ImmutableArray<TypeVariable> own, Type?[] meaning)
    {
        if (expected.Parameters.Length != found.Parameters.Length) return false;
        for (var i = 0; i < expected.Parameters.Length; i++)
            if (!Match.Fits(expected.Parameters[i], found.Parameters[i], own, meaning)) return false;
        return Match.Fits(expected.Result, found.Result, own, meaning);
    }

    /// <summary>Each own variable of the trait's method is one of the implementation's, and no two are the same: neither side is more general.</summary>
    private static bool AreDistinct(Type?[] meaning, FunctionSymbol method, ImplementationSymbol implementation)
    {
        var seen = new HashSet<TypeVariable>();
        foreach (var type in meaning)
        {
            if (type is null) continue;
            var variable = type switch
            {
                Type.Variable(var plain) => plain,
                Type.RowArgument({ Entries.IsEmpty: true, Tail: Type.Variable(var row) }) => row,
                _ => null,
            };
            if (variable is null || implementation.Variables.Contains(variable) || !method.TypeVariables.Contains(variable) || !seen.Add(variable)) return false;
        }
        return true;
    }

    /// <summary>A bound that the trait's method does not have would not be known to callers.</summary>
    private static bool DemandsMore(FunctionSymbol declared, FunctionSymbol method, ImplementationSymbol implementation, ImmutableArray<TypeVariable> own, Type?[] meaning)
    {
        foreach (var bound in method.Bounds)
        {
            if (implementation.Variables.Contains(bound.Variable)) continue;
            var at = Array.FindIndex(meaning, m => m is Type.Variable(var v) && ReferenceEquals(v, bound.Variable));
            if (at < 0) continue;
            if (!declared.Bounds.Any(b => ReferenceEquals(b.Variable, own[at]) && (b.Trait == bound.Trait || b.Trait.AllSupertraits().Contains(bound.Trait)))) return true;
        }
        return false;
    }

    private static void Effects(TraitSymbol trait, FunctionSymbol method, Row expected, Row found, ModuleContents module)
    {
        foreach (var entry in found.Entries)
        {
            if (expected.Entries.Any(e => ReferenceEquals(e.Effect, entry.Effect) && TypeEquality.Same(e.Payload, entry.Payload))) continue;
            module.Bag.Error("E0014", module.At(method.Span), $"impl method `{method.Name}` has effect `{entry.Label}`, but trait `{trait.Name}` requires `{TypePrinter.Text(expected)}`");
            return;
        }
        var same = expected.Tail is null ? found.Tail is null : found.Tail is not null && TypeEquality.Same(expected.Tail, found.Tail);
        if (same) return;
        module.Bag.Error("E0014", module.At(method.Span), found.Tail is null
            ? $"impl method `{method.Name}` has no effect variable, but trait `{trait.Name}` requires `{TypePrinter.Text(expected)}`"
            : $"impl method `{method.Name}` has effect `{TypePrinter.Text(new Type.RowArgument(found))}`, but trait `{trait.Name}` requires `{TypePrinter.Text(expected)}`");
    }
}
