using Kea.Driver.Incremental;
using Kea.Live;

namespace Kea.Driver.Tests.Incremental;

/// <summary>What is looked at again when traits and implementations for types of the library are edited, and that what comes out is what a look at everything gives.</summary>
public sealed class TraitEditTests
{
    private const string Measures = """
        @nodoc

        use List

        trait Sized
          fn size(_ self: Self) -> Int

          fn twice(_ self: Self) -> Int
            self.size() * 2

          fn large(_ self: Self) -> Bool
            self.size() > 10

        trait Weighed: Sized
          fn weight(_ self: Self) -> Int

        struct Parcel
          side: Int

        struct Box(a)
          inside: a

        Parcel as Sized
          fn size(_ self: Parcel) -> Int
            self.side

        Parcel as Weighed
          fn weight(_ self: Parcel) -> Int
            self.side * 3

        Int as Sized
          fn size(_ self: Int) -> Int
            self

        Box a as Show where a: Sized
          fn show(_ self: Box a) -> String
            "box of {self.inside.size()}"

        fn sum(xs: List a) -> Int where a: Sized
          List.fold(xs, 0, |sum, x| sum + x.size())

        fn heavy(x: a) -> Int where a: Weighed
          x.weight() + x.size()

        fn of_parcels(n: Int) -> Int
          sum([Parcel { side: n }])

        fn of_numbers(n: Int) -> Int
          sum([n, 2])

        fn doubled(n: Int) -> Int
          n.twice()

        fn shown(n: Int) -> String
          "{Box { inside: n }}"

        fn side(p: Parcel) -> Int
          p.side + 1

        fn unrelated(n: Int) -> Int
          n * 2

        """;

    private const string App = """
        use IO
        use Live
        use Step.{Continue, Step}
        use Measures

        fn step(n: Int) -[IO]> Step Int
          IO.println("{Measures.of_parcels(n)} {Measures.of_numbers(n)} {Measures.doubled(n)} {Measures.shown(n)} {Measures.unrelated(n)}")
          IO.println("{Measures.side(Measures.Parcel { side: n })} {Measures.heavy(Measures.Parcel { side: n })}")
          Continue(n + 1)

        fn main() -[IO, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    private static readonly string[] Functions =
    [
        "Sized.twice", "Sized.large", "Parcel as Sized.size", "Parcel as Weighed.weight", "sum", "heavy", "of_parcels", "of_numbers", "doubled", "shown", "side", "unrelated",
    ];

    private static EditedProject Project() => new(("app.kea", App), ("measures.kea", Measures));

    private static string[] Concerned(EditedProject project) => [.. project.Concerned([.. Functions.Select(f => $"Measures.{f}")]).Select(f => f["Measures.".Length..])];

    [Test]
    public void A_default_concerns_itself_alone()
    {
        var project = Project();
        project.Replace("measures.kea", "self.size() * 2", "self.size() * 3");
        Assert.That(project.Compare(), Is.InstanceOf<SourceChange.Functions>());
        project.Replace("measures.kea", "fn unrelated", "struct Other\n  only: Int\n\nfn unrelated");
        Assert.That(Concerned(project), Is.EqualTo((string[])["Sized.twice"]));
    }

    [Test]
    public void A_method_concerns_those_who_implement_the_trait_or_are_bounded_by_it_and_their_callers()
    {
        var project = Project();
        project.Replace("measures.kea", "  fn weight(_ self: Self) -> Int\n", "  fn weight(_ self: Self) -> Int\n\n  fn light(_ self: Self) -> Bool\n    self.weight() < 3\n");
        Assert.That(Concerned(project), Is.EqualTo((string[])["Parcel as Weighed.weight", "heavy"]));
        project["measures.kea"] = Measures;
        Assert.That(Concerned(project), Is.EqualTo((string[])["Parcel as Weighed.weight", "heavy"]));
    }

    [Test]
    public void A_method_that_nobody_implements_is_missed()
    {
        var project = Project();
        project.Replace("measures.kea", "  fn weight(_ self: Self) -> Int\n", "  fn weight(_ self: Self) -> Int\n\n  fn light(_ self: Self) -> Bool\n");
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Is.EqualTo((string[])["E0010"]));
    }

    [Test]
    public void A_method_with_another_signature_concerns_those_who_name_it()
    {
        var project = Project();
        project.Replace("measures.kea", "fn twice(_ self: Self) -> Int\n    self.size() * 2", "fn twice(_ self: Self, by: Int = 2) -> Int\n    self.size() * by");
        Assert.That(Concerned(project), Does.Contain("doubled").And.Not.Contain("unrelated").And.Not.Contain("side"));
        project.Replace("measures.kea", "fn twice(_ self: Self, by: Int = 2) -> Int", "fn twice(_ self: Self, by: String) -> Int");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void A_default_that_goes_is_missed_where_it_was_not_overridden()
    {
        var project = Project();
        project.Replace("measures.kea", "  fn large(_ self: Self) -> Bool\n    self.size() > 10\n", "  fn large(_ self: Self) -> Bool\n");
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Has.All.EqualTo("E0010"));
        project.Replace("measures.kea", "Int\n    self.side\n", "Int\n    self.side\n\n  fn large(_ self: Parcel) -> Bool\n    true\n");
        project.Replace("measures.kea", "Int\n    self\n", "Int\n    self\n\n  fn large(_ self: Int) -> Bool\n    true\n");
        Assert.That(Concerned(project), Does.Contain("sum").And.Not.Contain("unrelated"));
    }

    [Test]
    public void A_supertrait_that_goes_is_missed_by_those_who_relied_on_it()
    {
        var project = Project();
        project.Replace("measures.kea", "trait Weighed: Sized", "trait Weighed");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("measures.kea", "where a: Weighed", "where a: Weighed, a: Sized");
        Assert.That(Concerned(project), Does.Contain("heavy").And.Not.Contain("unrelated").And.Not.Contain("sum"));
        project["measures.kea"] = Measures;
        Assert.That(Concerned(project), Does.Contain("heavy").And.Not.Contain("unrelated").And.Not.Contain("sum"));
    }

    [Test]
    public void A_supertrait_of_the_library_is_relied_on_without_its_name()
    {
        var project = Project();
        project.Replace("measures.kea", "trait Weighed: Sized", "trait Weighed: Sized + Show");
        project.Replace("measures.kea", "struct Parcel\n", "@derive(Show)\nstruct Parcel\n");
        project.Edit();
        project.Replace("measures.kea", "x.weight() + x.size()", "Text.length(\"{x}\")");
        project.Replace("measures.kea", "use List\n", "use List\nuse Text\n");
        project.Edit();
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
        project.Replace("measures.kea", "trait Weighed: Sized + Show", "trait Weighed: Sized");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
    }

    [Test]
    public void A_trait_that_is_new_or_gone_concerns_those_who_implement_it_or_name_it()
    {
        var project = Project();
        var named = "trait Named\n  fn name(_ self: Self) -> String\n    \"parcel\"\n\n  fn other(_ self: Self) -> Int\n\nParcel as Named\n  fn other(_ self: Parcel) -> Int\n    3\n\n";
        project.Replace("measures.kea", "fn sum(", named + "fn sum(");
        project.Replace("measures.kea", "p.side + 1", "p.side + p.other()");
        Assert.That(Concerned(project), Does.Contain("side").And.Not.Contain("unrelated").And.Not.Contain("of_numbers").And.Not.Contain("sum"));
        project["measures.kea"] = Measures;
        Assert.That(Concerned(project), Does.Contain("side").And.Not.Contain("unrelated").And.Not.Contain("of_numbers").And.Not.Contain("sum"));
    }

    [Test]
    public void An_implementation_for_a_type_of_the_library_concerns_those_who_use_the_trait()
    {
        var project = Project();
        project.Replace("measures.kea", "Int\n    self\n", "Int\n    self\n\n  fn twice(_ self: Int) -> Int\n    self + self + 1\n");
        var concerned = Concerned(project);
        Assert.That(concerned, Does.Contain("doubled").And.Contain("of_numbers").And.Contain("sum"));
        Assert.That(concerned, Does.Not.Contain("unrelated").And.Not.Contain("side"));
        project["measures.kea"] = Measures;
        Assert.That(Concerned(project), Is.EqualTo(concerned));
    }

    [Test]
    public void An_implementation_for_a_type_of_the_library_that_goes_is_missed_even_by_those_who_do_not_name_its_trait()
    {
        var project = Project();
        project.Replace("measures.kea", "Int as Sized\n  fn size(_ self: Int) -> Int\n    self\n\n", "");
        project.Replace("measures.kea", "sum([n, 2])", "n");
        project.Replace("measures.kea", "n.twice()", "n + n");
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Is.EqualTo((string[])["E0010"]));
        project.Replace("measures.kea", "\"{Box { inside: n }}\"", "\"{Box { inside: Parcel { side: n } }}\"");
        Assert.That(Concerned(project), Does.Contain("shown").And.Not.Contain("unrelated").And.Not.Contain("side"));
    }

    [Test]
    public void An_associated_type_concerns_those_who_are_bounded_by_its_trait()
    {
        var project = Project();
        project["measures.kea"] += """

            trait Holding
              type Held = Int

              fn held(_ self: Self) -> Self.Held

            Parcel as Holding where Held = Int
              fn held(_ self: Parcel) -> Int
                self.side

            Int as Holding
              fn held(_ self: Int) -> Int
                self

            fn whole(x: a) -> Int where a: Holding, a.Held = Int
              x.held()

            fn any(x: a) -> a.Held where a: Holding
              x.held()

            """;
        project.Replace("measures.kea", "n.twice()", "whole(n) + whole(Parcel { side: n }) + any(n)");
        project.Edit();
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
        project.Replace("measures.kea", "Held = Int\n  fn held(_ self: Parcel) -> Int\n    self.side", "Held = Bool\n  fn held(_ self: Parcel) -> Bool\n    self.side > 2");
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Is.EqualTo((string[])["E0010"]));
        project.Replace("measures.kea", "whole(Parcel { side: n })", "(if any(Parcel { side: n }) then 1 else 0)");
        Assert.That(Concerned(project), Does.Contain("doubled").And.Not.Contain("sum").And.Not.Contain("unrelated"));
        project.Replace("measures.kea", "type Held = Int", "type Held = String");
        project.Replace("measures.kea", "Int as Holding\n  fn held(_ self: Int) -> Int\n    self", "Int as Holding\n  fn held(_ self: Int) -> String\n    \"{self}\"");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("measures.kea", "whole(n) + ", "");
        project.Replace("measures.kea", "+ any(n)", "+ (if any(n) == \"1\" then 1 else 0)");
        Assert.That(Concerned(project), Does.Contain("doubled").And.Not.Contain("sum").And.Not.Contain("unrelated"));
    }

    [Test]
    public void A_trait_with_a_method_of_the_library_has_everything_looked_at()
    {
        var project = Project();
        project["measures.kea"] += "\ntrait Shown\n  fn show(_ self: Self) -> String\n";
        Assert.That(project.Compare(), Is.InstanceOf<SourceChange.Whole>());
    }
}
