using System.Text;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>However deep a text nests, the parser answers with a tree and, beyond the limits, one diagnostic.</summary>
[TestFixture]
public sealed class LimitTests
{
    private const int Deep = 100_000;

    private static IEnumerable<TestCaseData> DeepTexts()
    {
        yield return Case("round brackets", Repeat("(") + "1" + Repeat(")"));
        yield return Case("open brackets only", Repeat("("));
        yield return Case("lists", Repeat("[") + Repeat("]"));
        yield return Case("records", Repeat("#{a: ") + "1" + Repeat("}"));
        yield return Case("maps", Repeat("%{1 => ") + "1" + Repeat("}"));
        yield return Case("calls inside calls", Repeat("f(") + Repeat(")"));
        yield return Case("call chains", "f" + Repeat("()"));
        yield return Case("field chains", "f" + Repeat(".a"));
        yield return Case("updates", "f" + Repeat("~{a: 1}"));
        yield return Case("questions", "f" + Repeat("?"));
        yield return Case("ifs", Repeat("if ") + "a");
        yield return Case("inline ifs", Repeat("if a then ") + "1" + Repeat(" else 2"));
        yield return Case("else ifs", Repeat("if a then 1 else ") + "2");
        yield return Case("minus signs", Repeat("- ") + "1");
        yield return Case("not", Repeat("not ") + "a");
        yield return Case("sums", "1" + Repeat(" + 1"));
        yield return Case("mixed operators", "1" + Repeat(" * 1 + 2"));
        yield return Case("ands", "a" + Repeat(" and a"));
        yield return Case("ascriptions", "a" + Repeat(" as Int"));
        yield return Case("whens", "a" + Repeat(" when a"));
        yield return Case("lambdas", Repeat("|x| ") + "x");
        yield return Case("lets", Repeat("let x = ") + "1");
        yield return Case("resumes", Repeat("resume ") + "1");
        yield return Case("unsafe", Repeat("unsafe ") + "1");
        yield return Case("Unique", Repeat("Unique ") + "1");
        yield return Case("tailrec", Repeat("@tailrec ") + "f(1)");
        yield return Case("anonymous functions", Repeat("fn() -> Int ") + "1");
        yield return Case("interpolations", Repeat("\"{") + "1" + Repeat("}\""));
        yield return Case("open interpolations", Repeat("\"{"));
        yield return Case("withs", Repeat("with a\n  ") + "1");
        yield return Case("bracketed types", "let x: " + Repeat("(") + "Int" + Repeat(")") + " = 1");
        yield return Case("applied types", "let x: " + Repeat("List(") + "Int" + Repeat(")") + " = 1");
        yield return Case("optional types", "let x: Int" + Repeat("?") + " = 1");
        yield return Case("function types", "let x: " + Repeat("Int -> ") + "Int = 1");
        yield return Case("fn types", "let x: " + Repeat("fn() -> ") + "Int = 1");
        yield return Case("rows", "let x: " + Repeat("{ a: ") + "Int" + Repeat("}") + " = 1");
        yield return Case("forall", "let x: " + Repeat("forall a. ") + "Int = 1");
        yield return Case("effect lists", "let x: A " + Repeat("[A ") + Repeat("]") + " = 1");
        yield return Case("patterns", "let " + Repeat("(") + "x" + Repeat(")") + " = 1");
        yield return Case("list patterns", "let " + Repeat("[") + Repeat("]") + " = 1");
        yield return Case("constructor patterns", "let " + Repeat("A(") + Repeat(")") + " = 1");
        yield return Case("cons patterns", "let x" + Repeat(" :: x") + " = 1");
        yield return Case("record patterns", "let " + Repeat("#{a: ") + "x" + Repeat("}") + " = 1");
    }

    [TestCaseSource(nameof(DeepTexts))]
    public void Deep_nesting_is_diagnosed(string text)
    {
        var result = Check.Parse(Check.InFunction(text));
        Assert.That(result.Diagnostics, Has.Length.LessThan(20));
        Assert.That(result.Diagnostics.Select(d => d.Message), Has.Some.Contains("nested too deeply")
            .Or.Some.Contains("unterminated").Or.Some.Contains("handle"));
        // Whatever comes later walks the tree; it must be walkable.
        Assert.That(SyntaxDump.Of(result.Value), Is.Not.Empty);
    }

    [Test]
    public void Deep_blocks_are_diagnosed()
    {
        var text = new StringBuilder("fn f() -> Int\n");
        for (var i = 1; i <= 3_000; i++) text.Append(' ', i).Append("if a\n");
        text.Append(' ', 3_001).Append("1\n");
        var result = Check.Parse(text.ToString());
        Assert.That(Check.Messages(result), Does.Contain("nested too deeply"));
        Assert.That(SyntaxDump.Of(result.Value), Is.Not.Empty);
    }

    [Test]
    public void Deep_declarations_are_diagnosed()
    {
        var text = new StringBuilder();
        for (var i = 0; i <= 3_000; i++) text.Append(' ', i).Append("struct A\n");
        text.Append(' ', 3_001).Append("a: Int\n");
        var result = Check.Parse(text.ToString());
        Assert.That(Check.Messages(result), Does.Contain("nested too deeply"));
        Assert.That(SyntaxDump.Of(result.Value), Is.Not.Empty);
    }

    [Test]
    public void Moderate_nesting_is_fine()
    {
        const int depth = 300;
        Check.Clean(Check.InFunction(new string('(', depth) + "1" + new string(')', depth)));
        Check.Clean(Check.InFunction("1" + string.Concat(Enumerable.Repeat(" + 1", 1_500))));
        Check.Clean(Check.InFunction("\"a\"" + string.Concat(Enumerable.Repeat(" ++ \"b\"", 1_500))));
        Check.Clean(Check.InFunction("[" + string.Concat(Enumerable.Repeat("1, ", 100_000)) + "]"));
        Check.Clean(Check.InFunction(string.Concat(Enumerable.Repeat("g()\n", 100_000))));
        Check.Clean(Check.InFunction(string.Concat(Enumerable.Repeat("if a\n  1\nelse ", 300)) + "\n  2"));
        Check.Clean(Check.InFunction("\"" + string.Concat(Enumerable.Repeat("{a}", 100_000)) + "\""));
        Check.Clean(Check.InFunction("f(" + string.Concat(Enumerable.Repeat("\"{x + 1}\", ", 10_000)) + ")"));
    }

    private static TestCaseData Case(string name, string text) => new TestCaseData(text).SetName($"Deep {name}");
    private static string Repeat(string text) => new StringBuilder(text.Length * Deep).Insert(0, text, Deep).ToString();
}
