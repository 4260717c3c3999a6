using Kea.Mir;

namespace Kea.Live.Tests.Migration;

/// <summary>
/// Old code makes a value, the migration runs, new code prints it: every row of the table of 10.11.2 (b). Each run ends under the leak
/// check, and what loses nothing is brought back as well.
/// </summary>
[TestFixture]
public class MigrationTests
{
    private const string S = "@derive(Show)\nstruct S\n";

    private static IEnumerable<TestCaseData> Rows()
    {
        TestCaseData Row(string name, string old, string value, string now, string expected, string back = "") =>
            new TestCaseData(old, value, now, expected, back).SetArgDisplayNames(name);

        yield return Row("field added with a default", S + "  a: Int\n", "S { a: 1 }", S + "  a: Int\n  @default(8080)\n  port: Int\n", "S(a: 1, port: 8080)", "S(a: 1)");
        yield return Row("defaults of all kinds", S + "  a: Int\n", "S { a: 1 }", S + """
              a: Int
              @default("x")
              text: String
              @default(-1.5)
              float: Float
              @default([1, 2])
              list: List Int
              @default(true)
              bool: Bool
              @default('k')
              char: Char
              @default((1, "y"))
              pair: (Int, String)
              @default(7)
              small: Int8
              @default(None)
              maybe: Option Int
            
            """, "S(a: 1, text: x, float: -1.5, list: [1, 2], bool: true, char: k, pair: (1, y), small: 7, maybe: None)", "S(a: 1)");
        yield return Row("field of type Option added", S + "  a: String\n", "S { a: \"x\" }", S + "  b: Option String\n  a: String\n  c: Option Int\n", "S(b: None, a: x, c: None)", "S(a: x)");
        yield return Row("field removed", S + "  a: String\n  b: List String\n  c: Int\n", "S { a: \"x\", b: [\"y\"], c: 3 }", S + "  c: Int\n  a: String\n", "S(c: 3, a: x)");
        yield return Row("all fields removed", S + "  a: String\n", "S { a: \"x\" }", "@derive(Show)\nstruct S\n  b: Option Int\n", "S(b: None)");
        yield return Row("became Option, in registers", S + "  a: Int\n", "S { a: 5 }", S + "  a: Option Int\n", "S(a: Some(5))", "S(a: 5)");
        yield return Row("became Option, a reference", S + "  a: String\n", "S { a: \"five\" }", S + "  a: Option String\n", "S(a: Some(five))", "S(a: five)");
        yield return Row("an Option became an Option of it", S + "  a: Option Int\n", "S { a: None }", S + "  a: Option (Option Int)\n", "S(a: Some(None))", "S(a: None)");
        yield return Row("became Option and changed inside", S + "  a: T\n@derive(Show)\nstruct T\n  x: Int8\n", "S { a: T { x: 5 } }", S + "  a: Option T\n@derive(Show)\nstruct T\n  x: Int\n", "S(a: Some(T(x: 5)))", "S(a: T(x: 5))");
        yield return Row("integers widened", S + "  a: Int8\n  b: Int16\n  c: UInt8\n  d: UInt32\n  e: Int32\n", "S { a: -8, b: -16, c: 200, d: 4000000000, e: -5 }",
            S + "  a: Int\n  b: Int32\n  c: UInt64\n  d: Int64\n  e: Int\n", "S(a: -8, b: -16, c: 200, d: 4000000000, e: -5)", "S(a: -8, b: -16, c: 200, d: 4000000000, e: -5)");
        yield return Row("same width, another name", S + "  a: Int\n  b: Float\n", "S { a: 3, b: 0.5 }", S + "  a: Int64\n  b: Float64\n", "S(a: 3, b: 0.5)", "S(a: 3, b: 0.5)");
        yield return Row("floats widened", S + "  a: Float32\n", "S { a: 0.25 }", S + "  a: Float\n", "S(a: 0.25)", "S(a: 0.25)");
        yield return Row("an unboxed struct reordered and widened", S + "  p: P\n@derive(Show)\n@unboxed\nstruct P\n  x: Int32\n  y: Int\n", "S { p: P { x: 1, y: 2 } }",
            S + "  p: P\n@derive(Show)\n@unboxed\nstruct P\n  y: Int\n  x: Int\n", "S(p: P(y: 2, x: 1))", "S(p: P(x: 1, y: 2))");
        yield return Row("a struct became unboxed", S + "  p: P\n@derive(Show)\nstruct P\n  x: Int\n  y: Int\n", "S { p: P { x: 1, y: 2 } }",
            S + "  p: P\n@derive(Show)\n@unboxed\nstruct P\n  x: Int\n  y: Int\n", "S(p: P(x: 1, y: 2))", "S(p: P(x: 1, y: 2))");
        yield return Row("tuple, record and Result", S + "  t: (Int, P)\n  r: { p: P, q: Int }\n  e: Result(P, String)\n@derive(Show)\nstruct P\n  x: Int\n",
            "S { t: (3, P { x: 4 }), r: #{ p: P { x: 5 }, q: 6 }, e: Ok(P { x: 7 }) }",
            S + "  t: (Int, P)\n  r: { p: P, q: Int }\n  e: Result(P, String)\n@derive(Show)\nstruct P\n  x: Int\n  y: Option Int\n",
            "S(t: (3, P(x: 4, y: None)), r: #{ p: P(x: 5, y: None), q: 6 }, e: Ok(P(x: 7, y: None)))",
            "S(t: (3, P(x: 4)), r: #{ p: P(x: 5), q: 6 }, e: Ok(P(x: 7)))");
        yield return Row("values of maps", S + "  m: Map String P\n  s: SortedMap Int P\n@derive(Show)\nstruct P\n  x: Int\n",
            "S { m: %{\"a\" => P { x: 1 }}, s: SortedMap.of_list([(2, P { x: 2 }), (1, P { x: 3 })], Ord.compare) }", S + "  m: Map String P\n  s: SortedMap Int P\n@derive(Show)\nstruct P\n  x: Int\n  y: Option Int\n",
            "S(m: %{a => P(x: 1, y: None)}, s: [(1, P(x: 3, y: None)), (2, P(x: 2, y: None))])", "S(m: %{a => P(x: 1)}, s: [(1, P(x: 3)), (2, P(x: 2))])");
        yield return Row("sets and functions that stay as they are", S + "  n: Int\n  s: Set Int\n", "S { n: 1, s: Set.from_list([3, 1]) }", S + "  s: Set Int\n  n: Int\n  m: Option Int\n",
            "S(s: [3, 1], n: 1, m: None)", "S(n: 1, s: [3, 1])");
        yield return Row("variants added and reordered", "@derive(Show)\nenum S\n  Red\n  Green\n", "Green", "@derive(Show)\nenum S\n  Blue\n  Green\n  Red\n", "Green", "Green");
        yield return Row("an enum of indices gains a payload", S + "  e: List E\n@derive(Show)\nenum E\n  Red\n  Green\n", "S { e: [Red, Green] }",
            S + "  e: List E\n@derive(Show)\nenum E\n  Mixed(Int)\n  Green\n  Red\n", "S(e: [Red, Green])", "S(e: [Red, Green])");
        yield return Row("payloads changed, immediates moved", S + "  e: List E\n@derive(Show)\nenum E\n  Off\n  On(level: Int8)\n  Idle\n  Text(String, Int)\n",
            "S { e: [Off, On(level: 3), Idle, Text(\"x\", 1)] }",
            S + "  e: List E\n@derive(Show)\nenum E\n  Idle\n  Text(String, Int)\n  On(why: Option String, level: Int)\n  Off\n", "S(e: [Off, On(None, 3), Idle, Text(x, 1)])", "S(e: [Off, On(3), Idle, Text(x, 1)])");
        yield return Row("a default in a variant", "@derive(Show)\nenum S\n  On(level: Int)\n  Off\n", "On(level: 3)", "@derive(Show)\nenum S\n  Off\n  On(level: Int, @default(\"w\") unit: String)\n", "On(3, w)", "On(3)");
        yield return Row("a tree whose node gains a field", "@derive(Show)\nenum S\n  Leaf\n  Node(left: S, key: Int8, right: S)\n", "Node(left: Node(left: Leaf, key: 1, right: Leaf), key: 2, right: Node(left: Leaf, key: 3, right: Leaf))",
            "@derive(Show)\nenum S\n  Node(left: S, key: Int, right: S, note: Option String)\n  Leaf\n",
            "Node(Node(Leaf, 1, Leaf, None), 2, Node(Leaf, 3, Leaf, None), None)",
            "Node(Node(Leaf, 1, Leaf), 2, Node(Leaf, 3, Leaf))");
        yield return Row("a struct that holds itself", S + "  n: Int8\n  next: Option S\n", "S { n: 1, next: Some(S { n: 2, next: None }) }", S + "  n: Int\n  next: Option S\n", "S(n: 1, next: Some(S(n: 2, next: None)))", "S(n: 1, next: Some(S(n: 2, next: None)))");
        yield return Row("generic types at several arguments", S + "  a: Box Int8\n  b: Box (List P)\n@derive(Show)\nstruct Box a\n  it: a\n@derive(Show)\nstruct P\n  x: Int\n",
            "S { a: Box { it: 1 }, b: Box { it: [P { x: 2 }] } }", S + "  a: Box Int\n  b: Box (List P)\n@derive(Show)\nstruct Box a\n  it: a\n  @default([])\n  more: List a\n@derive(Show)\nstruct P\n  x: Option Int\n",
            "S(a: Box(it: 1, more: []), b: Box(it: [P(x: Some(2))], more: []))", "S(a: Box(it: 1), b: Box(it: [P(x: 2)]))");
        yield return Row("an alias", "type Port = Int16\n" + S + "  p: Port\n", "S { p: 80 }", "type Port = Int\n" + S + "  p: Port\n", "S(p: 80)", "S(p: 80)");
        yield return Row("a default that is shared by instances", S + "  a: Box Int\n  b: Box String\n@derive(Show)\nstruct Box a\n  it: a\n", "S { a: Box { it: 1 }, b: Box { it: \"x\" } }",
            S + "  a: Box Int\n  b: Box String\n@derive(Show)\nstruct Box a\n  it: a\n  @default(7)\n  n: Int\n  @default(None)\n  o: Option a\n", "S(a: Box(it: 1, n: 7, o: None), b: Box(it: x, n: 7, o: None))", "S(a: Box(it: 1), b: Box(it: x))");
    }

    [TestCaseSource(nameof(Rows))]
    public void The_table(string old, string value, string now, string expected, string back)
    {
        var run = Compile(old, value, now);
        Assert.That(run.Forward(), Is.EqualTo(Prints(expected)));
        Assert.That(run.Migration.IsLossless, Is.EqualTo(back.Length > 0), "lossless");
        if (back.Length > 0) Assert.That(run.RoundTrip(), Is.EqualTo(Prints(back)), "round trip");
        else Assert.That(run.Migration.Inverse, Is.Null);
    }

    [TestCase("Int8", "5", "Int", "5")]
    [TestCase("Int", "5", "Option Int", "Some(5)")]
    [TestCase("List Int8", "[1, 2]", "List Int", "[1, 2]")]
    [TestCase("(Int8, String)", "(1, \"x\")", "(Int, String)", "(1, x)")]
    [TestCase("{ a: Int }", "#{ a: 1 }", "{ a: Int, b: Option Int }", "#{ a: 1, b: None }")]
    [TestCase("Map Int Int8", "%{1 => 2}", "Map Int Int", "%{1 => 2}")]
    public void State_of_any_type(string oldType, string value, string newType, string expected)
    {
        var run = new MigrationRun($"use Vector\nfn make() -> {oldType}\n  {value}\n{Text(oldType)}", $"use Vector\n{Text(newType)}");
        Assert.That(run.Forward(), Is.EqualTo(Prints(expected)));
    }

    [TestCase("struct P\n  x: Int8\n  s: String\n", "P { x: 1, s: \"a\" }", "P { x: 2, s: \"b\" }", "struct P\n  s: String\n  x: Int\n", "1a2b")]
    [TestCase("@unboxed\nstruct P\n  x: Int8\n  s: Int8\n", "P { x: 1, s: 3 }", "P { x: 2, s: 4 }", "@unboxed\nstruct P\n  s: Int\n  x: Int16\n", "1324")]
    public void Vectors(string old, string first, string second, string now, string expected)
    {
        var text = "fn text(_ s: Vector P) -> String\n  let a = Vector.get_unsafe(s, 0)\n  let b = Vector.get_unsafe(s, 1)\n  \"{a.x}{a.s}{b.x}{b.s}\"\n";
        var run = new MigrationRun($"use Vector\n{old}fn make() -> Vector P\n  Vector.push(Vector.push(Vector.with_capacity(0), {first}), {second})\n{text}", $"use Vector\n{now}{text}");
        Assert.That(run.RoundTrip(), Is.EqualTo(Prints(expected)));
        Assert.That(run.KeptAndMigrated(), Is.EqualTo(Prints($"{expected}\n{expected}\n{expected}")));
    }

    [Test]
    public void A_range()
    {
        static string Text(string type) => $"fn text(_ s: Range {type}) -> String\n  \"{{2 in s}} {{3 in s}}\"\n";
        var run = new MigrationRun($"fn make() -> Range Int8\n  (1 as Int8)..(3 as Int8)\n{Text("Int8")}", Text("Int"));
        Assert.That(run.RoundTrip(), Is.EqualTo(Prints("true false")));
        Assert.That(run.Forward(), Is.EqualTo(Prints("true false")));
    }

    [Test]
    public void What_an_opaque_type_wraps()
    {
        var run = new MigrationRun("opaque Port = P\nstruct P\n  x: Int8\nfn make() -> Port\n  Port(P { x: 7 })\nfn text(_ s: Port) -> String\n  \"{s.value.x}\"\n",
            "opaque Port = P\nstruct P\n  x: Int\n  y: Option Int\nfn text(_ s: Port) -> String\n  \"{s.value.x}\"\n");
        Assert.That(run.RoundTrip(), Is.EqualTo(Prints("7")));
    }

    [Test]
    public void Functions_and_pointers_survive_a_change_beside_them()
    {
        const string Old = "struct S\n  f: fn(Int) -> Int\n  g: fn(String) -[Fail String]> String\n  p: Ptr Int\n  n: Int8\n";
        const string Text = "fn text(_ s: S) -> String\n  let caught = catch (s.g)(\"x\")\n  let failed = case caught\n    Ok(t) -> t\n    Err(e) -> \"failed {e}\"\n  \"{(s.f)(2)} {failed} {s.n}\"\n";
        var run = new MigrationRun(Old + "fn make() -> S\n  let k = 40\n  S { f: |n| n + k, g: |t| fail t, p: unsafe Ptr.null(), n: 1 }\n" + Text, Old.Replace("Int8", "Int") + Text);
        Assert.That(run.RoundTrip(), Is.EqualTo(Prints("42 failed x 1")));
    }

    [Test]
    public void The_kept_state_stays_as_it_was() =>
        Assert.That(Compile(S + "  a: List T\n@derive(Show)\nstruct T\n  x: Int8\n", "S { a: [T { x: 1 }, T { x: 2 }] }", S + "  a: List T\n@derive(Show)\nstruct T\n  x: Int\n").KeptAndMigrated(),
            Is.EqualTo(Prints("S(a: [T(x: 1), T(x: 2)])\nS(a: [T(x: 1), T(x: 2)])\nS(a: [T(x: 1), T(x: 2)])")));

    [TestCase("List T", "build", TestName = "a list of a million")]
    [TestCase("Chain", "link", TestName = "a chain of a million")]
    public void Long_ones_do_not_recurse(string type, string how)
    {
        const string Rest = """
            enum Chain
              Tied
              End(Int)
              Link(at: T, rest: Chain)
              Skip(rest: Chain)

            fn build(n: Int, to: List T) -> List T
              if n == 0 then to else build(n - 1, Cons(T { x: 1 }, to))

            fn link(n: Int, to: Chain) -> Chain
              if n == 0 then to else link(n - 1, if n % 3 == 0 then Skip(rest: to) else Link(at: T { x: 1 }, rest: to))

            fn sum_list(xs: List T, so_far: Int) -> Int
              case xs
                Nil -> so_far
                Cons(x, rest) -> sum_list(rest, so_far + x.x)

            fn sum_chain(c: Chain, so_far: Int) -> Int
              case c
                Tied -> so_far
                End(n) -> so_far + n
                Link(at, rest) -> sum_chain(rest, so_far + at.x)
                Skip(rest) -> sum_chain(rest, so_far)

            """;
        // What makes the values is in the old version alone.
        var looking = Rest[..Rest.IndexOf("fn build", StringComparison.Ordinal)] + Rest[Rest.IndexOf("fn sum_list", StringComparison.Ordinal)..];
        var (start, sum) = how == "build" ? ("Nil", "sum_list") : ("Tied", "sum_chain");
        var text = $"fn text(_ s: {type}) -> String\n  \"{{{sum}(s, 0)}}\"\n";
        var old = $"struct T\n  x: Int\n\n{Rest}\n{text}fn make() -> {type}\n  {how}(1000000, {start})\n";
        var run = new MigrationRun(old, $"struct T\n  x: Int\n  y: Option Int\n\n{looking}\n{text}");
        Assert.That(run.RoundTrip(), Is.EqualTo(Prints(how == "build" ? "1000000" : "666667")));
    }

    [Test]
    public void Long_chains_of_structs_are_within_the_stack()
    {
        const string Old = "struct N\n  x: Int8\n  next: Option N\n";
        const string Text = "fn sum(n: N, so_far: Int) -> Int\n  case n.next\n    None -> so_far + 1\n    Some(m) -> sum(m, so_far + 1)\n\nfn text(_ s: N) -> String\n  \"{sum(s, 0)}\"\n";
        const string Make = "fn build(n: Int, to: N) -> N\n  if n == 0 then to else build(n - 1, N { x: 1, next: Some(to) })\n\nfn make() -> N\n  build(1000000, N { x: 1, next: None })\n";
        Assert.That(new MigrationRun(Old + Make + Text, Old.Replace("Int8", "Int") + Text).RoundTrip(), Is.EqualTo(Prints("1000001")));
    }

    [TestCase("S { a: Some(1), b: 1 }", "S(a: 1, b: 1)")]
    [TestCase("S { a: None, b: 1 }", "None has no counterpart in the version before, where it was Int", true)]
    [TestCase("S { a: Some(1), b: 300 }", "a value of type Int does not fit into Int8, which the version before has in its place", true)]
    public void The_way_back_fails_for_what_was_not_there(string value, string expected, bool fails = false)
    {
        var old = $"{S}  a: Int\n  b: Int8\n{Text("S")}";
        var now = $"{S}  a: Option Int\n  b: Int\nfn make() -> S\n  {value}\n{Text("S")}";
        Assert.That(new MigrationRun(old, now).Backward(), Is.EqualTo(new RunOutput(fails ? 3 : 0, expected + "\n", "")));
    }

    [Test]
    public void The_way_back_fails_for_a_new_variant()
    {
        var old = $"{S}  a: List E\n@derive(Show)\nenum E\n  A\n{Text("S")}";
        var now = $"{S}  a: List E\n@derive(Show)\nenum E\n  B(String)\n  A\nfn make() -> S\n  S {{ a: [A, B(\"x\"), A] }}\n{Text("S")}";
        Assert.That(new MigrationRun(old, now).Backward(), Is.EqualTo(new RunOutput(3, "the version before has no variant 'B' of 'E'\n", "")));
    }

    [TestCase(S + "  a: Int\n  b: String\n", S + "  b: String\n  a: Int\n", TestName = "fields of a boxed struct in another order")]
    [TestCase(S + "  a: Int\n", "fn more() -> Int\n  1\n\n" + S + "  @default(5)\n  a: Int\n", TestName = "an annotation and other code")]
    public void What_lies_alike_is_not_touched(string old, string now)
    {
        var value = old.Contains("b:", StringComparison.Ordinal) ? "S { a: 1, b: \"x\" }" : "S { a: 1 }";
        var run = Compile(old, value, now);
        Assert.That(run.Outcome, Is.InstanceOf<MigrationOutcome.Unchanged>());
        Assert.That(run.Forward(), Is.EqualTo(Prints(now.Contains("b:", StringComparison.Ordinal) ? "S(b: x, a: 1)" : "S(a: 1)")));
    }

    [Test]
    public void The_report_names_every_change()
    {
        var run = Compile(S + "  name: String\n  old: Int\n  n: Int8\n  t: T\n@derive(Show)\nstruct T\n  x: Int\n  e: E\n@derive(Show)\nenum E\n  A\n", "S { name: \"n\", old: 1, n: 1, t: T { x: 1, e: A } }",
            S + "  n: Int\n  name: String\n  t: T\n  @default(80)\n  port: Int\n@derive(Show)\nstruct T\n  x: Option Int\n  e: E\n@derive(Show)\nenum E\n  B\n  A\n");
        Assert.That(run.Changes.Split('\n'), Is.EquivalentTo(new[]
        {
            "field 'n' of 'S' was widened from Int8 to Int", "field 'x' of 'T' changed from Int to Option Int: it becomes Some", "variant 'B' of 'E' was added",
            "field 'port' of 'S' (Int) was added: it becomes 80", "field 'old' of 'S' (Int) was removed: its content is dropped", "'S' was reordered",
        }));
        Assert.That(run.Migration.Changes.Select(c => c.Path), Does.Contain("state.t.x"));
        Assert.That(run.Comparison.Changes.Select(c => c.Sentence), Is.EquivalentTo(run.Migration.Changes.Select(c => c.Sentence)));
    }

    internal static MigrationRun Compile(string old, string value, string now, string state = "S") =>
        new($"use Vector\nuse SortedMap\nuse Map\nuse Set\n{old}fn make() -> {state}\n  {value}\n{Text(state)}", $"use Vector\nuse SortedMap\nuse Map\nuse Set\n{now}{Text(state)}");

    internal static string Text(string type) => $"fn text(_ s: {type}) -> String\n  \"{{s}}\"\n";

    private static RunOutput Prints(string text) => new(0, text + "\n", "");
}
