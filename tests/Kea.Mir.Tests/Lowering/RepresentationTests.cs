using Kea.Mir;
using Kea.Types;

namespace Kea.Mir.Tests;

/// <summary>What types are at run time, seen in the parameters of functions that take them.</summary>
[TestFixture]
public class RepresentationTests
{
    [TestCase("Int", "i64")]
    [TestCase("UInt8", "i8")]
    [TestCase("Char", "i32")]
    [TestCase("Bool", "bool")]
    [TestCase("Float32", "f32")]
    [TestCase("()", "unit")]
    [TestCase("String", "ref")]
    [TestCase("Color", "i8")]
    [TestCase("Ordering", "i8")]
    [TestCase("List Int", "ref~")]
    [TestCase("Solid", "ref")]
    [TestCase("Option String", "ref?")]
    [TestCase("Option (List Int)", "ref~?")]
    [TestCase("Option Int", "{i8, i64}")]
    [TestCase("Option (Option String)", "{i8, ref?}")]
    [TestCase("Option ()", "{i8, unit}")]
    [TestCase("Result(Int, String)", "{i8, i64, ref}")]
    [TestCase("(Int, String)", "{i64, ref}")]
    [TestCase("((Int, Int), (Int, Int))", "{{i64, i64}, {i64, i64}}")]
    [TestCase("((Int, Int), (Int, Int), Int)", "ref")]
    [TestCase("(Int, (), Int, Int, Int)", "{i64, unit, i64, i64, i64}")]
    [TestCase("Range Int", "{i64, i64, bool}")]
    [TestCase("fn(Int) -> Int", "ref")]
    [TestCase("Point", "ref")]
    [TestCase("Vec2", "{f64, f64}")]
    [TestCase("Names", "unit")]
    [TestCase("Cents", "i64")]
    [TestCase("Unique Int", "i64")]
    [TestCase("{ x: Int, y: Int }", "ref")]
    [TestCase("Ptr Int", "ptr")]
    public void Types_become(string type, string expected)
    {
        var program = Programs.Check($$"""
            enum Color
              Red
              Green

            enum Solid
              Ball(Int)

            struct Point
              x: Int
              y: Int

            @unboxed
            struct Vec2
              x: Float
              y: Float

            struct Names
              const a: Int = 1

            opaque Cents = Int

            fn takes(x: {{type}}) -> Int
              1

            fn main() -> Int
              0
            """);
        var session = new LoweringSession();
        var lowered = Lowering.Lower(program, new LoweringRoots.Functions([(program.Entry.Functions["takes"], [])]), session);
        Assert.That(Show(session[lowered.Entries[0]].Parameters[0].Type, session), Is.EqualTo(expected));
    }

    [Test]
    public void A_struct_and_a_record_of_its_labels_lie_alike()
    {
        var program = Programs.Check("""
            struct Mixed
              flag: Bool
              name: String
              code: Int16
              size: Int

            fn of_struct(x: Mixed) -> Mixed
              x~{ size: 1 }

            fn of_record(x: { size: Int, flag: Bool, code: Int16, name: String }) -> { size: Int, flag: Bool, code: Int16, name: String }
              x~{ size: 1 }

            fn main() -> Int
              0
            """);
        var session = new LoweringSession();
        var lowered = Lowering.Lower(program, new LoweringRoots.Functions([(program.Entry.Functions["of_struct"], []), (program.Entry.Functions["of_record"], [])]), session);
        var layouts = lowered.Program.Layouts.Where(l => l.Kind == LayoutKind.Fields).ToList();
        Assert.That(layouts, Has.Count.EqualTo(2));
        Assert.That(layouts[0].Fields, Is.EqualTo(layouts[1].Fields));
        Assert.That(layouts[0].Fields, Is.EqualTo(new MirType[] { MirType.Ref, MirType.I64, MirType.I16, MirType.Boolean }));
    }

    private static string Show(MirType type, LoweringSession session) =>
        type is MirType.Aggregate(var id) ? $"{{{string.Join(", ", session[id].Fields.Select(f => Show(f, session)))}}}" : MirPrinter.Print(type);
}
