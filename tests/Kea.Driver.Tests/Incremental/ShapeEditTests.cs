using Kea.Driver.Incremental;
using Kea.Live;

namespace Kea.Driver.Tests.Incremental;

/// <summary>What is looked at again when structs and enums are edited, and that what comes out is what a look at everything gives.</summary>
public sealed class ShapeEditTests
{
    private const string Shop = """
        @nodoc

        @derive(Eq, Show)
        struct Item
          name: String
          cost: Int

        struct Order
          items: List Item
          paid: Bool

        enum Event
          Added(Item)
          Cleared

        fn total(order: Order) -> Int
          List.fold(order.items, 0, |sum, item| sum + item.cost)

        fn passed_on(order: Order) -> Order
          order

        fn unrelated(n: Int) -> Int
          n * 2

        fn weight(event: Event) -> Int
          case event
            Added(item) -> item.cost
            Cleared -> 0

        fn twice(f: fn(a) -> a, x: a) -> a
          f(f(x))

        fn shown(n: Int) -> String
          "{(n, Item { name: "pen", cost: n })}"

        """;

    private const string App = """
        use IO
        use List
        use Live
        use Step.{Continue, Step}
        use Shop

        fn order(n: Int) -> Shop.Order
          Shop.Order { items: [Shop.Item { name: "x", cost: n }], paid: false }

        fn step(n: Int) -[IO]> Step Int
          let o = Shop.twice(Shop.passed_on, order(n))
          IO.println("{Shop.total(o)} {Shop.unrelated(n)} {Shop.weight(Shop.Added(Shop.Item { name: "y", cost: 1 }))} {Shop.shown(n)}")
          Continue(n + 1)

        fn main() -[IO, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    private static EditedProject Project() => new(("app.kea", App), ("shop.kea", Shop));

    private static AffectedFunctions Affected(EditedProject project)
    {
        var change = project.Compare();
        Assert.That(change, Is.InstanceOf<SourceChange.Declarations>(), (change as SourceChange.Broken)?.Diagnostics.FirstOrDefault()?.Message);
        return ((SourceChange.Declarations)change).Affected;
    }

    [Test]
    public void A_field_concerns_all_that_meet_its_type_and_nothing_else()
    {
        var project = Project();
        project.Replace("shop.kea", "  cost: Int\n", "  cost: Int\n  @default(1)\n  units: Int\n");
        project.Replace("shop.kea", "cost: n }", "cost: n, units: 2 }");
        project.Replace("app.kea", "cost: n }", "cost: n, units: 3 }");
        project.Replace("app.kea", "cost: 1 }", "cost: 1, units: 3 }");
        var affected = Affected(project);
        Assert.That(affected.Contains("Shop.unrelated"), Is.False);
        Assert.That(affected.Contains("Shop.passed_on"), Is.True);
        Assert.That(affected.Contains("Shop.Item as Show.show"), Is.True);
        Taken(project);
    }

    [Test]
    public void Fields_in_another_order_concern_the_type_too()
    {
        var project = Project();
        project.Replace("shop.kea", "  name: String\n  cost: Int\n", "  cost: Int\n  name: String\n");
        Assert.That(Affected(project).Edited, Is.Empty);
        Taken(project);
    }

    [Test]
    public void A_variant_concerns_those_who_match()
    {
        var project = Project();
        project.Replace("shop.kea", "  Cleared\n", "  Cleared\n  Moved(Int)\n");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("shop.kea", "Cleared -> 0", "Cleared -> 0\n    Moved(n) -> n");
        Assert.That(Affected(project).Contains("Shop.total"), Is.False);
        Taken(project);
    }

    [Test]
    public void A_derived_implementation_that_goes_is_missed_where_it_was_used()
    {
        var project = Project();
        project.Replace("shop.kea", "@derive(Eq, Show)", "@derive(Eq)");
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Has.Some.EqualTo("E0010"));
        project.Replace("shop.kea", "@derive(Eq)", "@derive(Show, Eq)");
        project.Replace("shop.kea", "n * 2", "n * 3");
        project.Edit();
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void Edits_of_types_and_of_functions_may_come_one_after_the_other()
    {
        var project = Project();
        for (var i = 0; i < 4; i++)
        {
            project.Replace("shop.kea", "  paid: Bool\n", $"  paid: Bool\n  @default({i})\n  more{i}: Int\n");
            project.Replace("app.kea", "paid: false", $"paid: false, more{i}: {i}");
            Taken(project);
            project.Replace("shop.kea", "fn unrelated(n: Int", $"fn unrelated(n: Int, p{i}: Int = {i}");
            Taken(project);
            project["shop.kea"] = System.Text.RegularExpressions.Regex.Replace(project["shop.kea"], @"\|sum, item\| .*\)", $"|sum, item| {i} + sum + item.cost)");
            Taken(project);
        }
    }

    [Test]
    public void A_type_that_a_generic_function_is_used_at_makes_new_code_of_it()
    {
        var project = Project();
        project.Replace("shop.kea", "  paid: Bool\n", "  paid: Int\n");
        project.Replace("app.kea", "paid: false", "paid: 0");
        Taken(project);
    }

    private static void Taken(EditedProject project)
    {
        var candidate = project.Edit();
        Assert.That(candidate.Plan.Verdict, Is.EqualTo(Verdict.Swap), string.Join("; ", candidate.Plan.Diagnostics.Select(d => d.Message)));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }
}
