using Kea.Source;

namespace Kea.Repl;

/// <summary>Where a session says what it has to say.</summary>
public interface IReplOutput
{
    /// <summary>A result.</summary>
    void Line(string text);

    /// <summary>Something about the input that is no result.</summary>
    void Say(string text);

    void Diagnostics(IReadOnlyCollection<Diagnostic> diagnostics);

    /// <summary>The program is about to print by itself.</summary>
    void Flush();
}
