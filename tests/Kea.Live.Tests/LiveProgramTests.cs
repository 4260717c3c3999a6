namespace Kea.Live.Tests;

internal sealed class LiveProgramTests
{
    private const string Hello = """
        layout0 = string "String" ()
        runtime "kea_io_stdout" context (borrowed ref) -> unit
        runtime "kea_int_to_string" context (i64) -> ref
        fn @0 "Main.main" in "Main" () -> i64 {
        b0:
          v0: ref = string "hello "
          v1: unit = call_runtime "kea_io_stdout"(v0)
          v2: i64 = const 20
          v3: i64 = const 22
          v4: i64 = call @1(v2, v3)
          v5: ref = call_runtime "kea_int_to_string"(v4)
          v6: unit = call_runtime "kea_io_stdout"(v5)
          drop v5
          v7: i64 = const 7
          return v7
        }
        fn @1 "Other.add" in "Other" (v0: i64, v1: i64) -> i64 {
        b0:
          v2: i64 = add v0, v1
          return v2
        }
        entry @0
        """;

    [Test]
    public void A_program_runs_through_slots_and_stubs() => Assert.That(LiveRun.Run(Hello), Is.EqualTo(new RunOutput(7, "hello 42", "")));

    [Test]
    public void A_program_runs_optimised() =>
        Assert.That(LiveRun.Run(Hello, LiveOptions.Optimised), Is.EqualTo(new RunOutput(7, "hello 42", "")));
}
