using Kea.Live;

namespace Kea.Driver.Tests.Incremental;

/// <summary>What is looked at again when consts, imports, implementations and modules are edited, and that what comes out is what a look at everything gives.</summary>
public sealed class DeclarationEditTests
{
    private const string Prices = """
        @nodoc

        use List

        const rate: Int = 3

        const table: List Int = [rate, 2]

        const unrelated_const: Int = 8

        trait Priced
          fn price(_ self: Self) -> Int

          fn doubled(_ self: Self) -> Int
            self.price() * 2

        struct Item
          cost: Int

        struct Other
          n: Int

        Item as Priced
          fn price(_ self: Item) -> Int
            self.cost * rate

        Other as Priced
          fn price(_ self: Other) -> Int
            self.n

        fn all(xs: List a) -> Int where a: Priced
          List.fold(xs, 0, |sum, x| sum + x.doubled())

        fn with_table(n: Int) -> Int
          List.fold(table, n, |sum, x| sum + x)

        fn of_items(n: Int) -> Int
          all([Item { cost: n }])

        fn of_others(n: Int) -> Int
          all([Other { n: n }]) + unrelated_const

        fn unrelated(n: Int) -> Int
          n * 2

        """;

    private const string App = """
        use IO
        use Live
        use Step.{Continue, Step}
        use Prices

        fn line(n: Int) -> String
          "{Prices.of_items(n)} {Prices.of_others(n)} {Prices.with_table(n)} {Prices.unrelated(n)}"

        fn other(n: Int) -> Int
          n + 1

        fn step(n: Int) -[IO]> Step Int
          IO.println("{line(n)}")
          Continue(other(n))

        fn main() -[IO, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    private static EditedProject Project() => new(("app.kea", App), ("prices.kea", Prices));

    [Test]
    public void A_const_concerns_those_who_name_it_and_the_consts_that_are_computed_from_it()
    {
        var project = Project();
        project.Replace("prices.kea", "rate: Int = 3", "rate: Int = 4");
        Assert.That(project.Concerned("Prices.Item as Priced.price", "Prices.with_table", "Prices.of_others", "Prices.unrelated", "App.step"), Is.EqualTo((string[])["Prices.Item as Priced.price", "Prices.with_table"]));
    }

    [Test]
    public void A_const_of_another_type_is_an_error_where_it_does_not_fit()
    {
        var project = Project();
        project.Replace("prices.kea", "rate: Int = 3", "rate: Float = 3.0");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void An_import_concerns_the_bodies_of_its_module_that_name_what_it_gives()
    {
        var project = Project();
        project.Replace("app.kea", "use Prices\n", "use Prices\nuse List\n");
        project.Replace("app.kea", "n + 1", "List.length([n]) + n");
        Assert.That(project.Concerned("App.other", "App.line", "Prices.all", "Prices.unrelated"), Is.EqualTo((string[])["App.other"]));
    }

    [Test]
    public void An_import_that_goes_is_missed_where_it_was_used()
    {
        var project = Project();
        project.Replace("app.kea", "use Prices\n", "");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("app.kea", "{Prices.of_items(n)} {Prices.of_others(n)} {Prices.with_table(n)} {Prices.unrelated(n)}", "{n}");
        project.Edit();
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void A_module_that_is_new_concerns_those_who_import_it()
    {
        var project = Project();
        project["extra.kea"] = "@nodoc\n\nstruct Bonus\n  by: Int\n\nBonus as Eq\n  fn eq(_ self: Bonus, other: Bonus) -> Bool\n    self.by == other.by\n\nfn bonus(n: Int) -> Int\n  if Bonus { by: n } == Bonus { by: 2 } then n * 100 else 1\n";
        project.Replace("app.kea", "use Prices\n", "use Prices\nuse Extra.{bonus}\n");
        project.Replace("app.kea", "n + 1", "bonus(n)");
        Assert.That(project.Concerned("App.other", "App.line", "Prices.all", "Prices.unrelated"), Is.EqualTo((string[])["App.other"]));
        project.Remove("extra.kea");
        project["app.kea"] = App;
        Assert.That(project.Concerned("App.other", "App.line", "Prices.all"), Is.EqualTo((string[])["App.other"]));
    }

    [Test]
    public void A_renamed_module_concerns_those_who_import_it()
    {
        var project = Project();
        project["rates.kea"] = project["prices.kea"];
        project.Remove("prices.kea");
        project["app.kea"] = App.Replace("Prices", "Rates");
        Assert.That(project.Concerned("App.line", "App.other", "App.step"), Is.EqualTo((string[])["App.line"]));
    }

    [Test]
    public void An_implementation_concerns_those_who_meet_its_type_and_the_calls_that_led_to_it()
    {
        var project = Project();
        project.Replace("prices.kea", "    self.cost * rate\n", "    self.cost * rate\n\n  fn doubled(_ self: Item) -> Int\n    self.cost + 1\n");
        Assert.That(project.Concerned("Prices.of_items", "Prices.of_others", "Prices.unrelated"), Is.EqualTo((string[])["Prices.of_items"]));
        project["prices.kea"] = Prices;
        Assert.That(project.Concerned("Prices.of_items", "Prices.of_others", "Prices.unrelated"), Is.EqualTo((string[])["Prices.of_items"]));
    }

    [Test]
    public void An_implementation_that_goes_is_missed_where_it_was_used()
    {
        var project = Project();
        var implementation = "Item as Priced\n  fn price(_ self: Item) -> Int\n    self.cost * rate\n\n";
        project.Replace("prices.kea", implementation, "");
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Has.Some.EqualTo("E0010"));
        project.Replace("prices.kea", "all([Item { cost: n }])", "n");
        Assert.That(project.Concerned("Prices.of_items", "Prices.of_others"), Is.EqualTo((string[])["Prices.of_items"]));
        project["prices.kea"] = Prices;
        Assert.That(project.Concerned("Prices.of_items", "Prices.of_others"), Is.EqualTo((string[])["Prices.of_items"]));
    }

    [Test]
    public void The_plan_names_implementations_that_come_and_go_with_the_functions_that_use_them()
    {
        var project = Project();
        project.Replace("prices.kea", "Item as Priced\n  fn price(_ self: Item) -> Int\n    self.cost * rate\n\n", "");
        project.Replace("prices.kea", "all([Item { cost: n }])", "n");
        Assert.That(L019(project), Is.EqualTo((string[])["Item as Priced is gone and was used by Prices.Priced.doubled, Prices.all"]));
        project["prices.kea"] = Prices;
        Assert.That(L019(project), Has.One.StartsWith("Item as Priced is new and is used by "));
        project.Replace("prices.kea", "struct Other\n", "@derive(Show)\nstruct Other\n");
        Assert.That(L019(project), Is.EqualTo((string[])["Other as Show is new"]));
    }

    private static string[] L019(EditedProject project) => [.. project.Edit().Plan.Rules.Where(r => r.Id == "L019").Select(r => r.Message)];

    [Test]
    public void What_was_rejected_in_one_file_counts_when_another_one_changes()
    {
        var project = Project();
        project.Replace("prices.kea", "n * 2", "n * \"two\"");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project["app.kea"] += "\nfn added() -> Int\n  1\n";
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected), "the first file is still wrong");
        project.Replace("prices.kea", "n * \"two\"", "n * 3");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Swap));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void Two_files_that_only_fit_together_are_taken_when_the_second_is_saved()
    {
        var project = Project();
        project.Replace("prices.kea", "fn unrelated(n: Int)", "struct Factor\n  by: Int\n\nfn unrelated(n: Int, f: Factor)");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected), "the other file does not give it");
        project.Replace("app.kea", "Prices.unrelated(n)", "Prices.unrelated(n, Prices.Factor { by: 2 })");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Swap));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }
}
