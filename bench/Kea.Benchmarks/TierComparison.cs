using System.Diagnostics;
using System.Globalization;
using Kea.Driver;
using Kea.Live;
using Kea.Mir;

namespace Kea.Benchmarks;

/// <summary>
/// What being changeable costs: programs in this process, after their hot functions have been optimised, beside the same
/// programs as static executables for the same processor. Processor time of each, the best of several runs.
/// </summary>
internal static class TierComparison
{
    private const int WarmRuns = 2;
    private const int OwnField = 11, ChildrenField = 13;

    public static void Run(string programs, string build, int runs, string[] names)
    {
        var paths = ToolchainPaths.Find();
        Directory.CreateDirectory(build);
        var (logs, count) = (0.0, 0);
        Console.WriteLine($"{"program",-16} {"live s",8} {"static s",8} {"ratio",6}  first run s");
        foreach (var name in names)
        {
            var source = Path.Combine(programs, name, "main.kea");
            var check = new Session(paths).Check(source);
            var executable = Path.Combine(build, name);
            if (check.HasErrors || Build.Run(check.Program!, new BuildRequest(executable, "native", null), paths).Output is null)
            {
                Console.WriteLine($"{name,-16} cannot be built");
                continue;
            }
            using var running = RunningProgram.Start(check.Program!, new LoweringRoots.Main(), paths);
            using var nowhere = File.OpenWrite("/dev/null");
            var options = new RunOptions([]) { OutFd = (int)nowhere.SafeFileHandle.DangerousGetHandle() };
            var first = RunLive(running, options);
            for (var i = 0; i < WarmRuns; i++) running.Run(0, options);
            Thread.Sleep(1000); // A compilation that is under way ends.
            var (live, still) = (double.MaxValue, double.MaxValue);
            for (var i = 0; i < runs; i++)
            {
                live = Math.Min(live, RunLive(running, options));
                still = Math.Min(still, RunStatic(executable));
            }
            logs += Math.Log(live / still);
            count++;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} {live,8:0.000} {still,8:0.000} {live / still,6:0.00}  {first:0.000}"));
        }
        if (count > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"geometric mean {Math.Exp(logs / count):0.000}"));
    }

    private static double RunLive(RunningProgram running, RunOptions options)
    {
        var before = ProcessorSeconds(OwnField);
        running.Run(0, options);
        return ProcessorSeconds(OwnField) - before;
    }

    private static double RunStatic(string executable)
    {
        var before = ProcessorSeconds(ChildrenField);
        using (var process = Process.Start(new ProcessStartInfo(executable) { RedirectStandardOutput = true })!)
        {
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        return ProcessorSeconds(ChildrenField) - before;
    }

    /// <summary>User and system time of this process or of its ended children, from <c>/proc/self/stat</c>: exact to a hundredth of a second.</summary>
    private static double ProcessorSeconds(int field)
    {
        const double ticksPerSecond = 100;
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[field], CultureInfo.InvariantCulture) + long.Parse(fields[field + 1], CultureInfo.InvariantCulture)) / ticksPerSecond;
    }
}
