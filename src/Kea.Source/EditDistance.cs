namespace Kea.Source;

/// <summary>Finds the known name that a misspelt one most likely stood for.</summary>
/// <remarks>Optimal string alignment distance: L. Boytsov, "Indexing methods for approximate dictionary searching", JEA 2011.</remarks>
public static class EditDistance
{
    /// <summary>The closest candidate within a third of the name's length, or null; ties go to the first in ordinal order.</summary>
    public static string? Closest(string name, IEnumerable<string> candidates)
    {
        var limit = Math.Max(1, name.Length / 3);
        string? best = null;
        var bestDistance = limit + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) > limit || candidate == name) continue;
            var distance = Between(name, candidate);
            if (distance < bestDistance || (distance == bestDistance && string.CompareOrdinal(candidate, best) < 0))
                (best, bestDistance) = (candidate, distance);
        }
        return bestDistance <= limit ? best : null;
    }

    public static int Between(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last) = (last, row);
        }
        return last[b.Length];
    }
}
