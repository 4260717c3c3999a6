using System.Runtime.InteropServices;
using Kea.Mir;

namespace Kea.Live.Tests;

/// <summary>
/// Optimising against publishing. The program calls a library function in a loop and gives what it returned the first time,
/// or 99 if it ever returned something else: an activation that mixes versions shows.
/// </summary>
[NonParallelizable]
internal sealed unsafe class TierRaceTests
{
    private const int Mixed = 99;
    private static readonly FunctionId Main = new(0);
    private static readonly object Session = new();
    private static readonly SemaphoreSlim Inside = new(0), GoOn = new(0);
    private static int _waits;

    [OneTimeSetUp]
    public void DefineGate() => LiveRun.Engine.DefineSymbol("test_tier_gate", (nint)(delegate* unmanaged<void>)&Gate);

    [Test]
    public void A_changed_body_sends_those_it_was_inlined_into_back_and_they_are_optimised_again()
    {
        using var program = new LiveProgram(LiveRun.Engine, Source(1), LiveRun.Checked with { Tiers = TierOptions.Immediately, KeptVersions = 0 });
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(1));
        var before = program.Stats.Optimised.Units;
        Assert.That(before, Is.Positive);
        for (var version = 2; version < 10; version++)
        {
            var source = Source(version);
            program.Publish(source, source.Unit("Lib"));
            Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(version));
        }
        Assert.Multiple(() =>
        {
            Assert.That(program.Stats.Optimised.Units, Is.GreaterThanOrEqualTo(before + 8), "each version was optimised");
            Assert.That(program.Stats.Failures, Is.Zero);
            Assert.That(program.Publisher.LiveWorlds, Is.EqualTo(1));
        });
    }

    [Test]
    public void A_running_optimised_loop_ends_in_the_world_in_which_it_began()
    {
        using var program = new LiveProgram(LiveRun.Engine, Source(1), LiveRun.Checked with { Tiers = TierOptions.Immediately, KeptVersions = 0 });
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(1), "everything is optimised now");
        _waits = 1;
        var old = Task.Factory.StartNew(() => LiveRun.Run(program, Main), TaskCreationOptions.LongRunning);
        Inside.Wait();
        var source = Source(2);
        program.Publish(source, source.Unit("Lib"));
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(2), "a call after the publishing");
        GoOn.Release();
        Assert.That(old.Result.Status, Is.EqualTo(1), "the loop that was under way");
        Assert.That(program.Publisher.LiveWorlds, Is.EqualTo(1));
    }

    [Test]
    public void Publishing_while_functions_are_optimised_never_mixes_versions()
    {
        const int versions = 60, runners = 2;
        var loadedBefore = LiveRun.Engine.LiveUnits;
        using (var program = new LiveProgram(LiveRun.Engine, Source(1), LiveRun.Checked with { Tiers = new TierOptions(40), KeptVersions = 0 }))
        {
            var isOver = false;
            var runs = Enumerable.Range(0, runners).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    var (seen, count) = (new HashSet<int>(), 0);
                    for (; !Volatile.Read(ref isOver) || count == 0; count++) seen.Add(LiveRun.RunQuietly(program, Main).Status);
                    return seen;
                },
                TaskCreationOptions.LongRunning)).ToArray();
            var pauses = new Random(17);
            for (var version = 2; version <= versions; version++)
            {
                Thread.Sleep(pauses.Next(0, 40));
                var source = Source(version);
                program.Publish(source, source.Unit("Lib"));
            }
            Volatile.Write(ref isOver, true);
            foreach (var run in runs) Assert.That(run.Result, Has.All.InRange(1, versions), $"{Mixed} is a mixture, 102 a leak");
            Assert.Multiple(() =>
            {
                Assert.That(LiveRun.RunQuietly(program, Main).Status, Is.EqualTo(versions), "the last version runs");
                Assert.That(program.Stats.Optimised.Units, Is.Positive);
                Assert.That(program.Stats.Failures, Is.Zero);
                Assert.That(program.Publisher.LiveWorlds, Is.EqualTo(1));
                Assert.That(program.Publisher.LiveSlots, Is.LessThan(20));
            });
        }
        Assert.That(LiveRun.Engine.LiveUnits, Is.EqualTo(loadedBefore));
    }

    /// <summary>The text is an object, so that counts are wrong when a loop is left wrongly. The closure outlives the loop that makes it.</summary>
    private static ProgramSource Source(int answer)
    {
        var lowered = LiveRun.Parse($$"""
            layout0 = string "String" ()
            layout1 = closure "Main.add" (i64)
            runtime "kea_int_to_string" context (i64) -> ref
            runtime "kea_text_length" context (borrowed ref) -> i64
            fn @0 "Main.main" in "Main" () -> i64 {
            b0:
              v0: i64 = call @1()
              v1: i64 = const 0
              v2: ref = call_runtime "kea_int_to_string"(v0)
              v3: ref = closure @2, layout1(v0)
              jump b1(v1, v2)
            b1(v4: i64, v5: ref):
              v6: i64 = const 500
              v7: bool = lt v4, v6
              branch v7, b2, b5
            b2:
              call_foreign "test_tier_gate"()
              v8: i64 = call @1()
              v9: i64 = call_closure v3(v8)
              v10: i64 = const 2
              v11: i64 = mul v0, v10
              v12: bool = eq v9, v11
              branch v12, b3, b4
            b3:
              v13: i64 = const 1
              v14: i64 = add v4, v13
              v15: ref = call_runtime "kea_int_to_string"(v14)
              jump b1(v14, v15)
            b4:
              v16: i64 = const {{Mixed}}
              return v16
            b5:
              v17: i64 = call_runtime "kea_text_length"(v5)
              v18: i64 = const 3
              v19: bool = eq v17, v18
              branch v19, b6, b4
            b6:
              return v0
            }
            fn @1 "Lib.answer" in "Lib" () -> i64 {
            b0:
              v0: i64 = const {{answer}}
              return v0
            }
            fn @2 "Main.add" in "Main" (v0: borrowed ref, v1: i64) -> i64 closure {
            b0:
              v2: i64 = project v0, layout1.0
              v3: i64 = call @1()
              v4: i64 = add v2, v3
              v5: i64 = sub v1, v3
              v6: i64 = add v4, v5
              return v6
            }
            entry @0
            """);
        return new(Pipeline.Run(lowered, PipelineSetting.QuickCounting), lowered: lowered, session: Session);
    }

    /// <summary>Holds up the first caller until it is let go.</summary>
    [UnmanagedCallersOnly]
    private static void Gate()
    {
        if (Volatile.Read(ref _waits) == 0 || Interlocked.Decrement(ref _waits) < 0) return;
        Inside.Release();
        GoOn.Wait();
    }
}
