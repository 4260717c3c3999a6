using Kea.Driver;
using Kea.Driver.Live;
using Kea.Live;
using Kea.Repl.Editing;
using Kea.Source;

namespace Kea.Repl;

/// <summary>
/// The program behind <c>kea repl</c>: one long run whose loop waits between two turns, while the session changes its code
/// for the next. So values live as long as the session, and code changes where inputs meet.
/// </summary>
internal sealed class OwnProgram : PromptProgram
{
    // A panic always leads back to the code before: that is, to a session without the input.
    private static readonly LiveOptions Options = LiveOptions.T0 with { Tiers = TierOptions.Usual, Probation = TimeSpan.FromDays(20), KeptVersions = 8 };

    private readonly MemoryFiles _files;
    private readonly Session _checker;
    private readonly LiveSession _session;
    private readonly ProgramTerminal? _errors;
    private readonly SemaphoreSlim _waits = new(0), _goesOn = new(0);
    private readonly Thread _thread;
    private volatile Ending _ending = new Ending.Done();

    /// <param name="path">Where the module would lie, if it were a file: its folder is where modules are looked for.</param>
    /// <param name="said">Takes what the program writes to its error output, by whole lines.</param>
    public OwnProgram(ToolchainPaths paths, string path, string text, Action<string> said)
    {
        _errors = ProgramTerminal.Open(lines =>
        {
            if (lines.Length > 0) said(lines);
        });
        _files = new MemoryFiles(path) { Text = text };
        _checker = new Session(paths, _files);
        var (session, diagnostics) = LiveSession.Open(paths, _files.Path, Options, _files);
        _session = session ?? throw new InvalidOperationException(string.Join("; ", diagnostics.Select(d => d.Message)));
        session.Program.BetweenTurns = BetweenTurns;
        session.Program.LoopListener = Happened;
        _thread = new Thread(Run) { IsBackground = true, Name = "kea program" };
        _thread.Start();
        _waits.Wait();
    }

    public override SourceText? Host => null;
    public override LiveProgram Program => _session.Program;
    public override string Path => _files.Path;

    public override CheckOutcome Check(string text) => With(text, () => _checker.Check(_files.Path));

    public override ReloadPlan Plan(string? text) => With(text ?? _files.Text, () => _session.Plan());

    public override (ReloadPlan Plan, Func<Ending>? Move) Load(string text)
    {
        var before = _files.Text;
        _files.Text = text;
        try
        {
            var report = _session.Reload();
            if (report.Plan.Verdict is Verdict.Rejected or Verdict.Restart) _files.Text = before;
            return (report.Plan, report.IsPublished ? Turn : null);
        }
        catch (CompilerFault)
        {
            _files.Text = before;
            throw;
        }
    }

    public override Prepared Prepare(string text)
    {
        var before = _files.Text;
        var (plan, turn) = Load(text);
        if (turn is not null) return new Prepared(null, turn);
        _files.Text = before;
        return new Prepared(plan, null);
    }

    public override bool RollsBack(IReplOutput output) => false;

    public override void Dispose()
    {
        if (_ending is not Ending.Exited)
        {
            _session.Program.StopAtReloadPoint(0);
            _goesOn.Release();
        }
        _thread.Join();
        _session.Dispose();
        _errors?.Dispose();
        _waits.Dispose();
        _goesOn.Dispose();
    }

    private T With<T>(string text, Func<T> work)
    {
        var before = _files.Text;
        _files.Text = text;
        try
        {
            return work();
        }
        finally
        {
            _files.Text = before;
        }
    }

    /// <summary>The next turn, in the newest code.</summary>
    private Ending Turn()
    {
        _ending = new Ending.Done();
        _goesOn.Release();
        while (!_waits.Wait(InterruptionDelay))
            if (IsInterrupted) Program.Interrupt();
        // As after a panic; interrupting leaves the code alone.
        if (_ending is Ending.Interrupted) _session.RollBack();
        _errors?.Drain();
        return _ending;
    }

    private void Run()
    {
        var status = _session.Run(new RunOptions([]) { ErrorFd = _errors?.File ?? 2 }).Status & 0xff;
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
            case LoopEvent.Interrupted: _ending = new Ending.Interrupted(); break;
            case LoopEvent.Moved or LoopEvent.Restored or LoopEvent.Refused or LoopEvent.HookFailed or LoopEvent.OldClosuresHeld: break;
        }
    }
}
