using System.Globalization;
using Kea.Driver.Status;

namespace Kea.Driver;

/// <summary>A status for people: the program, what is on disk, then the declarations that differ.</summary>
public static class StatusText
{
    /// <param name="all">Whether the declarations that are the same are listed too.</param>
    public static void Render(StyledText text, StatusReport status, bool all)
    {
        text.Add(ModulePaths.Shown(status.Entry), TextRole.Title).Line($" (pid {status.Pid}, since {LocalTime(status.Started)})", TextRole.Muted);
        text.Line($"  program: {Program(status.Program)}");
        Disk(text, status.Disk);
        if (status.Last is { } last) text.Line($"  last change: {Last(last)}");
        if (status.Tiers is { } tiers) text.Line($"  code: {Tiers(tiers)}", TextRole.Muted);
        Declarations(text, status, all);
    }

    /// <summary>One line, for a list of several.</summary>
    public static void RenderLine(StyledText text, StatusReport status) =>
        text.Add(ModulePaths.Shown(status.Entry), TextRole.Title).Line($" (pid {status.Pid}, since {LocalTime(status.Started)}): {Program(status.Program)}; {DiskSentence(status.Disk)}");

    private static string Program(ProgramStatus program) => program switch
    {
        { State: ProgramState.Waiting } => "none yet: it waits for sources without errors",
        { State: ProgramState.Ended } => $"ended with status {program.Status}; it starts again when its sources change",
        { ChangesInPlace: false } => "running; it has no reload points, so a change starts it anew",
        { NewestVersion: { } newest } => $"running in version {program.Version}, while version {newest} waits for its next reload point (world {program.World})",
        _ => $"running in version {program.Version} (world {program.World})",
    };

    private static void Disk(StyledText text, DiskStatus disk)
    {
        text.Add("  on disk: ").Line(DiskSentence(disk), disk.State switch
        {
            DiskState.Current => TextRole.Info,
            DiskState.Published or DiskState.Pending => TextRole.Warning,
            DiskState.Refused or DiskState.RolledBack => TextRole.Error,
        });
        if (disk.Errors > 0) text.Line($"    {Count(disk.Errors, "error")}; `kea plan` shows {(disk.Errors == 1 ? "it" : "them")}");
        foreach (var rule in disk.Rules) Rule(text, rule);
    }

    private static void Rule(StyledText text, RuleStatus rule)
    {
        if (rule.Rule == "L001") return;
        text.Add($"    {rule.Severity}[{rule.Rule}]", rule.Severity == "error" ? TextRole.Error : TextRole.Warning).Line($": {rule.Message}");
        if (rule.Help is { } help) text.Add("      = help: ", TextRole.Muted).Line(help);
    }

    private static string DiskSentence(DiskStatus disk) => disk.State switch
    {
        DiskState.Current => "all that is on disk runs",
        DiskState.Published => "all that is on disk is published and runs from the next reload point on",
        DiskState.Pending => "there are changes that have not been taken up",
        DiskState.Refused => $"the changes were refused{Because(disk)}",
        DiskState.RolledBack => "the changes ran and were rolled back; they are tried again when the sources change",
    };

    private static string Because(DiskStatus disk)
    {
        var rules = disk.Rules.Where(r => r.Severity == "error").Select(r => r.Rule).Distinct().ToArray();
        return rules.Length > 0 ? $" by {string.Join(", ", rules)}" : "";
    }

    private static string Last(LastReload last)
    {
        var outcome = last.Outcome switch
        {
            ReloadOutcome.Nothing => "nothing to do",
            ReloadOutcome.Updated => "updated",
            ReloadOutcome.Published => "published, waiting for a reload point",
            ReloadOutcome.Restarted => "started anew",
            ReloadOutcome.Rejected => "rejected",
            ReloadOutcome.MigrationFailed => "the migration of the state failed",
            ReloadOutcome.RolledBack => "rolled back after a panic",
            ReloadOutcome.TakenBack => "rolled back by hand",
        };
        var rules = last.Rules.Where(r => r.Severity != "note").Select(r => r.Rule).Distinct().ToArray();
        var time = last.Milliseconds > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({last.Milliseconds:0.#} ms)") : "";
        return $"{outcome}{(rules.Length > 0 ? $" by {string.Join(", ", rules)}" : "")}{time} at {LocalTime(last.At)}";
    }

    private static string Tiers(TierStatus tiers) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tiers.QuickFunctions} functions compiled quickly ({tiers.QuickBytes / 1024.0:0.0} KB), {tiers.OptimisedFunctions} optimised ({tiers.OptimisedBytes / 1024.0:0.0} KB); {Count(tiers.Units, "unit")}, {Count(tiers.Worlds, "world")}, {Count(tiers.Slots, "slot")}");

    private static void Declarations(StyledText text, StatusReport status, bool all)
    {
        var shown = status.Declarations.Where(d => all || d.State != TextState.Current).ToArray();
        foreach (var declaration in shown)
        {
            var role = declaration.State == TextState.Current ? TextRole.Muted : TextRole.Accent;
            text.Add($"  {StateOf(declaration.State),-13}", role).Add(declaration.Name);
            text.Line($"  {Hashes(declaration)}", TextRole.Muted);
        }
        var same = status.Declarations.Length - shown.Length;
        if (same > 0) text.Line($"  {same} declaration{(same == 1 ? " is" : "s are")} the same on disk and in the program", TextRole.Muted);
    }

    private static string Hashes(DeclarationState declaration) => declaration switch
    {
        { State: TextState.Current } => declaration.Disk!,
        { Disk: { } disk, Running: { } running } => $"{disk} on disk, {running} running",
        { Disk: { } disk } => disk,
        _ => declaration.Running!,
    };

    private static string StateOf(TextState state) => state switch
    {
        TextState.Current => "current",
        TextState.Changed => "changed",
        TextState.OnlyOnDisk => "only on disk",
        TextState.OnlyRunning => "only running",
    };

    private static string LocalTime(DateTime at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
