namespace Kea.Types.Tests.Inference;

/// <summary>Moves and loans of <c>Unique</c> values (3.23, 9.6, 9.7).</summary>
public sealed class MoveTests
{
    private const string Prelude = """
        struct Buf
          n: Int
        fn peek(borrow b: Unique Buf) -> Int
          b.n
        fn looks(b: Unique Buf) -> Int
          b.n + 1
        fn sink(b: Unique Buf) -> Int
          case b
            Unique(x) -> x.n

        """;

    [TestCase("fn f(b: Unique Buf) -> Int\n  peek(b) + looks(b) + sink(b)", TestName = "Accepts(loans before the move)")]
    [TestCase("fn f(c: Bool, b: Unique Buf) -> Int\n  if c then sink(b) else sink(b) + 1", TestName = "Accepts(a move in every branch)")]
    [TestCase("fn f(c: Bool, b: Unique Buf) -[Fail Int]> Int\n  if c then fail 1 else sink(b)", TestName = "Accepts(a branch that does not return)")]
    [TestCase("fn f() -> Int\n  sink(Buf { n: 1 }) + sink(Unique(Buf { n: 2 }))", TestName = "Accepts(fresh values)")]
    [TestCase("fn f(b: Unique Buf, n: Int) -> Int\n  if n == 0 then b.n else f(b, n - 1) + b.n", TestName = "Accepts(a recursive function that only looks)")]
    public void Accepts(string body) => Checking.Accepts(Prelude + body + "\n");

    [TestCase("fn f(b: Unique Buf) -> Int\n  let x = sink(b)\n  x + peek(b)", "use of moved value `b`")]
    [TestCase("fn f(b: Unique Buf) -> Int\n  let c = b\n  sink(c) + sink(b)", "use of moved value `b`")]
    [TestCase("fn f(b: Unique Buf) -> Int\n  let g = || peek(b)\n  g() + peek(b)", "use of moved value `b`")]
    [TestCase("fn f(b: Unique Buf, n: Int) -> Int\n  while n > 0\n    let _ = sink(b)\n    ()\n  1", "use of moved value `b`")]
    [TestCase("fn f(c: Bool, b: Unique Buf) -> Int\n  if c then sink(b) else 0", "branch move mismatch for `b`")]
    [TestCase("fn f(borrow b: Unique Buf) -> Int\n  sink(b)", "borrowed value `b` cannot be consumed")]
    [TestCase("fn f(borrow b: Unique Buf) -> Int\n  let c = b\n  sink(c)", "borrowed value `c` cannot be consumed")]
    [TestCase("fn f(borrow b: Unique Buf) -> Int\n  let g = || peek(b)\n  g()", "borrowed value `b` cannot be consumed")]
    public void Rejects(string body, string fragment) => Checking.Rejects(Prelude + body + "\n", "E0012", fragment);
}
