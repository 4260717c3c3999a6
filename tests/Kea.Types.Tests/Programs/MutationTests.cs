using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Testing;
using Kea.Types.Binding;
using Kea.Types.Tests.Binding;

namespace Kea.Types.Tests.Programs;

/// <summary>Damaged programs go through binder and checker without an exception, whatever the parser made of them.</summary>
/// <remarks>Longer runs: <c>KEA_FUZZ=20000</c> sets the number of programs per seed. A failure names seed, round and file.</remarks>
public sealed class MutationTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("KEA_FUZZ"), out var rounds) ? rounds : 150;

    [TestCase(1), TestCase(2)]
    public void Never_throws(int seed)
    {
        var random = new Random(seed);
        var files = ProgramTests.Accepted().Concat(ProgramTests.Rejected()).Concat(Declarations()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var file = files[random.Next(files.Length)];
            var text = Mutate(File.ReadAllText(Repository.Path(file)), random);
            try
            {
                Check(text);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, round {round}, {file}: {exception}\n{text}");
            }
        }
    }

    private static IEnumerable<string> Declarations() =>
        Directory.EnumerateFiles(Repository.Path("tests", "golden", "declarations"), "*.kea").Select(f => Path.GetRelativePath(Repository.Root, f)).Order(StringComparer.Ordinal);

    private static void Check(string text)
    {
        ImmutableArray<ModuleInput> project = [.. Library.Split(text).Select(m => new ModuleInput(m.Name, SyntaxParser.Parse(new SourceText(m.Name, m.Text)).Value, ModuleOrigin.Project))];
        var bound = Binder.Bind([.. project, .. StandardLibraryTests.Parsed], "Main");
        ProgramChecker.Check(bound.Value);
    }

    /// <summary>A few tokens deleted, doubled, exchanged or replaced by others of the file.</summary>
    private static string Mutate(string text, Random random)
    {
        var tree = SyntaxParser.Parse(new SourceText("", text)).Value;
        var pieces = tree.Tokens.Select(t => text[t.TriviaStart..t.Span.End]).ToList();
        var count = random.Next(1, 4);
        for (var i = 0; i < count && pieces.Count > 2; i++)
        {
            var at = random.Next(pieces.Count - 1);
            switch (random.Next(5))
            {
                case 0: pieces.RemoveAt(at); break;
                case 1: pieces.Insert(at, pieces[at]); break;
                case 2: (pieces[at], pieces[at + 1]) = (pieces[at + 1], pieces[at]); break;
                case 3: pieces[at] = pieces[random.Next(pieces.Count)]; break;
                default: pieces.RemoveRange(at, Math.Min(pieces.Count - at, random.Next(20))); break;
            }
        }
        return string.Concat(pieces);
    }
}
