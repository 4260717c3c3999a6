using System.Runtime.CompilerServices;

namespace Kea.Types.Inference;

/// <summary>
/// Finds what signatures leave to their bodies, before any other body is checked: a function with holes is checked for
/// its types alone, and first those that it calls. Functions that call each other share their unknowns (6.7.2).
/// </summary>
internal sealed class SignatureHoles(ProgramFacts facts)
{
    private readonly HashSet<FunctionSymbol> _begun = [];
    private readonly List<(FunctionSymbol Function, bool HasErrors)> _open = [];
    private readonly DiagnosticBag _bag = new();
    private int _depth;

    public ImmutableArray<Diagnostic> Diagnostics => _bag.ToImmutable();

    public void Close(FunctionSymbol function)
    {
        if (function.Holes.IsEmpty || !RuntimeHelpers.TryEnsureSufficientExecutionStack() || !_begun.Add(function)) return;
        _depth++;
        // What is wrong with the body is reported when it is checked like all others.
        var found = new DiagnosticBag();
        BodyChecker.Function(facts, function, function.Body!, function.Module.Source, isMain: false, found);
        _open.Add((function, found.HasErrors));
        if (--_depth > 0) return;
        foreach (var (each, hasErrors) in _open) Settle(each, hasErrors);
        _open.Clear();
    }

    private void Settle(FunctionSymbol function, bool hasErrors)
    {
        foreach (var (cell, span, isPayload) in function.Holes)
        {
            if (cell.Solution is not null) continue;
            if (cell.Kind == VariableKind.EffectRow)
            {
                EffectBounds.Settle(new Unknowns(), cell, keepOpen: false);
                continue;
            }
            // An effect that is declared and never performed carries nothing.
            cell.Solution = isPayload ? facts.Unit : cell.Kind == VariableKind.RecordRow ? new Type.RowArgument(Row.Empty) : facts.Error;
            if (!isPayload && cell.Kind == VariableKind.Type && !hasErrors)
                _bag.Error("E0801", new SourceSpan(function.Module.Source, span), $"nothing in `{function.Name}` determines the type that `_` stands for", "", "write the type, or a type variable such as `a`");
        }
        (function.Holes, function.IsInferred) = ([], true);
    }
}
