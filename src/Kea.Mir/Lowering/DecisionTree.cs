using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>How to get from a value to a part of it.</summary>
internal abstract record Step
{
    private Step() { }
    public sealed record VariantField(VariantSymbol Variant, int Index) : Step;
    public sealed record Element(int Index) : Step;
    public sealed record Field(string Label) : Step;
    /// <summary>The inside of an opaque or Unique value.</summary>
    public sealed record Inner : Step;
}

/// <summary>A part of the scrutinee; one object per part.</summary>
internal sealed class Occurrence(Occurrence? parent, Step? step)
{
    private readonly List<Occurrence> _parts = [];

    /// <summary>Null for the scrutinee itself.</summary>
    public Occurrence? Parent { get; } = parent;
    public Step? Step { get; } = step;

    public Occurrence Part(Step step)
    {
        foreach (var part in _parts) if (part.Step == step) return part;
        var made = new Occurrence(this, step);
        _parts.Add(made);
        return made;
    }
}

/// <summary>A question about one part that a pattern asks.</summary>
internal abstract record MatchTest
{
    private MatchTest() { }
    public sealed record Variant(VariantSymbol Symbol) : MatchTest;
    /// <summary>Integers of any type and characters.</summary>
    public sealed record Integer(Int128 Value) : MatchTest;
    public sealed record Bool(bool Value) : MatchTest;
    public sealed record Float(double Value) : MatchTest;
    public sealed record String(string Value) : MatchTest;
    /// <summary>Equal to a const, of which nothing else is known.</summary>
    public sealed record Const(ConstSymbol Symbol) : MatchTest;
}

/// <summary>Which parts to test in which order to find the first arm that matches.</summary>
internal abstract record DecisionTree
{
    private DecisionTree() { }
    public sealed record Leaf(int Arm, ImmutableArray<(LocalSymbol Symbol, Occurrence Part)> Bindings) : DecisionTree;
    /// <summary>Runs the arm if its guard is true.</summary>
    public sealed record Guarded(int Arm, ImmutableArray<(LocalSymbol Symbol, Occurrence Part)> Bindings, DecisionTree Otherwise) : DecisionTree;
    /// <summary>Tests of variants, integers and Bools exclude each other; there is one test only of the other kinds.</summary>
    /// <param name="Otherwise">Null when the tests cover every value.</param>
    public sealed record Switch(Occurrence Part, ImmutableArray<(MatchTest Test, DecisionTree Then)> Cases, DecisionTree? Otherwise) : DecisionTree;
    /// <summary>No arm matches; the checker has proved that this cannot be.</summary>
    public sealed record Failure : DecisionTree;

    /// <summary>The tree for arms in order, each a pattern with or without a guard.</summary>
    /// <remarks>
    /// Rows are sets of tests that must hold, so that the parts of one row can be tested in any order. The next part is one
    /// that the first row needs and that most other rows test too. Source: J. Jacobs, "How to compile pattern matching",
    /// 2021; on choosing parts L. Maranget, "Compiling pattern matching to good decision trees", ML 2008.
    /// </remarks>
    public static DecisionTree Of(Occurrence root, ImmutableArray<(TypedPattern Pattern, bool HasGuard)> arms)
    {
        var rows = new List<Row>(arms.Length);
        for (var arm = 0; arm < arms.Length; arm++) Row.Expand(new Row(arm, arms[arm].HasGuard, [], []), [(root, arms[arm].Pattern)], rows);
        return Compile(rows);
    }

    private static DecisionTree Compile(List<Row> rows)
    {
        if (rows.Count == 0) return new Failure();
        var first = rows[0];
        if (first.Tests.IsEmpty)
        {
            if (!first.HasGuard) return new Leaf(first.Arm, first.Bindings);
            // If the guard is false the arm has failed, whichever of its alternatives matched.
            return new Guarded(first.Arm, first.Bindings, Compile(rows.FindAll(row => row.Arm != first.Arm)));
        }
        var (part, chosen) = Choose(rows);
        var tests = chosen is MatchTest.Variant or MatchTest.Integer or MatchTest.Bool ? TestsOfPart(rows, part, chosen) : [chosen];
        var cases = ImmutableArray.CreateBuilder<(MatchTest, DecisionTree)>(tests.Count);
        foreach (var test in tests) cases.Add((test, Compile(Holding(rows, part, test))));
        return new Switch(part, cases.MoveToImmutable(), Covers(tests) ? null : Compile(HoldingNone(rows, part, tests)));
    }

    private static (Occurrence Part, MatchTest Test) Choose(List<Row> rows)
    {
        var tests = rows[0].Tests;
        if (tests.Length == 1 || rows.Count == 1) return (tests[0].Part, tests[0].Test);
        var best = (Count: -1, Index: 0);
        for (var i = 0; i < tests.Length; i++)
        {
            var count = 0;
            foreach (var row in rows) if (row.TestOf(tests[i].Part) >= 0) count++;
            if (count > best.Count) best = (count, i);
        }
        return (tests[best.Index].Part, tests[best.Index].Test);
    }

    /// <summary>The distinct tests that any row makes of a part, of the same kind as the first.</summary>
    private static List<MatchTest> TestsOfPart(List<Row> rows, Occurrence part, MatchTest first)
    {
        var seen = new HashSet<MatchTest> { first };
        var tests = new List<MatchTest> { first };
        foreach (var row in rows)
        {
            var at = row.TestOf(part);
            if (at >= 0 && row.Tests[at].Test.GetType() == first.GetType() && seen.Add(row.Tests[at].Test)) tests.Add(row.Tests[at].Test);
        }
        return tests;
    }

    private static List<Row> Holding(List<Row> rows, Occurrence part, MatchTest test)
    {
        var held = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            var at = row.TestOf(part);
            if (at < 0) { held.Add(row); continue; }
            var asked = row.Tests[at];
            if (asked.Test == test) Row.Expand(row with { Tests = row.Tests.RemoveAt(at) }, asked.Fields, held);
            else if (!Excludes(test, asked.Test)) held.Add(row);
        }
        return held;
    }

    private static List<Row> HoldingNone(List<Row> rows, Occurrence part, List<MatchTest> tests) =>
        rows.FindAll(row => row.TestOf(part) is var at && (at < 0 || !tests.Contains(row.Tests[at].Test)));

    /// <summary>A const may equal a literal or another const, so these exclude nothing.</summary>
    private static bool Excludes(MatchTest holds, MatchTest other) => holds is not MatchTest.Const && other is not MatchTest.Const;

    private static bool Covers(List<MatchTest> tests) => tests[0] switch
    {
        MatchTest.Variant(var variant) => tests.Count == variant.Owner.Variants.Length,
        MatchTest.Bool => tests.Count == 2,
        MatchTest.Integer or MatchTest.Float or MatchTest.String or MatchTest.Const => false,
    };

    /// <summary>An alternative of an arm: the tests that are still to be made, and the names bound so far.</summary>
    private sealed record Row(
        int Arm, bool HasGuard,
        ImmutableArray<(Occurrence Part, MatchTest Test, ImmutableArray<(Occurrence, TypedPattern)> Fields)> Tests,
        ImmutableArray<(LocalSymbol, Occurrence)> Bindings)
    {
        public int TestOf(Occurrence part)
        {
            for (var i = 0; i < Tests.Length; i++) if (ReferenceEquals(Tests[i].Part, part)) return i;
            return -1;
        }

        /// <summary>Adds the row with what the patterns demand to the list; an or-pattern makes several rows.</summary>
        public static void Expand(Row row, ImmutableArray<(Occurrence Part, TypedPattern Pattern)> patterns, List<Row> rows)
        {
            var pending = new Stack<(Occurrence Part, TypedPattern Pattern)>();
            for (var i = patterns.Length - 1; i >= 0; i--) pending.Push(patterns[i]);
            var tests = row.Tests.ToBuilder();
            var bindings = row.Bindings.ToBuilder();
            while (pending.TryPop(out var next))
            {
                var (part, pattern) = next;
                switch (pattern)
                {
                    case TypedPattern.Wildcard or TypedPattern.Error: break;
                    case TypedPattern.Binding(var symbol, _, _): bindings.Add((symbol, part)); break;
                    case TypedPattern.As(var inner, var symbol, _, _):
                        bindings.Add((symbol, part));
                        pending.Push((part, inner));
                        break;
                    case TypedPattern.Integer(var value, _, _): tests.Add((part, new MatchTest.Integer(value), [])); break;
                    case TypedPattern.Char(var point, _, _): tests.Add((part, new MatchTest.Integer(point), [])); break;
                    case TypedPattern.Float(var value, _, _): tests.Add((part, new MatchTest.Float(value), [])); break;
                    case TypedPattern.String(var value, _, _): tests.Add((part, new MatchTest.String(value), [])); break;
                    case TypedPattern.Bool(var value, _, _): tests.Add((part, new MatchTest.Bool(value), [])); break;
                    case TypedPattern.Const(var symbol, _, _): tests.Add((part, new MatchTest.Const(symbol), [])); break;
                    case TypedPattern.Constructor(var variant, var fields, _, _):
                        var parts = FieldParts(part, variant, fields);
                        if (variant.Owner.Variants.Length > 1) tests.Add((part, new MatchTest.Variant(variant), parts));
                        else for (var i = parts.Length - 1; i >= 0; i--) pending.Push(parts[i]);
                        break;
                    case TypedPattern.Tuple(var elements, _, _):
                        for (var i = elements.Length - 1; i >= 0; i--) pending.Push((part.Part(new Step.Element(i)), elements[i]));
                        break;
                    case TypedPattern.Record(var fields, _, _):
                        for (var i = fields.Length - 1; i >= 0; i--) pending.Push((part.Part(new Step.Field(fields[i].Label)), fields[i].Pattern));
                        break;
                    case TypedPattern.Rewrap(var inner, _, _): pending.Push((part.Part(new Step.Inner()), inner)); break;
                    case TypedPattern.Or(var alternatives, _, _):
                        var sofar = row with { Tests = tests.ToImmutable(), Bindings = bindings.ToImmutable() };
                        foreach (var alternative in alternatives) Expand(sofar, [(part, alternative), .. pending], rows);
                        return;
                }
            }
            rows.Add(row with { Tests = tests.ToImmutable(), Bindings = bindings.ToImmutable() });
        }

        private static ImmutableArray<(Occurrence, TypedPattern)> FieldParts(Occurrence part, VariantSymbol variant, ImmutableArray<TypedPattern> fields)
        {
            if (fields.IsEmpty) return [];
            var parts = ImmutableArray.CreateBuilder<(Occurrence, TypedPattern)>(fields.Length);
            for (var i = 0; i < fields.Length; i++)
                if (fields[i] is not TypedPattern.Wildcard) parts.Add((part.Part(new Step.VariantField(variant, i)), fields[i]));
            return parts.ToImmutable();
        }
    }
}
