using System.Collections.Immutable;

namespace Kea.Mir;

/// <summary>What becomes of state whose type another version of the program defines anew.</summary>
public abstract record MigrationOutcome
{
    private MigrationOutcome() { }

    /// <summary>The memory of the state means the same in both versions: it is carried over as it is.</summary>
    public sealed record Unchanged : MigrationOutcome;

    /// <param name="Program">
    /// The migration's own functions and, before counts, whatever code of the new version they need that has no body yet. The
    /// migration's functions are always among them: their ids come back with the same pair of layouts, their bodies need not.
    /// </param>
    /// <param name="Entry">Takes a box of the old state, owned, and returns a box of the new one, or null when it fails: see <see cref="StateBox"/>.</param>
    /// <param name="Inverse">The same from new to old; null where the migration loses something. It fails for what the old version cannot say.</param>
    /// <param name="CanFail">Whether Entry may return null; it may panic in any case, for memory, stack or a written code_change.</param>
    public sealed record Migration(MirProgram Program, FunctionId Entry, FunctionId? Inverse, bool CanFail, ImmutableArray<MigrationChange> Changes) : MigrationOutcome
    {
        /// <summary>Nothing of the old state is dropped or handed to code that might drop it.</summary>
        public bool IsLossless => Changes.All(c => !c.Loses);
    }

    /// <param name="Rule"><c>L012</c> for a layout that cannot be migrated, <c>L013</c> for a code_change that does not fit it.</param>
    public sealed record Refused(string Rule, ImmutableArray<MigrationObstacle> Obstacles) : MigrationOutcome;
}

/// <summary>How a type reached by the state differs, in a way that a migration handles.</summary>
/// <remarks>
/// Owner is the type that holds the field, as written: <c>Config</c>, or <c>Door.Open</c> for a variant; empty for the state
/// itself. Path says where it was met first: <c>state.servers[].port</c>.
/// </remarks>
public abstract record MigrationChange
{
    private MigrationChange(string owner, string path) => (Owner, Path) = (owner, path);
    public string Owner { get; }
    public string Path { get; }

    /// <summary>A field whose content is gone afterwards.</summary>
    public sealed record Dropped(string Owner, string Path, string Field, string Type) : MigrationChange(Owner, Path);
    /// <param name="Default">The source text of the default, or <c>None</c>.</param>
    public sealed record Added(string Owner, string Path, string Field, string Type, string Default) : MigrationChange(Owner, Path);
    public sealed record Widened(string Owner, string Path, string Field, string From, string To) : MigrationChange(Owner, Path);
    public sealed record Wrapped(string Owner, string Path, string Field, string From, string To) : MigrationChange(Owner, Path);
    public sealed record VariantAdded(string Owner, string Path, string Variant) : MigrationChange(Owner, Path);
    /// <summary>Fields or variants stand in another order.</summary>
    public sealed record Reordered(string Owner, string Path) : MigrationChange(Owner, Path);
    public sealed record CodeChange(string Owner, string Path, string Function) : MigrationChange(Owner, Path);

    public bool Loses => this is Dropped or CodeChange;

    /// <summary>A sentence without a full stop, to stand in a report.</summary>
    public string Sentence => this switch
    {
        Dropped(_, _, var name, var type) => $"field '{name}' of '{Owner}' ({type}) was removed: its content is dropped",
        Added(_, _, var name, var type, var value) => $"field '{name}' of '{Owner}' ({type}) was added: it becomes {value}",
        Widened(_, _, var name, var from, var to) => $"{Subject(name)} was widened from {from} to {to}",
        Wrapped(_, _, var name, var from, var to) => $"{Subject(name)} changed from {from} to {to}: it becomes Some",
        VariantAdded(_, _, var variant) => $"variant '{variant}' of '{Owner}' was added",
        Reordered => $"'{Owner}' was reordered",
        CodeChange(_, _, var function) => $"'{Owner}' is migrated by `{function}`",
    };

    private string Subject(string name) => SubjectOf(Owner, name, Path);

    internal static string SubjectOf(string owner, string field, string path) =>
        (path.EndsWith(']') ? "an element of " : "") + (owner.Length == 0 ? "the state" : $"field '{field}' of '{owner}'");
}

/// <summary>A difference that no migration handles.</summary>
/// <param name="OldType">What runs; empty for what is new.</param>
/// <param name="NewType">What the new version says, or the code_change asks for; empty for what is gone.</param>
/// <param name="Sentence">What is wrong, without a full stop: <c>field 'port' of 'Config' changed from Int to String</c>.</param>
/// <param name="WayOut">What the user can do, to be read after the sentence.</param>
public sealed record MigrationObstacle(string Rule, string Owner, string Path, string Field, string OldType, string NewType, string Sentence, string WayOut);

/// <summary>All differences between two versions of a type, for plans that are shown without migrating anything.</summary>
public sealed record LayoutComparison(bool IsUnchanged, ImmutableArray<MigrationChange> Changes, ImmutableArray<MigrationObstacle> Obstacles);
