using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>
/// Code that never ends, of every form and in both tiers, is interrupted: it says where it was, and nothing of what its frames
/// held is left.
/// </summary>
[TestFixture]
public sealed class InterruptTests
{
    private const string Never = "never", AtOnce = "at once", Usual = "usual";

    /// <summary>Bodies of <c>form(n, text, xs)</c> in a program that also has the functions of <see cref="Program"/>.</summary>
    private static readonly (string Name, string Body)[] Forms =
    [
        ("while", "while n >= 0\n    ()\n  n"),
        ("while with a call", "while Text.length(text) > 0\n    ()\n  n"),
        ("while that allocates", "while List.length(List.map(xs, |x| x + n)) > 0\n    ()\n  n"),
        ("while that prints", "while n >= 0\n    IO.stderr(\"\")\n  n"),
        ("self tail call", "spin(n)"),
        ("self tail call that holds", "Text.length(again(text, [n]))"),
        ("mutual recursion", "ping(n)"),
        ("recursion not in tail position", "tree(60, text)"),
        ("for over a range", "for i in 0..4000000000000\n    if i < 0\n      IO.println(text)\n  n"),
        ("for in a for", "for i in 0..4000000\n    for j in 0..4000000\n      if i + j < 0\n        IO.println(text)\n  n"),
        ("for over lists", "for x in xs\n    for y in xs\n      for z in xs\n        for a in xs\n          for b in xs\n            for c in xs\n              if a + b + c + x + y + z < 0\n                IO.println(text)\n  n"),
        ("loop inside a lambda", "let run = |k: Int| spin(k + Text.length(text))\n  run(n)"),
        ("lambda called for ever", "let f = |k: Int| (k + Text.length(text)) % 1000\n  iterate(f, n)"),
        ("map over lists", "mapping(xs)"),
        ("list that is built for ever", "building([], n)"),
        ("vector that is changed for ever", "filling(Vector.from_list(xs), 0)"),
        ("map that is changed for ever", "inserting(Map.new(|k: Int| k, |a: Int, b: Int| a == b), 0)"),
        ("function value", "iterate(next, n)"),
        ("sleep", "Clock.sleep(600000)\n  n"),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from form in Forms from tier in (string[])[Never, Usual, AtOnce] select new TestCaseData(form.Body, tier).SetArgDisplayNames(form.Name, tier);

    private static LiveOptions Options(string tier) => LiveOptions.T0 with
    {
        Tiers = tier switch { Never => new TierOptions(int.MaxValue), AtOnce => TierOptions.Immediately, _ => TierOptions.Usual },
    };

    private static string Program(string body) => $$"""
        use Clock
        use IO
        use List
        use Map
        use Text
        use Vector

        fn next(n: Int) -> Int
          (n + 7) % 1000

        fn spin(n: Int) -> Int
          if n < 0 then n else spin((n + 7) % 1000)

        fn again(text: String, xs: List Int) -> String
          case xs
            Cons(x, rest) -> if x < 0 then text else again(text, Cons((x + 1) % 9, rest))
            Nil -> text

        fn ping(n: Int) -> Int
          if n < 0 then n else pong((n + 7) % 1000)

        fn pong(n: Int) -> Int
          if n < 0 then n else ping((n + 3) % 1000)

        fn tree(depth: Int, text: String) -> Int
          if depth == 0 then Text.length(text) else tree(depth - 1, text) + tree(depth - 1, text) % 3

        fn iterate(f: fn(Int) -> Int, n: Int) -> Int
          if n < 0 then n else iterate(f, f(n))

        fn mapping(xs: List Int) -> Int
          if List.length(xs) == 0 then 0 else mapping(List.map(xs, |x| (x + 1) % 10))

        fn building(xs: List Int, n: Int) -> Int
          if n < 0 then List.length(xs) else if n % 1000 == 0 then building([], 1) else building(Cons(n, xs), n + 1)

        fn filling(v: Vector Int, i: Int) -> Int
          if i < 0 then Vector.length(v) else if i >= Vector.length(v) then filling(v, 0) else filling(Vector.set(v, i, i), i + 1)

        fn inserting(m: Map(Int, String), n: Int) -> Int
          if n < 0 then Map.size(m) else inserting(Map.insert(m, n % 100, "{n}"), n + 1)

        fn form(n: Int, text: String, xs: List Int) -[IO, Clock]> Int
          {{body}}

        fn main() -[IO, Clock]> Unit
          let xs = List.range(0, 100)
          IO.println("in")
          Clock.sleep(1)
          let result = form(List.length(xs), Text.repeat("ab", 30), xs)
          IO.println("{result} {List.length(xs)}")
        """;

    [TestCaseSource(nameof(Cases))]
    public void Endless_code_ends_and_leaves_nothing(string body, string tier)
    {
        using var run = new LiveRun(Program(body), Options(tier));
        Assert.That(run.Line(), Is.EqualTo("in"));
        Thread.Sleep(tier == Usual ? 150 : 20);
        run.Session.Program.Interrupt();
        var (result, error) = run.End();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Status, Is.EqualTo(101), error);
            Assert.That(result.Message, Is.EqualTo("interrupted"));
            Assert.That(error, Does.Match(@"\Ainterrupted\n  at [^\n]+\.kea:[1-9]\d*(:\d+)? in [^\n]+\n  backtrace:\n(    [^\n]+\n)*    App\.main\n"));
        }
    }
}
