using System.Collections.Immutable;
using Kea.Live;
using Kea.Source;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>Errors that come of how a declaration changed, in code that was not changed with it: L003, L005, L006.</summary>
internal static class BrokenRules
{
    /// <param name="after">The modules of the changed program, as far as they could be bound.</param>
    public static ImmutableArray<AppliedRule> Of(CheckedProgram before, ImmutableArray<ModuleSymbol> after, ImmutableArray<Diagnostic> diagnostics)
    {
        if (after.IsDefaultOrEmpty) return [];
        var (had, has) = (before.ProjectFunctions.DistinctBy(f => f.QualifiedName).ToDictionary(f => f.QualifiedName, StringComparer.Ordinal), Functions(after));
        var rules = ImmutableArray.CreateBuilder<AppliedRule>();
        foreach (var diagnostic in diagnostics)
        {
            if (diagnostic is not { Severity: Severity.Error, Primary.Span: var span } || rules.Count == RulesMax) continue;
            if (RuleOf(diagnostic, span, had, has) is { } rule && rules.All(r => r.Id != rule.Id || r.Symbol != rule.Symbol)) rules.Add(rule);
        }
        return rules.DrainToImmutable();
    }

    private const int RulesMax = 10;

    private static AppliedRule? RuleOf(Diagnostic diagnostic, SourceSpan span, Dictionary<string, FunctionSymbol> had, Dictionary<string, FunctionSymbol> has)
    {
        var caller = has.Values.FirstOrDefault(f => ReferenceEquals(f.Module.Source, span.Source) && f.Declaration is { } d && d.Span.Start <= span.Span.Start && span.Span.End <= d.Span.End);
        var where = caller?.QualifiedName ?? span.Source.Path;
        switch (diagnostic.Code)
        {
            case "E0005":
                var gone = had.Values.FirstOrDefault(f => !has.ContainsKey(f.QualifiedName) && IsNamed(diagnostic.Message, f.Name));
                return gone is null ? null : new("L006", gone.QualifiedName, $"{gone.QualifiedName} was removed, and {where} still refers to it", "remove what refers to it in the same save, or put it back");
            case "E0014" or "E0015":
                var grown = Callees(caller, had, has).FirstOrDefault(p => Gained(p.Old, p.New).Any());
                return grown.New is null ? null
                    : new("L005", grown.New.QualifiedName, $"{grown.New.QualifiedName} now also performs {string.Join(", ", Gained(grown.Old, grown.New))}, which {where} does not allow", $"add the effect to the row of {where} too, or handle it there");
            default:
                var changed = Callees(caller, had, has).FirstOrDefault(p => PlanDifferences.SignatureOf(p.Old) != PlanDifferences.SignatureOf(p.New));
                return changed.New is null ? null
                    : new("L003", changed.New.QualifiedName, $"the signature of {changed.New.QualifiedName} changed from {PlanDifferences.SignatureOf(changed.Old)} to {PlanDifferences.SignatureOf(changed.New)}, and {where} does not fit", $"change {where} in the same save");
        }
    }

    /// <summary>Functions of both versions that another one names.</summary>
    private static IEnumerable<(FunctionSymbol Old, FunctionSymbol New)> Callees(FunctionSymbol? caller, Dictionary<string, FunctionSymbol> had, Dictionary<string, FunctionSymbol> has)
    {
        if (caller?.Declaration is not { } declaration) yield break;
        var text = caller.Module.Source.Slice(declaration.Span).ToString();
        foreach (var (name, now) in has)
            if (now != caller && had.TryGetValue(name, out var old) && IsNamed(text, now.Name)) yield return (old, now);
    }

    private static IEnumerable<string> Gained(FunctionSymbol old, FunctionSymbol now)
    {
        var before = old.Effects.Entries.Select(e => e.Label).ToHashSet(StringComparer.Ordinal);
        return now.Effects.Entries.Select(e => e.Label).Where(l => !before.Contains(l));
    }

    private static bool IsNamed(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
            if ((at == 0 || !IsWord(text[at - 1])) && (at + name.Length == text.Length || !IsWord(text[at + name.Length]))) return true;
        return false;
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';

    private static Dictionary<string, FunctionSymbol> Functions(ImmutableArray<ModuleSymbol> modules)
    {
        var all = new Dictionary<string, FunctionSymbol>(StringComparer.Ordinal);
        foreach (var module in modules)
            if (module.Origin == ModuleOrigin.Project)
                foreach (var function in module.Functions.Values)
                    if (ReferenceEquals(function.Module, module)) all.TryAdd(function.QualifiedName, function);
        return all;
    }
}
