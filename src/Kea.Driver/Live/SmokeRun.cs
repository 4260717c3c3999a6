using System.Collections.Immutable;
using Kea.Live;
using Kea.Mir;
using Kea.Types;

namespace Kea.Driver.Live;

/// <summary>
/// Asks a version's <c>@smoke</c> functions whether it may be published (10.10). They run in a world of their own, which nobody
/// else sees and which is gone afterwards.
/// </summary>
internal static class SmokeRun
{
    /// <summary>A function that has not answered by then will hardly say yes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Why the version is refused (L017), or null.</summary>
    public static AppliedRule? Refusal(CheckedProgram program, ToolchainPaths paths)
    {
        var smokes = AnnotatedFunctions.Of(program, "smoke");
        if (smokes.IsEmpty) return null;
        var current = 0;
        // A function that does not come back cannot be ended, so what it runs in stays for it.
        var asking = Task.Factory.StartNew(() => Ask(program, smokes, paths, at => Volatile.Write(ref current, at)), TaskCreationOptions.LongRunning);
        return asking.Wait(Patience) ? asking.Result : Rules.RefusedBySmoke(smokes[Volatile.Read(ref current)].QualifiedName, $"has not come to an end within {Patience.TotalSeconds:0} s");
    }

    private static AppliedRule? Ask(CheckedProgram program, ImmutableArray<FunctionSymbol> smokes, ToolchainPaths paths, Action<int> begins)
    {
        using var running = RunningProgram.Start(program, new LoweringRoots.Smokes(smokes), paths);
        if (!running.Diagnostics.IsEmpty) return Rules.RefusedBySmoke(smokes[0].QualifiedName, $"cannot be compiled: {running.Diagnostics[0].Message}");
        for (var at = 0; at < smokes.Length; at++)
        {
            begins(at);
            var result = running.Run(at, new RunOptions([]));
            if (result.Status == 0) continue;
            return Rules.RefusedBySmoke(smokes[at].QualifiedName, result switch
            {
                { Message.Length: > 0 } => $"failed: {result.Message}",
                { Status: 1 } => "returned false",
                _ => $"ended with status {result.Status}",
            });
        }
        return null;
    }
}
