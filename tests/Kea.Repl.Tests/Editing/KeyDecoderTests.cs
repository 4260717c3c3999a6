using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kea.Repl.Editing;

namespace Kea.Repl.Tests.Editing;

public sealed class KeyDecoderTests
{
    [TestCase("\r", Stroke.Enter)]
    [TestCase("\u001b[A", Stroke.Up)]
    [TestCase("\u001bOB", Stroke.Down)]
    [TestCase("\u001b[1;5D", Stroke.WordLeft)]
    [TestCase("\u001b[1;3C", Stroke.WordRight)]
    [TestCase("\u001b[H", Stroke.Home)]
    [TestCase("\u001b[4~", Stroke.End)]
    [TestCase("\u001b[3~", Stroke.Delete)]
    [TestCase("\u001bb", Stroke.WordLeft)]
    [TestCase("\u001b\r", Stroke.NewLine)]
    [TestCase("\u001b\u007f", Stroke.KillWordBefore)]
    [TestCase("\u0001", Stroke.Home)]
    [TestCase("\u0003", Stroke.Interrupt)]
    [TestCase("\u0012", Stroke.Search)]
    [TestCase("\u001b[24~", Stroke.None)]
    public void Knows_the_keys(string sent, Stroke expected) => Assert.That(new KeyDecoder().Take(Encoding.UTF8.GetBytes(sent)), Is.EqualTo([new Key.Pressed(expected)]));

    [Test]
    public void An_escape_alone_counts_when_nothing_follows()
    {
        var decoder = new KeyDecoder();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(decoder.Take([0x1b]), Is.Empty);
            Assert.That(decoder.IsWaiting);
            Assert.That(decoder.TimeOut(), Is.EqualTo([new Key.Pressed(Stroke.Cancel)]));
            Assert.That(decoder.IsWaiting, Is.False);
        }
    }

    [Test]
    public void A_paste_is_one_key_whatever_it_holds()
    {
        var keys = new KeyDecoder().Take(Encoding.UTF8.GetBytes("a\u001b[200~fn f()\r\n\tü\u0003\u001b[A\u001b[201~b"));
        Assert.That(keys, Is.EqualTo((Key[])[new Key.Typed("a"), new Key.Pasted("fn f()\n\tü\u0003\u001b[A"), new Key.Typed("b")]));
    }

    [Test]
    public void Bytes_that_are_no_text_are_dropped()
    {
        Assert.That(new KeyDecoder().Take([0xff, (byte)'a', 0xc3, (byte)'b']), Is.EqualTo((Key[])[new Key.Typed("a"), new Key.Typed("b")]));
    }

    /// <summary>Law: how the bytes are cut into pieces does not matter; and any bytes give keys, not exceptions.</summary>
    [Test]
    public void Pieces_do_not_matter() => Prop.ForAll<byte[], byte>((bytes, cut) =>
    {
        // Escapes and brackets more often than chance would have them.
        var sent = bytes.SelectMany(b => (byte[])(b % 5 == 0 ? [0x1b, (byte)'[', b] : [b])).ToArray();
        var (whole, parts) = (new KeyDecoder(), new KeyDecoder());
        var expected = whole.Take(sent);
        var at = sent.Length == 0 ? 0 : cut % sent.Length;
        List<Key> actual = [.. parts.Take(sent.AsSpan(0, at)), .. parts.Take(sent.AsSpan(at))];
        return actual.SequenceEqual(expected) && parts.TimeOut().SequenceEqual(whole.TimeOut());
    }).QuickCheckThrowOnFailure();
}
