using System.Collections.Immutable;
using Kea.Source;

namespace Kea.Live;

/// <summary>What comes of a change.</summary>
public enum Verdict
{
    /// <summary>Every text means what it meant.</summary>
    Nothing,
    /// <summary>New code for the next iteration; states stay as they are.</summary>
    Swap,
    SwapWithMigration,
    /// <summary>The program has to start anew to get the new code.</summary>
    Restart,
    /// <summary>Nothing is loaded; the last good code runs on.</summary>
    Rejected,
}

public enum ChangeKind { Changed, Added, Removed }

/// <param name="OldSignature">Both null unless the signature differs.</param>
/// <param name="GainedEffects">Effects that the old row did not have.</param>
public sealed record FunctionChange(string Name, ChangeKind Kind, string? OldSignature, string? NewSignature, ImmutableArray<string> GainedEffects);

/// <param name="Differences">Sentences about fields and variants.</param>
/// <param name="Holders">Who holds values of it now: loops and kept names.</param>
public sealed record LayoutChange(string Type, ImmutableArray<string> Differences, ImmutableArray<string> Holders);

/// <summary>A rule that applies (13.3): which, to what, and what can be done about it.</summary>
/// <param name="WayOut">Empty where nothing is wrong.</param>
public sealed record AppliedRule(string Id, string Symbol, string Message, string WayOut);

/// <summary>What a reload would do, known before anything is loaded.</summary>
public sealed record ReloadPlan(
    Verdict Verdict, ImmutableArray<FunctionChange> Functions, ImmutableArray<LayoutChange> Layouts, ImmutableArray<AppliedRule> Rules, ImmutableArray<Diagnostic> Diagnostics)
{
    public static ReloadPlan Of(Verdict verdict, params ImmutableArray<AppliedRule> rules) => new(verdict, [], [], rules, []);

    public int Count(ChangeKind kind) => Functions.Count(f => f.Kind == kind);
}
