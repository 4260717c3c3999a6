using System.Collections.Immutable;

namespace Kea.Source;

/// <summary>Collects diagnostics of one phase over one input. Not thread-safe: one bag per unit of work.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _all = [];

    public int Count => _all.Count;
    public bool HasErrors { get; private set; }

    public void Add(Diagnostic diagnostic)
    {
        _all.Add(diagnostic);
        HasErrors |= diagnostic.Severity == Severity.Error;
    }

    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics) Add(diagnostic);
    }

    public void Error(string code, SourceSpan span, string message, string label = "", string? help = null, params ReadOnlySpan<Label> others) =>
        Add(new Diagnostic(code, Severity.Error, message, new Label(span, label), [.. others], [], help));

    public void Warning(string code, SourceSpan span, string message, string label = "", string? help = null) =>
        Add(new Diagnostic(code, Severity.Warning, message, new Label(span, label), [], [], help));

    /// <summary>Gives the diagnostics from <paramref name="first"/> on another code, where the place decides it.</summary>
    public void Recode(int first, string code)
    {
        for (var i = first; i < _all.Count; i++) _all[i] = _all[i] with { Code = code };
    }

    public ImmutableArray<Diagnostic> ToImmutable() => [.. _all];
}
