using System.Collections.Immutable;

namespace Kea.Source;

public enum Severity { Error, Warning, Info }

/// <summary>A place with a short text; the primary label is shown with carets, others with dashes.</summary>
public sealed record Label(SourceSpan Span, string Message);

/// <summary>Replaces the text of a span; the machine-applicable part of a help.</summary>
public sealed record TextEdit(SourceSpan Span, string Replacement);

/// <summary>What the compiler has to say about a program, as data; only the edges render it.</summary>
/// <param name="Code">Stable code, such as E0001.</param>
/// <param name="Message">One line that says what is wrong here; names in backquotes.</param>
/// <param name="Primary">The place; null for what has no place in a source (a missing file).</param>
public sealed record Diagnostic(
    string Code,
    Severity Severity,
    string Message,
    Label? Primary,
    ImmutableArray<Label> Others,
    ImmutableArray<string> Notes,
    string? Help,
    TextEdit? Fix = null);

/// <summary>A value together with what was found on the way to it. The value is always usable.</summary>
public sealed record Phase<T>(T Value, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);
}
