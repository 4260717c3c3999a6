namespace Kea.Types.Inference;

/// <summary>Consts that need themselves for their own value (2.5.3).</summary>
internal static class ConstCycles
{
    public static IEnumerable<Diagnostic> Find(List<ConstSymbol> constants, Func<ConstSymbol, TypedExpression> value)
    {
        var state = new Dictionary<ConstSymbol, bool>();
        var found = new List<Diagnostic>();
        foreach (var constant in constants) Visit(constant, value, state, found);
        return found;
    }

    /// <summary>A const whose state is false is being visited: meeting it again closes a circle.</summary>
    private static void Visit(ConstSymbol constant, Func<ConstSymbol, TypedExpression> value, Dictionary<ConstSymbol, bool> state, List<Diagnostic> found)
    {
        if (state.TryGetValue(constant, out var done))
        {
            if (done) return;
            found.Add(new Diagnostic("E0012", Severity.Error, $"circular const dependency involving `{constant.Name}`",
                new Label(new SourceSpan(constant.Module.Source, constant.Span), "its value needs itself"), [], [], null));
            return;
        }
        state[constant] = false;
        var references = new List<ConstSymbol>();
        ConstReferences.Collect(value(constant), references);
        foreach (var reference in references) Visit(reference, value, state, found);
        state[constant] = true;
    }
}
