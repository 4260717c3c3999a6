using System.Text.Json;

namespace Kea.Watch.Tests;

/// <summary>
/// The table of what a change asks for, a row a test: which functions are compiled again, what is done, and that nothing else is
/// touched. The plan that is looked at is the one that is then carried out.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class PipelineRowTests
{
    private static int World(SteppedRun run) => run.Status().GetProperty("program").GetProperty("world").GetInt32();

    private static int Compiled(SteppedRun run) => run.Status().GetProperty("tiers").GetProperty("quick_functions").GetInt32();

    /// <summary>Saves, compares the plan, applies it, and waits for what the new code prints.</summary>
    private static void Swap(SteppedRun run, string text, string printed, params string[] functions)
    {
        var before = World(run);
        run.Watched.Save(text);
        var plan = run.Plan();
        Assert.That((plan.Verdict, string.Join(", ", plan.Functions)), Is.EqualTo(("swap", string.Join(", ", functions))));
        Assert.That(run.Apply(), Does.StartWith("updated"));
        run.Prints(printed);
        Assert.That(World(run), Is.EqualTo(before + 1), "one world for the whole batch");
    }

    [TestCase("-- What it is for.\n", TestName = "{m}: a comment")]
    [TestCase("\n\n\n", TestName = "{m}: empty lines")]
    [TestCase("doc\n  How it is shown.\n", TestName = "{m}: a doc block")]
    public void Comment_or_layout(string before)
    {
        using var run = SteppedRun.Of(Apps.Counting("\"a {n}\""));
        run.Prints("a 1");
        var (world, compiled) = (World(run), Compiled(run));
        run.Watched.Save(Apps.Counting("\"a {n}\"").Replace("fn shown", before + "fn shown"));
        var plan = run.Plan();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((plan.Verdict, plan.Functions), Is.EqualTo(("nothing", Array.Empty<string>())));
            Assert.That(run.Apply(), Is.EqualTo("nothing"));
            Assert.That((World(run), Compiled(run)), Is.EqualTo((world, compiled)));
        }
    }

    [Test]
    public void Body_with_the_same_signature()
    {
        string App(string first, string second) => Apps.Counting("\"{first()} {second()} {n}\"", $"fn first() -> String\n  \"{first}\"\n\nfn second() -> String\n  \"{second}\"");
        using var run = SteppedRun.Of(App("a", "b"));
        run.Prints("a b 1");
        Swap(run, App("c", "b"), "c b ", "~ App.first");
        Swap(run, App("d", "e"), "d e ", "~ App.first", "~ App.second");
    }

    /// <summary>The host has the old body in its optimised code, and goes back to its quick code with the same world.</summary>
    [Test]
    public void Body_of_a_function_that_was_inlined_into_a_hot_host()
    {
        string App(int weight) => Apps.Counting("\"sum {sum(2_000, 0)} {n}\"", $"fn weight() -> Int\n  {weight}\n\nfn sum(n: Int, all: Int) -> Int\n  if n == 0 then all else sum(n - 1, all + weight())");
        using var run = SteppedRun.Of(App(1));
        run.Prints("sum 2000 ");
        Swap(run, App(2), "sum 4000 ", "~ App.weight");
        AwaitOptimised(run, "App.sum", World(run));
        var (inlined, before) = (Optimised(run, "App.sum", World(run)).Single(), World(run));
        Swap(run, App(3), "sum 6000 ", "~ App.weight");
        var units = run.Worlds().GetProperty("units").EnumerateArray().Where(u => u.GetProperty("id").GetInt32() == inlined).SelectMany(WorldsOf);
        Assert.That(units, Has.None.EqualTo(before + 1), "what weight went into is not for this world");
        // And it becomes hot again with the new body in it.
        AwaitOptimised(run, "App.sum", before + 1);
        run.Watched.Mark();
        run.Prints("sum 6000 ");
        Assert.That(run.Watched.Output, Has.None.Match("^sum (?!2000|4000|6000)"));
    }

    /// <summary>Optimised units of a world that can be entered by a function.</summary>
    private static int[] Optimised(SteppedRun run, string function, int world) =>
        [.. run.Worlds().GetProperty("units").EnumerateArray()
            .Where(u => u.GetProperty("tier").GetInt32() == 1 && u.GetProperty("functions").EnumerateArray().Any(f => f.GetString() == function) && WorldsOf(u).Contains(world))
            .Select(u => u.GetProperty("id").GetInt32())];

    private static IEnumerable<int> WorldsOf(JsonElement unit) =>
        unit.GetProperty("holders").EnumerateArray().Where(h => h.GetProperty("kind").GetString() == "world").Select(h => h.GetProperty("world").GetInt32());

    private static void AwaitOptimised(SteppedRun run, string function, int world) =>
        Assert.That(() => Optimised(run, function, world), Is.Not.Empty.After(20_000, 20));

    [Test]
    public void Signature()
    {
        string App(string declared, string call) => Apps.Counting($"\"{{{call}}} {{other()}} {{n}}\"", declared + "\n\nfn other() -> String\n  \"other\"");
        using var run = SteppedRun.Of(App("fn tag(n: Int) -> String\n  \"one {n > 0}\"", "tag(n)"));
        run.Prints("one true other ");
        Swap(run, App("fn tag(n: Int, of: Int) -> String\n  \"two {n > of}\"", "tag(n, 0)"), "two true other ", "~ App.shown", "~ App.tag");
        var change = run.Watched.Error.Single(l => l.Contains("L002"));
        Assert.That(change, Does.Contain("the signature of App.tag changed from fn(Int) -> String to fn(Int, Int) -> String; all callers fit"));
    }

    [Test]
    public void Signature_that_a_caller_does_not_fit()
    {
        string App(string declared, string other) => Apps.Counting("\"{tag(n)} {other()} {n}\"", declared + $"\n\nfn other() -> String\n  \"{other}\"");
        using var run = SteppedRun.Of(App("fn tag(n: Int) -> String\n  \"one\"", "a"));
        run.Prints("one a ");
        var (world, compiled) = (World(run), Compiled(run));
        Assert.That(run.Apply(App("fn tag(n: Int, of: Int) -> String\n  \"two\"", "b")), Is.EqualTo("rejected L001 L003"));
        run.Watched.Mark();
        run.Prints("one a ");
        Assert.That((World(run), Compiled(run)), Is.EqualTo((world, compiled)), "of the other function neither");
    }

    [Test]
    public void Effect_row_grew()
    {
        string App(string tag) => Apps.Counting("\"{n}\"", tag).Replace("IO.stdout(\"{shown(n)}\\n\")", "IO.stdout(\"{tag()} {shown(n)}\\n\")");
        using var run = SteppedRun.Of(App("fn tag() -> String\n  \"quiet\""));
        run.Prints("quiet 1");
        Swap(run, App("fn tag() -[IO]> String\n  IO.stdout(\"a line before \")\n  \"loud\""), "a line before loud ", "~ App.tag");
        Assert.That(run.Watched.Error, Has.Some.Contains("L004: App.tag now also performs IO; its callers allow it"));
    }

    [Test]
    public void Effect_row_grew_and_a_caller_does_not_allow_it()
    {
        using var run = SteppedRun.Of(Apps.Counting("tag(n)", "fn tag(n: Int) -> String\n  \"quiet {n}\""));
        run.Prints("quiet 1");
        var world = World(run);
        Assert.That(run.Apply(Apps.Counting("tag(n)", "fn tag(n: Int) -[IO]> String\n  IO.stdout(\"-\")\n  \"loud {n}\"")), Is.EqualTo("rejected L001 L005"));
        run.Watched.Says("L005: App.tag now also performs IO, which App.shown does not allow");
        run.Watched.Mark();
        run.Prints("quiet ");
        Assert.That(World(run), Is.EqualTo(world));
    }

    [Test]
    public void Types_layout()
    {
        string App(string field, string made) => Apps.Stateful("n: Int" + field, $"State {{ n: 0{made} }}", "{shown(s)} {other()}", "s~{ n: s.n + 1 }",
            "fn shown(s: State) -> String\n  \"n {s.n}\"\n\nfn other() -> String\n  \"other\"");
        using var run = SteppedRun.Of(App("", ""));
        run.Prints("n 3 other");
        run.Watched.Save(App("\n@default(7)\nmore: Int", ", more: 0"));
        var plan = run.Plan();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((plan.Verdict, plan.Functions), Is.EqualTo(("swap_with_migration", new[] { "~ App.main", "~ App.shown", "~ App.step" })), "whoever meets the type, and nobody else");
            Assert.That(plan.Json.GetProperty("types")[0].GetProperty("name").GetString(), Is.EqualTo("State"));
        }
        Assert.That(run.Apply(), Is.EqualTo("updated L011"));
        run.Watched.Says("1 state migrated");
        Assert.That(run.Watched.Output.Count(l => l == "n 0 other"), Is.EqualTo(1), "the state goes on");
    }

    [Test]
    public void Types_layout_with_no_way_for_the_state()
    {
        string App(string type, string made) => Apps.Stateful($"n: {type}", $"State {{ n: {made} }}", "n {s.n}", "s~{ n: s.n }");
        using var run = SteppedRun.Of(App("Int", "5"));
        run.Prints("n 5");
        Assert.That(run.Apply(App("String", "\"five\"")), Is.EqualTo("rejected L012"));
        run.Watched.Says("L012: field 'n' of 'State' changed from Int to String, held by Live.loop with App.step", "  = help: ");
        run.Watched.Mark();
        run.Prints("n 5");
    }

    private const string Animals = """
        trait Named
          fn name(_ self: Self) -> String
          fn greeting(_ self: Self) -> String
            "hello " ++ self.name()

        struct Dog
          age: Int

        struct Cat
          age: Int

        Dog as Named
          fn name(_ self: Dog) -> String
            "dog"

        Cat as Named
          fn name(_ self: Cat) -> String
            "cat"

        fn greet(x: t) -> String where t: Named
          x.greeting()
        """;

    private static string Greeting(string animals) => Apps.Counting("\"{greet(Dog { age: 1 })}, {greet(Cat { age: 1 })} {n}\"", animals);

    [Test]
    public void Trait_implementations_body()
    {
        using var run = SteppedRun.Of(Greeting(Animals));
        run.Prints("hello dog, hello cat ");
        Swap(run, Greeting(Animals.Replace("\"dog\"", "\"hound\"")), "hello hound, hello cat ", "~ App.Dog as Named.name");
    }

    /// <summary>The instance for cats resolves to another function; the one for dogs stays what it was.</summary>
    [Test]
    public void Trait_implementation_that_is_used_instead_of_another()
    {
        using var run = SteppedRun.Of(Greeting(Animals));
        run.Prints("hello dog, hello cat ");
        var compiled = Compiled(run);
        var own = Animals.Replace("    \"cat\"", "    \"cat\"\n  fn greeting(_ self: Cat) -> String\n    \"meow, \" ++ self.name()");
        Swap(run, Greeting(own), "hello dog, meow, cat ", "+ App.Cat as Named.greeting", "~ App.greet");
        Assert.That(Compiled(run), Is.EqualTo(compiled + 2), "greet for cats, and what it calls now");
        Swap(run, Greeting(Animals), "hello dog, hello cat ", "- App.Cat as Named.greeting", "~ App.Named.greeting", "~ App.greet");
    }

    private static string Points(string declared, string made = "P { x: 1 }") =>
        Apps.Counting($"\"{{same({made})}} {{other()}} {{n}}\"", $"{declared}\n\nfn same(p: P) -> Bool\n  p == {made}\n\nfn other() -> String\n  \"other\"");

    [Test]
    public void Derive_recipe_input()
    {
        using var run = SteppedRun.Of(Points("@derive(Eq)\nstruct P\n  x: Int"));
        run.Prints("true other ");
        Swap(run, Points("@derive(Eq)\nstruct P\n  x: Int\n  y: Int", "P { x: 1, y: 2 }"), "true other ", "~ App.P as Eq.eq", "~ App.same", "~ App.shown");
    }

    [TestCase("@derive(Eq)\nstruct P\n  -- across\n  x: Int", TestName = "{m}: a comment")]
    [TestCase("@derive(Eq)\nstruct P\n  @default(4)\n  x: Int", TestName = "{m}: a default")]
    [TestCase("@derive(Show, Eq)\nstruct P\n  x: Int", TestName = "{m}: another recipe that nothing uses")]
    public void Derive_recipe_input_with_the_same_expansion(string declared)
    {
        using var run = SteppedRun.Of(Points("@derive(Eq)\nstruct P\n  x: Int"));
        run.Prints("true other ");
        var (world, compiled) = (World(run), Compiled(run));
        run.Watched.Save(Points(declared));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Plan().Functions, Is.Empty);
            Assert.That(run.Apply(), Is.EqualTo("nothing"));
            Assert.That((World(run), Compiled(run)), Is.EqualTo((world, compiled)));
        }
    }
}
