using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kea.Driver.Live;
using Kea.Live;
using Kea.Source;

namespace Kea.Driver.Status;

/// <summary>What a session has to say about itself: whether what is on disk is what runs, declaration by declaration.</summary>
/// <param name="Protocol">The version of the protocol whose structure this is. Fields are only ever added within a version.</param>
/// <param name="Entry">Full path of the program's entry file.</param>
/// <param name="Folder">The session's working folder.</param>
/// <param name="Last">What came of the last change; null before the first.</param>
/// <param name="Tiers">Null where no program has been loaded.</param>
public sealed record StatusReport(
    int Protocol, string Kea, int Pid, string Entry, string Folder, DateTime Started,
    ProgramStatus Program, DiskStatus Disk, LastReload? Last, TierStatus? Tiers, ImmutableArray<DeclarationState> Declarations)
{
    /// <summary>Whether all that is on disk runs.</summary>
    [JsonIgnore]
    public bool IsCurrent => Disk.State == DiskState.Current && Program.State == ProgramState.Running;

    public string ToJson() => JsonSerializer.Serialize(this, StatusJson.Default.StatusReport);

    /// <summary>A listing of worlds and units, in the same manner.</summary>
    public static string ToJson(LiveListing listing) => JsonSerializer.Serialize(listing, StatusJson.Default.LiveListing);

    public static string ToJson(PurgeReport report) => JsonSerializer.Serialize(report, StatusJson.Default.PurgeReport);

    /// <exception cref="JsonException">It is none.</exception>
    public static StatusReport Parse(JsonElement json) =>
        json.Deserialize(StatusJson.Default.StatusReport) is { Entry: not null, Program: not null, Disk.Rules.IsDefault: false, Declarations.IsDefault: false } report
            ? report : throw new JsonException("not a status");
}

public enum ProgramState
{
    /// <summary>There has been no version without errors yet.</summary>
    Waiting,
    Running,
    Ended,
}

/// <param name="Status">The exit status of a program that has ended.</param>
/// <param name="ChangesInPlace">False for a program without reload points, which is started anew instead.</param>
/// <param name="World">The number of the newest world; null where there is none.</param>
/// <param name="Version">The version that the program's loops run in.</param>
/// <param name="NewestVersion">The version that they get at their next reload points, if it is another one.</param>
public sealed record ProgramStatus(ProgramState State, int? Status, bool ChangesInPlace, int? World, int? Version, int? NewestVersion);

public enum DiskState
{
    /// <summary>All that is on disk runs.</summary>
    Current,
    /// <summary>All that is on disk has been published; the program gets it at its next reload point.</summary>
    Published,
    /// <summary>There is something on disk that has not been tried yet.</summary>
    Pending,
    /// <summary>What is on disk was tried and refused, by the rules that are named.</summary>
    Refused,
    /// <summary>What is on disk ran and was rolled back; it is tried again when it changes.</summary>
    RolledBack,
}

/// <param name="Verdict">Of the plan for what is on disk, as plans name it; null where there is nothing to plan.</param>
/// <param name="Errors">How many errors the text on disk has.</param>
public sealed record DiskStatus(DiskState State, string? Verdict, int Errors, ImmutableArray<RuleStatus> Rules)
{
    public static DiskStatus Of(DiskState state) => new(state, null, 0, []);

    public static DiskStatus Of(DiskState state, ReloadPlan plan) =>
        new(state, PlanJson.NameOf(plan.Verdict), plan.Diagnostics.Count(d => d.Severity == Severity.Error), RuleStatus.Of(plan));
}

/// <summary>A reload rule that applies, as in plans.</summary>
public sealed record RuleStatus(string Rule, string Severity, string? Symbol, string Message, string? Help)
{
    public static ImmutableArray<RuleStatus> Of(ReloadPlan plan) => [.. plan.Rules.Select(r => Of(r, plan.Verdict))];

    public static RuleStatus Of(AppliedRule rule, Verdict verdict) =>
        new(rule.Id, Rules.NameOf(Rules.SeverityOf(rule, verdict)), rule.Symbol.Length > 0 ? rule.Symbol : null, rule.Message, rule.WayOut.Length > 0 ? rule.WayOut : null);
}

public enum ReloadOutcome
{
    /// <summary>There was nothing to do.</summary>
    Nothing,
    /// <summary>The new code runs.</summary>
    Updated,
    /// <summary>The new code is published and waits for a reload point.</summary>
    Published,
    /// <summary>The program was started, with or without one that ran before.</summary>
    Restarted,
    Rejected,
    MigrationFailed,
    /// <summary>New code panicked in its probation.</summary>
    RolledBack,
    /// <summary>Rolled back because somebody asked for it.</summary>
    TakenBack,
}

/// <param name="Milliseconds">From the beginning of the reload until its outcome; 0 where that says nothing.</param>
public sealed record LastReload(ReloadOutcome Outcome, DateTime At, double Milliseconds, ImmutableArray<RuleStatus> Rules)
{
    public static LastReload Nothing => new(ReloadOutcome.Nothing, DateTime.UtcNow, 0, []);

    public string ToJson() => JsonSerializer.Serialize(this, StatusJson.Default.LastReload);
}

/// <summary>What the two tiers have compiled so far, and what there is of it.</summary>
public sealed record TierStatus(int QuickFunctions, long QuickBytes, int OptimisedFunctions, long OptimisedBytes, int Failures, int Units, int Worlds, int Slots, int Stubs)
{
    public static TierStatus Of(LiveStats stats) => new(
        stats.Quick.Functions, stats.Quick.CodeBytes, stats.Optimised.Functions, stats.Optimised.CodeBytes, stats.Failures, stats.Units, stats.Worlds, stats.Slots, stats.Stubs);
}

public enum TextState { Current, Changed, OnlyOnDisk, OnlyRunning }

public sealed record DeclarationState(string Name, DeclarationKind Kind, TextState State, string? Disk, string? Running)
{
    /// <summary>In the order of the names.</summary>
    public static ImmutableArray<DeclarationState> Compare(IEnumerable<DeclarationText> disk, IEnumerable<DeclarationText> running)
    {
        var states = new SortedDictionary<(string, DeclarationKind), (string? Disk, string? Running)>(Comparer<(string Name, DeclarationKind Kind)>.Create(
            (a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and var byName ? byName : a.Kind.CompareTo(b.Kind)));
        foreach (var text in disk) states[(text.Name, text.Kind)] = (text.Hash, null);
        foreach (var text in running) states[(text.Name, text.Kind)] = (states.GetValueOrDefault((text.Name, text.Kind)).Disk, text.Hash);
        return [.. states.Select(s => new DeclarationState(s.Key.Item1, s.Key.Item2, StateOf(s.Value.Disk, s.Value.Running), s.Value.Disk, s.Value.Running))];
    }

    private static TextState StateOf(string? disk, string? running) =>
        running is null ? TextState.OnlyOnDisk : disk is null ? TextState.OnlyRunning : disk == running ? TextState.Current : TextState.Changed;
}

internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters =
[
    typeof(SnakeCase<ProgramState>), typeof(SnakeCase<DiskState>), typeof(SnakeCase<ReloadOutcome>), typeof(SnakeCase<TextState>), typeof(SnakeCase<DeclarationKind>),
    typeof(SnakeCase<WorldHolderKind>), typeof(SnakeCase<UnitHolderKind>),
])]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(LastReload))]
[JsonSerializable(typeof(LiveListing))]
[JsonSerializable(typeof(PurgeReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
