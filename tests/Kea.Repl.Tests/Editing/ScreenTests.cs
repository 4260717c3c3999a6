using FsCheck;
using FsCheck.Fluent;
using Kea.Repl.Editing;

namespace Kea.Repl.Tests.Editing;

public sealed class ScreenTests
{
    private static Screen Of(string text, int cursor, int width = 20) => Screen.Of("kea> ", ".... ", text, cursor, [], width);

    [TestCase("ab", 1, 0, 6)]
    [TestCase("ab\ncd", 4, 1, 6)]
    [TestCase("日本", 1, 0, 7)]
    [TestCase("e\u0301x", 2, 0, 6)]
    [TestCase("123456789012345", 15, 1, 0, Description = "behind a full row the cursor is in the next")]
    [TestCase("12345678901234日", 14, 0, 19)]
    [TestCase("\u0003x", 1, 0, 7, Description = "control characters show as ^C")]
    public void Places_the_cursor(string text, int cursor, int row, int column)
    {
        var screen = Of(text, cursor);
        Assert.That((screen.Row, screen.Column), Is.EqualTo((row, column)));
    }

    [Test]
    public void A_wide_character_is_not_cut_in_two()
    {
        Assert.That(Of("12345678901234日", 0).Rows.Select(r => r.Text), Is.EqualTo((string[])["kea> 12345678901234", "日"]));
    }

    [Test]
    public void Shows_the_rows_around_the_cursor_when_there_are_too_many()
    {
        var screen = Of("a\nb\nc\nd\ne", 4).Within(2);
        Assert.That((string.Join('|', screen.Rows.Select(r => r.Text)), screen.Row), Is.EqualTo((".... b|.... c", 1)));
    }

    [Test]
    public void Colours_do_not_move_anything() => Prop.ForAll<byte[]>(keys =>
    {
        var text = string.Concat(keys.Select(k => "ab 日\n\"1_e\u0301"[k % 10]));
        var cursor = TextElements.Boundary(text, text.Length / 2);
        var (plain, colored) = (Screen.Of("> ", ". ", text, cursor, [], 12), Screen.Of("> ", ". ", text, cursor, Looks.Of(text), 12));
        return plain.Rows.Select(r => r.Cells).SequenceEqual(colored.Rows.Select(r => r.Cells)) && plain.Row == colored.Row && plain.Column == colored.Column && plain.Rows.All(r => r.Cells <= 12);
    }).QuickCheckThrowOnFailure();
}
