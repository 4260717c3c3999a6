using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Driver.Protocol;
using Kea.Live;
using Kea.Mir;
using Kea.Source;
using LiveOptions = Kea.Live.LiveOptions;

namespace Kea.Cli.Watch;

/// <summary><c>kea run --watch</c> (14.3.1): one thread takes events one by one; the program runs on its own.</summary>
internal sealed partial class WatchVerb : IDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1), SafeStates = TimeSpan.FromMilliseconds(10);

    private readonly BlockingCollection<WatchEvent> _events = [];
    private readonly WatchReporter _report;
    private readonly MoveReports _moves;
    private readonly Keys? _keys;
    private readonly WatchSettings _settings;
    private readonly RunOptions _options;
    private readonly ToolchainPaths _paths = ToolchainPaths.Find();
    private readonly string _file;
    private readonly SourceWatcher _watcher;
    private readonly Task<ProtocolServer?> _listening;
    private readonly ProgramPrompt? _prompt;
    private readonly IdleCollector _garbage = new();
    private IReadOnlyCollection<string> _files;
    private IReadOnlyCollection<Diagnostic> _openDiagnostics = [];
    private LiveSession? _session;
    private ChildProgram? _child;
    private int _run;
    private bool _isRunning;
    private (ReloadReport Report, Stopwatch Since)? _underWay;
    private int _published;
    private bool _isRejected, _restartsAtEnd;

    private WatchVerb(string file, RunOptions options, WatchSettings settings, Terminal terminal)
    {
        if (options.Repl) _prompt = new ProgramPrompt(() => _session, _paths, file, options, terminal, () => _events.Add(new WatchEvent.Quit(0)));
        else _keys = Keys.OfTerminal(key => _events.Add(new WatchEvent.KeyPressed(key)));
        (_file, _options, _settings, _report) = (file, options, settings, new WatchReporter(options, _prompt?.Terminal ?? terminal));
        _moves = new MoveReports(_report, settings.Probation);
        (_files, _manifest) = ([Path.GetFullPath(file)], Manifest.Of(file));
        _watcher = new SourceWatcher(() => Watched, settings.Debounce, settings.Poll, paths => _events.Add(new WatchEvent.FilesChanged(paths)));
        _listening = Task.Run(Listen);
    }

    public static int Execute(RunOptions options, Terminal terminal)
    {
        if (Reporting.EntryFile(options.File, terminal) is not { } file || WatchSettings.Of(options, terminal) is not { } settings) return 1;
        if (!File.Exists(file))
        {
            terminal.Say($"error[E0901]: cannot find `{file}`");
            return 1;
        }
        using var watch = new WatchVerb(file, options, settings, terminal);
        // Reloads need a deep stack; with the loop on one, none of them changes threads.
        return new DeepStack().Run(watch.Loop);
    }

    public void Dispose()
    {
        _listening.Result?.Dispose();
        _watcher.Dispose();
        _garbage.Dispose();
        _child?.Dispose();
        _prompt?.Dispose();
        _keys?.Dispose();
        _events.Dispose();
    }

    private int Loop()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupted);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupted);
        Open();
        _garbage.Touch();
        _prompt?.Start();
        foreach (var happened in _events.GetConsumingEnumerable())
        {
            if (happened is WatchEvent.Quit(var status))
            {
                // What it has printed goes out when it ends.
                if (_isRunning && _session is { } session) Stop(session, Farewell);
                return status;
            }
            HandleOrKeep(happened);
            _garbage.Touch();
        }
        return 0;
    }

    private void Interrupted(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGINT && _prompt is { } prompt && prompt.Interrupt()) return;
        _events.Add(new WatchEvent.Quit(context.Signal == PosixSignal.SIGINT ? 130 : 143));
    }

    /// <summary>A fault of ours ends what was being done, and not the program: it goes on as it is.</summary>
    private void HandleOrKeep(WatchEvent happened)
    {
        try
        {
            Handle(happened);
        }
        catch (Exception e)
        {
            _report.Fault(e);
            _report.Reload(_session is null ? "waiting for another change" : "running code and state kept");
        }
    }

    private void Handle(WatchEvent happened)
    {
        switch (happened)
        {
            case WatchEvent.FilesChanged(var paths): FilesChanged(paths); break;
            case WatchEvent.LoopMoved(var what): LoopMoved(what); break;
            case WatchEvent.ProgramEnded(var run, var status): Ended(run, status); break;
            case WatchEvent.KeyPressed(var key): Key(key); break;
            case WatchEvent.GraceOver(var version): GraceOver(version); break;
            case WatchEvent.Asked asked: Answer(asked); break;
            case WatchEvent.CannotListen(var why): _report.Watch($"`kea status` and `kea plan` cannot reach this session: {why}"); break;
        }
    }

    /// <summary>Reads the program and starts it; waits for better sources if it cannot.</summary>
    private void Open()
    {
        var (session, diagnostics) = LiveSession.Open(_paths, _file, LiveOptions.T0 with { Tiers = TierOptions.Usual, Probation = _settings.Probation, KeptVersions = _settings.KeepWorlds, SafeStates = SafeStates, TellsOldClosures = true });
        _openDiagnostics = diagnostics;
        _report.Diagnostics(diagnostics);
        if (session is null)
        {
            _report.Watch("waiting for a program without errors");
            _keys?.Take();
            return;
        }
        session.Policy = _settings.Policy;
        _files = session.Files;
        _watcher.Follow();
        _report.Watching(_file, session.Modules);
        (_session, _published, _isRejected) = (session, 0, false);
        session.Program.LoopListener = what =>
        {
            _moves.Take(what);
            _events.Add(new WatchEvent.LoopMoved(what));
        };
        Start();
    }

    private void Start()
    {
        var session = _session!;
        NoteStart(session);
        if (!session.IsReloadable)
        {
            if (_prompt is not null)
            {
                _report.Reload("L007: main has no reload point in its effects, so there is no place for `--repl` to evaluate anything");
                _report.Reload("  = help: let main run its work in Live.loop, or use `kea repl`");
                _events.Add(new WatchEvent.Quit(1));
                return;
            }
            // Another process cannot tell when it begins to read.
            if (session.ReadsInput) _keys?.Give();
            else _keys?.Take();
            _child ??= new ChildProgram(_file, _options.Arguments, (run, status) => _events.Add(new WatchEvent.ProgramEnded(run, status)));
            _child.Start(++_run);
            return;
        }
        session.Program.InputTaken = _keys is { } keys ? keys.Give : null;
        _keys?.Take();
        var number = ++_run;
        _isRunning = true;
        var arguments = new Kea.Live.RunOptions(_options.Arguments);
        if (_prompt is not null) arguments = _prompt.Around(arguments);
        new Thread(() => _events.Add(new WatchEvent.ProgramEnded(number, session.Run(arguments).Status & 0xff))) { IsBackground = true, Name = "kea program" }.Start();
    }

    private void FilesChanged(IReadOnlyCollection<string> paths)
    {
        LookAtManifest();
        paths = [.. paths.Where(p => !Manifest.IsOne(p))];
        if (paths.Count == 0) return;
        if (_session is not { } session)
        {
            Open();
            return;
        }
        var own = paths.Where(_files.Contains).ToArray();
        // A path that is not the program's own may be a module that it was missing, or a folder.
        // Nor is what was typed at a prompt in any file: then all files are compared, and what they say counts.
        var reports = new ReloadReports(_report, _moves, [.. own.Select(p => Path.GetRelativePath(Environment.CurrentDirectory, p))]);
        var report = session.Reload(own.Length == paths.Count && _prompt is null ? own : null, reports);
        NoteReload(report, reports.Since.Elapsed.TotalMilliseconds);
        _files = session.Files;
        _watcher.Follow();
        var wasRejected = _isRejected;
        _isRejected = report.Plan.Verdict == Verdict.Rejected;
        if (report.IsPublished) Published(session, report, reports.Since);
        else if (report.Plan.Verdict != Verdict.Nothing || !wasRejected) reports.Kept(report.Plan);
        else _report.Reload("the sources say again what runs");
        SayPolicy(session, report.Plan);
        if (report.Plan.Verdict == Verdict.Restart) Restart();
    }

    private void Published(LiveSession session, ReloadReport report, Stopwatch since)
    {
        _published = report.Version;
        if (!_isRunning || session.Program.RunningLoops.IsEmpty)
        {
            _moves.Arrived(report.Version);
            NoteUpdated(report, since.Elapsed.TotalMilliseconds);
            if (!_isRunning) Start();
            return;
        }
        _underWay = (report, since);
        _ = Task.Delay(_settings.Grace).ContinueWith(_ => _events.Add(new WatchEvent.GraceOver(report.Version)), TaskScheduler.Default);
    }

    private void LoopMoved(LoopEvent what)
    {
        NoteMove(what);
        if (what is LoopEvent.HookFailed or LoopEvent.Interrupted or LoopEvent.OldClosuresHeld) return;
        if (what is not LoopEvent.Moved(var moved, _) || moved == _underWay?.Report.Version) _underWay = null;
        int? failed = what switch
        {
            LoopEvent.MigrationFailed(var version, _) => version,
            LoopEvent.Refused(var version, _) => version,
            LoopEvent.RolledBack(var version, _, _) => version,
            LoopEvent.Moved or LoopEvent.HookFailed or LoopEvent.Interrupted or LoopEvent.OldClosuresHeld or LoopEvent.Restored => null,
        };
        // What was saved after it has gone with it, and has not been tried by itself.
        if (failed < _published) FilesChanged(_files);
    }

    private void Ended(int run, int status)
    {
        if (run != _run) return;
        _isRunning = false;
        _keys?.Take();
        _underWay = null;
        _moves.Forget();
        NoteEnd(status);
        if (_restartsAtEnd)
        {
            _restartsAtEnd = false;
            Restart();
            return;
        }
        _report.Watch($"program ended with status {status}; waiting for changes");
    }

    private void Key(char key)
    {
        switch (key)
        {
            case 'q': _events.Add(new WatchEvent.Quit(0)); break;
            case 'r': Restart(); break;
            case 'b':
                if (_session?.RollBack() is null) _report.Reload("there is no older version to go back to");
                break;
            case 'x' when _session is { } session: SayPurged(session); break;
            case 'p' when _session is { } session:
                _report.Reload(PlanText.Of(session.Plan()));
                break;
        }
    }

    /// <summary>A fresh process for programs without reload points; others end at their next reload point and begin anew.</summary>
    private void Restart()
    {
        if (_child is { } child)
        {
            // What it reports about its end from now on is said here.
            _run++;
            if (child.Stop() is { } status) _report.Watch($"program ended with status {status}");
            _child = null;
        }
        if (_session is { } session)
        {
            if (_isRunning && !Stop(session, _settings.Grace))
            {
                _report.Watch("the program does not come to its end; it is started anew as soon as it does");
                _restartsAtEnd = true;
                return;
            }
            session.Dispose();
            _session = null;
        }
        _report.Watch("starting anew");
        Open();
    }

    /// <summary>Lets the program come to its next reload point for half of the time, then ends what it is doing.</summary>
    private bool Stop(LiveSession session, TimeSpan patience)
    {
        session.Program.StopAtReloadPoint(0);
        var later = new List<WatchEvent>();
        var stopped = Ends(patience / 2, later);
        if (!stopped)
        {
            session.Program.Interrupt();
            // That takes a moment at most; on a busy machine the moment may be long.
            stopped = Ends(patience / 2 > Farewell ? patience / 2 : Farewell, later);
        }
        foreach (var other in later) _events.Add(other);
        _isRunning = !stopped;
        return stopped;
    }

    /// <summary>Waits for the end of the program, and keeps what happens besides for later.</summary>
    private bool Ends(TimeSpan patience, List<WatchEvent> later)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < patience;)
        {
            if (!_events.TryTake(out var next, TimeSpan.FromMilliseconds(50))) continue;
            if (next is WatchEvent.ProgramEnded(var run, _) && run == _run) return true;
            later.Add(next);
        }
        return false;
    }
}
