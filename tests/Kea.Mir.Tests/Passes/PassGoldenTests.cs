using Kea.Testing;

namespace Kea.Mir.Tests;

/// <summary>
/// <c>tests/golden/mir/&lt;pass&gt;/&lt;name&gt;.mir</c> is a program in text form, and <c>&lt;name&gt;.txt</c> beside it what the pass
/// makes of it. Passes that work on counted MIR get the input with counts inserted, which the text then shows first.
/// </summary>
[TestFixture]
public class PassGoldenTests
{
    private static readonly (string Folder, bool Counted, Func<MirProgram, MirProgram> Run)[] _passes =
    [
        ("simplify", false, Simplify.Run),
        ("specialize_closures", false, SpecializeClosures.Run),
        ("inline", false, Inline.Run),
        ("infer_borrow", false, InferBorrow.Run),
        ("loop_rests", false, LeftLoops.Run),
        ("insert_counts", false, InsertCounts.Run),
        ("unpack_aggregates", true, UnpackAggregates.Run),
        ("fuse_dup_drop", true, FuseDupDrop.Run),
        ("sink_dups", true, SinkDups.Run),
        ("specialize_drops", true, SpecializeDrops.Run),
        ("reuse", true, program => Reuse.Run(SpecializeDrops.Run(SinkDups.Run(program)))),
        ("constructor_tails", true, program => ConstructorTails.Run(Reuse.Run(SpecializeDrops.Run(program)))),
        ("uniqueness", true, Uniqueness.Run),
        ("specialize_loops", true, SpecializeLoops.Run),
        ("insert_polls", true, InsertPolls.Run),
        ("optimised", false, program => Pipeline.Run(program, PipelineSetting.Optimised)),
    ];

    [TestCaseSource(nameof(Names))]
    public void Makes_what_it_made(string folder, string name)
    {
        var (_, counted, run) = _passes.First(p => p.Folder == folder);
        var parsed = MirParser.ParseProgram(File.ReadAllText(Path.Combine(Folder(folder), name + ".mir")));
        Assert.That(parsed.Diagnostics.Select(d => $"{d.Primary!.Span}: {d.Message}"), Is.Empty);
        Assert.That(Verify.Program(parsed.Value, false), Is.Empty);
        var before = counted ? InsertCounts.Run(parsed.Value) : parsed.Value;
        var after = run(before);
        Assert.That(Verify.Program(after, counted || folder is "insert_counts" or "optimised"), Is.Empty);
        Golden.CheckFile($"mir/{folder}", name + ".txt", $"; before\n{Bodies(before)}; after\n{Bodies(after)}");
    }

    [Test]
    public void Every_pass_has_a_text() => Assert.That(_passes.Where(p => !Names().Any(n => (string)n.Arguments[0]! == p.Folder)).Select(p => p.Folder), Is.Empty);

    [Test]
    public void No_text_without_program()
    {
        foreach (var (folder, _, _) in _passes)
            foreach (var text in Directory.EnumerateFiles(Folder(folder), "*.txt"))
                Assert.That(File.Exists(Path.ChangeExtension(text, ".mir")), $"{text} has lost its program");
    }

    private static IEnumerable<TestCaseData> Names()
    {
        foreach (var (folder, _, _) in _passes)
            if (Directory.Exists(Folder(folder)))
                foreach (var file in Directory.EnumerateFiles(Folder(folder), "*.mir").Order(StringComparer.Ordinal))
                    yield return new TestCaseData(folder, Path.GetFileNameWithoutExtension(file));
    }

    private static string Bodies(MirProgram program) => string.Join('\n', program.Functions.Select(f => MirPrinter.Print(f, program))) + "\n";
    private static string Folder(string name) => Repository.Path("tests", "golden", "mir", name);
}
