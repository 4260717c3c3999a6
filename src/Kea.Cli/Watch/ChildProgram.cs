using System.Diagnostics;

namespace Kea.Cli.Watch;

/// <summary>A program without reload points under <c>--watch</c>: a process of its own, started anew when sources change.</summary>
internal sealed class ChildProgram(string file, IReadOnlyList<string> arguments, Action<int, int> ended) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private Process? _process;
    private Task<int>? _exit;

    /// <param name="run">What its end is reported with.</param>
    public void Start(int run)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        foreach (var argument in (string[])["run", file, .. arguments]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        // One thread asks for the end: .NET tells a second one that it has come before it has the status.
        var exit = Task.Run(() =>
        {
            process.WaitForExit();
            return process.ExitCode;
        });
        exit.ContinueWith(end => ended(run, end.Result), TaskScheduler.Default);
        (_process, _exit) = (process, exit);
    }

    /// <summary>Ends it in its own way if it can within two seconds. The status, or null when nothing ran.</summary>
    public int? Stop()
    {
        if (_process is not { } process || _exit is not { } exit) return null;
        _process = null;
        var hadEnded = exit.IsCompleted;
        if (!hadEnded)
        {
            Kea.Live.Native.Terminate(process.Id);
            if (!exit.Wait(Patience)) process.Kill(entireProcessTree: true);
        }
        var status = exit.Result;
        process.Dispose();
        return hadEnded ? null : status;
    }

    public void Dispose() => Stop();
}
