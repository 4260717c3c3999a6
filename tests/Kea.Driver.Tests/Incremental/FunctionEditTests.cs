using Kea.Driver.Incremental;
using Kea.Live;

namespace Kea.Driver.Tests.Incremental;

/// <summary>What is looked at again when functions are edited, and that what comes out is what a look at everything gives.</summary>
public sealed class FunctionEditTests
{
    private const string Prices = """
        @nodoc

        fn price(x: Int) -> Int
          x * 3

        fn double(x: Int) -> Int
          price(x) + price(x)

        fn other(x: Int) -> Int
          x + 1

        struct Item
          cost: Int

          fn total(_ self: Item) -> Int
            price(self.cost)

        """;

    private const string App = """
        use IO
        use Live
        use Step.{Continue, Step}
        use Prices

        fn step(n: Int) -[IO]> Step Int
          IO.println("{Prices.double(n)} {Prices.other(n)} {Item { cost: n }.total()}")
          Continue(n + 1)

        fn main() -[IO, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    private static EditedProject Project() => new(("app.kea", App), ("prices.kea", Prices));

    private static FunctionChanges Functions(EditedProject project)
    {
        var change = project.Compare();
        Assert.That(change, Is.InstanceOf<SourceChange.Functions>());
        return ((SourceChange.Functions)change).Changes;
    }

    [Test]
    public void A_body_concerns_its_function_alone()
    {
        var project = Project();
        project.Replace("prices.kea", "x * 3", "x * 4");
        var changes = Functions(project);
        Assert.That(changes.Edited.Select(f => f.QualifiedName), Is.EqualTo((string[])["Prices.price"]));
        Assert.That(changes.Affected, Is.Empty);
        Taken(project, "Prices.price");
    }

    [Test]
    public void A_signature_concerns_the_bodies_that_name_the_function()
    {
        var project = Project();
        project.Replace("prices.kea", "fn price(x: Int) -> Int", "fn price(x: Int, scale: Int = 2) -> Int");
        var changes = Functions(project);
        Assert.That(changes.Edited, Is.Empty);
        Assert.That(changes.Affected.Select(f => f.QualifiedName), Is.EquivalentTo((string[])["Prices.double", "Prices.Item.total"]));
        Taken(project, "Prices.price", "Prices.double", "Prices.Item.total");
    }

    [Test]
    public void A_signature_that_a_caller_does_not_fit_is_rejected_and_leaves_nothing_behind()
    {
        var project = Project();
        project.Replace("prices.kea", "fn price(x: Int) -> Int", "fn price(x: String) -> Int");
        project.Replace("prices.kea", "x * 3", "3");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("prices.kea", "fn price(x: String) -> Int", "fn price(x: Int) -> Int");
        Taken(project, "Prices.price");
    }

    [Test]
    public void A_new_function_that_is_called_comes_with_its_caller()
    {
        var project = Project();
        project.Replace("prices.kea", "x + 1", "half(x) + 1");
        project["prices.kea"] += "\nfn half(x: Int) -> Int\n  x / 2\n";
        Assert.That(Functions(project).Edited.Select(f => f.QualifiedName), Is.EqualTo((string[])["Prices.other"]));
        Taken(project, "Prices.half", "Prices.other");
    }

    [Test]
    public void A_function_that_takes_the_place_of_an_imported_one_is_preferred()
    {
        var project = new EditedProject(("app.kea", App.Replace("use Prices\n", "use Prices\nuse Prices.{double}\n").Replace("Prices.double(n)", "double(n)")), ("prices.kea", Prices));
        project["app.kea"] += "\nfn double(n: Int) -> Int\n  n * 100\n";
        project.Edit();
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void A_function_that_nothing_calls_any_more_is_taken_out_with_all_it_alone_used()
    {
        var project = Project();
        project.Replace("prices.kea", "price(x) + price(x)", "x");
        project.Replace("prices.kea", "price(self.cost)", "self.cost");
        var candidate = project.Edit();
        Assert.That(candidate.Plan.Functions.Where(f => f.Kind == ChangeKind.Removed).Select(f => f.Name), Is.EqualTo((string[])["Prices.price"]));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void Functions_that_call_each_other_go_together_when_nothing_else_calls_them()
    {
        var project = Project();
        project.Replace("prices.kea", "x + 1", "even(x)");
        project["prices.kea"] += "\nfn even(x: Int) -> Int\n  if x == 0 then 1 else odd(x - 1)\n\nfn odd(x: Int) -> Int\n  if x == 0 then 0 else even(x - 1)\n";
        Taken(project, "Prices.even", "Prices.odd", "Prices.other");
        project.Replace("prices.kea", "Int\n  even(x)", "Int\n  x");
        var candidate = project.Edit();
        Assert.That(candidate.Plan.Functions.Where(f => f.Kind == ChangeKind.Removed).Select(f => f.Name), Is.EqualTo((string[])["Prices.even", "Prices.odd"]));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void A_default_of_a_trait_is_a_function_like_any_other()
    {
        var project = Project();
        project["prices.kea"] += """

            trait Priced
              fn cost(_ self: Self) -> Int

              fn costs(_ self: Self, n: Int) -> Int
                List.fold(List.range(0, n), 0, |sum, x| sum + x * self.cost())

            Int as Priced
              fn cost(_ self: Int) -> Int
                price(self)

            Item as Priced
              fn cost(_ self: Item) -> Int
                self.cost

            """;
        project.Replace("prices.kea", "@nodoc\n", "@nodoc\n\nuse List\n");
        project.Replace("prices.kea", "x + 1", "x.costs(2) + Item { cost: 2 }.costs(1)");
        project.Edit();
        project.Replace("prices.kea", "sum + x * self.cost()", "sum + price(x) * self.cost()");
        Assert.That(Functions(project).Edited.Select(f => f.QualifiedName), Is.EqualTo((string[])["Prices.Priced.costs"]));
        Taken(project, "Prices.Priced.costs");
        project.Replace("prices.kea", "fn price(x: Int) -> Int", "fn price(x: Int, scale: Int = 2) -> Int");
        Assert.That(Functions(project).Affected.Select(f => f.QualifiedName), Is.EquivalentTo((string[])["Prices.double", "Prices.Item.total", "Prices.Priced.costs", "Prices.Int as Priced.cost"]));
        Taken(project, "Prices.price", "Prices.double", "Prices.Item.total", "Prices.Priced.costs", "Prices.Int as Priced.cost");
    }

    [TestCase("fn each(f: fn(Int) -[e]> Int) -[e]> Int\n  f(3)", "each(|x| x)", "fn each(x: b) -> b\n  x", "each(3)")]
    [TestCase("fn each(x: a) -> Int\n  3", "each(2)", "fn each(x: a) -> Int where a: { cost: Int | _ }\n  x.cost", "each(Item { cost: 2 })")]
    [TestCase("fn each(x: a, y: b) -> Int where a: Show\n  3", "each(2, |x| x)", "fn each(y: b, x: a) -> Int where a: Show\n  3", "each(|x| x, 2)")]
    public void A_signature_with_other_variables_is_not_taken_at_the_types_of_the_old_ones(string was, string call, string now, string nowCall)
    {
        var project = Project();
        project["prices.kea"] += $"\n{was}\n";
        project.Replace("prices.kea", "x + 1", $"x + {call}");
        project.Edit();
        project.Replace("prices.kea", was, now);
        project.Replace("prices.kea", call, nowCall);
        Taken(project, "Prices.each", "Prices.other");
    }

    [Test]
    public void A_function_that_moves_within_its_file_changes_nothing()
    {
        var project = Project();
        project["prices.kea"] = Prices.Replace("fn other(x: Int) -> Int\n  x + 1\n\n", "") + "fn other(x: Int) -> Int\n  x + 1\n";
        Assert.That(project.Compare(), Is.EqualTo(new SourceChange.None(TextChanged: true)));
    }

    [Test]
    public void The_step_of_a_loop_may_get_another_signature()
    {
        var project = Project();
        project.Replace("app.kea", "fn step(n: Int) -[IO]>", "fn step(n: Int, more: Int = 0) -[IO]>");
        project.Edit();
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void A_signature_in_a_project_like_the_benchmarks_concerns_its_callers()
    {
        var project = Project();
        project["prices.kea"] = "@nodoc\n\nfn price(x: Int) -> Int\n  x * 3\n\n" + string.Join("\n\n", Enumerable.Range(0, 5).Select(i => $"fn caller{i}(x: Int) -> Int\n  price(x + {i}) % 1000")) + "\n\nfn double(x: Int) -> Int\n  caller0(x)\n\nfn other(x: Int) -> Int\n  caller1(x)\n\nstruct Item\n  price: Int\n\n  fn total(_ self: Item) -> Int\n    caller2(self.price)\n";
        project.Replace("app.kea", "cost:", "price:");
        project.Edit();
        project.Replace("prices.kea", "fn price(x: Int) -> Int", "fn price(x: Int, scale: Int = 2) -> Int");
        Assert.That(Functions(project).Affected.Select(f => f.QualifiedName), Is.SupersetOf(Enumerable.Range(0, 5).Select(i => $"Prices.caller{i}")).And.Not.Contains("Prices.other"));
    }

    private static void Taken(EditedProject project, params string[] names)
    {
        var candidate = project.Edit();
        Assert.That(candidate.Plan.Verdict, Is.EqualTo(Verdict.Swap));
        Assert.That(candidate.Plan.Functions.Select(f => f.Name), Is.EquivalentTo(names));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }
}
