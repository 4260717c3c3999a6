using Kea.Source;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>Input at a prompt (5.7).</summary>
[TestFixture]
public sealed class InteractiveTests
{
    [TestCase("1 + 2\n", "(+ 1 2)")]
    [TestCase("let x = 3\n", "(let x 3)")]
    [TestCase("IO.stdout(\"hi\")\n", "(call (. IO stdout) \"hi\")")]
    [TestCase("None as Option Int\n", "(as None (apply Option Int))")]
    [TestCase("@tailrec f(1)\n", "(@tailrec (call f 1))")]
    [TestCase("fn(x: Int) -> Int x\n", "(fn (params (param x (: Int))) -> Int x)")]
    [TestCase("case x\n  1 -> 2\n  _ -> 3\n", "(case x (-> 1 2) (-> _ 3))")]
    public void Reads_a_statement(string text, string expected)
    {
        var input = Parse(text);
        Assert.That(input.Statement, Is.Not.Null);
        Assert.That(SyntaxDump.Of(input.Statement!), Is.EqualTo(expected));
    }

    [TestCase("use Text\n", "(use Text)")]
    [TestCase("fn f(x: Int) -> Int\n  x\n", "(fn f (params (param x (: Int))) -> Int (block x))")]
    [TestCase("Vec2 as Show\n  fn show(x: Vec2) -> String\n    \"v\"\n",
        "(impl Vec2 (as Show) (fn show (params (param x (: Vec2))) -> String (block \"v\")))")]
    public void Reads_a_declaration(string text, string expected)
    {
        var input = Parse(text);
        Assert.That(input.Declaration, Is.Not.Null);
        Assert.That(SyntaxDump.Of(input.Declaration!), Is.EqualTo(expected));
    }

    [TestCase("", false)]
    [TestCase("1 + 2", false)]
    [TestCase("f(1,", true)]
    [TestCase("f(", true)]
    [TestCase("let x =", true)]
    [TestCase("1 +", true)]
    [TestCase("fn f() -> Int", true)]
    [TestCase("struct A", true)]
    [TestCase("case x", true)]
    [TestCase("if a", true)]
    [TestCase("if a then b else c", false)]
    [TestCase("xs.map(|x|", true)]
    [TestCase("fn f() -> Int\n  1", false)]
    [TestCase("trait T\n  fn f(_ self: Self) -> Int", false)]
    [TestCase("pub trait T\n  fn f(_ self: Self) -> Int\n  fn g() -> Int", false)]
    [TestCase("effect E\n  fn f(n: Int) -> Int", false)]
    [TestCase("struct S\n  n: Int\n  fn f() -> Int", true)]
    [TestCase("Int as T\n  fn f() -> Int", true)]
    [TestCase("trait T\n  fn f() -> Int\nInt as T\n  fn f() -> Int", true)]
    public void Knows_when_more_lines_belong_to_it(string text, bool isIncomplete) =>
        Assert.That(SyntaxParser.ParseInput(new SourceText("prompt", text)).Value.IsIncomplete, Is.EqualTo(isIncomplete));

    [Test]
    public void Takes_one_input_at_a_time() =>
        Assert.That(Check.Messages(SyntaxParser.ParseInput(new SourceText("prompt", "1\n2\n"))),
            Does.Contain("expected one declaration or statement"));

    private static InteractiveInput Parse(string text)
    {
        var result = SyntaxParser.ParseInput(new SourceText("prompt", text));
        Assert.That(Check.Messages(result), Is.Empty);
        return result.Value;
    }
}
