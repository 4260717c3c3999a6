namespace Kea.Watch.Tests;

/// <summary>What a session takes does not grow with the number of changes.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class MemoryTests
{
    /// <summary>The first saves bring up the compiler, in both tiers.</summary>
    private const int First = 500, Saves = 500, Sample = 50;
    private const double GrowthMax = 1.05;

    /// <summary>Resident memory of the process of watch mode, with compiler and program in it, from save to save.</summary>
    [Test]
    public void The_second_half_of_five_hundred_saves_takes_nothing_more()
    {
        string App(int version) => Apps.Counting($"\"v{version} {{n}}\"").Replace("sleep(5)", "sleep(1)");
        using var run = SteppedRun.Of(App(0));
        run.Prints("v0 ");
        var memory = new List<long>();
        for (var version = 1; version <= First + Saves; version++)
        {
            Assert.That(run.Apply(App(version)), Is.EqualTo("updated"));
            memory.Add(ResidentBytes(run.Watched.Pid));
        }
        run.Prints($"v{First + Saves} ");
        // The collector of the compiler's own memory lets it go up and down; what stays is the least of many.
        var middle = First + Saves / 2;
        var (before, after) = (memory[(middle - Sample)..middle].Min(), memory[^Sample..].Min());
        Assert.That((double)after / before, Is.LessThan(GrowthMax), $"{before >> 20} MB after {middle} saves, {after >> 20} MB after {First + Saves}");
    }

    private static long ResidentBytes(int pid) => long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1]) * Environment.SystemPageSize;
}
