using Kea.Driver;
using Kea.Source;
using Kea.Types;

namespace Kea.Cli;

/// <summary>What the verbs share: finding the entry file, showing diagnostics, deciding whether they fail the command.</summary>
internal static class Reporting
{
    /// <summary>The file to work on. Without one the entry of the nearest manifest would serve; null after saying what is missing.</summary>
    public static string? EntryFile(string? file, Terminal terminal)
    {
        if (file is not null) return file;
        if (ProjectFolder() is not { } folder)
        {
            terminal.Say("no input file provided and no kea.toml found in current directory or ancestors");
            return null;
        }
        if (EntryOf(folder) is { } entry) return entry;
        terminal.Say($"{Path.Combine(folder, "kea.toml")} is there, but no src/main.kea beside it; name the file to use");
        return null;
    }

    /// <summary>The entry of the nearest manifest; null where there is none.</summary>
    public static string? ProjectEntry() => ProjectFolder() is { } folder ? EntryOf(folder) : null;

    private static string? ProjectFolder()
    {
        for (var folder = Environment.CurrentDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "kea.toml"))) return folder;
        return null;
    }

    private static string? EntryOf(string folder) => Path.Combine(folder, "src", "main.kea") is var entry && File.Exists(entry) ? entry : null;

    /// <summary>Checks the program for running or building; null after saying why it cannot be.</summary>
    public static CheckedProgram? Runnable(Session session, string file, CommonOptions options, Terminal terminal)
    {
        var outcome = session.Check(file);
        var diagnostics = outcome.Diagnostics;
        if (outcome is { HasErrors: false, Program: { } program } && NoMain.Problem(program) is { } problem) diagnostics = diagnostics.Add(problem);
        return Fails(diagnostics, options, terminal) ? null : outcome.Program;
    }

    /// <summary>Shows the diagnostics; true when they fail the command.</summary>
    public static bool Fails(IReadOnlyCollection<Diagnostic> diagnostics, CommonOptions options, Terminal terminal)
    {
        var failing = diagnostics.Any(d => d.Severity == Severity.Error || (options.DenyWarnings && d.Severity == Severity.Warning));
        var shown = options.Quiet && !failing ? [] : diagnostics;
        if (shown.Count == 0) return failing;
        if (options.Json)
        {
            foreach (var diagnostic in DiagnosticText.Sorted(shown)) terminal.Error.WriteLine(DiagnosticJson.One(diagnostic));
        }
        else
        {
            var text = new StyledText();
            DiagnosticText.Render(text, shown);
            terminal.Write(text);
        }
        return failing;
    }
}
