using System.Collections.Immutable;
using Kea.Driver.Incremental;
using Kea.Driver.Status;
using Kea.Live;
using Kea.Source;

namespace Kea.Driver.Live;

/// <summary>What is on disk beside what runs.</summary>
public sealed partial class LiveSession
{
    /// <summary>Apart from what reloads read: asking for a status changes nothing.</summary>
    private readonly DiskTexts _disk;

    private (ReloadPlan Plan, ImmutableDictionary<string, SourceText> Texts)? _refusal;

    /// <summary>Declarations on disk beside those of a version, and what becomes of the difference.</summary>
    /// <param name="version">The version that the program is in; the newest if it is not known any more.</param>
    public (DiskStatus Disk, ImmutableArray<DeclarationState> Declarations) Compare(int version)
    {
        lock (_gate)
        {
            Follow();
            var newest = _planner.Running;
            var disk = _disk.Read();
            var declarations = DeclarationState.Compare(disk.Declarations, _disk.Of(_versions.TryGetValue(version, out var known) ? known.Program : newest));
            if (IsSame(declarations)) return (DiskStatus.Of(DiskState.Current), declarations);
            if (IsSame(DeclarationState.Compare(disk.Declarations, _disk.Of(newest)))) return (DiskStatus.Of(DiskState.Published), declarations);
            if (_refusal is { } refusal && disk.Says(refusal.Texts)) return (DiskStatus.Of(DiskState.Refused, refusal.Plan), declarations);
            if (_files.RolledBack is { } gone && disk.Says(gone)) return (DiskStatus.Of(DiskState.RolledBack), declarations);
            return (DiskStatus.Of(DiskState.Pending, Prepare(null).Plan), declarations);
        }
    }

    /// <summary>Full paths of files that say something else than the newest version, in comments too.</summary>
    public ImmutableArray<string> ChangedFiles()
    {
        lock (_gate)
        {
            Follow();
            var running = _planner.Running.Modules;
            return [.. _disk.Read().Texts.Where(t => !running.TryGetValue(t.Key, out var module) || module.Outline.Source.Text != t.Value.Text).Select(t => t.Key)];
        }
    }

    /// <summary>What a reload would do if some files said what is given.</summary>
    /// <param name="texts">By full path.</param>
    public ReloadPlan Plan(IReadOnlyDictionary<string, string> texts)
    {
        lock (_gate)
        {
            Follow();
            return _planner.Prepare(null, Policy, _files.With(texts)).Plan;
        }
    }

    private void Remember(ReloadReport report) => _refusal = report.Plan.Verdict == Verdict.Rejected ? (report.Plan, _files.Texts) : null;

    private static bool IsSame(ImmutableArray<DeclarationState> declarations) => declarations.All(d => d.State == TextState.Current);
}
