using Kea.Driver.Live;
using Kea.Driver.Status;
using Kea.Live;
using Kea.Testing;

namespace Kea.Driver.Tests.Status;

/// <summary>Which declarations an edit makes differ. Laws: the same text differs in nothing; moving, comments and layout count for nothing; a token counts for its own declaration alone.</summary>
public sealed class CompareTests
{
    private const string Program = """
        use Live
        use Step.{Halt, Step}

        const limit: Int = 3

        @derive(Eq)
        struct Till
          cents: Int

          fn rounded(_ self: Till) -> Int
            self.cents / 100

        enum Coin
          One
          Two

        trait Named
          fn name(_ self: Self) -> String

        Till as Named
          fn name(_ self: Till) -> String
            "till"

        fn twice(n: Int) -> Int
          n + n

        fn step(n: Int) -> Step Int
          Halt(twice(n) + limit + Till { cents: 1 }.rounded())

        fn main() -[Live]> Int
          Live.loop(2, step)

        """;

    private static string[] Different(string before, string after)
    {
        using var folder = new Toolchain.Folder();
        var file = folder.Write("shop.kea", before);
        var (session, diagnostics) = LiveSession.Open(ToolchainPaths.Find(), file);
        Assert.That(session, Is.Not.Null, string.Join("\n", diagnostics));
        using var live = session!;
        folder.Write("shop.kea", after);
        return [.. live.Compare(0).Declarations.Where(d => d.State != TextState.Current).Select(d => $"{d.State} {d.Kind} {d.Name}")];
    }

    [Test]
    public void The_same_text_differs_in_nothing() => Assert.That(Different(Program, Program), Is.Empty);

    [TestCase("fn twice(n: Int) -> Int\n  n + n\n", "-- Two of them.\nfn twice(n: Int) -> Int  -- A sum.\n\n  n + n\n")]
    [TestCase("fn twice(", "doc Two of them.\nfn twice(")]
    [TestCase("  cents: Int\n\n  fn", "  cents: Int\n\n\n  fn")]
    [TestCase("n + n", "n   +   n")]
    public void Comments_layout_and_docs_count_for_nothing(string old, string now) => Assert.That(Different(Program, Program.Replace(old, now)), Is.Empty);

    [Test]
    public void Moving_a_declaration_counts_for_nothing()
    {
        const string twice = "fn twice(n: Int) -> Int\n  n + n\n\n";
        Assert.That(Different(Program, Program.Replace(twice, "") + "\n" + twice), Is.Empty);
    }

    [TestCase("n + n", "n * 2", "Changed Function Shop.twice")]
    [TestCase("fn twice(n: Int)", "fn twice(m: Int, n: Int)", "Changed Function Shop.twice")]
    [TestCase("self.cents / 100", "self.cents", "Changed Function Shop.Till.rounded")]
    [TestCase("  cents: Int\n", "  cents: Int\n  more: Int\n", "Changed Type Shop.Till")]
    [TestCase("  cents: Int\n", "  cents: Int\n\n  fn spare() -> Int\n    1\n", "OnlyOnDisk Function Shop.Till.spare")]
    [TestCase("@derive(Eq)\n", "", "Changed Type Shop.Till")]
    [TestCase("  Two\n", "", "Changed Type Shop.Coin")]
    [TestCase("Int = 3", "Int = 4", "Changed Const Shop.limit")]
    [TestCase("\"till\"", "\"box\"", "Changed Function Shop.Till as Named.name")]
    [TestCase("fn name(_ self: Self) -> String", "fn name(_ self: Self) -> Int", "Changed Trait Shop.Named")]
    [TestCase("{Halt, Step}", "{Continue, Halt, Step}", "Changed Import Shop uses Step")]
    [TestCase("use Live\n", "use Live\nuse Text\n", "OnlyOnDisk Import Shop uses Text")]
    [TestCase("fn twice", "fn thrice", "OnlyOnDisk Function Shop.thrice", "OnlyRunning Function Shop.twice")]
    [TestCase("n + n", "n + \"", "Changed Function Shop.twice")]
    public void A_token_counts_for_its_own_declaration(string old, string now, params string[] expected) => Assert.That(Different(Program, Program.Replace(old, now)), Is.EqualTo(expected));

    [Test]
    public void Functions_have_the_names_that_plans_give_them()
    {
        var after = Program.Replace("n + n", "n * 2").Replace("self.cents / 100", "self.cents").Replace("\"till\"", "\"box\"").Replace("rounded())", "rounded() + (if Till { cents: 1 }.name() == \"\" then 1 else 0))");
        var before = after.Replace("n * 2", "n + n").Replace("    self.cents", "    self.cents / 100").Replace("\"box\"", "\"till\"");
        using var folder = new Toolchain.Folder();
        var (session, _) = LiveSession.Open(ToolchainPaths.Find(), folder.Write("shop.kea", before));
        using var live = session!;
        folder.Write("shop.kea", after);
        var plan = live.Plan();
        Assert.That(plan.Verdict, Is.EqualTo(Verdict.Swap));
        Assert.That(live.Compare(0).Declarations.Where(d => d.State == TextState.Changed).Select(d => d.Name), Is.EqualTo(plan.Functions.Select(f => f.Name)));
    }
}
