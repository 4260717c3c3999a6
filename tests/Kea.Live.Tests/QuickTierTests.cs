using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kea.Llvm.Emit;

namespace Kea.Live.Tests;

/// <summary>What the first tier costs: from MIR to a published world that calls the new code.</summary>
[NonParallelizable]
internal sealed class QuickTierTests
{
    private const int Rounds = 300, WarmUp = 100;

    [Test, Explicit("a measurement for docs/performance.md; machines are noisy, so nothing is asserted of the time")]
    public void A_thirty_line_function_is_published()
    {
        var with = Median(EmitOptions.T0);
        var withPads = Median(EmitOptions.T0 with { CleanUps = CleanUps.LandingPads });
        var without = Median(EmitOptions.T0 with { CleanUps = CleanUps.None });
        var withoutDebug = Median(EmitOptions.T0 with { DebugInfo = false });
        TestContext.Out.WriteLine(
            $"T0, {Text(0).Split('\n').Length} lines of MIR: {with:F2} ms; with landing pads {withPads:F2}; without any clean-ups {without:F2}; without debug lines {withoutDebug:F2}");
        Assert.That(with, Is.Positive);
    }

    private static double Median(EmitOptions emit)
    {
        using var program = new LiveProgram(LiveRun.Engine, new ProgramSource(LiveRun.Parse(Text(0))), LiveOptions.T0 with { Emit = emit });
        var times = new List<double>(Rounds);
        for (var i = 0; i < Rounds + WarmUp; i++)
        {
            var source = new ProgramSource(LiveRun.Parse(Text(i)));
            var functions = source.Unit("Main");
            var start = Stopwatch.GetTimestamp();
            program.Publish(source, functions);
            if (i >= WarmUp) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>Ten times: make a string, call a function with it pending, add with checks, compare, branch.</summary>
    internal static string Text(int seed)
    {
        var text = new StringBuilder("""
            layout0 = string "String" ()
            runtime "kea_int_to_string" context (i64) -> ref
            runtime "kea_text_length" context (borrowed ref) -> i64
            declare @1 "Lib.step" in "Lib" (i64, borrowed ref) -> i64
            fn @0 "Main.work" in "Main" at "main.kea" !1:1 (v0: i64) -> i64 {
            b0:
              v1: i64 = const 
            """);
        text.Append(seed.ToString(CultureInfo.InvariantCulture)).Append('\n');
        var (value, sum) = (2, 0);
        for (var i = 0; i < 10; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  v{value}: ref = call_runtime \"kea_int_to_string\"(v{sum}) !{i * 3 + 2}:5\n");
            text.Append(CultureInfo.InvariantCulture, $"  v{value + 1}: i64 = call @1(v{sum}, v{value}) !{i * 3 + 2}:9\n");
            text.Append(CultureInfo.InvariantCulture, $"  v{value + 2}: i64 = mul v{value + 1}, v0 !{i * 3 + 3}:9\n");
            text.Append(CultureInfo.InvariantCulture, $"  v{value + 3}: i64 = add v{value + 2}, v1 !{i * 3 + 3}:13\n");
            text.Append(CultureInfo.InvariantCulture, $"  v{value + 4}: bool = lt v{value + 3}, v{value + 1} !{i * 3 + 4}:5\n  drop v{value}\n");
            text.Append(CultureInfo.InvariantCulture, $"  branch v{value + 4}, b{2 * i + 1}, b{2 * i + 2}(v{value + 1})\nb{2 * i + 1}:\n");
            text.Append(CultureInfo.InvariantCulture, $"  jump b{2 * i + 2}(v{value + 3})\nb{2 * i + 2}(v{value + 5}: i64):\n");
            (sum, value) = (value + 5, value + 6);
        }
        return text.Append(CultureInfo.InvariantCulture, $"  return v{sum}\n}}\n").ToString();
    }
}
