using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary>
/// The promises of live loading, one test each, on a program that runs. Those that fill a file have it: hooks (<see cref="HookTests"/>), what
/// <c>kea status</c> says (<see cref="StatusTests"/>), restarts (<see cref="EndingTests"/>), panics in probation and what is kept
/// (<see cref="StateTests"/>, <see cref="OrderTests"/>), who may ask (<see cref="ProtocolTests"/>); what a refusal names and leaves
/// behind is in <see cref="RefusalTests"/>.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class LoadingRuleTests
{
    private static string Running(SteppedRun run, string name) =>
        run.Status().GetProperty("declarations").EnumerateArray().Single(d => d.GetProperty("name").GetString() == name).GetProperty("running").GetString()!;

    [Test]
    public void Any_error_and_nothing_is_loaded()
    {
        string Part(string tag) => $"fn tag() -> String\n  \"{tag}\"\n";
        var app = Apps.Counting("\"{Part.tag()} {n}\"", "use Part");
        using var run = new SteppedRun(new WatchedRun(("app.kea", app), ("part.kea", Part("a"))));
        run.Prints("a 1");
        var (world, tag, shown) = (run.Status().GetProperty("program").GetProperty("world").GetInt32(), Running(run, "Part.tag"), Running(run, "App.shown"));
        run.Watched.Save(Part("b"), "part.kea");
        Assert.That(run.Apply(app.Replace("\"{Part.tag()} {n}\"", "n + 1")), Is.EqualTo("rejected L001"));
        run.Watched.Mark();
        run.Prints("a ");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Status().GetProperty("program").GetProperty("world").GetInt32(), Is.EqualTo(world));
            Assert.That((Running(run, "Part.tag"), Running(run, "App.shown")), Is.EqualTo((tag, shown)), "not even the module that is right");
        }
        Assert.That(run.Apply(app.Replace("{n}", "{n + 1}")), Is.EqualTo("updated"));
        run.Prints("b ");
    }

    /// <summary>Each turn asks one module at its beginning and another at its end, while both change together again and again.</summary>
    [Test]
    public void Atomic_for_whoever_runs()
    {
        string Part(int version) => $"fn version() -> Int\n  {version}\n";
        var app = Apps.Counting("\"{n}\"", "use Left\nuse Right").Replace("IO.stdout(\"{shown(n)}\\n\")", "IO.stdout(\"{Left.version()}\")").Replace("Clock.sleep(5)", "Clock.sleep(15)\n  IO.stdout(\" {Right.version()}\\n\")");
        using var run = new SteppedRun(new WatchedRun(("app.kea", app), ("left.kea", Part(0)), ("right.kea", Part(0))));
        run.Prints("0 0");
        for (var version = 1; version <= 12; version++)
        {
            File.WriteAllText(run.Watched.PathOf("left.kea"), Part(version));
            Assert.That(run.Apply(Part(version), "right.kea"), Is.EqualTo("updated"));
            run.Prints($"{version} {version}");
        }
        Assert.That(run.Watched.Output.Distinct(), Is.EqualTo(Enumerable.Range(0, 13).Select(v => $"{v} {v}")));
    }

    [Test]
    public void Smoke_is_asked_before_anything_is_published()
    {
        string App(int limit) => Apps.Counting("\"limit {limit()} of {n}\"", $"fn limit() -> Int\n  {limit}\n\n@smoke\nfn is_sane() -> Bool\n  limit() > 0");
        using var run = SteppedRun.Of(App(1));
        run.Prints("limit 1 ");
        Assert.That(run.Apply(App(-1)), Is.EqualTo("rejected L017"));
        run.Watched.Says("L017: @smoke function App.is_sane ", "rejected: running code and state kept");
        Assert.That(run.Apply(App(2)), Is.EqualTo("updated"));
        run.Prints("limit 2 ");
        Assert.That(run.Watched.Output, Has.None.StartsWith("limit -1"));
    }

    /// <summary>All that can be inferred, in one edit, in the state and in a type inside it.</summary>
    [Test]
    public void Migration_is_inferred_where_fields_say_enough()
    {
        string App(string fields, string inner, string initial, string shown, string next) =>
            Apps.Stateful(fields, initial, shown, next, "struct Inner\n  " + inner.Replace("\n", "\n  ")).Replace("sleep(5)", "sleep(1)");
        using var run = SteppedRun.Of(App("gone: String\ncount: Int32\nname: String\ninner: Inner", "x: Int\ny: Int", "State { gone: \"g\", count: 7, name: \"kea\", inner: Inner { x: 1, y: 2 } }", "old {s.name} {s.count}", "s"));
        run.Prints("old kea 7");
        Assert.That(run.Apply(App(
            "inner: Inner\nname: Option String\ncount: Int\n@default(\"new\")\nmore: String\nmaybe: Option Int", "y: Int\n@default(3)\nz: Int\nx: Int",
            "State { inner: Inner { y: 0, z: 0, x: 0 }, name: None, count: 0, more: \"\", maybe: Some(1) }",
            "{Option.unwrap_or(s.name, \"?\")} {s.count} {s.more} {Option.is_none(s.maybe)} {s.inner.x} {s.inner.y} {s.inner.z}", "s").Replace("use Live\n", "use Live\nuse Option\n")), Is.EqualTo("updated L011"));
        run.Prints("kea 7 new true 1 2 3");
        run.Watched.Says("field 'gone' of 'State'", "field 'count' of 'State'", "field 'name' of 'State'", "field 'more' of 'State'", "field 'maybe' of 'State'", "field 'z' of 'Inner'", "1 state migrated");
    }

    /// <summary>Back one by one, each time with the state that this version can have.</summary>
    [Test]
    public void Rollback_goes_back_version_by_version()
    {
        string App(int version, string fields, string made, string next) => Apps.Stateful(fields, made, $"v{version} {{s.n}}", next);
        using var run = SteppedRun.Of(App(0, "n: Int", "State { n: 0 }", "s~{ n: s.n + 1 }"));
        run.Prints("v0 3");
        for (var version = 1; version <= 4; version++)
        {
            var fields = string.Concat(Enumerable.Range(1, version).Select(v => $"\n@default({v})\nf{v}: Int"));
            Assert.That(run.Apply(App(version, "n: Int" + fields, $"State {{ n: 0, {string.Join(", ", Enumerable.Range(1, version).Select(v => $"f{v}: 0"))} }}", $"s~{{ n: s.n + s.f{version} / s.f{version} }}")), Is.EqualTo("updated L011"));
            run.Prints($"v{version} ");
        }
        for (var version = 3; version >= 0; version--)
        {
            Assert.That(run.RollBack(), Is.EqualTo("taken_back"));
            run.Prints($"v{version} ");
        }
        AssertNothingOlder(run);
        AssertNoGap(run);
    }

    [Test]
    public void Inverse_migrations_lose_no_turn_on_the_way_back()
    {
        string App(string tag, string field, string made) => Apps.Stateful("n: Int" + field, $"State {{ n: 0{made} }}", tag + " {s.n}", "s~{ n: s.n + 1 }");
        using var run = SteppedRun.Of(App("small", "", ""));
        run.Prints("small 3");
        Assert.That(run.Apply(App("large", "\n@default(1)\nmore: Int", ", more: 0")), Is.EqualTo("updated L011"));
        run.Prints("large ");
        run.Watched.Mark();
        run.Prints("large ");
        Assert.That(run.RollBack(), Is.EqualTo("taken_back"));
        run.Prints("small ");
        AssertNoGap(run);
    }

    [Test]
    public void Without_an_inverse_the_state_from_before_is_put_back()
    {
        string App(string tag, string field, string made) => Apps.Stateful("n: Int" + field, $"State {{ n: 0{made} }}", tag + " {s.n}", "s~{ n: s.n + 1 }");
        using var run = SteppedRun.Of(App("named", "\nname: String", ", name: \"kea\"").Replace("named {s.n}", "named {s.n} {s.name}"));
        run.Prints("named 3 kea");
        Assert.That(run.Apply(App("bare", "", "")), Is.EqualTo("updated L011"));
        run.Prints("bare ");
        run.Watched.Mark();
        run.Prints("bare ");
        Assert.That(run.RollBack(), Is.EqualTo("taken_back"));
        run.Prints(" kea");
        run.Watched.Says("rolled back; the state is the one from before the reload, without the ");
        var (last, back) = (run.Watched.Output.Last(l => l.StartsWith("bare")), run.Watched.Output.SkipWhile(l => !l.StartsWith("bare")).First(l => l.StartsWith("named")));
        Assert.That(int.Parse(back.Split(' ')[1]), Is.LessThan(int.Parse(last.Split(' ')[1])));
    }

    /// <summary>What is not kept for rolling back goes; what the turn under way is in stays until it ends.</summary>
    [Test]
    public void Code_is_retired_when_nobody_can_come_to_it()
    {
        const int Kept = 2, Reloads = 12;
        string App(int version) => Apps.Counting($"\"v{version} {{n}}\"");
        using var run = SteppedRun.Of(App(0), $"--keep-worlds={Kept}");
        run.Prints("v0 ");
        var slots = new List<int>();
        for (var version = 1; version <= Reloads; version++)
        {
            Assert.That(run.Apply(App(version)), Is.EqualTo("updated"));
            run.Prints($"v{version} ");
            slots.Add(run.Worlds().GetProperty("slots").GetProperty("used").GetInt32());
        }
        var loaded = run.Worlds();
        var worlds = loaded.GetProperty("worlds").EnumerateArray().ToArray();
        var shown = loaded.GetProperty("units").EnumerateArray().Where(u => u.GetProperty("functions").EnumerateArray().Any(f => f.GetString() == "App.shown")).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(worlds.Select(w => w.GetProperty("versions").EnumerateArray().Select(v => v.GetInt32()).FirstOrDefault(0)), Is.EqualTo((int[])[0, Reloads - 2, Reloads - 1, Reloads]), "main's own, those that are kept, and the current one");
            Assert.That(worlds[0].GetProperty("holders").EnumerateArray().Select(h => h.GetProperty("kind").GetString()), Is.EqualTo((string[])["base"]));
            Assert.That(shown, Has.Length.EqualTo(worlds.Length));
            Assert.That(slots.Distinct().Count(), Is.EqualTo(1), "the table does not grow");
        }
        for (var version = Reloads - 1; version >= Reloads - Kept; version--)
        {
            Assert.That(run.RollBack(), Is.EqualTo("taken_back"));
            run.Prints($"v{version} ");
        }
        AssertNothingOlder(run);
    }

    [Test]
    public void A_turn_under_way_keeps_its_world_until_it_ends()
    {
        string App(string tag) => Apps.Counting($"\"{tag} {{n}}\"").Replace("Clock.sleep(5)", "Clock.sleep(1500)\n  IO.stdout(\"end of {shown(n)}\\n\")");
        using var run = SteppedRun.Of(App("old"), "--grace=100ms");
        run.Prints("old 0");
        Assert.That(run.Apply(App("new")), Is.EqualTo("published"));
        var holders = run.Worlds().GetProperty("worlds").EnumerateArray().Select(w => w.GetProperty("holders").EnumerateArray().Count(h => h.GetProperty("kind").GetString() == "loop"));
        Assert.That(holders, Is.EqualTo((int[])[1, 0]));
        run.Prints("end of new 1");
        Assert.That(run.Watched.Output[..4], Is.EqualTo((string[])["old 0", "end of old 0", "new 1", "end of new 1"]));
        Assert.That(run.Worlds().GetProperty("worlds").EnumerateArray().Last().GetProperty("holders").GetArrayLength(), Is.EqualTo(1));
    }

    /// <summary>A closure runs the code that it was made with, and what it calls by name is current, as long as its signature is.</summary>
    [Test]
    public void Closures_are_stale_and_named_functions_are_bound_late()
    {
        string App(string made, string tag, string call = "tag(s.n)") => Apps.Stateful(
            "n: Int\nclosure: fn(Int) -> String\nnamed: fn(Int) -> String", $"State {{ n: 0, closure: |n| \"{made} calls {{tag(n)}}\", named: tag }}", $"{{s.closure(1)}}, named {{s.named(1)}}, called {{{call}}}", "s~{ n: s.n + 1 }", tag)
            .Replace("{s.closure(1)}", "{apply(s.closure)}").Replace("{s.named(1)}", "{apply(s.named)}") + "\nfn apply(f: fn(Int) -> String) -> String\n  f(1)\n";
        string Tag(int version) => $"fn tag(_ n: Int) -> String\n  \"v{version}\"";
        using var run = SteppedRun.Of(App("first", Tag(1)));
        run.Prints("first calls v1, named v1, called v1");
        Assert.That(run.Apply(App("second", Tag(2))), Does.StartWith("updated"));
        run.Prints("first calls v2, named v2, called v2");
        Assert.That(run.Apply(App("third", Tag(3))), Does.StartWith("updated"));
        run.Prints("first calls v3, named v3, called v3");
        // What they were made to call has another signature now, and there is none of theirs any more.
        Assert.That(run.Apply(App("fourth", "fn tag(_ n: Int, _ of: Int) -> String\n  \"v4\"", "tag(s.n, 1)").Replace("{tag(n)}", "{tag(n, 1)}").Replace("named: tag", "named: |n| tag(n, 1)")), Does.StartWith("updated"));
        run.Prints("first calls v3, named v3, called v4");
    }

    [Test]
    public void Freshness_goes_by_content_and_not_by_time()
    {
        var (before, after) = (Apps.Counting("\"one {n}\""), Apps.Counting("\"two {n}\""));
        using var run = WatchedRun.Of(before);
        run.Prints("one 1");
        var time = File.GetLastWriteTimeUtc(run.PathOf("app.kea"));
        // As an archive or a version control system may put it there: other text, same length, older than what runs.
        run.Mark();
        File.WriteAllText(run.PathOf("app.kea"), after);
        File.SetLastWriteTimeUtc(run.PathOf("app.kea"), time.AddHours(-1));
        run.IsUpdatedTo("two ");
        Assert.That(run.Kea(["status"]).Status, Is.Zero);
        run.Mark();
        File.SetLastWriteTimeUtc(run.PathOf("app.kea"), time.AddHours(1));
        Assert.That(run.Kea(["status"]).Status, Is.Zero);
        run.DidNotSay("recompiling");
    }

    private static void AssertNothingOlder(SteppedRun run) =>
        Assert.That(() => run.RollBack(), Throws.InstanceOf<AssertionException>().With.Message.Contains("there is no older version to go back to"));

    /// <summary>The numbers in the second column of what is printed go up one by one.</summary>
    private static void AssertNoGap(SteppedRun run)
    {
        var numbers = run.Watched.Output.Select(l => int.Parse(l.Split(' ')[1])).ToArray();
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, numbers.Length)));
    }
}
