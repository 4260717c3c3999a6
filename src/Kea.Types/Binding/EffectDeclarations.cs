using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Operations of declared effects (2.9, 7.2).</summary>
internal static class EffectDeclarations
{
    /// <remarks>Not for modules side by side: standard modules share the built-in effects.</remarks>
    public static void Bind(ModuleContents module, BindContext context)
    {
        foreach (var (effect, declaration, outer) in module.Effects) Operations(effect, declaration, outer, module, context);
    }

    /// <summary>The payload that a module's own <c>effect Fail</c> without parameter has.</summary>
    public static void FailPayload(ModuleContents module, BindContext context)
    {
        if (module.FailOperation is not { Signature.Parameters: [{ Type: { } type }] }) return;
        module.FailPayload = new TypeResolver(context, context.ScopeOf(module.Symbol), null, new DeclaredScope([]), null, module.Bag).Resolve(type);
    }

    private static void Operations(EffectSymbol effect, Declaration.Effect declaration, TypeSymbol? outer, ModuleContents module, BindContext context)
    {
        var seen = new HashSet<string>();
        foreach (var operation in declaration.Operations)
        {
            if (operation.Name.IsMissing) continue;
            if (!seen.Add(operation.Name.Text))
                module.Bag.Error("E0012", module.At(operation.Name.Span), $"duplicate operation `{operation.Name.Text}` in effect `{effect.Name}`", "declared a second time");
            else if (!effect.Operations.ContainsKey(operation.Name.Text))
                effect.Operations.Add(operation.Name.Text, Operation(effect, operation, outer, module, context));
        }
    }

    private static OperationSymbol Operation(EffectSymbol effect, Declaration.Function operation, TypeSymbol? outer, ModuleContents module, BindContext context)
    {
        var name = operation.Name.Text;
        var signature = operation.Signature;
        var scope = new SignatureScope(effect.Parameters);
        var resolver = new TypeResolver(context, context.ScopeOf(module.Symbol), outer, scope, null, module.Bag);
        var parameters = Parameters.Bind(name, signature, resolver, null, module);
        OwnEffectOnly(effect, signature.Effects, resolver, module);
        var result = resolver.Resolve(signature.Result);
        return new OperationSymbol(name, effect)
        {
            Parameters = parameters,
            Result = result,
            TypeVariables = scope.Complete(),
            IsDeferred = operation.Header.Annotations.Any(a => a.Name.Text == "deferred"),
            Span = operation.Name.Span,
        };
    }

    /// <summary>An operation's row may repeat the declaring effect and nothing else (7.2.2).</summary>
    private static void OwnEffectOnly(EffectSymbol effect, EffectRowSyntax row, TypeResolver resolver, ModuleContents module)
    {
        foreach (var item in row.Items)
        {
            if (item.Path.Parts.IsEmpty || item.Path.Last.Text == "pure") continue;
            if (item.Path.Last.Text == effect.Name[(effect.Name.LastIndexOf('.') + 1)..]) continue;
            var named = char.IsAsciiLetterUpper(item.Path.Last.Text[0]) ? resolver.Effect(item.Path) : null;
            if (ReferenceEquals(named, effect)) continue;
            module.Bag.Error("E0012", module.At(item.Span), $"an operation of `{effect.Name}` cannot name the effect `{item.Path}` in its row", "write `->`");
        }
        if (row.Tail is { } tail) module.Bag.Error("E0012", module.At(tail.Span), $"an operation of `{effect.Name}` cannot have an effect variable in its row", "write `->`");
    }
}
