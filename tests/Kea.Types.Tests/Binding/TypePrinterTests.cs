using Kea.Source;

namespace Kea.Types.Tests.Binding;

/// <summary>Printed types read back as the same types; unknowns get names that nothing else has.</summary>
public sealed class TypePrinterTests
{
    [TestCase("Int", ExpectedResult = "Int")]
    [TestCase("()", ExpectedResult = "Unit")]
    [TestCase("List Option Int", ExpectedResult = "List (Option Int)")]
    [TestCase("Result(Int, List a)", ExpectedResult = "Result(Int, List a)")]
    [TestCase("Result Int String", ExpectedResult = "Result(Int, String)")]
    [TestCase("Option (Int, String)", ExpectedResult = "Option (Int, String)")]
    [TestCase("List (fn(a) -[IO, e]> b)", ExpectedResult = "List (fn(a) -[IO, e]> b)")]
    [TestCase("Int -> Int -> Int", ExpectedResult = "fn(Int) -> fn(Int) -> Int")]
    [TestCase("((a, b)) -> c", ExpectedResult = "fn((a, b)) -> c")]
    [TestCase("fn(fn() -> a) -[| e]> a", ExpectedResult = "fn(fn() -> a) -[e]> a")]
    [TestCase("{ y: Int, x: fn() -> Int | r }", ExpectedResult = "{ x: fn() -> Int, y: Int | r }")]
    [TestCase("{ | r }", ExpectedResult = "{ | r }")]
    [TestCase("fn() -[Fail (List Int), Clock]> Never", ExpectedResult = "fn() -[Clock, Fail (List Int)]> Never")]
    [TestCase("forall a. fn(a) -[e]> a", ExpectedResult = "forall a. fn(a) -[e]> a")]
    [TestCase("Int?", ExpectedResult = "Option Int")]
    public string Prints_what_reads_back(string source)
    {
        var first = Parse(source);
        var printed = TypePrinter.Text(first);
        var second = Parse(printed);
        Assert.That(TypePrinter.Text(second), Is.EqualTo(printed));
        return printed;
    }

    /// <summary>Several variables may be needed to constrain effects, so the type stands in a parameter.</summary>
    private static Type Parse(string type)
    {
        var bound = Library.Bind(("Main", $"fn f(x: {type}) -> Int\n  1\n"));
        Assert.That(bound.Diagnostics.Where(d => d.Severity == Severity.Error), Is.Empty);
        return bound.Value.Entry.Functions["f"].Parameters[0].Type;
    }

    [Test]
    public void Unknowns_are_letters_that_are_free()
    {
        var a = new Type.Variable(new TypeVariable("a", VariableKind.Type));
        Type one = new Type.Meta(new MetaVariable(1, VariableKind.Type));
        Type two = new Type.Meta(new MetaVariable(2, VariableKind.Type));
        var printer = new TypePrinter();
        Assert.That(printer.Print(new Type.Tuple([two, a, one, two])), Is.EqualTo("(b, a, c, b)"));
        Assert.That(printer.Print(one), Is.EqualTo("c"));
    }

    [Test]
    public void Solved_unknowns_are_looked_through()
    {
        var cell = new MetaVariable(1, VariableKind.Type) { Solution = new Type.Tuple([]) };
        Assert.That(TypePrinter.Text(new Type.Meta(cell)), Is.EqualTo("()"));
    }
}
