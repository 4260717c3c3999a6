using System.ComponentModel;
using System.Diagnostics;

namespace Kea.Benchmarks.Latency;

/// <summary>The programs of other languages.</summary>
internal static class PeerTools
{
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    public static Process Start(string program, string[] arguments, string folder) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        // A cache of the project's own: one that outlives it would know the edits of the last time.
        Environment = { ["GOCACHE"] = Path.Combine(folder, ".cache") },
    })!;

    /// <summary>Runs to the end, which has to be a success.</summary>
    public static void Run(string program, string[] arguments, string folder)
    {
        using var process = Start(program, arguments, folder);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {output}{error.Result}");
    }

    /// <summary>Milliseconds from the start of a program until its first line of output; the program is run to its end.</summary>
    public static double UntilFirstLine(string program, string folder)
    {
        var watch = Stopwatch.StartNew();
        using var process = Start(program, [], folder);
        if (process.StandardOutput.ReadLine() is null) throw new InvalidOperationException($"{program} printed nothing");
        var time = watch.Elapsed.TotalMilliseconds;
        process.WaitForExit();
        return time;
    }

    /// <summary>What a program prints; null if it is not there.</summary>
    public static string? Output(string program, string[] arguments)
    {
        try
        {
            using var process = Start(program, arguments, Environment.CurrentDirectory);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
