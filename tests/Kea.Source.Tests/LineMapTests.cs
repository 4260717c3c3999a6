using FsCheck;
using FsCheck.Fluent;
using Kea.Source;

namespace Kea.Source.Tests;

/// <summary>Laws: a line's start has column 0; lines joined are the text; byte offsets agree with UTF-8.</summary>
[TestFixture]
public sealed class LineMapTests
{
    [TestCase("", 0, 0, 0)]
    [TestCase("abc", 2, 0, 2)]
    [TestCase("a\nbc", 1, 0, 1)]
    [TestCase("a\nbc", 2, 1, 0)]
    [TestCase("a\nbc", 4, 1, 2)]
    [TestCase("a\r\nbc", 3, 1, 0)]
    [TestCase("a\n", 2, 1, 0)]
    [TestCase("é😀x", 3, 0, 2)]
    public void Finds_line_and_column(string text, int offset, int line, int column)
    {
        var map = LineMap.Of(text);
        Assert.That((map.LineOf(offset), map.ColumnOf(offset)), Is.EqualTo((line, column)));
    }

    [Test]
    public void Line_text_has_no_line_end()
    {
        var map = LineMap.Of("one\r\ntwo\n\nlast");
        Assert.That(map.LineCount, Is.EqualTo(4));
        Assert.That(Enumerable.Range(0, 4).Select(line => map.LineText(line).ToString()), Is.EqualTo(new[] { "one", "two", "", "last" }));
    }

    [Test]
    public void Byte_offsets_are_those_of_utf8()
    {
        var map = LineMap.Of("aé😀b");
        Assert.That(new[] { 0, 1, 2, 4, 5 }.Select(map.ByteOffset), Is.EqualTo(new[] { 0, 1, 3, 7, 8 }));
    }

    [Test]
    public void Every_offset_lies_in_its_line() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), given =>
        {
            var text = given ?? "";
            var map = LineMap.Of(text);
            for (var offset = 0; offset <= text.Length; offset++)
            {
                var line = map.LineOf(offset);
                if (line != text.AsSpan(0, offset).Count('\n')) return false;
                if (map.LineStart(line) > offset) return false;
                if (map.ColumnOf(map.LineStart(line)) != 0) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();
}
