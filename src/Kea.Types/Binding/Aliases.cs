using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>Resolves the targets of aliases, each once, before anything else is resolved; afterwards targets are only read.</summary>
internal static class Aliases
{
    public static void ResolveAll(BindContext context)
    {
        foreach (var module in context.Fresh)
            foreach (var alias in module.Aliases.Values)
                TargetOf(alias, context, module.Bag, module.At(alias.Declaration.Name.Span));
        context.AliasesAreResolved = true;
    }

    /// <summary>The target over the alias's parameters. A cycle is reported where it closes and becomes Error.</summary>
    public static Type TargetOf(AliasSymbol alias, BindContext context, DiagnosticBag bag, SourceSpan use)
    {
        if (alias.Target is { } known) return known;
        if (alias.IsResolving || context.AliasesAreResolved)
        {
            bag.Error("E0001", use, $"cyclic alias definition involving `{alias.Name}`", "the alias needs itself here");
            return new Type.Error();
        }
        alias.IsResolving = true;
        var module = alias.Module;
        var resolver = new TypeResolver(context, context.ScopeOf(module.Symbol), alias.Outer, new DeclaredScope(alias.Parameters), null, module.Bag) { InAlias = alias };
        var target = alias.Declaration.Target is TypeSyntax.EffectList list
            ? new Type.RowArgument(resolver.Effects(list.Row))
            : resolver.Resolve(alias.Declaration.Target);
        alias.IsResolving = false;
        return alias.Target = target;
    }
}
