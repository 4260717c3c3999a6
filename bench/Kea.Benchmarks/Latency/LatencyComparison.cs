using System.Globalization;

namespace Kea.Benchmarks.Latency;

/// <summary>
/// From a saved edit to code that runs, in projects of the same shape in several languages. All take turns in every round, so that
/// what else the machine does falls on all of them; a peer that is not installed is named as missing.
/// </summary>
internal static class LatencyComparison
{
    private const int WarmUpRounds = 1;

    /// <param name="folder">Where the projects are written; emptied first.</param>
    public static void Run(string folder, int modules, int lines, int rounds)
    {
        var found = Find(folder, modules, lines);
        var contestants = found.Select(f => f.Contestant).OfType<Contestant>().ToArray();
        foreach (var contestant in contestants) contestant.Rest();
        var samples = contestants.ToDictionary(c => c, _ => new List<Sample>());
        for (var round = 0; round < rounds + WarmUpRounds; round++)
        {
            foreach (var contestant in contestants)
            {
                contestant.Wake();
                for (var i = 0; i < contestant.EditsPerRound; i++)
                {
                    var sample = contestant.Edit();
                    if (round >= WarmUpRounds) samples[contestant].Add(sample);
                }
                contestant.Rest();
            }
        }
        Print(contestants, samples, [.. found.Select(f => f.Missing).OfType<Missing>()], modules);
        foreach (var contestant in contestants) contestant.Dispose();
    }

    private static List<(Contestant? Contestant, Missing? Missing)> Find(string folder, int modules, int lines)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        string Place(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var kea = new LiveProject(Place("kea"), modules, lines);
        return
        [
            (new KeaContestant(kea, KeaEdit.Body), null),
            (new KeaContestant(kea, KeaEdit.Signature), null),
            (new KeaContestant(kea, KeaEdit.Layout), null),
            ErlangContestant.Find(Place("erlang"), modules, lines),
            BuildContestant.FindGo(Place("go"), modules, lines),
            BuildContestant.FindRust(Place("rust"), modules, lines),
        ];
    }

    private static void Print(Contestant[] contestants, Dictionary<Contestant, List<Sample>> samples, Missing[] missing, int modules)
    {
        var statistics = contestants.Select(c => (Contestant: c, Of: new Statistics(samples[c]))).ToArray();
        var first = statistics[0].Of.Median;
        Console.WriteLine($"From a saved edit to running code, {modules} modules and an entry in each project; milliseconds; × is the median beside that of the first row.");
        Console.WriteLine();
        Console.WriteLine("| edit | with | lines | edits | best | median | p99 | × | medians of the parts |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (contestant, of) in statistics)
        {
            var ratio = (of.Median / first).ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine($"| {contestant.Name} | {contestant.Tool} | {contestant.Lines} | {of.Count} | {Statistics.Text(of.Best)} | {Statistics.Text(of.Median)} | {Statistics.Text(of.P99)} | {ratio} | {of.Parts} |");
        }
        foreach (var (name, what) in missing) Console.WriteLine($"| {name} | **missing**: {what} | | | | | | | |");
        Console.WriteLine();
    }
}
