using System.Collections.Concurrent;
using System.Diagnostics;
using Kea.Source;
using Kea.Testing;

namespace Kea.Driver.Tests;

/// <summary>
/// Mutated, truncated and spliced programs through the whole front end: diagnostics, never an exception, never a hang.
/// <c>KEA_FUZZ_SECONDS</c> says for how long (60 by default); <c>KEA_FUZZ_SEED</c> runs the one input of a seed again.
/// </summary>
[TestFixture]
public sealed class FrontEndFuzz
{
    private const int DefaultSeconds = 60;
    private const int LongestSourceChars = 12_000;
    private static readonly TimeSpan HangAfter = TimeSpan.FromSeconds(60);
    private static readonly string EntryPath = Path.Combine(Path.GetTempPath(), "kea-fuzz", "entry.kea");

    [Test]
    public void Bad_programs_give_diagnostics_and_nothing_else()
    {
        var corpus = Corpus();
        var files = new OneFileInMemory();
        var paths = ToolchainPaths.Find();
        if (int.TryParse(Environment.GetEnvironmentVariable("KEA_FUZZ_SEED"), out var only))
        {
            var text = Mutation.Of(corpus, only);
            TestContext.Out.WriteLine(text);
            Assert.That(Problem(text, files, paths), Is.Null, $"seed {only}");
            return;
        }
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("KEA_FUZZ_SECONDS"), out var asked) ? asked : DefaultSeconds;
        var first = Random.Shared.Next(int.MaxValue / 2);
        TestContext.Progress.WriteLine($"fuzzing for {seconds} s from seed {first}");
        var watch = Stopwatch.StartNew();
        var (next, tried) = (first, 0);
        var failures = new ConcurrentBag<string>();
        Parallel.For(0, Environment.ProcessorCount, worker =>
        {
            // A stack overflow ends the whole process; then this file still tells which input it was.
            var trace = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"fuzz-seed-{worker}.txt");
            while (watch.Elapsed.TotalSeconds < seconds && failures.Count < 20)
            {
                var seed = Interlocked.Increment(ref next);
                File.WriteAllText(trace, seed.ToString());
                if (Problem(Mutation.Of(corpus, seed), files, paths) is { } problem) failures.Add($"KEA_FUZZ_SEED={seed}: {problem}");
                Interlocked.Increment(ref tried);
            }
            File.Delete(trace);
        });
        TestContext.Progress.WriteLine($"{tried} inputs");
        Assert.That(failures, Is.Empty);
        Assert.That(tried, Is.GreaterThan(0));
    }

    /// <summary>Null, or what went wrong with this input.</summary>
    private static string? Problem(string text, OneFileInMemory disk, ToolchainPaths paths)
    {
        string? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                var outcome = new Session(paths, disk.With(text)).Check(EntryPath);
                foreach (var diagnostic in outcome.Diagnostics) problem ??= Malformed(diagnostic);
                DiagnosticText.Render(new StyledText(), outcome.Diagnostics);
                foreach (var diagnostic in outcome.Diagnostics) DiagnosticJson.One(diagnostic);
                if (outcome.Program is null && !outcome.HasErrors) problem ??= "no program and no error";
            }
            catch (Exception e)
            {
                problem = e.ToString();
            }
        }) { IsBackground = true };
        thread.Start();
        return thread.Join(HangAfter) ? problem : $"no end after {HangAfter.TotalSeconds} s";
    }

    private static string? Malformed(Diagnostic diagnostic)
    {
        if (DiagnosticCatalog.Find(diagnostic.Code) is null) return $"the code {diagnostic.Code} is not in the catalogue";
        if (diagnostic.Message.Length == 0) return $"{diagnostic.Code} without a message";
        foreach (var label in diagnostic.Primary is { } primary ? diagnostic.Others.Insert(0, primary) : diagnostic.Others)
            if (label.Span.Span.Start < 0 || label.Span.Span.Start + label.Span.Span.Length > label.Span.Source.Text.Length)
                return $"{diagnostic.Code} points outside of {label.Span.Source.Path}";
        return null;
    }

    private static List<string> Corpus() =>
        [.. Repository.KeaFiles.Select(File.ReadAllText).Where(text => text.Length <= LongestSourceChars)];

    /// <summary>The entry from memory, everything else (the standard library) from disk, read once.</summary>
    private sealed class OneFileInMemory(string? entry = null, ConcurrentDictionary<string, ReadResult>? known = null) : ISourceFiles
    {
        private readonly ConcurrentDictionary<string, ReadResult> _known = known ?? new();
        private readonly DiskFiles _disk = new();

        public OneFileInMemory With(string text) => new(text, _known);
        public bool Exists(string path) => path == EntryPath || _known.ContainsKey(path) || _disk.Exists(path);

        public ReadResult Read(string path, string shownPath) => path == EntryPath
            ? new ReadResult(new SourceText("entry.kea", entry!), null)
            : _known.GetOrAdd(path, p => _disk.Read(p, shownPath));
    }
}
