using System.Globalization;

namespace Kea.Llvm.Tests;

internal sealed class StaticInstructionTests
{
    [Test]
    public void Every_instruction_means_what_MIR_says()
    {
        var run = StaticRun.Run(InstructionCases.PrintingProgram());
        Assert.That(run.Error, Is.Empty);
        var lines = run.Output.Split('\n');
        Assert.Multiple(() =>
        {
            for (var i = 0; i < InstructionCases.All.Length; i++)
                Assert.That(lines[i], Is.EqualTo(InstructionCases.All[i].Expected.ToString(CultureInfo.InvariantCulture)), InstructionCases.All[i].ToString());
        });
    }

    [Test]
    public void Panics_say_why_and_release_what_frames_hold()
    {
        var path = StaticRun.Build(InstructionCases.PanickingProgram());
        Assert.Multiple(() =>
        {
            for (var i = 0; i < InstructionCases.Panics.Length; i++)
            {
                var (test, message) = InstructionCases.Panics[i];
                var run = StaticRun.Start(path, [.. Enumerable.Repeat("x", i)]);
                Assert.That((run.Status, run.Output), Is.EqualTo((101, "")), $"{test}\n{run.Error}");
                Assert.That(run.Error, Does.Contain($"panic: {message}"), test.ToString());
            }
        });
        File.Delete(path);
    }
}
