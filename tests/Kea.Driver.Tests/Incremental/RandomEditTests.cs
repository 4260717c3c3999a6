using FsCheck;
using FsCheck.Fluent;
using Kea.Live;

namespace Kea.Driver.Tests.Incremental;

/// <summary>
/// Laws, for any sequence of edits, of one thing or of several at once, of a project of four modules: the code that incremental
/// edits lead to is the code that lowering everything gives; an edit is rejected exactly if a first look at the same texts finds
/// an error; a rejected edit leaves nothing behind.
/// </summary>
public sealed class RandomEditTests
{
    [Test]
    public void Incremental_edits_lead_where_a_look_at_everything_does()
    {
        var edits = Gen.Choose(0, RandomSource.Kinds - 1).Two().ArrayOf(14).ToArbitrary();
        Prop.ForAll(edits, sequence => Holds(sequence)).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    private static void Holds((int Kind, int Value)[] edits)
    {
        var source = new RandomSource();
        var project = new EditedProject(source.Files());
        var saved = source;
        foreach (var (kind, value) in edits)
        {
            // Some edits are of several things at once.
            var next = saved.Edited(kind, value);
            if (value % 3 == 0)
            {
                saved = next;
                continue;
            }
            foreach (var (name, text) in next.Files()) project[name] = text;
            if (!next.HasExtra) project.Remove("extra.kea");
            var candidate = project.Edit(looksAtAll: value % 4 == 0);
            var isRejected = candidate.Plan.Verdict == Verdict.Rejected;
            Assert.That(isRejected, Is.EqualTo(HasErrors(next)), $"after edit {kind}/{value}\n{string.Join('\n', candidate.Plan.Diagnostics.Select(d => d.Message))}");
            Assert.That(project.DifferencesFromWhole(), Is.Empty, $"after edit {kind}/{value}");
            saved = isRejected ? source : source = next;
        }
    }

    private static bool HasErrors(RandomSource source)
    {
        try
        {
            _ = new EditedProject(source.Files());
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
