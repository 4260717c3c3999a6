using System.Collections.Immutable;
using Kea.Source;
using Kea.Types.Exhaustiveness;
using static Kea.Types.Tests.Exhaustiveness.PatternWorld;

namespace Kea.Types.Tests.Exhaustiveness;

/// <summary>Coverage of single matches, with the texts that users see.</summary>
public sealed class ExhaustiveTests
{
    private readonly PatternWorld _world = new();

    private static Coverage Check(Type type, params ReadOnlySpan<TypedPattern> arms) =>
        Exhaustive.Check(type, [.. arms.ToArray().Select(a => new MatchArm(a, false))]);

    [Test]
    public void Names_each_missing_variant_in_declaration_order()
    {
        var shape = _world.Shape;
        Assert.That(Check(shape).MissingText, Is.EqualTo("_"));
        Assert.That(Check(shape, Of(shape, "Disc", Any(_world.Int))).MissingText, Is.EqualTo("Dot, Box(_, _)"));
        Assert.That(Check(shape, Of(shape, "Disc", _world.Number(1))).MissingText, Is.EqualTo("Dot, Disc(_), Box(_, _)"));
    }

    [Test]
    public void Looks_into_fields()
    {
        var shape = _world.Shape;
        var coverage = Check(shape, Of(shape, "Dot"), Of(shape, "Disc", Any(_world.Int)), Of(shape, "Box", Any(_world.Int), _world.True()));
        Assert.That(coverage.MissingText, Is.EqualTo("Box(_, false)"));
    }

    [Test]
    public void Numbers_are_never_covered_by_literals() =>
        Assert.That(Check(_world.Int, _world.Number(1), _world.Number(2)).MissingText, Is.EqualTo("_"));

    [Test]
    public void Writes_lists_as_lists()
    {
        var list = _world.ListOfBool;
        var empty = Of(list, "Nil");
        var one = Of(list, "Cons", Any(_world.Bool), empty);
        Assert.That(Check(list, Of(list, "Cons", Any(_world.Bool), Any(list))).MissingText, Is.EqualTo("[]"));
        Assert.That(Check(list, empty).MissingText, Is.EqualTo("[_, .._]"));
        Assert.That(Check(list, empty, one).MissingText, Is.EqualTo("[_, _, .._]"));
    }

    [Test]
    public void Tuples_are_covered_by_their_parts()
    {
        var (t, f) = (_world.True(), _world.False());
        var type = Tuple(_world.Bool, _world.Bool);
        Assert.That(Check(type, Pair(t, Any(_world.Bool)), Pair(f, t)).MissingText, Is.EqualTo("(false, false)"));
        Assert.That(Check(type, Pair(t, Any(_world.Bool)), Pair(f, Any(_world.Bool))).IsExhaustive);
    }

    [Test]
    public void Structs_are_covered_by_their_fields()
    {
        Type point = new Type.Named(_world.Point, []);
        TypedPattern X(TypedPattern x) => new TypedPattern.Record([("x", x)], point, TextSpan.Empty(0));
        Assert.That(Check(point, X(_world.True())).MissingText, Is.EqualTo("Point { x: false, .. }"));
        Assert.That(Check(point, X(_world.True()), X(_world.False())).IsExhaustive);
    }

    [Test]
    public void Ignores_variants_that_contradict_the_type()
    {
        var ints = _world.TermOf(_world.Int);
        var number = Of(ints, "Num", Any(_world.Int));
        var pair = Of(ints, "Pair", Any(ints), Any(ints));
        Assert.That(Check(ints, number, pair).IsExhaustive);
        Assert.That(Check(ints, number).MissingText, Is.EqualTo("Pair(_, _)"));
        var open = _world.TermOf(new Type.Variable(new TypeVariable("a", VariableKind.Type)));
        Assert.That(Check(open, Of(open, "Num", Any(_world.Int))).MissingText, Is.EqualTo("Flag(_), Pair(_, _)"));
    }

    [Test]
    public void What_one_column_fixes_holds_in_the_others()
    {
        var a = _world.TermOf(new Type.Variable(new TypeVariable("a", VariableKind.Type)));
        var type = Tuple(a, a);
        var coverage = Check(type,
            Pair(Of(a, "Num", Any(_world.Int)), Of(a, "Num", Any(_world.Int))),
            Pair(Of(a, "Flag", Any(_world.Bool)), Of(a, "Flag", Any(_world.Bool))),
            Pair(Of(a, "Pair", Any(a), Any(a)), Any(a)),
            Pair(Any(a), Of(a, "Pair", Any(a), Any(a))));
        Assert.That(coverage.MissingText, Is.Empty);
    }

    [Test]
    public void Marks_arms_and_alternatives_that_cannot_match()
    {
        var type = _world.Bool;
        var coverage = Check(type, _world.True(1), Or(_world.True(2), _world.False(3)), Any(type));
        Assert.That(coverage.Unreachable.Select(u => (u.Arm, u.Span.Start, u.Reason)), Is.EqualTo(new[]
        {
            (1, 2, UnreachableReason.Covered), (2, 0, UnreachableReason.Covered),
        }));
        var ints = _world.TermOf(_world.Int);
        Assert.That(Check(ints, Of(ints, "Flag", Any(_world.Bool)), Any(ints)).Unreachable.Single().Reason, Is.EqualTo(UnreachableReason.Contradiction));
    }

    [Test]
    public void Arms_with_guards_cover_nothing()
    {
        var guarded = Exhaustive.Check(_world.Bool, [new MatchArm(Any(_world.Bool), true), new MatchArm(_world.True(), false)]);
        Assert.That(guarded.MissingText, Is.EqualTo("false"));
        Assert.That(guarded.Unreachable, Is.Empty);
    }

    [Test]
    public void Gives_at_most_five_witnesses()
    {
        var symbol = new TypeSymbol("Big", null, TypeKind.Enum);
        symbol.Variants = [.. Enumerable.Range(0, 40).Select(i => new VariantSymbol($"V{i}", symbol, i))];
        var type = new Type.Named(symbol, []);
        Assert.That(Check(type, Of(type, "V0")).MissingText, Is.EqualTo("V1, V2, V3, V4, V5"));
    }

    [Test]
    public void Stays_within_bounds_on_the_hard_case()
    {
        // n columns where each arm fixes two of them: exponential for the exact question.
        const int n = 26;
        Type type = new Type.Tuple([.. Enumerable.Repeat(_world.Bool, n)]);
        var arms = new List<MatchArm>();
        for (var i = 0; i < n; i += 2)
            foreach (var value in new[] { _world.True(), _world.False() })
            {
                var at = i;
                ImmutableArray<TypedPattern> columns = [.. Enumerable.Range(0, n).Select(c => c == at || c == at + 1 ? value : Any(_world.Bool))];
                arms.Add(new MatchArm(new TypedPattern.Tuple(columns, type, TextSpan.Empty(0)), false));
            }
        Assert.That(Exhaustive.Check(type, [.. arms]).IsExhaustive, Is.False);
    }
}
