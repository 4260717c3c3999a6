using System.Collections.Immutable;

namespace Kea.Repl.Editing;

/// <summary>What may stand at a place of an input.</summary>
/// <param name="Start">Where the word begins that the candidates replace, up to the cursor.</param>
/// <param name="Candidates">In the order in which they are shown.</param>
public sealed record Completion(int Start, ImmutableArray<string> Candidates)
{
    public static Completion None(int at) => new(at, []);

    /// <summary>The candidates that begin with what is there.</summary>
    public static Completion Of(string text, int start, int cursor, IEnumerable<string> names)
    {
        var begun = text[start..cursor];
        return new(start, [.. names.Where(n => n.StartsWith(begun, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>What all candidates begin with.</summary>
    public string Common
    {
        get
        {
            if (Candidates.IsEmpty) return "";
            var length = Candidates[0].Length;
            foreach (var candidate in Candidates) length = Math.Min(length, candidate.AsSpan().CommonPrefixLength(Candidates[0]));
            return Candidates[0][..length];
        }
    }

    /// <summary>The candidates in columns, as wide as a terminal allows.</summary>
    public string Table(int width)
    {
        const int between = 2;
        var cell = Candidates.Max(c => c.Length) + between;
        var columns = Math.Max(1, (width + between) / cell);
        var rows = (Candidates.Length + columns - 1) / columns;
        return string.Concat(Enumerable.Range(0, rows).Select(r =>
            string.Concat(Enumerable.Range(0, columns).Select(c => c * rows + r).Where(i => i < Candidates.Length).Select(i => Candidates[i].PadRight(cell))).TrimEnd() + "\n"));
    }
}
