using FsCheck;
using FsCheck.Fluent;
using Kea.Mir;

namespace Kea.Live.Tests.Migration;

/// <summary>
/// Laws over generated pairs of versions that the table covers: (1) the new version prints of the migrated state what a model says,
/// and no object is left; (2) what loses nothing comes back as it was; (3) only what drops fields loses anything. And over pairs that
/// have nothing to do with each other: (4) there is always an outcome, a migration runs, and a refusal says of each field why.
/// </summary>
[TestFixture]
public class MigrationProperties
{
    [Test]
    public void Migrated_state_is_what_the_table_says() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Test]
    public void Any_two_versions_have_an_outcome() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), CheckAny).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private const string Text = "fn text(_ s: List S) -> String\n  Show.show(s)\n";

    private static void CheckAny(int seed)
    {
        var (one, other) = (new Evolution(seed), new Evolution(seed / 2));
        var run = new MigrationRun($"{one.OldSource}fn make() -> List S\n  {one.State.Source}\n{Text}", other.OldSource + Text);
        var about = $"seed {seed}\n{one.OldSource}\n{other.OldSource}\n{one.State.Source}";
        if (run.Outcome is MigrationOutcome.Refused refused)
        {
            Assert.That(refused.Obstacles, Is.Not.Empty, about);
            foreach (var obstacle in refused.Obstacles)
                Assert.That(new[] { obstacle.Owner, obstacle.Field, obstacle.Path, obstacle.Sentence, obstacle.WayOut, obstacle.OldType + obstacle.NewType }, Has.None.Empty, about);
            Assert.That(run.Comparison.Obstacles.Select(o => o.Sentence), Is.EqualTo(refused.Obstacles.Select(o => o.Sentence)), about);
        }
        else
        {
            var printed = run.Forward();
            Assert.That((printed.Status, printed.Error), Is.EqualTo((0, "")), about);
            if (run.Outcome is MigrationOutcome.Migration { Inverse: not null }) Assert.That(run.RoundTrip(), Is.EqualTo(new RunOutput(0, one.State.Printed + "\n", "")), about);
        }
    }

    private static void Check(int seed)
    {
        var evolution = new Evolution(seed);
        var run = new MigrationRun($"{evolution.OldSource}fn make() -> List S\n  {evolution.State.Source}\n{Text}", evolution.NewSource + Text);
        var about = $"seed {seed}\n{evolution.OldSource}\n{evolution.NewSource}\n{evolution.State.Source}";
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, evolution.Migrated.Printed + "\n", "")), about);
        if (run.Outcome is MigrationOutcome.Unchanged) return;
        Assert.That(run.Migration.IsLossless, Is.EqualTo(!evolution.Drops || !run.Migration.Changes.Any(c => c.Loses)), about);
        if (run.Migration.Inverse is not null) Assert.That(run.RoundTrip(), Is.EqualTo(new RunOutput(0, evolution.State.Printed + "\n", "")), about);
    }
}
