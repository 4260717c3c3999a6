using Kea.Driver.Protocol;
using Kea.Live;

namespace Kea.Cli.Watch;

/// <summary>What <c>kea run --watch</c> waits for.</summary>
internal abstract record WatchEvent
{
    private WatchEvent() { }

    /// <summary>Files that may say something else now.</summary>
    public sealed record FilesChanged(IReadOnlyCollection<string> Paths) : WatchEvent;
    public sealed record LoopMoved(LoopEvent What) : WatchEvent;
    public sealed record ProgramEnded(int Run, int Status) : WatchEvent;
    public sealed record KeyPressed(char Key) : WatchEvent;
    /// <summary>The grace period of a version is over.</summary>
    public sealed record GraceOver(int Version) : WatchEvent;
    /// <summary>Somebody wants to know or to have something done; the result is JSON.</summary>
    public sealed record Asked(Request Request, TaskCompletionSource<Task<string>> Answer) : WatchEvent;
    public sealed record CannotListen(string Why) : WatchEvent;
    public sealed record Quit(int Status) : WatchEvent;
}
