using System.Collections.Immutable;
using Kea.Driver.Incremental;
using Kea.Live;
using Kea.Source;

namespace Kea.Driver.Live;

/// <summary>What a change from one version of a program to another would do, without running either (14.3.2).</summary>
public static class VersionPlan
{
    /// <summary>The plan for a program that runs the old version and holds all states that it can hold.</summary>
    /// <returns>No plan, with diagnostics, when the old version is not a program.</returns>
    public static (ReloadPlan? Plan, ImmutableArray<Diagnostic> Diagnostics) Between(ToolchainPaths paths, string oldEntry, string newEntry)
    {
        var files = new VersionFiles(paths, oldEntry, newEntry);
        var incremental = new IncrementalSession(paths, oldEntry, files);
        ProgramVersion version;
        switch (incremental.Compare())
        {
            case SourceChange.Broken(var errors): return (null, errors);
            case SourceChange.Whole(var whole, _): version = whole; break;
            default: throw new InvalidOperationException("a first comparison is of everything");
        }
        PossibleStates? held = null;
        var planner = new ChangePlanner(incremental, () => held!);
        var (code, _, diagnostics) = planner.First(version);
        if (code is null) return (null, diagnostics);
        held = new PossibleStates(code);
        planner.Commit(version, code);
        incremental.Accept(version);
        files.Switch();
        var plan = planner.Prepare(null, IncompatiblePolicy.Refuse).Plan;
        // Equal texts have other paths, and are no change of the text.
        return (plan.Verdict == Verdict.Nothing && !files.HasDifferences ? ReloadPlan.Of(Verdict.Nothing) : plan, []);
    }
}
