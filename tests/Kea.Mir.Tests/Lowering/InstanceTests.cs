using Kea.Mir;

namespace Kea.Mir.Tests;

/// <summary>Which instances a program has, and that their numbers last.</summary>
[TestFixture]
public class InstanceTests
{
    [Test]
    public void Larger_and_larger_types_are_an_error()
    {
        var program = Programs.Check("""
            fn grow(n: Int, x: a) -> Int
              if n == 0 then 0 else grow(n - 1, (x, x))

            fn main() -> Int
              grow(3, 1)
            """);
        var lowered = Lowering.Lower(program, new LoweringRoots.Main(), new LoweringSession());
        Assert.That(lowered.Diagnostics.Select(d => $"{d.Primary!.Span} {d.Code} {d.Message}"),
            Is.EqualTo(["main.kea:1:4 E0012 `grow` needs unboundedly many instances: it is used at ever larger types"]));
    }

    [Test]
    public void Equal_functions_keep_their_numbers_over_lowerings()
    {
        const string text = """
            fn pair(x: a) -> (a, a)
              (x, x)

            fn main() -> Int
              pair(1).0 + pair((2, "s")).1.0
            """;
        var session = new LoweringSession();
        var first = Lowering.Lower(Programs.Check(text), new LoweringRoots.Main(), session).Program;
        var again = Lowering.Lower(Programs.Check(text.Replace("(x, x)", "let y = x\n  (y, x)")), new LoweringRoots.Main(), session).Program;
        Assert.That(again.Functions.Select(f => (f.Id, f.Name)), Is.EqualTo(first.Functions.Select(f => (f.Id, f.Name))));
        Assert.That(again.Layouts, Has.Length.EqualTo(first.Layouts.Length));
    }

    [Test]
    public void Another_signature_is_another_function()
    {
        var session = new LoweringSession();
        var first = Lowering.Lower(Programs.Check("fn f(x: Int) -> Int\n  x\n\nfn main() -> Int\n  f(1)"), new LoweringRoots.Main(), session).Program;
        var again = Lowering.Lower(Programs.Check("fn f(x: Int, y: Int) -> Int\n  x + y\n\nfn main() -> Int\n  f(1, 2)"), new LoweringRoots.Main(), session).Program;
        var (before, after) = (first.Functions.Single(f => f.Name == "Main.f"), again.Functions.Single(f => f.Name == "Main.f"));
        Assert.That(after.Id, Is.Not.EqualTo(before.Id));
        Assert.That(again.Functions.Single(f => f.Name == "Main.main").Id, Is.EqualTo(first.Functions.Single(f => f.Name == "Main.main").Id));
    }

    [Test]
    public void One_function_is_lowered_alone()
    {
        var session = new LoweringSession();
        const string text = "fn g(x: Int) -> Int\n  x * 2\n\nfn f(x: Int) -> Int\n  g(x) + 1\n\nfn main() -> Int\n  f(1)";
        var whole = Lowering.Lower(Programs.Check(text), new LoweringRoots.Main(), session).Program;
        var known = whole.Functions.Select(f => f.Id).ToHashSet();
        var edited = Programs.Check(text.Replace("+ 1", "+ 2"));
        var f = edited.Entry.Functions["f"];
        var id = whole.Functions.Single(x => x.Name == "Main.f").Id;
        var alone = Lowering.Lower(edited, new LoweringRoots.Functions([(f, [])]), session, candidate => candidate != id && known.Contains(candidate));
        Assert.That(alone.Program.Functions.Select(x => x.Name), Is.EqualTo(["Main.f"]));
        Assert.That(alone.Entries, Is.EqualTo([id]));
    }

    [Test]
    public void Each_test_has_an_entry()
    {
        var program = Programs.Check("""
            use Test

            test "holds"
              Test.check(1 + 1 == 2)

            test "fails"
              Test.assert(false)
            """);
        var lowered = Lowering.Lower(program, new LoweringRoots.Tests([.. program.Entry.Tests]), new LoweringSession());
        var entries = lowered.Entries.Select(id => lowered.Program.Functions.Single(f => f.Id == id)).ToList();
        Assert.That(entries, Has.Count.EqualTo(2));
        Assert.That(entries.Select(e => (e.Parameters.Length, e.Result)), Is.All.EqualTo((0, MirType.I64)));
        var texts = lowered.Program.Functions.SelectMany(f => f.Blocks).SelectMany(b => b.Instructions).Select(i => i.Operation).OfType<Inst.StringConst>().Select(s => s.Value);
        Assert.That(texts, Has.Member("  check failed: 1 + 1 == 2"));
    }
}
