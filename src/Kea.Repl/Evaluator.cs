using System.Collections.Immutable;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Live;
using Kea.Source;

namespace Kea.Repl;

/// <summary>How an evaluation ended.</summary>
internal abstract record Ending
{
    private Ending() { }
    public sealed record Done : Ending;

    /// <summary>The program is back where it was before the input.</summary>
    public sealed record Panicked : Ending;

    /// <summary>A value could not be migrated; nothing was evaluated.</summary>
    public sealed record NotMigrated(string Message) : Ending;

    /// <summary>The program has ended itself.</summary>
    public sealed record Exited(int Status) : Ending;
}

/// <summary>
/// The running program behind a prompt: one long run whose loop waits between two turns, while the session changes its code
/// for the next. So values live as long as the session, and code changes where inputs meet.
/// </summary>
internal sealed class Evaluator : IDisposable
{
    // A panic always leads back to the code before: that is, to a session without the input.
    private static readonly LiveOptions Options = LiveOptions.T0 with { Tiers = TierOptions.Usual, Probation = TimeSpan.FromDays(20), KeptVersions = 8, KeepsUnreached = true };

    private readonly LiveSession _session;
    private readonly SemaphoreSlim _waits = new(0), _goesOn = new(0);
    private readonly Thread _thread;
    private volatile Ending _ending = new Ending.Done();

    private Evaluator(LiveSession session)
    {
        _session = session;
        session.Program.BetweenTurns = BetweenTurns;
        session.Program.LoopListener = Happened;
        _thread = new Thread(Run) { IsBackground = true, Name = "kea program" };
        _thread.Start();
        _waits.Wait();
    }

    /// <summary>Null with the diagnostics of an entry file that is not right.</summary>
    public static (Evaluator? Evaluator, ImmutableArray<Diagnostic> Diagnostics) Open(ToolchainPaths paths, MemoryFiles files)
    {
        var (session, diagnostics) = LiveSession.Open(paths, files.Path, Options, files);
        return (session is null ? null : new Evaluator(session), diagnostics);
    }

    public LiveProgram Program => _session.Program;

    /// <summary>Publishes what the module says now, if it may be.</summary>
    public ReloadReport Load() => _session.Reload();

    public ReloadPlan Plan() => _session.Plan();

    /// <summary>The next turn, in the newest code.</summary>
    public Ending Turn()
    {
        _ending = new Ending.Done();
        _goesOn.Release();
        _waits.Wait();
        return _ending;
    }

    public void Dispose()
    {
        if (_ending is not Ending.Exited)
        {
            _session.Program.StopAtReloadPoint(0);
            _goesOn.Release();
        }
        _thread.Join();
        _session.Dispose();
        _waits.Dispose();
        _goesOn.Dispose();
    }

    private void Run()
    {
        var status = _session.Run(new RunOptions([])).Status & 0xff;
        _ending = new Ending.Exited(status);
        _waits.Release();
    }

    private void BetweenTurns()
    {
        _waits.Release();
        _goesOn.Wait();
    }

    private void Happened(LoopEvent what)
    {
        switch (what)
        {
            case LoopEvent.RolledBack: _ending = new Ending.Panicked(); break;
            case LoopEvent.MigrationFailed(_, var message): _ending = new Ending.NotMigrated(message); break;
            case LoopEvent.Moved or LoopEvent.Restored: break;
        }
    }
}
