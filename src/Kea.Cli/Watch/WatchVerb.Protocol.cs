using System.Net.Sockets;
using System.Text.Json;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Driver.Protocol;
using Kea.Driver.Status;
using Kea.Live;
using Kea.Repl;

namespace Kea.Cli.Watch;

/// <summary>What others may ask of a program under <c>--watch</c> (docs/protocol.md). Requests are events like any other, so nothing runs beside a reload.</summary>
internal sealed partial class WatchVerb
{
    private readonly List<(int Version, TaskCompletionSource<string> Moved)> _waitForMove = [];
    private LastReload? _last;
    private int? _endedWith;

    /// <summary>The version that loops were in when they were last heard of.</summary>
    private int _loopsVersion;

    private ProtocolServer? Listen()
    {
        try
        {
            var folder = SessionFolder.OfUser();
            // What others have left behind goes away.
            folder.Find();
            return new ProtocolServer(folder, _file, Dispatch.Version, Ask);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or ArgumentException or NotSupportedException)
        {
            _events.Add(new WatchEvent.CannotListen(e.Message.Split('\n')[0]));
            return null;
        }
    }

    private async Task<string> Ask(Request request)
    {
        var asked = new WatchEvent.Asked(request, new TaskCompletionSource<Task<string>>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            _events.Add(asked);
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            throw new ProtocolException(ErrorCode.NotNow, "the session is ending");
        }
        return await (await asked.Answer.Task.ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>A fault of ours in a request is told to who asked, and the program runs on.</summary>
    private void Answer(WatchEvent.Asked asked)
    {
        try
        {
            asked.Answer.SetResult(Answer(asked.Request));
        }
        catch (ProtocolException e)
        {
            asked.Answer.SetException(e);
        }
        catch (Exception e)
        {
            asked.Answer.SetException(new ProtocolException(ErrorCode.Fault, CompilerFault.Apology(e, $"the request `{asked.Request.Method}`")));
        }
    }

    private Task<string> Answer(Request request) => request.Method switch
    {
        "status" => Task.FromResult(Status().ToJson()),
        "plan" => Task.FromResult(Plan(request.Params)),
        "apply" => Apply(),
        "rollback" => RollBack(),
        "purge" => Task.FromResult(Purge(request.Params)),
        "worlds" => Task.FromResult(StatusReport.ToJson(Loaded().Program.List())),
        "version" => Task.FromResult($$"""{"protocol":{{ProtocolVersion.Current}},"kea":"{{Dispatch.Version}}"}"""),
        var other => throw new ProtocolException(ErrorCode.NoSuchMethod, $"there is no request `{other}`; there are status, plan, apply, rollback, purge, worlds and version"),
    };

    private LiveSession Loaded() => _session ?? throw new ProtocolException(ErrorCode.NotNow, "there is no program yet: it waits for sources without errors");

    private StatusReport Status()
    {
        var server = _listening.Result!.File;
        if (_session is not { } session)
        {
            var open = DiskStatus.Of(DiskState.Refused, Broken());
            return new StatusReport(ProtocolVersion.Current, Dispatch.Version, server.Pid, server.Entry, server.Folder, server.Started, new ProgramStatus(ProgramState.Waiting, null, false, null, null, null), open, _last, null, []);
        }
        var newest = session.Program.CurrentVersion;
        var version = _isRunning ? _loopsVersion : newest;
        var (disk, declarations) = session.Compare(version);
        if (_prompt is not null) declarations = ReplSession.WithoutScaffold(declarations);
        var program = new ProgramStatus(
            _endedWith is null ? ProgramState.Running : ProgramState.Ended, _endedWith, session.IsReloadable,
            session.IsReloadable ? session.Program.CurrentWorld : null, session.IsReloadable ? version : null, version != newest ? newest : null);
        return new StatusReport(
            ProtocolVersion.Current, Dispatch.Version, server.Pid, server.Entry, server.Folder, server.Started, program, disk, _last,
            session.IsReloadable ? TierStatus.Of(session.Program.Stats) : null, declarations);
    }

    private string Plan(JsonElement parameters)
    {
        PlanParams? wanted;
        try
        {
            wanted = parameters.ValueKind == JsonValueKind.Undefined ? new PlanParams(null, false) : PlanParams.Parse(parameters);
        }
        catch (JsonException e)
        {
            throw new ProtocolException(ErrorCode.WrongParameters, $"`plan` takes `texts`, an object of paths and texts, and `sources`: {e.Message}");
        }
        var plan = _session is not { } session ? Broken()
            : wanted?.Texts is { } texts ? session.Plan(texts.ToDictionary(t => Path.GetFullPath(t.Key), t => t.Value))
            : session.Plan();
        return PlanJson.Of(plan, wanted?.Sources ?? false);
    }

    private Task<string> Apply()
    {
        var before = _last;
        if (_session is { } session)
        {
            if (session.ChangedFiles() is { IsEmpty: false } changed) FilesChanged(changed);
        }
        else
        {
            Open();
            Note(_session is null ? ReloadOutcome.Rejected : ReloadOutcome.Restarted, 0, []);
        }
        if (_underWay is { } reload) return Moved(reload.Report.Version);
        return Task.FromResult((ReferenceEquals(_last, before) || _last is null ? LastReload.Nothing : _last).ToJson());
    }

    private Task<string> RollBack()
    {
        var session = Loaded();
        if (session.RollBack() is not { } version) throw new ProtocolException(ErrorCode.NotNow, "there is no older version to go back to");
        Note(ReloadOutcome.TakenBack, 0, []);
        return _isRunning && !session.Program.RunningLoops.IsEmpty ? Moved(version) : Task.FromResult(_last!.ToJson());
    }

    /// <summary>What has become of the last change when loops are in a version or have refused to go there, or the grace period is over.</summary>
    private async Task<string> Moved(int version)
    {
        var moved = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var now = _last!.ToJson();
        _waitForMove.Add((version, moved));
        return await Task.WhenAny(moved.Task, Task.Delay(_settings.Grace)).ConfigureAwait(false) == moved.Task ? moved.Task.Result : now;
    }

    private void Note(ReloadOutcome outcome, double milliseconds, IEnumerable<RuleStatus> rules) => _last = new LastReload(outcome, DateTime.UtcNow, milliseconds, [.. rules]);

    /// <summary>Rules that have come to apply since the last change.</summary>
    private void NoteRules(IEnumerable<AppliedRule> rules)
    {
        if (_last is { } last) _last = last with { Rules = last.Rules.AddRange(rules.Select(r => RuleStatus.Of(r, Verdict.Swap))) };
    }

    private void NoteStart(LiveSession session) => (_loopsVersion, _endedWith) = (session.Program.CurrentVersion, null);

    private void NoteReload(ReloadReport report, double milliseconds)
    {
        if (report.Plan.Verdict == Verdict.Nothing) return;
        var outcome = report.Plan.Verdict == Verdict.Restart ? ReloadOutcome.Restarted : report.IsPublished ? ReloadOutcome.Published : ReloadOutcome.Rejected;
        Note(outcome, milliseconds, RuleStatus.Of(report.Plan));
    }

    /// <summary>Nobody has to come to a reload point to get what has been published.</summary>
    private void NoteUpdated(ReloadReport report, double milliseconds)
    {
        _loopsVersion = report.Version;
        Note(ReloadOutcome.Updated, milliseconds, RuleStatus.Of(report.Plan));
    }

    private void NoteMove(LoopEvent what)
    {
        var rules = _last?.Rules ?? [];
        switch (what)
        {
            case LoopEvent.Moved(var version, _):
                _loopsVersion = version;
                if (_underWay is { } reload && reload.Report.Version == version) NoteUpdated(reload.Report, reload.Since.Elapsed.TotalMilliseconds);
                break;
            case LoopEvent.MigrationFailed(_, var message):
                _loopsVersion = _session!.Program.CurrentVersion;
                Note(ReloadOutcome.MigrationFailed, 0, [.. rules, new RuleStatus("L016", "warning", null, message, null)]);
                break;
            case LoopEvent.Refused(_, var message):
                _loopsVersion = _session!.Program.CurrentVersion;
                Note(ReloadOutcome.Rejected, 0, [.. rules, new RuleStatus("L017", "error", null, message, null)]);
                break;
            case LoopEvent.HookFailed: break;
            case LoopEvent.RolledBack(_, var message, _):
                _loopsVersion = _session!.Program.CurrentVersion;
                Note(ReloadOutcome.RolledBack, 0, [.. rules, new RuleStatus("L018", "warning", null, message, null)]);
                break;
            case LoopEvent.Interrupted: break;
            case LoopEvent.OldClosuresHeld(_, var closures): NoteRules(closures.Select(Rules.OldClosuresHeld)); break;
            case LoopEvent.Restored(var version, _):
                _loopsVersion = version;
                Note(ReloadOutcome.TakenBack, 0, []);
                break;
        }
        Release(v => v <= _loopsVersion || what is LoopEvent.MigrationFailed or LoopEvent.Refused or LoopEvent.RolledBack);
    }

    private void NoteEnd(int status)
    {
        _endedWith = status;
        Release(_ => true);
    }

    private void Release(Predicate<int> which)
    {
        foreach (var (version, moved) in _waitForMove)
            if (which(version)) moved.TrySetResult(_last!.ToJson());
        _waitForMove.RemoveAll(w => w.Moved.Task.IsCompleted);
    }

    private ReloadPlan Broken() => ReloadPlan.Of(Verdict.Rejected) with { Diagnostics = [.. _openDiagnostics] };
}
