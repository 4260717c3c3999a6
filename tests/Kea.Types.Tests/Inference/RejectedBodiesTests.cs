namespace Kea.Types.Tests.Inference;

/// <summary>One wrong body for each message of parts 3, 4, 6 and 7 that this phase reports: exactly one error, code and words.</summary>
public sealed class RejectedBodiesTests
{
    private const string Point = """

        struct Point
          x: Int
          y: Int

        """;

    private const string Shapes = """

        enum Light
          Red
          Green
        enum Apple
          Red
          Sweet(Int)
          Box(width: Int, height: Int)

        """;

    private static readonly (string Name, string Code, string Fragment, string Source)[] Cases =
    [
        // 3.2, 3.3, 3.4: let and names
        ("annotation", "E0001", "type annotation mismatch: declared `Int`, but value has type `String`", "fn f() -> Int\n  let x: Int = \"a\"\n  x"),
        ("body", "E0001", "type annotation mismatch: declared `Int`, but value has type `Bool`", "fn f() -> Int\n  true"),
        ("refutable let", "E0007", "refutable pattern in let binding", "fn f(x: Option Int) -> Int\n  let Some(y) = x\n  y"),
        ("own name", "E0005", "undefined variable `f`", "fn g() -> Int\n  let f = |x| f(x)\n  1"),
        ("undefined", "E0005", "undefined variable `lenght`", "fn g(length: Int) -> Int\n  lenght"),
        ("ambiguous constructor", "E0001", "ambiguous constructor `Red`", Shapes + "fn f() -> Int\n  let x = Red\n  1"),
        ("constructor without arguments", "E0009", "`Sweet` expects 1 argument, got 0", Shapes + "fn f() -> Int\n  let x = Sweet\n  1"),
        ("unknown module", "E0005", "unknown module `Txt`", "fn f() -> Int\n  Txt.length(\"\")"),
        ("no function", "E0005", "module List has no function `lenght`", "fn f() -> Int\n  List.lenght([1])"),
        ("no variant", "E0005", "type `Light` has no variant `Blue`", Shapes + "fn f() -> Light\n  Light.Blue"),
        ("no method of trait", "E0005", "trait `Loud` has no method `whisper`", "trait Loud\n  fn shout(_ self: Self) -> Int\nfn f() -> Int\n  Loud.whisper(1)"),
        ("private", "E0012", "is not public in its package", "fn f() -> Int\n  List.length_step([1], 0)"),
        // 3.5: calls
        ("too many", "E0009", "too many arguments: expected 1, got 2", "fn g(a: Int) -> Int\n  a\nfn f() -> Int\n  g(1, 2)"),
        ("missing", "E0009", "missing required argument `a`", "fn g(a: Int) -> Int\n  a\nfn f() -> Int\n  g()"),
        ("missing positional", "E0009", "missing required positional argument at position 1", "fn g(_ a: Int) -> Int\n  a\nfn f() -> Int\n  g()"),
        ("unknown label", "E0009", "unknown argument label `z`", "fn g(a: Int) -> Int\n  a\nfn f() -> Int\n  g(z: 2)"),
        ("duplicate label", "E0009", "duplicate argument label `a`", "fn g(a: Int, b: Int) -> Int\n  a + b\nfn f() -> Int\n  g(a: 2, a: 3)"),
        ("label on a value", "E0001", "labeled arguments require a direct named function call", "fn f(g: fn(Int) -> Int) -> Int\n  g(a: 2)"),
        ("argument", "E0001", "type mismatch in function call: expected `Int`, got `String`", "fn g(a: Int) -> Int\n  a\nfn f() -> Int\n  g(\"x\")"),
        ("mixed constructor", "E0009", "use labeled arguments or positional syntax (not mixed)", Shapes + "fn f() -> Apple\n  Box(1, height: 2)"),
        ("constructor labels", "E0009", "constructor `Sweet` does not accept labeled arguments", Shapes + "fn f() -> Apple\n  Sweet(n: 1)"),
        ("constructor field", "E0009", "missing field `height` in constructor `Box`", Shapes + "fn f() -> Apple\n  Box(width: 1)"),
        ("constructor arity", "E0009", "`Box` expects 2 arguments, got 1", Shapes + "fn f() -> Apple\n  Box(1)"),
        // 3.6: methods
        ("no method", "E0005", "undefined variable `wobble`", "fn f(x: Int) -> Int\n  x.wobble()"),
        ("ambiguous method", "E0001", "ambiguous method `go` for `Int`", "trait A\n  fn go(_ self: Self) -> Int\ntrait B\n  fn go(_ self: Self) -> Int\nInt as A\n  fn go(_ self: Int) -> Int\n    1\nInt as B\n  fn go(_ self: Int) -> Int\n    2\nfn f(x: Int) -> Int\n  x.go()"),
        ("placeholders", "E0006", "multiple `_` receiver placeholders in one call", "fn g(a: Int, b: Int) -> Int\n  a + b\nfn f(x: Int) -> Int\n  x.g(_, _)"),
        ("conversion value", "E0001", "conversion value `200` does not fit in `Int8`", "fn f() -> Option Int8\n  Int8.try_from(200)"),
        ("conversion input", "E0001", "expects an integer input", "fn f() -> Option Int8\n  Int8.try_from(\"x\")"),
        // 3.8 to 3.12
        ("condition", "E0001", "expected `Bool`, got `Int`", "fn f() -> Int\n  if 1 then 2 else 3"),
        ("branches", "E0001", "if/else branches have different types", "fn f(c: Bool) -> Int\n  let x = if c then 2 else \"a\"\n  1"),
        ("branches of a body", "E0001", "if/else branches have different types", "fn f(c: Bool) -> Int\n  if c then 2 else \"a\""),
        ("arms of a body", "E0001", "case arms have different types", "fn f(c: Bool) -> Int\n  case c\n    true -> 1\n    false -> \"a\""),
        ("arms of a body that are all wrong", "E0001", "type annotation mismatch: declared `Int`, but value has type `Bool`", "fn f(c: Bool) -> Int\n  if c then true else 1"),
        ("else", "E0001", "`if` requires an `else` branch", "fn f(c: Bool) -> Int\n  if c\n    1"),
        ("arms", "E0001", "case arms have different types", "fn f(c: Bool) -> Int\n  let x = case c\n    true -> 1\n    false -> \"a\"\n  1"),
        ("cond", "E0007", "non-exhaustive cond", "fn f(c: Bool) -> Int\n  cond\n    c -> 1"),
        ("tuple index", "E0012", "tuple index `2` is out of bounds", "fn f(t: (Int, Int)) -> Int\n  t.2"),
        ("tuple name", "E0012", "tuple field access expects a numeric index", "fn f(t: (Int, Int)) -> Int\n  t.first"),
        ("missing field", "E0002", "missing field `y`", Point + "fn f() -> Point\n  Point { x: 1 }"),
        ("extra field", "E0011", "`z`", Point + "fn f() -> Point\n  Point { x: 1, y: 2, z: 3 }"),
        ("twice field", "E0003", "`x`", Point + "fn f() -> Point\n  Point { x: 1, x: 2, y: 3 }"),
        ("several fields", "E0013", "missing: `y`", Point + "fn f() -> Point\n  Point { x: 1, z: 2 }"),
        ("field type", "E0001", "field `x` has type `Int`, but got `String`", Point + "fn f() -> Point\n  Point { x: \"\", y: 1 }"),
        ("update field", "E0011", "unknown field `z` in functional update", Point + "fn f(p: Point) -> Point\n  p~{ z: 1 }"),
        ("update twice", "E0003", "duplicate field `x` in functional update", Point + "fn f(p: Point) -> Point\n  p~{ x: 1, x: 2 }"),
        ("update base", "E0001", "functional update base must be a struct value", "fn f(p: Int) -> Int\n  p~{ x: 1 }"),
        ("nominal boundary", "E0001", "expected Point, got anonymous record", Point + "fn f() -> Point\n  #{ x: 1, y: 2 }"),
        ("lacks", "E0004", "row already has label `note`", "fn f(rec: { id: Int | r }) -> Int\n  let x = rec~{ note: 1 }\n  1"),
        ("row missing", "E0002", "missing field `h`", "fn area(s: { w: Int, h: Int | r }) -> Int\n  s.w * s.h\nfn f() -> Int\n  area(#{ w: 1 })"),
        ("guard effect", "E0008", "effect in a guard", "use Clock\nfn f(n: Int) -[Clock]> Int\n  case n\n    m when Clock.now() > m -> 1\n    _ -> 2"),
        // 3.14, 7.9: failure
        ("catch", "E0012", "expression cannot fail; catch is unnecessary", "fn f() -> Int\n  let r = catch 1 + 1\n  2"),
        ("catch annotation", "E0001", "type annotation mismatch: declared `String`, but value has type `Int`", "fn g() -[Fail Int]> Int\n  fail 3\nfn f() -> Int\n  let r: Result(Int, String) = catch g()\n  1"),
        ("try", "E0001", "`?` expects a `Result`", "fn f() -[Fail Int]> Int\n  3?"),
        ("try error type", "E0001", "expected `String`, got `Int`", "fn f(r: Result(Int, Int)) -[Fail String]> Int\n  r?"),
        ("fail type", "E0001", "expected `String`, got `Int`", "fn f() -[Fail String]> Int\n  fail 1"),
        ("callee fails otherwise", "E0001", "fails with `Int`", "fn g() -[Fail Int]> Int\n  fail 3\nfn f() -[Fail String]> Int\n  g()"),
        // 3.16, 3.17: with and handlers
        ("with target", "E0001", "expected a direct named function call", "fn f(g: fn(fn() -> Int) -> Int) -> Int\n  with g()\n  1"),
        ("with mark", "E0001", "is not marked `@with`", "fn g(b: fn() -> Int) -> Int\n  b()\nfn f() -> Int\n  with g()\n  1"),
        ("resume", "E0012", "`resume` is only valid inside a matching handler clause", "fn f() -> Int\n  resume 1"),
        ("tail position", "E0012", "@tailrec call is not in tail position", "fn f(n: Int) -> Int\n  if n == 0 then 0 else 1 + @tailrec f(n - 1)"),
        // 3.18 to 3.22
        ("unsafe", "E0012", "call to `@unsafe` function `Ptr.null` requires unsafe context", "fn f() -> Ptr Int\n  Ptr.null()"),
        ("division by zero", "E0012", "division by zero is not allowed", "fn f(x: Int) -> Int\n  x / (1 - 1)"),
        ("modulo by zero", "E0012", "modulo by zero is not allowed", "fn f(x: Int) -> Int\n  x % 0"),
        ("equality", "E0010", "does not implement trait `Eq`", Point + "fn f(p: Point) -> Bool\n  p == p"),
        ("order", "E0010", "does not implement trait `Ord`", Point + "fn f(p: Point) -> Bool\n  p < p"),
        ("interpolation", "E0010", "does not implement trait `Show`", Point + "fn f(p: Point) -> String\n  \"{p}\""),
        ("concat", "E0001", "operator ++ requires Concatenable type, got Int", "fn f(x: Int) -> Int\n  x ++ x"),
        ("plus", "E0001", "operator + requires Additive type, got Bool", "fn f(x: Bool) -> Bool\n  x + x"),
        ("remainder", "E0001", "operator % requires integer type, got Float", "fn f(x: Float) -> Float\n  x % x"),
        ("int and float", "E0001", "expected `Int`, got `Float`", "fn f(x: Int, y: Float) -> Float\n  x + y"),
        ("assertion arity", "E0009", "`assert_eq` expects 2 argument(s)", "use Test.{assert_eq}\nfn f() -[Fail String]> ()\n  assert_eq 1"),
        ("map key", "E0010", "does not implement trait `Hash`", "fn f() -> Int\n  let m = %{ 1.5 => 2 }\n  1"),
        // 4: patterns
        ("pattern arity", "E0009", "`Box` expects 2 arguments in pattern, got 1", Shapes + "fn f(a: Apple) -> Int\n  case a\n    Box(x) -> x\n    _ -> 1"),
        ("pattern field", "E0009", "unknown field `depth` in constructor pattern `Box`", Shapes + "fn f(a: Apple) -> Int\n  case a\n    Box(depth: x, ..) -> x\n    _ -> 1"),
        ("pattern missing field", "E0009", "missing field `height` in constructor pattern `Box`", Shapes + "fn f(a: Apple) -> Int\n  case a\n    Box(width: x) -> x\n    _ -> 1"),
        ("pattern rest", "E0009", "`..` is only allowed in constructor patterns with named fields", Shapes + "fn f(a: Apple) -> Int\n  case a\n    Sweet(..) -> 0\n    _ -> 1"),
        ("pattern punning", "E0006", "named constructor patterns require `field: pattern` or identifier punning", Shapes + "fn f(a: Apple) -> Int\n  case a\n    Box(width: x, 3) -> x\n    _ -> 1"),
        ("pattern literal range", "E0001", "does not fit in `Int8`", "fn f(a: Int8) -> Int\n  case a\n    200 -> 1\n    _ -> 2"),
        ("pattern constructor", "E0005", "unknown constructor `Blue`", Shapes + "fn f(a: Light) -> Int\n  case a\n    Blue -> 1\n    _ -> 2"),
        ("pattern const", "E0005", "unknown const pattern `Point.zero`", Point + "fn f(a: Int) -> Int\n  case a\n    Point.zero -> 1\n    _ -> 2"),
        ("pattern record", "E0005", "unknown record type", "fn f(a: Int) -> Int\n  case a\n    Nope { .. } -> 1\n    _ -> 2"),
        ("or names", "E0012", "or-pattern alternatives bind different names", "fn f(a: (Int, Int)) -> Int\n  case a\n    (1, x) | (y, 1) -> 2\n    _ -> 3"),
        // 6: types
        ("literal", "E0001", "integer literal `300` does not fit in `UInt8`", "fn f() -> UInt8\n  300"),
        ("constant", "E0001", "integer expression result 200 does not fit in `Int8`", "fn f() -> Int8\n  100 + 100"),
        ("narrowing", "E0001", "declared `Int8`, but value has type `Int`", "fn f(x: Int) -> Int8\n  x"),
        ("hidden narrowing", "E0001", "declared `Int8`, but value has type `Int`", "fn f(x: Int8, y: Int) -> Int8\n  x * y"),
        ("infinite", "E0012", "infinite type", "fn f() -> Int\n  let g = |x| x(x)\n  1"),
        ("bound", "E0010", "type `a` does not implement trait `Ord`", "fn f(x: a, y: a) -> Bool\n  x < y"),
        ("required bound", "E0010", "does not implement trait `Ord`", Point + "fn g(x: a) -> a where a: Ord\n  x\nfn f(p: Point) -> Point\n  g(p)"),
        ("conditional implementation", "E0010", "type `Point` does not implement trait `Show`", Point + "fn f(p: Point) -> String\n  Show.show([p])"),
        // 7: effects
        ("pure", "E0014", "function `f` is declared pure (`->`) but its body requires\n    IO       — accesses the file system or console", "use IO\nfn f() -> ()\n  IO.stdout(\"\")"),
        ("narrow", "E0014", "function `f` declares `-[Clock]>` but its body also requires\n    IO       — ", "use IO\nuse Clock\nfn f() -[Clock]> Int\n  IO.stdout(\"\")\n  Clock.now()"),
        ("tail", "E0014", "is declared pure", "fn f(g: fn() -[e]> Int) -> Int\n  g()"),
        ("argument row", "E0014", "function effects do not match: expected `fn() -> Int`", "use Clock\nfn g(h: fn() -> Int) -> Int\n  h()\nfn f() -[Clock]> Int\n  g(|| Clock.now())"),
        ("argument payload", "E0001", "Fail", "fn g(h: fn() -[Fail Int]> Int) -[Fail Int]> Int\n  h()\nfn b() -[Fail String]> Int\n  fail \"\"\nfn f() -[Fail Int]> Int\n  g(b)"),
        ("main", "E0015", "`Ask` reaches `main`", "effect Ask\n  fn ask() -> Int\nfn main() -[Ask]> Int\n  Ask.ask()"),
        ("test", "E0015", "`Ask` reaches a test", "effect Ask\n  fn ask() -> Int\ntest \"t\"\n  let x = Ask.ask()\n  ()"),
        ("no operation", "E0005", "effect Ask has no operation `tell`", "effect Ask\n  fn ask() -> Int\nfn f() -[Ask]> Int\n  Ask.tell()"),
        ("operation arity", "E0009", "too many arguments: expected 0, got 1", "use Clock\nfn f() -[Clock]> Int\n  Clock.now(1)"),
        ("handle", "E0904", "not implemented in this version", "effect Ask\n  fn ask() -> Int\nfn f() -> Int\n  handle Ask.ask()\n    Ask.ask() -> resume 1"),
        ("default of another type", "E0001", "Int", "struct C\n  @default(\"x\")\n  n: Int\n"),
        ("default of a variant", "E0001", "Int", "enum C\n  A(@default(true) n: Int)\n"),
        ("default that does not fit", "E0001", "Int8", "struct C\n  @default(300)\n  n: Int8\n"),
        ("default by a name", "E0005", "nobody", "struct C\n  @default(nobody)\n  n: Int8\n"),
        ("const call", "E0012", "const initializer for `n` is not supported yet", "struct C\n  const n: Int = List.length([1])\nfn f() -> Int\n  C.n"),
        ("const cycle", "E0012", "circular const dependency", "struct C\n  const a: Int = C.b\n  const b: Int = C.a\nfn f() -> Int\n  C.a"),
        ("main result", "E0001", "`main` returns `Unit` or an integer", "fn main() -> String\n  \"\""),
    ];

    private static IEnumerable<TestCaseData> Data() => Cases.Select(c => new TestCaseData(c.Code, c.Fragment, c.Source).SetName($"Rejects({c.Name})"));

    [TestCaseSource(nameof(Data))]
    public void Rejects(string code, string fragment, string source) => Checking.Rejects(source + "\n", code, fragment);

    [Test]
    public void Points_at_the_parameter_that_asked_for_the_type()
    {
        var diagnostic = Checking.Rejects("fn price(units: Int) -> Int\n  units\nfn f() -> Int\n  price(\"three\")\n", "E0001", "expected `Int`, got `String`");
        Assert.Multiple(() =>
        {
            Assert.That(diagnostic.Primary!.Message, Is.EqualTo("this is `String`"));
            Assert.That(diagnostic.Others[0].Message, Is.EqualTo("expected because of this parameter"));
            Assert.That(diagnostic.Others[0].Span.Source.Slice(diagnostic.Others[0].Span.Span).ToString(), Is.EqualTo("units"));
            Assert.That(diagnostic.Help, Is.EqualTo("convert with `Text.to_int`"));
        });
    }

    [TestCase("fn f(n: Int) -> Int\n  let lost = n\n  1\n", "W1003", "unused binding `lost`")]
    [TestCase("fn f() -[Fail Int]> Int\n  fail 1\n  2\n", "W1002", "unreachable code")]
    [TestCase("@deprecated\nenum Old\n  A(Int)\n  fn zero() -> Old\n    A(0)\n\nfn f() -> Bool\n  case A(1)\n    A(n) -> n > 0\n", "W1006", "`Old` is deprecated")]
    [TestCase("@deprecated(\"use g\")\nfn old() -> Int\n  1\nfn f() -> Int\n  old()\n", "W1006", "`old` is deprecated: use g")]
    public void Warns(string source, string code, string fragment)
    {
        var (_, diagnostics) = Checking.Check(source);
        Assert.That(diagnostics.Select(Checking.Print), Has.Exactly(1).Items);
        Assert.That(diagnostics[0].Code, Is.EqualTo(code));
        Assert.That(diagnostics[0].Message, Does.Contain(fragment));
    }
}
