using System.Runtime.InteropServices;
using Kea.Mir;

namespace Kea.Live.Tests;

/// <summary>
/// Two worlds by hand: one function is changed while a thread is inside the old one. The old frame ends in old code, the next
/// call gets new code, and the old unit is freed when nothing is in it.
/// </summary>
[NonParallelizable]
internal sealed unsafe class WorldTests
{
    private static readonly FunctionId Main = new(0), Answer = new(1), Nested = new(2);
    private static readonly SemaphoreSlim Inside = new(0), GoOn = new(0);
    private static int _waits;
    private static LiveProgram? _program;

    [OneTimeSetUp]
    public void DefineGates()
    {
        LiveRun.Engine.DefineSymbol("test_gate", (nint)(delegate* unmanaged<void>)&Gate);
        LiveRun.Engine.DefineSymbol("test_nested", (nint)(delegate* unmanaged<nint, long>)&RunNested);
    }

    private static readonly LiveOptions NothingKept = LiveOptions.T0 with { KeptVersions = 0 };

    [Test]
    public void Old_frames_end_in_old_code_and_the_next_call_gets_new_code()
    {
        var (first, second) = (Source(1), Source(2));
        using var program = new LiveProgram(LiveRun.Engine, first, NothingKept);
        _waits = 1;
        var old = Task.Factory.StartNew(() => LiveRun.Run(program, Main), TaskCreationOptions.LongRunning);
        Inside.Wait();
        var oldCode = program.Publisher.CodeOf(SlotKey.Of(first, Answer));
        var (unitsBefore, loadedBefore) = (program.Publisher.LiveUnits, LiveRun.Engine.LiveUnits);
        Assert.That(IsMapped(oldCode), Is.True);

        Assert.That(program.Publish(second, second.Unit("Lib")), Is.InstanceOf<PublishOutcome.Published>().With.Property(nameof(PublishOutcome.Published.World)).EqualTo(2));
        var newCode = program.Publisher.CodeOf(SlotKey.Of(second, Answer));
        Assert.Multiple(() =>
        {
            Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(22), "a call after the publishing");
            Assert.That(program.Publisher.LiveWorlds, Is.EqualTo(2));
            Assert.That(program.Publisher.LiveUnits, Is.EqualTo(unitsBefore + 1), "the old unit stays while a thread is in its world");
            Assert.That(IsMapped(oldCode), Is.True);
        });

        GoOn.Release();
        Assert.That(old.Result.Status, Is.EqualTo(11), "the frame that began in the old world");
        Assert.Multiple(() =>
        {
            Assert.That(program.Publisher.LiveWorlds, Is.EqualTo(1));
            Assert.That(program.Publisher.LiveUnits, Is.EqualTo(unitsBefore));
            Assert.That(LiveRun.Engine.LiveUnits, Is.EqualTo(loadedBefore));
            Assert.That(IsMapped(oldCode), Is.False, "the old code is unmapped");
            Assert.That(IsMapped(newCode), Is.True);
            Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(22));
        });
    }

    [Test]
    public void A_reload_point_runs_new_code_above_a_frame_that_stays_in_the_old_world()
    {
        var (first, second) = (Source(1), Source(2));
        using var program = _program = new LiveProgram(LiveRun.Engine, first, NothingKept);
        var run = Task.Factory.StartNew(() => LiveRun.Run(program, Nested), TaskCreationOptions.LongRunning);
        Inside.Wait();
        program.Publish(second, second.Unit("Lib"));
        GoOn.Release();
        Assert.That(run.Result.Status, Is.EqualTo(121), "old code, then new code at the reload point, then old code again");
        Assert.That(program.Publisher.LiveWorlds, Is.EqualTo(1));
    }

    [Test]
    public void Another_signature_is_another_slot()
    {
        var narrow = new ProgramSource(LiveRun.Parse(Text("const 1").Replace("\"Lib.answer\" in \"Lib\" () -> i64", "\"Lib.answer\" in \"Lib\" (v9: i64) -> i64")));
        var source = Source(1);
        Assert.That(SlotKey.Of(narrow, Answer), Is.Not.EqualTo(SlotKey.Of(source, Answer)));
        Assert.That(SlotKey.Of(Source(2), Answer), Is.EqualTo(SlotKey.Of(source, Answer)));
    }

    [Test]
    public void Two_thousand_reloads_leave_memory_and_maps_as_they_were()
    {
        using var program = new LiveProgram(LiveRun.Engine, Source(0), NothingKept);
        var (maps, memory) = (0, 0L);
        for (var round = 1; round <= 2000; round++)
        {
            var source = Source(round % 10);
            program.Publish(source, source.Unit("Lib"));
            Assert.That(LiveRun.RunQuietly(program, Main).Status, Is.EqualTo(round % 10 * 11));
            if (round == 400) (maps, memory) = Footprint();
        }
        var (mapsAfter, memoryAfter) = Footprint();
        TestContext.Out.WriteLine($"maps {maps} to {mapsAfter}, resident {memory / 1024} KB to {memoryAfter / 1024} KB");
        Assert.Multiple(() =>
        {
            Assert.That(program.Publisher.CurrentNumber, Is.EqualTo(2001));
            Assert.That(program.Publisher.LiveWorlds, Is.EqualTo(1));
            Assert.That(program.Publisher.LiveUnits, Is.EqualTo(2), "the main module and the last version of the other");
            Assert.That(program.Publisher.LiveSlots, Is.LessThanOrEqualTo(3));
            Assert.That(mapsAfter, Is.LessThan(maps + 100));
            Assert.That(memoryAfter, Is.LessThan(memory + (24 << 20)));
        });
    }

    private static ProgramSource Source(int answer) => new(LiveRun.Parse(Text($"const {answer}")));

    private static string Text(string answer) => $$"""
        fn @0 "Main.main" in "Main" () -> i64 {
        b0:
          v0: i64 = call @1()
          call_foreign "test_gate"()
          v1: i64 = call @1()
          v2: i64 = const 10
          v3: i64 = mul v0, v2
          v4: i64 = add v3, v1
          return v4
        }
        fn @1 "Lib.answer" in "Lib" () -> i64 {
        b0:
          v0: i64 = {{answer}}
          return v0
        }
        fn @2 "Main.nested" in "Main" () -> i64 {
        b0:
          v0: i64 = call @1()
          v1: i64 = const 0
          v2: i64 = call_foreign "test_nested"(v1)
          v3: i64 = call @1()
          v4: i64 = const 10
          v5: i64 = mul v0, v4
          v6: i64 = add v5, v2
          v7: i64 = mul v6, v4
          v8: i64 = add v7, v3
          return v8
        }
        """;

    /// <summary>Holds up the first caller until it is let go.</summary>
    [UnmanagedCallersOnly]
    private static void Gate()
    {
        if (Interlocked.Decrement(ref _waits) < 0) return;
        Inside.Release();
        GoOn.Wait();
    }

    /// <summary>A reload point as a C function would be one. It finds its context where the run put it.</summary>
    [UnmanagedCallersOnly]
    private static long RunNested(nint unused)
    {
        Inside.Release();
        GoOn.Wait();
        return _program!.CallInCurrentWorld(LiveRun.ContextOfThisThread, Answer);
    }

    /// <summary>As code: anything else may have come to the place meanwhile.</summary>
    private static bool IsMapped(nint address)
    {
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var range = line[..line.IndexOf(' ')].Split('-');
            var (low, high) = (Convert.ToInt64(range[0], 16), Convert.ToInt64(range[1], 16));
            if (address >= low && address < high) return line[line.IndexOf(' ') + 3] == 'x';
        }
        return false;
    }

    private static (int Maps, long Resident) Footprint()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // What the collector has no use for at the moment is given back, or its habits would be measured.
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        return (File.ReadLines("/proc/self/maps").Count(), pages * Environment.SystemPageSize);
    }
}
