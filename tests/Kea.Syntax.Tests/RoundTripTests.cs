using FsCheck;
using FsCheck.Fluent;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>
/// Laws: no character of a text is lost by the lexer, whatever the text; printing a tree and parsing the print gives
/// the same tree, for every program of the repository that parses and for generated trees.
/// </summary>
[TestFixture]
public sealed class RoundTripTests
{
    [Test]
    public void Lexer_loses_no_character_of_a_program() => Assert.Multiple(() =>
    {
        foreach (var (name, text) in Corpus.All)
            Assert.That(TokenText.Joined(Check.Parse(text).Value), Is.EqualTo(text), name);
    });

    [Test]
    public void Lexer_loses_no_character_of_any_text() =>
        Prop.ForAll(ArbitraryTexts.Any, text => TokenText.Joined(Check.Parse(text).Value) == text)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Test]
    public void Lexer_loses_no_character_of_token_soup() =>
        Prop.ForAll(ArbitraryTexts.Soup, text => TokenText.Joined(Check.Parse(text).Value) == text)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Test]
    public void Tokens_are_in_order_and_blocks_balance() => Assert.Multiple(() =>
    {
        foreach (var (name, text) in Corpus.All)
        {
            var depth = 0;
            var end = 0;
            foreach (var token in Check.Parse(text).Value.Tokens)
            {
                Assert.That(token.TriviaStart, Is.EqualTo(end), name);
                end = token.Span.End;
                if (token.Kind == TokenKind.Indent) depth++;
                if (token.Kind == TokenKind.Dedent) depth--;
                Assert.That(depth, Is.GreaterThanOrEqualTo(0), name);
            }
            Assert.That(depth, Is.Zero, name);
        }
    });

    [Test]
    public void Printing_then_parsing_a_program_is_the_identity() => Assert.Multiple(() =>
    {
        var printed = 0;
        foreach (var (name, text) in Corpus.All)
        {
            var first = Check.Parse(text);
            if (first.HasErrors) continue;
            printed++;
            AssertRoundTrip(first.Value, name);
        }
        Assert.That(printed, Is.GreaterThan(10));
    });

    [Test]
    public void Printing_is_stable() => Assert.Multiple(() =>
    {
        foreach (var (name, text) in Corpus.All)
        {
            var first = Check.Parse(text);
            if (first.HasErrors) continue;
            var once = SyntaxPrinter.Print(first.Value);
            Assert.That(SyntaxPrinter.Print(Check.Parse(once).Value), Is.EqualTo(once), name);
        }
    });

    [Test]
    public void Printing_then_parsing_a_generated_tree_is_the_identity()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var tree = new TreeGenerator(seed).File();
            AssertRoundTrip(tree, $"seed {seed}");
        }
    }

    private static void AssertRoundTrip(SyntaxTree tree, string name)
    {
        var printed = SyntaxPrinter.Print(tree);
        var again = Check.Parse(printed);
        if (again.HasErrors) Assert.Fail($"{name}\n{Check.Messages(again)}\n{printed}");
        Assert.That(SyntaxDump.Of(again.Value), Is.EqualTo(SyntaxDump.Of(tree)), $"{name}\n{printed}");
    }
}
