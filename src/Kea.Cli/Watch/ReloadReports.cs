using System.Diagnostics;
using Kea.Driver.Live;
using Kea.Live;

namespace Kea.Cli.Watch;

/// <summary>Tells of one reload as it goes on: which files changed, what the plan is, and later that it runs.</summary>
/// <param name="shown">The files, as they are to be shown.</param>
internal sealed class ReloadReports(WatchReporter report, MoveReports moves, IReadOnlyCollection<string> shown) : IReloadObserver
{
    private bool _hasBegun;

    /// <summary>Since the change was taken up.</summary>
    public Stopwatch Since { get; } = Stopwatch.StartNew();

    public void Begins(ReloadPlan plan)
    {
        if (!_hasBegun) report.Changed(shown);
        _hasBegun = true;
    }

    public void Published(ReloadPlan plan, int version)
    {
        report.Plan(plan);
        moves.Expect(plan, version, Since);
    }

    /// <summary>Nothing has been published: why.</summary>
    public void Kept(ReloadPlan plan)
    {
        if (!_hasBegun && plan.Verdict != Verdict.Nothing) report.Changed(shown);
        report.Plan(plan);
    }
}
