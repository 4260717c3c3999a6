using System.Diagnostics;

namespace Kea.Cli.Watch;

/// <summary>A program without reload points under <c>--watch</c>: a process of its own, started anew when sources change.</summary>
internal sealed class ChildProgram(string file, IReadOnlyList<string> arguments, Action<int, int> ended) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private Process? _process;

    public bool IsRunning => _process is { HasExited: false };

    /// <param name="run">What its end is reported with.</param>
    public void Start(int run)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        foreach (var argument in (string[])["run", file, .. arguments]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        _process = process;
        _ = Task.Run(() =>
        {
            process.WaitForExit();
            ended(run, process.ExitCode);
        });
    }

    /// <summary>Ends it in its own way if it can within two seconds. The status, or null when nothing ran.</summary>
    public int? Stop()
    {
        if (_process is not { } process) return null;
        _process = null;
        var hadEnded = process.HasExited;
        if (!hadEnded)
        {
            Kea.Live.Native.Terminate(process.Id);
            if (!process.WaitForExit(Patience)) process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        var status = process.ExitCode;
        process.Dispose();
        return hadEnded ? null : status;
    }

    public void Dispose() => Stop();
}
