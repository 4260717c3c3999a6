using System.Collections.Concurrent;
using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>Migrations are tried on the states that a program holds before they are published. Every run ends under the leak check.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TrialTests
{
    private const string Uses = "use Clock\nuse IO\nuse Live\nuse Step.{Continue, Halt, Step}\n";

    /// <summary>A loop over a state with a list in it, of which a part is shared.</summary>
    private static string App(string tag, string fields, string initial, string next, string more = "", string turn = "Clock.sleep(1)") => $$"""
        {{Uses}}
        struct Item
          name: String
          weight: Float

        struct State
          {{fields.Replace("\n", "\n  ")}}

        {{more}}

        fn step(s: State) -[IO, Clock]> Step State
          IO.stdout("{{tag}} {s.n} {List.length(s.items)}\n")
          {{turn}}
          Continue(State { n: s.n + 1, items: s.items{{next}} })

        fn main() -[IO, Clock, Live]> ()
          let item = Item { name: "one {1}", weight: 0.0 / 0.0 }
          let _ = Live.loop(State { n: 0, items: [item, item, Item { name: "two", weight: -0.0 }]{{initial}} }, step)
          ()

        """;

    private const string Fields = "n: Int\nitems: List Item";
    private static readonly string Old = App("old", Fields, "", "");

    /// <summary>The same with a state that says what it is from, by a migration that is written.</summary>
    private static string Written(string body, string tag = "new", string row = "-[Fail String]>") =>
        App(tag, Fields + "\nfrom: Int", ", from: 0", ", from: s.from", $"fn code_change(_ old: {{ n: Int, items: List Item | r }}) {row} State\n  {body}");

    private const string Good = "State { n: old.n, items: old.items, from: old.n }";

    private static LiveRun Start(string source, string first = "old ", LiveOptions? options = null)
    {
        var run = new LiveRun(source, options);
        run.LineThat(l => l.StartsWith(first));
        return run;
    }

    private static ConcurrentQueue<LoopEvent> Events(LiveRun run)
    {
        var events = new ConcurrentQueue<LoopEvent>();
        run.Session.Program.LoopListener = events.Enqueue;
        return events;
    }

    private static int NumberOf(string line) => int.Parse(line.Split(' ')[1]);

    private static void AssertRefused(ReloadReport report, string why, string holder)
    {
        Assert.That(report.IsPublished, Is.False);
        Assert.That(report.Plan.Verdict, Is.EqualTo(Verdict.Rejected));
        var rule = report.Plan.Rules.Single(r => r.Id == "L016");
        Assert.That(rule.Message, Does.EndWith($"failed when it was tried on the state that {holder} holds: {why}"));
        Assert.That(rule.WayOut, Is.Not.Empty);
        Assert.That(Rules.SeverityOf(rule, report.Plan.Verdict), Is.EqualTo(RuleSeverity.Error));
    }

    [TestCase("if 1 / (old.n - old.n) > 0 then fail \"never\" else " + Good, "integer division by zero")]
    [TestCase("if old.n >= 0 then fail \"not with {List.length(old.items)} items\" else " + Good, "not with 3 items")]
    public void A_migration_that_fails_on_the_state_is_refused_before_it_is_published(string body, string why)
    {
        using var run = Start(Old);
        var events = Events(run);
        var (version, world) = (run.Session.Program.CurrentVersion, run.Session.Program.CurrentWorld);
        AssertRefused(run.Reload(Written(body)), why, "Live.loop with App.step");
        Assert.That((run.Session.Program.CurrentVersion, run.Session.Program.CurrentWorld), Is.EqualTo((version, world)));
        var before = NumberOf(run.Line());
        Assert.That(NumberOf(run.Line()), Is.EqualTo(before + 1), "the loop goes on");
        Assert.That(run.Reload(Written(Good)).IsPublished);
        Assert.That(run.LineThat(l => l.StartsWith("new ")), Does.EndWith(" 3"));
        Assert.That(run.Stop().Status, Is.Zero);
        Assert.That(events.Select(e => e.GetType()), Is.EqualTo((Type[])[typeof(LoopEvent.Moved)]));
    }

    [Test]
    public void The_state_is_as_it_was_after_a_trial_and_nothing_is_left_of_it()
    {
        using var run = Start(Old);
        for (var i = 0; i < 5; i++) Assert.That(run.Reload(Written($"if old.n >= 0 then fail \"{i}\" else {Good}")).IsPublished, Is.False);
        var lines = Enumerable.Range(0, 3).Select(_ => run.Line()).ToArray();
        Assert.That(lines, Has.All.StartsWith("old ").And.All.EndsWith(" 3"));
        Assert.That(run.Stop().Status, Is.Zero, "no object is left");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Nothing_is_left_of_refused_versions(bool hasLambdas)
    {
        // Optimised code would come and go beside them.
        using var run = Start(Old, options: LiveOptions.T0 with { Tiers = new TierOptions(int.MaxValue) });
        // What is made anew for a version: texts, a lambda, a function as a value, the step itself.
        string Text(int i) => Written($"if List.length(List.map(old.items, |x| \"{i}\" ++ x.name)) >= 0 then fail \"text {i}\" else {Good}").Replace("List.map(old.items, |x|", hasLambdas ? "List.map(old.items, |x|" : "named(old.items, |x|")
            + (hasLambdas ? "" : "fn named(xs: List Item, f: fn(Item) -> String) -> List String\n  List.map(xs, f)\n");
        run.Reload(Text(0));
        LiveStats before = run.Session.Program.Stats;
        for (var i = 1; i <= 40; i++) Assert.That(run.Reload(Text(i)).IsPublished, Is.False);
        var now = run.Session.Program.Stats;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(now.Worlds, Is.EqualTo(before.Worlds), "worlds");
            Assert.That(now.Units, Is.EqualTo(before.Units), "units");
            Assert.That(now.Slots, Is.EqualTo(before.Slots), "slots");
            Assert.That(now.Stubs, Is.EqualTo(before.Stubs), "stubs");
        }
        Assert.That(run.Reload(Written(Good)).IsPublished);
        run.LineThat(l => l.StartsWith("new "));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    [Test]
    public void A_value_that_is_kept_is_tried()
    {
        string Keeping(string tag, string fields, string made, string shown, string more = "") => $$"""
            {{Uses}}
            struct Seed
              {{fields}}

            {{more}}

            fn step(n: Int) -[IO, Clock, Live]> Step Int
              let k = Live.keep("seed", || {{made}})
              IO.stdout("{{tag}} {{shown}} {n}\n")
              Clock.sleep(1)
              Continue(n + 1)

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(0, step)
              ()

            """;
        string Changed(string value) => Keeping("new", "w: Int", "Seed { w: 1 }", "{k.w}", $"fn code_change(_ old: {{ v: Int | r }}) -> Seed\n  Seed {{ w: {value} }}");
        using var run = Start(Keeping("old", "v: Int", "Seed { v: 0 }", "{k.v}"));
        AssertRefused(run.Reload(Changed("1 / old.v")), "integer division by zero", "Live.keep(\"seed\")");
        Assert.That(run.Line(), Does.StartWith("old 0 "));
        Assert.That(run.Reload(Changed("old.v + 7")).IsPublished);
        run.LineThat(l => l.StartsWith("new 7 "));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    [Test]
    public void A_migration_that_has_been_tried_both_ways_goes_back_by_its_inverse()
    {
        using var run = Start(Old);
        var report = run.Reload(App("new", Fields + "\n@default(5)\nextra: Int", ", extra: 0", ", extra: s.extra"));
        Assert.That(report.Plan.Rules.Where(r => r.Id == "L016" || r.Message.Contains("not tried")), Is.Empty);
        var there = NumberOf(run.LineThat(l => l.StartsWith("new ")));
        for (var i = 1; i <= 5; i++) Assert.That(NumberOf(run.Line()), Is.EqualTo(there + i));
        Assert.That(run.Session.RollBack(), Is.Not.Null);
        var last = there + 5;
        // Turns since the reload count: the state came back through the inverse, and is not the one from before.
        run.LineThat(l => l.StartsWith("old ") ? NumberOf(l) == last + 1 : NumberOf(l) == ++last);
        Assert.That(run.Stop().Status, Is.Zero);
    }

    /// <summary>Padding, absent variants, numbers of all widths and shared parts: whatever a state consists of is equal to itself when it comes back.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void States_of_all_kinds_come_back_equal(bool isOptimised)
    {
        string Kinds(string tag, string extra, string made) => $$"""
            {{Uses}}
            use Map
            use Vector

            enum Shape
              Point
              Circle(Float32, Bool)
              Polygon(List (Int, Bool), Option Char)

            @unboxed
            struct Pair
              small: Int8
              large: Int

            struct Part
              flag: Bool
              pair: Pair
              shape: Shape
              range: Option (Int16, String){{extra}}

            struct State
              n: Int
              parts: List Part
              flags: Vector Bool
              pairs: Vector (Bool, Int)
              names: Map(String, Part)
              result: Result(Int8, String)
              call: fn(Int) -> Int
              wide: Int32

            fn part(flag: Bool, shape: Shape) -> Part
              Part { flag: flag, pair: Pair { small: 3, large: 1099511627776 }, shape: shape, range: if flag then Some((7, "text {flag}")) else None{{made}} }

            fn step(s: State) -[IO, Clock]> Step State
              IO.stdout("{{tag}} {s.n}\n")
              Clock.sleep(1)
              let one = part(s.n % 2 == 0, Shape.Circle(0.1, true))
              Continue(State { n: s.n + 1, parts: List.take([one, one, part(true, Shape.Polygon([(s.n, false)], Some('x')))] ++ s.parts, 9), flags: s.flags, pairs: s.pairs, names: s.names, result: s.result, call: s.call, wide: s.wide })

            fn main() -[IO, Clock, Live]> ()
              let point = part(false, Shape.Point)
              let k = 3
              let names = Map.from_list([("a", point), ("b", point)])
              let _ = Live.loop(State { n: 0, parts: [], flags: Vector.from_list([true, false, true]), pairs: Vector.from_list([(true, 1), (false, 2)]), names: names, result: Err("none"), call: |x| x + k, wide: 5 }, step)
              ()

            """;
        using var run = Start(Kinds("old", "", ""), options: isOptimised ? LiveOptions.T0 with { Tiers = TierOptions.Immediately } : null);
        for (var i = 0; i < 12; i++) run.Line();
        var report = run.Reload(Kinds("new", "\n  @default(true)\n  extra: Bool", ", extra: false").Replace("wide: Int32", "wide: Int"));
        Assert.That(report.IsPublished, string.Join('\n', report.Plan.Rules.Select(r => r.Message).Concat(report.Plan.Diagnostics.Select(d => d.Message))));
        Assert.That(report.Plan.Rules.Where(r => r.Id == "L016" || r.Message.Contains("not tried")), Is.Empty);
        Assert.That(report.Plan.Rules.Select(r => r.Message), Has.Some.Contains("widened from Int32 to Int"));
        run.LineThat(l => l.StartsWith("new "));
        Assert.That(run.Session.RollBack(), Is.Not.Null);
        run.LineThat(l => l.StartsWith("old "));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    [Test]
    public void A_turn_that_takes_long_does_not_hold_a_reload_up_and_is_guarded_when_it_ends()
    {
        using var run = Start(App("old", Fields, "", "", turn: "Clock.sleep(1500)"));
        var events = Events(run);
        var since = System.Diagnostics.Stopwatch.StartNew();
        var report = run.Reload(Written("if old.n >= 0 then fail \"no\" else " + Good));
        Assert.That(report.IsPublished);
        Assert.That(since.ElapsedMilliseconds, Is.LessThan(1400), "the turn has not been waited for");
        Assert.That(report.Plan.Rules.Single(r => r.Message.Contains("was not tried before: no reload point came within 250 ms")).Id, Is.EqualTo("L011"));
        Assert.That(run.Line(), Is.EqualTo("old 1 3"));
        Assert.That(events.OfType<LoopEvent.MigrationFailed>().Single().Message, Is.EqualTo("no"));
    }

    [Test]
    public void A_program_that_goes_back_while_a_change_is_tried_gets_the_change_from_there()
    {
        using var run = Start(Old);
        run.Reload(App("bad", Fields, "", "", turn: "Clock.sleep(240)\n  let never = 1 / (s.n - s.n)"));
        var bad = NumberOf(run.LineThat(l => l.StartsWith("bad ")));
        var events = Events(run);
        var report = run.Reload(Written(Good));
        Assert.That(report.IsPublished);
        // The turn that panicked is made again, and turns of the code from before follow until the change is there.
        var line = run.LineThat(l => !l.StartsWith("bad "));
        Assert.That(NumberOf(line), Is.EqualTo(bad));
        for (var number = bad + 1; !line.StartsWith("new "); number++)
        {
            line = run.Line();
            Assert.That(NumberOf(line), Is.EqualTo(number));
        }
        Assert.That(events.Select(e => e.GetType()), Is.EqualTo((Type[])[typeof(LoopEvent.RolledBack), typeof(LoopEvent.Moved)]));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    [Test]
    public void Code_alone_is_not_tried()
    {
        using var run = Start(App("old", Fields, "", "", turn: "Clock.sleep(1500)"));
        var since = System.Diagnostics.Stopwatch.StartNew();
        Assert.That(run.Reload(App("new", Fields, "", "", turn: "Clock.sleep(1500)")).IsPublished);
        Assert.That(since.ElapsedMilliseconds, Is.LessThan(1400));
        Assert.That(run.LineThat(l => l.StartsWith("new ")), Is.EqualTo("new 1 3"));
    }

    [Test]
    public void A_program_that_has_ended_is_not_waited_for()
    {
        using var run = new LiveRun(Old.Replace("Continue(State { n: s.n + 1", "Halt(State { n: s.n + 1"));
        Assert.That(run.End().Result.Status, Is.Zero);
        var report = run.Reload(Written("if old.n >= 0 then fail \"no\" else " + Good));
        Assert.That(report.IsPublished);
        Assert.That(report.Plan.Rules.Where(r => r.Message.Contains("tried")), Is.Empty);
    }

    [Test]
    public void A_program_that_is_told_to_stop_while_it_is_waited_for_ends()
    {
        using var run = Start(App("old", Fields, "", "", turn: "Clock.sleep(150)"));
        run.Session.Program.StopAtReloadPoint(0);
        run.Reload(Written("if old.n >= 0 then fail \"no\" else " + Good));
        Assert.That(run.Ended().Status, Is.Zero);
    }

    [Test]
    public void The_loop_around_another_one_is_tried_when_it_comes_to_its_reload_point()
    {
        string Nested(string tag, string fields, string initial, string next, string more = "") => $$"""
            {{Uses}}
            struct State
              {{fields}}

            {{more}}

            fn inner(n: Int) -[Clock]> Step Int
              Clock.sleep(1)
              if n > 5 then Halt(n) else Continue(n + 1)

            fn step(s: State) -[IO, Clock, Live]> Step State
              let _ = Live.loop(0, inner)
              IO.stdout("{{tag}}\n")
              Continue(State { {{next}} })

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(State { {{initial}} }, step)
              ()

            """;
        using var run = Start(Nested("old", "n: Int", "n: 0", "n: s.n"), "old");
        AssertRefused(run.Reload(Nested("new", "m: Int", "m: 0", "m: s.m", "fn code_change(_ old: { n: Int | r }) -> State\n  State { m: 1 / old.n }")), "integer division by zero", "Live.loop with App.step");
        Assert.That(run.Line(), Is.EqualTo("old"));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    [Test]
    public void A_state_that_is_larger_than_what_is_tried_migrates_untried()
    {
        string Large(string tag, string fields, string initial, string next) => App(tag, fields, initial, next).Replace("items: [item, item, Item { name: \"two\", weight: -0.0 }]", "items: levels(item)")
            .Replace("fn main()", "fn levels(item: Item) -> List Item\n  doubled([item], 0)\n\nfn doubled(items: List Item, level: Int) -> List Item\n  if level == 20 then items else doubled(items ++ items, level + 1)\n\nfn main()");
        using var run = Start(Large("old", Fields, "", ""));
        var report = run.Reload(Large("new", Fields + "\n@default(5)\nextra: Int", ", extra: 0", ", extra: s.extra"));
        Assert.That(report.IsPublished);
        Assert.That(report.Plan.Rules.Select(r => r.Message), Has.Some.Contains("was not tried before: what is tried is at most 64 MB"));
        run.LineThat(l => l.StartsWith("new "));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    [Test]
    public void A_migration_that_never_ends_is_ended()
    {
        using var run = Start(Old);
        var report = run.Reload(Written("State { n: forever(old.n), items: old.items, from: 0 }", row: "->") + "fn forever(n: Int) -> Int\n  if n < 0 then n else forever((n + 1) % 1000)\n");
        AssertRefused(report, "it has not come to an end within 10 s", "Live.loop with App.step");
        var before = NumberOf(run.Line());
        Assert.That(NumberOf(run.Line()), Is.EqualTo(before + 1));
        Assert.That(run.Stop().Status, Is.Zero);
    }

    /// <summary>It would end the program when the loop arrives, too: where the stack ends nothing is unwound.</summary>
    [Test]
    public void A_migration_that_exhausts_the_stack_is_refused_and_ends_the_program_alone()
    {
        using var run = Start(Old);
        var report = run.Reload(Written("State { n: deep(old.n), items: old.items, from: 0 }", row: "->") + "fn deep(n: Int) -> Int\n  if n < 0 then n else 1 + deep(n + 1)\n");
        AssertRefused(report, "stack overflow", "Live.loop with App.step");
        Assert.That(run.Ended().Status, Is.EqualTo(101));
        Assert.That(run.Reload(Written(Good)).IsPublished, "who reloads goes on");
    }

    /// <summary>No inverse is wrong that is derived; so this one takes another type's.</summary>
    [Test]
    public void An_inverse_that_gives_another_state_is_left_out()
    {
        string Two(string tag, string more, string extra) => $$"""
            {{Uses}}
            struct State
              n: Int
              o: Int{{more.Replace("X", "p")}}

            struct Other
              y: Int
              z: Int{{more.Replace("X", "a")}}

            fn step(s: State) -[IO, Clock, Live]> Step State
              let k = Live.keep("other", || Other { y: 1, z: 2{{extra.Replace("X", "a").Replace("s.a", "0")}} })
              IO.stdout("{{tag}} {s.n}\n")
              Clock.sleep(1)
              Continue(State { n: s.n + 1, o: s.o{{extra.Replace("X", "p")}} })

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(State { n: 0, o: 9{{extra.Replace("X", "p").Replace("s.p", "0")}} }, step)
              ()

            """;
        using var run = Start(Two("old", "", ""));
        run.Session.MovesEdit = moves => moves with { Loops = [.. moves.Loops.Select(m => m with { Backward = moves.Kept.Single().Backward })] };
        var report = run.Reload(Two("new", "\n  @default(7)\n  X: Int", ", X: s.X"));
        Assert.That(report.IsPublished);
        Assert.That(report.Plan.Rules.Single(r => r.Id == "L016").Message, Does.EndWith("gave another state when it was tried; rolling back will take the state from before the reload"));
        var first = NumberOf(run.LineThat(l => l.StartsWith("new ")));
        for (var i = 0; i < 3; i++) run.Line();
        run.Session.RollBack();
        Assert.That(NumberOf(run.LineThat(l => l.StartsWith("old "))), Is.EqualTo(first), "the state from before the reload");
        Assert.That(run.Stop().Status, Is.Zero);
    }
}
