namespace Kea.Cli.Tests;

/// <summary>The commands of the prompt that look at what there is (14.9).</summary>
public sealed class ReplCommandTests : ReplTest
{
    [Test]
    public void Info_says_what_a_name_is() => Transcript("""
        struct Till
          cents: Int
          fn twice(self: Till) -> Int
            self.cents * 2

        let till = Till { cents: 1 }
        fn open() -[IO]> Till
          till

        :info Till
        :info till
        :info open
        :info Till.twice
        :info Option
        :info List.map
        """, """
        struct Till
        till : Till
        fn open() -[IO]> Till
        struct Till
          cents: Int
          twice : fn(Till) -> Int
        let till : Till
        open : fn() -[IO]> Till
        twice : fn(Till) -> Int
        enum Option a in Option
          None
          Some(a)
        module Option: 10 functions, 1 types
        List.map : fn(List a, fn(a) -[e]> b) -[e]> List b
        """);

    [Test]
    public void Instances_are_those_of_a_type_or_of_a_trait() => Transcript("""
        trait Named
          fn name(self: Self) -> String

        enum Light
          Red

        Light as Named
          fn name(self: Light) -> String
            "light"

        :instances Light
        :instances Named
        """, """
        trait Named
        enum Light
        Light as Named
        Light as Named
        Light as Named
        """);

    [Test]
    public void Handlers_tell_who_serves_and_who_performs_an_effect() => Transcript("""
        fn loud() -[IO]> Unit
          IO.println("!")

        effect Ask
          fn ask(text: String) -> Int

        :handlers Clock
        :handlers Ask
        """, """
        fn loud() -[IO]> Unit
        effect Ask
        effect Clock
          now : fn() -> Int
          monotonic : fn() -> Int
        handled by the runtime
        effect Ask
          ask : fn(String) -> Int
        handled by nothing that runs: an input that performs it is refused (E0015)
        """);

    [Test]
    public void Names_that_mean_nothing_are_said_to()
    {
        Assert.That(Repl(":info nope\n:instances Nope\n:handlers Nope\n:doc nope\n").Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo((string[])["there is nothing called `nope` here", "there is nothing called `Nope` here", "there is nothing called `Nope` here", "there is nothing called `nope` here"]));
    }

    [Test]
    public void Worlds_tell_what_is_loaded_and_who_waits_where()
    {
        var lines = Repl("1 + 1\nfn f() -> Int\n  1\n\n:worlds\n").Output.Split('\n');
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Some.Matches("^world 3: \\d+ functions; version 2; current; the prompt waits in it$"));
            Assert.That(lines, Has.Some.Matches("^\\d+ units of code, \\d+ of them optimised, \\d+ KB; \\d+ slots$"));
            Assert.That(lines, Has.None.Contains("kea_repl_"));
        }
    }

    [Test]
    public void A_plan_of_a_definition_loads_nothing()
    {
        var result = Repl("struct Till\n  cents: Int\n\nlet till = Till { cents: 1 }\n:plan struct Till\n  cents: String\n\n:plan fn f() -> Int\n  1\n\ntill\nf()\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Does.Contain("rejected").And.Contain("held by `let till`").And.Contain("Till(cents: 1) : Till"));
            Assert.That(result.Error, Does.Contain("undefined variable `f`"));
            Assert.That(result.Output + result.Error, Does.Not.Contain("kea_repl_").And.Not.Contain("Live.keep").And.Not.Contain("ReplSession"));
        }
    }
}
