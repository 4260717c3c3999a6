using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Kea.Benchmarks;
using Kea.Benchmarks.Latency;
using Kea.Mir;

// Compiler benchmarks:  dotnet run -c Release --project bench/Kea.Benchmarks -- --filter '*'
// Only the generated project, for measuring a cold `kea check`:  … -- generate FOLDER MODULES LINES
if (args is ["generate", var folder, var modules, var lines])
{
    var (entry, count) = ProjectGenerator.Write(folder, int.Parse(modules), int.Parse(lines));
    Console.WriteLine($"{entry}: {count} lines");
    return;
}
// Live programs after their second tier beside static ones:  … -- tiers PROGRAMS BUILD RUNS NAME…
if (args is ["tiers", var programs, var build, var runs, .. var names])
{
    TierComparison.Run(programs, build, int.Parse(runs), names);
    return;
}
// From a saved edit to running code, beside peers and over project sizes:  … -- latency FOLDER [ROUNDS [EDITS]]
if (args is ["latency", var place, .. var counts])
{
    // On such a thread as `kea run --watch` has for its reloads.
    new DeepStack().Run(() =>
    {
        LatencyComparison.Run(place, modules: 100, lines: 10_000, rounds: counts is [var rounds, ..] ? int.Parse(rounds) : 15);
        SizeSweep.Run(place, edits: counts is [_, var edits, ..] ? int.Parse(edits) : 100);
        return 0;
    });
    return;
}
// Ten rounds until .NET has compiled what is hot for good. In process: the generated benchmark project of the default toolchain would restore packages of its own.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithWarmupCount(10).WithIterationCount(10).WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(ProjectGenerator).Assembly).Run(args, config);
