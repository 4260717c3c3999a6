using System.Diagnostics;
using Kea.Llvm;
using Kea.Mir;
using Kea.Testing;

namespace Kea.Llvm.Tests;

/// <summary>MIR text → static executable → what it prints.</summary>
internal static class StaticRun
{
    private static readonly Processor Default = Processor.Static();

    public static RuntimeFiles Runtime { get; } = new(Repository.Path(".build", "native"));

    public static MirProgram Parse(string text)
    {
        var parsed = MirParser.ParseProgram(text);
        Assert.That(parsed.Diagnostics, Is.Empty, text);
        return parsed.Value;
    }

    /// <summary>Links a program into a file that the test deletes.</summary>
    public static string Build(string text, string? cpu = null)
    {
        var processor = cpu is null ? Default : Processor.Static(cpu);
        var code = StaticProgram.Compile(Parse(text), "test.kea", processor, Runtime, StaticOutput.Object);
        var path = Path.Combine(Path.GetTempPath(), $"kea-llvm-{Guid.NewGuid():N}");
        Assert.That(StaticLinker.Link(code, path, Runtime), Is.Null);
        return path;
    }

    public static RunOutput Run(string text, params string[] arguments)
    {
        var path = Build(text);
        try
        {
            return Start(path, arguments);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Runs an executable under the leak check: a program that leaves objects behind ends with status 102.</summary>
    public static RunOutput Start(string path, params string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KEA_CHECK_LEAKS"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }
}

internal sealed record RunOutput(int Status, string Output, string Error);
