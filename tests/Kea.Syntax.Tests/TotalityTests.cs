using System.Diagnostics;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Syntax.Tests;

/// <summary>
/// Laws: the parser returns a tree for every text, in time and without throwing; a text whose tree holds an Error node has
/// a diagnostic; places lie in the text.
/// </summary>
[TestFixture]
public sealed class TotalityTests
{
    private const int Inputs = 24_000;
    private const int LongestProgram = 6_000;

    private static readonly string[] Insertions =
    [
        "(", ")", "[", "]", "{", "}", "\"", "'", "\n", "\n  ", "\n      ", "|", "->", "=", ",", ":", ".", " fn ", " let ", " if ",
        " then ", " else ", " case ", " handle ", " with ", " doc ", "--", "\t", "@", "#{", "%{", "-[", "]>", "\"\"\"", " where ", "_", "$",
    ];

    [Test]
    public void Parser_is_total_on_mutated_and_truncated_programs()
    {
        var programs = Corpus.All.Where(p => p.Text.Length is > 0 and < LongestProgram).ToArray();
        Assert.That(programs, Is.Not.Empty);
        for (var seed = 0; seed < Inputs; seed++)
        {
            var random = new Random(seed);
            var text = Mutate(programs[random.Next(programs.Length)].Text, random);
            AssertTotal(text, $"seed {seed}");
        }
    }

    [Test]
    public void Every_prefix_of_a_program_is_parsed()
    {
        var text = Corpus.All.Where(p => p.Text.Length is > 1_000 and < 3_000).OrderBy(p => p.Name, StringComparer.Ordinal).First().Text;
        for (var length = 0; length <= text.Length; length++) AssertTotal(text[..length], $"prefix of {length}");
    }

    private static string Mutate(string text, Random random)
    {
        if (random.Next(8) == 0) return text[..random.Next(text.Length)];
        // A window keeps the inputs small and the mutations dense.
        var start = LineStart(text, random.Next(text.Length));
        var window = text.Substring(start, Math.Min(text.Length - start, random.Next(40, 1_200)));
        for (var count = random.Next(1, 5); count > 0 && window.Length > 0; count--)
        {
            var at = random.Next(window.Length);
            window = random.Next(5) switch
            {
                0 => window.Remove(at, Math.Min(window.Length - at, random.Next(1, 8))),
                1 => window.Insert(at, Insertions[random.Next(Insertions.Length)]),
                2 => window[..at] + (char)random.Next(32, 127) + window[(at + 1)..],
                3 => window.Insert(at, window.Substring(at, Math.Min(window.Length - at, random.Next(1, 40)))),
                _ => MoveLine(window, at, random),
            };
        }
        return window;
    }

    private static int LineStart(string text, int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    private static string MoveLine(string text, int at, Random random)
    {
        var start = LineStart(text, at);
        return random.Next(2) == 0 ? text.Insert(start, "  ") : text.Remove(start, Math.Min(2, text.Length - start));
    }

    private static void AssertTotal(string text, string name)
    {
        var watch = Stopwatch.StartNew();
        Phase<SyntaxTree> result;
        try
        {
            result = Check.Parse(text);
        }
        catch (Exception exception)
        {
            Assert.Fail($"{name}: {exception}\n{text}");
            return;
        }
        if (watch.ElapsedMilliseconds > 2_000) Assert.Fail($"{name}: took {watch.ElapsedMilliseconds} ms\n{text}");
        if (TokenText.Joined(result.Value) != text) Assert.Fail($"{name}: characters were lost\n{text}");
        foreach (var diagnostic in result.Diagnostics)
        {
            var span = diagnostic.Primary!.Span.Span;
            if (span.Start < 0 || span.End > text.Length || span.Start > span.End)
                Assert.Fail($"{name}: {diagnostic.Message} at {span}\n{text}");
        }
        if (!result.HasErrors && SyntaxDump.Of(result.Value).Contains("<error>", StringComparison.Ordinal))
            Assert.Fail($"{name}: an error node without a diagnostic\n{text}");
    }
}
