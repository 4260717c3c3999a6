using FsCheck;
using FsCheck.Fluent;
using Kea.Mir;

namespace Kea.Live.Tests.Migration;

/// <summary>
/// Laws over generated pairs of versions that the table covers: (1) the new version prints of the migrated state what a model says,
/// and no object is left; (2) what loses nothing comes back as it was; (3) only what drops fields loses anything.
/// </summary>
[TestFixture]
public class MigrationProperties
{
    [Test]
    public void Migrated_state_is_what_the_table_says() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static void Check(int seed)
    {
        var evolution = new Evolution(seed);
        const string Text = "fn text(_ s: List S) -> String\n  Show.show(s)\n";
        var run = new MigrationRun($"{evolution.OldSource}fn make() -> List S\n  {evolution.State.Source}\n{Text}", evolution.NewSource + Text);
        var about = $"seed {seed}\n{evolution.OldSource}\n{evolution.NewSource}\n{evolution.State.Source}";
        Assert.That(run.Forward(), Is.EqualTo(new RunOutput(0, evolution.Migrated.Printed + "\n", "")), about);
        if (run.Outcome is MigrationOutcome.Unchanged) return;
        Assert.That(run.Migration.IsLossless, Is.EqualTo(!evolution.Drops || !run.Migration.Changes.Any(c => c.Loses)), about);
        if (run.Migration.Inverse is not null) Assert.That(run.RoundTrip(), Is.EqualTo(new RunOutput(0, evolution.State.Printed + "\n", "")), about);
    }
}
