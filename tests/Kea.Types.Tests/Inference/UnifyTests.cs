using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Kea.Types.Inference;

namespace Kea.Types.Tests.Inference;

/// <summary>
/// Laws of the unifier:
/// - it is symmetric: both directions succeed or both fail, and what they solve is equal;
/// - after success the two types are equal, and unifying them again changes nothing;
/// - rows do not care about the order in which labels are given;
/// - an extension never gets a label that its tail must lack;
/// - two open rows meet in a row that has the labels of both;
/// - nothing becomes infinite.
/// </summary>
public sealed class UnifyTests
{
    private static readonly TypeSymbol Int = new("Int", null, TypeKind.Primitive);
    private static readonly TypeSymbol Text = new("String", null, TypeKind.Primitive);
    private static readonly TypeSymbol ListSymbol = new("List", null, TypeKind.Enum);
    private static readonly string[] Labels = ["a", "b", "c", "d"];

    /// <summary>A type by shape; unknowns are numbered, so that two unifiers can build the same type.</summary>
    private abstract record Shape
    {
        private Shape() { }
        public sealed record Name(bool IsInt) : Shape;
        public sealed record Unknown(int Index) : Shape;
        public sealed record ListOf(Shape Element) : Shape;
        public sealed record Pair(Shape First, Shape Second) : Shape;
        public sealed record Arrow(Shape From, Shape To) : Shape;
        public sealed record Fields(ImmutableArray<(int Label, Shape Type)> Entries, int Tail) : Shape;
    }

    private sealed class World
    {
        public Unknowns Unknowns { get; } = new();
        private readonly Dictionary<(int, VariableKind), Type.Meta> _metas = [];

        public Type.Meta Unknown(int index, VariableKind kind)
        {
            if (!_metas.TryGetValue((index, kind), out var meta)) _metas.Add((index, kind), meta = Unknowns.Fresh(kind));
            return meta;
        }

        public Type Build(Shape shape) => shape switch
        {
            Shape.Name(true) => new Type.Named(Int, []),
            Shape.Name => new Type.Named(Text, []),
            Shape.Unknown(var index) => Unknown(index, VariableKind.Type),
            Shape.ListOf(var element) => new Type.Named(ListSymbol, [Build(element)]),
            Shape.Pair(var first, var second) => new Type.Tuple([Build(first), Build(second)]),
            Shape.Arrow(var from, var to) => new Type.Function([Build(from)], Row.Empty, Build(to)),
            Shape.Fields fields => new Type.Record(BuildRow(fields)),
        };

        public Row BuildRow(Shape.Fields fields) => new(
            [.. fields.Entries.OrderBy(e => e.Label).Select(e => new RowEntry(Labels[e.Label], null, Build(e.Type)))],
            fields.Tail < 0 ? null : Unknown(fields.Tail, VariableKind.RecordRow));
    }

    private static Gen<Shape> Shapes(int size)
    {
        var leaf = Gen.OneOf(
            Gen.Choose(0, 1).Select(Shape (i) => new Shape.Name(i == 0)),
            Gen.Choose(0, 3).Select(Shape (i) => new Shape.Unknown(i)));
        if (size <= 0) return leaf;
        var part = Shapes(size - 1);
        var row = from count in Gen.Choose(0, 3)
                  from labels in Gen.Shuffle<int>([0, 1, 2, 3])
                  from types in part.ArrayOf(count)
                  from tail in Gen.Choose(-1, 1)
                  select (Shape)new Shape.Fields([.. labels.Take(count).Zip(types)], tail);
        return Gen.OneOf(leaf, part.Select(Shape (e) => new Shape.ListOf(e)),
            from a in part from b in part select (Shape)new Shape.Pair(a, b),
            from a in part from b in part select (Shape)new Shape.Arrow(a, b), row);
    }

    private static readonly Arbitrary<(Shape, Shape)> Pairs = (from a in Shapes(3) from b in Shapes(3) select (a, b)).ToArbitrary();
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static string Print(Type type) => TypePrinter.Text(type);

    [Test]
    public void Is_symmetric() => Prop.ForAll(Pairs, pair =>
    {
        var (left, right) = (new World(), new World());
        var forward = Unify.Types(left.Unknowns, left.Build(pair.Item1), left.Build(pair.Item2));
        var backward = Unify.Types(right.Unknowns, right.Build(pair.Item2), right.Build(pair.Item1));
        if (forward is null != backward is null) return false;
        return forward is not null || Print(left.Build(pair.Item1)) == Print(right.Build(pair.Item1));
    }).Check(Many);

    [Test]
    public void Makes_the_types_equal_and_is_idempotent() => Prop.ForAll(Pairs, pair =>
    {
        var world = new World();
        var (a, b) = (world.Build(pair.Item1), world.Build(pair.Item2));
        if (Unify.Types(world.Unknowns, a, b) is not null) return true;
        var before = Print(new Type.Tuple([a, b]));
        return TypeShape.Same(a, b) && Unify.Types(world.Unknowns, a, b) is null && Print(new Type.Tuple([a, b])) == before;
    }).Check(Many);

    [Test]
    public void Succeeds_on_a_type_and_itself() => Prop.ForAll(Shapes(4).ToArbitrary(), shape =>
    {
        var world = new World();
        return Unify.Types(world.Unknowns, world.Build(shape), world.Build(shape)) is null;
    }).Check(Many);

    [Test]
    public void Never_makes_an_infinite_type() => Prop.ForAll(Pairs, pair =>
    {
        var world = new World();
        var (a, b) = (world.Build(pair.Item1), world.Build(pair.Item2));
        Unify.Types(world.Unknowns, a, b);
        // Printing a type that contained itself would not end.
        return Print(a).Length > 0 && Print(b).Length > 0;
    }).Check(Many);

    [Test]
    public void Open_rows_meet_with_the_labels_of_both()
    {
        var world = new World();
        var a = world.BuildRow(new Shape.Fields([(0, new Shape.Name(true)), (1, new Shape.Name(true))], 0));
        var b = world.BuildRow(new Shape.Fields([(1, new Shape.Name(true)), (2, new Shape.Name(false))], 1));
        Assert.That(Unify.Row(world.Unknowns, a, b), Is.Null);
        Assert.That(Rows.Flatten(a).Entries.Select(e => e.Label), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(TypeShape.Same(a, b));
        // The common tail lacks what both have now.
        var rest = ((Type.Meta)Rows.Flatten(a).Tail!).Cell;
        Assert.That(rest.Lacks, Is.SupersetOf(new[] { "a", "c" }));
    }

    [Test]
    public void Lacks_is_respected_along_every_binding()
    {
        var world = new World();
        var tail = world.Unknown(0, VariableKind.RecordRow);
        tail.Cell.Lacks = ["a"];
        var next = world.Unknown(1, VariableKind.RecordRow);
        Assert.That(Unify.Types(world.Unknowns, tail, next), Is.Null);
        var extension = world.BuildRow(new Shape.Fields([(0, new Shape.Name(true))], -1));
        var mismatch = Unify.Row(world.Unknowns, new Row([], next), extension);
        Assert.That(mismatch?.Kind, Is.EqualTo(MismatchKind.Lacks));
        Assert.That(mismatch!.Label, Is.EqualTo("a"));
    }

    [TestCase("missing", new[] { 0, 1 }, new[] { 0 }, "b", "")]
    [TestCase("extra", new[] { 0 }, new[] { 0, 2 }, "", "c")]
    [TestCase("both", new[] { 0, 1 }, new[] { 0, 2 }, "b", "c")]
    public void Closed_rows_say_which_labels_differ(string _, int[] expected, int[] actual, string missing, string extra)
    {
        var world = new World();
        Row Of(int[] labels) => world.BuildRow(new Shape.Fields([.. labels.Select(l => (l, (Shape)new Shape.Name(true)))], -1));
        var mismatch = Unify.Row(world.Unknowns, Of(expected), Of(actual));
        Assert.That(mismatch?.Kind, Is.EqualTo(MismatchKind.Labels));
        Assert.That(string.Concat(mismatch!.Missing), Is.EqualTo(missing));
        Assert.That(string.Concat(mismatch.Extra), Is.EqualTo(extra));
    }
}
