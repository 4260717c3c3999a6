namespace Kea.Benchmarks.Latency;

/// <summary>Whether a reload costs more in a bigger project: the same edits in projects of growing size.</summary>
internal static class SizeSweep
{
    private const int LinesPerModule = 100, WarmUpEdits = 10, BarsMax = 60;
    private static readonly int[] Sizes = [1_000, 3_000, 10_000, 30_000, 100_000];

    /// <param name="edits">Of a body, in each size; a quarter as many of a signature, and of a struct.</param>
    public static void Run(string folder, int edits)
    {
        Console.WriteLine("Kea's reloads over the size of the project; milliseconds.");
        Console.WriteLine();
        Console.WriteLine("| lines | body: median | p99 | parts | signature: median | p99 | parts | struct: median | p99 | parts |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        var rows = Sizes.Select(size => Row(folder, size, edits)).ToArray();
        Console.WriteLine();
        Plot("one body", [.. rows.Select(r => (r.Lines, r.Body.Median))]);
        Plot($"a signature with {KeaContestant.Callers} callers", [.. rows.Select(r => (r.Lines, r.Signature.Median))]);
    }

    private static (int Lines, Statistics Body, Statistics Signature) Row(string folder, int size, int edits)
    {
        var place = Path.Combine(folder, $"kea{size}");
        if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        using var project = new LiveProject(place, size / LinesPerModule, size);
        var fewer = Math.Max(1, edits / 4);
        var (body, signature, layout) = (Measure(new KeaContestant(project, KeaEdit.Body), edits), Measure(new KeaContestant(project, KeaEdit.Signature), fewer), Measure(new KeaContestant(project, KeaEdit.Layout), fewer));
        Console.WriteLine($"| {project.Lines} | {Cells(body)} | {Cells(signature)} | {Cells(layout)} |");
        return (project.Lines, body, signature);

        static string Cells(Statistics of) => $"{Statistics.Text(of.Median)} | {Statistics.Text(of.P99)} | {of.Parts}";
    }

    private static Statistics Measure(KeaContestant contestant, int edits)
    {
        for (var i = 0; i < WarmUpEdits; i++) contestant.Edit();
        contestant.Rest();
        contestant.Wake();
        return new Statistics([.. Enumerable.Range(0, edits).Select(_ => contestant.Edit())]);
    }

    /// <summary>Bars that are as long as the medians: flat is what they should be.</summary>
    private static void Plot(string title, (int Lines, double Median)[] points)
    {
        var most = points.Max(p => p.Median);
        Console.WriteLine($"{title}, median ms");
        foreach (var (lines, median) in points)
            Console.WriteLine($"{lines,8} lines  {new string('#', Math.Max(1, (int)Math.Round(median / most * BarsMax)))} {Statistics.Text(median)}");
        Console.WriteLine();
    }
}
