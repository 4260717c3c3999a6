using System.Globalization;
using Kea.Cli.Watch;
using Kea.Driver;
using Kea.Live;
using Kea.Mir;

namespace Kea.Cli;

/// <summary><c>kea run FILE [ARGS]</c> (14.3). The status is the program's own, modulo 256.</summary>
internal static class RunVerb
{
    public static int Execute(RunOptions options, Terminal terminal)
    {
        if (options.Repl && !options.Watch)
        {
            terminal.Say("`--repl` is a prompt into a program under `--watch`; `kea repl` is one by itself");
            return 1;
        }
        if (options.Watch) return WatchVerb.Execute(options, terminal);
        if (Reporting.EntryFile(options.File, terminal) is not { } file) return 1;
        var session = new Session(ToolchainPaths.Find());
        if (Reporting.Runnable(session, file, options, terminal) is not { } program) return 1;
        using var running = RunningProgram.Start(program, new LoweringRoots.Main(), session.Paths);
        if (Reporting.Fails(running.Diagnostics, options, terminal)) return 1;
        var result = running.Run(0, new Live.RunOptions(options.Arguments) { OwnsProcess = true });
        if (options.Stats) PrintStats(running.Times, running.Tiers, terminal);
        running.EndProcessIfOptimising(result.Status & 0xff);
        return result.Status & 0xff;
    }

    private static void PrintStats(RunTimes times, LiveStats live, Terminal terminal)
    {
        Say(terminal, $"lowering {times.LoweringMs:0.0} ms, engine {times.EngineMs:0.0} ms, run with compilations {times.RunMs:0.0} ms");
        Say(terminal, $"first tier: {Text(live.Quick)}");
        Say(terminal, $"optimised: {Text(live.Optimised)}");
        Say(terminal, $"{live.Units} units, {live.Worlds} worlds, {live.Slots} slots, {live.Stubs} stubs");
    }

    private static string Text(TierCount tier) => string.Create(
        CultureInfo.InvariantCulture, $"{tier.Functions} functions in {tier.Units} units, {tier.CodeBytes / 1024.0:0.0} KB of code, {tier.Milliseconds:0.0} ms");

    private static void Say(Terminal terminal, FormattableString text) => terminal.Say(text.ToString(CultureInfo.InvariantCulture));
}
