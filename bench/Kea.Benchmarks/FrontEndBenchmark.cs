using BenchmarkDotNet.Attributes;
using Kea.Driver;

namespace Kea.Benchmarks;

/// <summary>Loading, parsing, binding and checking a generated project of 100,000 lines in 100 modules, warm.</summary>
public class FrontEndBenchmark
{
    private string _folder = "", _entry = "";
    private Session _session = null!;

    /// <summary>Lines of the project; divide by the time of one operation for lines per second.</summary>
    public int Lines { get; private set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("kea-bench-").FullName;
        (_entry, Lines) = ProjectGenerator.Write(_folder, modules: 100, lines: 100_000);
        _session = new Session(ToolchainPaths.Find());
        var outcome = _session.Check(_entry);
        if (outcome.HasErrors) throw new InvalidOperationException(outcome.Diagnostics[0].Message);
        Console.WriteLine($"// {Lines} lines");
    }

    [Benchmark]
    public int Check() => _session.Check(_entry).Diagnostics.Length;

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);
}
