namespace Kea.Llvm.Tests;

/// <summary>Programs that need no more than a few lines of MIR, as static executables.</summary>
internal sealed class StaticProgramTests
{
    public const string Hello = """
        layout0 = string "String" ()
        runtime "kea_io_stdout" context (borrowed ref) -> unit
        fn @0 "Main.main" in "Main" () -> i64 {
        b0:
          v0: ref = string "hello\n"
          v1: unit = call_runtime "kea_io_stdout"(v0)
          v2: i64 = const 7
          return v2
        }
        entry @0
        """;

    [Test]
    public void Hello_prints_and_returns_its_status() =>
        Assert.That(StaticRun.Run(Hello), Is.EqualTo(new RunOutput(7, "hello\n", "")));

    [Test]
    public void Hello_is_small()
    {
        var path = StaticRun.Build(Hello);
        Assert.That(new FileInfo(path).Length, Is.LessThan(100 * 1024));
        File.Delete(path);
    }
}
