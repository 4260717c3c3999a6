using System.Text;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>However deep a text nests, the parser answers with a tree and, beyond the limits, one diagnostic.</summary>
[TestFixture]
public sealed class LimitTests
{
    private const int Deep = 100_000;

    private static IEnumerable<(string Name, Func<string> Text)> DeepTexts()
    {
        yield return ("round brackets", () => Repeat("(") + "1" + Repeat(")"));
        yield return ("open brackets only", () => Repeat("("));
        yield return ("lists", () => Repeat("[") + Repeat("]"));
        yield return ("records", () => Repeat("#{a: ") + "1" + Repeat("}"));
        yield return ("maps", () => Repeat("%{1 => ") + "1" + Repeat("}"));
        yield return ("calls inside calls", () => Repeat("f(") + Repeat(")"));
        yield return ("call chains", () => "f" + Repeat("()"));
        yield return ("field chains", () => "f" + Repeat(".a"));
        yield return ("updates", () => "f" + Repeat("~{a: 1}"));
        yield return ("questions", () => "f" + Repeat("?"));
        yield return ("ifs", () => Repeat("if ") + "a");
        yield return ("inline ifs", () => Repeat("if a then ") + "1" + Repeat(" else 2"));
        yield return ("else ifs", () => Repeat("if a then 1 else ") + "2");
        yield return ("minus signs", () => Repeat("- ") + "1");
        yield return ("not", () => Repeat("not ") + "a");
        yield return ("sums", () => "1" + Repeat(" + 1"));
        yield return ("mixed operators", () => "1" + Repeat(" * 1 + 2"));
        yield return ("ands", () => "a" + Repeat(" and a"));
        yield return ("ascriptions", () => "a" + Repeat(" as Int"));
        yield return ("whens", () => "a" + Repeat(" when a"));
        yield return ("lambdas", () => Repeat("|x| ") + "x");
        yield return ("lets", () => Repeat("let x = ") + "1");
        yield return ("resumes", () => Repeat("resume ") + "1");
        yield return ("unsafe", () => Repeat("unsafe ") + "1");
        yield return ("Unique", () => Repeat("Unique ") + "1");
        yield return ("tailrec", () => Repeat("@tailrec ") + "f(1)");
        yield return ("anonymous functions", () => Repeat("fn() -> Int ") + "1");
        yield return ("interpolations", () => Repeat("\"{") + "1" + Repeat("}\""));
        yield return ("open interpolations", () => Repeat("\"{"));
        yield return ("withs", () => Repeat("with a\n") + "1");
        yield return ("bracketed types", () => "let x: " + Repeat("(") + "Int" + Repeat(")") + " = 1");
        yield return ("applied types", () => "let x: " + Repeat("List(") + "Int" + Repeat(")") + " = 1");
        yield return ("optional types", () => "let x: Int" + Repeat("?") + " = 1");
        yield return ("function types", () => "let x: " + Repeat("Int -> ") + "Int = 1");
        yield return ("fn types", () => "let x: " + Repeat("fn() -> ") + "Int = 1");
        yield return ("rows", () => "let x: " + Repeat("{ a: ") + "Int" + Repeat("}") + " = 1");
        yield return ("forall", () => "let x: " + Repeat("forall a. ") + "Int = 1");
        yield return ("effect lists", () => "let x: A " + Repeat("[A ") + Repeat("]") + " = 1");
        yield return ("patterns", () => "let " + Repeat("(") + "x" + Repeat(")") + " = 1");
        yield return ("list patterns", () => "let " + Repeat("[") + Repeat("]") + " = 1");
        yield return ("constructor patterns", () => "let " + Repeat("A(") + Repeat(")") + " = 1");
        yield return ("cons patterns", () => "let x" + Repeat(" :: x") + " = 1");
        yield return ("record patterns", () => "let " + Repeat("#{a: ") + "x" + Repeat("}") + " = 1");
    }

    private static IEnumerable<string> DeepNames() => DeepTexts().Select(deep => deep.Name);

    // The texts are made here: as arguments of a test they would be copied into every report.
    [TestCaseSource(nameof(DeepNames))]
    public void Deep_nesting_is_diagnosed(string name)
    {
        var text = DeepTexts().Single(deep => deep.Name == name).Text();
        var result = Check.Parse(Check.InFunction(text));
        Assert.That(result.Diagnostics, Has.Length.LessThan(20));
        Assert.That(result.Diagnostics.Select(d => d.Message), Has.Some.Contains("nested too deeply")
            .Or.Some.Contains("unterminated").Or.Some.Contains("unexpected token"));
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

    private static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, Deep));
}
