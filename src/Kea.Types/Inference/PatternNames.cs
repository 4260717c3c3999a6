namespace Kea.Types.Inference;

/// <summary>The names that one pattern binds. Alternatives of an or-pattern after the first bind the first one's symbols.</summary>
internal sealed class PatternNames(List<LocalSymbol>? shared = null)
{
    public List<LocalSymbol> Bound { get; } = [];
    public List<LocalSymbol>? Shared { get; } = shared;

    public LocalSymbol? Find(string name) => Bound.Find(b => b.Name == name);
}
