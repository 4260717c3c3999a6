using FsCheck;
using FsCheck.Fluent;
using Kea.Live;

namespace Kea.Driver.Tests.Live;

/// <summary>
/// Random edits of small programs against a model: after each, the loop prints what the new source says of the state it has,
/// or the reload names a rule and the loop prints what it printed before.
/// </summary>
public sealed class EditModelTests
{
    private const int Programs = 25;

    [Test]
    public void A_live_loop_prints_what_a_fresh_run_with_its_state_would()
    {
        var edits = Gen.Choose(0, 7).Two().ArrayOf(10).ToArbitrary();
        Prop.ForAll(edits, sequence => Holds(sequence.Select(e => (Kind: e.Item1, Value: e.Item2)))).Check(Config.QuickThrowOnFailure.WithMaxTest(Programs));
    }

    /// <summary>A program: a constant in a body, helpers that add up, parameters of one function, fields of the state in order.</summary>
    private sealed record Source(int Constant, int Helpers, bool IsWide, string[] Fields)
    {
        public string Text(string initial) => $$"""
            use Clock
            use IO
            use Live
            use Step.{Continue, Halt, Step}

            struct State
            {{string.Concat(Fields.Select(Declared))}}
            {{string.Concat(Enumerable.Range(0, Helpers).Select(i => $"fn helper{i}(n: Int) -> Int\n  n + {i + 1}\n\n"))}}
            fn shown(s: State{{(IsWide ? ", more: Int" : "")}}) -> String
              "c{{Constant}} {{{Number}}} {{string.Join(' ', Fields.Where(f => f != "n").Select(f => $"{f}={{s.{f}}}"))}}"

            fn step(s: State) -[IO, Clock]> Step State
              IO.stdout("{shown(s{{(IsWide ? ", 1000" : "")}})}\n")
              Clock.sleep(1)
              Continue(State { {{string.Join(", ", Fields.Select(f => f == "n" ? "n: s.n + 1" : $"{f}: s.{f}"))}} })

            fn main() -[IO, Clock, Live]> ()
              let _ = Live.loop(State { {{string.Join(", ", Fields.Select(f => f == "n" ? "n: 0" : $"{f}: {(f[0] == 'o' ? "None" : initial)}"))}} }, step)
              ()

            """;

        private string Number => (IsWide ? "more + " : "") + Enumerable.Range(0, Helpers).Aggregate("s.n", (inner, i) => $"helper{i}({inner})");

        /// <summary>What a turn prints: the model of the program.</summary>
        public string Line(int n, IReadOnlyDictionary<string, string> values) =>
            $"c{Constant} {n + Enumerable.Range(1, Helpers).Sum() + (IsWide ? 1000 : 0)} {string.Join(' ', Fields.Where(f => f != "n").Select(f => $"{f}={values[f]}"))}";

        public int TurnOf(string line) => int.Parse(line.Split(' ')[1]) - Enumerable.Range(1, Helpers).Sum() - (IsWide ? 1000 : 0);

        /// <summary>Fields of which names begin with d have a default, with o are optional, with x have neither.</summary>
        private static string Declared(string field) => field[0] switch
        {
            'd' => $"  @default({field.Length})\n  {field}: Int\n",
            'o' => $"  {field}: Option Int\n",
            _ => $"  {field}: Int\n",
        };
    }

    private static void Holds(IEnumerable<(int Kind, int Value)> edits)
    {
        var source = new Source(0, 0, false, ["n"]);
        var values = new Dictionary<string, string>();
        using var run = new LiveRun(source.Text("-7"));
        var turn = source.TurnOf(run.Line());
        var constant = 0;
        foreach (var (kind, value) in edits)
        {
            var next = source with { Constant = ++constant };
            var isBroken = kind == 6;
            next = kind switch
            {
                1 => next with { Helpers = value % 4 },
                2 => next with { IsWide = !source.IsWide },
                3 => Adding("d" + new string('d', value % 3)),
                4 => Adding("o" + new string('o', value % 3)),
                5 => next with { Fields = [.. source.Fields.Skip(1), source.Fields[0]] },
                7 => value % 2 == 0 ? Adding("x" + new string('x', value % 3)) : next with { Fields = [.. source.Fields.Where((f, i) => f == "n" || i != value % source.Fields.Length)] },
                _ => next,
            };
            var isRefused = isBroken || next.Fields.Any(f => f[0] == 'x' && !source.Fields.Contains(f));
            var report = run.Reload(isBroken ? next.Text("-7").Replace("Continue(", "Continue(nowhere + ") : next.Text("-7"));
            Assert.That(report.Plan.Verdict, isRefused ? Is.EqualTo(Verdict.Rejected) : Is.EqualTo(Verdict.Swap).Or.EqualTo(Verdict.SwapWithMigration));
            Assert.That(report.Plan.Rules.Select(r => r.Id), isBroken ? Has.Some.EqualTo("L001") : isRefused ? Has.Some.EqualTo("L012") : Has.None.EqualTo("L012"));
            if (!isRefused)
            {
                foreach (var field in next.Fields)
                    if (!source.Fields.Contains(field)) values[field] = field[0] == 'o' ? "None" : field.Length.ToString();
            }
            var now = isRefused ? source : next;
            var start = $"c{now.Constant} ";
            // Lines of the code before, then those of the code now; each as the model says, no turn left out.
            while (true)
            {
                var line = run.Line();
                turn++;
                var of = line.StartsWith(start, StringComparison.Ordinal) ? now : source;
                Assert.That(line, Is.EqualTo(of.Line(turn, values)));
                if (of == now) break;
            }
            source = now;

            Source Adding(string field) => source.Fields.Contains(field) ? next : next with { Fields = [.. source.Fields, field] };
        }
    }
}
