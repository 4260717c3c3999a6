using Kea.Mir;

namespace Kea.Live.Tests;

/// <summary>Wrong code in a slot ends the run where calls are checked, whoever calls and whatever stands in the slot.</summary>
internal sealed class CheckedCallTests
{
    private const int Good = 42, Ended = 101;
    private static readonly FunctionId Main = new(0), Answer = new(1), Other = new(2), Named = new(3), Late = new(4);

    private static readonly LiveOptions[] Options =
        [LiveRun.Checked, LiveRun.Checked with { Tiers = TierOptions.Immediately }, LiveOptions.Optimised with { ChecksCalls = true }];

    [TestCaseSource(nameof(Options))]
    public void A_right_table_passes(LiveOptions options)
    {
        using var program = Program(options);
        for (var i = 0; i < 3; i++) Assert.That(LiveRun.Run(program, Main), Is.EqualTo(new RunOutput(Good, "", "")));
        Assert.That(program.Stats.Optimised.Units > 0, Is.EqualTo(options.Tiers is not null));
    }

    [TestCaseSource(nameof(Options))]
    public void Another_function_is_found_before_it_runs(LiveOptions options)
    {
        using var program = Program(options);
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(Good));
        Put(program, Answer, EntryOf(program, Other));
        Expect(program, "Main.main", Answer, Other);
    }

    [TestCaseSource(nameof(Options))]
    public void A_function_value_that_names_a_function_is_checked_where_it_is_called(LiveOptions options)
    {
        using var program = Program(options);
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(Good));
        Put(program, Named, EntryOf(program, Answer));
        // Optimised code knows which function it is and calls that.
        Expect(program, options.Tiers is null ? "a function value" : "Main.main", Named, Answer);
    }

    [Test]
    public void What_the_runtime_calls_is_checked()
    {
        using var program = Program(LiveRun.Checked);
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(Good));
        Put(program, Main, EntryOf(program, Named));
        Expect(program, "kea.entry", Main, Named);
    }

    [Test]
    public void A_stub_leads_to_a_function_that_is_checked()
    {
        using var program = Program(LiveRun.Checked);
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(Good));
        var stub = EntryOf(program, Late);
        Assert.That(program.Publisher.CodeOf(SlotKey.Of(program.Source, Late)), Is.EqualTo((nint)0), "it has not been compiled");
        Put(program, Answer, stub);
        Expect(program, "Main.main", Answer, Late);
    }

    [Test]
    public void A_slot_that_has_been_given_to_a_function_with_other_parameters_is_found()
    {
        using var program = Program(LiveRun.Checked);
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(Good));
        var wide = Source(answer: "(v9: i64) -> i64");
        program.Publish(wide, [.. wide.Unit("Lib").Where(f => f.Id == Answer)]);
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(Good), "what calls it as it was still finds it");
        Put(program, Answer, program.Publisher.CodeOf(SlotKey.Of(wide, Answer)), of: Source());
        var error = LiveRun.Run(program, Main).Error;
        Assert.That(error, Does.Contain("`Main.main` calls `Lib.answer`").And.Contain("its slot holds `Lib.answer`"));
        Assert.That(error, Does.Contain(Digits(Source(), Answer)).And.Contain(Digits(wide, Answer)));
    }

    [Test]
    public void An_empty_slot_is_said()
    {
        using var program = Program(LiveRun.Checked);
        Assert.That(LiveRun.Run(program, Main).Status, Is.EqualTo(Good));
        Put(program, Answer, 0);
        var run = LiveRun.Run(program, Main);
        Assert.That(run.Status, Is.EqualTo(Ended));
        Assert.That(run.Error, Does.Contain($"`Main.main` calls `Lib.answer` with the ABI fingerprint {Digits(program.Source, Answer)}, but its slot holds nothing"));
    }

    [Test]
    public void A_version_of_a_type_is_part_of_the_fingerprint()
    {
        var program = Source().Program;
        var other = program with { Signatures = program.Signatures.SetItem(Answer.Index, program.Signatures[Answer.Index] with { Abi = "App.State'2" }) };
        Assert.That(CallAbi.Fingerprint(other, Answer), Is.Not.EqualTo(CallAbi.Fingerprint(program, Answer)));
    }

    private static void Expect(LiveProgram program, string caller, FunctionId called, FunctionId found)
    {
        var (run, message) = LiveRun.RunWithMessage(program, Main);
        var names = program.Source.Program.Signatures;
        var sentence = $"`{caller}` calls `{names[called.Index].Name}` with the ABI fingerprint {Digits(program.Source, called)}, "
            + $"but its slot holds `{names[found.Index].Name}` with {Digits(program.Source, found)}";
        Assert.That(run.Error, Does.StartWith($"error[E0904]: a fault of the compiler and not of the program: {sentence}\n  backtrace:\n"));
        Assert.That((run.Status, message), Is.EqualTo((Ended, sentence)));
    }

    private static string Digits(ICodeSource source, FunctionId function) => CallAbi.Fingerprint(source.Program, function).ToString("x16");

    /// <summary>What the current world holds for a function.</summary>
    private static nint EntryOf(LiveProgram program, FunctionId function) => Within(program, world => world.EntryOf(program.Publisher.Hold(program.Source, function)));

    /// <summary>Puts code into the current world as the publisher would, but for the wrong function.</summary>
    private static void Put(LiveProgram program, FunctionId function, nint code, ICodeSource? of = null)
    {
        var slot = program.Publisher.Hold(of ?? program.Source, function);
        Within(program, world =>
        {
            world.Enter(slot, code);
            return 0;
        });
    }

    private static nint Within(LiveProgram program, Func<World, nint> act)
    {
        var world = program.Publisher.Enter();
        var result = act(world);
        program.Publisher.Leave(world);
        return result;
    }

    private static LiveProgram Program(LiveOptions options) => new(LiveRun.Engine, Source(), options);

    /// <summary>Only <c>Main</c> may be optimised, so that optimised code calls through slots too. <c>Lib.late</c> is never called.</summary>
    private static ProgramSource Source(string answer = "() -> i64")
    {
        var lowered = LiveRun.Parse($$"""
            fn @0 "Main.main" in "Main" () -> i64 {
            b0:
              v0: i64 = call @1()
              v1: ref = function @3
              v2: i64 = call_closure v1(v0)
              v3: i64 = call @2(v2)
              return v3
            }
            fn @1 "Lib.answer" in "Lib" {{answer}} {
            b0:
              v0: i64 = const 40
              return v0
            }
            fn @2 "Lib.other" in "Lib" (v0: i64) -> i64 {
            b0:
              v1: i64 = const 1
              v2: i64 = add v0, v1
              return v2
            }
            fn @3 "Lib.named" in "Lib" (v0: borrowed ref, v1: i64) -> i64 closure {
            b0:
              v2: i64 = const 1
              v3: i64 = add v1, v2
              return v3
            }
            fn @4 "Late.late" in "Late" (v0: f64) -> f64 {
            b0:
              return v0
            }
            entry @0
            """);
        var optimisable = lowered with { Functions = [.. lowered.Functions.Where(f => f.Module == "Main")] };
        return new(Pipeline.Run(lowered, PipelineSetting.QuickCounting), lowered: optimisable);
    }
}
