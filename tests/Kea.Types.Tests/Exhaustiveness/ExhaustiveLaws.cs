using System.Collections.Immutable;
using Kea.Source;
using Kea.Types.Exhaustiveness;
using static Kea.Types.Tests.Exhaustiveness.PatternWorld;

namespace Kea.Types.Tests.Exhaustiveness;

/// <summary>
/// Laws, checked against plain enumeration of all small values:
/// a match is exhaustive exactly if every value is matched; an arm is unreachable exactly if every value it matches is taken before;
/// each witness stands for at least one value that no arm matches, and every unmatched value is under some witness or there are five.
/// </summary>
public sealed class ExhaustiveLaws
{
    private readonly PatternWorld _world = new();

    [TestCase(1), TestCase(2), TestCase(3), TestCase(4)]
    public void Agrees_with_enumeration(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var type = RandomType(random, 2);
            var arms = ImmutableArray.CreateBuilder<MatchArm>();
            var count = random.Next(1, 6);
            for (var i = 0; i < count; i++) arms.Add(new MatchArm(RandomPattern(random, type, 3), random.Next(5) == 0));
            Compare(type, arms.ToImmutable(), $"seed {seed}, round {round}");
        }
    }

    private void Compare(Type type, ImmutableArray<MatchArm> arms, string where)
    {
        var values = Values(type, 3).ToArray();
        var coverage = Exhaustive.Check(type, arms);
        var unmatched = values.Where(v => !arms.Any(a => !a.HasGuard && Matches(a.Pattern, v))).ToArray();
        Assert.That(coverage.IsExhaustive, Is.EqualTo(unmatched.Length == 0), where);
        for (var i = 0; i < arms.Length; i++)
        {
            var taken = values.Where(v => Matches(arms[i].Pattern, v))
                .All(v => arms[..i].Any(a => !a.HasGuard && Matches(a.Pattern, v)));
            Assert.That(coverage.Unreachable.Any(u => u.Arm == i && !u.IsAlternative), Is.EqualTo(taken), $"{where}, arm {i}");
        }
        Witnesses(type, arms, unmatched, where);
    }

    private static void Witnesses(Type type, ImmutableArray<MatchArm> arms, Value[] unmatched, string where)
    {
        var rows = arms.Where(a => !a.HasGuard).Select(a => (Line?)new Line(Shape.Of(a.Pattern), null)).ToList();
        var witnesses = new Matrix(Gadt.CanOccur).Missing(rows, new Columns(type, null), 5);
        foreach (var witness in witnesses)
            Assert.That(unmatched.Any(v => Matches(witness!.First, v)), Is.True, $"{where}: a witness that is covered");
        if (witnesses.Count < 5)
            Assert.That(unmatched.All(v => witnesses.Any(w => Matches(w!.First, v))), Is.True, $"{where}: a missing value without witness");
    }

    private Type RandomType(Random random, int depth) => random.Next(depth == 0 ? 3 : 5) switch
    {
        0 => _world.Bool,
        1 => _world.Int,
        2 => _world.Shape,
        3 => _world.ListOfBool,
        _ => Tuple(RandomType(random, depth - 1), RandomType(random, depth - 1)),
    };

    private TypedPattern RandomPattern(Random random, Type type, int depth)
    {
        if (depth == 0 || random.Next(4) == 0) return Any(type);
        if (random.Next(6) == 0) return Or(RandomPattern(random, type, depth - 1), RandomPattern(random, type, depth - 1));
        if (ReferenceEquals(type, _world.Bool)) return random.Next(2) == 0 ? _world.True() : _world.False();
        if (ReferenceEquals(type, _world.Int)) return _world.Number(random.Next(2));
        if (type is Type.Tuple(var elements)) return Pair(RandomPattern(random, elements[0], depth - 1), RandomPattern(random, elements[1], depth - 1));
        var named = (Type.Named)type;
        var variant = named.Symbol.Variants[random.Next(named.Symbol.Variants.Length)];
        return Of(type, variant.Name, [.. FieldTypes(variant, named).Select(f => RandomPattern(random, f, depth - 1))]);
    }

    private static IEnumerable<Type> FieldTypes(VariantSymbol variant, Type.Named type) =>
        variant.Fields.Select(f => Kea.Types.Inference.Substitute.In(f.Type, type.Symbol.Parameters, type.Arguments));

    /// <summary>A value as a constructor with arguments; numbers beyond what patterns name stand for all others.</summary>
    private sealed record Value(object Key, ImmutableArray<Value> Arguments);

    /// <summary>Enough values to tell all random patterns apart.</summary>
    private IEnumerable<Value> Values(Type type, int depth)
    {
        if (type is Type.Tuple(var elements))
        {
            foreach (var left in Values(elements[0], depth))
                foreach (var right in Values(elements[1], depth)) yield return new Value("tuple", [left, right]);
            yield break;
        }
        var named = (Type.Named)type;
        switch (named.Symbol.Builtin)
        {
            case BuiltinType.Bool:
                yield return new Value(true, []);
                yield return new Value(false, []);
                yield break;
            case BuiltinType.Int:
                for (var i = 0; i < 3; i++) yield return new Value((Int128)i, []);
                yield break;
        }
        foreach (var variant in named.Symbol.Variants)
        {
            // Lists end where patterns cannot see any more.
            if (depth < 0 && !variant.Fields.IsEmpty) continue;
            foreach (var arguments in Combinations([.. FieldTypes(variant, named)], depth - 1)) yield return new Value(variant, arguments);
        }
    }

    private IEnumerable<ImmutableArray<Value>> Combinations(ImmutableArray<Type> types, int depth)
    {
        if (types.IsEmpty)
        {
            yield return [];
            yield break;
        }
        foreach (var first in Values(types[0], depth))
            foreach (var rest in Combinations(types[1..], depth)) yield return [first, .. rest];
    }

    private static bool Matches(TypedPattern pattern, Value value) => Matches(Shape.Of(pattern), value);

    private static bool Matches(Shape shape, Value value) => shape switch
    {
        Shape.Any => true,
        Shape.Or(var alternatives) => alternatives.Any(a => Matches(a, value)),
        Shape.Constructor({ Kind: HeadKind.Tuple }, var parts) => parts.Zip(value.Arguments).All(p => Matches(p.First, p.Second)),
        Shape.Constructor(var head, var parts) => head.Key.Equals(value.Key) && parts.Zip(value.Arguments).All(p => Matches(p.First, p.Second)),
        Shape.Fields => throw new InvalidOperationException("no records in these laws"),
    };
}
