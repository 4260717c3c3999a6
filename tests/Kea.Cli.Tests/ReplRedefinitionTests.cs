namespace Kea.Cli.Tests;

/// <summary>What later inputs change about earlier ones (14.9.4), and what they may not.</summary>
public sealed class ReplRedefinitionTests : ReplTest
{
    [Test]
    public void Functions_see_what_let_has_bound_and_stay_pure() => Transcript("""
        let rate = 3
        fn price(n: Int) -> Int
          n * rate

        fn hidden(rate: Int) -> Int
          rate

        price(2)
        hidden(9)
        let rate = 10
        price(2)
        :type price
        """, """
        rate : Int
        fn price(n: Int) -> Int
        fn hidden(rate: Int) -> Int
        6 : Int
        9 : Int
        rate : Int
        20 : Int
        fn(Int) -> Int
        """);

    [Test]
    public void Methods_and_implementations_see_what_let_has_bound() => Transcript("""
        let unit = "EUR"
        struct Till
          cents: Int
          fn text(self: Till) -> String
            "{self.cents} {unit}"

        Till as Show
          fn show(self: Till) -> String
            "a till of {self.text()}"

        Till { cents: 5 }
        """, """
        unit : String
        struct Till
        Till as Show
        a till of 5 EUR : Till
        """);

    [Test]
    public void A_let_of_another_type_must_fit_the_functions_that_use_it()
    {
        var result = Repl("let x = 1\nfn f() -> Int\n  x\n\nlet x = \"two\"\nf()\nfn f() -> Int\n  5\n\nlet x = \"two\"\nx\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo("x : Int\nfn f() -> Int\n1 : Int\nfn f() -> Int\nx : String\ntwo : String\n"));
            Assert.That(result.Error, Does.Contain("--> input 2:2:3").And.Contains("not bound: definitions above mean another `x`"));
        }
    }

    [Test]
    public void A_let_may_use_the_value_that_its_name_had() => Transcript("""
        let n = 1
        fn more() -> Int
          n + 1

        let n = more() + n
        let n = more() + n
        n
        """, """
        n : Int
        fn more() -> Int
        n : Int
        n : Int
        7 : Int
        """);

    [Test]
    public void Values_that_no_name_means_any_more_do_not_bind_their_type() => Transcript("""
        struct Till
          cents: Int

        let till = Till { cents: 5 }
        let till = "none"
        struct Till
          cents: String

        Till { cents: "five" }
        """, """
        struct Till
        till : Till
        till : String
        struct Till
        Till(cents: five) : Till
        """);

    [Test]
    public void A_refused_type_names_the_let_that_holds_it_and_the_way_out_works()
    {
        var result = Repl("""
            struct Till
              cents: Int

            let till = Till { cents: 5 }
            let tills = [till, till]
            struct Till
              cents: String

            struct Till
              cents: String
              fn code_change(_ old: { cents: Int | r }) -> Till
                Till { cents: "{old.cents} cents" }

            tills

            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo("struct Till\ntill : Till\ntills : List Till\nstruct Till\n[Till(cents: 5 cents), Till(cents: 5 cents)] : List Till\n"));
            Assert.That(result.Error, Does.Contain("L012: field 'cents' of 'Till' changed from Int to String, held by `let till`").And.Contains("held by `let tills`"));
            Assert.That(result.Error, Does.Not.Contain("ReplSession").And.Not.Contain("Live.keep"));
        }
    }

    [Test]
    public void A_closure_keeps_the_old_version_of_what_is_redefined_and_new_ones_get_the_new() => Transcript("""
        fn maker(by: Int) -> fn(Int) -> Int
          |n| n + by

        let old = maker(1)
        fn maker(by: Int) -> fn(Int) -> Int
          |n| n * by

        let new = maker(3)
        (old(10), new(10))
        """, """
        fn maker(by: Int) -> fn(Int) -> Int
        old : fn(Int) -> Int
        fn maker(by: Int) -> fn(Int) -> Int
        new : fn(Int) -> Int
        (11, 30) : (Int, Int)
        """);

    [Test]
    public void An_implementation_is_replaced_for_values_that_are_there() => Transcript("""
        enum Light
          Red
          Green

        Light as Show
          fn show(self: Light) -> String
            "old"

        let lights = [Red, Green]
        lights
        Light as Show
          fn show(self: Light) -> String
            "new"

        lights
        """, """
        enum Light
        Light as Show
        lights : List Light
        [old, old] : List Light
        Light as Show
        [new, new] : List Light
        """);

    [Test]
    public void A_generic_function_is_replaced_at_all_its_types() => Transcript("""
        fn pick(x: a, y: a) -> a
          x

        fn picked() -> (Int, String)
          (pick(1, 2), pick("one", "two"))

        let named = |n: Int| pick(n, 0)
        picked()
        fn pick(x: a, y: a) -> a
          y

        (picked(), pick(1.5, 2.5))
        fn pick(x: a, y: a) -> List a
          [y]

        picked()
        """, """
        fn pick(x: a, y: a) -> a
        fn picked() -> (Int, String)
        named : fn(Int) -> Int
        (1, one) : (Int, String)
        fn pick(x: a, y: a) -> a
        ((2, two), 2.5) : ((Int, String), Float)
        (2, two) : (Int, String)
        """, "this is `List Int`");

    [Test]
    public void A_signature_changes_together_with_its_callers_when_they_come_as_one_input()
    {
        Write("both.kea", "fn f(n: Int) -> String\n  \"{n}\"\n\nfn g() -> String\n  f(1)\n");
        Assert.That(Repl("fn f(n: Int) -> Int\n  n\n\nfn g() -> Int\n  f(1)\n\n:load both.kea\ng()\n").Output, Does.EndWith("fn f(n: Int) -> String\nfn g() -> String\n1 : String\n"));
    }

    [Test]
    public void A_function_that_takes_the_name_of_a_value_replaces_it_and_the_other_way_round() => Transcript("""
        let f = 1
        fn f() -> Int
          2

        f()
        let f = 3
        f
        """, """
        f : Int
        fn f() -> Int
        2 : Int
        f : Int
        3 : Int
        """);

    [Test]
    public void An_effect_declared_here_may_be_performed_by_functions_and_not_by_inputs()
    {
        var result = Repl("effect Ask\n  fn ask() -> Int\n\nfn curious() -[Ask]> Int\n  Ask.ask() + 1\n\ncurious()\nlet c = curious\n1 + 1\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Is.EqualTo("effect Ask\nfn curious() -[Ask]> Int\n2 : Int\n"));
            Assert.That(result.Error, Does.Contain("error[E0015]: unhandled effect `Ask`").And.Contains("a function that performs `Ask` cannot be a value here"));
        }
    }

    [Test]
    public void After_errors_and_panics_everything_is_as_it_was() => Transcript("""
        fn f(n: Int) -> Int
          n

        let x = 10 / f(0)
        fn f(n: Int) -> Nope
          n

        let x = f("s")
        f(7)
        """, """
        fn f(n: Int) -> Int
        7 : Int
        """, "division by zero", "Nope", "error[E0001]");

    [Test]
    public void A_rollback_keeps_values_and_takes_back_definitions() => Transcript("""
        fn f() -> Int
          1

        let kept = f()
        fn f() -> Int
          2

        let kept = kept + f()
        :rollback
        (kept, f())
        """, """
        fn f() -> Int
        kept : Int
        fn f() -> Int
        kept : Int
        taken back: fn f() -> Int
        (3, 1) : (Int, Int)
        """);

    [Test]
    public void A_type_that_a_value_has_is_not_taken_back_before_the_value_is_gone() => Transcript("""
        struct P
          x: Int

        let p = P { x: 1 }
        :rollback
        p.x
        let p = 2
        :rollback
        P { x: 3 }
        """, """
        struct P
        p : P
        1 : Int
        p : Int
        taken back: struct P
        """, "`struct P` stays: `p` would lose its type", "`let p = ()`", "unknown type `P`");

    [Test]
    public void A_definition_that_earlier_ones_do_not_fit_is_refused_with_a_way_to_change_both() => Transcript("""
        enum Shape
          Dot
          Square(Int)
        fn area(s: Shape) -> Int
          case s
            Dot -> 0
            Square(n) -> n * n
        enum Shape
          Dot
          Square(Int)
          Line(Int)
        area(Shape.Square(3))
        """, """
        enum Shape
        fn area(s: Shape) -> Int
        9 : Int
        """, "missing: Line(_)", "paste them as one input, or `:load` a file that has them");

    [Test]
    public void A_trait_ends_where_its_block_does() => Transcript("""
        trait Sized
          fn size(_ self: Self) -> Int
        Int as Sized
          fn size(_ self: Int) -> Int
            self
        4.size()
        """, """
        trait Sized
        Int as Sized
        4 : Int
        """);
}
