using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir.Tests;

/// <summary>The closed name of a type changes with what code can see of its layout, and with nothing else.</summary>
[TestFixture]
public class TypeVersionsTests
{
    private const string Plain = "struct State\n  name: String\n  port: Int\n  next: Option State\n";

    [TestCase("struct State\n  port: Int\n  next: Option State\n  name: String\n", TestName = "fields of a boxed struct in another order")]
    [TestCase("-- a comment\nstruct State\n\n  name: String\n  port: Int\n  next: Option State\nfn more() -> Int\n  1\n", TestName = "what stands around it")]
    public void Stays(string after) => Assert.That(AreSame(Plain, after), Is.True);

    [TestCase("struct State\n  name: String\n  port: Int32\n  next: Option State\n", TestName = "a type")]
    [TestCase("struct State\n  name: String\n  gate: Int\n  next: Option State\n", TestName = "a name")]
    [TestCase("struct State\n  name: String\n  port: Int\n  next: List State\n", TestName = "a recursive field")]
    public void Differs(string after) => Assert.That(AreSame(Plain, after), Is.False);

    [TestCase("Option Inner")]
    [TestCase("fn(Inner) -> Int")]
    [TestCase("fn(Int) -[Fail Inner]> Int")]
    [TestCase("Map String (List Inner)")]
    [TestCase("Vector Inner")]
    [TestCase("(Int, Inner)")]
    [TestCase("{ a: Inner, b: Int }")]
    [TestCase("Ptr Inner")]
    public void Follows_what_is_reached(string field) =>
        Assert.That(AreSame($"struct State\n  it: {field}\nstruct Inner\n  a: Int\n", $"struct State\n  it: {field}\nstruct Inner\n  a: Int\n  b: Int\n"), Is.False);

    [TestCase("enum State\n  Red\n  Green\n", "enum State\n  Green\n  Red\n")]
    [TestCase("enum State\n  Red(Int)\n  Green\n", "enum State\n  Red(Int)\n  Blue\n")]
    [TestCase("enum State\n  Red(a: Int, b: Int)\n", "enum State\n  Red(b: Int, a: Int)\n")]
    [TestCase("@unboxed\nstruct State\n  a: Int\n  b: Int\n", "@unboxed\nstruct State\n  b: Int\n  a: Int\n")]
    public void Knows_order_where_it_matters(string one, string other) => Assert.That(AreSame(one, other), Is.False);

    [Test]
    public void Ends_for_a_type_that_grows_in_itself()
    {
        const string Growing = "struct State\n  it: Nest Int\nenum Nest a\n  Flat(a)\n  Deep(Nest((a, a)))\n";
        Assert.That(AreSame(Growing, Growing), Is.True);
        Assert.That(AreSame(Growing, Growing.Replace("Flat(a)", "Flat(a, a)")), Is.False);
    }

    [Test]
    public void A_shape_that_comes_back_has_its_name_again()
    {
        var versions = new TypeVersions();
        var name = NameOf(Plain, versions);
        Assert.That(NameOf(Plain.Replace("port", "gate"), versions), Is.EqualTo(name + "'2"));
        Assert.That(NameOf(Plain, versions), Is.EqualTo(name));
    }

    private static bool AreSame(string one, string other)
    {
        var versions = new TypeVersions();
        return NameOf(one, versions) == NameOf(other, versions);
    }

    private static string NameOf(string source, TypeVersions versions)
    {
        var program = Programs.Check("use Vector\n" + source + "\nfn main() -> Int\n  0\n");
        return new ClosedTypes(program, versions).Close(new Type.Named(program.Entry.Types["State"], []), TypeSubstitution.Empty).Name;
    }
}
