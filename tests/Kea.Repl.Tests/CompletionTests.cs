using Kea.Driver;
using Kea.Repl.Editing;
using Kea.Source;
using Kea.Testing;

namespace Kea.Repl.Tests;

/// <summary>What Tab offers in a session that has definitions and values; <c>$0</c> is the cursor.</summary>
public sealed class CompletionTests
{
    private sealed class Quiet : IReplOutput
    {
        public List<string> Said { get; } = [];
        public void Line(string text) { }
        public void Say(string text) => Said.Add(text);
        public void Diagnostics(IReadOnlyCollection<Diagnostic> diagnostics) => Said.AddRange(diagnostics.Select(d => d.Message));
        public void Flush() { }
    }

    private Toolchain.Folder _folder = null!;
    private Quiet _output = null!;
    private ReplSession _session = null!;

    [OneTimeSetUp]
    public void Begin()
    {
        _folder = new Toolchain.Folder();
        _folder.Write("program.kea", "");
        _folder.Write("notes.txt", "");
        _folder.Write("parts/one.kea", "");
        _output = new Quiet();
        _session = new ReplSession(ToolchainPaths.Find(), _output, _folder.Path);
        string[] inputs =
        [
            "struct Point\n  across: Int\n  down: Int\n  fn norm(self: Point) -> Int\n    self.across + self.down\n",
            "enum Shape\n  Dot\n  Disc(Int)\n",
            "Shape as Show\n  fn show(self: Shape) -> String\n    \"shape\"\n",
            "fn make_point(n: Int) -> Point\n  Point { across: n, down: n }\n",
            "let place = make_point(3)",
            "let pair = (place, 1)",
            "let places = [place]",
        ];
        foreach (var input in inputs) _session.Take(input);
        Assert.That(_output.Said, Is.Empty);
    }

    [OneTimeTearDown]
    public void End()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    private Completion At(string text)
    {
        var cursor = text.IndexOf("$0", StringComparison.Ordinal);
        return _session.Language.Complete(text.Remove(cursor, 2), cursor);
    }

    [TestCase("pla$0", "place", "places")]
    [TestCase("make_p$0", "make_point")]
    [TestCase("1 + make_point(2).ac$0", "across")]
    [TestCase("place.$0", "across", "down", "norm")]
    [TestCase("pair.$0", "0", "1")]
    [TestCase("pair.0.d$0", "down")]
    [TestCase("places.fil$0 + 1", "filter")]
    [TestCase("f(place.dow$0, 1)", "down")]
    [TestCase("[place, make_point(1)].le$0", "length")]
    [TestCase("List.fil$0", "filter")]
    [TestCase("Shape.D$0", "Disc", "Dot")]
    [TestCase("IO.println(Di$0)", "Disc")]
    [TestCase("whi$0", "while")]
    [TestCase(":wo$0", ":worlds")]
    [TestCase(":load pro$0", "program.kea")]
    [TestCase(":load par$0", "parts/")]
    [TestCase(":load parts/$0", "one.kea")]
    [TestCase("use Sorted$0", "SortedMap", "SortedSet")]
    [TestCase(":type place.nor$0", "norm")]
    public void Offers(string text, params string[] expected) => Assert.That(At(text).Candidates.Intersect(expected), Is.EqualTo(expected));

    [TestCase("place.nothing$0")]
    [TestCase("no_such_name.$0")]
    [TestCase("Nothing.$0")]
    [TestCase("kea_repl$0")]
    [TestCase("1 +) .$0")]
    [TestCase(".$0")]
    public void Offers_nothing_where_nothing_fits(string text) => Assert.That(At(text).Candidates, Is.Empty);

    [Test]
    public void Says_nothing_and_changes_nothing()
    {
        At("place.nope($0");
        At("(1 + \"s\").$0");
        Assert.That(_output.Said, Is.Empty);
    }

    [Test]
    public void Shows_candidates_in_columns() =>
        Assert.That(Completion.Of("", 0, 0, ["one", "two", "three"]).Table(14), Is.EqualTo("one    two\nthree\n"));
}
