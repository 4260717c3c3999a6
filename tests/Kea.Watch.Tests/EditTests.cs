namespace Kea.Watch.Tests;

/// <summary>The rows of the table of what an edit asks for, one program each: from one text to another, and what is to be seen.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class EditTests
{
    private static readonly (string Name, string Old, string Declarations, string Before, string Declared, string After, string New)[] Swaps =
    [
        ("constant in a body", "a ", "", "\"a {n}\"", "", "\"b {n}\"", "b "),
        ("helper added", "a ", "", "\"a {n}\"", "fn twice(n: Int) -> Int\n  n + n", "\"twice of {n} is {twice(n)}\"", "twice of "),
        ("helper removed", "doubled ", "fn twice(n: Int) -> Int\n  n + n", "\"doubled {twice(n)}\"", "", "\"alone {n}\"", "alone "),
        ("helper's body", "old ", "fn tag() -> String\n  \"old\"", "\"{tag()} {n}\"", "fn tag() -> String\n  \"new\"", "\"{tag()} {n}\"", "new "),
        ("parameter added", "old ", "fn tag(n: Int) -> String\n  \"old {n}\"", "tag(n)", "fn tag(n: Int, of: Int) -> String\n  \"new {n} of {of}\"", "tag(n, 7)", " of 7"),
        ("parameter's type", "old ", "fn tag(n: Int) -> String\n  \"old {n}\"", "tag(n)", "fn tag(n: Float) -> String\n  \"float {n > 0.5}\"", "tag(1.0)", "float true"),
        ("result's type", "old 1", "fn number() -> Int\n  1", "\"old {number()}\"", "fn number() -> Bool\n  true", "\"is {number()}\"", "is true"),
        ("generic helper with many instances", " true s 1.5 1",
            "fn id(x: t) -> t\n  x\n\nfn all(n: Int) -> String\n  \"{id(n)} {id(true)} {id(\"s\")} {id(1.5)} {id((1, 2)).0}\"", "all(n)",
            "fn id(x: t) -> t\n  let y = x\n  y\n\nfn all(n: Int) -> String\n  \"{id(n)} {id(true)} {id(\"t\")} {id(1.5)} {id((1, 2)).0}\"", "all(n)", " true t 1.5 1"),
        ("mutual recursion", "even true",
            "fn even(n: Int) -> Bool\n  if n == 0 then true else odd(n - 1)\n\nfn odd(n: Int) -> Bool\n  if n == 0 then false else even(n - 1)", "\"even {even(10)}\"",
            "fn even(n: Int) -> Bool\n  if n <= 0 then true else odd(n - 1)\n\nfn odd(n: Int) -> Bool\n  if n == 0 then true else even(n - 1)", "\"now {even(11)}\"", "now true"),
        ("function becomes recursive", "sum 4", "fn sum(n: Int) -> Int\n  n", "\"sum {sum(4)}\"", "fn sum(n: Int) -> Int\n  if n == 0 then 0 else n + sum(n - 1)", "\"sum {sum(4)}\"", "sum 10"),
        ("trait implementation's body", "dog ",
            "trait Named\n  fn name(_ self: Self) -> String\n\nstruct Dog\n  age: Int\n\nDog as Named\n  fn name(_ self: Dog) -> String\n    \"dog\"", "\"{Dog { age: 1 }.name()} {n}\"",
            "trait Named\n  fn name(_ self: Self) -> String\n\nstruct Dog\n  age: Int\n\nDog as Named\n  fn name(_ self: Dog) -> String\n    \"hound\"", "\"{Dog { age: 1 }.name()} {n}\"", "hound "),
        ("derived equality of a grown struct", "true before",
            "@derive(Eq)\nstruct P\n  x: Int", "\"{P { x: 1 } == P { x: 1 }} before\"",
            "@derive(Eq)\nstruct P\n  x: Int\n  y: Int", "\"{P { x: 1, y: 2 } == P { x: 1, y: 3 }} after\"", "false after"),
        ("enum with another variant", "at once green", "enum Light\n  Red\n  Green\n\nfn next(l: Light) -> String\n  case l\n    Red -> \"at once green\"\n    Green -> \"red\"", "next(Red)",
            "enum Light\n  Amber\n  Red\n  Green\n\nfn next(l: Light) -> String\n  case l\n    Amber -> \"amber\"\n    Red -> \"soon green\"\n    Green -> \"red\"", "next(Red)", "soon green"),
        ("lambda inside a function", "[11]", "", "\"{List.map([1], |x| x + 10)}\"", "", "\"{List.map([1], |x| x + 20)}\"", "[21]"),
    ];

    private static IEnumerable<TestCaseData> SwapCases() =>
        Swaps.Select(s => new TestCaseData(Apps.Counting(s.Before, s.Declarations), Apps.Counting(s.After, s.Declared), s.Old, s.New).SetArgDisplayNames(s.Name));

    [TestCaseSource(nameof(SwapCases))]
    public void Takes_effect_and_can_be_taken_back(string before, string after, string printedBefore, string printedAfter)
    {
        using var run = WatchedRun.Of(before);
        run.Prints(printedBefore);
        run.Says("[watch] app.kea (1 module)");
        run.Save(after);
        run.Says("[reload] app.kea changed, recompiling...");
        run.IsUpdatedTo(printedAfter);
        run.Save(before);
        run.IsUpdatedTo(printedBefore);
        Assert.That(run.Terminate(), Is.EqualTo(143));
    }
}
