using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir.Tests;

/// <summary>A fingerprint changes with what code can see of a layout, and with nothing else.</summary>
[TestFixture]
public class AbiFingerprintTests
{
    private const string Plain = "struct State\n  name: String\n  port: Int\n  next: Option State\n";

    [TestCase("struct State\n  port: Int\n  next: Option State\n  name: String\n", TestName = "fields of a boxed struct in another order")]
    [TestCase("-- a comment\nstruct State\n\n  name: String\n  port: Int\n  next: Option State\nfn more() -> Int\n  1\n", TestName = "what stands around it")]
    public void Stays(string after) => Assert.That(Of(after), Is.EqualTo(Of(Plain)));

    [TestCase("struct State\n  name: String\n  port: Int32\n  next: Option State\n", TestName = "a type")]
    [TestCase("struct State\n  name: String\n  gate: Int\n  next: Option State\n", TestName = "a name")]
    [TestCase("struct State\n  name: String\n  port: Int\n  next: List State\n", TestName = "a recursive field")]
    public void Differs(string after) => Assert.That(Of(after), Is.Not.EqualTo(Of(Plain)));

    [TestCase("Option Inner")]
    [TestCase("fn(Inner) -> Int")]
    [TestCase("fn(Int) -[Fail Inner]> Int")]
    [TestCase("Map String (List Inner)")]
    [TestCase("Vector Inner")]
    [TestCase("(Int, Inner)")]
    [TestCase("{ a: Inner, b: Int }")]
    [TestCase("Ptr Inner")]
    public void Follows_what_is_reached(string field)
    {
        var before = Of($"struct State\n  it: {field}\nstruct Inner\n  a: Int\n");
        Assert.That(Of($"struct State\n  it: {field}\nstruct Inner\n  a: Int\n  b: Int\n"), Is.Not.EqualTo(before));
    }

    [TestCase("enum State\n  Red\n  Green\n", "enum State\n  Green\n  Red\n")]
    [TestCase("enum State\n  Red(Int)\n  Green\n", "enum State\n  Red(Int)\n  Blue\n")]
    [TestCase("enum State\n  Red(a: Int, b: Int)\n", "enum State\n  Red(b: Int, a: Int)\n")]
    [TestCase("@unboxed\nstruct State\n  a: Int\n  b: Int\n", "@unboxed\nstruct State\n  b: Int\n  a: Int\n")]
    public void Knows_order_where_it_matters(string one, string other) => Assert.That(Of(one), Is.Not.EqualTo(Of(other)));

    [Test]
    public void Ends_for_a_type_that_grows_in_itself() =>
        Assert.That(Of("struct State\n  it: Nest Int\nenum Nest a\n  Flat(a)\n  Deep(Nest((a, a)))\n"), Has.Length.EqualTo(32));

    private static string Of(string source)
    {
        var program = Programs.Check("use Vector\n" + source + "\nfn main() -> Int\n  0\n");
        var types = new ClosedTypes(program);
        var state = types.Close(new Type.Named(program.Entry.Types["State"], []), TypeSubstitution.Empty);
        return new AbiFingerprint(new Representation(new LoweringSession(), types)).Of(state);
    }
}
