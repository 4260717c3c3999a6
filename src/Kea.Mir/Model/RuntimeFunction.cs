using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>A C function of the runtime that generated code calls. The context is passed first where <see cref="TakesContext"/>.</summary>
/// <param name="Symbol">The C name, <c>kea_…</c>.</param>
/// <param name="MayPanic">It may unwind, so frames need clean-ups around it.</param>
/// <param name="Pure">No effect that code can observe; a dead call may go.</param>
/// <param name="MayBlock">It may wait for long, and returns early when the run is interrupted.</param>
public sealed record RuntimeFunction(string Symbol, bool TakesContext, ImmutableArray<(MirType Type, Ownership Ownership)> Parameters, MirType Result, bool MayPanic, bool Pure, bool MayBlock = false)
{
    public bool Equals(RuntimeFunction? other) => other?.Symbol == Symbol;
    public override int GetHashCode() => Symbol.GetHashCode(StringComparison.Ordinal);
}
