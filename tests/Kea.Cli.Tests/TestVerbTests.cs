namespace Kea.Cli.Tests;

/// <summary>14.5: the output is compared letter by letter.</summary>
public sealed class TestVerbTests : CliTest
{
    private const string Mixed = """
        use Test

        fn tenth(n: Int) -> Int
          10 / n

        test "parses empty input"
          Test.assert(true)

        test property "sort is stable" tags [:slow]
          Test.assert(true)

        test property (iterations: 3) "three times" tags [:slow, :rare]
          Test.assert(true)

        test "rejects tabs"
          Test.assert(false)

        test "counts checks"
          let a = 1
          let b = 2
          Test.check(a == b)
          Test.check(b < a)

        test "panics"
          Test.assert_eq(tenth(0), 1)

        test "comes after"
          Test.assert(true)

        """;

    [Test]
    public void Results_stand_in_source_order_and_a_panic_ends_only_its_own_test()
    {
        Write("a.kea", Mixed);
        var result = Kea("test", "a.kea");
        Assert.That(result.Output, Is.EqualTo("""
            ok   parses empty input (1 run)
            ok   sort is stable (100 runs)
            ok   three times (3 runs)
            FAIL rejects tabs (1 run): assertion failed
            FAIL counts checks (1 run): 2 check(s) failed
            FAIL panics (1 run): integer division by zero
            ok   comes after (1 run)
            4 passed; 3 failed

            """));
        Assert.That(result.Status, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("  check failed: a == b\n").And.Contain("  check failed: b < a\n").And.Contain("panic: integer division by zero"));
    }

    [TestCase("ok   three times (3 runs)\nok   comes after (1 run)\n2 passed; 0 failed\n", "--filter", "me")]
    [TestCase("ok   sort is stable (100 runs)\nok   three times (3 runs)\n2 passed; 0 failed\n", "--tag", "slow")]
    [TestCase("ok   sort is stable (100 runs)\n1 passed; 0 failed\n", "--tag", "slow", "--exclude-tag", "rare")]
    [TestCase("ok   sort is stable (100 runs)\nok   three times (3 runs)\n2 passed; 0 failed\n", "--tag", "rare", "--tag", "slow")]
    [TestCase("no tests found\n", "--filter", "nothing is called this")]
    public void Tests_are_selected_by_name_and_tag(string output, params string[] flags)
    {
        Write("a.kea", Mixed);
        var result = Kea(["test", .. flags, "a.kea"]);
        Assert.That((result.Output, result.Status), Is.EqualTo((output, 0)), result.Error);
    }

    [Test]
    public void A_file_without_tests_succeeds()
    {
        Write("a.kea", Hello);
        var result = Kea("test", "a.kea");
        Assert.That((result.Status, result.Output), Is.EqualTo((0, "no tests found\n")));
    }

    [Test]
    public void A_compile_error_fails_each_test()
    {
        Write("a.kea", "use Test\n\ntest \"one\"\n  Test.assert(missing)\n\ntest \"two\"\n  Test.assert(true)\n");
        var result = Kea("test", "a.kea");
        Assert.That(result.Status, Is.EqualTo(1));
        Assert.That(result.Output, Does.StartWith("FAIL one (").And.Contain("\nFAIL two (").And.EndWith("\n0 passed; 2 failed\n"));
        Assert.That(result.Error, Does.Contain("undefined variable `missing`"));
    }
}
