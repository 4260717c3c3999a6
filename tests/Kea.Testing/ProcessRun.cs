using System.Diagnostics;
using System.Text;

namespace Kea.Testing;

/// <summary>What a process printed and how it ended.</summary>
/// <param name="Status">As a shell shows it: 128 + N after signal N.</param>
public sealed record ProcessResult(string Output, string Error, int Status);

/// <summary>Runs a program to its end with a time limit, so that a hang is a failure and not a hang of the tests.</summary>
public static class ProcessRun
{
    public static ProcessResult Run(
        string program, IEnumerable<string> arguments, string? workingFolder = null, string input = "",
        IReadOnlyDictionary<string, string>? environment = null, int secondsMax = 60)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            StandardInputEncoding = new UTF8Encoding(false),
            WorkingDirectory = workingFolder ?? Environment.CurrentDirectory,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {program}");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program may end without reading its input.
        }
        if (!process.WaitForExit(TimeSpan.FromSeconds(secondsMax)))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new ProcessResult(output.Result, error.Result + $"\nstopped after {secondsMax} s", -1);
        }
        return new ProcessResult(output.Result, error.Result, process.ExitCode);
    }
}
