using FsCheck;
using FsCheck.Fluent;

namespace Kea.Mir.Tests;

/// <summary>
/// Laws over generated programs: (1) text printed and parsed prints the same; (2) InsertCounts gives what the verifier accepts,
/// the same result and output, and no object left, also after a panic; (3) so does every later pass, and the whole pipeline.
/// </summary>
[TestFixture]
public class PassProperties
{
    private static readonly (string Name, Func<MirProgram, MirProgram> Run)[] _beforeCounts =
    [
        ("Simplify", Simplify.Run), ("SpecializeClosures", SpecializeClosures.Run), ("Inline", Inline.Run), ("InferBorrow", InferBorrow.Run),
        ("LoopRests, left in the first round", LeftLoops.Run),
        ("all of them", p => InferBorrow.Run(Simplify.Run(Inline.Run(Simplify.Run(SpecializeClosures.Run(Simplify.Run(p))))))),
    ];
    private static readonly (string Name, Func<MirProgram, MirProgram> Run)[] _afterCounts =
    [
        ("UnpackAggregates", UnpackAggregates.Run), ("FuseDupDrop", FuseDupDrop.Run), ("SinkDups", SinkDups.Run), ("SpecializeDrops", SpecializeDrops.Run), ("Reuse", Reuse.Run), ("ConstructorTails", ConstructorTails.Run), ("Uniqueness", p => Whole(p, Uniqueness.Run)),
        ("SpecializeLoops", SpecializeLoops.Run),
        ("all of them", p => Whole(p, whole => SpecializeLoops.Run(Uniqueness.Run(ConstructorTails.Run(Reuse.Run(SpecializeDrops.Run(SinkDups.Run(UnpackAggregates.Run(whole))))))))),
    ];

    [Test]
    public void Text_round_trip() => ForSeeds(500, seed =>
    {
        foreach (var program in new[] { RandomMir.Program(seed), InsertCounts.Run(RandomMir.Program(seed)) })
        {
            var text = MirPrinter.Print(program, locations: true);
            var parsed = MirParser.ParseProgram(text);
            Assert.That(parsed.Diagnostics.Select(d => d.Message), Is.Empty);
            Assert.That(MirPrinter.Print(parsed.Value, locations: true), Is.EqualTo(text));
        }
    });

    [Test]
    public void Generated_programs_are_well_formed() => ForSeeds(500, seed => Assert.That(Verify.Program(RandomMir.Program(seed), false), Is.Empty));

    [Test]
    public void Counts_are_exact() => ForSeeds(800, seed =>
    {
        var program = RandomMir.Program(seed);
        Same(program, false, InsertCounts.Run(program), true, seed);
    });

    [Test]
    public void Passes_before_counts_keep_meaning() => ForSeeds(400, seed =>
    {
        var program = RandomMir.Program(seed);
        foreach (var (name, run) in _beforeCounts)
        {
            var changed = run(program);
            Same(program, false, changed, false, seed, name);
            Same(program, false, InsertCounts.Run(changed), true, seed, name + ", InsertCounts");
        }
    });

    [Test]
    public void Passes_after_counts_keep_meaning_and_counts() => ForSeeds(400, seed =>
    {
        var program = InsertCounts.Run(RandomMir.Program(seed));
        foreach (var (name, run) in _afterCounts) Same(program, true, run(program), true, seed, name);
    });

    [TestCase(PipelineSetting.Quick)]
    [TestCase(PipelineSetting.QuickCounting)]
    [TestCase(PipelineSetting.Optimised)]
    [TestCase(PipelineSetting.Hot)]
    public void The_pipeline_keeps_meaning_and_counts(PipelineSetting setting) => ForSeeds(500, seed =>
    {
        var program = RandomMir.Program(seed);
        Same(program, false, Pipeline.Run(program, setting), true, seed, setting.ToString());
        Same(program, false, Whole(program, p => Pipeline.Run(p, setting)), true, seed, $"{setting}, as a whole program");
    });

    /// <summary>The last function with fixed arguments; a program that runs too long before says nothing.</summary>
    internal static void Same(MirProgram before, bool countedBefore, MirProgram after, bool countedAfter, int seed, string pass = "InsertCounts")
    {
        var errors = Verify.Program(after, countedAfter);
        if (errors.Length > 0) Assert.Fail($"seed {seed}, {pass}:\n{string.Join('\n', errors)}\nbefore:\n{MirPrinter.Print(before)}\nafter:\n{MirPrinter.Print(after)}");
        var main = MainOf(before);
        foreach (var (x, y) in new[] { (2L, 3L), (0L, -1L) })
        {
            var expected = Interpreter.Run(before, main, countedBefore, [x, y]);
            if (expected is null) return;
            Outcome? found;
            try { found = Interpreter.Run(after, main, countedAfter, [x, y], 2_000_000); }
            catch (MirBroken broken) { throw new MirBroken($"seed {seed}, {pass}: {broken.Message}\nbefore:\n{MirPrinter.Print(before)}\nafter:\n{MirPrinter.Print(after)}"); }
            if (found is null || found.Result != expected.Result || found.Output != expected.Output || (countedAfter && found.Live != 0))
                Assert.Fail($"seed {seed}, {pass}: {expected} became {found}\nbefore:\n{MirPrinter.Print(before)}\nafter:\n{MirPrinter.Print(after)}");
        }
    }

    private static FunctionId MainOf(MirProgram program) => program.Signatures.Last(s => s is { IsClosureCode: false, Parameters: [{ Type: MirType.Int }, { Type: MirType.Int }] }).Id;

    /// <summary>As a program that only its last function starts.</summary>
    private static MirProgram Whole(MirProgram program, Func<MirProgram, MirProgram> run) => run(program with { Entry = MainOf(program) });

    private static void ForSeeds(int count, Action<int> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), check).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}
