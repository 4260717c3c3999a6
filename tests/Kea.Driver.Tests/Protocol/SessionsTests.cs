using Kea.Driver.Protocol;
using Kea.Testing;

namespace Kea.Driver.Tests.Protocol;

/// <summary>Which sessions somebody means, and what their files say.</summary>
public sealed class SessionsTests
{
    private static SessionFile Session(string entry) => SessionFile.Of(1, entry);

    private static string[] Meant(string[] entries, string? file, string? project, string folder) =>
        [.. Sessions.Meant([.. entries.Select(e => (e, Session(e)))], file, project, folder).Select(s => s.File.Entry)];

    private static readonly string[] Three = ["/w/shop/src/main.kea", "/w/shop/tools/sync.kea", "/w/game.kea"];

    [TestCase("shop/src/main.kea", null, "/w", "/w/shop/src/main.kea", Description = "a file is relative to the folder")]
    [TestCase("/w/game.kea", "/w/shop/src/main.kea", "/w/shop", "/w/game.kea", Description = "a file comes before the project")]
    [TestCase("main.kea", null, "/w")]
    [TestCase(null, "/w/shop/src/main.kea", "/w/shop/tools", "/w/shop/src/main.kea", Description = "the project's entry")]
    [TestCase(null, "/w/shop/src/other.kea", "/w/shop/tools", "/w/shop/tools/sync.kea", "/w/game.kea", Description = "an entry that does not run: what is near")]
    [TestCase(null, null, "/w/shop", "/w/shop/src/main.kea", "/w/shop/tools/sync.kea", "/w/game.kea")]
    [TestCase(null, null, "/w/sho", "/w/game.kea", Description = "half a name is no folder")]
    [TestCase(null, null, "/elsewhere", "/w/shop/src/main.kea", "/w/shop/tools/sync.kea", "/w/game.kea", Description = "nothing near: all")]
    public void The_nearest_are_meant(string? file, string? project, string folder, params string[] expected) =>
        Assert.That(Meant(Three, file, project, folder), Is.EqualTo(expected));

    [Test]
    public void A_session_file_says_again_what_was_written()
    {
        var session = Session("/w/game.kea");
        Assert.That(SessionFile.Parse(session.ToJson()), Is.EqualTo(session));
        Assert.That(session.ToString(), Does.Not.Contain(session.Token).And.Not.Contain(session.Answer));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("""{"protocol":1,"port":99999,"token":"t","answer":"a","pid":1,"host":"h","entry":"/a","folder":"/","started":"2026-01-01T00:00:00Z"}""")]
    [TestCase("""{"protocol":1,"port":9,"token":"","answer":"a","pid":1,"host":"h","entry":"/a","folder":"/","started":"2026-01-01T00:00:00Z"}""")]
    public void What_no_session_wrote_is_none(string text) => Assert.That(SessionFile.Parse(text), Is.Null);

    [Test]
    public void Two_sessions_share_neither_token_nor_answer()
    {
        var (one, other) = (Session("/a.kea"), Session("/a.kea"));
        Assert.That(new[] { one.Token, one.Answer, other.Token, other.Answer }, Is.Unique);
    }

    [Test]
    public void Files_are_found_oldest_first_while_their_process_lives()
    {
        using var place = new Toolchain.Folder();
        var folder = new SessionFolder(System.IO.Path.Combine(place.Path, "run"));
        Assert.That(folder.Find(), Is.Empty, "there is no folder yet");
        var second = Session("/b.kea");
        var first = Session("/a.kea") with { Started = second.Started.AddSeconds(-1) };
        folder.Write(second);
        folder.Write(first);
        var dead = folder.Write(Session("/c.kea") with { Pid = int.MaxValue });
        var other = folder.Write(Session("/d.kea") with { Birth = 1 });
        Assert.That(folder.Find().Select(f => f.File), Is.EqualTo([first, second]));
        Assert.That((System.IO.File.Exists(dead), System.IO.File.Exists(other)), Is.EqualTo((false, false)));
    }
}
