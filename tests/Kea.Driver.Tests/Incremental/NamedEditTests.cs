using Kea.Driver.Incremental;
using Kea.Live;

namespace Kea.Driver.Tests.Incremental;

/// <summary>What is looked at again when effects, aliases and opaque types are edited, and that what comes out is what a look at everything gives.</summary>
public sealed class NamedEditTests
{
    private const string Parts = """
        @nodoc

        use List

        type Count = Int

        type Pairs = List (String, Count)

        type Rows = [Fail String, Ticking]

        effect Ticking
          fn tick() -> Int

        opaque Cents = Int

        struct Bill
          lines: Pairs
          paid: Bool

        trait Counted
          fn count(_ self: Self) -> Count

        Bill as Counted
          fn count(_ self: Bill) -> Count
            List.length(self.lines)

        const start: Count = 3

        fn bill(n: Int) -> Bill
          Bill { lines: [("x", n)], paid: false }

        fn lines(b: Bill) -> Int
          List.length(b.lines)

        fn counted(b: Bill) -> Int
          b.count() + start

        fn plus(n: Count) -> Count
          n + 1

        fn through(n: Int) -> Int
          plus(n) + 1

        fn inside(n: Int) -> Int
          let m: Count = n
          m * 2

        fn cents(n: Int) -> Cents
          Cents(n * 100)

        fn passed(c: Cents) -> Cents
          c

        fn amount(n: Int) -> Int
          let c = passed(cents(n))
          c.value

        fn ticks() -[Ticking]> Int
          Ticking.tick() + 1

        fn more() -[Ticking]> Int
          ticks()

        fn held() -[Rows]> Int
          ticks()

        fn unrelated(n: Int) -> Int
          n * 2

        """;

    private const string App = """
        use IO
        use Live
        use Step.{Continue, Step}
        use Parts

        fn step(n: Int) -[IO]> Step Int
          let b = Parts.bill(n)
          IO.println("{Parts.lines(b)} {Parts.counted(b)} {Parts.through(n)} {Parts.inside(n)} {Parts.amount(n)}")
          Continue(other(n))

        fn other(n: Int) -> Int
          Parts.unrelated(n)

        fn main() -[IO, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    private static readonly string[] Functions =
    [
        "bill", "lines", "counted", "plus", "through", "inside", "cents", "passed", "amount", "ticks", "more", "held", "unrelated", "Bill as Counted.count",
    ];

    private static EditedProject Project() => new(("app.kea", App), ("parts.kea", Parts));

    private static string[] Concerned(EditedProject project) => [.. project.Concerned([.. Functions.Select(f => $"Parts.{f}")]).Select(f => f["Parts.".Length..])];

    [Test]
    public void An_alias_concerns_those_who_name_it_and_what_is_declared_with_it()
    {
        var project = Project();
        project.Replace("parts.kea", "type Count = Int", "type Count = Int32");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("parts.kea", "type Pairs = List (String, Count)", "type Pairs = List (String, Int)");
        project.Replace("parts.kea", "let m: Count = n\n  m * 2", "let m: Count = 3\n  n * 2");
        project.Replace("parts.kea", "List.length(self.lines)", "2");
        project.Replace("parts.kea", "b.count() + start", "2");
        project.Replace("parts.kea", "plus(n) + 1", "2");
        Assert.That(Concerned(project), Is.SupersetOf((string[])["counted", "plus", "through", "inside", "Bill as Counted.count"]).And.Not.Contain("amount").And.Not.Contain("unrelated").And.Not.Contain("ticks"));
    }

    [Test]
    public void An_alias_in_the_fields_of_a_type_concerns_those_who_meet_the_type()
    {
        var project = Project();
        project.Replace("parts.kea", "type Pairs = List (String, Count)", "type Pairs = List (String, Count, Bool)");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("parts.kea", "(\"x\", n)", "(\"x\", n, true)");
        Assert.That(Concerned(project), Is.EqualTo((string[])["bill", "lines", "counted", "Bill as Counted.count"]));
    }

    [Test]
    public void A_new_alias_takes_the_place_of_what_its_name_meant()
    {
        var project = Project();
        project.Replace("app.kea", "use Parts\n", "use Parts\n\ntype T = Int\n");
        project.Replace("app.kea", "Parts.unrelated(n)", "Parts.unrelated(same(n))");
        project["app.kea"] += "\nfn same(x: T) -> T\n  x\n";
        project.Edit();
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
        project.Replace("app.kea", "type T = Int\n", "");
        Assert.That(project.Concerned("App.other", "App.same", "App.step", "Parts.unrelated"), Is.EqualTo((string[])["App.other", "App.same"]));
    }

    [Test]
    public void A_new_type_takes_the_place_of_an_imported_one_in_signatures()
    {
        var project = Project();
        project["app.kea"] += "\nfn paid(b: Bill) -> Bool\n  b.paid\n\nstruct Till\n  of: Bill\n\nfn till(t: Till) -> Bool\n  t.of.paid\n";
        project.Edit();
        project["app.kea"] += "\nstruct Bill\n  other: Int\n";
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Is.EqualTo((string[])["E0011", "E0011"]));
        project.Replace("app.kea", "  other: Int\n", "  paid: Bool\n");
        Assert.That(project.Concerned("App.paid", "App.till", "App.other", "Parts.amount"), Is.EqualTo((string[])["App.paid", "App.till"]));
    }

    [Test]
    public void An_opaque_type_concerns_those_who_meet_it()
    {
        var project = Project();
        project.Replace("parts.kea", "opaque Cents = Int", "opaque Cents = Float");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("parts.kea", "Cents(n * 100)", "Cents(Int.to_float(n))");
        project.Replace("parts.kea", "c.value", "if c.value > 2.0 then 1 else 0");
        Assert.That(Concerned(project), Is.EqualTo((string[])["cents", "passed", "amount"]));
    }

    [Test]
    public void A_const_that_is_the_size_of_a_type_concerns_who_names_it()
    {
        var project = Project();
        project["parts.kea"] += "\n@unboxed\nstruct Point\n  x: Int\n\n@unboxed\nstruct Line\n  from: Point\n\nconst size: Int = size_of(Line)\n\nconst origin: Line = Line { from: Point { x: 1 } }\n\nfn sized(n: Int) -> Int\n  n + size\n\nfn left(n: Int) -> Int\n  n + origin.from.x\n";
        project.Replace("parts.kea", "  n * 2\n\n@unboxed", "  sized(n) + left(n)\n\n@unboxed");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Swap));
        project.Replace("parts.kea", "  x: Int\n", "  x: Int\n  y: Int\n");
        project.Replace("parts.kea", "x: 1 }", "x: 1, y: 2 }");
        Assert.That(project.Concerned("Parts.sized", "Parts.left", "Parts.amount"), Is.EqualTo((string[])["Parts.sized", "Parts.left"]));
    }

    [Test]
    public void An_alias_may_become_an_opaque_type_and_an_opaque_type_a_struct()
    {
        var project = Project();
        project.Replace("parts.kea", "opaque Cents = Int", "struct Cents\n  value: Int");
        project.Replace("parts.kea", "Cents(n * 100)", "Cents { value: n }");
        Assert.That(Concerned(project), Is.EqualTo((string[])["cents", "passed", "amount"]));
        project.Replace("parts.kea", "type Count = Int", "opaque Count = Int");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        Assert.That(project.DifferencesFromWhole(), Is.Empty);
    }

    [Test]
    public void An_effect_concerns_those_who_name_it_and_those_who_call_them()
    {
        var project = Project();
        project.Replace("parts.kea", "fn tick() -> Int", "fn tick(by: Int) -> Int");
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Is.EqualTo((string[])["E0009"]));
        project.Replace("parts.kea", "Ticking.tick()", "Ticking.tick(2)");
        Assert.That(Concerned(project), Is.EqualTo((string[])["ticks", "more", "held"]));
        project.Replace("parts.kea", "fn tick(by: Int) -> Int\n", "fn tick(by: Int) -> Int\n  fn reset() -> Unit\n");
        Assert.That(Concerned(project), Is.EqualTo((string[])["ticks", "more", "held"]));
    }

    [Test]
    public void An_effect_that_goes_is_missed()
    {
        var project = Project();
        project.Replace("parts.kea", "effect Ticking\n  fn tick() -> Int\n\n", "");
        project.Replace("parts.kea", "type Rows = [Fail String, Ticking]", "type Rows = [Fail String]");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("parts.kea", "-[Ticking]> Int\n  Ticking.tick() + 1", "-> Int\n  1");
        Assert.That(project.Edit().Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        project.Replace("parts.kea", "-[Ticking]>", "->");
        Assert.That(Concerned(project), Is.EqualTo((string[])["ticks", "more", "held"]));
    }

    [Test]
    public void An_alias_of_a_row_concerns_those_whose_row_it_is()
    {
        var project = Project();
        project.Replace("parts.kea", "type Rows = [Fail String, Ticking]", "type Rows = [Fail String]");
        Assert.That(project.Edit().Plan.Diagnostics.Select(d => d.Code), Is.EqualTo((string[])["E0014"]));
        project.Replace("parts.kea", "type Rows = [Fail String]", "type Rows = [Fail Int, Ticking]");
        Assert.That(Concerned(project), Is.EqualTo((string[])["held"]));
    }

    [Test]
    public void An_effect_that_the_compiler_knows_has_everything_looked_at()
    {
        var project = Project();
        project["parts.kea"] += "\neffect Fail\n  fn fail(error: Int) -> Never\n";
        Assert.That(project.Compare(), Is.InstanceOf<SourceChange.Whole>());
    }
}
