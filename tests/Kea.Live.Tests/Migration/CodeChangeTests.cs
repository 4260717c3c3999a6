using Kea.Mir;
using static Kea.Live.Tests.Migration.MigrationTests;

namespace Kea.Live.Tests.Migration;

/// <summary>10.11.2 (a): a written <c>code_change</c> goes first, wherever its type occurs, and must fit what runs.</summary>
[TestFixture]
public class CodeChangeTests
{
    private const string OldTill = "@derive(Show)\nstruct Till\n  cents: Int\n  name: String\n";
    private const string NewTill = "@derive(Show)\nstruct Till\n  cents: Int\n  currency: String\n";
    private const string Written = "fn code_change(_ old: { cents: Int | r }) -> Till\n  Till { cents: old.cents * 10, currency: \"EUR\" }\n";

    [Test]
    public void Of_the_state_itself()
    {
        var run = Compile(OldTill, "Till { cents: 5, name: \"x\" }", NewTill + Written, "Till");
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, "Till(cents: 50, currency: EUR)\n", "")));
        Assert.That(run.Changes, Is.EqualTo("'Till' is migrated by `code_change`"));
        Assert.That((run.Migration.IsLossless, run.Migration.Inverse, run.Migration.CanFail), Is.EqualTo((false, (FunctionId?)null, false)));
    }

    [Test]
    public void Before_what_could_be_inferred_and_wherever_the_type_occurs()
    {
        var shop = "@derive(Show)\nstruct Shop\n  tills: List (Option Till)\n  n: Int8\n";
        var run = Compile(shop + OldTill, "Shop { tills: [Some(Till { cents: 1, name: \"x\" }), None], n: 1 }",
            shop.Replace("Int8", "Int") + NewTill.Replace("  currency", "  @default(\"USD\")\n  currency") + Written, "Shop");
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, "Shop(tills: [Some(Till(cents: 10, currency: EUR)), None], n: 1)\n", "")));
    }

    [Test]
    public void Not_where_the_layout_stayed() =>
        Assert.That(Compile(OldTill, "Till { cents: 5, name: \"x\" }", OldTill + Written.Replace("currency", "name"), "Till").Outcome, Is.InstanceOf<MigrationOutcome.Unchanged>());

    [TestCase("5", 0, "Till(cents: 5, currency: EUR)")]
    [TestCase("-5", 3, "below zero")]
    public void May_fail(string cents, int status, string printed)
    {
        var written = "fn code_change(_ old: { cents: Int | r }) -[Fail String]> Till\n  if old.cents < 0 then fail \"below zero\" else Till { cents: old.cents, currency: \"EUR\" }\n";
        var text = "use Vector\nfn text(_ s: Shop) -> String\n  Show.show(Vector.get_unsafe(s.more, 0))\n";
        var old = $"use Vector\nstruct Shop\n  tills: List Till\n  more: Vector Till\n{OldTill}fn make() -> Shop\n  Shop {{ tills: [Till {{ cents: 1, name: \"a\" }}], more: Vector.push(Vector.push(Vector.new(), Till {{ cents: 5, name: \"b\" }}), Till {{ cents: {cents}, name: \"c\" }}) }}\n";
        var run = new MigrationRun(old, text.Replace("use Vector\n", "use Vector\nstruct Shop\n  tills: List Till\n  more: Vector Till\n") + NewTill + written);
        Assert.That(run.Migration.CanFail, Is.True);
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(status, printed + "\n", "")));
    }

    [Test]
    public void May_panic_and_nothing_is_left()
    {
        var written = "fn code_change(_ old: { cents: Int | r }) -> Till\n  if old.cents == 2 then panic \"no\" else Till { cents: old.cents, currency: \"EUR\" }\n";
        var run = Compile("@derive(Show)\nstruct Shop\n  tills: List Till\n" + OldTill, "Shop { tills: [Till { cents: 1, name: \"a\" }, Till { cents: 2, name: \"b\" }] }",
            "@derive(Show)\nstruct Shop\n  tills: List Till\n" + NewTill + written, "Shop").Forward();
        Assert.That((run.Status, run.Error.Contains("no", StringComparison.Ordinal)), Is.EqualTo((101, true)), run.Error);
    }

    [Test]
    public void Per_variant()
    {
        var run = Compile("@derive(Show)\nenum Door\n  Open(since: Int8)\n  Shut\n  Ajar(by: Int)\n@derive(Show)\nstruct S\n  doors: List Door\n", "S { doors: [Open(since: 3), Shut, Ajar(by: 7)] }",
            "@derive(Show)\nenum Door\n  Shut\n  Open(since: Int)\n  Gone(String)\n@derive(Show)\nstruct S\n  doors: List Door\n"
            + "fn code_change_Ajar(_ old: { by: Int | r }) -> Door\n  Gone(\"by {old.by}\")\n");
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, "S(doors: [Open(3), Shut, Gone(by 7)])\n", "")));
    }

    [Test]
    public void From_an_enum_to_a_struct()
    {
        var run = Compile("@derive(Show)\nenum S\n  On(level: Int)\n  Off\n", "On(level: 4)",
            "@derive(Show)\nstruct S\n  level: Int\nfn code_change_On(_ old: { level: Int | r }) -> S\n  S { level: old.level }\nfn code_change_Off(_ old: { | r }) -> S\n  S { level: 0 }\n");
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, "S(level: 4)\n", "")));
    }

    [Test]
    public void Of_a_generic_type_and_with_fields_that_migrate_themselves()
    {
        var run = Compile("@derive(Show)\nstruct S\n  a: Box P\n@derive(Show)\nstruct Box a\n  it: a\n@derive(Show)\nstruct P\n  x: Int\n", "S { a: Box { it: P { x: 1 } } }",
            "@derive(Show)\nstruct S\n  a: Box P\n@derive(Show)\nstruct Box a\n  all: List a\n@derive(Show)\nstruct P\n  x: Int\n  y: Option Int\nfn code_change(_ old: { it: a | r }) -> Box a\n  Box { all: [old.it, old.it] }\n");
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, "S(a: Box(all: [P(x: 1, y: None), P(x: 1, y: None)]))\n", "")));
    }

    [Test]
    public void From_a_state_of_another_type()
    {
        var run = new MigrationRun("struct A\n  x: Int\nfn make() -> A\n  A { x: 1 }\n", "@derive(Show)\nstruct B\n  y: Int\nfn code_change(_ old: { x: Int | r }) -> B\n  B { y: old.x }\n" + Text("B"));
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, "B(y: 1)\n", "")));
    }

    [Test]
    public void Of_a_type_that_holds_itself()
    {
        var run = Compile("@derive(Show)\nstruct S\n  x: Int\n  next: Option S\n", "S { x: 1, next: Some(S { x: 2, next: None }) }",
            "@derive(Show)\nstruct S\n  text: String\n  then: Option S\nfn code_change(_ old: { x: Int, next: Option S | r }) -> S\n  S { text: \"x{old.x}\", then: old.next }\n");
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, "S(text: x1, then: Some(S(text: x2, then: None)))\n", "")));
    }

    [TestCase("fn code_change(_ old: { cents: String | r }) -> Till\n  Till { cents: 1, currency: old.cents }\n",
        "field 'cents' of 'Till' is Int in the running version; `code_change` asks for String", "cents", "Int", "String")]
    [TestCase("fn code_change(_ old: { euros: Int | r }) -> Till\n  Till { cents: old.euros, currency: \"\" }\n",
        "`code_change` asks for field 'euros' of 'Till', which the running version does not have (it has cents: Int, name: String)", "euros", "", "Int")]
    [TestCase("fn code_change(_ old: { cents: Int }) -> Till\n  Till { cents: old.cents, currency: \"\" }\n",
        "`code_change` takes a closed record without field 'name', which 'Till' has: end its row with `| r`", "name", "String", "")]
    [TestCase("fn code_change(_ old: Till) -> Till\n  old\n", "`code_change` must take one record row: `code_change(_ old: { … | r })`", "", "", "")]
    [TestCase("fn code_change(_ old: { cents: Int | r }) -[Fail Int]> Till\n  fail old.cents\n", "`code_change` has the effects `-[Fail Int]>`; it must be pure, or fail with a String", "", "", "")]
    [TestCase("fn code_change(_ old: { cents: Int | r }) -[IO]> Till\n  Till { cents: old.cents, currency: \"\" }\n", "`code_change` has the effects `-[IO]>`; it must be pure, or fail with a String", "", "", "")]
    public void Is_refused_where_it_does_not_fit(string written, string sentence, string field, string runs, string asked)
    {
        var run = Compile(OldTill, "Till { cents: 5, name: \"x\" }", NewTill + written, "Till");
        var refused = (MigrationOutcome.Refused)run.Outcome;
        Assert.That((refused.Rule, refused.Obstacles.Single().Sentence), Is.EqualTo(("L013", sentence)));
        Assert.That((refused.Obstacles[0].Field, refused.Obstacles[0].OldType, refused.Obstacles[0].NewType), Is.EqualTo((field, runs, asked)));
    }
}
