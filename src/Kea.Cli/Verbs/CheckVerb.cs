using Kea.Driver;

namespace Kea.Cli;

/// <summary><c>kea check FILE</c> (14.2).</summary>
internal static class CheckVerb
{
    public static int Execute(CheckOptions options, Terminal terminal)
    {
        if (Reporting.EntryFile(options.File, terminal) is not { } file) return 1;
        var outcome = new Session(ToolchainPaths.Find()).Check(file);
        return Reporting.Fails(outcome.Diagnostics, options, terminal) ? 1 : 0;
    }
}
