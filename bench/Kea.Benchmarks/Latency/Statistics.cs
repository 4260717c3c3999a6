using System.Globalization;

namespace Kea.Benchmarks.Latency;

/// <summary>What many samples of one thing say.</summary>
internal sealed class Statistics(IReadOnlyCollection<Sample> samples)
{
    private readonly double[] _sorted = [.. samples.Select(s => s.Milliseconds).Order()];

    public int Count => _sorted.Length;
    public double Median => _sorted[_sorted.Length / 2];
    public double Best => _sorted[0];

    /// <summary>The time that 99 of 100 keep; the worst where there are fewer than 100.</summary>
    public double P99 => _sorted[Math.Min(_sorted.Length - 1, _sorted.Length * 99 / 100)];

    /// <summary>Medians of the parts, in the order in which they come.</summary>
    public string Parts => string.Join(", ", samples.First().Parts.Select((part, i) => $"{part.Name} {Text(samples.Select(s => s.Parts[i].Milliseconds).Order().ElementAt(samples.Count / 2))}"));

    public static string Text(double milliseconds) => milliseconds.ToString(milliseconds < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
