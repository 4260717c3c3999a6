using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Kea.Mir;
using Kea.Source;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir.Tests;

/// <summary>
/// Laws: (1) a decision tree picks the arm that trying the arms in order would pick, with the same bindings; (2) no path asks
/// a part the same question twice; (3) alternatives of one literal test need one look at a variant's tag.
/// </summary>
[TestFixture]
public class DecisionTreeTests
{
    private static readonly Type _any = new Type.Error();
    private static readonly TypeSymbol _shape = MakeShape();

    [Test]
    public void Picks_the_first_arm_that_matches()
    {
        var cases = ArbMap.Default.ArbFor<int>().Generator.Select(seed => new Random(seed)).Select(random => (Arms: RandomArms(random), Value: RandomValue(random, 3)));
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var root = new Occurrence(null, null);
            var tree = DecisionTree.Of(root, [.. c.Arms.Select(a => (a.Pattern, a.Guard is not null))]);
            var (arm, bindings) = Run(tree, c.Value, c.Arms, []);
            var expected = FirstMatch(c.Arms, c.Value);
            return arm == expected.Arm && expected.Bindings.Count == bindings.Count
                && expected.Bindings.All(b => bindings.TryGetValue(b.Key, out var value) && value.Equals(b.Value));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Test]
    public void Looks_at_a_tag_once_for_all_variants()
    {
        TypedPattern Of(int variant) => new TypedPattern.Constructor(
            _shape.Variants[variant], [.. _shape.Variants[variant].Fields.Select(_ => (TypedPattern)new TypedPattern.Wildcard(_any, default))], _any, default);
        var tree = DecisionTree.Of(new Occurrence(null, null), [(Of(2), false), (Of(0), false), (Of(1), false)]);
        var test = (DecisionTree.Switch)tree;
        Assert.That(test.Cases, Has.Length.EqualTo(3));
        Assert.That(test.Otherwise, Is.Null);
        Assert.That(test.Cases.Select(c => c.Then), Is.All.InstanceOf<DecisionTree.Leaf>());
    }

    [Test]
    public void A_false_guard_fails_the_whole_arm()
    {
        var name = new LocalSymbol("n", _any, default);
        TypedPattern either = new TypedPattern.Or([new TypedPattern.Binding(name, _any, default), new TypedPattern.Binding(name, _any, default)], _any, default);
        var tree = DecisionTree.Of(new Occurrence(null, null), [(either, true), (new TypedPattern.Wildcard(_any, default), false)]);
        Assert.That(tree, Is.InstanceOf<DecisionTree.Guarded>());
        Assert.That(((DecisionTree.Guarded)tree).Otherwise, Is.InstanceOf<DecisionTree.Leaf>());
    }

    private sealed record Arm(TypedPattern Pattern, bool? Guard);

    private abstract record Value
    {
        public sealed record Variant(VariantSymbol Symbol, ImmutableArray<Value> Fields) : Value
        {
            public bool Equals(Variant? other) => other is not null && ReferenceEquals(Symbol, other.Symbol) && Fields.SequenceEqual(other.Fields);
            public override int GetHashCode() => Symbol.Index;
        }
        public sealed record Number(int Content) : Value;
        public sealed record Flag(bool Content) : Value;
        public sealed record Text(string Content) : Value;
        public sealed record Pair(Value First, Value Second) : Value;
    }

    private static (int Arm, Dictionary<LocalSymbol, Value> Bindings) Run(DecisionTree tree, Value value, ImmutableArray<Arm> arms, HashSet<(Occurrence, MatchTest)> asked)
    {
        switch (tree)
        {
            case DecisionTree.Leaf(var arm, var bindings): return (arm, Bound(bindings, value));
            case DecisionTree.Guarded(var arm, var bindings, var otherwise):
                return arms[arm].Guard!.Value ? (arm, Bound(bindings, value)) : Run(otherwise, value, arms, asked);
            case DecisionTree.Switch(var part, var cases, var otherwise):
                foreach (var (test, then) in cases)
                {
                    Assert.That(asked.Add((part, test)), "a question asked twice");
                    if (Holds(test, At(part, value))) return Run(then, value, arms, asked);
                }
                return Run(otherwise!, value, arms, asked);
            default: return (-1, []);
        }
    }

    private static Dictionary<LocalSymbol, Value> Bound(ImmutableArray<(LocalSymbol Symbol, Occurrence Part)> bindings, Value value) =>
        bindings.ToDictionary(b => b.Symbol, b => At(b.Part, value));

    private static Value At(Occurrence part, Value value) => part.Step switch
    {
        null => value,
        Step.Element(var index) => At(part.Parent!, value) is Value.Pair(var first, var second) ? index == 0 ? first : second : throw new InvalidOperationException(),
        Step.VariantField(var variant, var index) =>
            At(part.Parent!, value) is Value.Variant(var symbol, var fields) && ReferenceEquals(symbol, variant) ? fields[index] : throw new InvalidOperationException("a field of another variant"),
        _ => throw new InvalidOperationException(),
    };

    private static bool Holds(MatchTest test, Value value) => (test, value) switch
    {
        (MatchTest.Variant(var wanted), Value.Variant(var symbol, _)) => ReferenceEquals(wanted, symbol),
        (MatchTest.Integer(var wanted), Value.Number(var number)) => wanted == number,
        (MatchTest.Bool(var wanted), Value.Flag(var flag)) => wanted == flag,
        (MatchTest.String(var wanted), Value.Text(var text)) => wanted == text,
        _ => throw new InvalidOperationException("a test of another type"),
    };

    private static (int Arm, Dictionary<LocalSymbol, Value> Bindings) FirstMatch(ImmutableArray<Arm> arms, Value value)
    {
        for (var i = 0; i < arms.Length; i++)
        {
            var bindings = new Dictionary<LocalSymbol, Value>();
            if (Matches(arms[i].Pattern, value, bindings) && arms[i].Guard != false) return (i, bindings);
        }
        return (-1, []);
    }

    private static bool Matches(TypedPattern pattern, Value value, Dictionary<LocalSymbol, Value> bindings)
    {
        switch (pattern, value)
        {
            case (TypedPattern.Wildcard, _): return true;
            case (TypedPattern.Binding b, _): bindings[b.Symbol] = value; return true;
            case (TypedPattern.As a, _): bindings[a.Symbol] = value; return Matches(a.Inner, value, bindings);
            case (TypedPattern.Or o, _): return o.Alternatives.Any(p => Matches(p, value, bindings));
            case (TypedPattern.Integer n, Value.Number(var number)): return n.Value == number;
            case (TypedPattern.Bool b, Value.Flag(var flag)): return b.Value == flag;
            case (TypedPattern.String s, Value.Text(var text)): return s.Value == text;
            case (TypedPattern.Tuple t, Value.Pair(var first, var second)): return Matches(t.Elements[0], first, bindings) && Matches(t.Elements[1], second, bindings);
            case (TypedPattern.Constructor c, Value.Variant(var symbol, var fields)):
                return ReferenceEquals(c.Variant, symbol) && c.Fields.Zip(fields).All(f => Matches(f.First, f.Second, bindings));
            default: throw new InvalidOperationException("a pattern of another type");
        }
    }

    // Shape = Dot | Size(Int, Bool) | Pair((Shape, Shape)); values are (Shape, Text) pairs at the top.
    private static TypeSymbol MakeShape()
    {
        var symbol = new TypeSymbol("Shape", null, TypeKind.Enum);
        symbol.Variants =
        [
            new VariantSymbol("Dot", symbol, 0),
            new VariantSymbol("Size", symbol, 1) { Fields = [(null, _any), (null, _any)] },
            new VariantSymbol("Both", symbol, 2) { Fields = [(null, _any), (null, _any)] },
        ];
        return symbol;
    }

    private static Value RandomValue(Random random, int depth) => new Value.Pair(RandomShape(random, depth), new Value.Text("abc"[random.Next(3)].ToString()));

    private static Value RandomShape(Random random, int depth) => random.Next(depth > 0 ? 3 : 2) switch
    {
        0 => new Value.Variant(_shape.Variants[0], []),
        1 => new Value.Variant(_shape.Variants[1], [new Value.Number(random.Next(3)), new Value.Flag(random.Next(2) == 0)]),
        _ => new Value.Variant(_shape.Variants[2], [RandomShape(random, depth - 1), RandomShape(random, depth - 1)]),
    };

    private static ImmutableArray<Arm> RandomArms(Random random)
    {
        var arms = new List<Arm>();
        for (var i = random.Next(1, 7); i > 0; i--)
        {
            var names = new Names();
            TypedPattern pattern = new TypedPattern.Tuple([Pattern(random, 3, Kind.Shape, names), Pattern(random, 1, Kind.Text, names)], _any, default);
            if (random.Next(8) == 0) pattern = new TypedPattern.Wildcard(_any, default);
            arms.Add(new Arm(pattern, random.Next(4) == 0 ? random.Next(2) == 0 : null));
        }
        return [.. arms];
    }

    private enum Kind { Shape, Number, Flag, Text }

    /// <summary>Names of an arm; inside an or-pattern there are none, so that all alternatives bind alike.</summary>
    private sealed class Names { public int OrDepth; }

    private static TypedPattern Pattern(Random random, int depth, Kind kind, Names names)
    {
        switch (random.Next(6))
        {
            case 0: return new TypedPattern.Wildcard(_any, default);
            case 1 when names.OrDepth == 0: return new TypedPattern.Binding(new LocalSymbol("x", _any, default), _any, default);
            case 2 when depth > 0:
                names.OrDepth++;
                var alternatives = Enumerable.Range(0, random.Next(2, 4)).Select(_ => Pattern(random, depth - 1, kind, names)).ToImmutableArray();
                names.OrDepth--;
                return new TypedPattern.Or(alternatives, _any, default);
            case 3 when names.OrDepth == 0 && depth > 0:
                return new TypedPattern.As(Pattern(random, depth - 1, kind, names), new LocalSymbol("w", _any, default), _any, default);
        }
        if (depth == 0) return new TypedPattern.Wildcard(_any, default);
        return kind switch
        {
            Kind.Number => new TypedPattern.Integer(random.Next(3), _any, default),
            Kind.Flag => new TypedPattern.Bool(random.Next(2) == 0, _any, default),
            Kind.Text => new TypedPattern.String("abc"[random.Next(3)].ToString(), _any, default),
            _ => random.Next(3) switch
            {
                0 => new TypedPattern.Constructor(_shape.Variants[0], [], _any, default),
                1 => new TypedPattern.Constructor(_shape.Variants[1], [Pattern(random, depth - 1, Kind.Number, names), Pattern(random, depth - 1, Kind.Flag, names)], _any, default),
                _ => new TypedPattern.Constructor(_shape.Variants[2], [Pattern(random, depth - 1, Kind.Shape, names), Pattern(random, depth - 1, Kind.Shape, names)], _any, default),
            },
        };
    }
}
