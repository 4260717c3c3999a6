using System.Globalization;
using Kea.Llvm.Emit;
using Kea.Llvm.Tests;

namespace Kea.Live.Tests;

/// <summary>The same cases as the static ones, each through slots, at both tiers.</summary>
internal sealed class LiveInstructionTests
{
    private static IEnumerable<LiveOptions> Tiers => [LiveOptions.T0, LiveOptions.Optimised];

    [TestCaseSource(nameof(Tiers))]
    public void Every_instruction_means_what_MIR_says(LiveOptions tier)
    {
        var run = LiveRun.Run(InstructionCases.PrintingProgram(), tier);
        Assert.That(run.Error, Is.Empty);
        var lines = run.Output.Split('\n');
        Assert.Multiple(() =>
        {
            for (var i = 0; i < InstructionCases.All.Length; i++)
                Assert.That(lines[i], Is.EqualTo(InstructionCases.All[i].Expected.ToString(CultureInfo.InvariantCulture)), InstructionCases.All[i].ToString());
        });
    }

    [TestCaseSource(nameof(Tiers))]
    public void Panics_say_why_and_release_what_frames_hold(LiveOptions tier)
    {
        var source = new ProgramSource(LiveRun.Parse(InstructionCases.PanickingProgram()));
        using var program = new LiveProgram(LiveRun.Engine, source, tier);
        Assert.Multiple(() =>
        {
            for (var i = 0; i < InstructionCases.Panics.Length; i++)
            {
                var (test, message) = InstructionCases.Panics[i];
                var run = LiveRun.Run(program, source.Program.Entry!.Value, [.. Enumerable.Repeat("x", i)]);
                Assert.That((run.Status, run.Output), Is.EqualTo((101, "")), $"{test}\n{run.Error}");
                Assert.That(run.Error, Does.Contain($"panic: {message}"), test.ToString());
            }
        });
    }

    [Test]
    public void Without_clean_ups_the_leak_check_finds_what_frames_held()
    {
        var leaking = LiveOptions.T0 with { Emit = LiveOptions.T0.Emit with { CleanUps = CleanUps.None } };
        Assert.That(LiveRun.Run(InstructionCases.PanickingProgram(), leaking).Status, Is.EqualTo(102));
    }
}
