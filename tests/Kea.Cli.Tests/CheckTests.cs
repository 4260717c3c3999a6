using System.Text.Json;

namespace Kea.Cli.Tests;

/// <summary>14.2 and the flags of 14.1 that concern diagnostics.</summary>
public sealed class CheckTests : CliTest
{
    private const string Wrong = "fn price(units: Int) -> Int\n  units * 3\n\nfn total() -> Int\n  price(\"three\")\n";
    private const string Unused = "fn f() -> Int\n  let left = 1\n  2\n";

    [TestCase(Hello)]
    [TestCase("fn f() -> Int\n  1\n")]
    [TestCase("")]
    public void A_clean_file_is_checked_in_silence(string text)
    {
        Write("a.kea", text);
        var result = Kea("check", "a.kea");
        Assert.That((result.Status, result.Output, result.Error), Is.EqualTo((0, "", "")));
    }

    [Test]
    public void Errors_are_shown_with_their_line_and_counted()
    {
        Write("a.kea", Wrong);
        var result = Kea("check", "a.kea");
        AssertRefused(result);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Error, Does.StartWith("error[E0001]: type mismatch"));
            Assert.That(result.Error, Does.Contain(" --> a.kea:5:9\n").And.Contain("  price(\"three\")\n").And.Contain("^^^^^^^"));
            Assert.That(result.Error, Does.EndWith("\n1 error, 0 warnings\n"));
        }
    }

    [Test]
    public void Json_has_one_object_a_line_with_byte_offsets()
    {
        Write("a.kea", "-- \u00e9\n" + Wrong);
        var result = Kea("check", "a.kea", "--json");
        AssertRefused(result);
        var lines = result.Error.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(1));
        using var document = JsonDocument.Parse(lines[0]);
        var one = document.RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(one.EnumerateObject().Select(p => p.Name),
                Is.EqualTo((string[])["severity", "code", "category", "message", "file", "start", "end", "labels", "help"]));
            Assert.That(one.GetProperty("severity").GetString(), Is.EqualTo("error"));
            Assert.That(one.GetProperty("code").GetString(), Is.EqualTo("E0001"));
            Assert.That(one.GetProperty("category").GetString(), Is.EqualTo("type_mismatch"));
            Assert.That(one.GetProperty("file").GetString(), Is.EqualTo("a.kea"));
            var start = 6 + Wrong.IndexOf("\"three\"", StringComparison.Ordinal);
            Assert.That(one.GetProperty("start").GetInt32(), Is.EqualTo(start));
            Assert.That(one.GetProperty("end").GetInt32(), Is.EqualTo(start + 7));
            foreach (var label in one.GetProperty("labels").EnumerateArray())
                Assert.That(label.EnumerateObject().Select(p => p.Name), Is.EqualTo((string[])["file", "start", "end", "message"]));
        }
    }

    [Test]
    public void Warnings_do_not_fail_unless_denied()
    {
        Write("a.kea", Unused);
        var free = Kea("check", "a.kea");
        var denied = Kea("check", "--deny-warnings", "a.kea");
        var quiet = Kea("check", "-q", "a.kea");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(free.Status, Is.Zero);
            Assert.That(free.Error, Does.StartWith("warning[W1003]").And.EndWith("0 errors, 1 warning\n"));
            Assert.That(denied.Status, Is.EqualTo(1));
            Assert.That((quiet.Status, quiet.Error), Is.EqualTo((0, "")));
        }
    }

    [Test]
    public void Colour_is_for_terminals_unless_asked_for()
    {
        Write("a.kea", Wrong);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(KeaWith(new Dictionary<string, string>(), "check", "a.kea").Error, Does.Not.Contain("\u001b["));
            Assert.That(Kea("check", "--color", "always", "a.kea").Error, Does.Contain("\u001b[").And.Contain("E0001"));
            Assert.That(Kea("check", "--color", "never", "a.kea").Error, Does.Not.Contain("\u001b["));
        }
    }

    [Test]
    public void At_most_fifty_diagnostics_are_shown()
    {
        Write("a.kea", string.Concat(Enumerable.Range(0, 70).Select(i => $"fn f{i}() -> Int\n  missing{i}\n\n")));
        var result = Kea("check", "a.kea");
        Assert.That(result.Error.Split('\n').Count(line => line.StartsWith("error[", StringComparison.Ordinal)), Is.EqualTo(50));
        Assert.That(result.Error, Does.EndWith("70 errors, 0 warnings\n"));
    }
}
