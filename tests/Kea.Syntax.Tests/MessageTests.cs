using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>
/// What parts 01 to 05 reject or quote, case by case: a source, and for each diagnostic that it must get (in order of
/// place, and no others) the code and a fragment of the message.
/// </summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class MessageTests
{
    private static IEnumerable<(string Source, string[] Expected)> Statements() =>
    [
        // 1.1, 1.2: characters
        ("let é = 1", ["E0006 unexpected character 'é'"]),
        ("a ; b", ["E0006 unexpected character ';'"]),
        ("#!x", ["E0006 unexpected character '#'"]),
        ("x # y", ["E0006 unexpected character '#'"]),
        // 1.5: layout
        ("\tx", ["E0006 tabs are not allowed in indentation"]),
        ("a\n    + b", ["E0006 unexpected token after expression"]),
        ("a b", ["E0006 unexpected token after expression"]),
        ("{ a }", ["E0006 expected expression"]),
        ("if a\n    1\n  2", ["E0006 inconsistent indentation"]),
        ("let x =\n    if a\n      1\n    else\n      2\nb", ["E0006 inconsistent indentation"]),
        ("if a\n    1\n  else\n    2", ["E0006 inconsistent indentation"]),
        // 1.7: words
        ("nil", ["E0006 `nil` is not supported; use `None`"]),
        ("sql { select 1 }", ["E0006 `sql { ... }` blocks are not supported in Kea v0"]),
        ("let q = html { <b>'\"</b> }", ["E0006 `html { ... }` blocks are not supported in Kea v0"]),
        ("markdown {\n  # x\n}", ["E0006 `markdown { ... }` blocks are not supported in Kea v0"]),
        ("frame { a: 1 }", ["E0006 `frame` literals are not supported in Kea v0"]),
        ("let type = 1", ["E0006 expected pattern"]),
        ("let nil = 1", ["E0006 expected pattern"]),
        ("x.type", ["E0006 expected field name"]),
        ("P { type: 1 }", ["E0006 expected field name"]),
        // 1.8, 1.9: numbers
        ("1__0", ["E0006 invalid integer literal"]),
        ("1_", ["E0006 invalid integer literal"]),
        ("0x_1", ["E0006 invalid integer literal"]),
        ("0x", ["E0006 invalid integer literal"]),
        ("0b12", ["E0006 invalid integer literal"]),
        ("10u8", ["E0006 invalid integer literal"]),
        ("1_.5", ["E0006 invalid float literal"]),
        ("18446744073709551616", ["E0001 integer literal `18446744073709551616` does not fit in"]),
        ("x(1.)", ["E0006 expected field name"]),
        ("let x = .5", ["E0006 expected expression"]),
        ("1.0e400", ["E0001 out of range"]),
        // 1.10: characters
        ("''", ["E0006 empty character literal"]),
        ("'ab'", ["E0006 unterminated character literal"]),
        ("'a", ["E0006 unterminated character literal"]),
        ("'\\q'", ["E0006 unknown escape sequence '\\q'"]),
        ("'\\u{D800}'", ["E0006 invalid unicode scalar value"]),
        ("'\\u{110000}'", ["E0006 invalid unicode scalar value"]),
        ("'\\u{xyz}'", ["E0006 invalid hex in unicode escape"]),
        // 1.11: strings
        ("\"abc", ["E0006 unterminated string literal"]),
        ("\"\"\"abc", ["E0006 unterminated string literal"]),
        ("\"\\q\"", ["E0006 unknown escape sequence '\\q'"]),
        ("\"{}\"", ["E0006 expected expression in string interpolation"]),
        ("\"{ }\"", ["E0006 expected expression in string interpolation"]),
        ("\"{a\"", ["E0006 unterminated interpolation in string"]),
        ("\"{a b}\"", ["E0006 unexpected token in string interpolation"]),
        // 1.12, 1.13: operators
        ("#[a]", ["E0006 expected expression"]),
        ("a && b", ["E0006 operator '&&' is not supported; use 'and' instead"]),
        ("a & b", ["E0006 unexpected character '&'; use 'and' instead"]),
        ("!a", ["E0006 unexpected character '!'; use 'not' instead"]),
        ("a || b", ["E0006 unexpected token after expression"]),
        ("a |> f", ["E0006 expected pattern"]),
        ("a\n  |> f", ["E0006 expected pattern"]),
        ("a\n|> f", ["E0006 expected pattern"]),
        ("A::f", ["E0006 expected expression"]),
        ("a = 1", ["E0006 unexpected token after expression"]),
        // 3.2: let
        ("let x =", ["E0006 expected expression"]),
        // 3.5, 3.6: calls
        ("f(x: 1, 2)", ["E0006 positional arguments must come before labeled arguments"]),
        ("x.f(_, _)", ["E0006 multiple `_` receiver placeholders in one call"]),
        ("x.f($, _)", ["E0006 multiple `_` receiver placeholders in one call"]),
        ("f(_)", ["E0006 expected expression"]),
        ("x.f(a: _)", ["E0006 expected expression"]),
        ("x.f(_ + 1)", ["E0006 expected expression"]),
        ("$", ["E0006 expected expression"]),
        // 3.7: lambdas
        ("let f = x -> x", ["E0006 bare lambda syntax is not supported; use `|x| expr`"]),
        ("f(x -> x + 1, 2)", ["E0006 bare lambda syntax is not supported; use `|x| expr`"]),
        ("let f = (x) -> x", ["E0006 parenthesized lambda syntax is not supported; use `|x| expr`"]),
        ("f((x, y) -> x)", ["E0006 parenthesized lambda syntax is not supported; use `|x| expr`"]),
        ("f((x: Int) -> x)", ["E0006 parenthesized lambda syntax is not supported; use `|x| expr`"]),
        ("f + |x| x", ["E0006 expected expression"]),
        ("fn g() -> Int\n  1", ["E0006 expected expression"]),
        ("fn(x: Int) x", ["E0006 fn declarations require a return type"]),
        // 3.8: conditionals
        ("if a then b", ["E0006 expected `else`"]),
        ("if a b else c", ["E0006 expected `then`"]),
        ("if a\n  b\nelse c", ["E0006 expected an indented block after `else`"]),
        ("cond\n  _ and a -> 1\n  _ -> 2", ["E0006 `_` is only valid as a cond catch-all arm condition"]),
        ("cond", ["E0006 expected block after cond"]),
        // 3.10: records
        ("P { x }", ["E0006 expected : and a value after field name"]),
        ("P { ..p, ..q }", ["E0006 at most one spread"]),
        ("P { x: 1, ..p, y: 2 }", ["E0006 the spread stands first or last"]),
        ("p~{ ..q }", ["E0006 `..` is not allowed in an update"]),
        ("[..xs]", ["E0006 expected expression"]),
        ("(a,)", ["E0006 a tuple has two or more elements"]),
        ("%{ a }", ["E0006 expected => after map key"]),
        // 3.12, 3.13
        ("case x", ["E0006 expected block after case scrutinee"]),
        ("case x\n  A 1", ["E0006 expected -> after pattern"]),
        ("for x xs\n  1", ["E0006 expected `in` after the pattern of `for`"]),
        ("while a", ["E0006 expected block after the condition of `while`"]),
        // 3.16: with
        ("with f(1)", ["E0006 `with` must be followed by a body expression"]),
        ("f(with g)", ["E0006 `with` is allowed in blocks only"]),
        ("g()\nwith f\n1", ["W1004 `with` should appear before"]),
        // 3.17: handlers
        ("handle f()", ["E0006 handle expression requires at least one operation clause"]),
        ("handle f()\n  then v -> v", ["E0006 handle expression requires at least one operation clause"]),
        ("handle f()\n  A.b -> 1", ["E0006 expected ( after operation name"]),
        ("handle f()\n  A.b() -> 1\n  then v -> v\n  then w -> w", ["E0006 unexpected second `then` clause"]),
        // 4: patterns
        ("case x\n  \"a{b}\" -> 1", ["E0006 expected pattern"]),
        ("case x\n  [..a, b] -> 1", ["E0006 `..` must be the last item"]),
        ("case x\n  A(.., b) -> 1", ["E0006 `..` must be the last item"]),
        ("case x\n  A { .., b } -> 1", ["E0006 `..` must be the last item"]),
        ("case x\n  A(f: 1, 2) -> 1", ["E0006 named constructor patterns require `field: pattern` or identifier punning"]),
        ("case x\n  + -> 1", ["E0006 expected pattern"]),
        ("|a | b| 1", ["E0006 unexpected token after expression"]),
        ("@inline f(1)", ["E0006 of the annotations only `@tailrec`"]),
        ("doc text\nf()", ["E0006 doc comments can only be attached to"]),
    ];

    private static IEnumerable<(string Source, string[] Expected)> Files() =>
    [
        ("let x = 1\n", ["E0006 expected declaration"]),
        ("#[derive]\nfn f() -> Int\n  1\n", ["E0006 expected declaration"]),
        ("fn f() -> Int\n  1\n#!x\n", ["E0006 unexpected character '#'"]),
        // 1.4: documentation
        ("fn f() -> Int\n  1\n\ndoc text\n\nfn g() -> Int\n  1\n", ["E0006 floating doc block"]),
        ("doc text\nuse A\n", ["E0006 doc blocks cannot be attached to use statements"]),
        ("doc text\ntest \"t\"\n  1\n", ["E0006 doc comments cannot be attached to test declarations"]),
        ("fn f() -> Int\n  1\n\ndoc text\n", ["E0006 doc comments can only be attached to"]),
        // 2.2: use
        ("use A.*\n\nfn f() -> Int\n  1\n", ["E0006 glob imports are not supported"]),
        ("use A.{*}\n", ["E0006 glob imports are not supported"]),
        ("@x\nuse A\n", ["E0006 annotations are not supported on use statements"]),
        ("pub use A\n", ["E0006 `pub` is not allowed on use statements"]),
        ("use a\n", ["E0006 expected module name"]),
        // 2.4: fn
        ("fn f()\n  1\n", ["E0006 fn declarations require a return type"]),
        ("pub fn f()\n  1\n", ["E0801 fn declarations require a return type"]),
        ("fn f() -> Int\n", ["E0006 expected function body block"]),
        ("fn f() -> Int = 1\n", ["E0006 expected function body block"]),
        ("fn f(a: Int, _ b: Int) -> Int\n  a\n", ["E0012 positional parameters (`_`) must come before labeled parameters"]),
        ("fn f(_ a: Int = 1) -> Int\n  a\n", ["E0012 cannot have default values"]),
        ("fn f(a: Int = 1, b: Int) -> Int\n  a\n", ["E0012 once a parameter has a default, all subsequent parameters must have defaults"]),
        ("fn f() -[]> Int\n  1\n", ["E0006 expected effect after -["]),
        ("fn f() -[IO> Int\n  1\n", ["E0006 expected ] in effect arrow"]),
        ("fn f() -[IO] Int\n  1\n", ["E0006 expected > to complete effect arrow"]),
        ("fn f() -[e, IO]> Int\n  1\n", ["E0006 must come last"]),
        ("fn f(x: List()) -> Int\n  1\n", ["E0006 expected type"]),
        ("fn f(type: Int) -> Int\n  1\n", ["E0006 expected pattern"]),
        ("fn type() -> Int\n  1\n", ["E0006 expected function name"]),
        ("expr f() -> Int\n  handle g()\n    A.b() -> 1\n", ["E0012 `handle` is not allowed in the body of an `expr`"]),
        ("expr f() -> Int\n  unsafe g()\n", ["E0012 `unsafe` is not allowed"]),
        ("expr f() -> Int\n  while a\n    g()\n", ["E0012 `while` is not allowed"]),
        ("@extern(\"c\")\nfn f() -> Int\n  1\n", ["E0012 functions marked `@extern` have no body"]),
        // 2.5: struct
        ("struct A\n", ["E0006 expected struct body block after struct name"]),
        ("struct A\n  type: Int\n", ["E0006 expected field name"]),
        ("struct A\n  x\n", ["E0006 expected : and a type after field name"]),
        ("struct A\n  const x = 1\n", ["E0006 expected : and the type of the const"]),
        ("struct A\n  const x: Int\n", ["E0006 expected = and the value of the const"]),
        // 2.6: enum
        ("enum A\n  B(x: Int, Int)\n", ["E0006 cannot mix named and positional fields in one variant"]),
        ("enum A\n  B(@rename(\"x\") Int)\n", ["E0006 annotations are not supported on positional variant fields"]),
        ("enum A deriving Eq\n  B\n", ["E0006 expected enum body block"]),
        ("enum A { B }\n", ["E0006 expected enum body block"]),
        ("type A = B | C\n", ["E0006 alternatives are declared with `enum`"]),
        // 2.7, 2.8: traits
        ("trait A\n", ["E0006 expected trait body block after trait name"]),
        ("trait A(F: * -> *)\n  fn f(x: F) -> Int\n", ["E0006 higher-kinded kind arrows are not supported"]),
        ("@x\ntrait A\n  fn f() -> Int\n", ["E0006 annotations are not supported on trait declarations"]),
        ("trait A\n  fn f()\n", ["E0801 fn declarations require a return type"]),
        ("@x\nA as B\n  fn f() -> Int\n    1\n", ["E0006 annotations are not supported on implementations"]),
        ("A as B\n  @inline fn f() -> Int\n    1\n", ["E0006 annotations are not supported on methods of an implementation"]),
        ("A as B\n  type Item = Int\n", ["E0006 associated types are assigned in the where clause"]),
        ("impl A\n  fn f() -> Int\n    1\n", ["E0006 expected declaration"]),
        // 2.9: effects
        ("effect A\n  fn f() -> Int\n    1\n", ["E0006 effect operations are signatures only and cannot have a body"]),
        ("effect A\n  fn f(x: a) -> Int where a: Ord\n", ["E0006 effect operations do not support where clauses"]),
        ("@x\neffect A\n  fn f() -> Int\n", ["E0006 annotations are not supported on effect declarations"]),
        ("effect A\n  @x fn f() -> Int\n", ["E0006 annotations are not supported on effect operations"]),
        // 2.10: aliases
        ("@x\ntype A = Int\n", ["E0006 annotations are not supported on alias declarations"]),
        ("@x\nopaque A = Int\n", ["E0006 annotations are not supported on alias declarations"]),
        // 2.13: test
        ("test property (iterations: 0) \"t\"\n  1\n", ["E0012 iterations must be >= 1"]),
        ("test \"a{b}\"\n  1\n", ["E0006 expected test name"]),
        ("@x\ntest \"a\"\n  1\n", ["E0006 annotations are not supported on test declarations"]),
        ("pub test \"a\"\n  1\n", ["E0006 `pub` is not allowed on test declarations"]),
        // 2.1.1: file annotations
        ("@install(csv)\n", ["E0012 `@install` expects string literals"]),
    ];

    /// <summary>Independent mistakes in one file, all reported and nothing else.</summary>
    private static IEnumerable<(string Source, string[] Expected)> Recoveries() =>
    [
        ("fn f() -> Int\n  let x = )\n  let y = (1\n\nfn g() -> Int\n  a b\n  case x\n    A 1\n    B -> 2 3\n  c d\n",
            ["E0006 expected expression", "E0006 expected , or )", "E0006 unexpected token after expression",
             "E0006 expected -> after pattern", "E0006 unexpected token after expression", "E0006 unexpected token after expression"]),
        ("fn f( -> Int\n  1\n\nfn g() -> Int\n  )\n", ["E0006 expected pattern", "E0006 expected expression"]),
        ("struct A\n  x Int\n  y: Int\n  type: Int\n\nenum E\n  1\n  B\n  c\n",
            ["E0006 expected : and a type", "E0006 expected field name", "E0006 expected variant name", "E0006 expected variant name"]),
        ("fn f() -> Int\n  f(1 2, 3)\n  g[1]\n  if a then\n  h()\n",
            ["E0006 expected , or )", "E0006 unexpected token after expression", "E0006 expected expression"]),
        ("what is this\nand that\n\nfn f() -> Int\n  1\n\nmore of it\n", ["E0006 expected declaration", "E0006 expected declaration"]),
    ];

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (var (source, expected) in Statements()) yield return Case(Check.InFunction(source), expected);
        foreach (var (source, expected) in Files()) yield return Case(source, expected);
        foreach (var (source, expected) in Recoveries()) yield return Case(source, expected);
    }

    [TestCaseSource(nameof(Cases))]
    public void Is_reported(string source, string[] expected)
    {
        var found = Check.Parse(source).Diagnostics;
        var lines = string.Join("\n", found.Select(Check.Line));
        Assert.That(found, Has.Length.EqualTo(expected.Length), $"{source}\n{lines}");
        for (var i = 0; i < expected.Length; i++)
        {
            var space = expected[i].IndexOf(' ');
            Assert.That(found[i].Code, Is.EqualTo(expected[i][..space]), lines);
            Assert.That(found[i].Message, Does.Contain(expected[i][(space + 1)..]), lines);
        }
    }

    private static TestCaseData Case(string source, string[] expected) =>
        new TestCaseData(source, expected).SetArgDisplayNames(source.ReplaceLineEndings("⏎"));
}
