using Kea.Llvm.Emit;
using Kea.Mir;

namespace Kea.Llvm.Tests;

/// <summary>Which bytes of objects mean something: what states are compared by.</summary>
public sealed class ObjectShapeTests
{
    [TestCase("fields", "(i64, ref, bool)", 32, "16", "8+8 24+1")]
    [TestCase("fields", "(i64, i32, i16, bool)", 24, "", "8+15")]
    [TestCase("fields", "(bool, i64, ref)", 32, "24", "8+1 16+8")]
    [TestCase("fields", "(agg0, ref)", 40, "24 32", "8+1 16+8")]
    [TestCase("vector", "(i64)", 8, "", "0+8")]
    [TestCase("vector", "(agg0)", 24, "16", "0+1 8+8")]
    [TestCase("string", "()", 16, "", "")]
    public void Padding_and_references_are_no_plain_bytes(string kind, string fields, int size, string references, string plain)
    {
        var program = StaticRun.Parse($$"""
            layout0 = string "String" ()
            agg0 = "Option" (i8, i64, ref)
            layout1 = {{kind}} "T" {{fields}}
            """);
        var shape = new ObjectShapes(program).Of(new LayoutId(1));
        Assert.That(shape.Size, Is.EqualTo(size));
        Assert.That(string.Join(' ', shape.ReferenceOffsets), Is.EqualTo(references));
        Assert.That(string.Join(' ', shape.Plain.Select(r => $"{r.Offset}+{r.Bytes}")), Is.EqualTo(plain));
    }
}
