using Kea.Mir;
using static Kea.Live.Tests.Migration.MigrationTests;

namespace Kea.Live.Tests.Migration;

/// <summary>What cannot be migrated is refused with the exact field, both types and a way out.</summary>
[TestFixture]
public class RefusalTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        TestCaseData Case(string name, string old, string value, string now, string sentence, string path, string wayOut) =>
            new TestCaseData(old, value, now, sentence, path, wayOut).SetArgDisplayNames(name);
        const string S = "struct S\n";

        yield return Case("another type", S + "  port: Int\n", "S { port: 1 }", S + "  port: String\n",
            "field 'port' of 'S' changed from Int to String", "state.port", "write `fn code_change(_ old: { port: Int | r }) -> S` in module Main");
        yield return Case("narrowed", S + "  port: Int\n", "S { port: 1 }", S + "  port: Int16\n",
            "field 'port' of 'S' changed from Int to Int16", "state.port", "write `fn code_change(_ old: { port: Int | r }) -> S` in module Main");
        yield return Case("unsigned to signed of one width", S + "  a: UInt32\n", "S { a: 1 }", S + "  a: Int32\n",
            "field 'a' of 'S' changed from UInt32 to Int32", "state.a", "write `fn code_change(_ old: { a: UInt32 | r }) -> S` in module Main");
        yield return Case("no longer an Option", S + "  a: Option Int\n", "S { a: None }", S + "  a: Int\n",
            "field 'a' of 'S' changed from Option Int to Int", "state.a", "write `fn code_change(_ old: { a: Option Int | r }) -> S` in module Main");
        yield return Case("an Option of another type", S + "  a: Int\n", "S { a: 1 }", S + "  a: Option String\n",
            "field 'a' of 'S' changed from Int to Option String", "state.a", "write `fn code_change(_ old: { a: Int | r }) -> S` in module Main");
        yield return Case("added without a value", S + "  a: Int\n", "S { a: 1 }", S + "  a: Int\n  b: List Int\n",
            "field 'b' of 'S' (List Int) was added and has no value for state that is there already", "state.b", "give it `@default(…)`, make it `Option (List Int)`, or write `fn code_change(_ old: { | r }) -> S` in module Main");
        yield return Case("deep inside", S + "  all: Map String (List T)\nstruct T\n  x: Int\n", "S { all: %{\"a\" => [T { x: 1 }]} }", S + "  all: Map String (List T)\nstruct T\n  x: Bool\n",
            "field 'x' of 'T' changed from Int to Bool", "state.all[][].x", "write `fn code_change(_ old: { x: Int | r }) -> T` in module Main");
        yield return Case("elements", S + "  a: List Int\n", "S { a: [] }", S + "  a: List String\n",
            "an element of field 'a' of 'S' changed from Int to String", "state.a[]", "write `fn code_change(_ old: { a: List Int | r }) -> S` in module Main");
        yield return Case("values of a map", S + "  a: Map Int (Int, Bool)\n", "S { a: %{1 => (1, true)} }", S + "  a: Map Int String\n",
            "an element of field 'a' of 'S' changed from (Int, Bool) to String", "state.a[]", "write `fn code_change(_ old: { a: Map(Int, (Int, Bool)) | r }) -> S` in module Main");
        yield return Case("in a variant", S + "  e: E\nenum E\n  A(x: Int)\n  B\n", "S { e: B }", S + "  e: E\nenum E\n  A(x: String)\n  B\n",
            "field 'x' of 'E.A' changed from Int to String", "state.e.x", "write `fn code_change_A(_ old: { x: Int | r }) -> E` in module Main");
        yield return Case("variant removed", S + "  e: E\nenum E\n  A(x: Int)\n  B\n", "S { e: B }", S + "  e: E\nenum E\n  B\n  C\n",
            "variant 'A' of 'E' was removed", "state.e.A", "keep it, or write `fn code_change_A(_ old: { x: Int | r }) -> E` in module Main");
        yield return Case("positions without names", S + "  e: E\nenum E\n  A(Int)\n  B\n", "S { e: B }", S + "  e: E\nenum E\n  A(Option Int, Int)\n  B\n",
            "variant 'A' of 'E' has 2 fields instead of 1, and not all of them have names to match by", "state.e.A", "name its fields, or write `fn code_change_A(_ old: { | r }) -> E` in module Main");
        yield return Case("key of a map", S + "  m: Map K Int\n@derive(Eq, Hash)\nstruct K\n  x: Int\n", "S { m: %{K { x: 1 } => 1} }", S + "  m: Map K Int\n@derive(Eq, Hash)\nstruct K\n  x: Int\n  y: Int\n",
            "the key of field 'm' of 'S' is 'K', whose layout changed: entries could not be found again", "state.m", "write `fn code_change(_ old: { m: Map(K, Int) | r }) -> S` in module Main");
        yield return Case("a wider key", S + "  m: Set Int8\n", "S { m: Set.from_list([1]) }", S + "  m: Set Int\n",
            "the key of field 'm' of 'S' changed from Int8 to Int", "state.m", "write `fn code_change(_ old: { m: Set Int8 | r }) -> S` in module Main");
        yield return Case("a function of what changed", S + "  f: fn(T) -> Int\nstruct T\n  x: Int\n", "S { f: |t| t.x }", S + "  f: fn(T) -> Int\nstruct T\n  x: Int\n  y: Option Int\n",
            "field 'f' of 'S' is a function (fn(T) -> Int) that takes or gives values whose layout changed", "state.f", "write `fn code_change(_ old: { f: fn(T) -> Int | r }) -> S` in module Main");
        yield return Case("a function of another type", S + "  f: fn(Int) -> Int\n", "S { f: |n| n }", S + "  f: fn(Int) -> String\n",
            "field 'f' of 'S' changed from fn(Int) -> Int to fn(Int) -> String", "state.f", "write `fn code_change(_ old: { f: fn(Int) -> Int | r }) -> S` in module Main");
        yield return Case("a raw pointer", S + "  p: Ptr T\nstruct T\n  x: Int\n", "panic \"never run\"", S + "  p: Ptr T\nstruct T\n  x: Int\n  y: Int\n",
            "field 'p' of 'S' is Ptr T, whose layout changed in a way that cannot be migrated", "state.p", "write `fn code_change(_ old: { p: Ptr T | r }) -> S` in module Main");
        yield return Case("struct to enum", S + "  t: T\nstruct T\n  x: Int\n", "S { t: T { x: 1 } }", S + "  t: T\nenum T\n  A\n",
            "field 't' of 'S' holds 'T', which changed from a struct to an enum", "state.t", "write `fn code_change(_ old: { t: T | r }) -> S` in module Main");
        yield return Case("tuples of other sizes", S + "  t: (Int, Int)\n", "S { t: (1, 2) }", S + "  t: (Int, Int, Int)\n",
            "field 't' of 'S' changed from (Int, Int) to (Int, Int, Int)", "state.t", "write `fn code_change(_ old: { t: (Int, Int) | r }) -> S` in module Main");
    }

    [TestCaseSource(nameof(Cases))]
    public void Says_what_and_how_to_go_on(string old, string value, string now, string sentence, string path, string wayOut)
    {
        const string Uses = "use Vector\nuse Map\nuse Set\nuse Ptr\n";
        var run = new MigrationRun(Needed(Uses, old + value) + old + $"fn make() -> S\n  {value}\n", Needed(Uses, now) + now + "fn text(_ s: S) -> String\n  \"\"\n");
        var refused = (MigrationOutcome.Refused)run.Outcome;
        Assert.That(refused.Obstacles.Select(o => o.Sentence), Is.EqualTo(new[] { sentence }));
        Assert.That((refused.Rule, refused.Obstacles[0].Path, refused.Obstacles[0].WayOut), Is.EqualTo(("L012", path, wayOut)));
        Assert.That(run.Comparison.Obstacles.Select(o => o.Sentence), Is.EqualTo(new[] { sentence }));
    }

    [Test]
    public void Says_all_of_it()
    {
        const string Derived = "@derive(Show)\nstruct S\n";
        var run = Compile(Derived + "  a: Int\n  b: Int\n", "S { a: 1, b: 2 }", Derived + "  a: String\n  b: Bool\n  c: Int\n");
        Assert.That(((MigrationOutcome.Refused)run.Outcome).Obstacles.Select(o => o.Field), Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [TestCase("Int", "1", "String", "the state changed from Int to String")]
    [TestCase("Int", "1", "Int8", "the state changed from Int to Int8")]
    public void The_state_itself(string oldType, string value, string newType, string sentence)
    {
        var run = new MigrationRun($"fn make() -> {oldType}\n  {value}\n{Text(oldType)}", Text(newType));
        Assert.That(((MigrationOutcome.Refused)run.Outcome).Obstacles.Single().Sentence, Is.EqualTo(sentence));
    }

    [Test]
    public void A_state_of_another_type()
    {
        var run = new MigrationRun("struct A\n  x: Int\n  y: String\nfn make() -> A\n  A { x: 1, y: \"\" }\n", "struct B\n  x: Int\nfn text(_ s: B) -> String\n  \"\"\n");
        var obstacle = ((MigrationOutcome.Refused)run.Outcome).Obstacles.Single();
        Assert.That((obstacle.Sentence, obstacle.WayOut), Is.EqualTo(("the state changed from A to B", "write `fn code_change(_ old: { x: Int, y: String | r }) -> B` in module Main")));
    }

    private static string Needed(string uses, string text) =>
        string.Concat(uses.Split('\n').Where(u => u.Length > 0 && u != "use Ptr" && text.Contains(u[4..], StringComparison.Ordinal)).Select(u => u + "\n"));
}
