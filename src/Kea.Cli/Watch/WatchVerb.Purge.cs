using System.Text.Json;
using Kea.Driver;
using Kea.Driver.Live;
using Kea.Driver.Protocol;
using Kea.Driver.Status;
using Kea.Live;

namespace Kea.Cli.Watch;

/// <summary>What stays in older code: told after the grace period (L022), and ended where somebody asks for it.</summary>
internal sealed partial class WatchVerb
{
    /// <summary>Ending a turn takes a moment at most; on a busy machine the moment may be long.</summary>
    private static readonly TimeSpan UntilEnded = TimeSpan.FromSeconds(5);

    /// <summary>How the user can have a turn ended that stays.</summary>
    private string WayToEnd =>
        _prompt is not null ? "`:purge now`" : _keys is { AreTaken: true } ? "the key x" : "the request `purge` with `now` (docs/protocol.md)";

    private void GraceOver(int version)
    {
        if (!_moves.IsOnItsWay(version) || _session is not { } session) return;
        var loops = session.Program.StayingLoops;
        AppliedRule[] rules = loops.IsEmpty
            ? [Rules.StaysInOldWorld(null, _settings.Grace, WayToEnd)]
            : [.. loops.Where(l => !l.IsForGood).Select(l => Rules.StaysInOldWorld(l, _settings.Grace, WayToEnd))];
        foreach (var rule in rules) _report.Rule(rule);
        NoteRules(rules);
    }

    /// <summary>The key: turns that stay in older code are ended.</summary>
    private void SayPurged(LiveSession session)
    {
        foreach (var line in PurgeText.Lines(Purge(session, endsTurns: true), WayToEnd)) _report.Reload(line);
    }

    private string Purge(JsonElement parameters)
    {
        try
        {
            var wanted = parameters.ValueKind == JsonValueKind.Undefined ? null : PurgeParams.Parse(parameters);
            return StatusReport.ToJson(Purge(Loaded(), wanted?.Now ?? false));
        }
        catch (JsonException e)
        {
            throw new ProtocolException(ErrorCode.WrongParameters, $"`purge` takes `now`, true or false: {e.Message}");
        }
    }

    private static PurgeReport Purge(LiveSession session, bool endsTurns) => session.Program.Purge(endsTurns ? UntilEnded : Farewell, endsTurns);
}
