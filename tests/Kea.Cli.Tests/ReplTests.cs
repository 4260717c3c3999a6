namespace Kea.Cli.Tests;

/// <summary><c>kea repl</c> (14.9), by what it prints for what is piped into it.</summary>
public sealed class ReplTests : ReplTest
{
    [Test]
    public void Shows_values_with_types_and_keeps_what_let_binds() => Transcript("""
        1 + 2
        let x = 20 + 1
        x * 2
        let (a, b) = (x, "two")
        "{b} {a}"
        let x = "other"
        x
        """, """
        3 : Int
        x : Int
        42 : Int
        a : Int
        b : String
        two 21 : String
        x : String
        other : String
        """);

    [Test]
    public void Evaluates_a_let_once() => Transcript("""
        fn noisy() -[IO]> Int
          IO.println("evaluated")
          7

        let n = noisy()
        n + 1
        n + 2
        """, """
        fn noisy() -[IO]> Int
        evaluated
        n : Int
          effects: [IO]
        8 : Int
        9 : Int
        """);

    [Test]
    public void A_redefinition_serves_earlier_definitions_too() => Transcript("""
        fn step(n: Int) -> Int
          n + 1

        fn twice(n: Int) -> Int
          step(step(n))

        twice(1)
        fn step(n: Int) -> Int
          n * 10

        twice(1)
        :rollback
        twice(1)
        """, """
        fn step(n: Int) -> Int
        fn twice(n: Int) -> Int
        3 : Int
        fn step(n: Int) -> Int
        100 : Int
        taken back: fn step(n: Int) -> Int
        3 : Int
        """);

    [Test]
    public void Closures_keep_their_code_and_named_functions_are_bound_late() => Transcript("""
        fn add(n: Int) -> Int
          n + 1

        let by = 5
        let closure = |n: Int| n + by
        let named = add
        fn add(n: Int) -> Int
          n + 100

        closure(1)
        named(1)
        """, """
        fn add(n: Int) -> Int
        by : Int
        closure : fn(Int) -> Int
        named : fn(Int) -> Int
        fn add(n: Int) -> Int
        6 : Int
        101 : Int
        """);

    [Test]
    public void Values_without_Show_are_shown_by_what_they_are_made_of() => Transcript("""
        struct Point
          x: Int
          name: String

        enum Shape
          Dot
          Line(Point, Int)

        let p = Point { x: 1, name: "p" }
        p
        (Line(p, 2), [Some(Dot), None])
        |n: Int| n
        ()
        """, """
        struct Point
        enum Shape
        p : Point
        Point(x: 1, name: p) : Point
        (Line(Point(x: 1, name: p), 2), [Some(Dot), None]) : (Shape, List (Option Shape))
        <function> : fn(Int) -> Int
        () : Unit
        """);

    [Test]
    public void A_panic_ends_the_evaluation_and_not_the_session()
    {
        var result = Repl("let x = 1\nlet zero = 0\nx / zero\nlet y = x / zero\ny\nx + 1\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Status, Is.Zero);
            Assert.That(result.Output, Is.EqualTo("x : Int\nzero : Int\n2 : Int\n"));
            Assert.That(result.Error, Does.Contain("division by zero").And.Contains("error[E0005]"));
        }
    }

    [Test]
    public void A_panic_tells_its_place_in_the_input()
    {
        var result = Repl("let zero = 0\nfn inner(n: Int) -> Int\n  n / zero\n\n1 +\n  1 / zero\ninner(1)\nList.map([1], |n| n / zero)\n");
        Assert.That(result.Error, Is.EqualTo("""
            panic: integer division by zero
              at input 3:2:3
            panic: integer division by zero
              in inner, defined at the prompt
              backtrace:
                ReplSession.inner
            panic: integer division by zero
              at input 5:1:19
              backtrace:
                List.map(Int, Int)

            """));
    }

    [Test]
    public void Errors_are_ordinary_diagnostics_at_the_place_in_the_input()
    {
        var result = Repl("fn f(n: Int) -> Int\n  n\n\nlet s = 1\nf(\"no\")\nfn f(n: Int) -> String\n  n\n\nf(3)\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo("fn f(n: Int) -> Int\ns : Int\n3 : Int\n"));
            Assert.That(result.Error, Does.Contain("error[E0001]").And.Contains("--> input 3:1:3").And.Contains("--> input 4:2:3"));
            Assert.That(result.Error, Does.Not.Contain("kea_repl_"));
        }
    }

    [Test]
    public void A_changed_type_takes_living_values_along()
    {
        var result = Repl("struct Till\n  cents: Int\n\nlet till = Till { cents: 5 }\nstruct Till\n  cents: Int\n  note: Option String\n\ntill.note\ntill.cents\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo("struct Till\ntill : Till\nstruct Till\nNone : Option String\n5 : Int\n"));
            Assert.That(result.Error, Is.EqualTo("L011: field 'note' of 'Till' (Option String) was added: it becomes None\n"));
        }
    }

    [Test]
    public void A_type_change_that_living_values_cannot_follow_is_refused_with_the_rule()
    {
        var result = Repl("struct Till\n  cents: Int\n\nlet till = Till { cents: 5 }\nstruct Till\n  cents: String\n\ntill.cents + 1\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo("struct Till\ntill : Till\n6 : Int\n"));
            Assert.That(result.Error, Does.Contain("L012"));
        }
    }

    [Test]
    public void An_effect_that_nobody_serves_is_refused_and_nothing_runs()
    {
        var result = Repl("effect Ask\n  fn ask() -> Int\n\nAsk.ask()\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo("effect Ask\n"));
            Assert.That(result.Error, Does.Contain("error[E0015]: unhandled effect `Ask`"));
        }
    }

    [Test]
    public void Tells_types_and_effects_without_evaluating() => Transcript("""
        :type 1 + 1
        :type IO.println("no")
        :effects IO.println("no")
        :effects 1
        """, """
        Int
        Unit
        IO from IO.println (line 1)
        pure
        """);

    [Test]
    public void Loads_exports_and_forgets_definitions()
    {
        Write("defs.kea", "doc The square of `n`.\nfn square(n: Int) -> Int\n  n * n\n\nfn main() -> ()\n  ()\n");
        var result = Repl(":load defs.kea\nsquare(4)\n:doc square\n:export out.kea\n:reset\nsquare(4)\n:env\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo("fn square(n: Int) -> Int\n16 : Int\nfn square(n: Int) -> Int\n\nThe square of `n`.\n"));
            Assert.That(result.Error, Does.Contain("error[E0005]"));
            Assert.That(File.ReadAllText(PathOf("out.kea")), Is.EqualTo("doc The square of `n`.\nfn square(n: Int) -> Int\n  n * n\n"));
        }
    }

    [Test]
    public void Uses_modules_of_the_folder_and_takes_their_changes()
    {
        Write("shop.kea", "pub fn price() -> Int\n  3\n");
        Write("later.txt", "pub fn price() -> Int\n  4\n");
        var script = Write("script.txt", "use Shop\nShop.price()\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Kea("repl", "--script", script).Output, Is.EqualTo("3 : Int\n"));
            Assert.That(Repl("use Shop\nShop.price()\nIO.write_file(\"shop.kea\", IO.read_file(\"later.txt\"))\nShop.price()\n").Output, Does.EndWith("4 : Int\n"));
        }
    }

    [Test]
    public void Ends_with_the_status_of_the_program_or_of_quit()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Repl("IO.exit(7)\n1\n"), Has.Property("Status").EqualTo(7).And.Property("Output").Empty);
            Assert.That(Repl(":quit\n1\n"), Has.Property("Status").Zero.And.Property("Output").Empty);
        }
    }

    [Test]
    public void Unknown_commands_are_named()
    {
        Assert.That(Repl(":tyqe 1\n").Error, Is.EqualTo("unknown command `:tyqe`; did you mean `:type`?\n"));
    }
}
