using FsCheck;
using FsCheck.Fluent;
using Kea.Source;

namespace Kea.Source.Tests;

/// <summary>Laws: zero only between equal names, symmetric, at most the longer length.</summary>
[TestFixture]
public sealed class EditDistanceTests
{
    [TestCase("", "", 0)]
    [TestCase("abc", "abc", 0)]
    [TestCase("abc", "", 3)]
    [TestCase("lenght", "length", 1)]
    [TestCase("kitten", "sitting", 3)]
    [TestCase("ca", "abc", 3)]
    public void Counts_edits_and_transpositions(string a, string b, int distance) =>
        Assert.That(EditDistance.Between(a, b), Is.EqualTo(distance));

    [Test]
    public void Obeys_its_laws() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), ArbMap.Default.ArbFor<string>(), (left, right) =>
        {
            var (a, b) = (left ?? "", right ?? "");
            var distance = EditDistance.Between(a, b);
            return distance == EditDistance.Between(b, a)
                && (distance == 0) == (a == b)
                && distance <= Math.Max(a.Length, b.Length)
                && distance >= Math.Abs(a.Length - b.Length);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Suggests_the_closest_name()
    {
        Assert.That(EditDistance.Closest("lenght", ["length", "height", "list"]), Is.EqualTo("length"));
        Assert.That(EditDistance.Closest("fitler", ["map", "filter", "fold"]), Is.EqualTo("filter"));
    }

    [Test]
    public void Suggests_nothing_far_away_and_not_the_name_itself()
    {
        Assert.That(EditDistance.Closest("zebra", ["map", "filter"]), Is.Null);
        Assert.That(EditDistance.Closest("map", ["map"]), Is.Null);
    }

    [Test]
    public void Ties_go_to_the_first_in_ordinal_order() =>
        Assert.That(EditDistance.Closest("cat", ["hat", "bat"]), Is.EqualTo("bat"));
}
